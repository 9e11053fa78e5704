"""«История изменений» of an official record, read from the audit log: what, by whom, when, before and after."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

# Values that a person is not to read in a history, however the field changed.
_HIDDEN = {"password", "last_login", "photo", "is_superuser", "number_key"}


@dataclass(frozen=True)
class FieldChange:
    """One field: its Russian title, the value before («–» for none) and after."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One saving of a record. `actor` is empty when the portal did it itself."""

    at: dt.datetime
    actor: str
    verb: str
    fields: list[FieldChange]


VERBS = {
    LogEntry.Action.CREATE: "Создание",
    LogEntry.Action.UPDATE: "Изменение",
    LogEntry.Action.DELETE: "Удаление",
}


def log_of(obj: models.Model) -> models.QuerySet[LogEntry]:
    """Entries of the audit log about the record, the newest first."""
    return LogEntry.objects.get_for_object(obj).select_related("actor").order_by("-timestamp", "-pk")


def changes(obj: models.Model, entries: Any) -> list[Change]:
    """The entries (a page of `log_of`) in words."""
    return [
        Change(
            at=entry.timestamp,
            actor=str(entry.actor) if entry.actor else "",
            verb=VERBS.get(entry.action, "Просмотр"),
            fields=list(_fields(obj, entry.changes_dict)),
        )
        for entry in entries
    ]


def _fields(obj: models.Model, diff: dict[str, Any]):
    for name, change in diff.items():
        if name in _HIDDEN or not isinstance(change, list):
            continue
        try:
            field = obj._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if field.concrete and not field.primary_key:
            before, after = (_words(field, value) for value in change)
            yield FieldChange(str(field.verbose_name), before, after)


def _words(field: Any, value: Any) -> str:
    if value in (None, "None", ""):
        return "–"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "да" if str(value) == "True" else "нет"
    if isinstance(field, models.DateField):  # and so DateTimeField
        return _day(str(value))
    return (_lines(value) or "–") if isinstance(field, models.JSONField) else str(value)


def _day(text: str) -> str:
    """A date or a moment, which the log keeps as ISO text in UTC, the Russian way and in local time."""
    try:
        if len(text) == len("2026-09-01"):
            return f"{dt.date.fromisoformat(text):%d.%m.%Y}"
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{timezone.localtime(moment.replace(tzinfo=moment.tzinfo or dt.UTC)):%d.%m.%Y %H:%M}"


def _lines(value: Any) -> str:
    """A list, which the log keeps as JSON, as people read it."""
    try:
        kept = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return "; ".join(map(str, kept)) if isinstance(kept, list) else str(kept)
