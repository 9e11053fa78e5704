"""Indicators of diagnostics: who was asked, and what answers the difficulties found."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from diagnostics.models import Audience, Campaign, Finding, Invitation, Response, SupportMeasure
from monitoring.computed.organisations import educational
from monitoring.computed.people import PeopleRule
from monitoring.computed.rule import Condition, Rule, Scope
from network.models import Organisation


def surveys(scope: Scope) -> QuerySet[Campaign]:
    """Surveys of teachers launched in the school year."""
    return (
        Campaign.objects.surveys()
        .filter(
            municipality=scope.municipality,
            questionnaire__audience=Audience.TEACHERS,
            opens_on__range=(scope.year.starts_on, scope.year.ends_on),
        )
        .exclude(state=Campaign.State.DRAFT)
    )


class SurveysHeld(Rule):
    """Surveys of professional difficulties launched in the school year."""

    name = "surveys_held"
    organisation_path = ""
    is_share = False
    columns = [
        ("Опрос", "title"),
        ("Открыт", "opens_on"),
        ("Закрыт", "closes_on"),
        ("Состояние", "get_state_display"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        return surveys(scope)

    def record_model(self) -> type[Campaign]:
        return Campaign


class DiagnosedTeachers(PeopleRule):
    """Teachers who took part in a survey of the year.

    An invitation knows that a person took part, not what was answered; the names are not listed all the same,
    because a survey may be anonymous.
    """

    name = "diagnosed_teachers"
    by_groups = True

    def part(self, scope: Scope) -> Condition:
        took_part = Invitation.objects.filter(
            person=OuterRef("person"), participated=True, campaign__in=surveys(scope)
        )
        return Q(Exists(took_part))


class SurveyedOrganisations(Rule):
    """Educational organisations from which at least one answer came."""

    name = "surveyed_organisations"
    organisation_path = "pk"
    columns = [("Организация", "short_name"), ("Вид", "get_kind_display")]

    def base(self, scope: Scope) -> QuerySet:
        return educational(scope)

    def part(self, scope: Scope) -> Condition:
        asked = surveys(scope)
        answers = Response.objects.filter(organisation=OuterRef("pk"), campaign__in=asked)
        seats = Invitation.objects.filter(organisation=OuterRef("pk"), participated=True, campaign__in=asked)
        return Q(Exists(answers)) | Q(Exists(seats))

    def record_model(self) -> type[Organisation]:
        return Organisation


class AnsweredFindings(Rule):
    """Findings of the year which at least one support measure answers; one that came to nothing does not."""

    name = "answered_findings"
    columns = [("Затруднение", "direction"), ("Вывод", "note"), ("Записан", "created_at")]

    def base(self, scope: Scope) -> QuerySet:
        return Finding.objects.filter(municipality=scope.municipality, year=scope.year.start)

    def part(self, scope: Scope) -> Condition:
        return Q(Exists(SupportMeasure.objects.standing().filter(finding=OuterRef("pk"))))

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("direction")

    def record_model(self) -> type[Finding]:
        return Finding


class SupportedFindings(AnsweredFindings):
    """Findings of the year on which at least one support measure was carried out."""

    name = "supported_findings"

    def part(self, scope: Scope) -> Condition:
        return Q(Exists(SupportMeasure.objects.carried_out().filter(finding=OuterRef("pk"))))


class CarriedOutMeasures(Rule):
    """Support measures of the year's findings that were carried out."""

    name = "carried_out_measures"
    organisation_path = "finding__organisation"
    columns = [
        ("Мера", "title"),
        ("Вид", "get_kind_display"),
        ("Затруднение", "finding__direction"),
        ("Срок", "due_on"),
        ("Сделано", "finished_on"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        return SupportMeasure.objects.filter(
            finding__municipality=scope.municipality, finding__year=scope.year.start
        )

    def part(self, scope: Scope) -> Condition:
        return Q(pk__in=SupportMeasure.objects.carried_out().values("pk"))

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.with_records().select_related("finding__direction")  # type: ignore[attr-defined]

    def record_model(self) -> type[SupportMeasure]:
        return SupportMeasure


RULES = [
    SurveysHeld(),
    DiagnosedTeachers(),
    SurveyedOrganisations(),
    AnsweredFindings(),
    SupportedFindings(),
    CarriedOutMeasures(),
]
