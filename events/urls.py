from django.urls import include, path, re_path

from events.views import events, keeping, participants, programme, signing, steps

app_name = "events"

_ITEM = r"^(?P<event>\d{1,18})/(?P<kind>parts|speakers|materials)/"

urlpatterns = [
    path("", events.EventListView.as_view(), name="events"),
    path("", include("events.plan_urls")),
    path("", include("events.attendance_urls")),
    path("", include("events.feed_urls")),
    path("new/", keeping.EventNewView.as_view(), name="new"),
    path("<int:pk>/", events.EventView.as_view(), name="event"),
    path("<int:pk>/edit/", keeping.EventEditView.as_view(), name="edit"),
    path("<int:pk>/clone/", keeping.EventCloneView.as_view(), name="clone"),
    path("<int:pk>/announcement/", steps.AnnouncementView.as_view(), name="announcement"),
    path("<int:pk>/opening/", steps.OpeningView.as_view(), name="opening"),
    path("<int:pk>/move/", steps.MoveView.as_view(), name="move"),
    path("<int:pk>/cancellation/", steps.CancellationView.as_view(), name="cancellation"),
    path("<int:pk>/report/", steps.ReportView.as_view(), name="report"),
    path("<int:pk>/registration/", signing.RegistrationView.as_view(), name="registration"),
    path("<int:pk>/registration/staff/", signing.StaffRegistrationView.as_view(), name="registration-staff"),
    path(
        "<int:pk>/registration/series/", signing.SeriesRegistrationView.as_view(), name="registration-series"
    ),
    path("<int:pk>/participants/", participants.ParticipantsView.as_view(), name="participants"),
    path("<int:pk>/programme/", programme.ProgrammeView.as_view(), name="programme"),
    re_path(rf"{_ITEM}new/$", programme.ItemFormView.as_view(), name="item-new"),
    re_path(rf"{_ITEM}(?P<pk>\d{{1,18}})/edit/$", programme.ItemFormView.as_view(), name="item-edit"),
    re_path(
        rf"{_ITEM}(?P<pk>\d{{1,18}})/removal/$", programme.ItemRemovalView.as_view(), name="item-removal"
    ),
    path("materials/<int:pk>/file/", events.MaterialFileView.as_view(), name="material"),
    path("registrations/<int:pk>/withdrawal/", signing.WithdrawalView.as_view(), name="withdrawal"),
    path("registrations/<int:pk>/acceptance/", signing.AcceptanceView.as_view(), name="acceptance"),
    path("registrations/<int:pk>/removal/", signing.RemovalView.as_view(), name="removal"),
]
