"""Writing a questionnaire as an XLSForm workbook that other tools and the portal itself read."""

from __future__ import annotations

import io
import re
from typing import Any

from xlsxwriter import Workbook

from diagnostics.actions.questionnaires import OTHER
from diagnostics.answering import sections_with_items
from diagnostics.models import Item, Questionnaire
from diagnostics.questions import options_of

SURVEY = ["type", "name", "label", "hint", "required", "direction"]
CHOICES = ["list_name", "name", "label"]
KINDS = {Item.Kind.NUMBER: "decimal", Item.Kind.TEXT: "text"}


def write(questionnaire: Questionnaire) -> bytes:
    """The workbook; `direction` is a column of ours that other tools pass over."""
    survey, choices = _rows(questionnaire)
    settings = [[questionnaire.title, questionnaire.family, str(questionnaire.version)]]
    buffer = io.BytesIO()
    with Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        for name, head, rows in (
            ("survey", SURVEY, survey),
            ("choices", CHOICES, choices),
            ("settings", ["form_title", "form_id", "version"], settings),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, head, bold)
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, row)
            sheet.set_column(0, len(head) - 1, 24)
            sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def _rows(questionnaire: Questionnaire) -> tuple[list[list[Any]], list[list[Any]]]:
    survey: list[list[Any]] = []
    choices: dict[str, list[list[Any]]] = {}
    for number, section in enumerate(sections_with_items(questionnaire.pk), 1):
        survey.append(["begin_group", f"topic_{number}", section.title, "", "", ""])
        if section.intro:
            survey.append(["note", f"topic_{number}_intro", section.intro, "", "", ""])
        for item in section.items.all():
            survey.append(_item_row(item))
            if options := [option for option in options_of(item) if option.code != OTHER]:
                name = _list_name(item)
                choices[name] = [[name, option.code, option.label] for option in options]
        survey.append(["end_group", "", "", "", "", ""])
    return survey, [row for rows in choices.values() for row in rows]


def _item_row(item: Item) -> list[Any]:
    kind = KINDS.get(Item.Kind(item.kind)) or (
        f"select_{'multiple' if item.kind == Item.Kind.MULTIPLE else 'one'} {_list_name(item)}"
    )
    if any(option.code == OTHER for option in options_of(item)):
        kind += " or_other"
    direction = item.direction.code if item.direction else ""
    return [kind, _name(item.code), item.text, item.hint, "yes" if item.required else "no", direction]


def _list_name(item: Item) -> str:
    return item.scale.code if item.scale else f"list_{_name(item.code)}"


def _name(code: str) -> str:
    """A name that XForms takes: a letter first, no spaces."""
    return code if re.match(r"^[A-Za-z_]", code) else f"q_{code}"
