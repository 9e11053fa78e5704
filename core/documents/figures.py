"""Tables and charts of a document: values, not markup, with what each builder asks of them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.documents.content import Block
from core.documents.values import Cell, Link, clean, kind_of, printed_number, text_of, tidy

MOST_BARS = 40
_NAME_WIDTH = 18


class Shown(NamedTuple):
    """A cell as it is printed: its text, kind (`kind_of`), portal address and horizontal place."""

    text: str
    kind: str
    link: Link | None
    align: str

    @property
    def css(self) -> str:
        """Classes of the cell on a page."""
        place = {"right": "num", "center": "text-center"}.get(self.align, "")
        return f"{place} hid".strip() if self.kind == "hidden" else place


@dataclass(frozen=True)
class Column:
    """A column: `align` left, right or center (without it numbers go right), `width` in characters
    (without it by content), `digits` after the comma for numbers that are not whole."""

    title: str
    align: str = ""
    width: float | None = None
    digits: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))


@dataclass(frozen=True)
class Group:
    """A row of a table that names the rows below it."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


class ShownRow(NamedTuple):
    """A table row as it is printed: either the words of a group or cells."""

    group: str
    cells: list[Shown]
    total: bool


@dataclass(frozen=True)
class Table(Block):
    """A table with a caption. The first column names the row; with `total` the last row sums up the others.

    Columns may be given as plain titles. Raises ValueError when a row has not a cell for every column.
    """

    name = "table"
    caption: str
    columns: Sequence[Any]  # given as Column or plain titles, kept as Column
    rows: Sequence[Sequence[Cell] | Group]
    note: str = ""
    total: bool = False

    def __post_init__(self) -> None:
        columns = tuple(c if isinstance(c, Column) else Column(str(c)) for c in self.columns)
        rows: list[Group | tuple[Cell, ...]] = []
        for number, row in enumerate(self.rows, 1):
            if not isinstance(row, Group):
                row = tuple(tidy(cell) for cell in row)
                if len(row) != len(columns):
                    raise ValueError(
                        f"Row {number} of «{self.caption}»: {len(row)} cells, {len(columns)} columns."
                    )
            rows.append(row)
        for name, value in [
            ("columns", columns),
            ("rows", tuple(rows)),
            ("caption", clean(self.caption)),
            ("note", clean(self.note)),
        ]:
            object.__setattr__(self, name, value)

    def align_of(self, index: int) -> str:
        """Where the cells of a column stand: as asked, else numbers right and words left."""
        if self.columns[index].align:
            return self.columns[index].align
        kinds = {kind_of(row[index]) for row in self.rows if not isinstance(row, Group)} - {"none", "hidden"}
        return "right" if kinds and kinds <= {"number", "percent"} else "left"

    @property
    def heads(self) -> list[Shown]:
        return [Shown(c.title, "text", None, self.align_of(i)) for i, c in enumerate(self.columns)]

    @property
    def printed(self) -> list[ShownRow]:
        """Rows as they are printed."""
        aligns = [self.align_of(index) for index in range(len(self.columns))]
        last = len(self.rows) - 1 if self.total else -1
        return [
            ShownRow(row.text, [], False)
            if isinstance(row, Group)
            else ShownRow("", [self._shown(cell, i, aligns[i]) for i, cell in enumerate(row)], number == last)
            for number, row in enumerate(self.rows)
        ]

    def _shown(self, cell: Cell, index: int, align: str) -> Shown:
        link = cell if isinstance(cell, Link) and cell.url else None
        return Shown(text_of(cell, self.columns[index].digits), kind_of(cell), link, align)


@dataclass(frozen=True)
class Chart(Block):
    """A picture of figures: `kind` bar (lying bars, for comparing) or line (for change over time).

    `series` are pairs (name, one cell a category); a cell without a number leaves a gap and its word.
    `alt` says in words what the picture shows, `category` heads the column of categories in the table.
    The figures stand beside the picture as a table, unless `with_table` is False because a table next to it
    has them already. Raises ValueError for missing values or words.
    """

    name = "chart"
    kind: str
    title: str
    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence[Cell]]]
    alt: str
    with_table: bool = True
    category: str = "Показатель"

    def __post_init__(self) -> None:
        if self.kind not in ("bar", "line"):
            raise ValueError(f"A chart is a bar or a line, not {self.kind!r}.")
        if not self.alt.strip():
            raise ValueError(f"Chart «{self.title}» has no words for those who cannot see it.")
        series = tuple((clean(name), tuple(tidy(cell) for cell in cells)) for name, cells in self.series)
        for name, cells in series:
            if len(cells) != len(self.categories):
                raise ValueError(
                    f"Chart «{self.title}», {name}: {len(cells)} of {len(self.categories)} values."
                )
        object.__setattr__(self, "series", series)
        object.__setattr__(self, "categories", tuple(clean(str(c)) for c in self.categories))
        object.__setattr__(self, "title", clean(self.title))
        object.__setattr__(self, "alt", clean(self.alt))

    @property
    def is_percent(self) -> bool:
        return any(kind_of(cell) == "percent" for _, cells in self.series for cell in cells)

    @property
    def table(self) -> Table:
        """The same figures as a table."""
        rows = [[name, *(cells[i] for _, cells in self.series)] for i, name in enumerate(self.categories)]
        columns = [Column(self.category), *(Column(name, align="right") for name, _ in self.series)]
        return Table(f"{self.title}: значения", columns, rows)

    @property
    def names(self) -> list[list[str]]:
        """Categories in lines as short as a phone needs beside lying bars."""
        return [textwrap.wrap(name, _NAME_WIDTH) or [""] for name in self.categories[: self.drawn]]

    @property
    def drawn(self) -> int:
        """How many categories the picture shows: lying bars must fit a sheet."""
        return min(len(self.categories), MOST_BARS) if self.kind == "bar" else len(self.categories)

    @property
    def note(self) -> str:
        """Words for a picture that cannot show every category; empty when it does."""
        if self.drawn == len(self.categories):
            return ""
        return f"На рисунке первые {self.drawn} строк из {len(self.categories)}, все значения – в таблице."

    @property
    def size(self) -> str:
        """How much room lying bars want on a page: nothing for the usual, else low, tall or tallest."""
        if self.kind == "line":
            return ""
        lines = sum(max(len(name), len(self.series)) for name in self.names)
        return "low" if lines <= 6 else "" if lines <= 17 else "tall" if lines <= 32 else "tallest"

    @property
    def data(self) -> dict[str, Any]:
        """What static/js/chart.js draws: the figures as they are printed, long names in lines."""
        lying = self.kind == "bar"
        return {
            "kind": self.kind,
            "horizontal": lying,
            "unit": "%" if self.is_percent else "",
            "categories": self.names if lying else self.categories,
            "series": [
                {"name": name, "values": [_drawn(c) for c in cells[: self.drawn]]}
                for name, cells in self.series
            ],
        }


def _drawn(cell: Cell) -> float | None:
    printed = printed_number(cell)
    return None if printed is None else float(printed)
