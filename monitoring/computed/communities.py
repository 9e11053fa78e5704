"""Indicators of communities: which are in force, who is in them, whether they plan, report and are decided in time."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from communities.models import Community, CommunityApplication, CommunityReport, Membership
from events.models import EventPlan
from monitoring.computed.organisations import OrganisationRule
from monitoring.computed.people import PeopleRule, early_career
from monitoring.computed.rule import Condition, Rule, Scope
from network.models import Person


def communities(scope: Scope) -> QuerySet[Community]:
    """In force on the day of counting."""
    return Community.objects.filter(municipality=scope.municipality).in_force(scope.day)


def memberships(scope: Scope) -> QuerySet[Membership]:
    """Of those communities, on the day of counting."""
    return Membership.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=scope.day),
        joined_on__lte=scope.day,
        community__in=communities(scope),
    )


class CommunityRule(Rule):
    """Counts communities; a community belongs to no one organisation."""

    organisation_path = ""
    columns = [
        ("Сообщество", "title"),
        ("Вид", "get_kind_display"),
        ("Направление", "direction"),
        ("Срок", "term"),
    ]
    slices = {"kind": lambda kind: Q(kind=kind)}

    def base(self, scope: Scope) -> QuerySet:
        return communities(scope)

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("direction")

    def record_model(self) -> type[Community]:
        return Community


class CommunitiesInForce(CommunityRule):
    """Communities that work on the day of counting by an order in force."""

    name = "communities_in_force"
    is_share = False


class CommunitiesWithPlan(CommunityRule):
    """Communities in force whose plan of the school year is approved."""

    name = "communities_with_plan"

    def part(self, scope: Scope) -> Condition:
        plans = EventPlan.objects.filter(
            community=OuterRef("pk"), year=scope.year.start, state=EventPlan.State.APPROVED
        )
        return Q(Exists(plans))


class CommunitiesWithReport(CommunityRule):
    """Communities that handed in the report of the school year before, of those that worked in it."""

    name = "communities_with_report"

    def base(self, scope: Scope) -> QuerySet:
        before = scope.year.previous
        worked = Q(ends_on__isnull=True) | Q(ends_on__gte=before.starts_on)
        open_then = Q(closed_on__isnull=True) | Q(closed_on__gt=before.starts_on)
        return Community.objects.filter(
            worked & open_then, municipality=scope.municipality, starts_on__lte=before.ends_on
        )

    def part(self, scope: Scope) -> Condition:
        reports = CommunityReport.objects.filter(community=OuterRef("pk"), year=scope.year.start - 1)
        return Q(Exists(reports))


class MembersRule(PeopleRule):
    """Teachers who belong to a community; the whole is said by the base."""

    def part(self, scope: Scope) -> Condition:
        return Q(Exists(memberships(scope).filter(person=OuterRef("person"))))


class TeachersInCommunities(MembersRule):
    """Teachers of the network who are members of a community in force."""

    name = "teachers_in_communities"


class EarlyCareerInCommunities(MembersRule):
    """Teachers with up to three school years of service who are members of a community in force."""

    name = "early_career_in_communities"
    columns = [*PeopleRule.columns, ("Стаж с года", "service_since")]

    def base(self, scope: Scope) -> QuerySet:
        return super().base(scope).filter(early_career(scope))

    def record_model(self) -> type[Person]:
        return Person


class OrganisationsInCommunities(OrganisationRule):
    """Educational organisations from which somebody is a member of a community in force."""

    name = "organisations_in_communities"

    def part(self, scope: Scope) -> Condition:
        return Q(Exists(memberships(scope).filter(organisation=OuterRef("pk"))))


class ApplicationsInTime(Rule):
    """Applications decided in the year within the days that the municipality gives to review and decision."""

    name = "applications_in_time"
    organisation_path = "initiator_organisation"
    columns = [
        ("Заявка", "title"),
        ("Инициатор", "initiator"),
        ("Подана", "submitted_at"),
        ("Решена", "turn_since"),
        ("Состояние", "get_state_display"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        decided = [CommunityApplication.State.APPROVED, CommunityApplication.State.REJECTED]
        return CommunityApplication.objects.filter(
            municipality=scope.municipality,
            state__in=decided,
            turn_since__date__range=(scope.year.starts_on, scope.year.ends_on),
        )

    def part(self, scope: Scope) -> Condition:
        days = scope.municipality.review_days + scope.municipality.decision_days
        return Q(turn_since__lte=F("submitted_at") + dt.timedelta(days=days))

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("initiator")

    def record_model(self) -> type[CommunityApplication]:
        return CommunityApplication


RULES = [
    CommunitiesInForce(),
    CommunitiesWithPlan(),
    CommunitiesWithReport(),
    TeachersInCommunities(),
    EarlyCareerInCommunities(),
    OrganisationsInCommunities(),
    ApplicationsInTime(),
]
