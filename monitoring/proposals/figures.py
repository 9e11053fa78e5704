"""Sources of evidence: surveys and their findings, reports, indicators, decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.school_year import SchoolYear
from diagnostics.models import Campaign, Finding
from monitoring.models import Decision, IndicatorValue, Report
from monitoring.proposals.source import Source, by_year, in_years, on_direction, one_of

YES = "yes"


class Surveys(Source):
    """Surveys that are over and from which at least one finding was drawn: without one they ground nothing."""

    name = "survey"
    title = "Опросы"
    model = Campaign
    newest = "closes_on"
    limits = {"audience": one_of("questionnaire__audience")}

    def standing(self) -> Q:
        found = Finding.objects.filter(campaign=OuterRef("pk"))
        return Q(Exists(found), state=Campaign.State.CLOSED)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return in_years("closes_on", first, last)

    def day(self, record: Campaign) -> dt.date:
        return record.closes_on


class Findings(Source):
    """Difficulties recognised as worth acting on. `answered`: with a support measure that stands, or without."""

    name = "finding"
    title = "Выводы диагностики"
    model = Finding
    related = ("direction", "organisation")
    newest = "created_at"
    limits = {
        "direction": on_direction,
        "answered": lambda given: _unanswered(negated=YES in given),
    }

    def standing(self) -> Q:
        return Q(campaign__isnull=True) | Q(campaign__state=Campaign.State.CLOSED)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return by_year("year", first, last)

    def day(self, record: Finding) -> dt.date:
        return timezone.localtime(record.created_at).date()

    def told(self, record: Finding) -> str:
        place = f", {record.organisation}" if record.organisation else ""
        return f"Вывод о затруднении: {record.direction}{place}"[:250]


def _unanswered(*, negated: bool) -> Q:
    found = Q(pk__in=Finding.objects.unanswered().order_by().values("pk"))
    return ~found if negated else found


class Reports(Source):
    """Accepted reports."""

    name = "report"
    title = "Отчёты мониторинга"
    model = Report
    heavy = ("snapshot",)
    newest = "accepted_on"

    def standing(self) -> Q:
        return Q(state=Report.State.ACCEPTED)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return by_year("year", first, last)

    def day(self, record: Report) -> dt.date | None:
        return record.accepted_on


class Indicators(Source):
    """Accepted values of the municipality as a whole; a zero or a «no» confirms nothing."""

    name = "indicator"
    title = "Значения показателей"
    model = IndicatorValue
    related = ("indicator",)
    heavy = ("counted",)
    newest = "year"
    limits = {"code": one_of("indicator__code")}

    def standing(self) -> Q:
        return Q(state=IndicatorValue.State.ACCEPTED, organisation__isnull=True, value__gt=0)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return by_year("year", first, last)

    def day(self, record: IndicatorValue) -> dt.date:
        return timezone.localtime(record.updated_at).date()

    def told(self, record: IndicatorValue) -> str:
        return f"{record.indicator} за {SchoolYear(record.year)}: {record.text}"[:250]


class Decisions(Source):
    """Management decisions that were carried out and checked. `basis`: the kind of record they rest on."""

    name = "decision"
    title = "Управленческие решения"
    model = Decision
    newest = "due_on"
    limits = {
        "basis": lambda given: Q(
            *(Q(**{f"{one}__isnull": False}) for one in given if one in ("report", "value", "finding")),
            _connector=Q.OR,
        )
    }

    def standing(self) -> Q:
        return Q(state=Decision.State.CHECKED)

    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        return by_year("year", first, last)

    def day(self, record: Decision) -> dt.date | None:
        return record.done_on

    def told(self, record: Any) -> str:
        return f"Решение: {record}"[:250]

    def is_gone(self, record: Decision) -> bool:
        return record.state == Decision.State.CANCELLED
