"""Spreadsheets made by tests."""

from __future__ import annotations

import io

import openpyxl


def xlsx(*sheets: list[list], names: tuple[str, ...] = ()) -> bytes:
    """A workbook of these sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for index, rows in enumerate(sheets):
        sheet = book.create_sheet(names[index] if names else f"Лист{index + 1}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: list[list], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A text table with every cell in quotes."""
    lines = [delimiter.join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)
