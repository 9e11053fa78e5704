"""The map, findings, and the import of past answers; the rest of the app is in `diagnostics.py`."""

from __future__ import annotations

from typing import Any

from diagnostics.models import Campaign, Finding, SupportMeasure
from network.models import Direction
from tests.access import MANAGERS, METHODISTS, rule
from tests.factories.events import make_event
from tests.factories.tallies import campaign
from tests.world import Place, World

HEADS_TOO = rule(own="head methodist official", near="head methodist official")


def survey(world: World, place: Place) -> dict[str, Any]:
    return {"pk": campaign(place.municipality).pk}


def past(world: World, place: Place) -> dict[str, Any]:
    return {"pk": campaign(place.municipality, state=Campaign.State.CLOSED).pk}


def direction(world: World, place: Place) -> dict[str, Any]:
    return {**survey(world, place), "direction": Direction.objects.get(code="test-0").pk}


def finding(world: World, place: Place) -> dict[str, Any]:
    made = campaign(place.municipality)
    about = Direction.objects.get(code="test-0")
    return {
        "pk": Finding.objects.create(
            municipality=place.municipality, campaign=made, direction=about, year=2026
        ).pk
    }


def finding_of_measure(world: World, place: Place) -> dict[str, Any]:
    return {"finding": finding(world, place)["pk"]}


def measure(world: World, place: Place) -> dict[str, Any]:
    of = finding_of_measure(world, place)
    made = SupportMeasure.objects.create(finding_id=of["finding"], kind="event", title="Семинар")
    return {**of, "pk": made.pk}


def measure_with_event(world: World, place: Place) -> dict[str, Any]:
    of = finding_of_measure(world, place)
    event = make_event(place.organisation, organiser=place.head)
    made = SupportMeasure.objects.create(finding_id=of["finding"], kind="event", title="Семинар", event=event)
    return {**of, "pk": made.pk}


ACCESS = {
    "diagnostics:map": HEADS_TOO.at(survey),
    "diagnostics:map-direction": HEADS_TOO.at(direction),
    "diagnostics:finding-new": METHODISTS.at(direction)
    .seen(own="head official", near="head official")
    .posts(),
    "diagnostics:answers-import": METHODISTS.at(past).seen(own="head official", near="head official").posts(),
    "diagnostics:findings": rule(own="methodist official"),
    "diagnostics:finding": MANAGERS.at(finding),
    "diagnostics:finding-edit": METHODISTS.at(finding).seen(own="official", near="official").posts(),
    "diagnostics:support": METHODISTS.at(finding).seen(own="official", near="official").posts(),
    "diagnostics:measure-new": METHODISTS.at(finding_of_measure)
    .seen(own="official", near="official")
    .posts(),
    "diagnostics:call": METHODISTS.at(measure_with_event).seen(own="official", near="official").posts(),
    "diagnostics:measure": METHODISTS.at(measure).seen(own="official", near="official").posts(),
}
