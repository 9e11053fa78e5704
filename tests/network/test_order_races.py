"""Two officials at once: one order, one number, one effect, and a clear message for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from core.models import Letter
from core.states import WrongState, history
from network.models import Order, Role
from network.orders import OrderNumberTaken, register_order
from tests.factories.network import employ
from tests.factories.orders import DAY, draft_order, registered_order
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each action gave, or the WrongState it raised."""
    outcomes: list[object] = []
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes.append(action())
        except WrongState as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_one_draft_registered_by_two_officials_is_one_order(world: World):
    other = employ(Role.OFFICIAL, world.authority)
    for number in range(ROUNDS):
        draft = draft_order(world.municipality, world.methodist)

        outcomes = at_once(
            lambda draft=draft, number=number: register(draft, f"{number}/а", world.official),
            lambda draft=draft, number=number: register(draft, f"{number}/б", other),
        )

        late = [one for one in outcomes if isinstance(one, WrongState)]
        assert len(outcomes) == 2 and len(late) == 1 and "уже зарегистрирован" in str(late[0])
        assert history(draft).count() == 1
        assert Order.objects.get(pk=draft.pk).number in (f"{number}/а", f"{number}/б")
    assert Letter.objects.count() == ROUNDS


def test_one_number_for_two_drafts_at_once_goes_to_one(world: World):
    for number in range(ROUNDS):
        drafts = [draft_order(world.municipality) for _ in range(3)]

        outcomes = at_once(
            *(lambda one=one, number=number: register(one, f"{number}-р", world.official) for one in drafts)
        )

        taken = [one for one in outcomes if isinstance(one, OrderNumberTaken)]
        assert len(outcomes) == 3 and len(taken) == 2
        assert all("уже занят: Приказ" in str(error) for error in taken)
        states = sorted(
            Order.objects.filter(pk__in=[one.pk for one in drafts]).values_list("state", flat=True)
        )
        assert states == ["draft", "draft", "registered"]


def test_two_orders_that_cancel_the_same_one_at_once(world: World):
    earlier = registered_order(world.municipality, "1")
    drafts = [draft_order(world.municipality, cancels=earlier) for _ in range(2)]

    outcomes = at_once(*(lambda one=one: register(one, f"{one.pk}-к", world.official) for one in drafts))

    assert sum(isinstance(one, WrongState) for one in outcomes) == 1
    assert history(earlier).count() == 2
    assert Order.objects.in_force().count() == 1


def register(draft: Order, number: str, by: object) -> Order:
    return register_order(order=draft, number=number, date=DAY, by=by)
