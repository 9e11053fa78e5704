"""Writers of a SQLite database take turns, in the order they came.

SQLite lets one write at a time and has no queue: whoever finds it busy asks again after 1 ms, 2, 5 … 100 ms, so
in a crowd the newcomer, who asks often, goes before whoever has waited for seconds, and somebody waits until the
time is over and sees «database is locked». Here the threads of a process stand in a queue, and the first of each
process stands in the kernel's queue for a lock on a file beside the database.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque


class Turns:
    """The queue for one database in this process."""

    def __init__(self, path: str) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most so long behind others of this process; False where it did not come.

        The wait for another process has no end of its own: the kernel gives the lock back when that process
        ends, and meanwhile one thread waits here, not all.
        """
        turn = threading.Event()
        with self._guard:
            self._queue.append(turn)
            if self._queue[0] is turn:
                turn.set()
        if not turn.wait(seconds):
            with self._guard:
                if not turn.is_set():
                    self._queue.remove(turn)
                    return False
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return True

    def give(self) -> None:
        """Let the next one write."""
        fcntl.flock(self._file, fcntl.LOCK_UN)
        with self._guard:
            self._queue.popleft()
            if self._queue:
                self._queue[0].set()


_known: dict[str, Turns] = {}
_guard = threading.Lock()


def turns_of(database: str) -> Turns:
    """The queue of the database in the file of this name."""
    path = f"{os.path.realpath(database)}-turn"
    with _guard:
        if path not in _known:
            _known[path] = Turns(path)
        return _known[path]


def _forget() -> None:
    """A child has threads and an open file of its own: a lock shared with its parent would keep nobody out."""
    global _guard
    _guard = threading.Lock()
    _known.clear()


os.register_at_fork(after_in_child=_forget)
