"""What every import command shares: options, progress, the fates in words, the exit code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.imports.mapping import guess_columns, title_words
from core.imports.reading import read_table
from core.imports.spec import Fate, HasRejected, ImportSpec, Outcome, Plan, carry_out, make_plan
from core.imports.table import Table, UnreadableTable

_WORDS = {
    Fate.ADDED: ("Добавлено", "+"),
    Fate.CHANGED: ("Изменено", "~"),
    Fate.UNCHANGED: ("Без изменений", "="),
    Fate.SUPERSEDED: ("Не взято", "-"),
    Fate.REJECTED: ("С ошибкой", "!"),
}


class ImportCommand(BaseCommand):
    """Base of `import_…` commands: a subclass says in `get_spec` what is imported where."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="XLSX, XLS, ODS or CSV")
        parser.add_argument("--sheet", default="", help="name of the sheet; the first filled one by default")
        parser.add_argument("--dry-run", action="store_true", help="show every row's fate and save nothing")
        parser.add_argument("--accept-good-rows", action="store_true", help="leave rejected rows out")

    def get_spec(self, options: dict[str, Any]) -> ImportSpec:
        raise NotImplementedError

    def get_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Options of the import itself, e.g. whether to invite."""
        return {}

    def import_file(self, options: dict[str, Any]) -> Plan:
        """Read, judge, show, save. Raises CommandError (exit code 1) when nothing was saved because of errors."""
        spec = self.get_spec(options)
        self._say("Читаю файл")
        table = self._read(options["file"], options["sheet"], spec)
        columns = guess_columns(table.header, spec.fields)
        self._show_columns(spec, table, columns)
        if missing := spec.missing(columns):
            raise CommandError(f"Не нашлись колонки: {', '.join(missing)}. Ничего не сохранено.")
        self._say(f"Сверяю строки ({len(table.rows)}) с данными портала")
        if options["dry_run"]:
            plan = make_plan(spec, table, columns)
            self._show(plan, options["verbosity"])
            self.stdout.write("Пробный прогон: ничего не сохранено.")
            return plan
        try:
            plan = carry_out(
                spec,
                table,
                columns,
                by=None,
                accept_good_rows=options["accept_good_rows"],
                options=self.get_options(options),
            )
        except HasRejected as error:
            self._show(error.plan, options["verbosity"])
            raise CommandError(
                "Есть строки с ошибками, поэтому ничего не сохранено. Исправьте файл или повторите "
                "с --accept-good-rows, чтобы взять остальные."
            ) from error
        self._show(plan, options["verbosity"])
        return plan

    def _read(self, path: Path, sheet: str, spec: ImportSpec) -> Table:
        try:
            with path.open("rb") as file:
                return read_table(file, name=path.name, sheet=sheet, words=title_words(spec.fields))
        except OSError as error:
            raise CommandError(f"Файл {path} не открывается: {error.strerror}.") from error
        except UnreadableTable as error:
            raise CommandError(str(error)) from error

    def _say(self, words: str) -> None:
        self.stderr.write(f"… {words}")

    def _show_columns(self, spec: ImportSpec, table: Table, columns: dict[str, int]) -> None:
        titles = {field.name: field.title for field in spec.fields}
        found = "; ".join(f"{titles[name]} ← «{table.header[index]}»" for name, index in columns.items())
        place = f"лист «{table.sheet}»" if table.sheet else f"кодировка {table.encoding}"
        self.stdout.write(f"{place}, заголовок в строке {table.header_row}. {found}")

    def _show(self, plan: Plan, verbosity: int) -> None:
        for outcome in plan.outcomes:
            if verbosity > 1 or outcome.fate not in (Fate.UNCHANGED, Fate.SUPERSEDED):
                self.stdout.write(_line(outcome))
        for fate, count in plan.counts.items():
            self.stdout.write(f"{_WORDS[Fate(fate)][0]}: {count}")


def _line(outcome: Outcome) -> str:
    changes = outcome.changes if outcome.fate == Fate.CHANGED else []
    words = [f"{title}: «{old}» → «{new}»" for title, old, new in changes]
    words += [f"{column}: {reason}" if column else reason for column, reason in outcome.row.problems]
    words += outcome.row.notes
    tail = f" ({'; '.join(words)})" if words else ""
    return f"{_WORDS[outcome.fate][1]} строка {outcome.number}: {outcome.title}{tail}"
