"""The table of orders and the tag of their state."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.safestring import SafeString

from core.templatetags.portal import tag
from network.models import Order

KINDS = {Order.State.DRAFT: "wait", Order.State.REGISTERED: "done", Order.State.CANCELLED: ""}
_CANCELLED = {"directive": "Отменено", "decree": "Отменено"}


def order_tag(order: Order) -> SafeString:
    """«Проект», «Действует», «Отменён» («отменено» of a распоряжение)."""
    state = Order.State(order.state)
    word = _CANCELLED.get(order.kind, "Отменён") if state == Order.State.CANCELLED else str(state.label)
    return tag(word, KINDS[state])


class OrderTable(tables.Table):
    heading = tables.Column(verbose_name="О чём", linkify=True, orderable=False)
    kind = tables.Column(verbose_name="Вид", orderable=False)
    number = tables.Column(
        verbose_name="Номер",
        default="–",
        order_by=("year", "number_key", "pk"),
        attrs={"td": {"class": "nowrap"}},
    )
    date = tables.DateColumn(verbose_name="Дата", format="d.m.Y", default="–")
    municipality = tables.Column(verbose_name="Муниципалитет", accessor="municipality__name")
    state = tables.Column(verbose_name="Состояние")

    class Meta:
        model = Order
        fields = ["heading", "kind", "number", "date", "municipality", "state"]

    def render_state(self, record: Order) -> SafeString:
        return order_tag(record)
