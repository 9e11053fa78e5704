"""Jobs: a row that is queued, claimed, fenced and finished; Celery only rings the doorbell.

A handler may be killed anywhere and run again, so it does its effect inside `run.finish()`: the effect
and the state «done» are one transaction under the condition that the claim is still ours
(docs/adr/0003-job-row.md). An app needs only this module:

    @handler("monitoring.report")
    def build(run: Run) -> None:
        run.stage("Сбор данных", 10)
        ...
        with run.finish(result_url=report.get_absolute_url()):
            publish(report)
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone

from core.models import Job
from core.runs import MAX_LOSSES, JobFailed, LeaseLost, Run, handler, run

__all__ = ["JobFailed", "LeaseLost", "Run", "enqueue", "handler", "retry", "run_inline", "sweep", "wait"]

logger = structlog.get_logger(__name__)

RING_POLICY = {"max_retries": 1, "interval_start": 0.1}
LOST_ERROR = (
    "Обработчик несколько раз прерывался, не дойдя до конца. "
    "Попробуйте ещё раз или обратитесь к администратору."
)


def enqueue(
    kind: str, *, by: Any, title: str, params: dict[str, Any] | None = None, key: str | None = None
) -> Job:
    """Queue a job in the caller's transaction and ring for it after the commit.

    With a `key`, asking again gives the job that is there already, whatever its state.
    `by` is the person who asked, or None for the portal itself.
    """
    now = timezone.now()
    fields = {
        "kind": kind,
        "title": title,
        "params": params or {},
        "created_by": by,
        "next_at": now,
        "rung_at": now,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", "")[:64],
    }
    with transaction.atomic():
        if key is None:
            job, created = Job.objects.create(**fields), True
        else:
            job, created = Job.objects.get_or_create(key=key, defaults=fields)
    if created:
        _ring_after_commit(job.pk)
    return job


def retry(job: Job, *, by: Any) -> Job:
    """Queue a failed job again; pressing twice, or a job that is not failed, changes nothing."""
    now = timezone.now()
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
            state=Job.State.QUEUED,
            stage="",
            progress=0,
            error="",
            errors=0,
            losses=0,
            finished_at=None,
            next_at=now,
            rung_at=now,
        )
    if changed:
        logger.info("job_retried", job=str(job.pk), kind=job.kind, by=getattr(by, "pk", None))
        _ring_after_commit(job.pk)
    job.refresh_from_db()
    return job


def _ring_after_commit(pk: UUID) -> None:
    transaction.on_commit(lambda: ring(pk))


def ring(pk: UUID) -> None:
    """Send the message that makes a worker look at the job; a broker that is down loses only the message."""
    try:
        current_app.send_task("core.tasks.run_job", [str(pk)], retry_policy=RING_POLICY)
    except Exception:
        # The row is there: the sweep rings again as soon as there is a broker.
        logger.exception("job_not_rung", job=str(pk))
        Job.objects.filter(pk=pk).update(rung_at=None)


def sweep() -> int:
    """Ring again for due jobs that nobody answered, fail those lost too often; returns how many rang."""
    now = timezone.now()
    lost = Job.objects.abandoned(now).filter(losses__gte=MAX_LOSSES)
    if lost.update(state=Job.State.FAILED, error=LOST_ERROR, lease_until=None, finished_at=now):
        logger.error("jobs_lost_too_often")
    due = list(Job.objects.unheard(now).order_by("next_at").values_list("pk", flat=True)[:500])
    Job.objects.filter(pk__in=due).update(rung_at=now)
    for pk in due:
        ring(pk)
    return len(due)


def run_inline(job: Job) -> Job:
    """Do the job in this process, without a worker: for tests and for commands without one."""
    run(job.pk)
    job.refresh_from_db()
    return job


def wait(job: Job, *, on_change: Callable[[Job], None] | None = None, timeout: float | None = None) -> Job:
    """Watch the job until it is done or failed; `on_change` is told of every new stage or progress.

    `timeout` is in seconds; raises TimeoutError after it.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    seen: tuple[Any, ...] = ()
    while True:
        job.refresh_from_db()
        now = (job.state, job.stage, job.progress)
        if on_change and now != seen:
            on_change(job)
        seen = now
        if job.is_finished:
            return job
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError(f"Job {job.pk} is still {job.state}")
        time.sleep(0.3)
