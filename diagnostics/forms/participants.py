"""Who is added to a running campaign."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.db.models import QuerySet

from diagnostics.forms.audience import label
from network.models import Organisation


class ParticipantsForm(forms.Form):
    """Organisations where somebody can still be invited: those that take part first, marked."""

    organisations = forms.MultipleChoiceField(
        label="Где пригласить",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одну организацию, в которой нужно пригласить людей."},
    )

    def __init__(self, *args: Any, there: list[Any], others: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            ("Организации, которые уже участвуют", there),
            ("Организации, которых в опросе нет", others),
        ]
        field = self.fields["organisations"]
        field.choices = [  # type: ignore[attr-defined]
            (title, [(place.pk, label(place)) for place in places]) for title, places in groups if places
        ]
        field.initial = [place.pk for place in there]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Field("organisations", wrapper_class="pick"))

    def clean_organisations(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(pk__in=self.cleaned_data["organisations"])
