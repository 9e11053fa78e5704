"""Writing a decision, carrying it out, checking it."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.school_year import SchoolYear, school_year_choices
from diagnostics.models import Finding
from monitoring.forms.evidence import EvidenceForm
from monitoring.models import AddresseeRole, Decision, IndicatorValue, Report
from network.models import Employment, Municipality, Organisation, Person, Role


class DecisionForm(forms.ModelForm):
    """Basis, what, to whom, until when."""

    class Meta:
        model = Decision
        fields = [
            "text",
            "report",
            "value",
            "finding",
            "basis",
            "organisation",
            "person",
            "role",
            "due_on",
            "year",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "basis": forms.Textarea(attrs={"rows": 2}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "text": "Что сделать: глагол, результат, по которому видно, что сделано.",
            "basis": "Если решение не опирается на отчёт, показатель или вывод.",
            "person": "Кому именно. Без него решение получит руководитель организации или все по должности.",
        }

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        self.fields["year"] = forms.TypedChoiceField(
            label="Учебный год", coerce=int, choices=school_year_choices(), initial=SchoolYear.current().start
        )
        values = IndicatorValue.objects.of_municipality(municipality).known().select_related("indicator")
        jobs = Employment.objects.in_force().filter(
            organisation__municipality=municipality, role__in=[Role.HEAD, Role.METHODIST, Role.OFFICIAL]
        )
        choices: dict[str, QuerySet] = {
            "report": Report.objects.filter(municipality=municipality).defer("snapshot"),
            "value": values.defer("counted").order_by("-year", "indicator__position"),
            "finding": Finding.objects.filter(municipality=municipality).select_related("direction"),
            "organisation": Organisation.objects.active().filter(municipality=municipality),
            "person": Person.objects.filter(pk__in=jobs.values("person"), is_active=True),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset
            self.fields[name].empty_label = "Не выбрано"
            self.fields[name].required = False
        self.fields["role"].choices = [("", "Не выбрано"), *AddresseeRole.choices]
        self.fields["basis"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(name) for name in ("report", "value", "finding", "basis")):
            raise ValidationError("Назовите основание: отчёт, показатель, вывод диагностики или словами.")
        if not any(data.get(name) for name in ("organisation", "person", "role")):
            raise ValidationError("Назовите, кому поручено: организация, человек или должность.")
        if data.get("role") and (data.get("organisation") or data.get("person")):
            self.add_error("role", "Выберите либо должность, либо организацию и человека.")
        return data

    def _post_clean(self) -> None:
        self.instance.municipality = self.municipality
        super()._post_clean()


class CompletionForm(EvidenceForm):
    """What was done, when, evidence (needed unless some is there already)."""

    field_order = ["result", "done_on"]

    result = forms.CharField(label="Что сделано", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
    done_on = forms.DateField(
        label="Когда исполнено", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed
        self.fields["done_on"].initial = timezone.localdate()
        self.order_fields(self.field_order)

    def clean_done_on(self) -> Any:
        day = self.cleaned_data["done_on"]
        if day > timezone.localdate():
            raise ValidationError("День исполнения ещё не наступил.")
        return day


class ReasonForm(forms.Form):
    """Why: read by those whom it concerns."""

    reason = forms.CharField(label="Почему", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class EffectForm(forms.Form):
    """What the decision gave."""

    effect = forms.CharField(
        label="Что это дало",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Какая проблема решена и что осталось: пригодится для целей следующего года.",
    )


def year_choices() -> list[tuple[str, str]]:
    """School years for a filter: what comes in an address is text."""
    return [(str(year), words) for year, words in school_year_choices()]


class DecisionFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label="Состояние", choices=Decision.State.choices, empty_label="Любое")
    year = filters.ChoiceFilter(label="Учебный год", choices=year_choices, empty_label="Любой")
    overdue = filters.BooleanFilter(label="Просрочены", method="by_overdue", widget=forms.CheckboxInput)
    mine = filters.BooleanFilter(label="Поручены мне", method="by_mine", widget=forms.CheckboxInput)

    class Meta:
        model = Decision
        fields = ["state", "year", "overdue", "mine"]

    def by_overdue(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        late = Q(
            state__in=[Decision.State.ASSIGNED, Decision.State.RETURNED], due_on__lt=timezone.localdate()
        )
        return queryset.filter(late) if value else queryset

    def by_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        mine = Decision.objects.given_to(self.request.user).values("pk")
        return queryset.filter(pk__in=mine) if value else queryset
