"""Filters of the lists of organisations and of staff."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from core.anycase import any_case
from core.school_year import SchoolYear
from network.models import Category, Employment, Municipality, Organisation, OrganisationKind, Role, Subject

YOUNG_YEARS = 3


class OrganisationFilter(filters.FilterSet):
    """`q` by words of the name, address or INN; the flags are for those who manage the municipality."""

    q = filters.CharFilter(label="Название, адрес или ИНН", method="by_words")
    kind = filters.ChoiceFilter(label="Вид", choices=OrganisationKind.choices, empty_label="Любой")
    municipality = filters.ModelChoiceFilter(
        label="Муниципалитет", queryset=Municipality.objects.all(), empty_label="Любой"
    )
    risk = filters.BooleanFilter(
        label="Рисковый профиль", field_name="risk_profile", method="by_flag", widget=forms.CheckboxInput
    )
    difficult = filters.BooleanFilter(
        label="Сложные условия",
        field_name="difficult_conditions",
        method="by_flag",
        widget=forms.CheckboxInput,
    )
    left = filters.BooleanFilter(label="Вышли из сети", method="by_left", widget=forms.CheckboxInput)

    class Meta:
        model = Organisation
        fields = ["q", "kind", "municipality", "risk", "difficult", "left"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights = getattr(self.request.user, "rights", None)
        self.manages = rights.manages if rights else frozenset()
        self.is_admin = bool(rights and rights.is_admin)
        if not (self.manages or self.is_admin):
            for name in ("risk", "difficult", "left"):
                del self.filters[name]
        if Municipality.objects.count() < 2:
            del self.filters["municipality"]

    @property
    def qs(self) -> QuerySet:
        found = super().qs
        asked = self.form.cleaned_data.get("left") if self.form.is_bound and self.form.is_valid() else False
        return found if asked else found.active()

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(any_case(["full_name", "short_name", "address", "inn"], value))

    def by_flag(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return self._managed(queryset).filter(**{name: True}) if value else queryset

    def by_left(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return self._managed(queryset).filter(is_active=False) if value else queryset

    def _managed(self, queryset: QuerySet) -> QuerySet:
        return queryset if self.is_admin else queryset.filter(municipality__in=self.manages)


class StaffFilter(filters.FilterSet):
    """Who works where: one row an employment in force."""

    q = filters.CharFilter(label="Фамилия или имя", method="by_name")
    organisation = filters.CharFilter(label="Организация: название или ИНН", method="by_organisation")
    role = filters.ChoiceFilter(label="Роль", choices=Role.choices, empty_label="Любая")
    subject = filters.ModelChoiceFilter(label="Предмет", queryset=Subject.objects.all(), empty_label="Любой")
    category = filters.ChoiceFilter(
        label="Категория", field_name="person__category", choices=Category.choices, empty_label="Любая"
    )
    young = filters.BooleanFilter(
        label=f"Стаж до {YOUNG_YEARS} лет", method="by_young", widget=forms.CheckboxInput
    )

    class Meta:
        model = Employment
        fields = ["q", "organisation", "role", "subject", "category", "young"]

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        names = ["person__last_name", "person__first_name", "person__patronymic", "person__email"]
        return queryset.filter(any_case(names, value))

    def by_organisation(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        fields = ["organisation__short_name", "organisation__full_name", "organisation__inn"]
        return queryset.filter(any_case(fields, value))

    def by_young(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        since = SchoolYear.current().start - YOUNG_YEARS
        return queryset.filter(person__service_since__gte=since) if value else queryset
