"""What a table is once it has been read: a header, rows with their numbers in the file, and how they were found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from core.imports.words import normal

Cell = str | int | float | bool | dt.date | dt.datetime | None

MAX_ROWS = 50_000
MAX_COLUMNS = 512
MAX_CELLS = 1_500_000
HEADER_DEPTH = 20


class UnreadableTable(Exception):
    """The file cannot be taken as a table; the text is Russian, for the person who chose the file."""


@dataclass(frozen=True)
class TableRow:
    """One row of data; `number` is what the person sees: the row of the sheet, the line of a text file."""

    number: int
    cells: Sequence[Cell]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A table as found in a file. `header` has one title a column, in the order of the columns."""

    format: str
    header: list[str]
    header_row: int
    rows: list[TableRow]
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""

    def column(self, index: int) -> list[Cell]:
        return [row.cells[index] for row in self.rows]


def build_table(
    raw: Sequence[TableRow], *, words: Collection[str] = (), header_row: int | None = None, **facts: object
) -> Table:
    """Find the header among the first rows and keep what lies below it.

    `words` are normalised titles that the caller hopes to find; `header_row` is the number of the row
    when a person has said which it is. A row of column numbers under the header and blank rows are left out.

    Raises UnreadableTable when there is no header or nothing below it.
    """
    filled = [row for row in raw if any(not blank(cell) for cell in row.cells)]
    if not filled:
        raise UnreadableTable("В файле нет ни одной заполненной строки.")
    at = _header_index(filled, words, header_row)
    width = max(len(row.cells) for row in filled)
    if width < 2:
        raise UnreadableTable(
            "В файле одна колонка: это не таблица. Нужна таблица, где у каждого сведения своя колонка."
        )
    header = [as_text(cell) for cell in filled[at].cells]
    header += [""] * (width - len(header))
    below = filled[at + 1 :]
    if len(below) > 1 and _numbers_columns(below[0].cells):
        below = below[1:]
    if not below:
        raise UnreadableTable(f"Под заголовком (строка {filled[at].number}) нет ни одной строки с данными.")
    rows = [
        TableRow(row.number, [*row.cells, *[None] * (width - len(row.cells))], row.problem) for row in below
    ]
    return Table(header=header, header_row=filled[at].number, rows=rows, **facts)  # type: ignore[arg-type]


def blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: Cell) -> str:
    """The cell as one line of text: 7779.0 becomes «7779», a date «28.11.2011», line breaks become spaces."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    if isinstance(cell, dt.datetime):
        return cell.strftime("%d.%m.%Y %H:%M")
    if isinstance(cell, dt.date):
        return cell.strftime("%d.%m.%Y")
    return " ".join(str(cell).split())


def _header_index(rows: Sequence[TableRow], words: Collection[str], wanted: int | None) -> int:
    if wanted is not None:
        for index, row in enumerate(rows):
            if row.number == wanted:
                return index
        raise UnreadableTable(
            f"Строка {wanted} пуста или её нет: укажите строку, в которой стоят названия колонок."
        )
    head = rows[:HEADER_DEPTH]
    scores = [_header_score(row.cells, words) for row in head]
    return scores.index(max(scores))


def _header_score(cells: Sequence[Cell], words: Collection[str]) -> float:
    """Known titles weigh most; else the row with the most short different texts, the first of equals."""
    texts = [normal(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
    short = {text for text in texts if len(text) <= 200 and not text.replace(" ", "").isdigit()}
    known = sum(1 for text in short if text in words)
    return known * 100 + len(short)


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    """Whether the row only numbers the columns: 1, 2, 3 …"""
    numbers = [as_text(cell).strip(".)") for cell in cells if not blank(cell)]
    return len(numbers) >= 3 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
