"""Indicators of official acts."""

from __future__ import annotations

from django.db.models import QuerySet

from monitoring.computed.rule import Rule, Scope
from network.models import Order


class OrdersRegistered(Rule):
    """Orders dated within the school year, those cancelled later too."""

    name = "orders_registered"
    organisation_path = ""
    is_share = False
    columns = [
        ("Акт", "heading"),
        ("Номер", "number"),
        ("Дата", "date"),
        ("Состояние", "get_state_display"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        return Order.objects.published().filter(
            municipality=scope.municipality, date__range=(scope.year.starts_on, scope.year.ends_on)
        )

    def record_model(self) -> type[Order]:
        return Order


RULES = [OrdersRegistered()]
