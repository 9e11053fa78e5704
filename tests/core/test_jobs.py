"""Jobs: claimed by one, fenced, finished once, whatever is killed in between."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_htmx.http import HTMX_STOP_POLLING

from core import jobs, runs
from core.jobs import LeaseLost, enqueue, retry, run_inline, sweep, wait
from core.models import Job
from tests.core import job_handlers
from tests.core.job_handlers import GATES, effects
from tests.core.processes import Worker, environment, until
from tests.world import World

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids for which the doorbell was rung."""
    rung: list[str] = []
    monkeypatch.setattr(jobs, "ring", lambda pk: rung.append(str(pk)))
    return rung


def queued(kind: str = "tests.effect", **fields: object) -> Job:
    return enqueue(kind, by=None, title="Проверка", **fields)  # type: ignore[arg-type]


def put_off(job: Job, **fields: object) -> None:
    Job.objects.filter(pk=job.pk).update(**fields)


# Queueing


@pytest.mark.django_db
def test_enqueue_rings_only_after_the_commit(rings: list[str], django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = queued()
        assert rings == []

    assert rings == [str(job.pk)]


@pytest.mark.django_db
def test_enqueue_twice_with_one_key_gives_the_same_job(rings, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second = queued(key="report 7"), queued(key="report 7")

    assert first == second
    assert rings == [str(first.pk)]


@pytest.mark.django_db
def test_enqueue_survives_a_broker_that_is_down(monkeypatch, django_capture_on_commit_callbacks) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(jobs.current_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = queued()
    monkeypatch.undo()

    assert sweep() == 1, "the sweep rings for what nobody heard"
    assert run_inline(job).state == Job.State.DONE


# Running


@pytest.mark.django_db
def test_job_done_keeps_result_and_full_progress() -> None:
    job = run_inline(queued("tests.gates", params={"folder": "/nonexistent"}))

    assert (job.state, job.progress, job.result, job.result_url) == (
        Job.State.DONE,
        100,
        {"rows": 3},
        "/somewhere/",
    )
    assert effects(job.pk) == 1


@pytest.mark.django_db
def test_job_refused_by_its_handler_fails_at_once_with_words_for_people() -> None:
    job = run_inline(queued("tests.refused"))

    assert job.state == Job.State.FAILED
    assert job.error == "В файле нет листа «Педагоги». Добавьте лист и загрузите файл ещё раз."


@pytest.mark.django_db
def test_job_broken_is_tried_three_times_and_leaves_no_effect() -> None:
    job = queued("tests.broken")
    states = []
    for _ in range(3):
        put_off(job, next_at=timezone.now())
        states.append(run_inline(job).state)

    assert states == [Job.State.QUEUED, Job.State.QUEUED, Job.State.FAILED]
    assert job.error == runs.GENERAL_ERROR
    assert effects(job.pk) == 0


@pytest.mark.django_db
def test_job_broken_waits_before_the_next_attempt() -> None:
    job = run_inline(queued("tests.broken"))

    assert job.next_at > timezone.now() + datetime.timedelta(seconds=5)
    assert run_inline(job).attempt == 1, "not due, so not claimed"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["tests.unfinished", "tests.nobody_knows"])
def test_job_without_an_outcome_is_an_error(kind: str) -> None:
    assert run_inline(queued(kind)).errors == 1


@pytest.mark.django_db
def test_retry_queues_a_failed_job_once(rings, django_capture_on_commit_callbacks) -> None:
    job = run_inline(queued("tests.refused"))
    with django_capture_on_commit_callbacks(execute=True):
        retry(job, by=None)
        retry(job, by=None)

    assert (job.state, job.error, rings) == (Job.State.QUEUED, "", [str(job.pk)])


# Fence


@pytest.mark.django_db
def test_claim_is_refused_while_the_lease_holds_and_given_after_it() -> None:
    job = queued()
    first = runs.claim(job.pk)
    refused = runs.claim(job.pk)
    put_off(job, lease_until=timezone.now() - HOUR)
    second = runs.claim(job.pk)

    assert refused is None
    assert first is not None and second is not None
    assert (first.attempt, second.attempt, second.job.losses) == (1, 2, 1)


@pytest.mark.django_db
def test_run_that_lost_its_lease_can_write_nothing() -> None:
    job = queued()
    first = runs.claim(job.pk)
    put_off(job, lease_until=timezone.now() - HOUR)
    second = runs.claim(job.pk)
    assert first is not None and second is not None

    with pytest.raises(LeaseLost):
        first.stage("Поздно", 50)
    with pytest.raises(LeaseLost), first.finish():
        job_handlers.leave_effect(first)
    with second.finish(result={"by": "second"}):
        job_handlers.leave_effect(second)

    job.refresh_from_db()
    assert (job.result, effects(job.pk)) == ({"by": "second"}, 1)


@pytest.mark.django_db
def test_run_overtaken_in_the_middle_of_its_effect_rolls_it_back() -> None:
    job = queued()
    run = runs.claim(job.pk)
    assert run is not None

    with pytest.raises(LeaseLost), run.finish():
        job_handlers.leave_effect(run)
        put_off(job, attempt=run.attempt + 1)

    assert effects(job.pk) == 0


@pytest.mark.django_db(transaction=True)
def test_heartbeat_keeps_a_stage_longer_than_the_lease(settings) -> None:
    settings.JOB_LEASE_SECONDS = 0.6
    job = run_inline(queued("tests.slow", params={"seconds": 1.5}))

    assert (job.state, job.attempt, effects(job.pk)) == (Job.State.DONE, 1, 1)


# Sweep


@pytest.mark.django_db
def test_sweep_rings_for_due_and_abandoned_jobs_only(rings: list[str]) -> None:
    long_ago = timezone.now() - HOUR
    unheard, abandoned, future, running, done, rung_now = (queued() for _ in range(6))
    Job.objects.exclude(pk=rung_now.pk).update(rung_at=long_ago)
    put_off(abandoned, state=Job.State.RUNNING, lease_until=long_ago, rung_at=None)
    put_off(future, next_at=timezone.now() + HOUR)
    put_off(running, state=Job.State.RUNNING, lease_until=timezone.now() + HOUR)
    put_off(done, state=Job.State.DONE)

    assert sweep() == 2
    assert set(rings) == {str(unheard.pk), str(abandoned.pk)}
    assert sweep() == 0, "what was rung now is not rung again at once"


@pytest.mark.django_db
def test_sweep_gives_up_a_job_that_kills_its_worker_every_time(rings: list[str]) -> None:
    job = queued()
    put_off(
        job,
        state=Job.State.RUNNING,
        lease_until=timezone.now() - HOUR,
        losses=runs.MAX_LOSSES,
        rung_at=None,
    )
    sweep()

    job.refresh_from_db()
    assert (job.state, job.error, rings) == (Job.State.FAILED, jobs.LOST_ERROR, [])


# Page


@pytest.mark.django_db
def test_job_page_is_of_the_person_who_asked_and_of_the_administrator(world: World) -> None:
    job = enqueue("tests.effect", by=world.methodist, title="Годовой отчёт")

    assert "Годовой отчёт" in world.client("methodist").get(job.get_absolute_url()).content.decode()
    assert world.client("admin").get(job.get_absolute_url()).status_code == 200
    assert world.client("official").get(job.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_job_page_asks_again_only_while_the_job_runs(world: World) -> None:
    job = enqueue("tests.effect", by=world.methodist, title="Годовой отчёт")
    client = world.client("methodist")

    def moving_part() -> tuple[int, str]:
        response = client.get(job.get_absolute_url(), headers={"HX-Request": "true"})
        return response.status_code, response.content.decode()

    status, part = moving_part()
    assert (status, "Обновить" in part, "<html" in part) == (200, True, False)
    assert 'hx-trigger="every 2s"' in client.get(job.get_absolute_url()).content.decode()

    run_inline(job)
    status, part = moving_part()
    assert (status, "Готово" in part) == (HTMX_STOP_POLLING, True)
    assert "hx-trigger" not in client.get(job.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_job_page_retries_a_failed_job_by_its_owner_alone(world: World) -> None:
    job = run_inline(enqueue("tests.refused", by=world.methodist, title="Загрузка"))
    address = f"{job.get_absolute_url()}retry/"

    assert world.client("official").post(address).status_code == 404
    assert "нет листа" in world.client("methodist").get(job.get_absolute_url()).content.decode()
    assert world.client("methodist").post(address).url == job.get_absolute_url()
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


# Real processes


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list[Worker]]:
    """Workers started by the test; none outlives it."""
    started: list[Worker] = []
    yield started
    for worker in started:
        worker.stop()


@pytest.mark.django_db(transaction=True)
def test_two_processes_claim_forty_jobs_each_once(tmp_path: Path) -> None:
    with transaction.atomic():
        pks = [str(queued("tests.nothing").pk) for _ in range(40)]
    command = [sys.executable, "-m", "tests.core.claim_all", str(tmp_path), *pks]
    claimers = [
        subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR)
        for _ in range(2)
    ]
    until(lambda: len(list(tmp_path.glob("ready *"))) == 2, what="two claimers")
    (tmp_path / "go").touch()
    claimed = [json.loads(claimer.communicate(timeout=90)[0]) for claimer in claimers]

    assert sorted(pk for part in claimed for pk in part) == sorted(pks)
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_worker_killed_at_every_stage_completes_the_job_once(tmp_path: Path, workers: list[Worker]) -> None:
    for gate in GATES:
        (tmp_path / f"stop at {gate}").touch()
    job = queued("tests.gates", params={"folder": str(tmp_path)})

    for gate in GATES:
        workers.append(Worker(tmp_path / "log"))
        until((tmp_path / f"stopped at {gate}").exists, what=f"worker at «{gate}»")
        workers[-1].kill()
    workers.append(Worker(tmp_path / "log"))
    wait(queued(), timeout=90)

    job.refresh_from_db()
    assert (job.state, effects(job.pk)) == (Job.State.DONE, 1)
    assert job.losses >= len(GATES) - 1, "each kill before the commit cost one claim"


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_rings_do_each_job_once(tmp_path: Path, workers: list[Worker]) -> None:
    workers += [Worker(tmp_path / f"log {number}", JOB_LEASE_SECONDS="60") for number in (1, 2)]
    with structlog.contextvars.bound_contextvars(request_id="request-77"):
        done = [queued() for _ in range(12)]
        logged = queued("tests.log")
    for job in done:
        jobs.ring(job.pk)

    assert {wait(job, timeout=90).state for job in [*done, logged]} == {Job.State.DONE}
    time.sleep(0.5)
    assert [effects(job.pk) for job in done] == [1] * 12
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}
    logs = [line for worker in workers for line in worker.log.read_text().splitlines()]
    lines = [json.loads(line) for line in logs if "inside_job" in line]
    assert [line["request_id"] for line in lines] == ["request-77"]


@pytest.mark.django_db(transaction=True)
def test_wait_tells_of_every_change_and_of_a_timeout() -> None:
    job = queued()
    told: list[str] = []
    with pytest.raises(TimeoutError):
        wait(job, on_change=lambda job: told.append(job.state), timeout=0)
    run_inline(job)
    wait(job, on_change=lambda job: told.append(job.state))

    assert told == ["queued", "done"]
