"""The way of a record in words: what happened, when, by whom, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from core.states import history

WORDS = {
    "publish": "Собрано",
    "publish_accepted": "Файлы с отметкой готовы",
    "accept": "Принято",
    "assign": "Дано к исполнению",
    "complete": "Исполнено",
    "give_back": "Возвращено",
    "check_done": "Проверено",
    "cancel": "Отменено",
}


@dataclass(frozen=True)
class Step:
    label: str
    at: datetime
    by: Any
    reason: str


def told(obj: models.Model) -> list[Step]:
    """Steps of the record, the oldest first."""
    return [
        Step(WORDS.get(row.transition, row.transition), row.at, row.by, row.reason) for row in history(obj)
    ]
