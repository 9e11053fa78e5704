"""Bring an installation up to its code: database, dictionaries, demo data, static files."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

WATCHED = [
    "core",
    "network",
    "communities",
    "events",
    "diagnostics",
    "monitoring",
    "config",
    "templates",
    "static",
]
WATCHED_FILES = ["uv.lock", "package-lock.json"]


class Command(BaseCommand):
    help = (
        "Apply migrations, install dictionaries, fill in the demo municipality (where DEMO is on), collect "
        "static files. Does nothing when nothing changed since the last time."
    )
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        stamp = settings.VAR_DIR / "prepared"
        now = fingerprint()
        if stamp.exists() and stamp.read_text() == now and not has_unapplied_migrations():
            return
        self.step("База данных / database", "migrate", interactive=False, verbosity=0)
        self.step("Справочники / dictionaries", "install_dictionaries")
        if settings.DEMO:
            self.step("Демо-муниципалитет / demo data", "demo", dictionaries=False)
        if not settings.DEBUG:
            self.step("Стили и скрипты / static files", "collectstatic", interactive=False, verbosity=0)
        stamp.write_text(now)

    def step(self, title: str, command: str, **options: Any) -> None:
        if command not in get_commands():
            return
        started = time.monotonic()
        call_command(command, **options)
        self.stdout.write(f"{title}: {time.monotonic() - started:.1f} s")


def has_unapplied_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def fingerprint() -> str:
    """Changes whenever a file of the code, a lock file or the place of the database changes."""
    database = {key: str(connection.settings_dict[key]) for key in ("ENGINE", "HOST", "PORT", "NAME")}
    digest = hashlib.sha256(f"{database} {settings.DEMO} {settings.DEBUG}".encode())
    for path in sorted(_files()):
        stat = path.stat()
        digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in WATCHED_FILES:
        yield settings.BASE_DIR / name
    for folder in WATCHED:
        for path in (settings.BASE_DIR / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
