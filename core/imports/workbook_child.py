"""Reads one workbook in a process of its own and writes its rows as JSON lines.

A workbook of 5 KB may ask for 500 GB of memory (one cell in the last row and column) and that ends the process,
not the call. So this script is started apart, with limits of memory and time; see `core.imports.workbook`.
It knows nothing of the portal: `python workbook_child.py FILE SHEET`.
"""

import datetime as dt
import json
import resource
import sys

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

MEMORY = 1 << 30
SECONDS = 40
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 50_000, 512, 1_500_000


def encode(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"d": cell.isoformat()}
    return cell if isinstance(cell, str | int | float | bool | None) else str(cell)


def filled_down(sheet: CalamineSheet) -> list[list]:
    """Rows with the value of a cell merged over several rows in each of them: «Школа № 1» beside all its teachers."""
    rows = sheet.to_python(skip_empty_area=True)
    first_row, first_column = sheet.start or (0, 0)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left != right or top < first_row or left < first_column:
            continue
        value = rows[top - first_row][left - first_column] if top - first_row < len(rows) else ""
        for number in range(top + 1 - first_row, min(bottom + 1 - first_row, len(rows))):
            if left - first_column < len(rows[number]):
                rows[number][left - first_column] = value
    return rows


def main(path: str, wanted: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = CalamineWorkbook.from_path(path)
        chosen, filled = None, []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height == 0:
                continue
            filled.append(name)
            if name == wanted or (not wanted and chosen is None):
                chosen = sheet
        if chosen is None:
            return answer({"error": "sheet" if wanted else "empty", "sheets": filled})
        if chosen.height > MAX_ROWS or chosen.width > MAX_COLUMNS or chosen.height * chosen.width > MAX_CELLS:
            return answer({"error": "large", "sheets": filled})
        first_row, first_column = chosen.start or (0, 0)
        answer({"sheets": filled, "sheet": chosen.name, "first_row": first_row + 1})
        for row in filled_down(chosen):
            answer([None] * first_column + [encode(cell) for cell in row])
    except PasswordError:
        return answer({"error": "password"})
    except CalamineError:
        return answer({"error": "damaged"})
    return 0


def answer(value: object) -> int:
    sys.stdout.write(json.dumps(value) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
