"""Reports: ordered once, built by the worker, texts written by people, accepted by the official."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from core import jobs
from core.letters import queue_letter
from core.models import Job
from core.school_year import SchoolYear
from core.search import index
from core.states import WrongState, move
from monitoring.models import Report, ReportFile, ReportText
from network.models import Municipality


def order_report(
    *, municipality: Municipality, year: SchoolYear, by: Any, kind: str = Report.Kind.ANNUAL
) -> Report:
    """The report in work for the year, else a new one, numbered and put to the worker. Pressed twice: the same."""
    same = {"municipality": municipality, "kind": kind, "year": year.start}
    in_work = Report.objects.filter(**same).exclude(state=Report.State.ACCEPTED)
    if report := in_work.first():
        return report
    try:
        with transaction.atomic():
            last = Report.objects.filter(**same).aggregate(n=Max("number"))["n"] or 0
            report = Report.objects.create(**same, number=last + 1, created_by=by)
            index([report])
            _put_to_worker(report, by)
    except IntegrityError:
        return in_work.get()
    return report


@transaction.atomic
def rebuild_report(*, report: Report, seen: int, by: Any) -> Report:
    """Ask for the next edition after the `seen` one; pressed twice, or by two people, it is built once.

    A failed job is retried instead. Raises WrongState for an accepted report.
    """
    if report.job and report.job.state == Job.State.FAILED and report.is_building:
        jobs.retry(report.job, by=by)
        return report
    if report.is_accepted:
        raise WrongState("Принятый отчёт больше не пересобирают.")
    asked = Report.objects.filter(pk=report.pk, edition=seen, wanted=seen, state=Report.State.DRAFT).update(
        wanted=F("wanted") + 1
    )
    report = Report.objects.select_related("municipality", "job").get(pk=report.pk)
    if asked:
        _put_to_worker(report, by)
    return report


@transaction.atomic
def write_texts(*, report: Report, texts: dict[str, str], by: Any) -> bool:
    """Save what people wrote; says whether anything changed. Raises WrongState for an accepted report."""
    fresh = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if fresh.is_accepted:
        raise WrongState("Отчёт принят, тексты больше не меняют.")
    before = dict(fresh.texts.values_list("key", "text"))
    changed = {key: text for key, text in texts.items() if before.get(key, "") != text}
    for key, text in changed.items():
        ReportText.objects.update_or_create(report=fresh, key=key, defaults={"text": text, "by": by})
    if changed:
        Report.objects.filter(pk=fresh.pk).update(texts_changed_at=timezone.now())
    return bool(changed)


@transaction.atomic
def accept_report(*, report: Report, by: Any) -> Report:
    """Freeze the report and put its last files, with the acceptance, to the worker."""
    report = move(report, "accept", by=by, accepted_by=by)
    _put_to_worker(report, by)
    return report


def _put_to_worker(report: Report, by: Any) -> None:
    job = jobs.enqueue(
        "monitoring.report",
        by=by,
        title=f"{report}, {report.municipality}",
        params={"report": report.pk, "edition": report.wanted},
        key=f"monitoring.report:{report.pk}:{report.wanted}",
    )
    Report.objects.filter(pk=report.pk).update(job=job)
    report.job = job


def publish_edition(
    *,
    report: Report,
    edition: int,
    snapshot: dict[str, Any],
    built_at: dt.datetime,
    files: list[ReportFile],
    job: Job,
) -> Report:
    """Make the edition the one that is read, its files in place of the former ones, and queue one letter.

    Called inside `run.finish()`: all of it is one transaction with the end of the job.
    """
    if report.is_accepted:
        report = move(report, "publish_accepted", by=None, edition=edition, snapshot=snapshot)
    else:
        report = move(report, "publish", by=None, edition=edition, snapshot=snapshot, built_at=built_at)
    index([report])
    ReportFile.objects.filter(report=report).delete()
    ReportFile.objects.bulk_create(files)
    if job.created_by and job.created_by.email:
        queue_letter(
            key=f"report-ready:{report.pk}:{edition}",
            to=job.created_by.email,
            subject=f"Готов: {report}",
            template="report_ready",
            context={
                "report": report,
                "municipality": str(report.municipality),
                "name": job.created_by.get_short_name(),
                "url": f"{settings.SITE_URL}{report.get_absolute_url()}",
            },
        )
    return report
