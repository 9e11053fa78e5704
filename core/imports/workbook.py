"""XLSX, XLS and ODS, read by calamine in a process with limits of memory and time."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from core.imports.table import MAX_COLUMNS, MAX_ROWS, Cell, TableRow, UnreadableTable

_SCRIPT = Path(__file__).with_name("workbook_child.py")
_TIMEOUT = 60
_TOO_LARGE = (
    f"Лист слишком велик: портал берёт таблицы до {MAX_ROWS} строк и {MAX_COLUMNS} колонок. Если таблица на самом "
    "деле меньше, далеко внизу или справа заполнена лишняя ячейка: скопируйте таблицу на новый лист."
)
_MESSAGES = {
    "empty": "В файле нет ни одной заполненной строки.",
    "large": _TOO_LARGE,
    "password": "Файл закрыт паролем. Снимите пароль в Excel или LibreOffice и загрузите файл ещё раз.",
    "damaged": "Файл повреждён и не открывается. Откройте его у себя, сохраните заново как XLSX и загрузите ещё раз.",
}


def read_workbook(data: bytes, *, sheet: str = "") -> tuple[list[TableRow], str, list[str]]:
    """Rows of the sheet (the first filled one), its name, names of all filled sheets.

    Raises UnreadableTable when the workbook is locked, damaged, empty or larger than the portal takes.
    """
    with tempfile.NamedTemporaryFile(prefix="table-", suffix=_suffix(data)) as file:
        file.write(data)
        file.flush()
        lines = _run(file.name, sheet)
    head: dict[str, Any] = json.loads(lines[0]) if lines else {"error": "damaged"}
    if head.get("error") == "sheet":
        names = ", ".join(f"«{name}»" for name in head["sheets"])
        raise UnreadableTable(f"В файле нет листа «{sheet}». Есть: {names}.")
    if "error" in head:
        raise UnreadableTable(_MESSAGES[head["error"]])
    first = head["first_row"]
    rows = [
        TableRow(first + index, json.loads(line, object_hook=_decode)) for index, line in enumerate(lines[1:])
    ]
    return rows, head["sheet"], head["sheets"]


def _suffix(data: bytes) -> str:
    """By it calamine takes its reader at once: trying one after another it calls a locked file a damaged one."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return ".xls"
    return ".ods" if b"opendocument.spreadsheet" in data[:200] else ""


def _run(path: str, sheet: str) -> list[bytes]:
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_SCRIPT), path, sheet],
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableTable(_TOO_LARGE) from error
    if child.returncode != 0:
        raise UnreadableTable(_TOO_LARGE)
    return child.stdout.split(b"\n")[:-1]


def _decode(value: dict[str, str]) -> Cell:
    return dt.date.fromisoformat(value["d"]) if "d" in value else dt.datetime.fromisoformat(value["t"])
