"""Forms of the pages of an upload."""

from __future__ import annotations

from typing import Any

from django import forms

from core.imports.spec import ImportSpec
from core.models import Upload

_ABSENT = "-"


class FileForm(forms.Form):
    """The file; an app adds where it goes."""

    file = forms.FileField(
        label="Файл", help_text="XLSX, XLS, ODS или CSV. Ничего не сохранится без подтверждения."
    )


class TableForm(forms.Form):
    """Where in the file the table is."""

    sheet = forms.ChoiceField(label="Лист")
    header_row = forms.IntegerField(
        label="Строка с названиями колонок",
        min_value=1,
        max_value=50_000,
        help_text="Номер строки, как в файле.",
    )

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        initial = {"sheet": upload.sheet, "header_row": upload.header_row}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in upload.sheets]  # type: ignore[attr-defined]
        if len(upload.sheets) < 2:
            del self.fields["sheet"]


class ColumnsForm(forms.Form):
    """Which column is which field: one select a field, each column at most once."""

    def __init__(self, *args: Any, upload: Upload, spec: ImportSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        titles = [
            (str(index), f"{_letters(index)}: {title or 'без названия'}"[:90])
            for index, title in enumerate(upload.header)
        ]
        for field in spec.fields:
            column = upload.columns.get(field.name)
            self.fields[field.name] = forms.ChoiceField(
                label=field.title,
                help_text=field.hint,
                choices=[(_ABSENT, "нет в файле"), *titles],
                initial=_ABSENT if column is None else str(column),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        used: dict[str, str] = {}
        for name, column in list(data.items()):
            if column == _ABSENT:
                continue
            if column in used:
                other = self.fields[used[column]].label
                self.add_error(name, f"Эта колонка уже выбрана для поля «{other}».")
            used[column] = name
        if not self.errors and (lacks := self.spec.missing(self.columns())):
            self.add_error(None, f"Не хватает колонок: {', '.join(lacks)}.")
        return data

    def columns(self) -> dict[str, int]:
        """Field name → index of the column."""
        return {name: int(column) for name, column in self.cleaned_data.items() if column != _ABSENT}


class ConfirmForm(forms.Form):
    """Consent to what the preview shows."""

    fingerprint = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, upload: Upload, spec: ImportSpec, **kwargs: Any) -> None:
        super().__init__(*args, initial={"fingerprint": upload.fingerprint}, **kwargs)
        if rejected := upload.counts.get("rejected"):
            self.fields["accept_good_rows"] = forms.BooleanField(
                required=False,
                label="Взять строки без ошибок",
                help_text=f"Строки с ошибками ({rejected}) останутся незагруженными.",
            )
        for name, label, hint in spec.options:
            self.fields[name] = forms.BooleanField(required=False, label=label, help_text=hint)
        self.option_names = [name for name, *_ in spec.options]

    def options(self) -> dict[str, bool]:
        return {name: bool(self.cleaned_data.get(name)) for name in self.option_names}


def _letters(index: int) -> str:
    """The column as a spreadsheet calls it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
