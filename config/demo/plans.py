"""Plans of events of the demo: of the municipality for two years, of communities, of the head's school."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from communities.models import Community, MemberRole, Membership
from config.demo.plan_words import OF_COMMUNITY, OF_SCHOOL, ROUGH
from core.school_year import SchoolYear
from events import planning
from events.models import Event, EventPlan, PlanItem
from events.plan_approval import prepare_approval
from events.rough_dates import read_rough_date, words_of
from network.models import Direction, Municipality, Person
from network.orders import register_order

NOTES = ("Проведено по программе, материалы разосланы.", "24 участника, протокол в методическом центре.", "")
MOST_OF_EVENTS = 32


@transaction.atomic
def make_plans(municipality: Municipality, accounts: dict[str, Person], rng: random.Random) -> None:
    """Call it after the events and communities: items are made of them too."""
    now = SchoolYear.current()
    for number, year in enumerate((now.previous, now)):
        plan = _begin(EventPlan(municipality=municipality, year=year.start), accounts["methodist"])
        _fill(plan, ROUGH, rng, people=[accounts["methodist"]])
        _from_events(plan, Event.objects.filter(municipality=municipality, community=None), MOST_OF_EVENTS)
        _approve(plan, f"{411 + number}-м", dt.date(year.start, 8, 28), accounts)
        _settle(plan, accounts["methodist"], rng)
    _of_communities(municipality, now, accounts, rng)
    school = accounts["head"].rights.employments[0].organisation
    own = _begin(EventPlan(municipality=municipality, organisation=school, year=now.start), accounts["head"])
    _fill(own, [(*row, "педагоги школы", "", "") for row in OF_SCHOOL], rng, people=[accounts["head"]])
    planning.approve_own_plan(plan=own, number="87", date=dt.date(now.start, 9, 2), by=accounts["head"])


def _begin(plan: EventPlan, by: Person) -> EventPlan:
    return planning.begin_plan(plan=plan, by=by)


def _fill(
    plan: EventPlan, rows: Iterable[tuple[str, ...]], rng: random.Random, *, people: list[Person]
) -> None:
    directions = list(Direction.objects.filter(is_active=True, parent__isnull=False).order_by("pk"))
    centre = plan.municipality.centre_name if plan.organisation is None else ""
    items = []
    for position, (title, form, when, audience, result, measure) in enumerate(rows, 1):
        item = PlanItem(
            plan=plan, position=position, title=title, format=form, audience=audience,
            expected_result=result, measure=measure, place=centre,
            responsible=people[0].initials, responsible_person=people[0] if rng.random() < 0.5 else None,
            direction=rng.choice(directions) if directions and rng.random() < 0.6 else None,
        )  # fmt: skip
        item.set_when(when, read_rough_date(when, plan.school_year))
        items.append(item)
    PlanItem.objects.bulk_create(items)


def _from_events(plan: EventPlan, events: Iterable[Event], most: int) -> None:
    """Items for events of the year that are there already, tied to them."""
    found = list(events.of_year(plan.school_year).filter(plan_item=None).order_by("starts_at", "pk")[:most])
    items = []
    for position, event in enumerate(found, 100):
        day = timezone.localtime(event.starts_at)
        item = PlanItem(
            plan=plan, position=position, title=event.title, format=event.format, direction_id=event.direction_id,
            audience=event.audience, organisation_id=event.host_id,
            responsible_person_id=event.organiser_id, expected_result="Материалы у участников",
        )  # fmt: skip
        words = words_of(day.date(), day.date())
        item.set_when(f"{words}, {day:%H:%M}", read_rough_date(words, plan.school_year))
        items.append(item)
    PlanItem.objects.bulk_create(items)
    for event, item in zip(found, items, strict=True):
        event.plan_item = item
    Event.objects.bulk_update(found, ["plan_item"], batch_size=100)


def _of_communities(
    municipality: Municipality, year: SchoolYear, accounts: dict[str, Person], rng: random.Random
) -> None:
    """Most communities have a plan: some approved, some drafts; a few have not handed it in."""
    communities = Community.objects.filter(municipality=municipality, state="active").order_by("pk")
    leaders = Membership.objects.current().filter(role=MemberRole.LEADER, community__in=communities)
    leader_of = {row.community_id: row.person for row in leaders.select_related("person")}
    for number, community in enumerate(communities):
        if number % 5 == 4:
            continue
        plan = _begin(
            EventPlan(municipality=municipality, community=community, year=year.start), accounts["methodist"]
        )
        rows = [
            (title, form, when, "участники сообщества", result, "")
            for title, form, when, result in OF_COMMUNITY
        ]
        _fill(plan, rows, rng, people=[leader_of.get(community.pk, accounts["methodist"])])
        _from_events(plan, Event.objects.filter(community=community), 12)
        if number % 4 != 3:
            _approve(plan, f"{430 + number}-м", dt.date(year.start, 9, 21), accounts)


def _approve(plan: EventPlan, number: str, day: dt.date, accounts: dict[str, Person]) -> None:
    order = prepare_approval(plan=plan, by=accounts["methodist"])
    register_order(order=order, number=number, date=min(day, timezone.localdate()), by=accounts["official"])


def _settle(plan: EventPlan, by: Person, rng: random.Random) -> None:
    """What is over was mostly held; something moved, something was cancelled, something nobody marked yet."""
    plan = EventPlan.objects.get(pk=plan.pk)
    late = plan.items.with_outcome().late().by_date().filter(events__isnull=True)
    for number, item in enumerate(late):
        if number % 9 == 4:
            planning.cancel_item(
                item=item, reason="Педагоги заняты на аттестации, тема войдёт в план весны.", by=by
            )
        elif number % 9 == 6 and plan.year == SchoolYear.current().start:
            meant = read_rough_date("февраль", plan.school_year)
            planning.move_item(
                item=item, words="февраль", meant=meant, reason="Карантин в двух школах.", by=by
            )
        elif number % 9 != 8 or plan.year != SchoolYear.current().start:
            planning.hold_item(item=item, on=item.ends_on, note=rng.choice(NOTES), by=by)
