"""Orders: prepared by any app, registered through one door, amended or cancelled by a later one.

What the registration does in the portal an app above says in `network.order_effects`. A draft is offered with
`prepare_order(purpose="communities.approve", …)`; the official registers it on the pages of orders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from core import search
from core.letters import queue_letter
from core.states import NotAllowed, WrongState, move
from network.models import Municipality, Order, OrderAnnex, Person
from network.models.order import COMMAND_WORDS, number_key
from network.order_effects import (
    foretell_cancelling,
    order_cancelled,
    order_effect,
    purpose_of,
    subject_of,
    undos_of,
)

__all__ = [
    "NewAnnex",
    "OrderNumberTaken",
    "attach_scan",
    "body_of",
    "change_order",
    "discard_order",
    "foretell_cancelling",
    "order_cancelled",
    "order_effect",
    "prepare_order",
    "purpose_of",
    "register_order",
    "subject_of",
    "taken_by",
    "write_order",
]


class OrderNumberTaken(WrongState):
    """That body has registered another order under this number in the same calendar year."""


@dataclass(frozen=True)
class NewAnnex:
    """An annex to be: a table of texts. `has_people` keeps it from visitors."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    has_people: bool = False


@transaction.atomic
def prepare_order(
    *,
    municipality: Municipality,
    purpose: str,
    heading: str,
    preamble: str,
    clauses: Iterable[str],
    annexes: Iterable[NewAnnex] = (),
    by: Person,
    amends: Order | None = None,
    cancels: Order | None = None,
    place: str = "",
) -> Order:
    """A draft with the usual lines of the municipality's orders; edited until it is registered.

    Raises NotAllowed unless `by` may prepare orders there, LookupError for a purpose no app knows, WrongState
    when the earlier order is not in force.
    """
    order = Order(
        municipality=municipality,
        kind=municipality.order_kind,
        purpose=purpose,
        heading=heading,
        preamble=preamble,
        command=COMMAND_WORDS[municipality.order_kind],
        clauses=list(clauses),
        place=place or municipality.order_place,
        signatory_position=municipality.signatory_position,
        signatory_name=municipality.signatory_name,
        executor=", ".join(filter(None, [by.get_full_name(), by.phone])),
    )
    return write_order(order=order, annexes=annexes, by=by, amends=amends, cancels=cancels)


@transaction.atomic
def write_order(
    *,
    order: Order,
    annexes: Iterable[NewAnnex] = (),
    by: Person,
    amends: Order | None = None,
    cancels: Order | None = None,
) -> Order:
    """Save a new draft whose text is there; raises what `prepare_order` raises."""
    if not by.has_perm("network.add_order", order):
        raise NotAllowed("Акты этого муниципалитета готовят его методисты и специалисты управления.")
    order.body, order.created_by = body_of(order.municipality), by
    order.amends, order.cancels, order.clauses = amends, cancels, _texts(order.clauses)
    purpose_of(order)
    _check_earlier(order)
    order.save()
    _write_annexes(order, annexes)
    search.index([order])
    return order


@transaction.atomic
def change_order(*, order: Order, by: Person, annexes: Iterable[NewAnnex] | None = None) -> Order:
    """Save a changed draft, with its annexes where they are given. Raises WrongState once it is registered."""
    if not by.has_perm("network.change_order", order):
        raise NotAllowed("Проект меняют методист и специалист управления его муниципалитета.")
    stored = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if not stored.is_draft:
        raise WrongState(f"{stored.requisites} уже зарегистрирован: акт больше не меняют.")
    order.clauses = _texts(order.clauses)
    _check_earlier(order)
    order.save()
    if annexes is not None:
        order.annexes.all().delete()
        _write_annexes(order, annexes)
    search.index([order])
    return order


@transaction.atomic
def discard_order(*, order: Order, by: Person) -> None:
    """Delete a draft that nobody needs. Raises WrongState once it is registered or where a record holds it."""
    if not by.has_perm("network.change_order", order):
        raise NotAllowed("Проект удаляют методист и специалист управления его муниципалитета.")
    stored = Order.objects.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if stored is None:
        return
    if not stored.is_draft:
        raise WrongState(f"{stored.requisites} уже зарегистрирован: акт не удаляют, его отменяет следующий.")
    search.forget(stored)
    try:
        stored.delete()
    except ProtectedError as error:
        raise WrongState("На этот проект опираются другие записи портала, удалить его нельзя.") from error


