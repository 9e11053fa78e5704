"""Messages of the spine: the doorbell of a job, the sweep, the outbox, the sign of life."""

import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from core import jobs, known_tables, letters
from core.imports import tasks as import_tasks  # noqa: F401  (registers the jobs of uploads)
from core.models import Pulse
from core.runs import run

FORGET_PULSE_AFTER = datetime.timedelta(days=1)


@shared_task
def run_job(pk: str) -> None:
    run(pk)


@shared_task
def sweep_jobs() -> None:
    jobs.sweep()


@shared_task
def send_letters() -> None:
    letters.send_due()


@shared_task
def forget_letters() -> None:
    letters.forget_old()


@shared_task
def know_tables() -> None:
    known_tables.know_tables()


@shared_task(bind=True)
def heartbeat(self: Any) -> None:
    """Leave a sign of life of this worker for `/readyz`."""
    now = timezone.now()
    Pulse.objects.update_or_create(name=self.request.hostname or "local", defaults={"at": now})
    Pulse.objects.filter(at__lt=now - FORGET_PULSE_AFTER).delete()
