"""The archive: written aside and renamed, checked in full before anybody relies on it."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core.backup import rows

FORMAT = 1
CHUNK = 1024 * 1024


class BadArchive(Exception):
    """The archive is damaged, incomplete or of another version; the text is Russian and says what to do."""


def write(target: Path) -> dict[str, Any]:
    """Write the archive and return its manifest; the file appears under its name only when it is whole.

    Rows are read in one snapshot: work goes on meanwhile, and nothing of it is half in the archive.
    Raises FileExistsError rather than overwrite.
    """
    if target.exists():
        raise FileExistsError(target)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    members: dict[str, dict[str, Any]] = {}
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            counts = _write_tables(archive, members)
            _write_files(archive, members)
            manifest = {
                "format": FORMAT,
                "made_at": timezone.now().isoformat(),
                "migrations": applied_migrations(),
                "rows": counts,
                "members": members,
            }
            archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        aside.rename(target)
    finally:
        aside.unlink(missing_ok=True)
    return manifest


def check(source: Path) -> dict[str, Any]:
    """Read every byte and compare the checksums; returns the manifest.

    Raises BadArchive when a byte differs, a member is missing or one too many, or the format is unknown.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if manifest.get("format") != FORMAT:
                raise BadArchive("Архив сделан другой версией портала: формат неизвестен.")
            _compare(archive, manifest["members"])
            return manifest
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        raise BadArchive(f"Это не целый архив портала: {error}. Возьмите другую копию.") from error


def applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _compare(archive: zipfile.ZipFile, members: dict[str, dict[str, Any]]) -> None:
    present = set(archive.namelist()) - {"manifest.json"}
    for name in sorted(present ^ set(members)):
        raise BadArchive(f"Состав архива не сходится с описью: {name}. Возьмите другую копию.")
    for name, expected in members.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise BadArchive(f"В архиве недопустимое имя файла: {name}.")
        digest = hashlib.sha256()
        with archive.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != expected["sha256"]:
            raise BadArchive(f"Архив повреждён: контрольная сумма {name} не сходится. Возьмите другую копию.")


def _write_tables(archive: zipfile.ZipFile, members: dict[str, dict[str, Any]]) -> dict[str, int]:
    counts = {}
    with snapshot():
        for model in rows.tables():
            label = model._meta.label
            counts[label] = _write_member(archive, members, f"tables/{label}.jsonl", rows.lines(model)) - 1
    return counts


def _write_files(archive: zipfile.ZipFile, members: dict[str, dict[str, Any]]) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # deleted since the folder was listed
        with file:
            chunks = iter(partial(file.read, CHUNK), b"")
            _write_member(archive, members, f"files/{path.relative_to(root).as_posix()}", chunks)


def _write_member(
    archive: zipfile.ZipFile, members: dict[str, dict[str, Any]], name: str, parts: Iterable[bytes]
) -> int:
    digest, size, count = hashlib.sha256(), 0, 0
    with archive.open(name, "w", force_zip64=True) as member:
        for part in parts:
            member.write(part)
            digest.update(part)
            size += len(part)
            count += 1
    members[name] = {"sha256": digest.hexdigest(), "bytes": size}
    return count


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads in the body see the database as of one moment, and writers do not wait for them."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # atomic() would take the write lock here (transaction_mode IMMEDIATE); a WAL reader needs none.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
