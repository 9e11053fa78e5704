"""Who gets where: questionnaires, campaigns, answering."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diagnostics.models import Response
from tests.access import METHODISTS, PUBLIC, SIGNED_IN, rule
from tests.factories.diagnostics import Phone, launched, link_of, make_campaign, make_questionnaire
from tests.world import Place, World

SEE_CAMPAIGNS = rule(own="head methodist official")
MANAGERS_ANYWHERE = rule(own="methodist official")
METHODIST_ANYWHERE = rule(own="methodist")


def methodist_of(world: World, place: Place) -> Any:
    return world.stranger_methodist if place is world.far else world.methodist


def draft(world: World, place: Place) -> dict[str, Any]:
    return {"pk": make_campaign(place.municipality).pk}


def running(world: World, place: Place) -> dict[str, Any]:
    return {"pk": launched(place.municipality, by=methodist_of(world, place)).pk}


def links_of(world: World, place: Place) -> dict[str, Any]:
    return {**running(world, place), "organisation": place.organisation.pk}


def named(world: World, place: Place) -> dict[str, Any]:
    return {"pk": launched(place.municipality, by=methodist_of(world, place), anonymity="named").pk}


def sheet(world: World, place: Place) -> dict[str, Any]:
    """A sheet of the place's teacher in a named campaign."""
    campaign = launched(place.municipality, by=methodist_of(world, place), anonymity="named")
    Phone(link_of(campaign, place.teacher)).fill_in(campaign)
    return {"pk": Response.objects.get(campaign=campaign).pk}


def invitation(world: World, place: Place) -> dict[str, Any]:
    campaign = launched(place.municipality, by=methodist_of(world, place))
    return {"pk": campaign.invitations.get(person=place.teacher).pk}


def questionnaire(published: bool, key: str = "pk") -> Callable[[World, Place], dict[str, Any]]:
    return lambda world, place: {key: make_questionnaire(place.municipality, published=published).pk}


def part(kind: str, key: str = "pk", **more: str) -> Callable[[World, Place], dict[str, Any]]:
    """A topic or an item of a draft."""

    def make(world: World, place: Place) -> dict[str, Any]:
        section = make_questionnaire(place.municipality, published=False).sections.first()
        row = section if kind == "sections" else section.items.first()
        return {key: row.pk, **more}

    return make


def link(**more: Any) -> Callable[[World, Place], dict[str, Any]]:
    def make(world: World, place: Place) -> dict[str, Any]:
        campaign = launched(place.municipality, by=methodist_of(world, place), by_years=True)
        return {"token": link_of(campaign, place.teacher), **more}

    return make


# The methodist may; the official sees it and is told 403; to all others it is not there.
EDITING = METHODISTS.posts().seen(own="official", near="official")
ACTS = METHODISTS.posts().seen(own="official head", near="official head")
PARTS = METHODISTS.seen(own="official", near="official").posts(only=True)

ACCESS = {
    "diagnostics:home": SIGNED_IN,
    "diagnostics:mine": SIGNED_IN,
    "diagnostics:mine-start": rule(own="teacher", admin=False).at(invitation).posts(only=True),
    "diagnostics:response": rule(own="teacher methodist", near="methodist", admin=False).at(sheet),
    "diagnostics:responses": METHODISTS.at(named),
    "diagnostics:questionnaires": MANAGERS_ANYWHERE,
    "diagnostics:questionnaire-new": METHODIST_ANYWHERE.posts(),
    "diagnostics:questionnaire-import": METHODIST_ANYWHERE.posts(),
    "diagnostics:questionnaire": rule(own="methodist official", near="methodist official").at(
        questionnaire(True)
    ),
    "diagnostics:questionnaire-preview": rule(own="methodist official", near="methodist official").at(
        questionnaire(True)
    ),
    "diagnostics:questionnaire-export": rule(own="methodist official", near="methodist official").at(
        questionnaire(True)
    ),
    "diagnostics:questionnaire-edit": EDITING.at(questionnaire(False)),
    "diagnostics:questionnaire-copy": EDITING.at(questionnaire(True)),
    "diagnostics:questionnaire-publication": EDITING.at(questionnaire(False)),
    "diagnostics:questionnaire-archive": EDITING.at(questionnaire(True)),
    "diagnostics:questionnaire-deletion": EDITING.at(questionnaire(False)),
    "diagnostics:section-new": EDITING.at(questionnaire(False, "questionnaire")),
    "diagnostics:section": EDITING.at(part("sections")),
    "diagnostics:item-new": EDITING.at(part("sections", "section")),
    "diagnostics:item": EDITING.at(part("items")),
    "diagnostics:part-act": PARTS.at(part("items", part="items", act="down")),
    "diagnostics:campaigns": SEE_CAMPAIGNS,
    "diagnostics:campaign-new": METHODIST_ANYWHERE.posts(),
    "diagnostics:campaign": rule(own="head methodist official", near="head methodist official").at(running),
    "diagnostics:campaign-edit": EDITING.at(draft),
    "diagnostics:campaign-launch": EDITING.at(draft),
    "diagnostics:campaign-deletion": EDITING.at(draft),
    "diagnostics:campaign-reminder": ACTS.at(running),
    "diagnostics:campaign-closing": ACTS.at(running),
    "diagnostics:other-answers": rule(own="head methodist official", near="head methodist official").at(
        running
    ),
    "diagnostics:participants-new": ACTS.at(running),
    "diagnostics:links": rule(own="head methodist", near="head methodist")
    .seen(own="official", near="official")
    .at(running),
    "diagnostics:links-print": rule(own="head methodist", near="methodist")
    .seen(own="official", near="official")
    .at(links_of)
    .posts(),
    # By the link alone, whoever is signed in.
    "diagnostics:answer": PUBLIC.at(link()).posts(),
    "diagnostics:answer-about": PUBLIC.at(link()).posts(),
    "diagnostics:answer-topic": PUBLIC.at(link(number=1)).posts(),
    "diagnostics:answer-check": PUBLIC.at(link()).posts(),
    "diagnostics:answer-thanks": PUBLIC.at(link()).posts(),
}
