"""By when a community hands in its plan and its report of a school year."""

from __future__ import annotations

import datetime as dt

from core.school_year import SchoolYear


def plan_due(year: SchoolYear) -> dt.date:
    """The first of October, when the municipal plan is in force."""
    return dt.date(year.start, 10, 1)


def report_due(year: SchoolYear) -> dt.date:
    """The middle of June: in time for the annual report and the decisions of the authority (seed 004)."""
    return dt.date(year.start + 1, 6, 15)


def year_to_report(today: dt.date) -> SchoolYear:
    """The school year whose report is asked for now: from May on the running one, before it the last one."""
    year = SchoolYear.of(today)
    return year if today.month in (5, 6, 7, 8) else year.previous
