"""Who gets where: feedback on an event, for those who run it, and to look at for those who manage the municipality."""

from __future__ import annotations

from typing import Any

from diagnostics.models import Feedback
from tests.access import rule
from tests.access.attendance import RUNNERS, SEEN, event
from tests.factories.feedback import answer, asked, counted, event_of, opened
from tests.world import Place, World

MANAGERS_SEE = {"own": "official", "near": "official"}


def prepared(world: World, place: Place) -> dict[str, Any]:
    """Feedback on an event of the place for which nobody is marked yet."""
    return {
        "pk": asked(event_of(place.organisation, [place.teacher], organiser=place.head), by=place.head).pk
    }


def running(world: World, place: Place) -> dict[str, Any]:
    return {"pk": opened(place.organisation, by=place.head).pk}


def released(world: World, place: Place) -> Feedback:
    """Feedback of six people, counted, with their words."""
    feedback = opened(place.organisation, by=place.head)
    answer(feedback, *[{"take": "карточки для групп", "improve": "больше времени"}] * 6)
    return counted(feedback, by=place.head)


def results(world: World, place: Place) -> dict[str, Any]:
    return {"pk": released(world, place).pk}


def words(world: World, place: Place) -> dict[str, Any]:
    found = released(world, place).words.first()
    assert found is not None
    return {"pk": found.pk}


ACCESS = {
    "diagnostics:feedback-new": RUNNERS.at(event).posts().seen(**SEEN),
    "diagnostics:feedback": rule(own="head methodist official", near="methodist official").at(results),
    "diagnostics:feedback-edit": RUNNERS.at(prepared).posts().seen(**MANAGERS_SEE),
    "diagnostics:feedback-deletion": RUNNERS.at(prepared).posts().seen(**MANAGERS_SEE),
    "diagnostics:feedback-closing": RUNNERS.at(running).posts().seen(**MANAGERS_SEE),
    "diagnostics:feedback-words-hiding": RUNNERS.at(words).posts(only=True).seen(**MANAGERS_SEE),
}
