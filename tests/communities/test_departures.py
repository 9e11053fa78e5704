"""Belonging to a community on behalf of an organisation goes with working there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from communities.actions.changes import ask_change
from communities.departures import watch_departures
from communities.models import Community, Membership
from core.models import Letter
from core.portal import my_tasks
from network.actions import end_employment
from network.models import Employment, Person, Role
from tests.factories.communities import carried_out, community_at, community_of
from tests.factories.network import employ

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def leaves_work(person: Person, by: Person) -> None:
    for job in person.employments.all():
        end_employment(employment=job, last_day=YESTERDAY, by=by)


def told(community: Community) -> dict[str, str]:
    """Address → text of the letters written by the portal about members."""
    return dict(Letter.objects.filter(key__startswith="membership:").values_list("to", "text"))


def test_member_who_works_nowhere_in_the_municipality_belongs_no_longer_and_leader_is_told(world):
    community = community_at(world.own)
    leaves_work(world.teacher, world.head)

    watch_departures()
    watch_departures()

    ended = Membership.objects.get(community=community, person=world.teacher)
    assert ended.left_on == timezone.localdate()
    assert ended.left_because == f"Больше не работает: {world.school}"
    assert set(told(community)) == {world.teacher.email, world.head.email}
    assert world.teacher.get_full_name() in told(community)[world.head.email]


def test_member_who_moved_within_the_municipality_goes_on_for_the_new_place(world):
    community = community_at(world.own)
    leaves_work(world.teacher, world.head)
    Employment.objects.create(
        person=world.teacher, organisation=world.near.organisation, role=Role.TEACHER, starts_on=YESTERDAY
    )

    watch_departures()
    watch_departures()

    old, new = Membership.objects.filter(community=community, person=world.teacher).order_by("pk")
    assert (old.organisation, new.organisation) == (world.school, world.near.organisation)
    assert old.left_on is not None and new.left_on is None and new.role == old.role
    assert str(world.near.organisation) in told(community)[world.head.email]
    assert fresh(world.teacher).has_perm("communities.discuss_community", community)


def test_leader_without_work_keeps_the_title_until_an_order_but_none_of_the_rights(world):
    community = community_at(world.own)
    leaves_work(world.head, world.official)

    watch_departures()
    watch_departures()

    assert community.leader.person == world.head
    gone = fresh(world.head)
    assert not any(
        gone.has_perm(f"communities.{right}_community", community) for right in ("change", "moderate")
    )
    assert set(told(community)) == {world.methodist.email, world.official.email}
    assert Letter.objects.filter(key__contains=":leader-gone:").count() == 2


def test_methodist_is_asked_to_replace_a_leader_without_work_until_the_order_is_asked_for(world):
    community = community_at(world.own)
    leaves_work(world.head, world.official)

    [task] = [one for one in my_tasks.gather(world.methodist) if "смене руководителя" in one.title]
    assert str(community) in task.title and task.url.endswith("?kind=leader")

    change = ask_change(
        community=community, kind="leader", reason="Уволился.", new_leader=world.teacher, by=world.methodist
    )
    assert not [one for one in my_tasks.gather(fresh(world.methodist)) if "Попросить о смене" in one.title]
    carried_out(change)
    assert Community.objects.get(pk=community.pk).leader.person == world.teacher


def test_who_still_works_there_and_closed_communities_are_left_alone(world):
    community_at(world.own)
    closed = community_of(world.near.head, world.near.teacher)
    Community.objects.filter(pk=closed.pk).update(state="closed", closed_on=YESTERDAY)
    leaves_work(world.near.teacher, world.near.head)

    watch_departures()

    assert not Membership.objects.exclude(left_on=None).exists()
    assert not Letter.objects.filter(key__startswith="membership:").exists()


@pytest.mark.parametrize("size", [1, 12])
def test_looking_takes_the_same_queries_where_nobody_has_left(size, world, django_assert_num_queries):
    community_of(world.head, *(employ(Role.TEACHER, world.school) for _ in range(size)))

    with django_assert_num_queries(1):
        watch_departures()
