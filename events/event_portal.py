"""What events give to home, «Мои дела», cards and search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from core.portal import (
    SHOWN,
    Fact,
    Panel,
    Task,
    home_facts,
    home_panels,
    my_panels,
    my_tasks,
    my_waits,
    record_panels,
)
from core.search import Entry, search_source
from events.models import Event, Registration, Speaker
from network.models import Municipality

State = Event.State
# A responsible person is reminded to announce what begins within so many days.
AHEAD = dt.timedelta(days=30)
# Those who manage the municipality are told of results that others have not written for so long.
LATE = dt.timedelta(days=7)


def _offered(person: Any) -> Any:
    now = timezone.now()
    rows = Registration.objects.filter(person=person, state=Registration.State.OFFERED, offered_until__gt=now)
    return rows.filter(event__starts_at__gt=now).exclude(event__state=State.CANCELLED)


@my_tasks.among(_offered)
def places_offered(person: Any, live: Any) -> Iterator[Task]:
    """Freed places that are held for the person."""
    for row in live.select_related("event").order_by("offered_until")[:SHOWN]:
        until = timezone.localtime(row.offered_until)
        yield Task(
            f"Ответить, придёте ли: {row.event}",
            row.event.get_absolute_url(),
            f"Освободилось место, держится до {until:%d.%m %H:%M}",
            due=until.date(),
        )


@my_tasks.among(lambda person: Event.objects.filter(organiser=person).unreported(timezone.now()))
def events_to_sum_up(person: Any, over: Any) -> Iterator[Task]:
    """Events the person answers for that are over and have no results."""
    for event in over.order_by("ends_at", "pk")[:SHOWN]:
        due = timezone.localtime(event.ends_at).date() + LATE
        yield Task(
            f"Подвести итоги: {event}",
            reverse("events:report", args=[event.pk]),
            f"Прошло {timezone.localtime(event.ends_at):%d.%m.%Y}",
            due,
        )


def _not_announced(person: Any) -> Any:
    now = timezone.now()
    mine = Event.objects.filter(organiser=person, state=State.PLANNED)
    return mine.filter(starts_at__gt=now, starts_at__lt=now + AHEAD)


@my_tasks.among(_not_announced)
def events_to_announce(person: Any, soon: Any) -> Iterator[Task]:
    """Events the person answers for that begin soon and that nobody knows of."""
    for event in soon.order_by("starts_at", "pk")[:SHOWN]:
        due = timezone.localtime(event.starts_at).date()
        yield Task(f"Объявить: {event}", event.get_absolute_url(), "Пока о событии никто не знает", due)


def _others_unreported(person: Any) -> Any:
    places = person.rights.methodist_in
    rows = Event.objects.unreported(timezone.now() - LATE).exclude(organiser=person)
    return rows.filter(municipality__in=places) if places else None


@my_tasks.among(_others_unreported)
def results_missing(person: Any, over: Any) -> Iterator[Task]:
    """For a methodist: how many events of others are over for a week and have no results."""
    url, note = f"{reverse('events:events')}?when=unreported", "Прошли больше недели назад, итогов нет"
    yield Task("Напомнить об итогах событий", url, note, count=over.count())


def _in_line(person: Any) -> Any:
    rows = Registration.objects.waiting().filter(person=person, event__starts_at__gt=timezone.now())
    return rows.exclude(event__state=State.CANCELLED)


@my_waits.among(_in_line)
def places_waited_for(person: Any, rows: Any) -> Iterator[Task]:
    """Where the person stands in a waiting list."""
    ahead = Registration.objects.waiting().filter(event=OuterRef("event"), queue__lte=OuterRef("queue"))
    rows = rows.select_related("event").annotate(in_line=Subquery(_count(ahead)))
    for row in rows.order_by("event__starts_at", "pk")[:SHOWN]:
        yield Task(
            f"Место на событие: {row.event}",
            row.event.get_absolute_url(),
            f"Вы в листе ожидания, {row.in_line}-й по порядку",
        )


def _count(rows: Any) -> Any:
    return rows.order_by().values("event").annotate(n=Count("pk")).values("n")


def _own_events(person: Any) -> Any:
    mine = Q(pk__in=Registration.objects.live().filter(person=person).values("event"))
    mine |= Q(organiser=person) | Q(pk__in=Speaker.objects.filter(person=person).values("event"))
    return Event.objects.announced().upcoming().filter(mine)


@my_panels.among(_own_events)
def my_events(person: Any, events: Any) -> Iterator[Panel]:
    """What comes for the person: signed up for, spoken at, answered for."""
    live = Registration.objects.live().filter(person=person, event=OuterRef("pk"))
    found = list(events.annotate(my_state=Subquery(live.values("state")[:1]))[:SHOWN])
    yield Panel("Мои события", "events/panel.html", {"events": found, "list_url": ""}, order=20)


@home_facts
def events_ahead(municipality: Municipality, person: Any) -> Iterator[Fact]:
    """Events that the network knows of and that are still to come."""
    count = _public(municipality).count()
    if count:
        yield Fact(
            count, "событие впереди,события впереди,событий впереди", _list_url(municipality), order=40
        )


@home_panels
def nearest_events(municipality: Municipality, person: Any) -> Iterator[Panel]:
    """The next announcements."""
    rows = list(_public(municipality).select_related("host")[:4])
    if rows:
        context = {"events": rows, "list_url": _list_url(municipality)}
        yield Panel("Ближайшие события", "events/home_events.html", context, place="main", order=20)


def _public(municipality: Municipality) -> Any:
    return Event.objects.announced().filter(municipality=municipality, is_public=True).upcoming()


def _list_url(municipality: Municipality) -> str:
    page = f"{reverse('events:events')}?announced=on"
    return f"{page}&municipality={municipality.pk}" if Municipality.objects.count() > 1 else page


@record_panels.of("network.organisation")
def events_of_organisation(organisation: Any, person: Any) -> Iterator[Panel]:
    """What the organisation holds next."""
    rows = Event.objects.visible_to(person).filter(host=organisation).upcoming()
    yield from _panel("События", rows, f"{reverse('events:events')}?host={organisation.pk}&when=all")


@record_panels.of("communities.community")
def events_of_community(community: Any, person: Any) -> Iterator[Panel]:
    """What the community holds next."""
    rows = Event.objects.visible_to(person).filter(community=community).upcoming()
    yield from _panel("События", rows, f"{reverse('events:events')}?community={community.pk}&when=all")


def _panel(title: str, rows: Any, url: str) -> Iterator[Panel]:
    found = list(rows[:SHOWN])
    if found:
        yield Panel(title, "events/panel.html", {"events": found, "list_url": url}, place="main", order=30)


def _event_entry(event: Event) -> Entry:
    day = timezone.localtime(event.starts_at)
    summary = f"{event.get_format_display().capitalize()}, {day:%d.%m.%Y} · {event.host}"
    return Entry(event.title, event.get_absolute_url(), summary, f"{event.audience} {event.description}")


search_source("events.event", Event, "События", _event_entry, related=("host",))
