"""Indicators of events: what was planned and held, who came, which themes it covered."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.documents import Percent, text_of
from diagnostics.models import Feedback, Invitation
from events.models import Certificate, Event, EventFormat, EventPlan, PlanItem, Registration
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

# An event is called useful where at least this share of those who answered agreed that it was.
USEFUL_FROM = 0.75


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


class CertificatesIssued(Rule):
    """Certificates issued in the school year and not revoked."""

    name = "certificates_issued"
    organisation_path = "event__host"
    is_share = False
    columns = [
        ("Номер", "number"),
        ("Кому", "name"),
        ("Событие", "title"),
        ("Роль", "get_role_display"),
        ("Выдан", "issued_on"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        return Certificate.objects.valid().filter(
            municipality=scope.municipality, issued_on__range=(scope.year.starts_on, scope.year.ends_on)
        )

    def record_model(self) -> type[Certificate]:
        return Certificate


def feedback_of(scope: Scope) -> QuerySet[Feedback]:
    """Feedback on the events of the school year that was opened: who was at them was asked."""
    return Feedback.objects.filter(event__in=held(scope)).exclude(campaign__state="draft")


class FeedbackGiven(Rule):
    """Of participants who were asked about an event of the year, those who answered.

    An invitation knows that a person answered, not what; the names are not listed all the same.
    """

    name = "feedback_given"
    by_groups = True

    def base(self, scope: Scope) -> QuerySet:
        return Invitation.objects.filter(campaign__feedback__in=feedback_of(scope))

    def part(self, scope: Scope) -> Q:
        return Q(participated=True)

    def record_model(self) -> type[Invitation]:
        return Invitation


class UsefulEvents(EventRule):
    """Of events whose feedback was released, those that three quarters of who answered called useful."""

    name = "useful_events"
    columns = [
        *EventRule.columns,
        ("Учтено отзывов", "feedback__answers"),
        ("Назвали полезным", lambda event: text_of(Percent(event.feedback.useful_share))),
    ]

    def base(self, scope: Scope) -> QuerySet:
        asked = Feedback.objects.released().filter(useful_of__gt=0)
        return held(scope).filter(pk__in=asked.values("event"))

    def part(self, scope: Scope) -> Q:
        return Q(feedback__useful__gte=F("feedback__useful_of") * USEFUL_FROM)

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("host", "feedback")


RULES = [
    EventsHeld(),
    PracticalEvents(),
    Participants(),
    RegisteredWhoCame(),
    TeachersInEvents(),
    OrganisationsInEvents(),
    PlanHeld(),
    AreasWithEvents(),
    CertificatesIssued(),
    FeedbackGiven(),
    UsefulEvents(),
]
