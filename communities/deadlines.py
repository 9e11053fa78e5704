"""By when a community hands in its plan and its report of a school year: settings of the municipality."""

from __future__ import annotations

import datetime as dt

from communities.models import Community
from core.school_year import SchoolYear
from network.models import Municipality

# So long before its day the report of the running year is asked for: by default from the first of May.
ASKED_BEFORE = dt.timedelta(days=45)


# Who was founded within the year has so long to plan: the founding order says «в течение месяца».
TO_PLAN = dt.timedelta(days=30)


def plan_due_of(community: Community, year: SchoolYear) -> dt.date:
    """The day of the municipality, or a month after the community was founded, whichever is later."""
    return max(plan_due(year, community.municipality), community.starts_on + TO_PLAN)


def plan_due(year: SchoolYear, municipality: Municipality) -> dt.date:
    """By default the first of October, when the municipal plan is in force; a day of July or August is before the year."""
    day, month = _parts(municipality.plan_due)
    return dt.date(year.start if month >= 7 else year.start + 1, month, day)


def report_due(year: SchoolYear, municipality: Municipality) -> dt.date:
    """By default the middle of June: in time for the annual report and the decisions of the authority (seed 004)."""
    day, month = _parts(municipality.report_due)
    return dt.date(year.start + 1, month, day)


def year_to_report(today: dt.date, municipality: Municipality) -> SchoolYear:
    """The school year whose report is asked for now: the running one when its day is near, before it the last one."""
    year = SchoolYear.of(today)
    return year if today >= report_due(year, municipality) - ASKED_BEFORE else year.previous


def _parts(written: str) -> tuple[int, int]:
    day, month = written.split(".")
    return int(day), int(month)
