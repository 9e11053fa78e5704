"""Ordering a report, writing its texts."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms

from core.school_year import SchoolYear, school_year_choices
from monitoring.forms.decisions import year_choices
from monitoring.models import Report
from monitoring.texts import text_fields


class ReportForm(forms.Form):
    """The year of the annual report."""

    year = forms.TypedChoiceField(label="Учебный год", coerce=int, choices=())

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = school_year_choices(years_ahead=0)
        self.fields["year"].initial = year.start


class TextsForm(forms.Form):
    """Every text that people write in a report, in its order. An empty line begins a new paragraph."""

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = dict(report.texts.values_list("key", "text"))
        for key, title, hint in text_fields(report.snapshot):
            self.fields[key] = forms.CharField(
                label=title,
                help_text=hint,
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 4}),
                initial=written.get(key, ""),
            )

    @property
    def texts(self) -> dict[str, str]:
        return {key: self.cleaned_data[key].replace("\r\n", "\n") for key in self.fields}


class ReportFilter(filters.FilterSet):
    year = filters.ChoiceFilter(label="Учебный год", choices=year_choices, empty_label="Любой")
    state = filters.ChoiceFilter(label="Состояние", choices=Report.State.choices, empty_label="Любое")

    class Meta:
        model = Report
        fields = ["year", "state"]
