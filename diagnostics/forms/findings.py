"""Forms of findings and of support measures."""

from __future__ import annotations

from typing import Any

from django import forms

from core.widgets import DateInput
from diagnostics.models import Finding, SupportMeasure
from network.models import Employment, Person


class FindingForm(forms.Form):
    note = forms.CharField(
        label="Вывод",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Почему это важно и в чём, по-вашему, причина.",
        max_length=4000,
    )


class NoteForm(forms.ModelForm):
    class Meta:
        model = Finding
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}


class MeasureForm(forms.ModelForm):
    """A measure of one finding; «сделано» needs words or a link that show it."""

    class Meta:
        model = SupportMeasure
        fields = ["kind", "title", "due_on", "responsible", "link", "done_on", "result"]
        widgets = {"due_on": DateInput, "done_on": DateInput, "result": forms.Textarea(attrs={"rows": 3})}
        labels = {"responsible": "Ответственный"}
        help_texts = {
            "title": "Например: «Мастер-класс по адаптации заданий».",
            "link": "Адрес страницы события, сообщества или материала: с портала (/events/12/) или https://…",
            "done_on": "Заполните, когда мера выполнена.",
        }

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.finding = finding
        if self.instance.record is not None:
            # State, kind and address are those of the record.
            for name in ("kind", "link", "done_on"):
                del self.fields[name]
        staff = Employment.objects.in_force().filter(organisation__municipality=finding.municipality_id)
        self.fields["responsible"].queryset = (  # type: ignore[attr-defined]
            Person.objects.filter(pk__in=staff.values("person")).order_by("last_name", "first_name", "pk")
        )

    def clean_link(self) -> str:
        link = self.cleaned_data["link"].strip()
        inside = link.startswith("/") and not link.startswith("//")
        if link and not inside and not link.startswith(("https://", "http://")):
            raise forms.ValidationError(
                "Адрес начинается с https:// или, на портале, с косой черты: /events/12/"
            )
        return link

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("done_on") and not (data.get("result") or data.get("link")):
            self.add_error("result", "Мера отмечена сделанной: напишите, что получилось, или дайте ссылку.")
        return data
