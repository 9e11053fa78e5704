"""`manage.py serve`: web and worker up together, a dead one restarted, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.core.processes import environment, processes_with, run_python, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("serve")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.log = folder / "log"
        env = environment(VAR_DIR=str(folder), DEMO="1", DEBUG="1", QUEUE_NAME=folder.name)
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=env, cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
            )
        until(lambda: "http://localhost" in self.log.read_text(), what="the address")

    def answers(self, path: str = "/livez") -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def ready(self) -> bool:
        return self.answers("/readyz")

    def child(self, word: str) -> int | None:
        """The head of the web or of the worker: a child of the supervisor whose command line has the word."""
        for pid in self.family():
            try:
                parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            except OSError:
                continue
            if parent == self.process.pid and word in words:
                return pid
        return None

    def family(self) -> list[int]:
        return processes_with(f"VAR_DIR={self.folder}\0")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    # The tables of tests are made without migrations; a portal that is ready has them all.
    assert run_python(["manage.py", "migrate", "--fake", "-v0"]).returncode == 0
    started = Portal(tmp_path)
    yield started
    for pid in started.family():
        os.kill(pid, signal.SIGKILL)
    started.process.wait()
    MigrationRecorder(connection).flush()


def test_serve_restarts_what_died_and_leaves_nothing_after_ctrl_c(portal: Portal) -> None:
    assert portal.answers()
    assert "methodist@demo.example" in portal.log.read_text()
    until(portal.ready, what="worker's first sign of life")

    for word in ("celery", "gunicorn"):
        first = portal.child(word)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        second = until(lambda word=word, first=first: (now := portal.child(word)) != first and now, what=word)
        assert second != first
    until(portal.answers, what="web after its restart")

    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(timeout=120) == 0
    assert portal.family() == []


def test_serve_killed_outright_takes_its_children_with_it(portal: Portal) -> None:
    assert portal.child("celery") and portal.child("gunicorn")

    portal.process.kill()
    portal.process.wait()
    until(lambda: portal.family() == [], what="no process left")


def test_serve_says_that_the_port_is_taken_and_what_to_do() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        outcome = run_python(["manage.py", "serve", "--port", str(port)])

    assert outcome.returncode == 1
    assert f"Порт {port} занят" in outcome.stderr
    assert f"make run PORT={port + 1}" in outcome.stderr
