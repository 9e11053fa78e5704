"""Is the portal alive, is it ready, and how is it doing: for orchestrators and for monitoring."""

import hmac
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.models import Job, Letter, Pulse

WORKER_SILENT_AFTER = timedelta(seconds=90)
BROKER_TIMEOUT_SECONDS = 2


class NotReady(Exception):
    """Why a part of the portal is not ready, in words for the log and the operator."""


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def migrations() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise NotReady(f"{len(plan)} not applied")


def broker() -> None:
    if not settings.REDIS_URL:
        if not os.access(settings.QUEUE_DIR / "messages", os.W_OK):
            raise NotReady("folder of messages is not writable")
        return
    with current_app.connection_for_read(connect_timeout=BROKER_TIMEOUT_SECONDS) as link:
        link.ensure_connection(max_retries=0, timeout=BROKER_TIMEOUT_SECONDS)


def worker() -> None:
    """A recent sign of life; workers that are all busy with long jobs show it by the leases they renew."""
    now = timezone.now()
    if Pulse.objects.filter(at__gte=now - WORKER_SILENT_AFTER).exists():
        return
    if not Job.objects.filter(state=Job.State.RUNNING, lease_until__gt=now).exists():
        raise NotReady(f"no sign of life for {WORKER_SILENT_AFTER.seconds} s")


CHECKS: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "worker": worker,
}


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except Exception as error:
        # The text of a connection error may hold an address or a password: its kind is enough.
        return type(error).__name__
    return "ok"


@never_cache
@require_safe
@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part by name: «ok» or what is wrong; 503 when any part is not ready."""
    outcome = {name: _outcome(check) for name, check in CHECKS.items()}
    return JsonResponse(outcome, status=200 if set(outcome.values()) == {"ok"} else 503)


class QueueCollector(Collector):
    """Jobs and letters by state, and how long the oldest one has been due."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, model in (("jobs", Job), ("letters", Letter)):
            states = dict(
                model.objects.order_by().values_list("state").annotate(Count("pk"))  # type: ignore[attr-defined]
            )
            family = GaugeMetricFamily(f"portal_{name}", f"{name.capitalize()} by state", labels=["state"])
            for state in model.State.values:
                family.add_metric([state], states.get(state, 0))
            yield family
            oldest = model.objects.filter(state="queued").aggregate(at=Min("next_at"))["at"]  # type: ignore[attr-defined]
            age = max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0
            yield GaugeMetricFamily(f"portal_{name}_due_seconds", "How long the oldest is due", value=age)


@never_cache
@require_safe
@login_not_required
def metrics(request: HttpRequest) -> Any:
    """Prometheus metrics for the holder of METRICS_TOKEN (`Authorization: Bearer …`); to others a 404."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Http404
    response = ExportToDjangoView(request)
    queues = CollectorRegistry()
    queues.register(QueueCollector())
    response.content += generate_latest(queues)
    return response
