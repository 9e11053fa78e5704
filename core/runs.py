"""Carrying out a job: claimed by one conditional UPDATE, fenced by the attempt, kept alive by a heartbeat."""

import datetime
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from core.models import Job

logger = structlog.get_logger(__name__)

MAX_ERRORS = 3
MAX_LOSSES = 10
BACKOFF = [datetime.timedelta(seconds=10), datetime.timedelta(minutes=1)]
PROGRESS_EVERY_SECONDS = 0.5
GENERAL_ERROR = (
    "Не получилось из-за ошибки в портале. Администратор увидит её в журнале. Попробуйте ещё раз позже."
)


class JobFailed(Exception):
    """Raised by a handler with a Russian message for people: the job fails at once."""


class LeaseLost(Exception):
    """The claim is no longer ours: another worker runs the job. The handler must leave no effect."""


class Run:
    """One claim of a job: what a handler is given. Every write is conditional on the attempt being ours."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.attempt = job.attempt
        self._lost = threading.Event()
        self._written_at = 0.0

    def stage(self, title: str, progress: int) -> None:
        """Tell people what is being done; `progress` is 0..100. Call it outside of transactions.

        Raises LeaseLost when another worker has taken the job over.
        """
        self._tell(stage=title, progress=progress)

    def progress(self, done: int, total: int, *, start: int = 0, end: int = 100) -> None:
        """Move the bar between `start` and `end` per cent; written at most twice a second.

        Raises LeaseLost when another worker has taken the job over.
        """
        if time.monotonic() - self._written_at >= PROGRESS_EVERY_SECONDS:
            self._tell(progress=start + (end - start) * done // max(total, 1))

    @contextmanager
    def finish(self, result: dict[str, Any] | None = None, result_url: str = "") -> Iterator[None]:
        """The effect, done in the body, and the state «done» in one transaction.

        Raises LeaseLost, and the effect is rolled back, when another worker has taken the job over.
        """
        with transaction.atomic():
            self.renew()
            yield
            self._write(
                state=Job.State.DONE,
                stage="",
                progress=100,
                error="",
                result=result or {},
                result_url=result_url,
                lease_until=None,
                finished_at=timezone.now(),
            )

    def renew(self) -> None:
        """Say that we are alive. Raises LeaseLost."""
        self._write(lease_until=timezone.now() + lease())

    def _tell(self, **fields: Any) -> None:
        self._written_at = time.monotonic()
        self._write(lease_until=timezone.now() + lease(), **fields)

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, attempt=self.attempt, state=Job.State.RUNNING)

    def _write(self, **fields: Any) -> None:
        if self._lost.is_set() or not self._mine().update(**fields):
            self._lost.set()
            raise LeaseLost(str(self.job.pk))


Handler = Callable[[Run], None]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind; it stands in `tasks.py` of its app."""

    def register(function: Handler) -> Handler:
        if _handlers.setdefault(kind, function) is not function:
            raise ValueError(f"Two handlers for jobs of kind {kind!r}")
        return function

    return register


def find_handler(kind: str) -> Handler:
    """Raises KeyError for an unknown kind."""
    if kind not in _handlers:
        autodiscover_modules("tasks")
    return _handlers[kind]


def lease() -> datetime.timedelta:
    """How long a claim is respected without a sign of life (setting JOB_LEASE_SECONDS)."""
    return datetime.timedelta(seconds=settings.JOB_LEASE_SECONDS)


def claim(pk: UUID | str) -> Run | None:
    """Take the job for this process, or None when it is taken, finished or not due.

    One conditional UPDATE decides: of any number of workers one gets the row.
    """
    now = timezone.now()
    taken = {
        "state": Job.State.RUNNING,
        "attempt": F("attempt") + 1,
        "lease_until": now + lease(),
        "started_at": now,
        "rung_at": None,
    }
    row = Job.objects.filter(pk=pk)
    with transaction.atomic():
        if not (
            row.waiting(now).update(**taken)
            or row.abandoned(now).filter(losses__lt=MAX_LOSSES).update(losses=F("losses") + 1, **taken)
        ):
            return None
        return Run(row.get())


def run(pk: UUID | str) -> None:
    """Claim the job and do it in this process; does nothing when somebody else has it."""
    claimed = claim(pk)
    if claimed is None:
        return
    job = claimed.job
    with structlog.contextvars.bound_contextvars(
        request_id=job.request_id, job=str(job.pk), kind=job.kind, attempt=job.attempt
    ):
        started = time.monotonic()
        logger.info("job_started")
        try:
            # In a caller's transaction nobody else sees the claim, and the thread would not see the row.
            with nullcontext() if connection.in_atomic_block else _heartbeat(claimed):
                find_handler(job.kind)(claimed)
            if claimed._mine().exists():
                raise RuntimeError(f"Handler of {job.kind!r} ended without run.finish()")
            logger.info("job_done", seconds=round(time.monotonic() - started, 3))
        except LeaseLost:
            logger.warning("job_lease_lost")
        except JobFailed as error:
            logger.info("job_failed")
            _fail(claimed, str(error))
        except Exception:
            logger.exception("job_error")
            _put_back_or_fail(claimed)


def _put_back_or_fail(claimed: Run) -> None:
    errors = claimed.job.errors + 1
    if errors >= MAX_ERRORS:
        _fail(claimed, GENERAL_ERROR)
        return
    claimed._mine().update(
        state=Job.State.QUEUED,
        errors=errors,
        stage="Повторим после ошибки",
        lease_until=None,
        next_at=timezone.now() + BACKOFF[errors - 1],
    )


def _fail(claimed: Run, message: str) -> None:
    claimed._mine().update(
        state=Job.State.FAILED, error=message, lease_until=None, finished_at=timezone.now()
    )


@contextmanager
def _heartbeat(claimed: Run) -> Iterator[None]:
    """Renew the lease from a thread while the handler works: a long stage needs no care of its own."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                claimed.renew()
            except LeaseLost:
                return
            except DatabaseError:
                # The database is busy or away for a moment; the next beat tries again.
                logger.warning("job_heartbeat_missed", job=str(claimed.job.pk))
            finally:
                connection.close()

    thread = threading.Thread(target=beat, name="job-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
