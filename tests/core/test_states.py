"""The one door of states: who, when, the log row, two at once. Shown on a decision of monitoring."""

import threading

import pytest
from django.db import connection

from core.models import StateChange
from core.states import NotAllowed, WrongState, history, may, move
from tests.factories.monitoring import DecisionFactory


@pytest.fixture
def decision(world):
    return DecisionFactory(municipality=world.municipality, created_by=world.official)


def test_step_is_taken_and_logged_with_who_and_why(decision, world):
    moved = move(decision, "assign", by=world.official, reason="по итогам отчёта")

    step = history(decision).get()
    assert moved.state == "assigned"
    assert (step.from_state, step.to_state, step.by, step.reason) == (
        "draft",
        "assigned",
        world.official,
        "по итогам отчёта",
    )


def test_step_without_the_right_changes_nothing(decision, world):
    for stranger in (world.teacher, world.stranger_official):
        with pytest.raises(NotAllowed):
            move(decision, "assign", by=stranger)

    decision.refresh_from_db()
    assert decision.state == "draft"
    assert not StateChange.objects.exists()


def test_step_from_a_wrong_state_is_told_in_russian(decision, world):
    move(decision, "assign", by=world.official)

    with pytest.raises(WrongState, match="в состоянии"):
        move(decision, "assign", by=world.official)

    assert history(decision).count() == 1


def test_portal_itself_needs_no_right(decision):
    assert move(decision, "assign", by=None).state == "assigned"
    assert history(decision).get().by is None


def test_button_is_shown_to_whom_the_step_is_open(decision, world):
    assert may(world.official, decision, "assign")
    assert not may(world.teacher, decision, "assign")
    assert not may(world.official, decision, "check_done")


def test_state_is_not_assigned_past_the_door(decision):
    with pytest.raises(AttributeError):
        decision.state = "checked"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_moves_it(world):
    decision = DecisionFactory(municipality=world.municipality, created_by=world.official)
    outcomes, start = [], threading.Barrier(2)

    def press():
        start.wait()
        try:
            outcomes.append(move(decision, "assign", by=world.official).state)
        except WrongState:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["assigned", "late"]
    assert history(decision).count() == 1
