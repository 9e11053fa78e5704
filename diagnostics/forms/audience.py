"""The part of a campaign's terms that says who is asked."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from diagnostics.models import Audience
from network.models import Category, Organisation, OrganisationKind, Subject

ALL, CHOSEN = "all", "chosen"
PLACES = [
    (ALL, "Все организации муниципалитета, где есть кого спросить"),
    (CHOSEN, "Только выбранные организации"),
]
LIMITS = ("subjects", "categories", "early_career_only")
_LIMITS_NEED_TEACHERS = "Отбирать так можно только педагогов: у этой анкеты отвечают {}."
_LIMITS_NEED_NAMES = (
    "По общей ссылке портал не знает, кто отвечает, и отобрать педагогов не может. "
    "Снимите этот отбор или общую ссылку."
)


class AudienceMixin(forms.Form):
    """Organisations, and of teachers the subject, the category and the years of service."""

    chosen_only = forms.TypedChoiceField(
        label="Какие организации участвуют",
        choices=PLACES,
        coerce=lambda value: value == CHOSEN,
        widget=forms.RadioSelect,
        initial=ALL,
    )
    organisations = forms.MultipleChoiceField(
        label="Выбранные организации",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одну организацию или выберите «Все»."},
    )
    subjects = forms.ModelMultipleChoiceField(
        Subject.objects.all(), label="Предмет", required=False, widget=forms.CheckboxSelectMultiple
    )
    categories = forms.MultipleChoiceField(
        label="Квалификационная категория",
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    instance: Any

    def prepare_audience(self, places: QuerySet[Organisation]) -> None:
        """Offer these organisations; `chosen_only` of the instance is a choice of two in the form."""
        self.fields["organisations"].choices = organisation_choices(places)  # type: ignore[attr-defined]
        # What is hidden while all take part must not be asked for.
        self.fields["organisations"].required = not self.is_bound or self["chosen_only"].value() == CHOSEN
        self.initial["chosen_only"] = CHOSEN if self.instance.chosen_only else ALL
        self.initial["categories"] = self.instance.categories
        if self.instance.pk:
            for name in ("organisations", "subjects"):
                self.initial[name] = list(getattr(self.instance, name).values_list("pk", flat=True))

    def clean_organisations(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(pk__in=self.cleaned_data["organisations"])

    @property
    def is_limited(self) -> bool:
        """Whether only some of the teachers are asked, or the choice of them is mistaken."""
        return any(self[name].value() or name in self.errors for name in LIMITS)

    def check_audience(self, data: dict[str, Any]) -> None:
        if data.get("chosen_only") is False:
            # What was marked before the mind was changed must not come back later.
            data["organisations"] = Organisation.objects.none()
        questionnaire = data.get("questionnaire")
        given = [name for name in LIMITS if data.get(name)]
        if not given or questionnaire is None:
            return
        if questionnaire.audience != Audience.TEACHERS:
            words = _LIMITS_NEED_TEACHERS.format(questionnaire.get_audience_display())
            self.add_error(given[0], ValidationError(words))
        elif data.get("open_link"):
            self.add_error(given[0], ValidationError(_LIMITS_NEED_NAMES))


def organisation_choices(places: QuerySet[Organisation]) -> list[Any]:
    """Organisations under the heading of their kind, in the usual order of both."""
    order = {kind.value: number for number, kind in enumerate(OrganisationKind)}
    rows = sorted(places.only("pk", "short_name", "kind", "sort_key"), key=lambda row: order[row.kind])
    return [
        (OrganisationKind(kind).plural, [(row.pk, label(row)) for row in group])
        for kind, group in groupby(rows, key=lambda row: row.kind)
    ]


def label(place: Any) -> str:
    """The name, with the number of people where it is known."""
    people = getattr(place, "people", None)
    return place.short_name if people is None else f"{place.short_name}: {people} чел."
