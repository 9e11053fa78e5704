"""Entering a value or a target."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from monitoring.forms.evidence import EvidenceForm
from monitoring.models import Indicator, IndicatorValue, Unit

HUNDRED = Decimal(100)


class ValueForm(EvidenceForm):
    """A share is typed in per cent and kept as 0..1. Fields follow the unit; a computed value has only a target."""

    field_order = ["value", "target", "note"]

    def __init__(
        self, *args: Any, indicator: Indicator, current: IndicatorValue | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        if indicator.is_computed:
            for name in [name for name in self.fields if name.startswith("evidence_")]:
                del self.fields[name]
        else:
            self.fields["value"] = _field(indicator.unit, "Значение", required=True)
            self.fields["value"].initial = _typed(indicator.unit, current and current.value)
        self.fields["target"] = _field(indicator.unit, "Цель на этот год", required=False)
        target = current.target if current else indicator.target
        self.fields["target"].initial = _typed(indicator.unit, target)
        self.fields["note"] = forms.CharField(
            label="Пояснение", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
        )
        self.fields["note"].initial = current.note if current else ""
        self.order_fields(self.field_order)

    def clean_value(self) -> Decimal | None:
        return _kept(self.indicator.unit, self.cleaned_data["value"])

    def clean_target(self) -> Decimal | None:
        return _kept(self.indicator.unit, self.cleaned_data["target"])

    @property
    def figures(self) -> dict[str, Any]:
        """Fields of the value as they are kept."""
        names = ["target", "note"] if self.indicator.is_computed else ["value", "target", "note"]
        return {name: self.cleaned_data[name] for name in names}


def _field(unit: str, label: str, *, required: bool) -> forms.Field:
    if unit == Unit.YES_NO:
        choices = [("", "Не выбрано"), ("1", "да"), ("0", "нет")]
        return forms.ChoiceField(label=label, choices=choices, required=required)
    if unit == Unit.COUNT:
        return forms.IntegerField(label=label, min_value=0, max_value=10**7, required=required)
    return forms.DecimalField(
        label=f"{label}, %",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=required,
        localize=True,
    )


def _typed(unit: str, value: Decimal | None) -> Any:
    if value is None:
        return None
    if unit == Unit.PERCENT:
        return (value * HUNDRED).normalize()
    return str(int(value)) if unit == Unit.YES_NO else int(value)


def _kept(unit: str, value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    number = Decimal(value)
    return number / HUNDRED if unit == Unit.PERCENT else number
