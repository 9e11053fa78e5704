"""Two hundred people press at once for thirty places while others withdraw: on SQLite and on PostgreSQL."""

from __future__ import annotations

import os

import pytest
from django.db import connection
from django.db.models import F

from core.models import Letter
from events import registration
from events.models import Event, Registration
from events.registration import sign_up
from network.models import Role
from tests.events.crowd import crowd, leaving, press_together, signing_up, what_is_wrong
from tests.factories.events import make_event
from tests.factories.network import OrganisationFactory, employ

PLACES, PRESSING, LEAVING = 30, 200, 20
ROUNDS = int(os.environ.get("RACE_ROUNDS", "8"))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school():
    return OrganisationFactory(short_name="Школа № 1")


@pytest.fixture
def head(school):
    return employ(Role.HEAD, school)


def one_round(school, head, people) -> tuple[Event, list[Exception]]:
    """Thirty are seated; then 200 others press, 30 of them twice, while 20 of the seated withdraw."""
    event = make_event(school, capacity=PLACES)
    seated, others = people[:PLACES], people[PLACES:]
    rows = sign_up(event=event, people=seated, by=head)
    Registration.objects.filter(event=event).update(registered_by=F("person"))
    presses = [signing_up(event, one) for one in [*others, *others[:30]]]
    for number, row in enumerate(rows[:LEAVING]):
        presses.insert(number * 7, leaving(row))
    return event, press_together(presses)


@pytest.mark.slow
def test_never_more_people_than_places_whatever_happens_at_once(school, head):
    people = crowd(school, PLACES + PRESSING)

    for _ in range(ROUNDS):
        event, errors = one_round(school, head, people)

        assert errors == []
        assert what_is_wrong(event) == []
        state = Registration.State
        live = Registration.objects.filter(event=event)
        assert live.filter(state=state.WITHDRAWN).count() == LEAVING
        assert live.filter(state__in=[state.REGISTERED, state.OFFERED]).count() == PLACES
        assert live.filter(state=state.WAITING).count() == PRESSING + PLACES - LEAVING - PLACES
        told = Letter.objects.filter(subject__endswith=event.title, key__contains=":promoted:").count()
        offered = live.filter(state=state.OFFERED).count()
        assert told == offered > 0, "each promotion is told of once"


def test_without_the_guard_the_same_crowd_breaks_every_promise(school, head, monkeypatch):
    """The lock, the conditional update and the constraint taken away: the test above must be able to fail."""
    constraint = next(c for c in Event._meta.constraints if c.name == "event_places_not_oversold")
    others = [c for c in Event._meta.constraints if c is not constraint]
    monkeypatch.setattr(Event._meta, "constraints", others)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Event, constraint)
    monkeypatch.setattr(registration, "locked", lambda event: event)
    monkeypatch.setattr(registration, "_take", take_as_it_looked)
    people = crowd(school, PLACES + PRESSING)
    try:
        event, _ = one_round(school, head, people)
        wrong = what_is_wrong(event)
    finally:
        Event.objects.all().update(taken=0)
        monkeypatch.setattr(Event._meta, "constraints", [*others, constraint])
        with connection.schema_editor() as editor:
            editor.add_constraint(Event, constraint)

    assert any("oversold" in one for one in wrong), wrong


def take_as_it_looked(event: Event, organisation_id: int) -> bool:
    """A place by the count that was read with the page, without a condition in the database."""
    seen = event.taken
    if event.capacity is not None and seen >= event.capacity:
        return False
    Event.objects.filter(pk=event.pk).update(taken=F("taken") + 1)
    return True


def test_the_database_itself_refuses_more_people_than_places(school, head, monkeypatch):
    """Only the constraint is left: some see an error, nobody gets a place that is not there."""
    monkeypatch.setattr(registration, "locked", lambda event: event)
    monkeypatch.setattr(registration, "_take", take_as_it_looked)
    people = crowd(school, 60)
    event = make_event(school, capacity=PLACES)

    errors = press_together([signing_up(Event.objects.get(pk=event.pk), one) for one in people])

    assert errors
    assert Registration.objects.holding().filter(event=event).count() == PLACES
