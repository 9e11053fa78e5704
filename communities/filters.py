"""Filters of the lists of communities."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet

from communities.models import Community, CommunityKind, Topic
from core.anycase import any_case
from core.school_year import SchoolYear, school_year_choices
from network.models import Direction, Municipality, Organisation


class CommunityFilter(filters.FilterSet):
    """Without `state` closed communities are left out; `mine` is offered to who has signed in."""

    q = filters.CharFilter(label="Название или цель", method="by_words")
    kind = filters.ChoiceFilter(label="Вид", choices=CommunityKind.choices, empty_label="Любой")
    direction = filters.ModelChoiceFilter(
        label="Направление", queryset=Direction.objects.none(), empty_label="Любое"
    )
    state = filters.ChoiceFilter(
        label="Состояние", choices=Community.State.choices, empty_label="Все, кроме закрытых"
    )
    municipality = filters.ModelChoiceFilter(
        label="Муниципалитет", queryset=Municipality.objects.all(), empty_label="Любой"
    )
    organisation = filters.ModelChoiceFilter(
        label="Организация",
        queryset=Organisation.objects.all(),
        method="by_organisation",
        widget=forms.HiddenInput,
    )
    mine = filters.BooleanFilter(label="Где я участвую", method="by_mine", widget=forms.CheckboxInput)

    class Meta:
        model = Community
        fields = ["q", "kind", "direction", "state", "municipality", "organisation", "mine"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = Community.objects.values("direction")
        self.filters["direction"].queryset = Direction.objects.filter(pk__in=used)
        if not self.request.user.is_authenticated:
            del self.filters["mine"]
        if Municipality.objects.count() < 2:
            del self.filters["municipality"]

    @property
    def qs(self) -> QuerySet:
        found = super().qs
        asked = self.form.cleaned_data.get("state") if self.form.is_bound and self.form.is_valid() else ""
        return found if asked else found.not_closed()

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(any_case(["title", "goal", "about"], value))

    def by_organisation(self, queryset: QuerySet, name: str, value: Organisation) -> QuerySet:
        return queryset.of_organisation(value)

    def by_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.of_person(self.request.user) if value else queryset


class BoardFilter(filters.FilterSet):
    """Communities of a school year by what they have not handed in."""

    year = filters.ChoiceFilter(
        label="Учебный год",
        choices=lambda: [(str(year), words) for year, words in school_year_choices()],
        empty_label=None,
        method="by_year",
    )
    missing = filters.ChoiceFilter(
        label="Чего нет",
        choices=[("plan", "плана"), ("report", "отчёта"), ("any", "плана или отчёта")],
        empty_label="Показать все",
        method="by_missing",
    )

    class Meta:
        model = Community
        fields = ["year", "missing"]

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset  # the view annotates the rows for the year

    def by_missing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "plan":
            return queryset.filter(plan_id=None)
        if value == "report":
            return queryset.filter(report_id=None)
        return queryset.filter(Q(plan_id=None) | Q(report_id=None))


class TopicFilter(filters.FilterSet):
    q = filters.CharFilter(label="Слова темы", method="by_words")

    class Meta:
        model = Topic
        fields = ["q"]

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(any_case(["title"], value))


def year_asked(data: Any) -> SchoolYear:
    """The school year of the board: as asked, else the running one."""
    known = {str(year): year for year, _ in school_year_choices()}
    return SchoolYear(known.get(data.get("year", ""), SchoolYear.current().start))
