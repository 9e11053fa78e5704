"""How an app shows itself on the pages that gather from everywhere: home and «Мои дела».

An app has a module `<app>/portal.py`, found at start. In it:

    from core.portal import Fact, Panel, Task, home_facts, home_panels, my_panels, my_tasks, my_waits, record_panels

    def decisions_given(person):                    # whose records may wait; None: never this person's
        return Decision.objects.given_to(person).open() if person.rights.manages else None

    @my_tasks.among(decisions_given)                # what waits for the person
    def decisions_due(person, rows):                # not called where there are no rows
        for decision in rows.order_by("due_on")[:SHOWN]:
            yield Task(title=..., url=..., note=..., due=decision.due_on)

    @my_waits.among(…)                              # what the person waits for from others
    @my_panels.among(…)                             # Panel beside the tasks: template and its context

    @home_facts                                     # Fact(value, label, url): a tile that leads to its records
    @home_panels                                    # Panel(place="main" | "aside")
    def …(municipality, person): ...                # person is None for a visitor

    @record_panels.of("network.organisation")       # Panel on the card of a record of an app below
    def …(organisation, person): ...

A provider makes one or two queries whatever the number of records. Most people have something of a few kinds only,
so one query asks of all kinds at once which have any rows, and only their providers go on. Panels and facts of an
app stand in the order of its floor; `order` moves one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

T = TypeVar("T")
RowsOf = Callable[[Any], "QuerySet[Any] | None"]
# How many tasks of one kind are named one by one; the rest are one task with a count.
SHOWN = 5


@dataclass(frozen=True)
class Task:
    """Something that waits: what to do (a verb first), where, until when. `count` > 1 stands for several."""

    title: str
    url: str
    note: str = ""
    due: dt.date | None = None
    count: int = 1

    @property
    def days_late(self) -> int:
        """Whole days since the due date, 0 while there is time."""
        return max(0, (timezone.localdate() - self.due).days) if self.due else 0

    @property
    def is_today(self) -> bool:
        return self.due == timezone.localdate()


@dataclass(frozen=True)
class Fact:
    """A figure of the home page; the address lists exactly the records it counts. `forms`: «школа,школы,школ»."""

    value: int
    forms: str
    url: str
    order: int = 50


@dataclass(frozen=True)
class Panel:
    """A block of a gathering page, drawn from its own template with `panel.context`."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: str = "aside"
    order: int = 50


class Hook(Generic[T]):
    """A list of providers; used as a decorator it adds one."""

    def __init__(self) -> None:
        self.providers: list[Callable[..., Iterable[T]]] = []

    def __call__(self, provider: Callable[..., Iterable[T]]) -> Callable[..., Iterable[T]]:
        self.providers.append(provider)
        return provider

    def gather(self, *args: Any) -> Iterator[T]:
        for provider in self.providers:
            yield from provider(*args)


class PersonHook(Hook[T]):
    """What the portal tells one person: the providers that need records are asked only where there are some."""

    def __init__(self) -> None:
        super().__init__()
        self.rows_of: dict[Callable[..., Iterable[T]], RowsOf] = {}

    def among(self, rows_of: RowsOf) -> Callable[[Callable[..., Iterable[T]]], Callable[..., Iterable[T]]]:
        """Decorator of a provider of (person, rows); it is called where `rows_of(person)` has rows.

        The rows may be wider than what is told of, where that is asked more simply.
        """

        def add(provider: Callable[..., Iterable[T]]) -> Callable[..., Iterable[T]]:
            self.rows_of[provider] = rows_of
            return self(provider)

        return add

    def gather(self, *args: Any) -> Iterator[T]:
        (found,) = gathered(args[0], self)
        yield from found


def gathered(person: Any, *hooks: PersonHook[Any]) -> list[list[Any]]:
    """What each of the hooks tells the person; which providers have rows is one query for all of them."""
    rows = {
        provider: found
        for hook in hooks
        for provider, rows_of in hook.rows_of.items()
        if (found := rows_of(person)) is not None
    }
    there = dict(zip(rows, _any(list(rows.values())), strict=True))
    told: list[list[Any]] = []
    for hook in hooks:
        told.append([])
        for provider in hook.providers:
            if provider not in hook.rows_of:
                told[-1].extend(provider(person))
            elif there.get(provider):
                told[-1].extend(provider(person, rows[provider]))
    return told


def _any(querysets: list[QuerySet[Any]]) -> list[bool]:
    """Of each queryset whether it has rows, in one query; those known to be empty are not in it.

    The statements are joined as text: as parts of one ORM query Django would rename everything in each of
    them, which takes longer than the database needs.
    """
    statements: list[str] = []
    values: list[Any] = []
    for rows in querysets:
        try:
            statement, given = rows.query.exists().get_compiler(rows.db).as_sql()
        except EmptyResultSet:
            statements.append("0 = 1")
        else:
            statements.append(f"EXISTS ({statement})")
            values.extend(given)
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements)}", values)
        return [bool(there) for there in cursor.fetchone()]


class RecordPanels:
    """Providers of panels by the model whose card they stand on."""

    def __init__(self) -> None:
        self.hooks: dict[str, Hook[Panel]] = defaultdict(Hook)

    def of(self, label: str) -> Hook[Panel]:
        """Decorator for the card of the model: `app_label.modelname`."""
        return self.hooks[label]

    def gather(self, record: Model, person: Any) -> dict[str, list[Panel]]:
        """Panels by place, in their order."""
        hook = self.hooks.get(record._meta.label_lower)
        found = sorted(hook.gather(record, person), key=lambda panel: panel.order) if hook else []
        return {place: [panel for panel in found if panel.place == place] for place in ("main", "aside")}


my_tasks: PersonHook[Task] = PersonHook()
my_waits: PersonHook[Task] = PersonHook()
my_panels: PersonHook[Panel] = PersonHook()
home_facts: Hook[Fact] = Hook()
home_panels: Hook[Panel] = Hook()
record_panels = RecordPanels()
