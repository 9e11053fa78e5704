"""How a community comes to be: by an order, with its leader and members, at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from communities.models import Community, MemberRole, Membership
from core.search import index
from core.states import WrongState
from network.models import Direction, Municipality, Organisation, Person


@transaction.atomic
def found_community(
    *,
    order: Any,
    municipality: Municipality,
    kind: str,
    title: str,
    goal: str,
    direction: Direction,
    starts_on: dt.date,
    ends_on: dt.date | None,
    leader: Person,
    members: Iterable[tuple[Person, Organisation]],
    by: Person | None,
    application: Any = None,
) -> Community:
    """The community that the registered order founds, with its members; the leader is one of them.

    Rights were asked by whoever registers the order. Raises WrongState when the leader is not among the
    members: a community without a leader cannot be.
    """
    places = {person.pk: (person, organisation) for person, organisation in members}
    if leader.pk not in places:
        raise WrongState(f"Руководитель ({leader}) не числится среди участников сообщества «{title}».")
    community = Community.objects.create(
        order=order,
        municipality=municipality,
        kind=kind,
        title=title,
        goal=goal,
        direction=direction,
        starts_on=starts_on,
        ends_on=ends_on,
        application=application,
    )
    Membership.objects.bulk_create(
        Membership(
            community=community,
            person=person,
            organisation=organisation,
            role=MemberRole.LEADER if person.pk == leader.pk else MemberRole.MEMBER,
            joined_on=starts_on,
        )
        for person, organisation in places.values()
    )
    index([community])
    return community
