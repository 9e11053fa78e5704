"""Indicators of a year side by side: value, target, last year, and the years before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.documents import Chart
from core.school_year import SchoolYear
from monitoring.models import Indicator, IndicatorSet, IndicatorValue, Unit, cell_of
from network.models import Municipality, Organisation


@dataclass(frozen=True)
class Line:
    """An indicator with its value this year and the last."""

    indicator: Indicator
    value: IndicatorValue | None
    before: IndicatorValue | None

    @property
    def target(self) -> str:
        return self.indicator.show(self.value.target if self.value else self.indicator.target)

    @property
    def text(self) -> str:
        return self.indicator.show(self.value.value if self.value else None)

    @property
    def before_text(self) -> str:
        return self.indicator.show(self.before.value if self.before else None)

    @property
    def reached(self) -> bool | None:
        return self.value.reached if self.value else None

    @property
    def share(self) -> float | None:
        """For the bar: shares alone have one."""
        if self.indicator.unit != Unit.PERCENT or self.value is None or self.value.value is None:
            return None
        return float(self.value.value)

    @property
    def waits(self) -> str:
        """What is to be done next, in words; empty when nothing is."""
        if self.value is None or self.value.value is None:
            return "нет данных" if self.indicator.is_computed else "внести значение"
        return "" if self.value.is_accepted else "принять"


def board(
    municipality: Municipality, year: SchoolYear, organisation: Organisation | None = None
) -> list[Line]:
    """Every indicator in force in the year; the values of the organisation when one is named. Three queries."""
    indicator_set = IndicatorSet.objects.in_force(municipality, year.start)
    if indicator_set is None:
        return []
    rows = (
        IndicatorValue.objects.filter(
            municipality=municipality, organisation=organisation, year__in=[year.start, year.start - 1]
        )
        .select_related("indicator")
        .defer("counted")
    )
    values = {(row.indicator.code, row.year): row for row in rows}
    return [
        Line(
            indicator,
            values.get((indicator.code, year.start)),
            values.get((indicator.code, year.start - 1)),
        )
        for indicator in indicator_set.indicators.all()
    ]


def trend_chart(indicator: Indicator, values: Iterable[IndicatorValue]) -> Chart | None:
    """The values over the years with the targets; None for less than two years or where there is nothing to draw."""
    rows = [row for row in values if row.value is not None]
    if len(rows) < 2 or indicator.unit == Unit.YES_NO:
        return None
    names = [str(SchoolYear(row.year)) for row in rows]
    series = [("Значение", [cell_of(indicator.unit, row.value) for row in rows])]
    if any(row.target is not None for row in rows):
        series.append(("Цель", [cell_of(indicator.unit, row.target) for row in rows]))
    words = "; ".join(f"{name}: {row.text}" for name, row in zip(names, rows, strict=True))
    return Chart("line", indicator.name, names, series, alt=f"Значения по учебным годам. {words}.")
