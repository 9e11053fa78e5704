"""Orders for tests, made through the door people use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from network.models import Municipality, Order, Person, Role
from network.orders import NewAnnex, prepare_order, register_order
from tests.factories.network import OrganisationFactory, employ

PEOPLE = NewAnnex(
    "Состав сообщества",
    ["№", "Фамилия, имя, отчество", "Организация"],
    [["1", "Озерова Анна Львовна", "Школа № 1"], ["2", "Речкин Пётр Ильич", "Школа № 2"]],
    has_people=True,
)
DAY = dt.date(2026, 10, 3)


def an_official(municipality: Municipality) -> Person:
    """An official of the municipality, the same one for every order."""
    known = Person.objects.filter(
        employments__role=Role.OFFICIAL, employments__organisation__municipality=municipality
    ).first()
    return known or employ(Role.OFFICIAL, OrganisationFactory(municipality=municipality))


def draft_order(municipality: Municipality, by: Person | None = None, **fields: Any) -> Order:
    """A draft with two clauses."""
    texts = {
        "purpose": "",
        "heading": "О создании сообщества «Читаем вместе»",
        "preamble": "В целях поддержки педагогов",
        "clauses": ["Создать сообщество.", "Контроль оставляю за собой."],
    }
    by = by or an_official(municipality)
    return prepare_order(municipality=municipality, by=by, **{**texts, **fields})


def registered_order(
    municipality: Municipality, number: str = "489/2-од", by: Person | None = None, **fields: Any
) -> Order:
    """An order in force, dated 3 October 2026."""
    by = by or an_official(municipality)
    return register_order(order=draft_order(municipality, by, **fields), number=number, date=DAY, by=by)


def cancelled_order(municipality: Municipality, number: str = "489/2-од") -> Order:
    """An order that a later one cancelled."""
    order = registered_order(municipality, number)
    registered_order(municipality, f"{number}/к", cancels=order)
    return Order.objects.get(pk=order.pk)
