from __future__ import annotations

from typing import Any

from communities.models import CommunityApplication
from network.models import Municipality
from tests.access import EMPLOYEES, METHODISTS, OFFICIALS, SIGNED_IN, rule
from tests.factories import applications as factory
from tests.world import Place, World


def alone(place: Place) -> Any:
    """The teacher of the place, where one person is enough for a community: a small application is quick to make."""
    Municipality.objects.filter(pk=place.municipality.pk).update(minimum_community_size=1)
    return type(place.teacher).objects.get(pk=place.teacher.pk)


def methodist(world: World, place: Place) -> Any:
    return world.stranger_methodist if place is world.far else world.methodist


def draft(world: World, place: Place) -> dict[str, Any]:
    return {"pk": factory.draft(alone(place), 1).pk}


def submitted(world: World, place: Place) -> dict[str, Any]:
    return {"pk": factory.submitted(alone(place), 1).pk}


def reviewed(world: World, place: Place) -> dict[str, Any]:
    return {"pk": in_review(world, place).pk}


def in_review(world: World, place: Place) -> CommunityApplication:
    return factory.in_review(alone(place), methodist(world, place), size=1)


def asked(world: World, place: Place) -> dict[str, Any]:
    """The expert of the municipality was asked."""
    application = in_review(world, place)
    if place is not world.far:
        factory.ask(application, world.methodist, world.expert)
    return {"pk": application.pk}


def awaiting(world: World, place: Place) -> dict[str, Any]:
    return {"pk": factory.awaiting(alone(place), methodist(world, place), size=1).pk}


# Who sees an application that was submitted and may do nothing with it, by what they may not.
OTHERS = {
    "all": {"own": "teacher head methodist official", "near": "methodist official"},
    "initiator": {"own": "head methodist official", "near": "methodist official"},
    "methodist": {"own": "teacher head official", "near": "official"},
    "official": {"own": "teacher head methodist", "near": "methodist"},
    "asked": {"own": "methodist official", "near": "methodist official"},
}
INITIATOR = rule(own="teacher")

ACCESS = {
    "communities:applications": SIGNED_IN,
    "communities:application-new": rule(own=EMPLOYEES).posts(),
    "communities:application": rule(**OTHERS["all"]).at(submitted),
    "communities:application-edit": INITIATOR.at(draft).posts(),
    "communities:application-members": INITIATOR.at(draft).posts(),
    "communities:application-submission": INITIATOR.at(draft).posts(),
    "communities:application-withdrawal": INITIATOR.at(submitted).posts().seen(**OTHERS["initiator"]),
    "communities:application-participation": rule(own="teacher head")
    .at(submitted)
    .posts()
    .seen(**OTHERS["asked"]),
    "communities:application-review": METHODISTS.at(submitted).posts().seen(**OTHERS["methodist"]),
    "communities:application-opinions": METHODISTS.at(reviewed).posts().seen(**OTHERS["methodist"]),
    "communities:application-opinion": rule(own="expert", near="expert")
    .at(asked)
    .posts()
    .seen(**OTHERS["all"]),
    "communities:application-conclusion": METHODISTS.at(reviewed).posts().seen(**OTHERS["methodist"]),
    "communities:application-return": METHODISTS.at(reviewed).posts().seen(**OTHERS["methodist"]),
    "communities:application-decision": OFFICIALS.at(awaiting).posts().seen(**OTHERS["official"]),
    "communities:application-rejection": OFFICIALS.at(awaiting).posts().seen(**OTHERS["official"]),
}
