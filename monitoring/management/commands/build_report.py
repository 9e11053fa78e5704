from __future__ import annotations

from typing import Any, cast

from django.core.management import BaseCommand, CommandError

from core import jobs
from core.models import Job
from core.school_year import SchoolYear
from core.states import WrongState
from monitoring.actions.reports import order_report, rebuild_report
from monitoring.models import Report
from network.models import Municipality


class Command(BaseCommand):
    help = "Build a report: put it to the worker, with --wait show progress and print the files."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("kind", choices=Report.Kind.values)
        parser.add_argument("--municipality", required=True, help="name of the municipality, or a part of it")
        parser.add_argument("--year", required=True, help="school year: 2026/27")
        parser.add_argument("--wait", action="store_true", help="wait for the worker and print the files")
        parser.add_argument("--here", action="store_true", help="build in this process, without a worker")
        parser.add_argument("--timeout", type=float, default=600, help="seconds to wait")

    def handle(self, **options: Any) -> None:
        municipality = find_municipality(options["municipality"])
        try:
            year = SchoolYear.parse(options["year"])
            report = order_report(municipality=municipality, year=year, kind=options["kind"], by=None)
            if not report.is_building or (report.job and report.job.state == Job.State.FAILED):
                report = rebuild_report(report=report, seen=report.edition, by=None)
        except (ValueError, WrongState) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{report}, {municipality}: задание {report.job_id}")
        if options["here"]:
            jobs.run_inline(cast(Job, report.job))
        if options["wait"] or options["here"]:
            self._wait(report, options["timeout"])

    def _wait(self, report: Report, timeout: float) -> None:
        try:
            job = jobs.wait(
                cast(Job, report.job),
                on_change=lambda job: self.stdout.write(
                    f"{job.progress:3d} % {job.stage or job.get_state_display()}"
                ),
                timeout=timeout,
            )
        except TimeoutError as error:
            raise CommandError("Обработчик не взялся за отчёт за отведённое время: запущен ли он?") from error
        if job.state == Job.State.FAILED:
            raise CommandError(job.error)
        for file in report.files.all():
            self.stdout.write(file.file.path)


def find_municipality(name: str) -> Municipality:
    """By the exact name, else by a part of it that only one has. Raises CommandError."""
    found = list(Municipality.objects.filter(name__iexact=name)) or list(
        Municipality.objects.filter(name__contains=name)[:3]
    )
    if len(found) != 1:
        names = ", ".join(f"«{one}»" for one in (found or Municipality.objects.all()[:10]))
        raise CommandError(f"Муниципалитет «{name}» {'не один' if found else 'не найден'}. Есть: {names}.")
    return found[0]
