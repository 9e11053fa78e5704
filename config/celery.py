"""The Celery application: one code path for Redis and for the embedded filesystem broker."""

import os
import warnings
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps, signals
from celery.platforms import SecurityWarning
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.transport import TRANSPORT_ALIASES

from core.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# The warning is about pickled messages sent to a worker of the superuser; ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)

# Ours writes a message whole before a worker can see it.
TRANSPORT_ALIASES["filesystem"] = "core.broker:Transport"

app = Celery("metodset")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class SignOfLife(bootsteps.StartStopStep):
    """The main loop touches WORKER_ALIVE_FILE every ten seconds: what a container's health check looks at."""

    requires = {"celery.worker.components:Timer"}

    def start(self, parent: Any) -> None:
        if path := os.environ.get("WORKER_ALIVE_FILE"):
            parent.timer.call_repeatedly(10, Path(path).touch)


app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["worker"].add(SignOfLife)


@signals.setup_logging.connect
def keep_django_logging(**kwargs: Any) -> None:
    """A receiver here stops Celery from setting up its own logs: Django's are structured."""


@signals.worker_process_init.connect
@signals.beat_embedded_init.connect
def leave_no_orphan(**kwargs: Any) -> None:
    die_with_parent()


@signals.worker_ready.connect
def look_around(**kwargs: Any) -> None:
    """Pick up what a killed worker left behind at once, not at the next tick of the clock."""
    for name in ("core.tasks.heartbeat", "core.tasks.sweep_jobs", "core.tasks.send_letters"):
        app.send_task(name)
