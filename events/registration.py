"""The one door to the places of an event.

Every change of who is signed up happens under the lock of the event, and a place is taken by one conditional
update that the database checks once more (`event_places_not_oversold`). So whoever presses at the same moment,
there are never more people than places, nobody is there twice, and the waiting list keeps its order.

A place is freed in many ways – withdrawn, declined, an offer not answered, taken off, more places made – and
filled in one: `fill`. The first in the waiting list whose organisation still has a place gets it. While there is
time, they are asked and the place is held for them; when there is none, it is theirs at once and they may decline
until the event begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from core.states import WrongState, move
from events import letters
from events.admission import moment_words, organisations_for, why_closed
from events.models import Event, Registration
from network.models import Organisation, Person

State = Registration.State
# An offer that would end less than this before the beginning is not made: the place is given at once.
QUIET_BEFORE_START = dt.timedelta(hours=24)


def locked(event: Event) -> Event:
    """The event as it is now, locked until the end of the transaction."""
    return Event.objects.select_for_update(of=("self",)).select_related("host").get(pk=event.pk)


def sign_up(*, event: Event, people: Sequence[Person], by: Person) -> list[Registration]:
    """Sign people up in the order given; who finds no place stands in the waiting list. Pressing twice changes nothing.

    `by` is the person, the head of the person's organisation, or somebody who runs the event. Who was signed up by
    another gets a letter and may decline. Raises WrongState when signing up is not open or somebody may not
    be signed up (nobody is then), NotAllowed without the right to one of them.
    """
    # Read before the lock, which others wait for: where people work does not change with who presses first.
    places = organisations_for(event, people, by)
    with transaction.atomic():
        event = locked(event)
        if not event.takes_registrations:
            raise WrongState(why_closed(event))
        rows = Registration.objects.filter(event=event, person__in=people).select_related("person")
        known = {row.person_id: row for row in rows}
        signed, fresh = [], []
        for person in dict.fromkeys(people):
            row = known.get(person.pk)
            if row is None or not row.is_live:
                row = _seat(event, person, places[person.pk], row, by)
                fresh.append(row)
            signed.append(row)
        letters.signed_up([row for row in fresh if row.person_id != by.pk], event, by)
    return signed


def _seat(
    event: Event, person: Person, organisation: Organisation, row: Registration | None, by: Person
) -> Registration:
    """A place, or the end of the waiting list."""
    who: dict[str, Any] = {"organisation": organisation, "registered_by": by}
    if row is not None:
        _may_come_back(row, event, by)
        # From where they are signed up now decides who may: the head of that organisation.
        Registration.objects.filter(pk=row.pk).update(organisation=organisation)
    if _take(event, organisation.pk):
        if row is not None:
            return move(row, "renew", by=by, **who)
        return Registration.objects.create(event=event, person=person, **who)
    number = _next_number(event)
    if row is not None:
        return move(row, "queue_again", by=by, queue=number, **who)
    return Registration.objects.create(event=event, person=person, state=State.WAITING, queue=number, **who)


def _may_come_back(row: Registration, event: Event, by: Person) -> None:
    """Who declined is not signed up by another; who was taken off comes back through those who run the event."""
    if row.state == State.DECLINED and by.pk != row.person_id:
        raise WrongState(f"{row.person}: отказ от этого события. Записаться снова человек может только сам.")
    if row.state == State.CANCELLED and not by.has_perm("events.change_event", event):
        raise WrongState(f"{row.person}: запись снята организатором, вернуть её может только он.")


def _take(event: Event, organisation_id: int) -> bool:
    """Take one place if there is one, in all and for the organisation."""
    if event.capacity_per_organisation is not None:
        held = Registration.objects.holding().filter(event=event, organisation=organisation_id).count()
        if held >= event.capacity_per_organisation:
            return False
    free = Q(capacity__isnull=True) | Q(taken__lt=F("capacity"))
    if not Event.objects.filter(free, pk=event.pk).update(taken=F("taken") + 1):
        return False
    event.taken += 1
    return True


def give_back(event: Event, row: Registration) -> None:
    """Give back the place that the registration held."""
    if row.holds_place:
        Event.objects.filter(pk=event.pk, taken__gt=0).update(taken=F("taken") - 1)
        event.taken -= 1


def _next_number(event: Event) -> int:
    last = Registration.objects.filter(event=event).aggregate(last=Max("queue"))["last"]
    return (last or 0) + 1


def fill(event: Event) -> list[Registration]:
    """Give free places to the waiting list; the caller holds the lock of the event. The only rule of promotion."""
    if event.state not in (Event.State.ANNOUNCED, Event.State.REGISTRATION_OPEN) or event.has_begun:
        return []
    promoted: list[Registration] = []
    for row in _next_in_line(event):
        if not _take(event, row.organisation_id):
            break
        until = answer_until(event)
        if until is None:
            promoted.append(move(row, "promote", by=None))
        else:
            promoted.append(move(row, "offer", by=None, until=until))
    letters.promoted(promoted, event)
    return promoted


def _next_in_line(event: Event) -> list[Registration]:
    """As many of the waiting list, in its order, as there are free places; who has no place in the quota is passed over."""
    if event.free == 0:
        return []
    waiting = list(Registration.objects.waiting().filter(event=event).select_related("person"))
    quota = event.capacity_per_organisation
    if quota is not None and waiting:
        held = Registration.objects.holding().filter(event=event)
        counts = dict(held.values_list("organisation").annotate(n=Count("pk")).order_by())
        fitting = []
        for row in waiting:
            if counts.get(row.organisation_id, 0) < quota:
                counts[row.organisation_id] = counts.get(row.organisation_id, 0) + 1
                fitting.append(row)
        waiting = fitting
    return waiting if event.free is None else waiting[: event.free]


def answer_until(event: Event) -> dt.datetime | None:
    """Until when somebody offered a place now is waited for; None when there is no time to ask."""
    until = timezone.now() + dt.timedelta(hours=event.answer_hours)
    if not event.answer_hours or until > event.starts_at - QUIET_BEFORE_START:
        return None
    return until


def _held(registration: Registration) -> tuple[Event, Registration]:
    """The event under its lock, then the registration as it is now: always in this order."""
    event = locked(registration.event)
    row = Registration.objects.select_related("person", "organisation", "registered_by").get(
        pk=registration.pk
    )
    row.event = event
    return event, row


def _not_begun(event: Event) -> None:
    if event.state == Event.State.CANCELLED:
        raise WrongState("Событие отменено: отказываться не нужно.")
    if event.has_begun:
        raise WrongState("Событие уже началось, запись не меняется.")


@transaction.atomic
def withdraw(*, registration: Registration, by: Person) -> Registration:
    """Give up a place or the wait for one, by the person or the head of the organisation, until the deadline.

    Raises WrongState after the deadline or when it is no longer there, NotAllowed to anybody else.
    """
    event, row = _held(registration)
    _not_begun(event)
    if row.state == State.REGISTERED and timezone.now() > event.withdraw_until:
        raise WrongState(
            f"Отказаться от места можно было до {moment_words(event.withdraw_until)}. "
            f"Предупредите ответственного: {event.organiser}."
        )
    give_back(event, row)
    row = move(row, "withdraw", by=by)
    letters.withdrawn(row, event, by)
    fill(event)
    return row


@transaction.atomic
def decline(*, registration: Registration, by: Person) -> Registration:
    """«Не пойду» of somebody whom another signed up or whom a freed place was given; possible until the beginning.

    Raises WrongState when the person signed up themselves (they withdraw, until the deadline) or it has begun.
    """
    event, row = _held(registration)
    _not_begun(event)
    if row.state == State.REGISTERED and row.chose_it_themselves:
        raise WrongState("Вы записались сами: снимите запись.")
    give_back(event, row)
    row = move(row, "decline", by=by)
    letters.declined(row, event)
    fill(event)
    return row


@transaction.atomic
def accept(*, registration: Registration, by: Person) -> Registration:
    """Take the freed place that is held for the person; raises WrongState when the time to answer is over."""
    event, row = _held(registration)
    _not_begun(event)
    if row.state == State.OFFERED and row.offered_until is not None and row.offered_until <= timezone.now():
        raise WrongState(f"Место ждало ответа до {moment_words(row.offered_until)} и перешло следующему.")
    return move(row, "accept", by=by)


@transaction.atomic
def remove(*, registration: Registration, reason: str, by: Person) -> Registration:
    """Take somebody off, by those who run the event; the person reads the reason."""
    event, row = _held(registration)
    _not_begun(event)
    give_back(event, row)
    row = move(row, "remove", by=by, reason=reason)
    letters.removed(row, event, reason)
    fill(event)
    return row


@transaction.atomic
def release_offers(event: Event) -> int:
    """Give the places of unanswered offers to the next; returns how many. Safe to run twice."""
    event = locked(event)
    late = list(Registration.objects.lapsed().filter(event=event).select_related("person"))
    for row in late:
        row.event = event
        give_back(event, row)
        letters.lapsed(move(row, "lapse", by=None), event)
    fill(event)
    return len(late)


def people_of_series(event: Event) -> list[Person]:
    """Who took part in earlier events of the series and has not answered about this one; still employed, by name."""
    earlier = Registration.objects.registered().filter(
        event__series=event.series_id, event__series__isnull=False, event__starts_at__lt=event.starts_at
    )
    known = Registration.objects.filter(event=event)
    people = Person.objects.filter(pk__in=earlier.values("person"), is_active=True)
    return list(people.exclude(pk__in=known.values("person")).distinct())


def place_in_line(registration: Registration) -> int:
    """Which the person is in the waiting list, from 1."""
    ahead = Registration.objects.waiting().filter(event=registration.event_id, queue__lt=registration.queue)
    return ahead.count() + 1
