"""The way of an event in the words of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.states import history
from events.models import Event

STEPS = {
    "announce": "Объявлено",
    "open_registration": "Открыта запись",
    "move_to": "Перенесено",
    "hold": "Проведено",
    "report": "Подведены итоги",
    "cancel": "Отменено",
}


@dataclass(frozen=True)
class Step:
    transition: str
    label: str
    at: datetime
    by: Any
    reason: str


def steps_told(event: Event) -> list[Step]:
    """The way of the event, the oldest step first."""
    return [
        Step(row.transition, STEPS.get(row.transition, row.transition), row.at, row.by, row.reason)
        for row in history(event)
    ]
