"""What is shipped as data: the indicator set after seed 004 and section 2.2 of the self-assessment."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from monitoring.models import (
    Column,
    Framework,
    Indicator,
    IndicatorSet,
    Position,
    ProposalRule,
    Row,
    Section,
)

FOLDER = Path(__file__).parent


def install_dictionaries() -> None:
    """Install every shipped version that is not there yet; an installed version is never changed."""
    for path in sorted(FOLDER.glob("indicators_*.json")):
        install_indicators(json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(FOLDER.glob("framework_*.json")):
        install_framework(json.loads(path.read_text(encoding="utf-8")))


@transaction.atomic
def install_indicators(data: dict[str, Any]) -> IndicatorSet:
    """One version of a set with the passports of its indicators."""
    indicator_set, created = IndicatorSet.objects.get_or_create(
        code=data["code"],
        year=data["year"],
        municipality=None,
        defaults={"title": data["title"], "basis": data["basis"]},
    )
    if created:
        Indicator.objects.bulk_create(
            Indicator(set=indicator_set, position=position, **_passport(row))
            for position, row in enumerate(data["indicators"], 1)
        )
    return indicator_set


def _passport(row: dict[str, Any]) -> dict[str, Any]:
    target = row.get("target")
    return {**row, "target": None if target is None else Decimal(str(target))}


@transaction.atomic
def install_framework(data: dict[str, Any]) -> Framework:
    """One version of a framework with its sections, positions, rows, columns and rules of proposals."""
    framework, created = Framework.objects.get_or_create(
        code=data["code"],
        version=data["version"],
        municipality=None,
        defaults={"title": data["title"], "basis": data["basis"]},
    )
    if not created:
        return framework
    for order, section_data in enumerate(data["sections"], 1):
        section = Section.objects.create(
            framework=framework, code=section_data["code"], title=section_data["title"], order=order
        )
        for place, position_data in enumerate(section_data["positions"], 1):
            _position(section, place, position_data)
    return framework


def _position(section: Section, place: int, data: dict[str, Any]) -> None:
    parts = {name: data.get(name, []) for name in ("rows", "columns", "proposals")}
    plain = {name: value for name, value in data.items() if name not in parts}
    position = Position.objects.create(section=section, order=place, **plain)
    rows = Row.objects.bulk_create(
        Row(position=position, order=n, **row) for n, row in enumerate(parts["rows"], 1)
    )
    columns = Column.objects.bulk_create(
        Column(position=position, order=n, **column) for n, column in enumerate(parts["columns"], 1)
    )
    ProposalRule.objects.bulk_create(
        _rules(
            position, parts["proposals"], {row.code: row for row in rows}, {one.code: one for one in columns}
        )
    )


def _rules(
    position: Position, data: list[dict[str, Any]], rows: dict[str, Row], columns: dict[str, Column]
) -> list[ProposalRule]:
    """A rule for each row and column it names; one that names none is for every row, every column."""
    return [
        ProposalRule(
            position=position,
            row=rows[row] if row else None,
            column=columns[column] if column else None,
            source=rule["source"],
            only=rule.get("only", {}),
            why=rule["why"],
            order=order,
        )
        for order, rule in enumerate(data, 1)
        for row in rule.get("rows", [""])
        for column in rule.get("columns", [""])
    ]
