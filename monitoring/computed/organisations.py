"""Indicators of the network itself: what is known of the organisations and how schools do."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from monitoring.computed.rule import Condition, Rule, Scope
from network.models import Organisation, OrganisationKind, ResultsCluster

EDUCATIONAL = [OrganisationKind.SCHOOL, OrganisationKind.KINDERGARTEN, OrganisationKind.ADDITIONAL]


def educational(scope: Scope) -> QuerySet[Organisation]:
    """Schools, kindergartens and additional education that take part in the network."""
    return Organisation.objects.active().filter(municipality=scope.municipality, kind__in=EDUCATIONAL)


class OrganisationRule(Rule):
    organisation_path = "pk"
    columns = [("Организация", "short_name"), ("Вид", "get_kind_display"), ("Адрес", "address")]

    def base(self, scope: Scope) -> QuerySet:
        return educational(scope)

    def record_model(self) -> type[Organisation]:
        return Organisation


class VisitingCards(OrganisationRule):
    """Organisations whose card says what they are strong in and what they can share."""

    name = "visiting_cards"

    def part(self, scope: Scope) -> Q:
        return ~Q(strengths="") & ~Q(offers="")


class OnTheMap(OrganisationRule):
    """Organisations with coordinates and a way to reach them."""

    name = "on_the_map"

    def part(self, scope: Scope) -> Q:
        return Q(latitude__isnull=False) & (~Q(phone="") | ~Q(email=""))


class LowResults(OrganisationRule):
    """Schools whose results were low in a procedure of the year, of the schools with known results."""

    name = "low_result_schools"

    def base(self, scope: Scope) -> QuerySet:
        known = ResultsCluster.objects.filter(organisation=OuterRef("pk"), year=scope.year.start)
        return educational(scope).filter(Exists(known), kind=OrganisationKind.SCHOOL)

    def part(self, scope: Scope) -> Condition:
        low = ResultsCluster.objects.filter(
            organisation=OuterRef("pk"), year=scope.year.start, level=ResultsCluster.Level.LOW
        )
        return Q(Exists(low))


RULES = [VisitingCards(), OnTheMap(), LowResults()]
