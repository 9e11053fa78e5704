"""The rows of an XLSForm workbook as they stand, with their numbers, and what of them the portal refuses."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from xlsxwriter import Workbook

from core.imports.detect import detect_format
from core.imports.table import Cell, TableRow, UnreadableTable, as_text
from core.imports.workbook import read_workbook

SHEETS = ("survey", "choices", "settings")
MOST_ROWS = 3000
_CONDITION = "вопросы с условием показа не поддерживаются: уберите условие или сделайте отдельную анкету"
_CHECKING = "проверка ответа формулой не поддерживается"
_MEDIA = "картинки, звук и видео в вопросах не поддерживаются"
REFUSED_COLUMNS = {
    **dict.fromkeys(("relevant", "relevance", "bind:relevant"), _CONDITION),
    **dict.fromkeys(("constraint", "bind:constraint"), _CHECKING),
    **dict.fromkeys(("calculation", "calculate", "bind:calculate"), "вычисления не поддерживаются"),
    **dict.fromkeys(("repeat_count", "jr:count", "bind:jr:count"), "повторы не поддерживаются"),
    **dict.fromkeys(("image", "big-image", "audio", "video"), _MEDIA),
    **dict.fromkeys(("media:image", "media:audio", "media:video"), _MEDIA),
    "choice_filter": "отбор вариантов по условию не поддерживается",
    "default": "ответ по умолчанию не поддерживается: он подсказывал бы отвечающему",
    "trigger": "вычисления по событию не поддерживаются",
    "readonly": "вопрос только для чтения не поддерживается",
    "read_only": "вопрос только для чтения не поддерживается",
}
_RECORDS = "портал не собирает данных об устройстве, времени и месте отвечающего: удалите строку"
_FILES = "фотографии, файлы и подписи не собираются"
_DATES = "даты и время не поддерживаются: спросите число или текст"
_RANKS = "расстановка по порядку не поддерживается"
REFUSED_TYPES = {
    **dict.fromkeys(("start", "end", "today", "deviceid", "username", "email", "phonenumber"), _RECORDS),
    **dict.fromkeys(("audit", "simserial", "subscriberid", "start-geopoint"), _RECORDS),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "background-geopoint"), _RECORDS),
    **dict.fromkeys(("image", "photo", "audio", "video", "file", "background-audio", "signature"), _FILES),
    **dict.fromkeys(("date", "time", "datetime", "dateTime"), _DATES),
    **dict.fromkeys(("calculate", "hidden", "xml-external", "csv-external"), "вычисления не поддерживаются"),
    "rank": _RANKS,
    "barcode": "штрихкоды не поддерживаются",
    "acknowledge": "подтверждения не поддерживаются: сделайте вопрос с одним ответом",
}
TEXTS = ("text", "string", "phone number", "add text prompt")
NUMBERS = ("integer", "int", "decimal", "range")
GROUP = re.compile(r"^(begin|end)[ _](lgroup|looped group|group|repeat|loop)$")
SELECT = re.compile(
    r"^(select_one|select one from|select one|select1|add select one prompt using|select_multiple|"
    r"select all that apply from|select all that apply|add select multiple prompt using)\s+(.+)$"
)
NO_WORDS = ("", "no", "false", "false()", "нет", "0")
YES_WORDS = ("yes", "true", "true()", "да", "1")


@dataclass(frozen=True)
class Refusal:
    """One thing the portal cannot take: where, which and why, in Russian."""

    sheet: str
    row: int
    name: str
    reason: str

    def __str__(self) -> str:
        named = f" «{self.name}»" if self.name else ""
        return f"лист {self.sheet}, строка {self.row}{named}: {self.reason}"


class Refused(Exception):
    """The workbook is not taken, nothing was saved. `rows` names each reason; the text is for people."""

    def __init__(self, text: str, rows: list[Refusal] | None = None) -> None:
        super().__init__(text)
        self.rows = rows or []


@dataclass(frozen=True)
class Row:
    """One row of a sheet: its number as Excel shows it, and its cells by the name of the column."""

    number: int
    cells: dict[str, str]

    def get(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    @property
    def type(self) -> str:
        return " ".join(self.get("type").split())


def tables(data: bytes) -> dict[str, list[TableRow]]:
    """Filled sheets that mean anything in a form. Raises Refused when it is no workbook.

    They are read apart, with limits of memory and time: a workbook of 5 KB may ask for 500 GB.
    """
    try:
        if detect_format(data) == "text":
            raise Refused("Это не таблица XLSX или XLS.")
        names = {name.strip().lower(): name for name in read_workbook(data)[2]}
        return {name: read_workbook(data, sheet=names[name])[0] for name in SHEETS if name in names}
    except UnreadableTable as error:
        raise Refused(str(error)) from error


def workbook(sheets: dict[str, list[TableRow]]) -> dict[str, list[Row]]:
    """Rows of the sheets by the names of their columns. Raises Refused when there are no questions."""
    if "survey" not in sheets:
        raise Refused("В книге нет листа survey. Возможно, это обычная таблица, а не XLSForm.")
    book = {name: _rows(table) for name, table in sheets.items()}
    if not any("type" in row.cells for row in book["survey"]):
        raise Refused("На листе survey нет столбца type в первой строке, по нему узнают вид вопроса.")
    return {"choices": [], **book}


def rebuilt(sheets: dict[str, list[TableRow]]) -> bytes:
    """An XLSX with the same words in the same cells and nothing else of what was sent: it is safe to open."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as file:
        for name, table in sheets.items():
            sheet = file.add_worksheet(name)
            for row in table:
                for column, cell in enumerate(row.cells):
                    if text := _text(cell):
                        sheet.write_string(row.number - 1, column, text)
    return buffer.getvalue()


