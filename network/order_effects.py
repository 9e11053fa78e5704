"""What an order does in the portal when it is registered or cancelled, said by the apps above.

An app above makes its order do something, in a module that its `portal.py` imports at start:

    @order_effect("communities.approve", label="создание сообщества", subject=lambda order: order.application)
    def approve(*, order, by):
        ...                       # runs in the transaction of the registration; WrongState takes all of it back

    @order_cancelled("communities.approve")       # optional: when a later order cancels that one; "" is an order
                                                  # without a purpose, such as one brought in from before the portal
    def close(*, order, by):
        ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from network.models import Order

Effect = Callable[..., Any]


@dataclass(frozen=True)
class Purpose:
    """What orders of one purpose do: in words, by which function, about which record."""

    key: str
    label: str
    apply: Effect
    subject: Callable[[Order], models.Model | None]
    foretell: Callable[[Order], list[str]] | None = None


_purposes: dict[str, Purpose] = {}


@dataclass(frozen=True)
class Undo:
    """What the cancelling of an order does, by which function, and how it is foretold."""

    run: Effect
    foretell: Callable[[Order], list[str]] | None = None


_on_cancel: dict[str, list[Undo]] = {}


def order_effect(
    key: str,
    *,
    label: str,
    subject: Callable[[Order], models.Model | None],
    foretell: Callable[[Order], list[str]] | None = None,
) -> Callable[[Effect], Effect]:
    """Decorator for `apply(*, order, by)`, run when an order of the purpose is registered.

    `label` names the effect («создание сообщества»); `subject` gives the record the order is about, whose page
    is linked on the pages of the order; `foretell` gives sentences for the page before the registration.
    """

    def add(function: Effect) -> Effect:
        _purposes[key] = Purpose(key, label, function, subject, foretell)
        return function

    return add


def order_cancelled(
    *keys: str, foretell: Callable[[Order], list[str]] | None = None
) -> Callable[[Effect], Effect]:
    """Decorator for `undo(*, order, by)`, run when a later order cancels an order of one of the purposes.

    `foretell` gives sentences for the page before that registration.
    """

    def add(function: Effect) -> Effect:
        for key in keys:
            _on_cancel.setdefault(key, []).append(Undo(function, foretell))
        return function

    return add


def purpose_of(order: Order) -> Purpose | None:
    """None for an order without effect. Raises LookupError for a purpose no app knows."""
    if not order.purpose:
        return None
    if order.purpose not in _purposes:
        raise LookupError(f"no order effect {order.purpose!r}")
    return _purposes[order.purpose]


def subject_of(order: Order) -> models.Model | None:
    """The record the order is about; None where there is none (any more)."""
    purpose = purpose_of(order)
    try:
        return purpose.subject(order) if purpose else None
    except ObjectDoesNotExist:
        return None


def undos_of(order: Order) -> list[Undo]:
    """What the cancelling of an order of its purpose does."""
    return _on_cancel.get(order.purpose, [])


def foretell_cancelling(order: Order) -> list[str]:
    """What else will happen when the order is cancelled, in sentences."""
    return [line for undo in undos_of(order) if undo.foretell for line in undo.foretell(order)]
