"""Two people at once: one decision, one order, one community, an answer that counts or is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from communities.actions import applications as actions
from communities.actions import decision, participants
from communities.models import Community, CommunityApplication
from core.states import WrongState, history
from network.models import Municipality, Order, Person, Role
from network.orders import register_order
from tests.factories import applications as factory
from tests.factories.network import employ
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
State = CommunityApplication.State


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run the steps in threads that start together; «ok» or the words of the refusal for each."""
    start, said = threading.Barrier(len(steps)), [""] * len(steps)

    def run(number: int, step: Callable[[], object]) -> None:
        try:
            start.wait(10)
            step()
            said[number] = "ok"
        except WrongState as refusal:
            said[number] = f"refused: {refusal}"
        except Exception as error:
            said[number] = f"failed: {error!r}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said


@pytest.fixture
def second(world: World) -> Person:
    """Another official of the same authority; two people are enough for a community here."""
    Municipality.objects.update(minimum_community_size=2)
    world.teacher.refresh_from_db()
    return employ(Role.OFFICIAL, world.authority)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_two_officials_prepare_one_order(world, second):
    for _ in range(ROUNDS):
        application = factory.awaiting(fresh(world.teacher), world.methodist, size=2)

        said = at_once(
            *(
                lambda by=by, one=application: decision.prepare_founding_order(application=one, by=fresh(by))
                for by in (world.official, second)
            )
        )

        assert said == ["ok", "ok"]
        assert Order.objects.filter(application=application).count() == 1
    assert Order.objects.count() == ROUNDS


@pytest.mark.parametrize("step", ["reject", "return_back"])
def test_registered_by_one_official_and_turned_down_by_another_it_has_one_end(step, world, second):
    for number in range(ROUNDS):
        order = factory.ordered(fresh(world.teacher), world.methodist, world.official, size=2)
        application = CommunityApplication.objects.get(order=order)

        said = at_once(
            lambda order=order, number=number: register_order(
                order=order, number=f"{number}-од", date=timezone.localdate(), by=fresh(world.official)
            ),
            lambda one=application: getattr(actions, step)(application=one, reason="Нет", by=fresh(second)),
        )

        application = CommunityApplication.objects.get(pk=application.pk)
        founded = Community.objects.filter(application=application).count()
        assert sorted(word.partition(":")[0] for word in said) == ["ok", "refused"], said
        if application.state == State.APPROVED:
            assert founded == 1 and application.order.state == Order.State.REGISTERED
        else:
            assert founded == 0 and application.order is None
            assert not Order.objects.filter(pk=order.pk).exists()
        assert history(application).filter(transition__in=["approve", step]).count() == 1


def test_order_registered_twice_at_once_founds_one_community(world, second):
    order = factory.ordered(fresh(world.teacher), world.methodist, world.official, size=2)

    said = at_once(
        *(
            lambda by=by, number=number: register_order(
                order=order, number=f"{number}-од", date=timezone.localdate(), by=fresh(by)
            )
            for number, by in enumerate((world.official, second))
        )
    )

    assert sorted(word.partition(":")[0] for word in said) == ["ok", "refused"], said
    assert Community.objects.count() == 1 and Community.objects.get().memberships.count() == 2


def test_refusal_at_the_moment_of_the_order_is_in_it_or_is_told(world, second):
    for _ in range(ROUNDS):
        application = factory.awaiting(fresh(world.teacher), world.methodist, size=3)
        member = application.members.exclude(person=world.teacher).select_related("person").first().person

        said = at_once(
            lambda one=application: decision.prepare_founding_order(
                application=one, by=fresh(world.official)
            ),
            lambda one=application, who=member: participants.answer(
                application=one, agrees=False, by=fresh(who)
            ),
        )

        annex = Order.objects.get(application=application).annexes.get()
        listed = any(member.get_full_name() in row for row in annex.rows)
        declined = application.members.get(person=member).answer == "declined"
        assert said[0] == "ok" and listed != declined and (said[1] == "ok") == declined, said


def test_submission_pressed_twice_keeps_one_version(world, second):
    application = factory.draft(fresh(world.teacher), 2)

    said = at_once(
        *[lambda: actions.submit(application=application, by=fresh(world.teacher))] * 2,
    )

    assert sorted(word.partition(":")[0] for word in said) == ["ok", "refused"], said
    assert application.versions.count() == 1 and history(application).count() == 1
