from __future__ import annotations

from typing import Any

from events.models import EventPlan
from tests.access import EVERYONE, MANAGERS, PUBLIC, Rule, rule
from tests.factories.event_plans import EventPlanFactory, PlanItemFactory, approved_plan
from tests.world import Place, World

OFFICE = "methodist official"


def draft(world: World, place: Place) -> dict[str, Any]:
    return {"pk": EventPlanFactory(municipality=place.municipality).pk}


def filled(world: World, place: Place) -> dict[str, Any]:
    return {"plan": draft(world, place)["pk"]}


def own(world: World, place: Place) -> dict[str, Any]:
    """The draft of an organisation, which its head keeps."""
    return {"pk": EventPlanFactory(municipality=place.municipality, organisation=place.organisation).pk}


def own_filled(world: World, place: Place) -> dict[str, Any]:
    return {"plan": own(world, place)["pk"]}


def own_item(world: World, place: Place) -> dict[str, Any]:
    plan = EventPlan.objects.get(**own(world, place))
    return {"pk": PlanItemFactory(plan=plan).pk}


def official_of(world: World, place: Place):
    return world.official if place.municipality == world.municipality else world.stranger_official


def approved(world: World, place: Place) -> dict[str, Any]:
    plan = EventPlanFactory(municipality=place.municipality)
    return {"pk": approved_plan(official_of(world, place), plan).pk}


def approved_item(world: World, place: Place) -> dict[str, Any]:
    plan = EventPlanFactory(municipality=place.municipality)
    item = PlanItemFactory(plan=plan)
    approved_plan(official_of(world, place), plan)
    return {"pk": item.pk}


def file(world: World, place: Place) -> dict[str, Any]:
    return {**approved(world, place), "format": "xlsx"}


HEADS = rule(own="head methodist official", near=OFFICE)
PLANNERS = rule(own="head methodist official", near="head methodist official", far="head methodist official")


def everyone(maker: Any) -> Rule:
    return PUBLIC.at(maker).public()


ACCESS = {
    "events:plan-of-year": PUBLIC,
    "events:plans": PUBLIC,
    "events:plan-new": PLANNERS.posts(),
    "events:plan": everyone(approved),
    "events:plan-file": everyone(file),
    "events:plan-item": everyone(approved_item),
    "events:plan-edit": HEADS.at(own).posts(),
    "events:plan-removal": HEADS.at(own).posts(),
    "events:plan-order": MANAGERS.at(draft).posts(),
    "events:plan-own-approval": rule(own="head").at(own).posts().seen(own=OFFICE, near=OFFICE),
    "events:plan-import": HEADS.at(own_filled).posts(),
    "events:plan-item-new": HEADS.at(own_filled).posts(),
    "events:plan-item-edit": HEADS.at(own_item).posts(),
    "events:plan-item-removal": HEADS.at(own_item).posts(),
    "events:plan-item-holding": HEADS.at(own_item).posts(),
    "events:plan-item-move": MANAGERS.at(approved_item)
    .posts()
    .seen(own=EVERYONE, near=EVERYONE, far=EVERYONE),
    "events:plan-item-cancellation": HEADS.at(own_item).posts(),
    "events:plan-item-restoration": HEADS.at(own_item).posts(),
}
