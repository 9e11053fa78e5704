"""Backup and restore: everything comes back exactly, or nothing changes."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from django.db.models import JSONField, Value
from django.utils import timezone

from core import backup
from core.backup import rows
from core.jobs import enqueue
from core.models import Job, Pulse
from network.models import Municipality, Person
from tests.factories.network import PersonFactory
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    (settings.MEDIA_ROOT / "people").mkdir(parents=True)
    (settings.MEDIA_ROOT / "people" / "фото.jpg").write_bytes(b"\xff\xd8" * 1000)
    return settings.MEDIA_ROOT


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Path]:
    """A backup of a small network with a job whose moments have microseconds."""
    build_world()
    job = enqueue("tests.effect", by=None, title="Отчёт", params={"список": [1, None, "ё"]})
    moment = datetime.datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=datetime.UTC)
    Job.objects.filter(pk=job.pk).update(created_at=moment, result=Value(None, JSONField()))
    path = tmp_path / "copy.zip"
    call_command("backup", path, stdout=io.StringIO())
    return path


def everything() -> dict[str, list[Any]]:
    return {model._meta.label: list(rows.lines(model)) for model in rows.tables()}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def damage(source: Path, name: str, data: bytes) -> Path:
    """The archive with one member changed and its checksum in the manifest left as it was."""
    target = source.with_name("damaged.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            new.writestr(member, data if member == name else old.read(member))
    return target


def restore(path: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("restore", path, stdout=out, **options)
    return out.getvalue()


def test_restore_brings_back_every_row_and_file_exactly(archive: Path, files: Path) -> None:
    before, files_before = everything(), contents(files)
    call_command("flush", interactive=False, verbosity=0)
    (files / "people" / "фото.jpg").unlink()

    restore(archive)

    assert everything() == before
    assert contents(files) == files_before
    assert Job.objects.get().created_at.microsecond == 123456


def test_restore_leaves_the_database_able_to_number_new_rows(archive: Path) -> None:
    restore(archive, replace=True)

    assert PersonFactory().pk > Person.objects.order_by("-pk")[1].pk
    assert Municipality.objects.create(name="Новый округ").pk


def test_restore_refuses_data_unless_told_to_replace_it(archive: Path) -> None:
    newcomer = PersonFactory(last_name="Новенькая")
    before = everything()

    with pytest.raises(CommandError, match=r"В базе уже есть данные.*--replace.*Ничего не изменено"):
        restore(archive)
    assert everything() == before

    restore(archive, replace=True)
    assert not Person.objects.filter(pk=newcomer.pk).exists()


def test_restore_ends_sessions_and_forgets_workers(archive: Path) -> None:
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now())
    Pulse.objects.create(name="worker", at=timezone.now())

    restore(archive, replace=True)
    assert not Session.objects.exists() and not Pulse.objects.exists()


@pytest.mark.parametrize("member", ["tables/network.Person.jsonl", "files/people/фото.jpg"])
def test_restore_refuses_a_damaged_member_and_changes_nothing(
    archive: Path, files: Path, member: str
) -> None:
    damaged = damage(archive, member, b"changed")
    before, files_before = everything(), contents(files)

    with pytest.raises(CommandError, match=r"контрольная сумма.*Ничего не изменено"):
        restore(damaged, replace=True)
    assert (everything(), contents(files)) == (before, files_before)


@pytest.mark.parametrize("cut", [0.0, 0.5, 0.98])
def test_restore_refuses_a_file_that_is_cut_short(archive: Path, cut: float) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * cut)])

    with pytest.raises(CommandError, match="не целый архив"):
        restore(archive, replace=True)
    assert Person.objects.exists()


def test_restore_refuses_a_file_smuggled_in_or_pointing_outside(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive, "a") as changed:
        changed.writestr("files/../../outside.txt", "x")

    with pytest.raises(CommandError, match="не сходится с описью"):
        restore(archive, replace=True)
    assert not (tmp_path.parent / "outside.txt").exists()


def test_restore_refuses_an_archive_of_another_version(archive: Path) -> None:
    with zipfile.ZipFile(archive) as source:
        manifest = json.loads(source.read("manifest.json"))
    manifest["migrations"].append("core.9999_future")
    older = damage(archive, "manifest.json", json.dumps(manifest).encode())

    with pytest.raises(CommandError, match="другой версией портала"):
        restore(older, replace=True)


def test_restore_that_fails_at_the_end_puts_rows_and_files_back(
    archive: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PersonFactory(last_name="Новенькая")
    (files / "new.txt").write_text("new")
    before, files_before = everything(), contents(files)

    def refuse() -> None:
        raise OperationalError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(connections["default"], "commit", refuse)
        with pytest.raises(CommandError, match="Не удалось восстановить"):
            restore(archive, replace=True)

    assert (everything(), contents(files)) == (before, files_before)
    assert list(files.parent.glob(".restore-*")) == []


def test_backup_does_not_overwrite_and_is_for_its_owner_alone(archive: Path) -> None:
    before = archive.read_bytes()

    with pytest.raises(CommandError, match="уже есть"):
        call_command("backup", archive)
    assert archive.read_bytes() == before
    assert archive.stat().st_mode & 0o777 == 0o600
    assert list(archive.parent.glob(".*.part")) == []


def test_backup_manifest_counts_every_row(archive: Path) -> None:
    manifest = backup.check(archive)

    assert manifest["rows"]["network.Person"] == Person.objects.count() > 0
    assert set(manifest["rows"]) == {model._meta.label for model in rows.tables()}
