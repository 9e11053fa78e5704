"""The backend: a transaction, and a write outside of one, begins when its turn has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from core.sqlite.turns import Turns, turns_of

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class QueuedCursor(base.SQLiteCursorWrapper):
    """A statement that writes by itself, outside of a transaction, is a turn of its own."""

    turn: Any

    def execute(self, query: str, params: Any = None) -> Any:
        with self.turn(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.turn(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for the queue; a database in memory has one writer and needs none."""

    _turns: Turns | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=QueuedCursor)
        cursor.turn = self._turn_for
        return cursor

    @contextmanager
    def _turn_for(self, query: str) -> Iterator[None]:
        if self._turns is not None or self.in_atomic_block or not query.lstrip().upper().startswith(WRITES):
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._give_turn()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._give_turn_after_the_end()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn_after_the_end()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _take_turn(self) -> None:
        if self._turns is not None or self.is_in_memory_db():
            return
        turns = turns_of(str(self.settings_dict["NAME"]))
        if not turns.take(self.settings_dict["OPTIONS"].get("timeout", 5.0)):
            raise OperationalError("database is locked")
        self._turns = turns

    def _give_turn(self) -> None:
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.give()

    def _give_turn_after_the_end(self) -> None:
        """A commit that failed leaves the transaction open: Django rolls it back next."""
        if self.connection is None or not self.connection.in_transaction:
            self._give_turn()
