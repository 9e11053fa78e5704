"""Addresses of applications, below `/communities/applications/`."""

from django.urls import path

from communities.views import application_card as card
from communities.views import application_members as members
from communities.views import application_participation as participation
from communities.views import application_review as review
from communities.views import application_steps as steps
from communities.views import applications

urlpatterns = [
    path("", applications.ApplicationsView.as_view(), name="applications"),
    path("new/", applications.ApplicationNewView.as_view(), name="application-new"),
    path("<int:pk>/", card.ApplicationView.as_view(), name="application"),
    path("<int:pk>/edit/", applications.ApplicationEditView.as_view(), name="application-edit"),
    path("<int:pk>/members/", members.ApplicationMembersView.as_view(), name="application-members"),
    path("<int:pk>/submission/", steps.SubmissionView.as_view(), name="application-submission"),
    path("<int:pk>/withdrawal/", steps.WithdrawalView.as_view(), name="application-withdrawal"),
    path(
        "<int:pk>/participation/", participation.ParticipationView.as_view(), name="application-participation"
    ),
    path("<int:pk>/review/", review.ReviewView.as_view(), name="application-review"),
    path("<int:pk>/opinions/", review.OpinionsView.as_view(), name="application-opinions"),
    path("<int:pk>/opinion/", review.OpinionView.as_view(), name="application-opinion"),
    path("<int:pk>/conclusion/", review.ConclusionView.as_view(), name="application-conclusion"),
    path("<int:pk>/return/", steps.ReturnView.as_view(), name="application-return"),
    path("<int:pk>/decision/", review.DecisionView.as_view(), name="application-decision"),
    path("<int:pk>/rejection/", steps.RejectionView.as_view(), name="application-rejection"),
]
