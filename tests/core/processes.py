"""Real processes of the portal beside a test: workers, servers, commands, on the database of the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from core.management.commands.serve import worker_command


def database_url() -> str:
    """URL of the database the test runs on."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{password}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


def environment(**changes: str) -> dict[str, str]:
    """Environment of a process that shares database, folder and queue with the test."""
    shared = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(settings.VAR_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "HTTPS": "0",
        "JOB_LEASE_SECONDS": "2",
        "SWEEP_SECONDS": "1",
        "LOG_LEVEL": "INFO",
        "WORKER_CONCURRENCY": "2",
    }
    return {**os.environ, **shared, **changes}


class Worker:
    """A Celery worker with its own beat, as an embedded installation runs it."""

    def __init__(self, log: Path, *, include: str = "tests.core.job_handlers", **changes: str) -> None:
        self.log = log
        with log.open("ab") as stderr:
            self.process = subprocess.Popen(
                [*worker_command(), "--include", include],
                env=environment(**changes),
                stdout=stderr,
                stderr=stderr,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9 of the head alone, as an out-of-memory killer does it."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self.process.wait()


def run_python(arguments: Sequence[str], **changes: str) -> subprocess.CompletedProcess[str]:
    """`python …` on the database of the test, output captured."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(**changes),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )


def until(condition: Callable[[], Any], *, seconds: float = 180, what: str = "") -> Any:
    """Wait for the condition; fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"Not within {seconds} s: {what or condition}")


def processes_with(text: str) -> list[int]:
    """Ids of living processes in whose environment the text stands (ours: by their VAR_DIR)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if text.encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found
