"""Pressed at once: one request, one membership, one change, one order that makes it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from communities.actions import changes, membership
from communities.models import CommunityChange, JoinRequest
from communities.terms import watch_terms
from core.models import Letter, StateChange
from network.models import Order, Person, Role
from network.orders import register_order
from tests.events.crowd import press_together
from tests.factories.communities import (
    community_of,
    extension,
    join_request,
    lapsed_community,
    new_leader,
    order_for,
    work_of,
)
from tests.factories.network import OrganisationFactory, employ

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def people():
    """Leader, member, methodist, official and an outsider, all at one school."""
    school = OrganisationFactory()
    roles = (Role.HEAD, Role.TEACHER, Role.METHODIST, Role.OFFICIAL, Role.TEACHER)
    return [employ(role, school) for role in roles]


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_request_pressed_at_once_is_one(people):
    leader, *_, outsider = people
    community = community_of(leader)

    def ask() -> None:
        membership.ask_to_join(
            community=community, organisation=work_of(outsider), reason="Хочу", by=fresh(outsider)
        )

    assert press_together([ask] * AT_ONCE) == []
    assert JoinRequest.objects.count() == 1
    assert Letter.objects.filter(key__contains=":asked:").count() == 1


def test_leader_and_methodist_answer_at_once_and_one_answer_counts(people):
    leader, _, methodist, _, outsider = people
    request = join_request(community_of(leader), outsider)
    presses = [
        lambda: membership.accept(request=request, answer="", by=fresh(leader)),
        lambda: membership.decline(request=request, answer="Мест нет", by=fresh(methodist)),
    ]

    assert press_together(presses * 3) == []
    state = JoinRequest.objects.get().state
    joined = request.community.memberships.filter(person=outsider).count()
    assert (state, joined) in [("accepted", 1), ("declined", 0)]
    assert Letter.objects.filter(key__contains=":answered:").count() == 1


def test_change_asked_for_and_prepared_at_once_is_one(people):
    leader, *_, official, _ = people
    community = community_of(leader)

    assert press_together([lambda: extension(community, by=fresh(leader))] * AT_ONCE) == []
    change = CommunityChange.objects.get()
    prepare = [lambda: changes.prepare_change_order(change=change, by=fresh(official))] * AT_ONCE
    assert press_together(prepare) == []
    assert Order.objects.filter(purpose="communities.extension").count() == 1


def test_leader_changes_once_while_the_new_one_leaves(people):
    """Either the order wins and the leaver is told no, or the leaver has gone and the order stays a draft."""
    leader, member, _, official, _ = people
    community = community_of(leader, member)
    order = order_for(new_leader(community, member), fresh(official))
    today = timezone.localdate()
    presses = [
        lambda: register_order(order=order, number="5", date=today, by=fresh(official)),
        lambda: membership.leave(community=community, reason="", by=fresh(member)),
    ]

    assert press_together(presses) == []
    leads = list(community.memberships.current().filter(role="leader").values_list("person", flat=True))
    order.refresh_from_db()
    assert (order.state, leads) in [("registered", [member.pk]), ("draft", [leader.pk])]


def test_two_clocks_mark_a_lapsed_community_once(people):
    community = lapsed_community(people[0])

    assert press_together([watch_terms] * 4) == []
    community.refresh_from_db()
    assert community.state == "lapsed"
    steps = StateChange.objects.filter(transition="lapse", object_id=str(community.pk))
    assert steps.count() == 1
    assert Letter.objects.filter(key__startswith="community_lapsed:").count() == len({people[0], people[2]})
