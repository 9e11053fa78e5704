"""Evidence on any form: a record of the portal, a document, or a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.attachments import KINDS, check_document
from monitoring.actions.evidence import NewEvidence
from monitoring.records import find_record, record_choices

RECORD, DOCUMENT, URL = "evidence_record", "evidence_document", "evidence_url"


class EvidenceForm(forms.Form):
    """Fields that give at most one piece of evidence; `needed` demands one."""

    evidence_title = forms.CharField(
        label="Что подтверждает",
        max_length=250,
        required=False,
        help_text="Например: приказ от 12.09.2026 № 15.",
    )
    evidence_record = forms.ChoiceField(label="Запись портала", required=False)
    evidence_document = forms.FileField(label="Документ", required=False, help_text=f"{KINDS}, до 20 МБ.")
    evidence_url = forms.URLField(
        label="Ссылка",
        required=False,
        assume_scheme="https",
        help_text="На опубликованный документ или страницу.",
    )
    needed = False

    def __init__(self, *args: Any, person: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.municipality_id = person, municipality_id
        self.fields[RECORD].choices = [("", "Не выбрана"), *record_choices(person, municipality_id)]

    def clean_evidence_document(self) -> Any:
        document = self.cleaned_data[DOCUMENT]
        if document:
            check_document(document)
        return document

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given = [name for name in (RECORD, DOCUMENT, URL) if data.get(name)]
        if len(given) > 1:
            raise ValidationError(
                "Дайте что-то одно: запись портала, документ или ссылку. Другое можно добавить следующим шагом."
            )
        broken = any(name in self.errors for name in (RECORD, DOCUMENT, URL))
        if not given and self.needed and not broken:
            raise ValidationError(
                "Нужно подтверждение: выберите запись портала, приложите документ или ссылку."
            )
        if not given and data.get("evidence_title") and not broken:
            self.add_error(
                "evidence_title", "Название есть, а самого подтверждения нет: запись, документ, ссылка."
            )
        return data

    @property
    def evidence(self) -> NewEvidence | None:
        """What was given, ready for the action."""
        data = self.cleaned_data
        title = data.get("evidence_title", "")
        if data.get(RECORD):
            record = find_record(self.person, self.municipality_id, data[RECORD])
            return NewEvidence(title=title or str(record)[:250], record=record)
        if data.get(DOCUMENT):
            return NewEvidence(title=title or data[DOCUMENT].name[:250], document=data[DOCUMENT])
        if data.get(URL):
            return NewEvidence(title=title or data[URL][:250], url=data[URL])
        return None


class NeededEvidenceForm(EvidenceForm):
    needed = True
