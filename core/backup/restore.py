"""Restore: everything or nothing, into an empty database unless told to replace what is there."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction

from core.backup import rows
from core.backup.archive import BadArchive, applied_migrations, check

# What `migrate` itself puts into an empty database.
MADE_BY_MIGRATE = {"contenttypes.ContentType", "auth.Permission"}


class NotEmpty(Exception):
    """There is data already; the text is Russian and names the first table that has some."""


def restore(source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put database and files into the state of the archive; returns its manifest.

    The archive is checked in full first. Rows go in within one transaction; the files are unpacked
    aside and change places with the present ones right before its commit, and back if it fails.
    Raises BadArchive, or NotEmpty without `replace`; nothing is changed then.
    """
    manifest = check(source)
    if manifest["migrations"] != applied_migrations():
        raise BadArchive(
            "Архив сделан другой версией портала. Установите ту же версию, выполните migrate, "
            "восстановите архив, затем обновите портал и снова выполните migrate."
        )
    with zipfile.ZipFile(source) as archive, _files_aside(archive) as exchange_files, transaction.atomic():
        if not replace:
            _refuse_data()
        _empty()
        for model in rows.tables():
            _load(model, archive)
        connection.check_constraints()
        _reset_sequences()
        exchange_files()
    ContentType.objects.clear_cache()
    return manifest


def _refuse_data() -> None:
    for model in rows.tables():
        if model._meta.label not in MADE_BY_MIGRATE and model._base_manager.exists():
            name = model._meta.verbose_name_plural
            raise NotEmpty(
                f"В базе уже есть данные ({name}). Чтобы заменить всё содержимым архива, добавьте --replace."
            )


def _empty() -> None:
    names = [model._meta.db_table for model in rows.all_tables()]
    if connection.vendor == "postgresql":
        quoted = ", ".join(connection.ops.quote_name(name) for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {quoted} CASCADE")
        return
    # Foreign keys are checked at the end of the transaction, so any order will do.
    for model in rows.all_tables():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def _load(model: type[models.Model], archive: zipfile.ZipFile) -> None:
    fields = rows.columns(model)
    size = max(1, connection.ops.bulk_batch_size(fields, range(1000)))
    with archive.open(f"tables/{model._meta.label}.jsonl") as lines:
        try:
            for batch in _batches(rows.objects(model, lines), min(size, 1000)):
                # The raw insert of save(): no signal, no «now» put into a date of creation.
                insert = model._base_manager._insert  # type: ignore[attr-defined]
                insert(batch, fields=fields, using=connection.alias, raw=True)
        except ValueError as error:
            raise BadArchive(
                f"Таблица {model._meta.label} архива не подходит к этой версии портала."
            ) from error


def _batches(objects: Iterable[models.Model], size: int) -> Iterator[list[models.Model]]:
    reading = iter(objects)
    while batch := list(islice(reading, size)):
        yield batch


def _reset_sequences() -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), rows.tables())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def _files_aside(archive: zipfile.ZipFile) -> Iterator[Any]:
    """Unpacks the files beside the present ones; gives the function that makes the two change places.

    When the body fails after the exchange, the former files come back.
    """
    present = Path(settings.MEDIA_ROOT)
    present.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".restore-", dir=present.parent))
    former, fresh = work / "former", work / "files"
    fresh.mkdir()
    for name in archive.namelist():
        if name.startswith("files/"):
            archive.extract(name, work)

    def exchange() -> None:
        if present.exists():
            present.rename(former)
        fresh.rename(present)

    try:
        yield exchange
    except BaseException:
        if former.exists() or not fresh.exists():
            shutil.rmtree(present, ignore_errors=True)
        if former.exists():
            former.rename(present)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
