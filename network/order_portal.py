"""What orders show in «Мои дела» and in search."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from core.portal import SHOWN, Task, my_tasks, my_waits
from core.search import Entry, search_source
from network.models import Order, Person


def _drafts(person: Person) -> QuerySet[Order] | None:
    places = person.rights.official_in
    return Order.objects.drafts().filter(municipality__in=places) if places else None


@my_tasks.among(_drafts)
def orders_to_register(person: Person, waiting: QuerySet[Order]) -> Iterator[Task]:
    """Drafts that an official has to sign at the office and to register."""
    found = list(waiting.order_by("created_at")[: SHOWN + 1])
    for order in found[:SHOWN]:
        yield Task(
            f"Зарегистрировать {order.get_kind_display()}: {order.heading}",
            order.get_absolute_url(),
            f"Проект от {order.created_at:%d.%m.%Y}",
        )
    if len(found) > SHOWN:
        yield Task(
            "Проекты актов ждут регистрации",
            f"{reverse('network:orders')}?state=draft",
            count=waiting.count() - SHOWN,
        )


def _own_drafts(person: Person) -> QuerySet[Order] | None:
    places = person.rights.methodist_in - person.rights.official_in
    return Order.objects.drafts().filter(created_by=person, municipality__in=places) if places else None


@my_waits.among(_own_drafts)
def orders_at_the_official(person: Person, mine: QuerySet[Order]) -> Iterator[Task]:
    """Drafts a methodist prepared, which wait for the official."""
    yield Task(
        "Регистрация подготовленных актов",
        f"{reverse('network:orders')}?state=draft",
        "Ждём специалиста управления образованием",
        count=mine.count(),
    )


def _entry(order: Order) -> Entry:
    return Entry(
        title=str(order)[:300],
        url=order.get_absolute_url(),
        summary=order.get_state_display(),
        text=" ".join([order.preamble, *order.clauses]),
    )


search_source("network.order", Order, "Распорядительные акты", _entry)
