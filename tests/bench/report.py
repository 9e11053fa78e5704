"""The annual report from its order to the three files, against reading the rows that it counts once."""

from __future__ import annotations

from core.jobs import run_inline
from core.school_year import SchoolYear
from diagnostics.models import Tally
from monitoring.actions.reports import order_report, rebuild_report
from monitoring.models import Report
from network.models import Employment, Municipality, Organisation, Person
from tests.bench.measure import Figure, once


def read() -> None:
    """The floor: every row that the figures come from, read once as plain values."""
    for model in (Organisation, Employment, Tally):
        for _ in model.objects.values_list().iterator():
            pass


def measure(size: int) -> list[Figure]:
    municipality = Municipality.objects.get(is_fictional=True)
    methodist = Person.objects.get(email="methodist@demo.example")
    reports: list[Report] = []

    def build() -> None:
        report = order_report(municipality=municipality, year=SchoolYear.current(), by=methodist)
        if report.edition:
            report = rebuild_report(report=report, seen=report.edition, by=methodist)
        reports.append(report)
        job = run_inline(report.job)
        assert job.state == job.State.DONE, job.error

    floor = once(read)
    return [("annual report, three files", once(build), floor, "s")]
