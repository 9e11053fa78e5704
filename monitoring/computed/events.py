"""Indicators of events: what was planned and held, who came, which themes it covered."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.models import Event, EventFormat, EventPlan, PlanItem, Registration
from monitoring.computed.organisations import OrganisationRule
from monitoring.computed.people import PeopleRule
from monitoring.computed.rule import Condition, Rule, Scope
from network.models import Direction, Person

# Where one sees the work itself, not only hears of it (seeds 002 and 003).
PRACTICAL = [
    EventFormat.MASTER_CLASS,
    EventFormat.OPEN_LESSON,
    EventFormat.LANDING,
    EventFormat.EXPEDITION,
    EventFormat.INTERNSHIP,
]


def of_area(value: str, path: str = "") -> Q:
    """On the competence area with that key, or on a theme below it; «0» is without a theme."""
    if value == "0":
        return Q(**{f"{path}direction": None})
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        return Q(pk=None)
    names = ("direction", "direction__parent", "direction__parent__parent")
    return reduce(or_, (Q(**{f"{path}{name}": value}) for name in names))


def held(scope: Scope) -> QuerySet[Event]:
    """Events of the school year that took place."""
    return Event.objects.filter(municipality=scope.municipality).of_year(scope.year).took_place()


def came(scope: Scope) -> QuerySet[Registration]:
    """Who came to them."""
    return Registration.objects.attended().filter(event__in=held(scope))


class EventRule(Rule):
    organisation_path = "host"
    slices = {"format": lambda value: Q(format=value), "area": of_area}
    columns = [
        ("Событие", "title"),
        ("Форма", "get_format_display"),
        ("Проводит", "host"),
        ("Когда", "starts_at"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        return held(scope)

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("host")

    def record_model(self) -> type[Event]:
        return Event


class EventsHeld(EventRule):
    """Events of the school year that took place."""

    name = "events_held"
    is_share = False


class PracticalEvents(EventRule):
    """Events in practical formats: master class, open lesson, landing, expedition, internship day."""

    name = "practical_events"

    def part(self, scope: Scope) -> Q:
        return Q(format__in=PRACTICAL)


class RegistrationRule(Rule):
    slices = {
        "format": lambda value: Q(event__format=value),
        "area": lambda value: of_area(value, "event__"),
    }
    columns = [
        ("Кто", "person"),
        ("Организация", "organisation"),
        ("Событие", "event"),
        ("Роль", "get_role_display"),
    ]

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("person", "organisation", "event")

    def record_model(self) -> type[Registration]:
        return Registration


class Participants(RegistrationRule):
    """Participations in events of the school year: one person at three events is three."""

    name = "participants"
    is_share = False

    def base(self, scope: Scope) -> QuerySet:
        return came(scope)


class RegisteredWhoCame(RegistrationRule):
    """Of those signed up for events that took place and marked afterwards, those who came."""

    name = "registered_who_came"

    def base(self, scope: Scope) -> QuerySet:
        return Registration.objects.registered().filter(event__in=held(scope)).exclude(attendance="")

    def part(self, scope: Scope) -> Q:
        return Q(attendance="attended")


class TeachersInEvents(PeopleRule):
    """Teachers of the network who came to at least one event of the school year."""

    name = "teachers_in_events"

    def part(self, scope: Scope) -> Condition:
        return Q(Exists(came(scope).filter(person=OuterRef("person"))))

    def record_model(self) -> type[Person]:
        return Person


class OrganisationsInEvents(OrganisationRule):
    """Educational organisations from which somebody came to an event of the school year."""

    name = "organisations_in_events"

    def part(self, scope: Scope) -> Condition:
        return Q(Exists(came(scope).filter(organisation=OuterRef("pk"))))


class PlanHeld(Rule):
    """Items of the approved municipal plan that were held, of those whose time has come (cancelled ones too)."""

    name = "plan_held"
    slices = {"outcome": lambda value: Q(outcome=value)}
    columns = [
        ("Мероприятие", "title"),
        ("Форма", "get_format_display"),
        ("Срок", "when_text"),
        ("Ответственный", "responsible_words"),
        ("Состояние", "outcome_label"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        items = PlanItem.objects.filter(
            plan__in=EventPlan.objects.municipal().filter(
                municipality=scope.municipality, year=scope.year.start, state=EventPlan.State.APPROVED
            )
        )
        return items.with_outcome(scope.day).filter(Q(ends_on__lte=scope.day) | self.part(scope))

    def part(self, scope: Scope) -> Q:
        return Q(outcome=PlanItem.State.HELD)

    def listed(self, rows: Any) -> QuerySet:
        return rows.with_outcome().select_related("responsible_person")

    def record_model(self) -> type[PlanItem]:
        return PlanItem


class AreasWithEvents(Rule):
    """Competence areas on which, or on a theme of which, an event of the school year took place."""

    name = "areas_with_events"
    organisation_path = ""
    columns = [("Область", "name")]

    def base(self, scope: Scope) -> QuerySet:
        return Direction.objects.filter(parent=None, is_active=True)

    def part(self, scope: Scope) -> Condition:
        events = held(scope).filter(
            Q(direction=OuterRef("pk"))
            | Q(direction__parent=OuterRef("pk"))
            | Q(direction__parent__parent=OuterRef("pk"))
        )
        return Q(Exists(events))

    def record_model(self) -> type[Direction]:
        return Direction


RULES = [
    EventsHeld(),
    PracticalEvents(),
    Participants(),
    RegisteredWhoCame(),
    TeachersInEvents(),
    OrganisationsInEvents(),
    PlanHeld(),
    AreasWithEvents(),
]
