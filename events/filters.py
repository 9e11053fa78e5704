"""Filters of the list of events and of the participants of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from core.anycase import any_case
from core.school_year import SchoolYear
from events.models import Attendance, Event, EventFormat, EventLevel, Registration
from events.rough_dates import month_name
from network.models import Direction, Municipality


def month_choices() -> list[tuple[str, str]]:
    """«ноябрь 2026»: the months of last, this and next school year."""
    start = SchoolYear.current().start - 1
    months = [(start + (8 + n) // 12, (8 + n) % 12 + 1) for n in range(36)]
    return [(f"{year}-{month:02d}", f"{month_name(month)} {year}") for year, month in months]


def month_of(text: str) -> tuple[dt.datetime, dt.datetime] | None:
    """Beginning of the month «2026-11» and of the one after; None for anything else."""
    try:
        first = dt.datetime.strptime(text, "%Y-%m")
    except ValueError:
        return None
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return timezone.make_aware(first), timezone.make_aware(following)


class EventFilter(filters.FilterSet):
    """What comes, unless a month or what is over is asked for. `view=month` is the calendar of the month."""

    WHEN = (("past", "Прошедшие"), ("all", "Все"), ("unreported", "Прошли, итогов нет"))

    q = filters.CharFilter(label="Название, для кого, место", method="by_words")
    format = filters.ChoiceFilter(label="Форма", choices=EventFormat.choices, empty_label="Любая")
    direction = filters.ModelChoiceFilter(
        label="Направление", queryset=Direction.objects.filter(is_active=True), empty_label="Любое"
    )
    month = filters.ChoiceFilter(label="Месяц", choices=month_choices, method="by_month", empty_label="Любой")
    level = filters.ChoiceFilter(label="Уровень", choices=EventLevel.choices, empty_label="Любой")
    when = filters.ChoiceFilter(label="Когда", choices=WHEN, method="as_is", empty_label="Предстоящие")
    municipality = filters.ModelChoiceFilter(
        label="Муниципалитет", queryset=Municipality.objects.all(), empty_label="Любой"
    )
    open = filters.BooleanFilter(label="Идёт запись", method="by_open", widget=forms.CheckboxInput)
    mine = filters.BooleanFilter(label="Где я записан", method="by_mine", widget=forms.CheckboxInput)
    announced = filters.BooleanFilter(
        label="Объявлены для всех", method="by_announced", widget=forms.HiddenInput
    )
    host = filters.NumberFilter(label="Проводит", widget=forms.HiddenInput)
    community = filters.NumberFilter(label="Сообщество", widget=forms.HiddenInput)
    view = filters.CharFilter(method="as_is", widget=forms.HiddenInput)

    class Meta:
        model = Event
        fields = [
            "q",
            "format",
            "direction",
            "month",
            "level",
            "when",
            "municipality",
            "open",
            "mine",
            "view",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_authenticated:
            del self.filters["mine"]
        if Municipality.objects.count() < 2:
            del self.filters["municipality"]
        if self.is_calendar:
            del self.filters["when"]

    @property
    def is_calendar(self) -> bool:
        return self.request.GET.get("view") == "month"

    @property
    def qs(self) -> QuerySet:
        found = super().qs
        asked = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        if self.is_calendar or asked.get("month") or asked.get("when") == "all":
            return found.order_by("starts_at", "pk")
        if asked.get("when") == "unreported":
            return found.unreported().order_by("starts_at", "pk")
        if asked.get("when") == "past":
            return found.filter(ends_at__lt=timezone.now()).order_by("-starts_at", "-pk")
        return found.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk")

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        fields = ["title", "audience", "place", "host__short_name", "series__title"]
        return queryset.filter(any_case(fields, value))

    def by_month(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        span = month_of(value)
        return queryset.filter(starts_at__lt=span[1], ends_at__gte=span[0]) if span else queryset

    def by_open(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.open_for_registration() if value else queryset

    def by_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        live = Registration.objects.live().filter(person=self.request.user)
        return queryset.filter(pk__in=live.values("event")) if value else queryset

    def by_announced(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.announced().filter(is_public=True) if value else queryset

    def as_is(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Read by `qs`, not by the query."""
        return queryset


class ParticipantFilter(filters.FilterSet):
    """Who is signed up, by name, organisation, state and attendance."""

    q = filters.CharFilter(label="Фамилия, имя или организация", method="by_words")
    state = filters.ChoiceFilter(label="Запись", choices=Registration.State.choices, empty_label="Любая")
    attendance = filters.ChoiceFilter(
        label="Присутствие",
        choices=[choice for choice in Attendance.choices if choice[0]],
        empty_label="Любое",
    )

    class Meta:
        model = Registration
        fields = ["q", "state", "attendance"]

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        fields = ["person__last_name", "person__first_name", "person__patronymic", "organisation__short_name"]
        return queryset.filter(any_case(fields, value))
