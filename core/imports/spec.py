"""What an import takes in: its fields, and the fate of every row.

An app writes a subclass of ImportSpec, says in `judge` what becomes of each row and in `write` how the rows
that are added or changed are saved. Reading, mapping, preview, confirmation and reports are the same for all.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models, transaction

from core.imports.table import Cell, Table, blank


class Fate(models.TextChoices):
    """What becomes of a row when the import is confirmed."""

    ADDED = "added", "Будет добавлено"
    CHANGED = "changed", "Изменится"
    UNCHANGED = "unchanged", "Без изменений"
    SUPERSEDED = "superseded", "Не берётся"
    REJECTED = "rejected", "С ошибкой"


class BadValue(ValueError):
    """A cell that cannot be understood; the text is Russian and says what is expected."""


@dataclass(frozen=True)
class Noted:
    """A parsed value with something to tell about it, e.g. that it was corrected."""

    value: Any
    note: str


@dataclass(frozen=True)
class Field:
    """A column an import understands. `parse` gets a filled cell and returns the value, or raises BadValue."""

    name: str
    title: str
    synonyms: tuple[str, ...]
    parse: Callable[[Cell], Any]
    hint: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass
class Row:
    """A row of the file as the fields understand it; a blank cell has no value here and never erases anything."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict, repr=False)

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def refuse(self, name: str, reason: str) -> None:
        """Note a problem in the column of the field (the row as a whole when the field has no column)."""
        self.problems.append((self.columns.get(name, ""), reason))


@dataclass
class Outcome:
    """The fate of one row. `changes` are (title, old, new) as text, of an added row all that will be written;
    `target` is what `write` works on.
    """

    row: Row
    fate: Fate
    title: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    guesses: dict[str, str] = field(default_factory=dict)
    target: Any = None

    @property
    def number(self) -> int:
        return self.row.number

    def as_data(self) -> dict[str, Any]:
        """What a preview keeps of it, and what the fingerprint is made of."""
        return {
            "number": self.number,
            "fate": self.fate.value,
            "title": self.title[:300],
            "changes": [list(change) for change in self.changes],
            "problems": [list(problem) for problem in self.row.problems],
            "notes": self.row.notes,
            "guesses": self.guesses,
        }


@dataclass
class Plan:
    """Every row's fate, before anything is saved."""

    outcomes: list[Outcome]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(outcome.fate for outcome in self.outcomes)
        return {fate.value: found[fate] for fate in Fate}

    @property
    def fingerprint(self) -> str:
        """Equal for equal plans: the data under a preview has not changed while this has not."""
        text = json.dumps(
            [outcome.as_data() for outcome in self.outcomes], ensure_ascii=False, sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def of(self, *fates: Fate) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.fate in fates]


class ImportSpec(ABC):
    """One kind of import, bound to its scope by `params` (plain values: they are kept with the upload)."""

    kind: ClassVar[str]
    title: ClassVar[str]
    section: ClassVar[str] = ""
    noun: ClassVar[str] = "строка,строки,строк"
    fields: ClassVar[tuple[Field, ...]]
    options: ClassVar[tuple[tuple[str, str, str], ...]] = ()

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params

    @abstractmethod
    def allows(self, person: Any) -> bool:
        """Whether the person may do this import in this scope; asked again before anything is saved."""

    @abstractmethod
    def judge(self, rows: list[Row], *, lock: bool) -> list[Outcome]:
        """The fate of every row, one outcome a row; with `lock` the rows it compares with are locked."""

    @abstractmethod
    def write(self, outcomes: Sequence[Outcome], *, by: Any, options: dict[str, Any]) -> None:
        """Save the added and changed rows in bulk, in the caller's transaction, with their audit entries."""

    def where(self) -> str:
        """The scope in words, for the page."""
        return ""

    def start_url(self) -> str:
        """Where another file can be chosen."""
        return ""

    def result_url(self) -> str:
        """Where what was taken in can be seen."""
        return ""

    def missing(self, columns: dict[str, int]) -> list[str]:
        """Titles of required fields without a column; a subclass adds rules such as «one of two»."""
        return [field.title for field in self.fields if field.required and field.name not in columns]


class DataChanged(Exception):
    """What the person saw is no longer what would be done; `plan` is the new one."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("Данные портала изменились после предварительного просмотра.")
        self.plan = plan


class HasRejected(Exception):
    """Some rows are wrong and the person did not agree to take only the good ones; nothing is saved."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("В файле есть строки с ошибками.")
        self.plan = plan


Corrections = dict[str, dict[str, str]]


def make_plan(
    spec: ImportSpec,
    table: Table,
    columns: dict[str, int],
    *,
    corrections: Corrections | None = None,
    lock: bool = False,
) -> Plan:
    """Parse every row and let the spec judge them."""
    rows = [_parse(row, table.header, columns, spec.fields) for row in table.rows]
    for row in rows:
        row.values.update((corrections or {}).get(str(row.number), {}))
    return Plan(spec.judge(rows, lock=lock))


def carry_out(
    spec: ImportSpec,
    table: Table,
    columns: dict[str, int],
    *,
    by: Any,
    accept_good_rows: bool = False,
    expect: str = "",
    corrections: Corrections | None = None,
    options: dict[str, Any] | None = None,
) -> Plan:
    """Take the table in, all rows or none (with `accept_good_rows`: all but the rejected).

    Raises HasRejected when rows are rejected, DataChanged when the plan is not the one that `expect`
    (a fingerprint) names. Nothing is saved then.
    """
    with transaction.atomic():
        plan = make_plan(spec, table, columns, corrections=corrections, lock=True)
        if expect and plan.fingerprint != expect:
            raise DataChanged(plan)
        if plan.counts[Fate.REJECTED] and not accept_good_rows:
            raise HasRejected(plan)
        spec.write(plan.of(Fate.ADDED, Fate.CHANGED, Fate.UNCHANGED), by=by, options=options or {})
    return plan


def _parse(source: Any, header: list[str], columns: dict[str, int], fields: Sequence[Field]) -> Row:
    row = Row(source.number, columns={name: header[index] for name, index in columns.items()})
    if source.problem:
        row.problems.append(("", source.problem))
        return row
    for spec_field in fields:
        index = columns.get(spec_field.name)
        if index is None or blank(source.cells[index]):
            continue
        try:
            value = spec_field.parse(source.cells[index])
        except BadValue as error:
            row.refuse(spec_field.name, str(error))
            continue
        if isinstance(value, Noted):
            row.notes.append(value.note)
            value = value.value
        if value not in (None, ""):
            row.values[spec_field.name] = value
    return row


_registry: dict[str, type[ImportSpec]] = {}


def register(spec: type[ImportSpec]) -> type[ImportSpec]:
    """Make the import known by its `kind`; it stands in a module `imports` of its app."""
    _registry[spec.kind] = spec
    return spec


def spec_for(kind: str, params: dict[str, Any]) -> ImportSpec:
    """The import of this kind in this scope. Raises KeyError for an unknown kind."""
    if kind not in _registry:
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("imports")
    return _registry[kind](params)
