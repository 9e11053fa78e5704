"""Addresses of the app."""

from django.urls import path, re_path

from diagnostics.views import (
    answering,
    answers_import,
    calls,
    campaign_acts,
    campaigns,
    editor,
    feedback,
    findings,
    home,
    map,
    mine,
    other_answers,
    participants,
    questionnaires,
    support,
)

app_name = "diagnostics"

ACTS = "up|down|deletion"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("mine/", mine.Mine.as_view(), name="mine"),
    path("mine/<int:pk>/", mine.MineStart.as_view(), name="mine-start"),
    path("responses/<uuid:pk>/", mine.ResponseCard.as_view(), name="response"),
    path("questionnaires/", questionnaires.QuestionnaireList.as_view(), name="questionnaires"),
    path("questionnaires/new/", questionnaires.QuestionnaireNew.as_view(), name="questionnaire-new"),
    path("questionnaires/import/", questionnaires.QuestionnaireImport.as_view(), name="questionnaire-import"),
    path("questionnaires/<int:pk>/", questionnaires.QuestionnaireCard.as_view(), name="questionnaire"),
    path("questionnaires/<int:pk>/edit/", editor.HeadEdit.as_view(), name="questionnaire-edit"),
    path("questionnaires/<int:pk>/preview/", questionnaires.preview, name="questionnaire-preview"),
    path("questionnaires/<int:pk>/export/", questionnaires.export, name="questionnaire-export"),
    path(
        "questionnaires/<int:pk>/copy/", questionnaires.QuestionnaireCopy.as_view(), name="questionnaire-copy"
    ),
    path(
        "questionnaires/<int:pk>/publication/",
        questionnaires.QuestionnairePublication.as_view(),
        name="questionnaire-publication",
    ),
    path(
        "questionnaires/<int:pk>/archive/",
        questionnaires.QuestionnaireArchive.as_view(),
        name="questionnaire-archive",
    ),
    path(
        "questionnaires/<int:pk>/deletion/",
        questionnaires.QuestionnaireDeletion.as_view(),
        name="questionnaire-deletion",
    ),
    path(
        "questionnaires/<int:questionnaire>/sections/new/",
        editor.SectionEdit.as_view(),
        name="section-new",
    ),
    path("sections/<int:pk>/", editor.SectionEdit.as_view(), name="section"),
    path("sections/<int:section>/items/new/", editor.ItemEdit.as_view(), name="item-new"),
    path("items/<int:pk>/", editor.ItemEdit.as_view(), name="item"),
    re_path(
        rf"^(?P<part>sections|items)/(?P<pk>[0-9]+)/(?P<act>{ACTS})/$",
        editor.PartAct.as_view(),
        name="part-act",
    ),
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaigns"),
    path("campaigns/new/", campaigns.CampaignNew.as_view(), name="campaign-new"),
    path("campaigns/<int:pk>/", campaigns.CampaignCard.as_view(), name="campaign"),
    path("campaigns/<int:pk>/edit/", campaigns.CampaignEdit.as_view(), name="campaign-edit"),
    path("campaigns/<int:pk>/launch/", campaign_acts.CampaignLaunch.as_view(), name="campaign-launch"),
    path("campaigns/<int:pk>/reminder/", campaign_acts.CampaignReminder.as_view(), name="campaign-reminder"),
    path("campaigns/<int:pk>/closing/", campaign_acts.CampaignClosing.as_view(), name="campaign-closing"),
    path("campaigns/<int:pk>/deletion/", campaign_acts.CampaignDeletion.as_view(), name="campaign-deletion"),
    path(
        "campaigns/<int:pk>/participants/new/", participants.Participants.as_view(), name="participants-new"
    ),
    path("campaigns/<int:pk>/links/", participants.LinkPlaces.as_view(), name="links"),
    path(
        "campaigns/<int:pk>/links/<int:organisation>/", participants.PrintLinks.as_view(), name="links-print"
    ),
    path("campaigns/<int:pk>/responses/", mine.Responses.as_view(), name="responses"),
    path("s/<str:token>/", answering.Intro.as_view(), name="answer"),
    path("s/<str:token>/about/", answering.About.as_view(), name="answer-about"),
    path("s/<str:token>/topics/<int:number>/", answering.Topic.as_view(), name="answer-topic"),
    path("s/<str:token>/check/", answering.Check.as_view(), name="answer-check"),
    path("s/<str:token>/thanks/", answering.Thanks.as_view(), name="answer-thanks"),
    path("campaigns/<int:pk>/import/", answers_import.AnswersImportPage.as_view(), name="answers-import"),
    path("campaigns/<int:pk>/answers/", other_answers.OtherAnswersPage.as_view(), name="other-answers"),
    path("campaigns/<int:pk>/map/", map.MapView.as_view(), name="map"),
    path("campaigns/<int:pk>/map/<int:direction>/", map.DirectionView.as_view(), name="map-direction"),
    path(
        "campaigns/<int:pk>/map/<int:direction>/finding/",
        findings.FindingNewView.as_view(),
        name="finding-new",
    ),
    path("events/<int:pk>/feedback/new/", feedback.FeedbackNew.as_view(), name="feedback-new"),
    path("feedback/<int:pk>/", feedback.FeedbackCard.as_view(), name="feedback"),
    path("feedback/<int:pk>/edit/", feedback.FeedbackEdit.as_view(), name="feedback-edit"),
    path("feedback/<int:pk>/closing/", feedback.FeedbackClosing.as_view(), name="feedback-closing"),
    path("feedback/<int:pk>/deletion/", feedback.FeedbackDeletion.as_view(), name="feedback-deletion"),
    path("feedback/words/<int:pk>/hiding/", feedback.WordsHiding.as_view(), name="feedback-words-hiding"),
    path("findings/", findings.FindingsView.as_view(), name="findings"),
    path("findings/<int:pk>/", findings.FindingView.as_view(), name="finding"),
    path("findings/<int:pk>/edit/", findings.FindingEditView.as_view(), name="finding-edit"),
    path("findings/<int:pk>/support/", support.SupportView.as_view(), name="support"),
    path("findings/<int:finding>/measures/new/", findings.MeasureNewView.as_view(), name="measure-new"),
    path("findings/<int:finding>/measures/<int:pk>/", findings.MeasureEditView.as_view(), name="measure"),
    path("findings/<int:finding>/measures/<int:pk>/invitation/", calls.CallView.as_view(), name="call"),
]
