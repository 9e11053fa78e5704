from django.urls import path

from core.views import jobs, uploads
from core.views.gallery import gallery
from core.views.look import look

app_name = "core"

urlpatterns = [
    path("view/", look, name="look"),
    path("gallery/", gallery, name="gallery"),
    path("jobs/<uuid:pk>/", jobs.JobPage.as_view(), name="job"),
    path("jobs/<uuid:pk>/retry/", jobs.retry, name="job-retry"),
    path("imports/<uuid:pk>/", uploads.UploadPage.as_view(), name="upload"),
    path("imports/<uuid:pk>/mapping/", uploads.MappingPage.as_view(), name="upload-mapping"),
    path("imports/<uuid:pk>/corrections/", uploads.CorrectionsPage.as_view(), name="upload-corrections"),
    path("imports/<uuid:pk>/confirmation/", uploads.ConfirmationPage.as_view(), name="upload-confirmation"),
    path("imports/<uuid:pk>/report/", uploads.ReportPage.as_view(), name="upload-report"),
    path("imports/<uuid:pk>/removal/", uploads.RemovalPage.as_view(), name="upload-removal"),
]
