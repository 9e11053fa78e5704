"""Calendars of events in iCalendar (RFC 5545): one event, the network, a person.

Times are in UTC, so no calendar program needs to know a time zone of ours. A moved event keeps its UID and gets
a higher SEQUENCE; a cancelled one stays with STATUS:CANCELLED until it is over, so that programs strike it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from core.models import StateChange
from events.models import Event, Registration
from network.models import Person

# How far back a subscribed calendar reaches.
NETWORK_DAYS = 31
OWN_DAYS = 366
_REFRESH = dt.timedelta(hours=4)
_State = Registration.State


def network_events(municipality: int | None = None) -> QuerySet[Event]:
    """Announced public events, cancelled ones too, of a month ago and later."""
    since = timezone.now() - dt.timedelta(days=NETWORK_DAYS)
    events = Event.objects.filter(announced_at__isnull=False, is_public=True, ends_at__gte=since)
    if municipality is not None:
        events = events.filter(municipality=municipality)
    return events.select_related("host").order_by("starts_at", "pk")


def own_events(person: Person) -> QuerySet[Event]:
    """Where the person has a place or is asked to take one, speaks, or answers for the event."""
    since = timezone.now() - dt.timedelta(days=OWN_DAYS)
    places = Registration.objects.filter(person=person, state__in=[_State.REGISTERED, _State.OFFERED])
    mine = (
        Q(pk__in=places.values("event"))
        | Q(announced_at__isnull=False, pk__in=person.speeches.values("event"))
        | Q(organiser=person)
    )
    return (
        Event.objects.filter(mine, ends_at__gte=since)
        .select_related("host")
        .prefetch_related(Prefetch("registrations", queryset=places, to_attr="own_places"))
        .order_by("starts_at", "pk")
    )


def calendar(events: Iterable[Event], *, name: str, own: bool = False) -> bytes:
    """A calendar file. With `own` the link for participants is told, and a place still to be taken is tentative."""
    found: Sequence[Event] = list(events)
    steps = _steps(found)
    book = icalendar.Calendar()
    book.add("prodid", "-//МетодСеть//События//RU")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    book.add("name", name)
    book.add("x-wr-calname", name)
    book.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", _REFRESH)
    for event in found:
        book.add_component(_entry(event, steps[str(event.pk)], own))
    return book.to_ical()


def _entry(event: Event, changes: list[dt.datetime], own: bool) -> icalendar.Event:
    entry = icalendar.Event()
    changed = max([event.announced_at or event.created_at, *changes])
    url = f"{settings.SITE_URL}{event.get_absolute_url()}"
    entry.add("uid", f"event-{event.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}")
    entry.add("dtstamp", changed.astimezone(dt.UTC))
    entry.add("last-modified", changed.astimezone(dt.UTC))
    entry.add("sequence", len(changes))
    entry.add("dtstart", event.starts_at.astimezone(dt.UTC))
    entry.add("dtend", event.ends_at.astimezone(dt.UTC))
    entry.add("summary", event.title)
    entry.add("status", _status(event, own))
    entry.add("categories", [event.get_format_display()])
    if where := _where(event):
        entry.add("location", where)
    entry.add("description", "\n".join(_words(event, url, own)))
    entry.add("url", url)
    return entry


def _status(event: Event, own: bool) -> str:
    if event.is_cancelled:
        return "CANCELLED"
    places = getattr(event, "own_places", [])
    asked = own and any(place.state == _State.OFFERED for place in places)
    return "TENTATIVE" if asked or event.announced_at is None else "CONFIRMED"


def _where(event: Event) -> str:
    parts = [event.place, event.host.short_name, event.host.address if event.place else ""]
    return ", ".join(part for part in parts if part)


def _words(event: Event, url: str, own: bool) -> list[str]:
    lines = [event.get_format_display().capitalize()]
    if event.is_cancelled:
        lines.append("Событие отменено.")
    if event.audience:
        lines.append(f"Для кого: {event.audience}")
    if own and event.link and (_holds_place(event) or not getattr(event, "own_places", [])):
        lines.append(f"Ссылка для участия: {event.link}")
    if own and not _holds_place(event) and getattr(event, "own_places", []):
        lines.append("Освободилось место: ответьте на странице события, придёте ли.")
    return [*lines, url]


def _holds_place(event: Event) -> bool:
    return any(place.state == _State.REGISTERED for place in getattr(event, "own_places", []))


def _steps(events: Sequence[Event]) -> dict[str, list[dt.datetime]]:
    """When each event was moved or cancelled: what calendar programs must take up again."""
    kind = ContentType.objects.get_for_model(Event)
    rows = StateChange.objects.filter(
        content_type=kind,
        object_id__in=[str(event.pk) for event in events],
        transition__in=["move_to", "cancel"],
    ).values_list("object_id", "at")
    found: dict[str, list[dt.datetime]] = {str(event.pk): [] for event in events}
    for pk, moment in rows:
        found[pk].append(moment)
    return found
