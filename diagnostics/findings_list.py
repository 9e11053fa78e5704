"""Table and filter of the list of findings."""

from __future__ import annotations

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from core.documents import Percent, text_of
from core.school_year import school_year_choices
from diagnostics.models import Campaign, Finding
from diagnostics.models.finding import FindingQuerySet


def _campaigns(request: HttpRequest | None) -> QuerySet:
    if request is None or not request.user.is_authenticated:
        return Campaign.objects.none()
    return Campaign.objects.visible_to(request.user)


class FindingFilter(filters.FilterSet):
    campaign = filters.ModelChoiceFilter(queryset=_campaigns, label="Опрос", empty_label="все")
    year = filters.ChoiceFilter(label="Учебный год", choices=school_year_choices, empty_label="все")
    open = filters.BooleanFilter(
        label="Ничем не отвечены", widget=forms.CheckboxInput, method="only_unanswered"
    )

    class Meta:
        model = Finding
        fields = ["campaign", "year", "open"]

    def only_unanswered(self, queryset: FindingQuerySet, name: str, value: bool) -> QuerySet:
        return queryset.unanswered() if value else queryset


class FindingTable(tables.Table):
    direction = tables.Column(verbose_name="Затруднение", linkify=lambda record: record.get_absolute_url())
    organisation = tables.Column(verbose_name="Где", default="вся сеть", order_by="organisation__short_name")
    campaign = tables.Column(verbose_name="Опрос", default="–", order_by="campaign__title")
    share = tables.Column(
        verbose_name="Доля", default="–", attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    measure_count = tables.Column(verbose_name="Что отвечает")

    class Meta:
        model = Finding
        fields = ["direction", "organisation", "campaign", "share", "measure_count"]

    def render_share(self, value: Any) -> str:
        return text_of(Percent(value))

    def render_measure_count(self, value: int, record: Any) -> str:
        return f"мер: {value}, сделано: {record.done_count}" if value else "ничего"
