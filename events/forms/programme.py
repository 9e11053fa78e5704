"""Parts of an event, who speaks, what participants take with them."""

from __future__ import annotations

from typing import Any

from django import forms

from core.attachments import KINDS, check_document
from core.widgets import DateTimeInput
from events.forms.person_field import PersonByNameField
from events.models import Event, EventMaterial, Session, Speaker


class _OfEvent(forms.ModelForm):
    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.instance.event = event


class PartForm(_OfEvent):
    """A part with its own time, within that of the event."""

    class Meta:
        model = Session
        fields = ["title", "starts_at", "ends_at", "place"]
        widgets = {"starts_at": DateTimeInput(), "ends_at": DateTimeInput()}
        help_texts = {
            "title": "Например: «Секция учителей математики».",
            "place": "Если не там же, где всё событие.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("starts_at", self.event.starts_at)
            self.initial.setdefault("ends_at", self.event.ends_at)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "Часть кончается раньше, чем начинается. Проверьте время.")
        elif starts and starts < self.event.starts_at:
            self.add_error("starts_at", "Это раньше начала события.")
        elif ends and ends > self.event.ends_at:
            self.add_error("ends_at", "Это позже окончания события.")
        return data


class SpeakerForm(_OfEvent):
    """Somebody of the network, or a guest by name."""

    person = PersonByNameField(
        label="Человек сети",
        required=False,
        help_text="Фамилия, имя и отчество или почта. Ему придёт письмо, если событие перенесут.",
    )

    class Meta:
        model = Speaker
        fields = ["person", "name", "position", "topic", "session"]
        labels = {"name": "Или гость: фамилия, имя, отчество", "position": "Должность, организация"}
        help_texts = {"topic": "С чем выступает."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].municipality = self.event.municipality  # type: ignore[attr-defined]
        parts = self.event.parts.all()
        self.fields["session"].queryset = parts  # type: ignore[attr-defined]
        self.fields["session"].empty_label = "Всё событие"  # type: ignore[attr-defined]
        if not parts:
            del self.fields["session"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "person" in data and bool(data.get("person")) == bool(data.get("name")):
            self.add_error("name", "Назовите либо человека сети, либо гостя по имени.")
        return data


class MaterialForm(_OfEvent):
    """A file known by its content, or a link."""

    url = forms.URLField(label="Или ссылка", required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = EventMaterial
        fields = ["title", "file", "url"]
        help_texts = {"file": f"{KINDS}."}

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if upload and "file" in self.changed_data:
            check_document(upload)
            self.instance.filename = upload.name[:255]
        return upload

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "file" in data and bool(data.get("file")) == bool(data.get("url")):
            self.add_error("url", "Приложите файл или дайте ссылку: что-то одно.")
        return data
