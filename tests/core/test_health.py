"""Health: alive, ready by name, metrics for the holder of the token, a log that can be shown to anybody."""

from __future__ import annotations

import datetime
import io
import json
import logging

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from config import health
from config.logs import strike_out
from core.jobs import enqueue
from core.models import Job, Pulse
from core.tasks import heartbeat

MINUTE = datetime.timedelta(minutes=1)
ALL_WELL = {"database": "ok", "migrations": "ok", "broker": "ok", "worker": "ok"}


def ready() -> tuple[int, dict[str, str]]:
    response = Client().get("/readyz")
    return response.status_code, response.json()


def test_livez_asks_nothing_of_the_database() -> None:
    """Without the `db` fixture any query would fail the test."""
    assert Client().get("/livez").content == b"ok\n"


@pytest.mark.django_db
def test_readyz_is_ready_when_every_part_is() -> None:
    heartbeat.apply()

    assert ready() == (200, ALL_WELL)


@pytest.mark.django_db
def test_readyz_names_the_worker_that_fell_silent() -> None:
    Pulse.objects.create(name="worker", at=timezone.now() - 2 * MINUTE)

    assert ready() == (503, ALL_WELL | {"worker": "no sign of life for 90 s"})


@pytest.mark.django_db
def test_readyz_takes_a_renewed_lease_for_a_sign_of_life() -> None:
    job = enqueue("tests.effect", by=None, title="Долгая работа")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, lease_until=timezone.now() + MINUTE)

    assert ready() == (200, ALL_WELL)


@pytest.mark.django_db
def test_readyz_names_migrations_not_applied(settings) -> None:
    heartbeat.apply()
    settings.MIGRATION_MODULES = {}  # the tables of tests are made without migrations, so none is recorded

    recorded = MigrationRecorder(connection).applied_migrations()
    waiting = MigrationLoader(connection).graph.nodes.keys() - recorded.keys()
    assert len(waiting) > 6
    assert ready() == (503, ALL_WELL | {"migrations": f"{len(waiting)} not applied"})


@pytest.mark.django_db
def test_readyz_names_a_broker_that_is_away(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat.apply()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    away = health.current_app.connection_for_read(settings.REDIS_URL, connect_timeout=1)
    monkeypatch.setattr(
        type(health.current_app._get_current_object()), "connection_for_read", lambda *a, **k: away
    )

    assert ready() == (503, ALL_WELL | {"broker": "OperationalError"})


@pytest.mark.django_db
def test_readyz_tells_no_address_or_password_of_a_database_that_is_away(monkeypatch) -> None:
    heartbeat.apply()

    def refuse() -> None:
        raise OperationalError("connection to db.internal as portal with password=secret failed")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    assert ready() == (503, ALL_WELL | {"database": "OperationalError"})


@pytest.mark.django_db
def test_metrics_exist_for_the_holder_of_the_token_alone(settings) -> None:
    enqueue("tests.effect", by=None, title="Отчёт")
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "long-token"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404

    page = Client().get("/metrics", headers={"Authorization": "Bearer long-token"}).content.decode()
    assert 'portal_jobs{state="queued"} 1.0' in page
    assert "portal_letters_due_seconds 0.0" in page


# Logs


@pytest.fixture
def log() -> io.StringIO:
    """What the console would get."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.getLogger().handlers[0].formatter)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Key irina@school.example", "Key [почта]"),
        ("позвоните +7 (401) 250-12-34 завтра", "позвоните [телефон] завтра"),
        ("08f81cec-7c77-4ff1-8102-0304056dc704", "08f81cec-7c77-4ff1-8102-0304056dc704"),
        ("GET /search/?q=Петрова&page=2 200", "GET /search/?[...] 200"),
        ("Not Found: /diagnostics/s/Ab3-secret/2/", "Not Found: /diagnostics/s/[...]/2/"),
        ("duplicate\nDETAIL:  Key (last_name)=(Петрова) exists.\nnext", "duplicate\nDETAIL: [...]\nnext"),
        ("Организация ИНН 3906012345", "Организация ИНН 3906012345"),
    ],
)
def test_log_strikes_out_personal_data(text: str, kept: str) -> None:
    assert strike_out(text) == kept


@pytest.mark.django_db
def test_log_tells_a_request_by_its_route_and_a_number(log: io.StringIO) -> None:
    Client().get(
        "/jobs/9c2a6f0e-1111-4222-8333-444455556666/?q=Петрова", headers={"User-Agent": "Phone of Irina"}
    )

    line = json.loads(log.getvalue().splitlines()[-1])
    assert line["request"] == "GET /jobs/<uuid:pk>/"
    assert line["request_id"]
    assert "Петрова" not in log.getvalue() and "Irina" not in log.getvalue()


@pytest.mark.django_db
def test_log_says_nothing_of_probes_that_found_all_well(log: io.StringIO) -> None:
    heartbeat.apply()
    Client().get("/livez")
    Client().get("/readyz")

    assert log.getvalue() == ""
    assert django_settings.DJANGO_STRUCTLOG_USER_ID_FIELD is None
