"""Forms of attendance: marks of everybody at once, the code from the screen, somebody who came without signing up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from events.attendance import Mark
from events.forms.person_field import PersonByNameField
from events.models import Attendance, Door, Event, Registration
from network.models import Municipality

CHOICES = [
    (Attendance.ATTENDED, "пришёл"),
    (Attendance.ABSENT, "не пришёл"),
    (Attendance.EXCUSED, "уважительная причина"),
]


class MarksForm(forms.Form):
    """A field of marks and one of hours for each registration of `rows`."""

    def __init__(self, *args: Any, rows: list[Registration], event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"mark-{row.pk}"] = forms.ChoiceField(
                label=str(row.person),
                choices=CHOICES,
                required=False,
                initial=row.attendance,
                widget=forms.RadioSelect,
            )
            self.fields[f"hours-{row.pk}"] = forms.DecimalField(
                label=f"Часов: {row.person}",
                required=False,
                min_value=Decimal(0),
                max_value=Decimal(999),
                max_digits=5,
                decimal_places=1,
                initial=row.hours if row.hours is not None else event.hours,
            )

    def marks(self) -> dict[int, Mark]:
        """What was said, by registration; who was left without a mark keeps none, or came where `all` was pressed."""
        rest = Attendance.ATTENDED if self.data.get("all") else Attendance.UNKNOWN
        return {
            row.pk: Mark(self.cleaned_data[f"mark-{row.pk}"] or rest, self.cleaned_data[f"hours-{row.pk}"])
            for row in self.rows
        }

    @property
    def lines(self) -> list[tuple[Registration, Any, Any]]:
        return [(row, self[f"mark-{row.pk}"], self[f"hours-{row.pk}"]) for row in self.rows]


class CodeForm(forms.Form):
    """Six signs from the screen; spaces and small letters are understood."""

    code = forms.CharField(
        label="Код с экрана",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split()).upper()
        self.door = Door.objects.of_code(code)
        if self.door is None:
            raise ValidationError(
                "Такого кода сейчас нет. Проверьте буквы или попросите ведущего отметить вас."
            )
        return code


class WalkInForm(forms.Form):
    """Who came: found by name among those who work in the municipality."""

    person = PersonByNameField(
        label="Кто пришёл",
        help_text="Фамилия, имя и отчество или электронная почта. Однофамильцев различит организация через запятую.",
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].municipality = municipality  # type: ignore[attr-defined]
