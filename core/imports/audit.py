"""Audit entries of bulk writes: auditlog hears single saves only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

_BATCH = 500


def log_created(objects: Sequence[models.Model], *, fields: Sequence[str], by: Any) -> None:
    """One entry a new object with the first values of the fields."""
    changes = [(obj, {name: ("None", _text(getattr(obj, name))) for name in fields}) for obj in objects]
    _write(changes, LogEntry.Action.CREATE, by)


def log_changed(changes: Iterable[tuple[models.Model, dict[str, tuple[Any, Any]]]], *, by: Any) -> None:
    """One entry a changed object: field → (before, after)."""
    rows = [
        (obj, {name: (_text(old), _text(new)) for name, (old, new) in fields.items()})
        for obj, fields in changes
    ]
    _write(rows, LogEntry.Action.UPDATE, by)


def _write(rows: Sequence[tuple[models.Model, dict[str, tuple[str, str]]]], action: int, by: Any) -> None:
    if not rows:
        return
    kind = ContentType.objects.get_for_model(rows[0][0])
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                content_type=kind,
                object_pk=str(obj.pk),
                object_id=obj.pk,
                object_repr=str(obj),
                action=action,
                changes={name: list(pair) for name, pair in changes.items() if pair[0] != pair[1]},
                actor=by,
            )
            for obj, changes in rows
        ],
        batch_size=_BATCH,
    )


def _text(value: Any) -> str:
    return "None" if value is None else str(value)
