"""Work of the worker: building reports, keeping computed indicators up to date."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.utils import timezone

from core.documents import to_docx, to_pdf, to_xlsx
from core.jobs import JobFailed, Run, handler
from core.school_year import SchoolYear
from core.states import WrongState
from monitoring.actions.indicators import refresh_values
from monitoring.actions.reports import publish_edition
from monitoring.documents import collect, compose, with_document
from monitoring.editions import edition
from monitoring.models import IndicatorSet, Report
from network.models import Municipality

logger = structlog.get_logger(__name__)

BUILDERS = {"docx": to_docx, "xlsx": to_xlsx, "pdf": to_pdf}


@handler("monitoring.report")
def build_report(run: Run) -> None:
    """Collect a snapshot, write three files aside, publish them with one letter. Safe to run again from anywhere."""
    report = Report.objects.select_related("municipality", "accepted_by").get(pk=run.params["report"])
    snapshot, built_at = report.snapshot, report.built_at or timezone.now()
    if not report.is_accepted:
        run.stage("Подсчёт показателей", 5)
        built_at = timezone.now()
        _refresh(report.municipality, SchoolYear(report.year))
        snapshot = collect(report, lambda title, n, of: run.stage(f"Сбор данных: {title}", 10 + 40 * n // of))
    document = compose(report, snapshot, built_at)
    with edition(report, f"{run.job.pk.hex[:8]}-{run.attempt}") as files:
        for number, (name, builder) in enumerate(BUILDERS.items()):
            run.stage(f"Файл {name.upper()}", 50 + 15 * number)
            files.write(name, builder(document))
        run.stage("Публикация", 95)
        with run.finish(result={"message": "Отчёт готов."}, result_url=report.get_absolute_url()):
            rows = files.put_in_place()
            try:
                publish_edition(
                    report=report,
                    edition=run.params["edition"],
                    snapshot=with_document(snapshot, document),
                    built_at=built_at,
                    files=rows,
                    job=run.job,
                )
            except WrongState as error:
                raise JobFailed(str(error)) from error
            files.keep_only_this()


def _refresh(municipality: Municipality, year: SchoolYear) -> None:
    """Bring computed values up to date; years that are past counting keep what they have."""
    try:
        refresh_values(municipality=municipality, year=year)
    except WrongState as error:
        logger.info("indicators_not_refreshed", reason=str(error))


@shared_task
def refresh_indicators() -> None:
    """Count the computed indicators of the current year in every municipality that has organisations."""
    year = SchoolYear.current()
    for municipality in Municipality.objects.filter(organisations__isnull=False).distinct():
        if IndicatorSet.objects.in_force(municipality, year.start):
            _refresh(municipality, year)
