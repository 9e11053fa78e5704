"""Who may be signed up for an event and from where, why nobody can now, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from core.states import NotAllowed, WrongState
from events.models import Event, Registration
from events.rules import admits
from network.models import Employment, Organisation, Person


def moment_words(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y в %H:%M}"


def why_closed(event: Event) -> str:
    """Why nobody can sign up now, in words."""
    now = timezone.now()
    if event.state == Event.State.CANCELLED:
        return "Событие отменено, записаться на него нельзя."
    if event.state != Event.State.REGISTRATION_OPEN:
        return "Запись на это событие не идёт."
    if event.registration_opens_at and event.registration_opens_at > now:
        return f"Запись откроется {moment_words(event.registration_opens_at)}."
    return f"Запись закрылась {moment_words(event.registration_until)}."


def organisations_for(event: Event, people: Iterable[Person], by: Person) -> dict[int, Organisation]:
    """From which organisation each is signed up. Raises NotAllowed or WrongState, naming whom it is about."""
    people = list(people)
    jobs = (
        Employment.objects.in_force()
        .filter(person__in=people, person__is_active=True, organisation__is_active=True)
        .select_related("organisation")
        .order_by("-starts_on", "pk")
    )
    runs = by.has_perm("events.change_event", event)
    found: dict[int, Organisation] = {}
    admitted: set[int] = set()
    for job in jobs:
        if not admits(event, job.organisation):
            continue
        admitted.add(job.person_id)
        if job.person_id == by.pk or runs or job.organisation_id in by.rights.head_of:
            found.setdefault(job.person_id, job.organisation)
    for person in people:
        if person.pk not in admitted:
            raise WrongState(f"{person}: на это событие записывают только {who_is_admitted(event)}.")
        if person.pk not in found:
            raise NotAllowed(f"{person}: записать можно себя или педагогов своей организации.")
    return found


def who_is_admitted(event: Event) -> str:
    """Whose people may sign up, in words: «работающих в …»."""
    if event.level == "school":
        return f"работающих в организации «{event.host}»"
    if event.level == "municipal" or not event.is_public:
        return f"работающих в муниципалитете «{event.municipality}»"
    return "работающих в организациях сети"


def clashes(event: Event, people: Iterable[Person]) -> dict[int, list[Event]]:
    """Other events of each person at the same time: signed up for, waited for, organised or spoken at."""
    people = list(people)
    live = [Registration.State.REGISTERED, Registration.State.WAITING, Registration.State.OFFERED]
    others = (
        Event.objects.exclude(pk=event.pk)
        .exclude(state=Event.State.CANCELLED)
        .filter(starts_at__lt=event.ends_at, ends_at__gt=event.starts_at)
    )
    signed = others.filter(registrations__person__in=people, registrations__state__in=live)
    organised = others.filter(organiser__in=people)
    spoken = others.filter(speakers__person__in=people)
    found: dict[int, dict[int, Event]] = {}
    for rows in (
        signed.annotate(who=F("registrations__person")),
        organised.annotate(who=F("organiser")),
        spoken.annotate(who=F("speakers__person")),
    ):
        for other in rows:
            found.setdefault(other.who, {})[other.pk] = other  # type: ignore[attr-defined]
    return {who: list(events.values()) for who, events in found.items()}
