"""Letters about an event and about a place at it; each is queued in the transaction of what it tells of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from core.letters import queue_letters
from events.models import Event, Registration
from network.models import Person


def signed_up(rows: Iterable[Registration], event: Event, by: Person) -> None:
    """To people whom another signed up: who did it, and that they may decline."""
    _to_people(
        rows, event, "signed-up", "event_signed_up", "Вас записали", lambda row: row.registered_at, by=by
    )


def promoted(rows: Iterable[Registration], event: Event) -> None:
    """To people of the waiting list for whom a place is free: to answer, or it is theirs already."""
    _to_people(rows, event, "promoted", "event_place", "Освободилось место", lambda row: row.promoted_at)


def lapsed(row: Registration, event: Event) -> None:
    _to_people(
        [row], event, "lapsed", "event_lapsed", "Место перешло следующему", lambda row: row.promoted_at
    )


def removed(row: Registration, event: Event, reason: str) -> None:
    _to_people(
        [row], event, "removed", "event_removed", "Запись снята", lambda row: row.registered_at, reason=reason
    )


def withdrawn(row: Registration, event: Event, by: Person) -> None:
    """To the person when the head took the registration back."""
    if by.pk != row.person_id:
        _to_people(
            [row], event, "withdrawn", "event_withdrawn", "Запись снята", lambda row: row.answered_at, by=by
        )


def declined(row: Registration, event: Event) -> None:
    """To whoever signed the person up."""
    by = row.registered_by
    if by is None or by.pk == row.person_id:
        return
    context = {"who": row.person.get_full_name()}
    _queue(
        [(by, _key(row, "declined", row.answered_at), context)], event, "event_declined", "Отказ от участия"
    )


def moved(event: Event, before: Event, reason: str) -> int:
    """To everybody signed up or waiting, and the speakers of the network; returns how many letters."""
    stamp = f"{event.starts_at:%Y%m%d%H%M}:{event.ends_at:%Y%m%d%H%M}:{event.place}"
    return _to_concerned(event, f"moved:{stamp}", "event_moved", "Перенос", before=before, reason=reason)


def cancelled(event: Event, reason: str) -> int:
    return _to_concerned(event, "cancelled", "event_cancelled", "Событие отменено", reason=reason)


def concerned(event: Event) -> list[Person]:
    """Everybody whom a change of the event concerns: signed up, waiting, speaking, responsible."""
    people = {
        row.person_id: row.person
        for row in event.registrations.live().select_related("person").order_by("pk")
    }
    for speaker in event.speakers.exclude(person=None).select_related("person"):
        if speaker.person is not None:
            people.setdefault(speaker.person.pk, speaker.person)
    people.setdefault(event.organiser_id, event.organiser)
    return list(people.values())


def _to_concerned(event: Event, step: str, template: str, subject: str, **context: Any) -> int:
    people = [(person, f"event:{event.pk}:{step}:{person.pk}", context) for person in concerned(event)]
    return _queue(people, event, template, subject)


def _to_people(
    rows: Iterable[Registration],
    event: Event,
    step: str,
    template: str,
    subject: str,
    when: Any,
    **context: Any,
) -> None:
    people = [(row.person, _key(row, step, when(row)), {"registration": row, **context}) for row in rows]
    _queue(people, event, template, subject)


def _key(row: Registration, step: str, moment: dt.datetime | None) -> str:
    """One letter a step: the moment of the step tells a second sign-up from the first."""
    return f"registration:{row.pk}:{step}:{moment.timestamp() if moment else 0:.3f}"


def _queue(
    people: Iterable[tuple[Person, str, dict[str, Any]]], event: Event, template: str, subject: str
) -> int:
    """Queue a letter to each who has an address; returns how many."""
    url = f"{settings.SITE_URL}{event.get_absolute_url()}"
    told = [
        {
            "key": key,
            "to": person.email,
            "subject": f"{subject}: {event.title}",
            "template": template,
            "context": {"event": event, "name": person.get_short_name(), "url": url, **context},
        }
        for person, key, context in people
        if person.email and person.is_active
    ]
    queue_letters(told)
    return len(told)
