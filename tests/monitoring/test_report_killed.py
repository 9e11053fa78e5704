"""kill -9 of a real worker at every stage of a report: completed once, one set of files, one letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from core.jobs import wait
from core.models import Job, Letter
from core.school_year import SchoolYear
from monitoring.actions.reports import order_report
from monitoring.models import Report
from tests.core.processes import Worker, until
from tests.factories.monitoring import shipped_set
from tests.monitoring.conftest import fresh
from tests.monitoring.gated_worker import GATES


@pytest.mark.django_db(transaction=True)
def test_worker_killed_at_every_stage_of_a_report_completes_it_once(world, tmp_path: Path) -> None:
    for gate in GATES:
        (tmp_path / f"stop at {gate}").touch()
    shipped_set()
    report = order_report(municipality=world.municipality, year=SchoolYear.current(), by=world.methodist)
    worker = None
    try:
        for gate in GATES:
            worker = Worker(tmp_path / "log", include="tests.monitoring.gated_worker", GATES=str(tmp_path))
            until((tmp_path / f"stopped at {gate}").exists, seconds=120, what=f"worker at «{gate}»")
            assert fresh(report).edition == 0, "nothing is published before all of it is"
            worker.kill()
            worker.stop()
        worker = Worker(tmp_path / "log", include="tests.monitoring.gated_worker", GATES=str(tmp_path))
        job = wait(report.job, timeout=120)
        until(lambda: Letter.objects.filter(state=Letter.State.SENT).exists(), seconds=90, what="the letter")
    finally:
        if worker is not None:
            worker.stop()

    after = fresh(report)
    folders = list((Path(settings.MEDIA_ROOT) / "reports" / str(report.pk)).iterdir())
    assert (job.state, job.attempt) == (Job.State.DONE, len(GATES) + 1)
    assert (after.state, after.edition) == (Report.State.DRAFT, 1)
    assert after.files.count() == 3 and all(Path(file.file.path).exists() for file in after.files.all())
    assert [folder.name for folder in folders] == [Path(after.files.first().file.name).parent.name]
    assert Letter.objects.filter(key__startswith="report-ready").count() == 1
