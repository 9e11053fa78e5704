"""Events and who is signed up for them; states are reached by real steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone

from core.states import move
from events.attendance import Mark, mark
from events.certificates import issue, revoke
from events.models import Certificate, Event, Registration, Series
from events.registration import sign_up
from network.models import Organisation, Person
from tests.factories.network import MunicipalityFactory, OrganisationFactory, PersonFactory

Reached = Event.State


class SeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Series

    municipality = factory.SubFactory(MunicipalityFactory)
    title = factory.Sequence(lambda n: f"Постоянный семинар {n}")


class EventFactory(factory.django.DjangoModelFactory):
    """A planned event ten days from now, two hours long; `host` gives the municipality."""

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"Мастер-класс {n}")
    format = "master_class"
    host = factory.SubFactory(OrganisationFactory)
    municipality = factory.LazyAttribute(lambda o: o.host.municipality)
    organiser = factory.SubFactory(PersonFactory)
    place = "актовый зал"
    starts_at = factory.LazyFunction(lambda: timezone.now().replace(microsecond=0) + dt.timedelta(days=10))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + dt.timedelta(hours=2))


def make_event(host: Organisation, *, state: str = Reached.REGISTRATION_OPEN, **fields: Any) -> Event:
    """An event of the host brought to the state by its steps; the moment of a past one is set afterwards."""
    starts_at = fields.pop("starts_at", None)
    event = EventFactory(host=host, **fields)
    if state == Reached.ANNOUNCED:
        event = move(event, "announce", by=None)
    elif state != Reached.PLANNED:
        event = move(event, "open_registration", by=None)
    if starts_at is None and state in (Reached.HELD, Reached.REPORTED):
        starts_at = timezone.now() - dt.timedelta(days=1)
    if starts_at is not None:
        event = at(event, starts_at)
    if state in (Reached.HELD, Reached.REPORTED):
        event = move(event, "hold", by=None)
    if state == Reached.REPORTED:
        Event.objects.filter(pk=event.pk).update(results="Разобрали шесть заданий.")
        event = move(event, "report", by=None)
    if state == Reached.CANCELLED:
        event = move(event, "cancel", by=None, reason="Болезнь ведущего")
    return event


def at(event: Event, starts_at: dt.datetime) -> Event:
    """The event as if it began at the moment, as long as before."""
    Event.objects.filter(pk=event.pk).update(
        starts_at=starts_at, ends_at=starts_at + (event.ends_at - event.starts_at)
    )
    event.refresh_from_db()
    return event


def signed_up(event: Event, person: Person, *, by: Person | None = None) -> Registration:
    """The person signed up for the event through the door."""
    return sign_up(event=event, people=[person], by=by or person)[0]


def registration_in(event: Event, person: Person, organisation: Organisation, state: str) -> Registration:
    """A registration put into the state with what the database demands of it, without its steps."""
    waits, offered = state in ("waiting", "offered"), state == "offered"
    return Registration.objects.create(
        event=event,
        person=person,
        organisation=organisation,
        registered_by=person,
        state=state,
        queue=1 if waits else None,
        offered_until=timezone.now() + dt.timedelta(hours=2) if offered else None,
    )


def certificate_in(host: Organisation, person: Person, by: Person, state: str = "issued") -> Certificate:
    """The certificate of somebody who came to an event of the host, issued (and revoked) by who runs it."""
    event = make_event(host, organiser=by)
    row = signed_up(event, person)
    event = move(at(event, timezone.now() - dt.timedelta(hours=3)), "hold", by=by)
    mark(event=event, marks={row.pk: Mark("attended")}, by=by)
    (one,) = issue(event=event, by=by)
    return one if state == "issued" else revoke(certificate=one, reason="Ошибка в имени", by=by)
