"""Communities for tests: founded by a registered order, changed through the doors people use."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from communities.actions import changes, discussion, membership
from communities.actions.founding import found_community
from communities.models import (
    ChangeKind,
    Community,
    CommunityChange,
    CommunityKind,
    CommunityNews,
    CommunityReport,
    JoinRequest,
    Topic,
)
from core.school_year import SchoolYear
from network.models import Municipality, Order, Organisation, Person, Role
from network.orders import register_order
from tests.factories.network import DirectionFactory, employ
from tests.factories.orders import an_official, registered_order
from tests.world import Place

_numbers = count(1)


def work_of(person: Person) -> Organisation:
    return person.rights.employments[0].organisation


def community_of(leader: Person, *members: Person, **fields: Any) -> Community:
    """A community in force, led by the person, with these members beside."""
    place = work_of(leader)
    today = timezone.localdate()
    given: dict[str, Any] = {
        "kind": CommunityKind.PEDAGOGICAL,
        "title": "Классный руководитель: первые шаги",
        "goal": "Помочь тем, кто ведёт класс первый год.",
        "starts_on": today - dt.timedelta(days=60),
        "ends_on": today + dt.timedelta(days=200),
        **fields,
    }
    return found_community(
        order=given.pop("order", None) or registered_order(place.municipality, f"{next(_numbers)}-сообщ"),
        municipality=place.municipality,
        direction=given.pop("direction", None) or DirectionFactory(),
        leader=leader,
        members=[(person, work_of(person)) for person in (leader, *members)],
        by=None,
        **given,
    )


def community_at(place: Place, **fields: Any) -> Community:
    """Led by the head of the place, its teacher a member."""
    return community_of(place.head, place.teacher, **fields)


def lapsed_community(leader: Person, *members: Person) -> Community:
    """The term ended yesterday, nobody has marked it yet."""
    today = timezone.localdate()
    days = {"starts_on": today - dt.timedelta(days=90), "ends_on": today - dt.timedelta(days=1)}
    return community_of(leader, *members, **days)


def join_request(community: Community, person: Person | None = None) -> JoinRequest:
    person = person or employ(Role.TEACHER, community.memberships.first().organisation)
    return membership.ask_to_join(
        community=community, organisation=work_of(person), reason="Веду пятый класс.", by=person
    )


def extension(community: Community, by: Person | None = None, days: int = 400) -> CommunityChange:
    return changes.ask_change(
        community=community,
        kind=ChangeKind.EXTENSION,
        reason="Работа не закончена.",
        new_ends_on=timezone.localdate() + dt.timedelta(days=days),
        by=by or community.leader.person,
    )


def closing(community: Community) -> CommunityChange:
    return changes.ask_change(
        community=community, kind=ChangeKind.CLOSING, reason="Всё сделано.", by=community.leader.person
    )


def new_leader(community: Community, person: Person) -> CommunityChange:
    return changes.ask_change(
        community=community,
        kind=ChangeKind.LEADER,
        reason="Переезд.",
        new_leader=person,
        by=community.leader.person,
    )


def order_for(change: CommunityChange, by: Person | None = None) -> Order:
    """The draft of the order that makes the change."""
    return changes.prepare_change_order(change=change, by=by or official_of(change.community.municipality))


def carried_out(change: CommunityChange, number: str = "") -> Order:
    official = official_of(change.community.municipality)
    order = order_for(change, official)
    day = timezone.localdate()
    return register_order(order=order, number=number or f"{next(_numbers)}-изм", date=day, by=official)


def official_of(municipality: Municipality) -> Person:
    return Person.objects.get(pk=an_official(municipality).pk)


def topic_in(community: Community, by: Person | None = None, **fields: Any) -> Topic:
    given = {"title": "С чего начать?", "text": "Расскажите, как вы начинали.", "is_public": False, **fields}
    return discussion.start_topic(community=community, by=by or community.leader.person, **given)


def news_of(community: Community, **fields: Any) -> CommunityNews:
    given = {"title": "Первая встреча", "text": "Собрались **все**.", **fields}
    return CommunityNews.objects.create(community=community, author=community.leader.person, **given)


def report_of(community: Community, year: int | None = None, **fields: Any) -> CommunityReport:
    return CommunityReport.objects.create(
        community=community,
        year=year or SchoolYear.current().start,
        text="Провели шесть встреч.",
        handed_by=community.leader.person,
        **fields,
    )
