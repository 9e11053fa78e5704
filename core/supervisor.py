"""Keeps the processes of an embedded installation running, and leaves none behind."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.processes import die_with_parent

GRACE_SECONDS = 8
RESTART_DELAYS = [0.5, 1, 2, 5, 10]
STEADY_SECONDS = 30


@dataclass
class Child:
    """One supervised process: the head of a session of its own, so that its whole family can be ended."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_after: float = field(default=0.0)

    def start(self) -> None:
        parent = os.getpid()
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM, parent=parent),
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_family(self, signum: int) -> None:
        """Signal every process of the session; one that is gone is no error."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signum)
            except ProcessLookupError:
                return

    def terminate(self) -> None:
        # TERM to the head alone: it ends its own workers in order. A Celery worker takes INT for a crash.
        if self.process is not None and self.is_running():
            self.process.terminate()


class Supervisor:
    """Starts the children, restarts a dead one after a pause that grows, stops all on SIGINT or SIGTERM."""

    def __init__(self, children: Sequence[Child], *, on_death: Callable[[Child], None]) -> None:
        self.children = children
        self.on_death = on_death
        self.stopping = threading.Event()

    def run(self, *, ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Returns when a signal has come and every child is gone; calls `on_ready` once `ready` holds."""
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._stop)
        told = False
        try:
            while not self.stopping.is_set():
                self._look_after()
                if not told and ready():
                    told = True
                    on_ready()
                self.stopping.wait(0.2)
        finally:
            self._end_all()

    def _stop(self, signum: int, frame: Any) -> None:
        self.stopping.set()

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.is_running():
                continue
            if child.process is not None and child.start_after <= child.started_at:
                self._mourn(child, now)
            if child.start_after <= now:
                child.start()

    def _mourn(self, child: Child, now: float) -> None:
        child.signal_family(signal.SIGKILL)
        child.deaths = 0 if now - child.started_at > STEADY_SECONDS else child.deaths + 1
        child.start_after = now + RESTART_DELAYS[min(child.deaths, len(RESTART_DELAYS)) - 1]
        self.on_death(child)

    def _end_all(self) -> None:
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.is_running() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.signal_family(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
