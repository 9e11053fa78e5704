"""What orders show in «Мои дела» and in search."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse

from core.portal import SHOWN, Task, my_tasks, my_waits
from core.search import Entry, search_source
from network.models import Order, Person


@my_tasks
def orders_to_register(person: Person) -> Iterator[Task]:
    """Drafts that an official has to sign at the office and to register."""
    if not person.rights.official_in:
        return
    waiting = Order.objects.drafts().filter(municipality__in=person.rights.official_in).order_by("created_at")
    found = list(waiting[: SHOWN + 1])
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


@my_waits
def orders_at_the_official(person: Person) -> Iterator[Task]:
    """Drafts a methodist prepared, which wait for the official."""
    mine = Order.objects.drafts().filter(
        created_by=person, municipality__in=person.rights.methodist_in - person.rights.official_in
    )
    count = mine.aggregate(all=Count("pk"))["all"] if person.rights.methodist_in else 0
    if count:
        yield Task(
            "Регистрация подготовленных актов",
            f"{reverse('network:orders')}?state=draft",
            "Ждём специалиста управления образованием",
            count=count,
        )


def _entry(order: Order) -> Entry:
    return Entry(
        title=str(order)[:300],
        url=order.get_absolute_url(),
        summary=order.get_state_display(),
        text=" ".join([order.preamble, *order.clauses]),
    )


search_source("network.order", Order, "Распорядительные акты", _entry)
