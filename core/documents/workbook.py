"""A workbook whose cells are written by their kind: numbers are numbers, what a person typed is only text."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.documents.figures import Column
from core.documents.values import Cell, Link, Percent, bare, clean, digits_of, kind_of, local, text_of

ACCENT, MUTED, RULE, WASH = "#0B3F7E", "#55606E", "#B9C3CE", "#F1F4F7"
MOST_ROWS = 1_048_576
_LONGEST_TEXT, _LONGEST_ADDRESS, _EXACT_DIGITS, _LONGEST_NAME = 32767, 2079, 15, 31
_NARROWEST, _WIDEST = 9.0, 60.0
_FIRST_DAY = dt.date(1900, 3, 1)  # before it spreadsheets disagree about days
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\'\U00010000-\U0010ffff]")


class Workbook(xlsxwriter.Workbook):
    """A workbook made in memory; its bytes are `content` after it is closed."""

    def __init__(self, *, constant_memory: bool = False) -> None:
        self._bytes = BytesIO()
        self._styles: dict[tuple[Any, ...], Format] = {}
        self._names: set[str] = set()
        memory = {"constant_memory": True} if constant_memory else {"in_memory": True}
        super().__init__(self._bytes, memory)

    @property
    def content(self) -> bytes:
        return self._bytes.getvalue()

    def describe(
        self, title: str, subject: str = "", author: str = "", made_at: dt.datetime | None = None
    ) -> None:
        """Sets the properties of the file."""
        made_at = (made_at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).replace(tzinfo=None)
        self.set_properties(
            {
                "title": clean(title)[:255],
                "subject": subject[:255],
                "author": author[:255],
                "created": made_at,
            }
        )

    def sheet(self, name: str) -> Worksheet:
        """A new sheet on A4; the name is cut and made unlike the others as spreadsheets demand."""
        plain = " ".join(_NOT_IN_NAME.sub(" ", clean(name)).split())[:_LONGEST_NAME] or "Лист"
        name, number = plain, 2
        while name.lower() in self._names or name.lower() == "history":
            ending = f" {number}"
            name, number = plain[: _LONGEST_NAME - len(ending)] + ending, number + 1
        self._names.add(name.lower())
        sheet = self.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.8, right=0.4, top=0.8, bottom=0.8)
        sheet.set_footer("&C&P")
        return sheet

    def style(self, **wishes: Any) -> Format:
        """One format for the same wishes, in the words of XlsxWriter."""
        key = tuple(sorted(wishes.items()))
        if key not in self._styles:
            if wishes.get("border"):
                wishes["border_color"] = RULE
            self._styles[key] = self.add_format(
                {"font_name": "Arial", "font_size": 10, "valign": "top", **wishes}
            )
        return self._styles[key]

    def put(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: Cell,
        *,
        digits: int | None = None,
        empty: str = "–",
        **wishes: Any,
    ) -> None:
        """Writes one cell by its kind; `empty` stands for nothing."""
        if isinstance(value, Link) and 0 < len(value.address) <= _LONGEST_ADDRESS:
            sheet.write_url(
                row, column, value.address
            )  # what is written next replaces its words, not its address
            wishes |= {"font_color": ACCENT, "underline": 1}
        value, kind = bare(value), kind_of(value)
        if kind == "none" and not empty:
            sheet.write_blank(row, column, None, self.style(**wishes))
        elif kind == "hidden":
            look = self.style(**{"align": "right", **wishes, "italic": True, "font_color": MUTED})
            sheet.write_string(row, column, text_of(value), look)
        elif kind in ("number", "percent") and _is_exact(value):
            look = self.style(num_format=number_format(value, digits), **wishes)
            sheet.write_number(row, column, number_as_shown(value, digits), look)
        elif (
            isinstance(value, dt.date)
            and (value.date() if isinstance(value, dt.datetime) else value) >= _FIRST_DAY
        ):
            timed = isinstance(value, dt.datetime)
            look = self.style(
                num_format="dd.mm.yyyy hh:mm" if timed else "dd.mm.yyyy", **{"align": "left", **wishes}
            )
            sheet.write_datetime(row, column, local(value) if isinstance(value, dt.datetime) else value, look)
        else:
            words = empty if kind == "none" else text_of(value, digits)
            look = self.style(
                **{"text_wrap": kind == "text", "align": "left" if kind == "text" else "right", **wishes}
            )
            sheet.write_string(row, column, _cut(words), look)

    def heads(self, sheet: Worksheet, row: int, columns: Sequence[Column], aligns: Sequence[str]) -> None:
        """Writes the heads of columns."""
        for index, (column, align) in enumerate(zip(columns, aligns, strict=True)):
            look = self.style(
                bold=True, text_wrap=True, align=align, bg_color=WASH, border=1, valign="bottom"
            )
            sheet.write_string(row, index, _cut(column.title), look)
        sheet.repeat_rows(row)


def width_of_column(column: Column, values: Iterable[Cell]) -> float:
    """Width in characters that most of the values need."""
    if column.width:
        return column.width
    lengths = sorted(len(text_of(value, column.digits)) for value in values) or [0]
    longest_word = max(map(len, column.title.split()), default=0)
    usual = max(lengths[int(0.95 * (len(lengths) - 1))], longest_word, len(column.title) / 2)
    return min(max(usual * 1.1 + 2, _NARROWEST), _WIDEST)


def _is_exact(value: Cell) -> bool:
    """A spreadsheet keeps fifteen digits: a longer number is written as text rather than changed."""
    return not isinstance(value, int) or abs(value) < 10**_EXACT_DIGITS


def number_as_shown(value: Any, digits: int | None = None) -> Any:
    """The number that every spreadsheet rounds as `text_of` does.

    0.285 lies a hair below its name in binary: some programs show 28 %, some 29 %. Halves are lifted by
    that hair.
    """
    value = bare(value)
    exact = value.value if isinstance(value, Percent) else value
    places = digits_of(value, digits) + (2 if isinstance(value, Percent) else 0)
    scaled = abs(Decimal(str(exact)).scaleb(places))
    is_half = scaled - scaled.to_integral_value(ROUND_FLOOR) == Decimal("0.5")
    return float(exact) * (1 + 1e-12) if is_half else exact


def height_of_row(texts: Iterable[tuple[str, float]], font_size: float = 10) -> float:
    """Height in points for texts in columns of so many characters: not every program finds it by itself."""
    lines = (
        sum(max(1, math.ceil(len(line) / (width * 1.15))) for line in text.split("\n"))
        for text, width in texts
    )
    return min(max(lines, default=1) * font_size * 1.3 + 3, 400)


def number_format(value: Cell, digits: int | None = None) -> str:
    """The format that shows a number as `text_of` prints it."""
    value = bare(value)
    places = _places(digits_of(value, digits))
    return f'0{places}"\u00a0"%' if isinstance(value, Percent) else f"#,##0{places}"


def _places(digits: int) -> str:
    return f".{'0' * digits}" if digits else ""


def _cut(words: str) -> str:
    """A cell holds a limited number of UTF-16 units."""
    units = words.encode("utf-16-le") if len(words) > _LONGEST_TEXT // 2 else b""
    if len(units) <= 2 * _LONGEST_TEXT:
        return words
    return units[: 2 * (_LONGEST_TEXT - 1)].decode("utf-16-le", errors="ignore") + "…"
