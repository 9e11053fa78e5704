"""Writers of a SQLite database stand in a queue: nobody who came later goes before, a killed process keeps nobody out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core.models import Letter
from core.sqlite.turns import Turns

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many pens")
HOLDER = """
import sys, time
from core.sqlite.turns import Turns
Turns(sys.argv[1]).take(1)
print("mine", flush=True)
time.sleep(60)
"""


@pytest.fixture
def turns(tmp_path) -> Turns:
    return Turns(str(tmp_path / "turn"))


def test_turns_come_in_the_order_of_asking(turns):
    order: list[int] = []
    asking = threading.Semaphore(0)

    def write(number: int) -> None:
        asking.release()
        assert turns.take(20)
        order.append(number)
        turns.give()

    turns.take(1)
    threads = []
    for number in range(20):
        threads.append(threading.Thread(target=write, args=[number]))
        threads[-1].start()
        asking.acquire()
        while len(turns._queue) < number + 2:
            time.sleep(0.001)
    turns.give()
    for thread in threads:
        thread.join()

    assert order == list(range(20))


def test_who_waited_in_vain_leaves_the_queue_and_the_next_gets_the_turn(turns):
    turns.take(1)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(turns.take, 0.05).result() is False
    turns.give()

    assert turns.take(0)


def test_process_that_is_killed_keeps_nobody_out(tmp_path):
    path = str(tmp_path / "turn")
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "mine\n"
        with ThreadPoolExecutor(1) as pool:
            mine = pool.submit(Turns(path).take, 1)
            time.sleep(0.3)
            assert not mine.done(), "another process writes"
            os.kill(holder.pid, signal.SIGKILL)

            assert mine.result(timeout=10)


def letter(number: int) -> None:
    Letter.objects.create(
        key=f"turn:{number}", to="a@b.example", subject="Да", text="Да", next_at=timezone.now()
    )


@only_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inside", [True, False])
def test_write_waits_for_the_transaction_of_another_in_or_out_of_its_own(inside):
    begun, done = threading.Event(), threading.Event()

    def other() -> None:
        try:
            begun.set()
            with transaction.atomic() if inside else transaction.mark_for_rollback_on_error():
                letter(2)
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        letter(1)
        thread.start()
        begun.wait(5)
        assert not done.wait(0.3)
    thread.join(5)

    assert done.is_set() and Letter.objects.filter(key__startswith="turn:").count() == 2


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_turn_is_given_back_whatever_ends_the_transaction():
    def in_another_thread() -> None:
        try:
            letter(9)
        finally:
            connection.close()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        letter(1)
        raise ZeroDivisionError
    with transaction.atomic():
        letter(2)
        transaction.set_rollback(True)
    transaction.set_autocommit(False)
    letter(3)
    connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(in_another_thread).result(timeout=5)

    assert list(Letter.objects.values_list("key", flat=True)) == ["turn:9"]


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_as_before(monkeypatch):
    # Settings are one for the connections of all threads: patched here, so that they come back after the test.
    patient = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {**patient, "timeout": 0.05})

    def other() -> None:
        try:
            letter(2)
        finally:
            connection.close()

    with transaction.atomic():
        letter(1)
        with ThreadPoolExecutor(1) as pool, pytest.raises(OperationalError, match="locked"):
            pool.submit(other).result(timeout=5)