def register_order(*, order: Order, number: str, date: dt.date, scan: Any = None, by: Person) -> Order:
    """Make the draft official under the office's number and date, and do what the order orders.

    All in one transaction. Raises NotAllowed; OrderNumberTaken when that body has used the number that year;
    WrongState when somebody was quicker, the text is empty, the date is ahead, or the effect refuses.
    """
    if not number_key(number):
        raise WrongState("Укажите номер, под которым акт записан в журнале регистрации.")
    if date > timezone.localdate():
        raise WrongState(f"Дата {date:%d.%m.%Y} ещё не наступила: акт регистрируют днём подписания.")
    with transaction.atomic():
        _check_draft(order)
        try:
            order = move(order, "register", by=by, number=number, date=date, scan=scan, registrar=by)
        except IntegrityError as error:
            raise _taken(order, number, date, error) from error
        if order.cancels is not None:
            _cancel(order.cancels, by, order)
        purpose = purpose_of(order)
        if purpose is not None:
            purpose.apply(order=order, by=by)
        search.index([order])
        _tell_author(order, by)
    return order


@transaction.atomic
def attach_scan(*, order: Order, scan: Any, by: Person) -> Order:
    """Add the signed sheet to a registered order, once. Raises WrongState when there is one."""
    if not by.has_perm("network.register_order", order):
        raise NotAllowed("Скан прикрепляет специалист управления образованием.")
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.is_draft or order.scan:
        raise WrongState("Скан прикрепляют один раз, к зарегистрированному акту.")
    order.scan = scan
    order.save(update_fields=["scan"])
    return order


def body_of(municipality: Municipality) -> str:
    """The body in whose register numbers are counted."""
    return " ".join((municipality.approving_body or municipality.name).split())


def taken_by(order: Order, number: str, date: dt.date) -> Order | None:
    """The order that holds this number of the body in that calendar year."""
    same = Order.objects.published().filter(
        municipality=order.municipality_id, body=order.body, year=date.year, number_key=number_key(number)
    )
    return same.exclude(pk=order.pk).first()


def _taken(order: Order, number: str, date: dt.date, error: IntegrityError) -> WrongState | IntegrityError:
    holder = taken_by(order, number, date)
    if holder is None:
        return error
    return OrderNumberTaken(
        f"Номер {' '.join(number.split())} в {date.year} году уже занят: {holder}. Проверьте номер в журнале."
    )


def _cancel(earlier: Order, by: Person, order: Order) -> None:
    try:
        earlier = move(earlier, "cancel", by=by, reason=order.requisites)
    except WrongState as error:
        raise WrongState(f"{earlier.requisites} уже отменён другим актом.") from error
    for undo in undos_of(earlier):
        undo.run(order=earlier, by=by)
    search.index([earlier])


def _check_draft(order: Order) -> None:
    stored = Order.objects.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if stored is None:
        raise WrongState("Этот проект удалили, регистрировать нечего.")
    if not stored.is_draft:
        raise WrongState(f"Этот акт уже зарегистрирован: {stored.requisites}.")
    if not stored.is_complete:
        raise WrongState("В проекте нет заголовка или ни одного пункта: допишите текст и регистрируйте.")


def _check_earlier(order: Order) -> None:
    for earlier in (order.amends, order.cancels):
        if earlier is None:
            continue
        if earlier.municipality_id != order.municipality_id:
            raise NotAllowed("Акт другого муниципалитета изменяет и отменяет он сам.")
        if earlier.state != Order.State.REGISTERED:
            raise WrongState(f"{earlier.requisites} не действует: изменять или отменять нечего.")


def _texts(clauses: Iterable[str]) -> list[str]:
    return [text for clause in clauses if (text := " ".join(clause.split()))]


def _write_annexes(order: Order, annexes: Iterable[NewAnnex]) -> None:
    for position, annex in enumerate(annexes, 1):
        OrderAnnex.objects.create(
            order=order,
            position=position,
            title=annex.title,
            columns=list(annex.columns),
            rows=[[str(cell) for cell in row] for row in annex.rows],
            has_people=annex.has_people,
        )


def _tell_author(order: Order, by: Person) -> None:
    author = order.created_by
    if author is None or author == by or not author.email or not author.is_active:
        return
    queue_letter(
        key=f"order:{order.pk}:registered",
        to=author.email,
        subject=f"Зарегистрирован акт № {order.number} от {order.date:%d.%m.%Y}",
        template="order_registered",
        context={
            "order": order,
            "name": author.get_short_name(),
            "url": f"{settings.SITE_URL}{order.get_absolute_url()}",
        },
    )
