"""Addresses of attendance and certificates, below /events/."""

from django.urls import path

from events.views import attendance, certificates, webinar_log

urlpatterns = [
    path("<int:pk>/attendance/", attendance.AttendanceView.as_view(), name="attendance"),
    path("<int:pk>/attendance/walk-in/", attendance.WalkInView.as_view(), name="walk-in"),
    path("<int:pk>/attendance/door/", attendance.DoorView.as_view(), name="door"),
    path("<int:pk>/attendance/import/", webinar_log.WebinarLogView.as_view(), name="webinar-log"),
    path("<int:pk>/certificates/", certificates.CertificatesView.as_view(), name="certificates"),
    path("here/", attendance.HereCodeView.as_view(), name="here-code"),
    path("here/<str:token>/", attendance.HereView.as_view(), name="here"),
    path("certificates/<slug:code>/", certificates.CertificateView.as_view(), name="certificate"),
    path(
        "certificates/<slug:code>/file/", certificates.CertificateFileView.as_view(), name="certificate-file"
    ),
    path(
        "certificates/<slug:code>/revocation/",
        certificates.RevocationView.as_view(),
        name="certificate-revocation",
    ),
    path("certificates/<slug:code>/reissue/", certificates.ReissueView.as_view(), name="certificate-reissue"),
]