def _rows(table: list[TableRow]) -> list[Row]:
    """Rows below the first one of the sheet, whose cells are the names of the columns."""
    if len(table) > MOST_ROWS:
        raise Refused(f"Строк больше {MOST_ROWS}: анкеты такой длины не бывает.")
    if not table or table[0].number != 1:
        return []
    heads = [_head(as_text(cell)) for cell in table[0].cells]
    rows = []
    for line in table[1:]:
        texts = zip(heads, map(_text, line.cells), strict=False)
        cells = {head: text for head, text in texts if head and text}
        if any(value.strip() for value in cells.values()):
            rows.append(Row(line.number, cells))
    return rows


def _head(text: str) -> str:
    """«Bind: relevant» and «bind::relevant» are one column; labels keep their language."""
    head = re.sub(r"\s*:+\s*", ":", text.strip())
    return head if head.lower().startswith(("label:", "hint:")) else head.lower()


def _text(cell: Cell) -> str:
    """The cell as it stands: a text keeps its spaces and line breaks, 1.0 is «1»."""
    if isinstance(cell, bool):
        return str(cell).upper()
    return cell if isinstance(cell, str) else as_text(cell)


def refusals(book: dict[str, list[Row]], known_directions: set[str]) -> list[Refusal]:
    """Everything on the two sheets that the portal does not take, in the order of rows."""
    found: list[Refusal] = []
    lists: set[str] = set()
    for row in book["survey"]:
        found += [
            Refusal("survey", row.number, row.get("name"), why) for why in _why_not(row, known_directions)
        ]
        if match := SELECT.match(row.type):
            lists.add(match.group(2).removesuffix(" or_other").removesuffix(" or specify other").strip())
    for row in book["choices"]:
        used = row.get("list name") in lists or row.get("list_name") in lists
        if used and not any(value.strip() for head, value in row.cells.items() if head.startswith("label")):
            why = "у варианта ответа нет подписи (label)"
            found.append(Refusal("choices", row.number, row.get("name"), why))
    return found


def _why_not(row: Row, known_directions: set[str]) -> list[str]:
    kind = row.type
    if not kind:
        return ["не указан вид вопроса (столбец type)"]
    group = GROUP.match(kind.lower())
    if group and group.group(2) not in ("group", "lgroup"):
        return ["повторяющиеся блоки вопросов не поддерживаются"] if group.group(1) == "begin" else []
    if group and group.group(1) == "end":
        return []
    reasons = [why for head, why in REFUSED_COLUMNS.items() if _filled(row, head)]
    reasons += [
        f"в столбце «{head}» пустое условие: в ячейке один перевод строки, очистите её"
        for head in REFUSED_COLUMNS
        if "\n" in row.cells.get(head, "") and not row.get(head)
    ]
    if not group and kind != "note":
        reasons += _kind_refused(kind)
        if not any(v.strip() for h, v in row.cells.items() if h.startswith("label") or h == "caption"):
            reasons.append("нет текста вопроса (столбец label)")
        if row.get("required").lower() not in NO_WORDS + YES_WORDS:
            reasons.append("обязательность по условию не поддерживается: напишите yes или no")
    direction = row.get("direction")
    if direction and direction not in known_directions:
        reasons.append(f"нет направления с кодом «{direction}» (столбец direction)")
    return reasons


def _filled(row: Row, head: str) -> bool:
    return row.get(head).lower() not in NO_WORDS


def _kind_refused(kind: str) -> list[str]:
    low = kind.lower()
    if low in TEXTS or low in NUMBERS or SELECT.match(kind):
        return []
    first = low.split()[0]
    if "from_file" in low or "external" in first:
        return ["варианты ответа из отдельного файла не поддерживаются"]
    return [REFUSED_TYPES.get(low) or REFUSED_TYPES.get(first) or f"вид вопроса «{kind}» не поддерживается"]
