"""CSV and its kin: which encoding, which delimiter, and where the quotes do not pair."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from core.imports.table import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, TableRow, UnreadableTable, blank

_DELIMITERS = ";,\t|"
_NAMES = {";": "точка с запятой", ",": "запятая", "\t": "табуляция", "|": "черта"}
_REPORTED = 10
_COMMON = Counter("оеаинтсрвлкмдпу ")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decode(data: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8 or UTF-16 (with or without BOM), else the 8-bit one that reads as Russian.

    Raises UnreadableTable when it is no text at all.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding), encoding
    if b"\x00" in data[:4096]:
        even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _strictly(data, encoding), encoding
    try:
        return _text(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        encoding = max(("cp1251", "cp866", "koi8-r"), key=lambda name: _russian(data[:65536], name))
        return _text(data.decode(encoding, errors="replace")), encoding


def parse(text: str) -> tuple[list[TableRow], str]:
    """Rows and the delimiter. A row has the number of the line it begins on.

    Raises UnreadableTable that lists the lines whose quotes do not pair, or when the table is too large.
    """
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(lines)
    rows: list[TableRow] = []
    broken: list[int] = []
    first_width = 0
    for number, cells in _records(lines, delimiter):
        if cells is None:
            broken.append(number)
            if len(broken) > _REPORTED:
                break
            continue
        if len(rows) >= MAX_ROWS or len(cells) > MAX_COLUMNS or len(rows) * first_width > MAX_CELLS:
            raise UnreadableTable(
                f"Таблица слишком велика: не больше {MAX_ROWS} строк и {MAX_COLUMNS} колонок."
            )
        first_width = max(first_width, len(cells))
        rows.append(TableRow(number, cells))
    if broken:
        raise UnreadableTable(_broken_quotes(broken))
    return _fitted(rows, delimiter), delimiter


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return _text(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise UnreadableTable(
            "Файл повреждён: часть текста не читается. Сохраните его заново как XLSX."
        ) from error


def _text(text: str) -> str:
    if _CONTROL.search(text):
        raise UnreadableTable("Это не таблица. Нужен файл XLSX, XLS, ODS или CSV.")
    return text


def _russian(data: bytes, encoding: str) -> float:
    """How much the bytes read as Russian: frequent small letters count for, rare signs against."""
    text = data.decode(encoding, errors="replace")
    return sum((char in _COMMON) - 3 * (char == "\ufffd" or 0x2500 <= ord(char) < 0x2600) for char in text)


def _delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines into the same number of cells, more than one."""
    head = [line for line in lines[:200] if line.strip()]

    def score(candidate: str) -> tuple[int, int]:
        widths = Counter(len(cells) for _, cells in _records(head, candidate) if cells and len(cells) > 1)
        if not widths:
            return 0, 0
        width, times = max(widths.items(), key=lambda item: item[1] * min(item[0], 6))
        return times * min(width, 6), width

    best = max(_DELIMITERS, key=score)
    if score(best) == (0, 0):
        raise UnreadableTable(
            "Это текст, а не таблица: в строках нет разделителя колонок (запятой, точки с запятой или табуляции)."
        )
    return best


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Records with the number of their first line; None where the quotes of the record do not pair.

    After a broken record reading goes on from the next line, so that all broken lines are found in one go.
    """
    start = 0
    while start < len(lines):
        reader = csv.reader(iter(lines[start:]), delimiter=delimiter, strict=True)
        began = 0
        try:
            for record in reader:
                yield start + began + 1, record
                began = reader.line_num
            return
        except csv.Error:
            yield start + began + 1, None
            start += began + 1


def _fitted(rows: list[TableRow], delimiter: str) -> list[TableRow]:
    """Empty cells beyond the usual width are cut; filled ones mean a delimiter inside an unquoted text."""
    widths = Counter(len(row.cells) for row in rows)
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0
    fitted = []
    for row in rows:
        problem = ""
        if len(row.cells) > usual and not all(blank(cell) for cell in row.cells[usual:]):
            problem = (
                f"в строке {len(row.cells)} значений, а колонок {usual}: разделитель "
                f"({_NAMES[delimiter]}) стоит внутри текста; возьмите этот текст в кавычки"
            )
        fitted.append(TableRow(row.number, row.cells[:usual], problem))
    return fitted


def _broken_quotes(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:_REPORTED])) + (" и дальше" if len(lines) > _REPORTED else "")
    word = "строке" if len(lines) == 1 else "строках"
    return (
        f'В {word} {shown} кавычки не парные: кавычки внутри значения надо удваивать ("Школа ""Радуга"""). '
        "Исправьте эти строки или откройте файл в Excel и сохраните как XLSX."
    )
