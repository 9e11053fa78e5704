"""Handlers that tests run in this process and in real workers (`--include tests.core.job_handlers`)."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import structlog
from django.utils import timezone

from core.jobs import JobFailed, Run, handler
from core.models import Pulse

GATES = ["gather", "write", "in the transaction", "after it"]


def effects(job_id: object) -> int:
    """How many times the effect of the job stands in the database."""
    return Pulse.objects.filter(name__startswith=f"effect {job_id} ").count()


def leave_effect(run: Run) -> None:
    Pulse.objects.create(name=f"effect {run.job.pk} {uuid.uuid4()}", at=timezone.now())


def gate(run: Run, name: str) -> None:
    """Where a test waits to kill the worker: stops for good the first time, lets through the second."""
    stop_here = Path(run.params["folder"]) / f"stop at {name}"
    if stop_here.exists():
        stop_here.rename(stop_here.with_name(f"stopped at {name}"))
        time.sleep(600)


@handler("tests.gates")
def through_gates(run: Run) -> None:
    run.stage("Сбор данных", 10)
    gate(run, "gather")
    run.stage("Запись", 60)
    gate(run, "write")
    with run.finish(result={"rows": 3}, result_url="/somewhere/"):
        leave_effect(run)
        gate(run, "in the transaction")
    gate(run, "after it")


@handler("tests.effect")
def effect(run: Run) -> None:
    with run.finish():
        leave_effect(run)


@handler("tests.refused")
def refused(run: Run) -> None:
    raise JobFailed("В файле нет листа «Педагоги». Добавьте лист и загрузите файл ещё раз.")


@handler("tests.broken")
def broken(run: Run) -> None:
    with run.finish():
        leave_effect(run)
        raise ZeroDivisionError


@handler("tests.unfinished")
def unfinished(run: Run) -> None:
    run.stage("Почти готово", 99)


@handler("tests.log")
def log(run: Run) -> None:
    with run.finish(result={"request_id": structlog.contextvars.get_contextvars()["request_id"]}):
        structlog.get_logger("tests").warning("inside_job")


@handler("tests.slow")
def slow(run: Run) -> None:
    time.sleep(run.params["seconds"])
    with run.finish():
        leave_effect(run)
