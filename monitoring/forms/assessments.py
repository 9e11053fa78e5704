"""Scoring one cell of a self-assessment, beginning one."""

from __future__ import annotations

from typing import Any

from django import forms

from core.school_year import SchoolYear, school_year_choices
from monitoring.forms.evidence import EvidenceForm
from monitoring.models import Column, Framework, Score


class ScoreForm(EvidenceForm):
    """Points and evidence of one cell."""

    field_order = ["points", "note"]

    def __init__(self, *args: Any, column: Column, score: Score | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word = "Баллы" if column.sign > 0 else "Вычесть баллов"
        self.fields["points"] = forms.TypedChoiceField(
            label=word,
            coerce=int,
            choices=[(n, str(n)) for n in range(column.max_points + 1)],
            widget=forms.RadioSelect,
            initial=score.points if score else 0,
        )
        self.fields["note"] = forms.CharField(
            label="Обоснование",
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            initial=score.note if score else "",
        )
        self.order_fields(self.field_order)


class AssessmentForm(forms.Form):
    """Which criteria and which year."""

    framework = forms.ModelChoiceField(label="Критерии", queryset=Framework.objects.none())
    year = forms.TypedChoiceField(label="Учебный год", coerce=int, choices=())

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frameworks = Framework.objects.in_force(municipality_id)
        self.fields["framework"].queryset = frameworks
        self.fields["framework"].initial = frameworks.first()
        self.fields["framework"].empty_label = None
        self.fields["year"].choices = school_year_choices()
        self.fields["year"].initial = SchoolYear.current().start
