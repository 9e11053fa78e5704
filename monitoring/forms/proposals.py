"""Which of the proposed records a person ticked."""

from __future__ import annotations

import re

from django import forms

KEY = re.compile(r"[a-z_]{1,40}-[0-9]{1,18}")


class TickedField(forms.MultipleChoiceField):
    """Keys of records. One that is not proposed any more is no mistake of the person: the action passes it over."""

    default_error_messages = {"required": "Отметьте хотя бы одну запись."}

    def valid_value(self, value: str) -> bool:
        return bool(KEY.fullmatch(value))


class TickedForm(forms.Form):
    records = TickedField(label="Записи")
