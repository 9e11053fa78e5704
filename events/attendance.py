"""Who came: marked on the list, by the code at the door, or from the log of a webinar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from core.states import NotAllowed, WrongState, move
from events.admission import moment_words, organisations_for
from events.models import Attendance, Certificate, Door, Event, Registration
from events.models.door import new_secret
from events.registration import give_back, locked
from network.models import Person

# People come before the beginning and stay to ask after the end.
BEFORE = dt.timedelta(hours=1)
AFTER = dt.timedelta(hours=1)
MARKED_STATES = (
    Event.State.ANNOUNCED,
    Event.State.REGISTRATION_OPEN,
    Event.State.HELD,
    Event.State.REPORTED,
)


class Mark(NamedTuple):
    """What is said of one registration; hours None are those of the event."""

    attendance: str
    hours: Decimal | None = None


def is_markable(event: Event) -> bool:
    """Whether it can be said now who came."""
    try:
        check_markable(event)
    except WrongState:
        return False
    return True


def check_markable(event: Event) -> None:
    """Raises WrongState before the hour of the event, and where it was cancelled or never announced."""
    if event.state not in MARKED_STATES:
        raise WrongState("Присутствие отмечают у объявленного события, которое не отменено.")
    if timezone.now() < event.starts_at - BEFORE:
        raise WrongState(f"Отмечать присутствие можно с {moment_words(event.starts_at - BEFORE)}.")


@transaction.atomic
def mark(*, event: Event, marks: Mapping[int, Mark], by: Person) -> int:
    """Say of registrations (by key) who came; returns how many changed. The same marks again change nothing.

    Raises NotAllowed; WrongState before the event and where a valid certificate says that the person came.
    """
    event = locked(event)
    if not by.has_perm("events.mark_attendance_event", event):
        raise NotAllowed("Присутствие отмечают те, кто ведёт событие.")
    check_markable(event)
    rows = Registration.objects.registered().filter(event=event, pk__in=marks).select_related("person")
    holders = set(Certificate.objects.valid().filter(event=event).values_list("person", flat=True))
    changed = 0
    for row in rows:
        said = marks[row.pk]
        if said.attendance != Attendance.ATTENDED and row.person_id in holders:
            raise WrongState(f"{row.person}: сертификат уже выдан. Сначала отзовите его.")
        changed += _set(row, event, said)
    return changed


def _set(row: Registration, event: Event, said: Mark) -> bool:
    came = said.attendance == Attendance.ATTENDED
    hours = (event.hours if said.hours is None else said.hours) if came else None
    if (row.attendance, row.hours) == (said.attendance, hours):
        return False
    row.attendance, row.hours = said.attendance, hours
    row.attended_at = (row.attended_at or timezone.now()) if came else None
    row.save(update_fields=["attendance", "hours", "attended_at"])
    return True


@transaction.atomic
def open_door(*, event: Event, by: Person) -> Door:
    """Codes for those who come, changing until an hour after the end; older ones stop working at once."""
    event = locked(event)
    if not by.has_perm("events.mark_attendance_event", event):
        raise NotAllowed("Код показывают те, кто ведёт событие.")
    check_markable(event)
    now = timezone.now()
    closes_at = max(event.ends_at, now) + AFTER
    door, _ = Door.objects.update_or_create(
        event=event,
        defaults={
            "secret": new_secret(),
            "opened_at": now,
            "closes_at": closes_at,
            "opened_by": by,
        },
    )
    return door


@transaction.atomic
def close_door(*, event: Event, by: Person) -> None:
    """The code stops working at once."""
    if not by.has_perm("events.mark_attendance_event", event):
        raise NotAllowed("Код закрывают те, кто ведёт событие.")
    Door.objects.filter(event=event, closes_at__gt=timezone.now()).update(closes_at=timezone.now())


@transaction.atomic
def check_in(*, door: Door, token: str, person: Person) -> Registration:
    """The person says at the door that they are here; who was not signed up is written in as come without it.

    Raises WrongState when the code no longer works or the event is not for people of the organisation.
    """
    event = locked(door.event)
    if not door.is_open:
        raise WrongState("Код больше не действует. Попросите ведущего отметить вас в списке.")
    if not door.takes_token(token):
        raise WrongState("Код на экране уже сменился. Наведите камеру ещё раз или введите новый код.")
    check_markable(event)
    row = come_in(event=event, person=person, by=person)
    _set(row, event, Mark(Attendance.ATTENDED))
    return row


@transaction.atomic
def add_walk_in(*, event: Event, person: Person, by: Person) -> Registration:
    """Somebody came without being signed up: written in and marked, by those who run the event."""
    event = locked(event)
    if not by.has_perm("events.mark_attendance_event", event):
        raise NotAllowed("Пришедших без записи добавляют те, кто ведёт событие.")
    check_markable(event)
    row = come_in(event=event, person=person, by=by)
    _set(row, event, Mark(Attendance.ATTENDED))
    return row


def come_in(*, event: Event, person: Person, by: Person) -> Registration:
    """The registration of somebody who is there; the caller holds the lock of the event. No place is taken."""
    row = Registration.objects.filter(event=event, person=person).select_related("person").first()
    if row is None:
        places = organisations_for(event, [person], by)
        return Registration.objects.create(
            event=event,
            person=person,
            organisation=places[person.pk],
            registered_by=by,
            walked_in=True,
        )
    if row.state == Registration.State.REGISTERED:
        return row
    give_back(event, row)
    return move(row, "walk_in", by=by)
