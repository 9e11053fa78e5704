"""A list of records as a workbook, written row by row in constant memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from core.documents.figures import Column
from core.documents.values import clean, tidy
from core.documents.workbook import MOST_ROWS, MUTED, Workbook, height_of_row, width_of_column

_HEADS = 3
_SAMPLE = 200


def list_to_xlsx(
    title: str, columns: Sequence[Column | str], rows: Iterable[Sequence[Any]], filters: Sequence[str] = ()
) -> bytes:
    """A list as a workbook: the title, the filters in force, heads that stay in sight, one row a record.

    `rows` is read once, so a queryset's iterator will do. Raises ValueError when there are more rows than
    a sheet holds.
    """
    heads = [column if isinstance(column, Column) else Column(str(column)) for column in columns]
    records = ([tidy(value) for value in row] for row in rows)
    sample = list(itertools.islice(records, _SAMPLE))
    with Workbook(constant_memory=True) as book:
        book.describe(title)
        sheet = book.sheet(title)
        widths = [
            width_of_column(column, (row[index] for row in sample)) for index, column in enumerate(heads)
        ]
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        book.put(sheet, 0, 0, clean(title), bold=True, font_size=13, text_wrap=False)
        words = "; ".join(clean(str(words)) for words in filters)
        book.put(sheet, 1, 0, f"Отбор: {words or 'все записи'}", font_color=MUTED, text_wrap=False)
        book.heads(sheet, _HEADS, heads, [head.align or "left" for head in heads])
        last = _HEADS
        for last, row in enumerate(itertools.chain(sample, records), _HEADS + 1):
            if last >= MOST_ROWS:
                raise ValueError("На лист помещается не больше 1 048 576 строк: сузьте отбор.")
            texts = (
                (value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str)
            )
            sheet.set_row(last, height_of_row(texts))
            for index, value in enumerate(row):
                book.put(sheet, last, index, value, digits=heads[index].digits, empty="", border=1)
        sheet.autofilter(_HEADS, 0, last, len(heads) - 1)
        sheet.freeze_panes(_HEADS + 1, 1)
    return book.content
