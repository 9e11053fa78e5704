"""Signing up for an event against writing the same rows directly; lists of events and of communities against a bare page."""

from __future__ import annotations

import statistics

from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone

from events.models import Event, Registration
from events.registration import sign_up
from network.models import Employment, Person, Role
from tests.bench.measure import Figure, milliseconds, once

PEOPLE = 60


@override_settings(ROOT_URLCONF="tests.bench.pages")
def measure(size: int) -> list[Figure]:
    visitor, methodist = Client(), Client()
    methodist.force_login(
        Person.objects.get(email="methodist@demo.example"), "network.backends.EmploymentBackend"
    )
    month = f"/events/?view=month&month={timezone.localdate():%Y-%m}"
    event = Event.objects.open_for_registration().filter(capacity=None).order_by("pk").first()
    pages = [
        ("public list of events", visitor, "/events/"),
        ("calendar of a month", visitor, month),
        ("card of an event", methodist, f"/events/{event.pk}/"),
        ("participants of an event", methodist, f"/events/{event.pk}/participants/"),
        ("public list of communities", visitor, "/communities/"),
        ("list of applications", methodist, "/communities/applications/"),
    ]
    figures: list[Figure] = []
    for name, client, address in pages:
        assert client.get(address).status_code == 200, address
        floor = milliseconds(lambda: visitor.get("/bare/"))  # beside each page: the machine's pace changes
        figures.append((name, milliseconds(lambda c=client, a=address: c.get(a)), floor, "ms"))
    return [*figures, _signing(event)]


def _signing(event: Event) -> Figure:
    """One person through the door: the lock, the place, the record of it."""
    there = Registration.objects.filter(event=event).values("person")
    jobs = Employment.objects.in_force().filter(role=Role.TEACHER).exclude(person__in=there)
    jobs = list(jobs.select_related("person").order_by("pk")[: 2 * PEOPLE])

    @transaction.atomic
    def write(job: Employment) -> None:
        Registration.objects.bulk_create(
            [
                Registration(
                    event=event,
                    person=job.person,
                    organisation_id=job.organisation_id,
                    registered_by=job.person,
                )
            ]
        )
        Event.objects.filter(pk=event.pk).update(taken=F("taken") + 1)

    def press(job: Employment) -> None:
        sign_up(event=event, people=[job.person], by=job.person)

    def median(action, rows: list[Employment]) -> float:
        return statistics.median(once(lambda row=row: action(row)) * 1000 for row in rows)

    floor = median(write, jobs[:PEOPLE])
    return ("one person signed up", median(press, jobs[PEOPLE:]), floor, "ms")
