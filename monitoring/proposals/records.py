"""Sources of evidence: official acts, plans, events, communities and what they report."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from communities.models import Community, CommunityReport
from core.school_year import SchoolYear
from events.models import Event, EventPlan
from monitoring.proposals.source import Source, by_year, in_years, on_direction, one_of, words
from network.models import Order

_OWNERS = {
    "municipality": Q(community__isnull=True, organisation__isnull=True),
    "community": Q(community__isnull=False),
    "organisation": Q(organisation__isnull=False),
}


class Orders(Source):
    """Orders in force; one that only cancels another confirms nothing.

    `words` are looked for in the heading, `grounds` in the preamble: nearly every preamble speaks of support.
    """

    name = "order"
    title = "Распорядительные акты"
    model = Order
    newest = "date"
    limits = {"purpose": one_of("purpose"), "words": words("heading"), "grounds": words("preamble")}

    def standing(self) -> Q:
        return Q(state=Order.State.REGISTERED, cancels__isnull=True)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return in_years("date", first, last)

    def day(self, record: Order) -> dt.date | None:
        return record.date

    def is_gone(self, record: Order) -> bool:
        return record.state == Order.State.CANCELLED


class Plans(Source):
    """Approved plans of events; a plan whose order was cancelled is a draft again."""

    name = "plan"
    title = "Планы событий"
    model = EventPlan
    related = ("order",)
    newest = "year"
    limits = {
        "owner": lambda given: Q(*(_OWNERS.get(one, Q(pk=None)) for one in given), _connector=Q.OR),
    }

    def standing(self) -> Q:
        return Q(state=EventPlan.State.APPROVED)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return by_year("year", first, last)

    def day(self, record: EventPlan) -> dt.date | None:
        return record.order.date if record.order else record.own_date

    def is_gone(self, record: EventPlan) -> bool:
        return record.state == EventPlan.State.DRAFT


class Events(Source):
    """Events that took place."""

    name = "event"
    title = "Проведённые события"
    model = Event
    newest = "starts_at"
    limits = {
        "format": one_of("format"),
        "level": one_of("level"),
        "direction": on_direction,
        "words": words("title", "audience"),
    }

    def standing(self) -> Q:
        return Q(state__in=[Event.State.HELD, Event.State.REPORTED])

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return in_years("starts_at__date", first, last)

    def day(self, record: Event) -> dt.date:
        return timezone.localtime(record.starts_at).date()

    def is_gone(self, record: Event) -> bool:
        return record.state == Event.State.CANCELLED


class Communities(Source):
    """Communities that worked in the years by an order that was not cancelled."""

    name = "community"
    title = "Сообщества"
    model = Community
    related = ("order",)
    newest = "starts_on"
    limits = {"kind": one_of("kind"), "direction": on_direction}

    def standing(self) -> Q:
        return Q(order__state=Order.State.REGISTERED)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        going = Q(ends_on__isnull=True) | Q(ends_on__gte=first.starts_on)
        open_then = Q(closed_on__isnull=True) | Q(closed_on__gt=first.starts_on)
        return Q(starts_on__lte=last.ends_on) & going & open_then

    def day(self, record: Community) -> dt.date:
        return record.starts_on

    def is_gone(self, record: Community) -> bool:
        return record.order.state == Order.State.CANCELLED


class CommunityReports(Source):
    """What communities handed in for a school year."""

    name = "community_report"
    title = "Отчёты сообществ"
    model = CommunityReport
    of_municipality = "community__municipality"
    related = ("community", "community__order")
    heavy = ("text",)
    newest = "handed_at"
    limits = {"kind": one_of("community__kind"), "direction": lambda given: _of_community(given)}

    def standing(self) -> Q:
        return Q(community__order__state=Order.State.REGISTERED)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return by_year("year", first, last)

    def day(self, record: CommunityReport) -> dt.date:
        return timezone.localtime(record.handed_at).date()

    def is_gone(self, record: CommunityReport) -> bool:
        return record.community.order.state == Order.State.CANCELLED


def _of_community(given: list[str]) -> Q:
    return Q(community__in=Community.objects.filter(on_direction(given)).values("pk"))
