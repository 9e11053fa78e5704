"""The filter of the list of orders."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from core.anycase import any_case
from network.models import Order


class OrderFilter(filters.FilterSet):
    """By words of the heading or the number, by calendar year of the date, by state."""

    q = filters.CharFilter(label="Номер или слова заголовка", method="by_words")
    year = filters.ChoiceFilter(label="Год", empty_label="Любой")
    state = filters.ChoiceFilter(label="Состояние", choices=Order.State.choices, empty_label="Любое")

    class Meta:
        model = Order
        fields = ["q", "year", "state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = Order.objects.visible_to(self.request.user).exclude(year=None).order_by("-year")
        self.filters["year"].extra["choices"] = [
            (str(year), str(year)) for year in years.values_list("year", flat=True).distinct()
        ]

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(any_case(["heading", "number"], value))
