"""Computed indicators of communities, events, plans and orders against what was put in by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from communities.actions.founding import found_community
from communities.models import Community, CommunityApplication, CommunityReport, Membership
from core.school_year import SchoolYear
from core.states import move
from diagnostics.models import Finding, SupportMeasure
from events.models import Event, Registration
from monitoring.computed import RULES, Scope
from network.models import Direction, Organisation, Person
from tests.factories.applications import whole
from tests.factories.event_plans import EventPlanFactory, PlanItemFactory, approved_plan, days_from_now
from tests.factories.events import make_event
from tests.factories.network import DirectionFactory, employ
from tests.factories.orders import registered_order
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = SchoolYear.current()
DAY = dt.timedelta(days=1)


def scope(world: World, organisation: Organisation | None = None) -> Scope:
    return Scope(world.municipality, YEAR, organisation)


def community(world: World, members: list[Person], number: str, **fields: Any) -> Community:
    """In force since yesterday, with the first of the members as its leader."""
    today = timezone.localdate()
    municipality = fields.pop("municipality", world.municipality)
    return found_community(
        order=registered_order(municipality, number),
        municipality=municipality,
        kind="pedagogical",
        title=f"Сообщество {number}",
        goal="Читать вместе",
        direction=DirectionFactory(),
        starts_on=fields.pop("starts_on", today - DAY),
        ends_on=fields.pop("ends_on", today + 100 * DAY),
        leader=members[0],
        members=[(person, person.rights.employments[0].organisation) for person in members],
        by=None,
    )


def held(world: World, *people: Person, **fields: Any) -> Event:
    """An event of yesterday to which the people came and one signed up and did not."""
    event = make_event(world.school, **{"format": "seminar", **fields})
    absent = employ("teacher", world.school)
    for person in [*people, absent]:
        Registration.objects.create(
            event=event, person=person, organisation=person.rights.employments[0].organisation
        )
    Event.objects.filter(pk=event.pk).update(
        starts_at=timezone.now() - DAY, ends_at=timezone.now() - DAY + dt.timedelta(hours=1)
    )
    event = move(Event.objects.get(pk=event.pk), "hold", by=None)
    Registration.objects.filter(event=event).update(attendance="attended")
    Registration.objects.filter(event=event, person=absent).update(attendance="absent")
    return event


def test_members_of_communities_in_force_are_counted_once(world):
    young = employ("teacher", world.school, service_since=YEAR.start - 1)
    old = employ("teacher", world.near.organisation, service_since=2001)
    gone = employ("teacher", world.school, service_since=YEAR.start)
    today = timezone.localdate()
    both = community(world, [young, old, gone], "1")
    community(world, [young], "2")
    community(world, [world.near.teacher], "3", starts_on=today - 9 * DAY, ends_on=today - DAY)
    community(world, [world.far.teacher], "4", municipality=world.far.municipality)
    Membership.objects.filter(person=gone).update(left_on=today)

    rules, here = RULES, scope(world)

    assert rules["communities_in_force"].count(here) == (2, None)
    # Teachers: young, old, gone, and those of the two schools of the world.
    assert rules["teachers_in_communities"].count(here) == (2, 5)
    assert rules["early_career_in_communities"].count(here) == (1, 2)
    assert rules["organisations_in_communities"].count(here) == (2, 2)
    assert set(rules["teachers_in_communities"].records(here)) == {young, old}
    assert rules["teachers_in_communities"].count(scope(world, world.school)) == (1, 3)
    assert both in rules["communities_in_force"].records(here)


def test_communities_with_plan_and_with_report_of_the_year_before(world):
    planned, bare = (community(world, [employ("teacher", world.school)], number) for number in "12")
    before = YEAR.previous
    Community.objects.filter(pk=planned.pk).update(starts_on=before.starts_on)
    approved_plan(
        world.official, EventPlanFactory(municipality=world.municipality, community=planned), number="44"
    )
    EventPlanFactory(municipality=world.municipality, community=bare)
    rules, here = RULES, scope(world)

    assert rules["communities_with_plan"].count(here) == (1, 2)
    assert rules["communities_with_report"].count(here) == (0, 1)
    CommunityReport.objects.create(
        community=planned, year=before.start, text="Сделано", handed_by=world.teacher
    )
    assert rules["communities_with_report"].count(here) == (1, 1)


def test_applications_are_in_time_within_the_days_of_the_municipality(world):
    days = world.municipality.review_days + world.municipality.decision_days
    now = timezone.now()
    for state, taken in [("approved", days), ("rejected", days + 1), ("in_review", 1)]:
        one = whole(
            world.school,
            kind="pedagogical",
            leader=world.teacher,
            initiator=world.teacher,
            submitted_at=now - taken * DAY,
        )
        one.save()
        CommunityApplication.objects.filter(pk=one.pk).update(
            turn_since=now - dt.timedelta(minutes=1), **_reached(state, world, one.title + state)
        )

    assert RULES["applications_in_time"].count(scope(world)) == (1, 2)


def _reached(state: str, world: World, number: str) -> dict[str, Any]:
    """What the constraints of an application ask in the state."""
    given: dict[str, Any] = {"state": state}
    if state == "approved":
        given["order"] = registered_order(world.municipality, number[:40])
    return given


def test_events_people_and_organisations_that_took_part(world):
    both = employ("teacher", world.school)
    held(world, both, world.near.teacher, format="master_class")
    held(world, both)
    make_event(world.school)
    held_abroad = make_event(world.far.organisation, state="held")
    rules, here = RULES, scope(world)

    assert rules["events_held"].count(here) == (2, None)
    assert rules["practical_events"].count(here) == (1, 2)
    assert rules["participants"].count(here) == (3, None)
    assert rules["registered_who_came"].count(here) == (3, 5)
    # Teachers: `both`, two who did not come, and those of the two schools of the world.
    assert rules["teachers_in_events"].count(here) == (2, 5)
    assert rules["organisations_in_events"].count(here) == (2, 2)
    assert rules["teachers_in_events"].count(scope(world, world.near.organisation)) == (1, 1)
    assert held_abroad not in rules["events_held"].records(here)


def test_areas_with_events_look_at_themes_below_them(world):
    root, other = DirectionFactory(parent=None), DirectionFactory(parent=None)
    held(world, world.teacher, direction=DirectionFactory(parent=root))
    make_event(world.school, direction=other)

    roots = Direction.objects.filter(parent=None, is_active=True).count()

    assert RULES["areas_with_events"].count(scope(world)) == (1, roots)
    assert list(RULES["areas_with_events"].records(scope(world))) == [root]


def test_plan_held_is_of_the_items_whose_time_has_come(world):
    plan = EventPlanFactory(municipality=world.municipality)
    done, late, cancelled, ahead = (
        PlanItemFactory(plan=plan, **days_from_now(days)) for days in (-9, -5, -3, 30)
    )
    other = EventPlanFactory(municipality=world.municipality, organisation=world.school)
    PlanItemFactory(plan=other, **days_from_now(-9))
    before = RULES["plan_held"].count(scope(world))
    approved_plan(world.official, plan)
    held(world, world.teacher, plan_item=done)
    move(cancelled, "cancel", by=None, because="Болезнь")

    assert before == (0, 0)
    assert RULES["plan_held"].count(scope(world)) == (1, 3)
    assert set(RULES["plan_held"].records(scope(world), "denominator")) == {done, late, cancelled}
    assert ahead not in RULES["plan_held"].records(scope(world), "denominator")


def test_supported_findings_have_a_measure_that_was_carried_out(world):
    for marks in ([True, False], [False], []):
        finding = Finding.objects.create(
            municipality=world.municipality, direction=DirectionFactory(), year=YEAR.start
        )
        for is_done in marks:
            SupportMeasure.objects.create(
                finding=finding,
                kind="other",
                title="Памятка",
                done_on=timezone.localdate() if is_done else None,
            )

    assert RULES["supported_findings"].count(scope(world)) == (1, 3)


def test_orders_of_the_year_count_the_cancelled_ones(world):
    first = registered_order(world.municipality, "1-од")
    registered_order(world.municipality, "2-од", cancels=first)
    registered_order(world.far.municipality, "3-од")

    assert RULES["orders_registered"].count(scope(world)) == (2, None)
