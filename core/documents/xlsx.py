"""XLSX by XlsxWriter: a sheet with the words, a sheet a table or chart; real numbers, native charts."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from core.documents.charts import COLOURS, INK
from core.documents.content import Block, Document, Heading, List, Paragraph, Run
from core.documents.figures import Chart, Group, Table
from core.documents.values import Percent, kind_of, number_of, text_of
from core.documents.workbook import (
    ACCENT,
    MUTED,
    WASH,
    Workbook,
    height_of_row,
    number_format,
    width_of_column,
)

_HEADS = 3
_WORDS = 100  # characters in a line of the sheet with the words
_SHEET_LETTERS = {"Таблица": "Т", "Рисунок": "Р"}


def to_xlsx(document: Document) -> bytes:
    """The document as a workbook."""
    with Workbook() as book:
        book.describe(document.title, document.subtitle, document.author, document.made_at)
        words = book.sheet("Документ")
        words.set_portrait()
        words.set_column(0, 0, _WORDS)
        row = _title(book, words, document)
        for label, block in document.numbered():
            if isinstance(block, (Table, Chart)):
                kind, number = label.split()
                caption = block.caption if isinstance(block, Table) else block.title
                sheet = book.sheet(f"{_SHEET_LETTERS[kind]}{number} {caption}")
                _back_and_forth(book, words, row, sheet, f"{label}. {caption}")
                if isinstance(block, Table):
                    _table(book, sheet, block)
                else:
                    _chart(book, sheet, block)
                row += 1
            else:
                row = _words(book, words, row, block)
    return book.content


def _title(book: Workbook, sheet: Worksheet, document: Document) -> int:
    _line(book, sheet, 0, document.title, 16, bold=True)
    row = 1
    if document.subtitle:
        _line(book, sheet, row, document.subtitle, 12, font_color=MUTED)
        row += 1
    for label, value in document.lines:
        _line(book, sheet, row, f"{label}: {value}")
        row += 1
    return row + 1


def _line(book: Workbook, sheet: Worksheet, row: int, text: str, size: float = 10, **wishes: Any) -> None:
    sheet.set_row(row, height_of_row([(text, _WORDS * 10 / size)], size))
    book.put(sheet, row, 0, text, empty="", font_size=size, **wishes)


def _words(book: Workbook, sheet: Worksheet, row: int, block: Block) -> int:
    """Writes a block that has no sheet of its own; returns the next row."""
    match block:
        case Heading():
            _line(book, sheet, row + 1, block.text, 15 - 2 * block.level, bold=True)
            return row + 2
        case Paragraph():
            _line(book, sheet, row, _plain(block.runs))
            return row + 1
        case List():
            for number, point in enumerate(block.points, 1):
                sign = f"{number}." if block.ordered else "•"
                _line(book, sheet, row, f"{sign} {_plain(point)}", indent=1)
                row += 1
    return row


def _plain(runs: list[Run]) -> str:
    return "".join(run.text for run in runs)


def _back_and_forth(book: Workbook, words: Worksheet, row: int, sheet: Worksheet, caption: str) -> None:
    look = book.style(font_color=ACCENT, underline=1, text_wrap=True)
    words.write_url(row, 0, f"internal:'{sheet.get_name()}'!A1", look, caption)
    book.put(sheet, 0, 0, caption, bold=True, font_size=13, text_wrap=False)
    sheet.write_url(
        1,
        0,
        f"internal:'{words.get_name()}'!A{row + 1}",
        book.style(font_color=ACCENT, underline=1),
        "К документу",
    )


def _table(book: Workbook, sheet: Worksheet, table: Table) -> int:
    """Writes a table under the caption; returns the row after it."""
    aligns = [table.align_of(index) for index in range(len(table.columns))]
    widths = _widths(sheet, table)
    book.heads(sheet, _HEADS, table.columns, aligns)
    for number, row in enumerate(table.rows, _HEADS + 1):
        bold: dict[str, Any] = {"bold": True} if table.total and number == _HEADS + len(table.rows) else {}
        if isinstance(row, Group):
            for index in range(len(table.columns)):
                words = "" if index else row.text
                book.put(
                    sheet, number, index, words, empty="", bold=True, bg_color=WASH, border=1, text_wrap=False
                )
            continue
        texts = (
            (text_of(value), width)
            for value, width in zip(row, widths, strict=True)
            if kind_of(value) == "text"
        )
        sheet.set_row(number, height_of_row(texts))
        for index, value in enumerate(row):
            align = {"align": aligns[index]}
            book.put(
                sheet, number, index, value, digits=table.columns[index].digits, border=1, **align, **bold
            )
    sheet.freeze_panes(_HEADS + 1, 1)
    after = _HEADS + 1 + len(table.rows)
    if table.note:
        book.put(sheet, after + 1, 0, table.note, font_color=MUTED, text_wrap=False)
    return after


def _widths(sheet: Worksheet, table: Table) -> list[float]:
    """Sets the widths of columns by what stands in them."""
    rows = [row for row in table.rows if not isinstance(row, Group)]
    widths = [width_of_column(column, (row[i] for row in rows)) for i, column in enumerate(table.columns)]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    return widths


def _chart(book: Workbook, sheet: Worksheet, chart: Chart) -> None:
    """The figures as a table and a native chart beside them."""
    table = chart.table
    last = _table(book, sheet, table) - 1
    first, name = _HEADS + 1, sheet.get_name()
    shift = _numbers_only(book, sheet, chart) if _has_gaps(chart) else 0
    is_bar = chart.kind == "bar"
    drawing = book.add_chart({"type": chart.kind})
    for index, (title, _) in enumerate(chart.series):
        column, colour = index + 1 + shift, COLOURS[index % len(COLOURS)]
        mark = {"type": ("circle", "square", "diamond")[index % 3], "size": 6}
        painted = {"fill": {"color": colour}, "border": {"color": colour}}
        drawing.add_series(
            {
                "name": title,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "data_labels": {
                    "value": True,
                    "font": {"color": INK},
                    **({} if is_bar else {"position": "above"}),
                },
                **(painted if is_bar else {"line": {"color": colour, "width": 2}, "marker": mark | painted}),
                **({"gap": 60} if is_bar else {}),
            }
        )
    drawing.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    drawing.set_legend({"none": True} if len(chart.series) < 2 else {"position": "bottom"})
    drawing.show_blanks_as("gap")
    drawing.show_hidden_data()
    if is_bar:
        drawing.set_y_axis({"reverse": True, "label_position": "low"})
        drawing.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": _floor(chart)})
    elif chart.is_percent:
        drawing.set_y_axis({"num_format": number_format(Percent(0)), "line": {"none": True}})
    drawing.set_size(
        {"width": 720, "height": max(320, 90 + len(chart.categories) * (14 + 14 * len(chart.series)))}
    )
    sheet.insert_chart(
        _HEADS, len(table.columns) + 1, drawing, {"description": chart.alt, "object_position": 2}
    )


def _floor(chart: Chart) -> float | None:
    """Bars begin at zero, else their lengths deceive; below zero the program finds the edge."""
    numbers = [number_of(cell) or 0 for _, cells in chart.series for cell in cells]
    return 0 if min(numbers, default=0) >= 0 else None


def _has_gaps(chart: Chart) -> bool:
    return any(number_of(cell) is None for _, cells in chart.series for cell in cells)


def _numbers_only(book: Workbook, sheet: Worksheet, chart: Chart) -> int:
    """Hidden columns for the chart, which would draw a word in a cell as zero; returns how far they stand."""
    shift = len(chart.series) + 20
    for index, (_, cells) in enumerate(chart.series):
        for place, cell in enumerate(cells):
            if number_of(cell) is not None:
                book.put(sheet, _HEADS + 1 + place, index + 1 + shift, cell)
        sheet.set_column(index + 1 + shift, index + 1 + shift, None, None, {"hidden": True})
    return shift
