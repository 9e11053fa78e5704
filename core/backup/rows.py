"""Rows as lines of JSON and back, exact to the microsecond and the last digit."""

import base64
import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.duration import duration_iso_string

# Sessions are not carried over: after a restore everybody signs in again.
LEFT_OUT = {"sessions.Session", "core.Pulse"}


def all_tables() -> list[type[models.Model]]:
    """Every table of ours and of the libraries, ties of many-to-many fields included."""
    models_ = apps.get_models(include_auto_created=True)
    return [model for model in models_ if model._meta.managed and not model._meta.proxy]


def tables() -> list[type[models.Model]]:
    """The tables that are kept."""
    return [model for model in all_tables() if model._meta.label not in LEFT_OUT]


def columns(model: type[models.Model]) -> list[models.Field]:
    """What is stored and not computed by the database."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """The names of the columns, then every row."""
    names = [field.attname for field in columns(model)]
    yield encode(names)
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        yield encode(row)


def objects(model: type[models.Model], source: Iterable[bytes]) -> Iterator[models.Model]:
    """Model instances from the lines. Raises ValueError when the columns are not those of this code."""
    reading = iter(source)
    fields = columns(model)
    names = [field.attname for field in fields]
    if json.loads(next(reading)) != names:
        raise ValueError(f"columns of {model._meta.label} differ")
    for line in reading:
        row = json.loads(line)
        yield model(**{field.attname: decode(field, value) for field, value in zip(fields, row, strict=True)})


def encode(row: Iterable[Any]) -> bytes:
    return json.dumps(list(row), ensure_ascii=False, default=_plain, separators=(",", ":")).encode() + b"\n"


def decode(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        # A JSON null in a column that takes no NULL must be said as such.
        return models.Value(None, models.JSONField()) if value is None and not field.null else value
    if value is not None and isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.to_python(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return duration_iso_string(value)
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"Cannot keep {type(value).__name__} in a backup")
