"""One way in for every table: XLSX, XLS, ODS and CSV as people have them."""

from __future__ import annotations

from collections.abc import Collection
from typing import IO

from django.conf import settings

from core.imports.delimited import decode, parse
from core.imports.detect import detect_format
from core.imports.table import Table, UnreadableTable, build_table
from core.imports.words import normal
from core.imports.workbook import read_workbook

_SHEETS_TRIED = 10


def read_table(
    file: IO[bytes], *, name: str, sheet: str = "", header_row: int | None = None, words: Collection[str] = ()
) -> Table:
    """Read the table of a file; the content decides what it is, `name` is only for messages.

    `sheet` and `header_row` are a person's corrections of what is found by itself; `words` are normalised
    titles (`core.imports.words.normal`) that help to find the header.

    Raises UnreadableTable, in Russian, for what is no table, is locked, damaged or too large.
    """
    limit = settings.UPLOAD_LIMIT_BYTES
    data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableTable(
            f"Файл «{name}» больше {limit // (1024 * 1024)} МБ. Уберите из него картинки и лишние листы "
            "или разделите на части."
        )
    kind = detect_format(data)
    if kind == "text":
        text, encoding = decode(data)
        rows, delimiter = parse(text)
        return build_table(
            rows, words=words, header_row=header_row, format="csv", encoding=encoding, delimiter=delimiter
        )
    rows, chosen, sheets = read_workbook(data, sheet=sheet)
    if sheet or len(sheets) < 2 or not words:
        return build_table(rows, words=words, header_row=header_row, format=kind, sheet=chosen, sheets=sheets)
    return _likeliest(data, kind, sheets, words)


def _likeliest(data: bytes, kind: str, sheets: list[str], words: Collection[str]) -> Table:
    """Of several sheets the one whose header has most of the hoped for titles, the first of equals."""
    tables, errors = [], []
    for name in sheets[:_SHEETS_TRIED]:
        try:
            rows = read_workbook(data, sheet=name)[0]
            tables.append(build_table(rows, words=words, format=kind, sheet=name, sheets=sheets))
        except UnreadableTable as error:
            errors.append(error)
    if not tables:
        raise errors[0]
    return max(tables, key=lambda table: len({normal(title) for title in table.header} & set(words)))
