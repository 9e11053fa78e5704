"""Records of the portal that can be named as evidence or as a basis."""

from __future__ import annotations

from typing import Any

from django.db import models

from communities.models import Community
from core.school_year import SchoolYear
from diagnostics.models import Campaign, Finding
from events.models import Event, EventPlan
from monitoring.models import Decision, Report
from network.models import Order

# Title of the group in the list of choices, model, how many of the newest are offered.
KINDS: list[tuple[str, type[models.Model]]] = [
    ("Опросы", Campaign),
    ("Выводы диагностики", Finding),
    ("Отчёты", Report),
    ("Решения", Decision),
    ("Распорядительные акты", Order),
    ("Планы событий", EventPlan),
    ("События", Event),
    ("Сообщества", Community),
]
OFFERED = 60


def record_choices(person: Any, municipality_id: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices of what the person sees in the municipality, `app.model:pk` for a value."""
    groups = []
    for title, model in KINDS:
        rows = _visible(model, person, municipality_id).order_by("-pk")[:OFFERED]
        choices = [(f"{model._meta.label_lower}:{row.pk}", _words(row)) for row in rows]
        if choices:
            groups.append((title, choices))
    return groups


def find_record(person: Any, municipality_id: int, key: str) -> models.Model | None:
    """The record of a choice; None when the person does not see it."""
    label, _, pk = key.partition(":")
    for _title, model in KINDS:
        if model._meta.label_lower == label and pk.isdigit():
            return _visible(model, person, municipality_id).filter(pk=pk).first()
    return None


def _visible(model: type[models.Model], person: Any, municipality_id: int) -> models.QuerySet:
    rows = model._default_manager.visible_to(person).filter(municipality=municipality_id)  # type: ignore[attr-defined]
    if model is Finding:
        return rows.select_related("direction")
    return rows.defer("snapshot") if model is Report else rows


def _words(row: Any) -> str:
    year = getattr(row, "year", None)
    words = str(row)
    return f"{words} ({SchoolYear(year)})" if year and not isinstance(row, Report) else words
