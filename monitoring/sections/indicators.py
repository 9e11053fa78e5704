"""Indicators: value, target, last year, whether the target is reached."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from core.documents import Chart, Column, Group, Paragraph, Table
from core.documents.content import Block
from core.documents.values import Cell, Text
from core.school_year import SchoolYear
from monitoring.computed import Scope
from monitoring.models import Indicator, IndicatorSet, IndicatorValue, Unit, cell_of, target_reached
from monitoring.sections.section import Data, Section, address, linked

TITLES = {Indicator.Kind.PROCESS: "Показатели процесса", Indicator.Kind.RESULT: "Показатели результата"}
ON_A_PICTURE = 12  # three bars each: half a sheet, read without turning pages
REACHED = {True: "да", False: "нет", None: ""}


class IndicatorsSection(Section):
    key = "indicators"
    title = "Показатели эффективности сети"

    def collect(self, scope: Scope) -> Data:
        indicator_set = IndicatorSet.objects.in_force(scope.municipality, scope.year.start)
        if indicator_set is None:
            return {"set": "", "year": scope.year.start, "rows": []}
        now, before = _values(scope, scope.year.start), _values(scope, scope.year.previous.start)
        return {
            "set": str(indicator_set),
            "basis": indicator_set.basis,
            "year": scope.year.start,
            "municipality": scope.municipality.pk,
            "rows": [
                _row(indicator, now.get(indicator.code), before.get(indicator.code))
                for indicator in indicator_set.indicators.all()
            ],
        }

    def headline(self, data: Data) -> list[Text]:
        asked = [row for row in data["rows"] if row["reached"] is not None]
        if not asked:
            return []
        return [
            f"Целевые значения достигнуты по {sum(r['reached'] for r in asked)} из {len(asked)} показателей."
        ]

    def blocks(self, data: Data) -> list[Block]:
        if not data["rows"]:
            return [Paragraph("Набор показателей для этого года не установлен.")]
        return [Paragraph(f"{data['set']}. {data['basis']}."), _table(data), *_chart(data)]


def _values(scope: Scope, year: int) -> dict[str, IndicatorValue]:
    """Values of the municipality by the code of the indicator: codes live longer than sets."""
    rows = IndicatorValue.objects.of_municipality(scope.municipality).filter(year=year)
    return {row.indicator.code: row for row in rows.select_related("indicator").defer("counted")}


def _row(indicator: Indicator, now: IndicatorValue | None, before: IndicatorValue | None) -> dict[str, Any]:
    target = now.target if now else indicator.target
    value = now.value if now else None
    return {
        "code": indicator.code,
        "name": indicator.name,
        "kind": indicator.kind,
        "unit": indicator.unit,
        "value": _number(value),
        "numerator": now.numerator if now else None,
        "denominator": now.denominator if now else None,
        "target": _number(target),
        "before": _number(before.value if before else None),
        "reached": target_reached(indicator.good, value, target),
        "state": now.get_state_display() if now and value is not None else "",
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _table(data: Data) -> Table:
    year = SchoolYear(data["year"])
    columns = [
        Column("Показатель"),
        Column(str(year), "right", width=10),
        Column("Посчитано", "right", width=14),
        Column("Цель", "right", width=8),
        Column(str(year.previous), "right", width=10),
        Column("Достигнута?", width=12),
    ]
    rows: list[Group | list[Cell]] = []
    for kind, title in TITLES.items():
        rows.append(Group(title))
        rows += [_line(row, data) for row in data["rows"] if row["kind"] == kind]
    note = "Значения со ссылкой открывают записи, по которым посчитаны. «–»: значение не внесено."
    return Table("Показатели процесса и результата", columns, rows, note=note)


def _line(row: Data, data: Data) -> list[Cell]:
    url = address("monitoring:indicator", row["code"], year=data["year"], municipality=data["municipality"])
    counted = f"{row['numerator']} из {row['denominator']}" if row["denominator"] else None
    return [
        row["name"],
        linked(cell_of(row["unit"], row["value"]), url),
        counted,
        cell_of(row["unit"], row["target"]),
        cell_of(row["unit"], row["before"]),
        REACHED[row["reached"]],
    ]


def _chart(data: Data) -> list[Block]:
    rows = [row for row in data["rows"] if row["unit"] == Unit.PERCENT and row["value"] is not None]
    if not rows:
        return []
    series = [
        (str(SchoolYear(data["year"])), "value"),
        ("Цель", "target"),
        (str(SchoolYear(data["year"]).previous), "before"),
    ]
    known = [(name, key) for name, key in series if any(row[key] is not None for row in rows)]
    parts = math.ceil(len(rows) / ON_A_PICTURE)
    size = math.ceil(len(rows) / parts)  # pictures of much the same height
    return [
        _picture(
            rows[part * size : (part + 1) * size], known, f" ({part + 1} из {parts})" if parts > 1 else ""
        )
        for part in range(parts)
    ]


def _picture(rows: list[Data], series: list[tuple[str, str]], which: str) -> Chart:
    words = "; ".join(f"{row['name']}: {Decimal(row['value']) * 100:.0f} %" for row in rows)
    return Chart(
        "bar",
        f"Доли: значение, цель, прошлый год{which}",
        [row["name"] for row in rows],
        [(name, [cell_of(Unit.PERCENT, row[key]) for row in rows]) for name, key in series],
        alt=f"Значения показателей-долей рядом с целью и прошлым годом. {words}.",
        with_table=False,
    )
