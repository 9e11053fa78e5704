"""Two hundred people at one door: what the race tests and the benchmark share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from core.states import WrongState
from events.models import Event, Registration
from events.registration import sign_up, withdraw
from network.models import Employment, Organisation, Person, Role

# As many as press at the very same moment. SQLite is the portal on one machine, whose web server takes eight
# requests at a time (config/gunicorn.py); PostgreSQL of the tests takes a hundred connections.
AT_ONCE = 8 if connection.vendor == "sqlite" else 40


def crowd(school: Organisation, size: int) -> list[Person]:
    """Teachers of the school, made in bulk."""
    people = Person.objects.bulk_create(
        Person(email=f"crowd{n}@school.example", last_name=f"Толпин{n}", first_name="Пётр")
        for n in range(size)
    )
    Employment.objects.bulk_create(
        Employment(person=one, organisation=school, role=Role.TEACHER, starts_on=dt.date(2020, 9, 1))
        for one in people
    )
    return people


def press_together(presses: list[Callable[[], object]]) -> list[Exception]:
    """Every press at once, as far as threads go; what went wrong otherwise than by a refusal in words."""
    barrier = Barrier(min(AT_ONCE, len(presses)))

    def press(number: int) -> Exception | None:
        try:
            if number < barrier.parties:
                barrier.wait(60)
            presses[number]()
        except WrongState:
            return None
        except Exception as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [error for error in pool.map(press, range(len(presses))) if error is not None]


def signing_up(event: Event, person: Person) -> Callable[[], object]:
    return lambda: sign_up(event=event, people=[person], by=person)


def leaving(row: Registration) -> Callable[[], object]:
    return lambda: withdraw(registration=row, by=row.person)


def what_is_wrong(event: Event) -> list[str]:
    """Broken promises about the places of the event."""
    event = Event.objects.get(pk=event.pk)
    rows = list(Registration.objects.filter(event=event).order_by("registered_at", "pk"))
    held = sum(row.holds_place for row in rows)
    waiting = [row for row in rows if row.state == Registration.State.WAITING]
    offered = [row for row in rows if row.state == Registration.State.OFFERED]
    wrong = []
    if held > event.capacity:
        wrong.append(f"oversold: {held} people on {event.capacity} places")
    if event.taken != held:
        wrong.append(f"the count of places says {event.taken}, people hold {held}")
    if waiting and held < event.capacity:
        wrong.append(f"{event.capacity - held} places are free while {len(waiting)} wait")
    if len({row.person_id for row in rows}) < len(rows):
        wrong.append("somebody is there twice")
    if [row.queue for row in waiting] != sorted({row.queue for row in waiting}):
        wrong.append("the waiting list is not in the order of signing up")
    if waiting and offered and max(row.queue for row in offered) > waiting[0].queue:
        wrong.append("somebody was passed over in the waiting list")
    return wrong
