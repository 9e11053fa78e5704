"""Orders: prepared, registered through one door, never changed afterwards, amended or cancelled by a later one."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import Letter, SearchEntry, StateChange
from core.states import NotAllowed, WrongState, history, move
from network import order_effects, orders
from network.models import Order, OrderAnnex, OrderIsFinal
from network.models.order import number_key
from network.orders import NewAnnex, OrderNumberTaken, register_order
from tests.factories.orders import DAY, PEOPLE, cancelled_order, draft_order, registered_order
from tests.world import World

pytestmark = pytest.mark.django_db
State = Order.State
MAKE = {State.DRAFT: draft_order, State.REGISTERED: registered_order, State.CANCELLED: cancelled_order}


@pytest.fixture
def done() -> Iterator[list[tuple[str, int]]]:
    """What orders of the purpose `tests.note` did: «done» or «undone», and of which order."""
    seen: list[tuple[str, int]] = []

    @orders.order_effect("tests.note", label="запись", subject=lambda order: order.municipality)
    def note(*, order: Order, by: object) -> None:
        if order.heading == "Отказать":
            raise WrongState("Портал отказал.")
        seen.append(("done", order.pk))

    @orders.order_cancelled("tests.note")
    def undo(*, order: Order, by: object) -> None:
        seen.append(("undone", order.pk))

    yield seen
    order_effects._purposes.pop("tests.note")
    order_effects._on_cancel.pop("tests.note")


@pytest.mark.parametrize(("state", "step"), list(itertools.product(State.values, ["register", "cancel"])))
def test_every_pair_of_state_and_step(state: str, step: str, world: World):
    order = MAKE[State(state)](world.municipality)
    before = history(order).count()
    facts = (
        {"number": "7", "date": DAY, "scan": None, "registrar": world.official} if step == "register" else {}
    )

    if (state, step) in {("draft", "register"), ("registered", "cancel")}:
        move(order, step, by=world.official, **facts)
        assert history(order).count() == before + 1
    else:
        with pytest.raises(WrongState):
            move(order, step, by=world.official, **facts)
        assert (Order.objects.get(pk=order.pk).state, history(order).count()) == (state, before)


def test_draft_takes_the_usual_lines_of_the_municipality(world: World):
    place = world.municipality
    place.approving_body, place.order_kind, place.order_place = (
        " Управление  образования ",
        "directive",
        "г. Озёрск",
    )
    place.signatory_position, place.signatory_name = "Начальник управления", "В. П. Северова"

    order = draft_order(
        place, world.methodist, clauses=[" Создать\nсообщество. ", "", "Назначить."], annexes=[PEOPLE]
    )

    assert (order.body, order.command, order.place) == ("Управление образования", "ОБЯЗЫВАЮ", "г. Озёрск")
    assert (order.signatory_position, order.signatory_name) == ("Начальник управления", "В. П. Северова")
    assert order.clauses == ["Создать сообщество.", "Назначить."]
    assert order.executor.startswith("Методистова")
    assert order.annexes.get().rows[1][1] == "Речкин Пётр Ильич"
    assert (order.state, order.number, order.date, order.requisites) == (
        "draft",
        "",
        None,
        "Проект распоряжения",
    )


def test_registration_keeps_number_date_and_who_and_logs_the_step(world: World):
    draft = draft_order(world.municipality, world.methodist)

    order = register_order(order=draft, number=" 489/2-од ", date=DAY, by=world.official)

    assert (order.number, order.date, order.year) == ("489/2-од", DAY, 2026)
    assert order.registered_by == world.official and order.registered_at is not None
    assert str(order) == "Приказ от 03.10.2026 № 489/2-од «О создании сообщества „Читаем вместе“»"
    step = history(order).get()
    assert (step.from_state, step.to_state, step.by) == ("draft", "registered", world.official)
    assert SearchEntry.objects.get(source="network.order", object_id=order.pk).title == str(order)


def test_who_prepared_the_draft_gets_one_letter_and_the_registrar_none(world: World):
    register_order(
        order=draft_order(world.municipality, world.methodist), number="1", date=DAY, by=world.official
    )
    register_order(
        order=draft_order(world.municipality, world.official), number="2", date=DAY, by=world.official
    )

    letter = Letter.objects.get()
    assert letter.to == world.methodist.email
    assert "№ 1 от 03.10.2026" in letter.subject and "/network/orders/" in letter.text


def test_rights_of_each_step(world: World):
    draft = draft_order(world.municipality, world.methodist)
    for stranger in (world.methodist, world.teacher, world.stranger_official):
        with pytest.raises(NotAllowed):
            register_order(order=draft, number="1", date=DAY, by=stranger)
    for stranger in (world.teacher, world.head, world.stranger_methodist):
        with pytest.raises(NotAllowed):
            draft_order(world.municipality, stranger)
        with pytest.raises(NotAllowed):
            orders.change_order(order=draft, by=stranger)
        with pytest.raises(NotAllowed):
            orders.discard_order(order=draft, by=stranger)

    assert Order.objects.get().state == State.DRAFT


def test_effect_runs_in_the_registration_and_takes_it_back_when_it_refuses(world: World, done):
    order = draft_order(world.municipality, purpose="tests.note")
    register_order(order=order, number="1", date=DAY, by=world.official)
    refused = draft_order(world.municipality, purpose="tests.note", heading="Отказать")

    with pytest.raises(WrongState, match="Портал отказал"):
        register_order(order=refused, number="2", date=DAY, by=world.official)

    assert done == [("done", order.pk)]
    assert orders.subject_of(order) == world.municipality
    left = Order.objects.get(pk=refused.pk)
    assert (left.state, left.number, history(left).count()) == (State.DRAFT, "", 0)


def test_purpose_that_no_app_knows_is_refused_at_once(world: World):
    with pytest.raises(LookupError):
        draft_order(world.municipality, purpose="tests.nobody")

    assert not Order.objects.exists()


@pytest.mark.parametrize("second", ["489/2-од", " 489 / 2 – ОД", "№489/2-Од", "489/2‑од"])
def test_number_is_taken_however_it_is_written(second: str, world: World):
    registered_order(world.municipality, "489/2-од")
    draft = draft_order(world.municipality)

    with pytest.raises(OrderNumberTaken, match=r"уже занят: Приказ от 03\.10\.2026 № 489/2-од"):
        register_order(order=draft, number=second, date=dt.date(2026, 2, 1), by=world.official)

    assert Order.objects.get(pk=draft.pk).state == State.DRAFT


def test_number_is_free_in_another_year_body_and_municipality(world: World):
    registered_order(world.municipality, "5")
    register_order(
        order=draft_order(world.municipality), number="5", date=dt.date(2025, 12, 31), by=world.official
    )
    world.municipality.approving_body = "Комитет по образованию"
    registered_order(world.municipality, "5")
    registered_order(world.far.municipality, "5")

    assert Order.objects.in_force().count() == 4


def test_number_of_a_cancelled_order_stays_taken(world: World):
    cancelled_order(world.municipality, "5")

    with pytest.raises(OrderNumberTaken):
        registered_order(world.municipality, "5")


def test_pressed_twice_is_one_order_and_a_clear_message(world: World, done):
    draft = draft_order(world.municipality, purpose="tests.note")
    register_order(order=draft, number="5", date=DAY, by=world.official)

    with pytest.raises(WrongState, match=r"уже зарегистрирован: Приказ от 03\.10\.2026 № 5"):
        register_order(order=draft, number="5", date=DAY, by=world.official)

    assert len(done) == 1 and history(draft).count() == 1


@pytest.mark.parametrize(
    ("number", "date", "words"),
    [("  ", DAY, "Укажите номер"), ("1", timezone.localdate() + dt.timedelta(days=1), "ещё не наступила")],
)
def test_number_and_date_make_sense(number: str, date: dt.date, words: str, world: World):
    with pytest.raises(WrongState, match=words):
        register_order(order=draft_order(world.municipality), number=number, date=date, by=world.official)


def test_empty_text_is_not_registered(world: World):
    with pytest.raises(WrongState, match="ни одного пункта"):
        register_order(
            order=draft_order(world.municipality, clauses=[]), number="1", date=DAY, by=world.official
        )


def test_later_order_cancels_the_earlier_one_and_undoes_its_effect(world: World, done):
    earlier = registered_order(world.municipality, "5", purpose="tests.note")
    later = registered_order(world.municipality, "6", cancels=earlier)

    earlier = Order.objects.get(pk=earlier.pk)
    assert (earlier.state, later.state) == (State.CANCELLED, State.REGISTERED)
    assert history(earlier).last().reason == "Приказ от 03.10.2026 № 6"
    assert done == [("done", earlier.pk), ("undone", earlier.pk)]


def test_order_is_cancelled_once(world: World):
    earlier = registered_order(world.municipality, "5")
    first, second = (draft_order(world.municipality, cancels=earlier) for _ in range(2))
    register_order(order=first, number="6", date=DAY, by=world.official)

    with pytest.raises(WrongState, match="уже отменён"):
        register_order(order=second, number="7", date=DAY, by=world.official)

    assert Order.objects.get(pk=second.pk).state == State.DRAFT


def test_amended_order_stays_in_force(world: World):
    earlier = registered_order(world.municipality, "5")
    later = registered_order(world.municipality, "6", amends=earlier)

    assert Order.objects.get(pk=earlier.pk).state == State.REGISTERED
    assert list(earlier.amended_by.all()) == [later]


def test_only_an_order_in_force_of_the_same_municipality_is_amended_or_cancelled(world: World):
    gone, foreign = cancelled_order(world.municipality), registered_order(world.far.municipality)

    with pytest.raises(WrongState, match="не действует"):
        draft_order(world.municipality, amends=gone)
    with pytest.raises(NotAllowed):
        draft_order(world.municipality, cancels=foreign)


# A registered order never changes


CHANGES = {
    "heading": "Другое",
    "number": "6",
    "date": dt.date(2026, 1, 1),
    "clauses": ["Иное."],
    "signatory_name": "Я",
}


@pytest.mark.parametrize("name", CHANGES)
def test_registered_order_is_not_changed_by_the_model_nor_past_it(name: str, world: World):
    order = registered_order(world.municipality)

    setattr(order, name, CHANGES[name])
    with pytest.raises(OrderIsFinal):
        order.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**{name: CHANGES[name]})

    assert getattr(Order.objects.get(pk=order.pk), name) != CHANGES[name]


def test_registered_order_goes_back_to_no_draft_and_a_cancelled_one_not_into_force(world: World):
    for order, state in (
        (registered_order(world.municipality, "1"), State.DRAFT),
        (cancelled_order(world.municipality, "2"), State.REGISTERED),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(state=state)


def test_registered_order_is_not_deleted(world: World):
    order = registered_order(world.municipality)

    for delete in (order.delete, Order.objects.filter(pk=order.pk).delete):
        with pytest.raises(OrderIsFinal):
            delete()
    with pytest.raises(WrongState, match="не удаляют"):
        orders.discard_order(order=order, by=world.official)


def test_annex_of_a_registered_order_does_not_change(world: World):
    order = registered_order(world.municipality, annexes=[PEOPLE])
    annex = order.annexes.get()

    for change in (annex.save, annex.delete, lambda: OrderAnnex(order=order, position=2, title="Ещё").save()):
        with pytest.raises(OrderIsFinal):
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderAnnex.objects.update(title="Другое")


def test_draft_changes_until_registered(world: World):
    order = draft_order(world.municipality, annexes=[PEOPLE])
    order.heading = "О другом"
    orders.change_order(order=order, by=world.methodist, annexes=[NewAnnex("План", ["Срок"], [["май"]])])
    stale = Order.objects.get(pk=order.pk)
    register_order(order=order, number="5", date=DAY, by=world.official)

    stale.heading = "Поздно"
    with pytest.raises(WrongState, match="больше не меняют"):
        orders.change_order(order=stale, by=world.official)

    kept = Order.objects.get()
    assert (kept.heading, kept.annexes.get().title) == ("О другом", "План")


def test_discarded_draft_is_gone_from_search_and_pressed_twice_it_is_harmless(world: World):
    order = draft_order(world.municipality, annexes=[PEOPLE])

    orders.discard_order(order=Order.objects.get(pk=order.pk), by=world.methodist)
    orders.discard_order(order=order, by=world.methodist)

    assert not Order.objects.exists() and not OrderAnnex.objects.exists()
    assert not SearchEntry.objects.filter(source="network.order").exists()


def test_database_demands_number_and_date_of_a_registered_order_and_none_of_a_draft(world: World):
    for state, facts in (("registered", {}), ("draft", {"number": "5", "number_key": "5"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.create(
                municipality=world.municipality, body="О", kind="order", heading="О", state=state, **facts
            )


def test_number_key_folds_what_people_write_differently():
    assert {number_key(text) for text in ("13-Р", " 13 -р", "№ 13–р")} == {"13-р"}


def test_visible_to_those_who_manage_the_municipality(world: World):
    order = draft_order(world.municipality)

    def seen(person: object) -> set[Order]:
        return set(Order.objects.visible_to(person))

    assert seen(world.methodist) == seen(world.official) == seen(world.admin) == {order}
    assert seen(world.teacher) == seen(world.head) == seen(world.stranger_official) == set()


def test_state_changes_only_through_the_door(world: World):
    order = draft_order(world.municipality)

    with pytest.raises(AttributeError):
        order.state = State.REGISTERED
    assert not StateChange.objects.exists()
