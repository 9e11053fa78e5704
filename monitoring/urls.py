from django.urls import path, re_path

from monitoring.views import assessments, decisions, evidence, home, indicators, proposals, reports, values

app_name = "monitoring"

urlpatterns = [
    path("", home.home, name="home"),
    path("indicators/", indicators.IndicatorsView.as_view(), name="indicators"),
    path("indicators/refresh/", indicators.RefreshView.as_view(), name="refresh"),
    path("indicators/acceptance/", values.AcceptanceView.as_view(), name="acceptance"),
    path("indicators/<slug:code>/", indicators.IndicatorView.as_view(), name="indicator"),
    path("indicators/<slug:code>/records/", indicators.RecordsView.as_view(), name="records"),
    path("indicators/<slug:code>/value/", values.ValueView.as_view(), name="value"),
    path("values/<int:pk>/acceptance/", values.ValueAcceptanceView.as_view(), name="value-acceptance"),
    re_path(
        r"^(?P<kind>value|decision)s/(?P<pk>\d{1,18})/evidence/new/$",
        evidence.EvidenceNewView.as_view(),
        name="evidence-new",
    ),
    path("evidence/<int:pk>/", evidence.EvidenceView.as_view(), name="evidence"),
    path("evidence/<int:pk>/removal/", evidence.EvidenceRemovalView.as_view(), name="evidence-removal"),
    path("assessments/", assessments.AssessmentsView.as_view(), name="assessments"),
    path("assessments/new/", assessments.AssessmentNewView.as_view(), name="assessment-new"),
    path("assessments/<int:pk>/", assessments.AssessmentView.as_view(), name="assessment"),
    path(
        "assessments/<int:pk>/scores/<int:row>/<int:column>/", assessments.ScoreView.as_view(), name="score"
    ),
    path(
        "assessments/<int:pk>/scores/<int:row>/<int:column>/proposals/",
        proposals.ProposalsView.as_view(),
        name="proposals",
    ),
    path(
        "assessments/<int:pk>/scores/<int:row>/<int:column>/proposals/acceptance/",
        proposals.AcceptanceView.as_view(),
        name="proposal-acceptance",
    ),
    path(
        "assessments/<int:pk>/scores/<int:row>/<int:column>/proposals/refusal/",
        proposals.RefusalView.as_view(),
        name="proposal-refusal",
    ),
    path(
        "assessments/<int:pk>/scores/<int:row>/<int:column>/proposals/return/",
        proposals.ReturnView.as_view(),
        name="proposal-return",
    ),
    path(
        "assessments/<int:pk>/acceptance/",
        assessments.AssessmentAcceptanceView.as_view(),
        name="assessment-acceptance",
    ),
    path("assessments/<int:pk>/dossier/", assessments.DossierView.as_view(), name="dossier"),
    path("decisions/", decisions.DecisionsView.as_view(), name="decisions"),
    path("decisions/new/", decisions.DecisionNewView.as_view(), name="decision-new"),
    path("decisions/<int:pk>/", decisions.DecisionView.as_view(), name="decision"),
    path("decisions/<int:pk>/edit/", decisions.DecisionEditView.as_view(), name="decision-edit"),
    path(
        "decisions/<int:pk>/assignment/",
        decisions.DecisionAssignmentView.as_view(),
        name="decision-assignment",
    ),
    path(
        "decisions/<int:pk>/completion/",
        decisions.DecisionCompletionView.as_view(),
        name="decision-completion",
    ),
    path("decisions/<int:pk>/return/", decisions.DecisionReturnView.as_view(), name="decision-return"),
    path("decisions/<int:pk>/check/", decisions.DecisionCheckView.as_view(), name="decision-check"),
    path(
        "decisions/<int:pk>/cancellation/",
        decisions.DecisionCancellationView.as_view(),
        name="decision-cancellation",
    ),
    path("reports/", reports.ReportsView.as_view(), name="reports"),
    path("reports/new/", reports.ReportNewView.as_view(), name="report-new"),
    path("reports/<int:pk>/", reports.ReportView.as_view(), name="report"),
    path("reports/<int:pk>/texts/", reports.ReportTextsView.as_view(), name="report-texts"),
    path("reports/<int:pk>/rebuild/", reports.ReportRebuildView.as_view(), name="report-rebuild"),
    path("reports/<int:pk>/acceptance/", reports.ReportAcceptanceView.as_view(), name="report-acceptance"),
    path("reports/<int:pk>/files/<slug:format>/", reports.ReportFileView.as_view(), name="report-file"),
]
