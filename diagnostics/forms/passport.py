"""What a respondent says about themselves: only what is compared and not known."""

from __future__ import annotations

from typing import Any

from django import forms

from diagnostics.answering import Sheet
from diagnostics.audience import compared_places
from diagnostics.models import YearsBand
from network.models import Category, Subject

NOT_TOLD = ("", "Не указывать")


class PassportForm(forms.Form):
    """Fields of the dimensions that the sheet asks for; each may be left out."""

    organisation = forms.ChoiceField(label="Где вы работаете", required=False)
    subject = forms.ChoiceField(label="Предмет или направление работы", required=False)
    category = forms.ChoiceField(label="Квалификационная категория", required=False)
    years = forms.ChoiceField(label="Педагогический стаж", required=False)

    def __init__(self, sheet: Sheet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in sheet.asked:
                del self.fields[name]
        self._choices("category", Category.choices)
        self._choices("years", YearsBand.choices)
        if "subject" in self.fields:
            names = list(sheet.campaign.subjects.values_list("name", flat=True))
            names = names or list(Subject.objects.values_list("name", flat=True))
            self._choices("subject", [(name, name) for name in names])
        if "organisation" in self.fields:
            places = compared_places(sheet.campaign)
            self._choices("organisation", [(str(pk), name) for pk, name in _names(places)])
            if sheet.campaign.questionnaire.audience in ("pupils", "parents"):
                self.fields["organisation"].label = "Школа или детский сад"

    def _choices(self, name: str, choices: Any) -> None:
        if name in self.fields:
            self.fields[name].choices = [NOT_TOLD, *choices]  # type: ignore[attr-defined]

    @property
    def passport(self) -> dict[str, str]:
        """What was told, without what was left out."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def _names(places: Any) -> Any:
    return places.order_by("short_name", "pk").values_list("pk", "short_name")
