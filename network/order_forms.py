"""Forms of orders: the text of a draft with its annexes, the registration, the scan."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import PurePosixPath
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.attachments import check_document
from core.widgets import DateInput
from network.models import Municipality, Order, OrderAnnex, Person
from network.models.order import COMMAND_WORDS
from network.orders import NewAnnex, taken_by

MOST_CLAUSES, MOST_ROWS = 60, 500
_CELLS = re.compile(r"\s*[|\t]\s*")
_OWN_NUMBER = re.compile(r"^\d{1,2}[.)]\s+")
_SCANS = {".pdf", ".jpg", ".jpeg", ".png"}


class OrderForm(forms.ModelForm):
    """The text of a draft. Clauses stand one a line; an annex is a table whose cells are parted by «|»."""

    clauses = forms.CharField(
        label="Пункты",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Каждый пункт с новой строки и без номера: номера поставит портал.",
    )

    class Meta:
        model = Order
        fields = [
            "municipality", "kind", "heading", "preamble", "command", "clauses", "place",
            "signatory_position", "signatory_name", "executor",
        ]  # fmt: skip
        widgets = {
            "heading": forms.Textarea(attrs={"rows": 2}),
            "preamble": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "heading": "О чём акт: «О создании сообщества…», «Об утверждении плана…». Без точки и кавычек.",
            "preamble": "Основание и цель: «В целях…», «Во исполнение…», «На основании…».",
            "command": "Стоит после преамбулы с двоеточием. Оставьте пустым, если его не нужно.",
            "signatory_name": "Как в подписи: «И. А. Петрова».",
        }

    def __init__(self, *args: Any, by: Person, earlier: Order | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.earlier = by, earlier
        self.annexes = list(self.instance.annexes.all()) if self.instance.pk else []
        self._add_annexes()
        if self.instance.pk:
            del self.fields["municipality"]
            self.initial["clauses"] = "\n".join(self.instance.clauses)
        else:
            self._choose_municipality()
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def _choose_municipality(self) -> None:
        managed = Municipality.objects.managed_by(self.by)
        if self.earlier is not None:
            managed = managed.filter(pk=self.earlier.municipality_id)
        field: Any = self.fields["municipality"]
        field.queryset, field.empty_label = managed, None
        if len(managed) == 1:
            field.initial, field.widget = managed[0], forms.HiddenInput()

    def _add_annexes(self) -> None:
        """Fields of each annex there is, and of one more."""
        for index, annex in enumerate([*self.annexes, None], 1):
            self._add_annex(index, annex)

    def _add_annex(self, index: int, annex: OrderAnnex | None) -> None:
        self.fields[f"annex{index}_title"] = forms.CharField(
            label="Название приложения",
            required=False,
            max_length=300,
            initial=annex.title if annex else "",
            help_text="Пустое название убирает приложение." if annex else "",
        )
        self.fields[f"annex{index}_columns"] = forms.CharField(
            label="Графы",
            required=False,
            initial=" | ".join(annex.columns) if annex else "",
            help_text="Названия граф через черту: № | Фамилия, имя, отчество | Должность.",
        )
        self.fields[f"annex{index}_rows"] = forms.CharField(
            label="Строки",
            required=False,
            initial="\n".join(" | ".join(row) for row in annex.rows) if annex else "",
            widget=forms.Textarea(attrs={"rows": 8 if annex else 4}),
            help_text="Строка таблицы на строке, ячейки через черту; можно вставить скопированное из Excel.",
        )
        self.fields[f"annex{index}_has_people"] = forms.BooleanField(
            label="В приложении имена людей: посетителям портала не показывать",
            required=False,
            initial=annex.has_people if annex else False,
        )

    def _layout(self) -> Layout:
        text = ["municipality", "kind", "heading", "preamble", "command", "clauses"]
        signature = ["place", "signatory_position", "signatory_name", "executor"]
        annexes = [self._annex_layout(index) for index in range(1, len(self.annexes) + 2)]
        return Layout(
            Fieldset("Текст", *[name for name in text if name in self.fields], css_class="part"),
            Fieldset("Подпись", *signature, css_class="part"),
            *annexes,
        )

    def _annex_layout(self, index: int) -> Fieldset:
        """The annex to be added is folded until somebody writes in it."""
        names = [f"annex{index}_{part}" for part in ("title", "columns", "rows", "has_people")]
        if index <= len(self.annexes):
            return Fieldset(f"Приложение {index}", *names, css_class="part")
        return Fieldset(
            "Добавить приложение",
            *names,
            template="bootstrap5/layout/fold.html",
            open=any(self.data.get(name) for name in names),
        )

    def clean_heading(self) -> str:
        return " ".join(self.cleaned_data["heading"].split()).rstrip(".")

    def clean_command(self) -> str:
        return self.cleaned_data["command"].strip().rstrip(":").strip()

    def clean_clauses(self) -> list[str]:
        lines = [_OWN_NUMBER.sub("", line.strip()) for line in self.cleaned_data["clauses"].splitlines()]
        clauses = [line for line in lines if line]
        if len(clauses) > MOST_CLAUSES:
            raise ValidationError(f"Пунктов больше {MOST_CLAUSES}: вынесите часть в приложение.")
        return clauses

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, command = cleaned.get("kind"), cleaned.get("command")
        was = self.initial.get("kind") or self.instance.kind
        if kind and was and kind != was and command == COMMAND_WORDS.get(was):
            cleaned["command"] = COMMAND_WORDS[kind]
        self.new_annexes = [
            annex for index in range(1, len(self.annexes) + 2) if (annex := self._annex(index))
        ]
        return cleaned

    def _annex(self, index: int) -> NewAnnex | None:
        title, columns_text, rows_text, has_people = (
            self.cleaned_data.get(f"annex{index}_{part}")
            for part in ("title", "columns", "rows", "has_people")
        )
        is_old = index <= len(self.annexes)
        if not title and (is_old or not (columns_text or rows_text)):
            return None
        if not title:
            self.add_error(f"annex{index}_title", "Назовите приложение.")
        columns = [cell for cell in _CELLS.split((columns_text or "").strip()) if cell]
        if not columns:
            self.add_error(f"annex{index}_columns", "Назовите графы таблицы.")
            return None
        lines = [line for line in (rows_text or "").splitlines() if line.strip()]
        if len(lines) > MOST_ROWS:
            self.add_error(f"annex{index}_rows", f"Строк больше {MOST_ROWS}.")
        rows = []
        for number, line in enumerate(lines, 1):
            cells = _CELLS.split(line.strip(" "))
            if len(cells) > len(columns):
                text = f"Строка {number}: ячеек {len(cells)}, а граф {len(columns)}."
                self.add_error(f"annex{index}_rows", text)
                break
            rows.append([*cells, *[""] * (len(columns) - len(cells))])
        return NewAnnex(title or "", columns, rows, bool(has_people))


class ScanForm(forms.Form):
    """The signed sheet, as a picture or PDF."""

    scan = forms.FileField(label="Скан подписанного акта", help_text="PDF, JPEG или PNG, до 20 МБ.")

    def clean_scan(self) -> Any:
        scan = self.cleaned_data["scan"]
        if scan:
            if PurePosixPath(scan.name or "").suffix.lower() not in _SCANS:
                raise ValidationError("Для скана подойдёт PDF, JPEG или PNG.")
            check_document(scan)
        return scan


class RegistrationForm(ScanForm):
    """What the office gave the order: number and date; the scan may come later."""

    number = forms.CharField(
        label="Номер",
        max_length=60,
        help_text="Как в журнале регистрации канцелярии, например 489/2-од. Портал номер не придумывает.",
    )
    date = forms.DateField(label="Дата", widget=DateInput(), initial=timezone.localdate)

    field_order = ["number", "date", "scan"]

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["scan"].required = False

    def clean_date(self) -> dt.date:
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError("Этот день ещё не наступил: укажите дату из журнала регистрации.")
        if day.year < 1990:
            raise ValidationError("Проверьте год.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number, day = cleaned.get("number"), cleaned.get("date")
        if number and day and (holder := taken_by(self.order, number, day)) is not None:
            self.add_error("number", f"Этот номер в {day.year} году уже занят: {holder}.")
        return cleaned
