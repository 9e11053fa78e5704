"""Several files at once, each known by its content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.attachments import KINDS, check_document

MOST_FILES = 5


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of documents, at most five."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Файлы")
        kwargs.setdefault("help_text", f"До пяти: {KINDS}.")
        super().__init__(required=False, widget=FilesInput(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > MOST_FILES:
            raise ValidationError("Не больше пяти файлов за раз: остальные приложите к следующему сообщению.")
        mistakes = []
        for file in files:
            try:
                check_document(super().clean(file, initial))
            except ValidationError as error:
                mistakes += [f"{file.name}: {message}" for message in error.messages]
        if mistakes:
            raise ValidationError(mistakes)
        return list(files)
