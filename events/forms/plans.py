"""Forms of plans and their items, and the filters of their lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.models import Community
from core.anycase import any_case
from core.school_year import SchoolYear, school_year_choices
from core.widgets import DateInput
from events import plan_rules
from events.forms.person_field import PersonByNameField
from events.models import EventFormat, EventPlan, PlanItem
from events.planning import when_of
from events.rough_dates import RoughDate, month_name
from network.models import Direction, Municipality, Organisation

# Earlier than that before the school year nothing of it takes place: the August conference does.
MONTHS_BEFORE = 1


class PlanForm(forms.Form):
    """Whose plan, for which year, and whether to begin with last year's items."""

    owner = forms.ChoiceField(label="Чей план")
    year = forms.TypedChoiceField(label="Учебный год", coerce=int)
    copy_last_year = forms.BooleanField(
        label="Взять пункты плана прошлого года",
        required=False,
        help_text="Точные даты станут месяцами, отменённое не переносится. Потом всё можно изменить.",
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owner_choices(by)  # type: ignore[attr-defined]
        self.fields["year"].choices = school_year_choices(years_back=2)  # type: ignore[attr-defined]
        self.fields["year"].initial = SchoolYear.current().start

    def plan(self) -> EventPlan:
        """The plan to be begun, not saved."""
        kind, _, pk = self.cleaned_data["owner"].partition("-")
        plan = EventPlan(year=self.cleaned_data["year"])
        if kind == "municipality":
            plan.municipality = Municipality.objects.get(pk=pk)
        elif kind == "community":
            plan.community = Community.objects.select_related("municipality").get(pk=pk)
            plan.municipality = plan.community.municipality
        else:
            plan.organisation = Organisation.objects.select_related("municipality").get(pk=pk)
            plan.municipality = plan.organisation.municipality
        return plan


def owner_choices(by: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whose plans the person may begin: municipalities, communities, organisations, each under its word."""
    managed = Municipality.objects.managed_by(by)
    led = Q(municipality__in=managed) | Q(pk__in=plan_rules.led_by(by))
    communities = Community.objects.filter(led).exclude(state="closed").order_by("title", "pk")
    organisations = Organisation.objects.active().editable_by(by)
    groups = [
        ("Муниципалитет", [(f"municipality-{one.pk}", one.name) for one in managed]),
        ("Сообщество", [(f"community-{one.pk}", str(one)) for one in communities]),
        ("Организация", [(f"organisation-{one.pk}", one.short_name) for one in organisations]),
    ]
    return [(title, choices) for title, choices in groups if choices]


class TitleForm(forms.ModelForm):
    class Meta:
        model = EventPlan
        fields = ["title"]


class _WhenForm(forms.Form):
    """When, in words and optionally in days; `meant` is what it comes to."""

    year: SchoolYear
    meant: RoughDate

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        words, first, last = data.get("when_text"), data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Последний день раньше первого.")
            return data
        if not words:
            return data
        self.meant = when_of(words, self.year, first, last)
        if outside(self.meant, self.year):
            field = "starts_on" if first or last else "when_text"
            self.add_error(field, f"Этот срок не относится к {self.year} учебному году.")
        return data


def outside(meant: RoughDate, year: SchoolYear) -> bool:
    """Whether none of the days belongs to the year; the August before it does."""
    if meant.starts_on is None or meant.ends_on is None:
        return False
    first = dt.date(year.start, 9 - MONTHS_BEFORE, 1)
    return meant.ends_on < first or meant.starts_on > year.ends_on


_WHEN_HELP = "Как в плане: «15 октября, 15:00», «ноябрь», «1 раз в четверть», «в течение года»."
_DAYS_HELP = "Если оставить пустым, портал поймёт срок по словам."


class ItemForm(_WhenForm, forms.ModelForm):
    """An item of a draft, or one that was added to an approved plan."""

    responsible_person = PersonByNameField(
        label="Ответственный на портале",
        required=False,
        help_text="Фамилия, имя и отчество или почта. Этому человеку портал напомнит о пункте.",
    )

    class Meta:
        model = PlanItem
        fields = [
            "title", "format", "when_text", "starts_on", "ends_on", "organisation", "place", "audience", "direction",
            "responsible", "responsible_person", "expected_result", "measure",
        ]  # fmt: skip
        widgets = {"starts_on": DateInput, "ends_on": DateInput, "title": forms.Textarea(attrs={"rows": 2})}
        labels = {"organisation": "Где: организация сети", "place": "Где: место словами"}
        help_texts = {
            "when_text": _WHEN_HELP,
            "starts_on": _DAYS_HELP,
            "audience": "Например: учителя математики 5–6 классов.",
            "responsible": "Имена и должности, как их печатают в плане.",
            "measure": "По чему будет видно, что получилось: «не меньше 20 участников».",
        }

    def __init__(self, *args: Any, plan: EventPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = plan.school_year
        self.instance.plan = plan
        self.fields["responsible_person"].municipality = plan.municipality
        self.fields["organisation"].queryset = Organisation.objects.active().filter(
            municipality=plan.municipality_id
        )
        self.fields["direction"].queryset = Direction.objects.filter(is_active=True)
        for name in ("organisation", "direction"):
            self.fields[name].empty_label = "Не выбрано"

    def _post_clean(self) -> None:
        super()._post_clean()
        if hasattr(self, "meant") and "when_text" in self.cleaned_data:
            self.instance.set_when(self.cleaned_data["when_text"], self.meant)


class WorkingItemForm(ItemForm):
    """Of an item that an order approved: who, where, on what theme."""

    class Meta(ItemForm.Meta):
        fields = ["organisation", "place", "direction", "responsible", "responsible_person"]


class MoveForm(_WhenForm):
    """Another time and why."""

    when_text = forms.CharField(label="Новый срок", max_length=200, help_text=_WHEN_HELP)
    starts_on = forms.DateField(label="С какого дня", required=False, widget=DateInput, help_text=_DAYS_HELP)
    ends_on = forms.DateField(label="По какой день", required=False, widget=DateInput)
    reason = forms.CharField(
        label="Почему переносится", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Почему", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class HoldForm(forms.Form):
    """When it was held and what to note."""

    on = forms.DateField(label="Когда проведено", widget=DateInput)
    note = forms.CharField(
        label="Отметка о выполнении",
        required=False,
        max_length=500,
        help_text="Например: «24 участника, материалы разосланы».",
    )

    def clean_on(self) -> dt.date:
        if (day := self.cleaned_data["on"]) > timezone.localdate():
            raise ValidationError("Этот день ещё не наступил.")
        return day


class OwnApprovalForm(forms.Form):
    """The act of the organisation itself."""

    number = forms.CharField(label="Номер приказа", max_length=60)
    date = forms.DateField(label="Дата приказа", widget=DateInput)


def _year_choices() -> list[tuple[str, str]]:
    return [(str(year), words) for year, words in school_year_choices()]


class PlanFilter(filters.FilterSet):
    """Plans by year, whose they are and state."""

    OWNERS = (
        ("municipality", "муниципалитета"),
        ("community", "сообщества"),
        ("organisation", "организации"),
    )

    q = filters.CharFilter(label="Название", method="by_words")
    year = filters.ChoiceFilter(label="Учебный год", choices=_year_choices, empty_label="Любой")
    owner = filters.ChoiceFilter(label="Чей", choices=OWNERS, method="by_owner", empty_label="Любой")
    state = filters.ChoiceFilter(label="Состояние", choices=EventPlan.State.choices, empty_label="Любое")

    class Meta:
        model = EventPlan
        fields = ["q", "year", "owner", "state"]

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(any_case(["title", "organisation__short_name"], value))

    def by_owner(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "municipality":
            return queryset.municipal()
        return queryset.filter(**{f"{value}__isnull": False})


class ItemFilter(filters.FilterSet):
    """Items of one plan by what became of them, form and month."""

    OUTCOMES = (*PlanItem.State.choices, ("late", "Срок прошёл"))
    MONTHS = tuple((str(month), month_name(month)) for month in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8))

    outcome = filters.ChoiceFilter(
        label="Что стало", choices=OUTCOMES, method="by_outcome", empty_label="Все пункты"
    )
    month = filters.ChoiceFilter(label="Месяц", choices=MONTHS, method="by_month", empty_label="Весь год")
    format = filters.ChoiceFilter(label="Форма", choices=EventFormat.choices, empty_label="Любая")

    class Meta:
        model = PlanItem
        fields = ["outcome", "month", "format"]

    def __init__(self, *args: Any, plan: EventPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def by_outcome(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.late() if value == "late" else queryset.filter(outcome=value)

    def by_month(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Whatever touches the month, «в течение года» too."""
        month, year = int(value), self.plan.year
        first = dt.date(year if month >= 9 else year + 1, month, 1)
        following = (first + dt.timedelta(days=32)).replace(day=1)
        return queryset.filter(starts_on__lt=following, ends_on__gte=first)
