"""How an app shows itself on the pages that gather from everywhere: home and «Мои дела».

An app has a module `<app>/portal.py`, found at start. In it:

    from core.portal import Fact, Panel, Task, home_facts, home_panels, my_panels, my_tasks, my_waits, record_panels

    @my_tasks
    def decisions_due(person):                      # what waits for the person
        for decision in Decision.objects.visible_to(person).due()[:SHOWN]:
            yield Task(title=..., url=..., note=..., due=decision.due_on)

    @my_waits                                       # what the person waits for from others
    @my_panels                                      # Panel beside the tasks: template and its context
    def …(person): ...

    @home_facts                                     # Fact(value, label, url): a tile that leads to its records
    @home_panels                                    # Panel(place="main" | "aside")
    def …(municipality, person): ...                # person is None for a visitor

    @record_panels.of("network.organisation")       # Panel on the card of a record of an app below
    def …(organisation, person): ...

A provider makes one or two queries whatever the number of records. Panels and facts of an app stand in the
order of its floor; `order` moves one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.utils import timezone

T = TypeVar("T")
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


my_tasks: Hook[Task] = Hook()
my_waits: Hook[Task] = Hook()
my_panels: Hook[Panel] = Hook()
home_facts: Hook[Fact] = Hook()
home_panels: Hook[Panel] = Hook()
record_panels = RecordPanels()
