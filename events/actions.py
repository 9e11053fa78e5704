"""Events: written, cloned, announced, opened for registration, moved, cancelled, held, reported."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from core.search import index
from core.states import NotAllowed, WrongState, move
from events import letters
from events.models import Event, Series, Session, Speaker
from events.registration import fill, locked
from network.models import Person

# What the next event of the same kind takes from the one before.
_CLONED = (
    "municipality", "host", "organiser", "title", "format", "level", "direction", "audience", "place", "link",
    "description", "capacity", "capacity_per_organisation", "answer_hours", "hours", "is_public", "series",
    "community",
)  # fmt: skip
_MOMENTS = ("registration_opens_at", "registration_closes_at", "withdrawal_until")


@transaction.atomic
def create_event(*, event: Event, series_title: str = "", by: Person) -> Event:
    """Save a new planned event; a series named anew is begun. Raises NotAllowed where `by` plans nothing."""
    if not by.has_perm("events.add_event", event):
        raise NotAllowed("Планировать событие можно от своей организации, сообщества или муниципалитета.")
    event.created_by = by
    _into_series(event, series_title)
    event.save()
    index([event])
    return event


@transaction.atomic
def change_event(*, event: Event, fields: list[str], series_title: str = "", by: Person) -> Event:
    """Save the changed `fields`; places that were added go to the waiting list at once.

    Raises NotAllowed, and WrongState when fewer places are left than are taken or the event is over.
    """
    fresh = locked(event)
    if not by.has_perm("events.change_event", fresh):
        raise NotAllowed("Событие меняют те, кто его проводит.")
    if fresh.state in (Event.State.CANCELLED, Event.State.REPORTED):
        raise WrongState("Событие завершено или отменено, его описание больше не меняется.")
    if event.capacity is not None and event.capacity < fresh.taken:
        raise WrongState(
            f"Уже занято мест: {fresh.taken}. Меньше сделать нельзя, пока люди не сняты с записи."
        )
    for name in fields:
        setattr(fresh, name, getattr(event, name))
    _into_series(fresh, series_title)
    fresh.municipality = fresh.host.municipality
    fresh.save(update_fields=[*fields, "series", "municipality"])
    fill(fresh)
    index([fresh])
    return fresh


def _into_series(event: Event, title: str) -> None:
    if title:
        event.series, _ = Series.objects.get_or_create(
            municipality=event.municipality, title=title, defaults={"direction": event.direction}
        )


@transaction.atomic
def clone_event(*, event: Event, starts_at: dt.datetime, by: Person) -> Event:
    """The same event at another time: description, programme and speakers come along, people and results do not."""
    shift = starts_at - event.starts_at
    copy = Event(
        **{name: getattr(event, name) for name in _CLONED},
        **{name: moment + shift for name in _MOMENTS if (moment := getattr(event, name))},
        starts_at=starts_at,
        ends_at=event.ends_at + shift,
        cloned_from=event,
    )
    copy = create_event(event=copy, by=by)
    parts: dict[int | None, Session | None] = {None: None}
    for part in event.parts.all():
        parts[part.pk] = Session(
            event=copy, starts_at=part.starts_at + shift, ends_at=part.ends_at + shift, title=part.title,
            place=part.place,
        )  # fmt: skip
    Session.objects.bulk_create(part for part in parts.values() if part is not None)
    Speaker.objects.bulk_create(
        Speaker(
            event=copy, session=parts[row.session_id], person_id=row.person_id, name=row.name,
            position=row.position, topic=row.topic, order=row.order,
        )
        for row in event.speakers.all()
    )  # fmt: skip
    return copy


@transaction.atomic
def announce(*, event: Event, by: Person) -> Event:
    """Show the event to the network."""
    event = move(event, "announce", by=by)
    index([event])
    return event


@transaction.atomic
def open_registration(*, event: Event, by: Person) -> Event:
    """Let people sign up, from now or from the moment named in the event."""
    event = move(event, "open_registration", by=by)
    index([event])
    return event


@transaction.atomic
def move_event(*, event: Event, when: dict[str, Any], reason: str, by: Person) -> tuple[Event, int]:
    """Other dates or another place; returns the event and how many letters were queued.

    The parts of the event move along. Who was signed up stays signed up and is told.
    """
    before = locked(event)
    event = move(event, "move_to", by=by, reason=reason, **when)
    shift = event.starts_at - before.starts_at
    if shift:
        parts = list(event.parts.all())
        for part in parts:
            part.starts_at, part.ends_at = part.starts_at + shift, part.ends_at + shift
        Session.objects.bulk_update(parts, ["starts_at", "ends_at"])
    fill(event)
    index([event])
    return event, letters.moved(event, before, reason) if before.announced_at else 0


@transaction.atomic
def cancel_event(*, event: Event, reason: str, by: Person) -> tuple[Event, int]:
    """It will not take place; returns the event and how many letters were queued. Registrations stay as they were."""
    event = move(event, "cancel", by=by, reason=reason)
    index([event])
    return event, letters.cancelled(event, reason) if event.announced_at else 0


@transaction.atomic
def hold_event(*, event: Event, by: Person) -> Event:
    """It took place: who came can be marked from the beginning on, what came of it is told after."""
    return move(event, "hold", by=by)


@transaction.atomic
def report_event(*, event: Event, results: str, recording: str = "", by: Person) -> Event:
    """Write down what came of it. An event that nobody marked as held is held by that.

    Raises WrongState before the beginning and where it was reported already.
    """
    fresh = locked(event)
    if fresh.state in (Event.State.ANNOUNCED, Event.State.REGISTRATION_OPEN):
        fresh = move(fresh, "hold", by=by)
    if fresh.state == Event.State.HELD:
        Event.objects.filter(pk=fresh.pk).update(results=results, recording=recording)
    fresh = move(fresh, "report", by=by)
    index([fresh])
    return fresh
