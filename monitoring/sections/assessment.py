"""Self-assessment: points of each line, what confirms them, what is missing to the maximum."""

from __future__ import annotations

from typing import Any

from core.documents import Column, Group, Link, Paragraph, Table
from core.documents.content import Block
from core.documents.values import Text
from monitoring.computed import Scope
from monitoring.models import Assessment
from monitoring.sections.section import Data, Section, linked, many, unbroken
from monitoring.sheet import Line, Sheet, sheet_of

CONFIRMATIONS = "подтверждение,подтверждения,подтверждений"


class AssessmentSection(Section):
    key = "assessment"
    title = "Самооценка механизмов управления, раздел 2.2"

    def collect(self, scope: Scope) -> Data:
        rows = Assessment.objects.filter(municipality=scope.municipality, year=scope.year.start)
        assessments = rows.select_related("framework").order_by("pk")
        return {"assessments": [assessment_data(sheet_of(assessment)) for assessment in assessments]}

    def headline(self, data: Data) -> list[Text]:
        return [
            [
                f"Самооценка «{one['framework']}»: ",
                Link(_of_maximum(one), one["url"]),
                f", {many(one['confirmations'], CONFIRMATIONS)}.",
            ]
            for one in data["assessments"]
        ]

    def blocks(self, data: Data) -> list[Block]:
        if not data["assessments"]:
            return [Paragraph("Самооценка за этот учебный год ещё не начата.")]
        return [block for one in data["assessments"] for block in assessment_blocks(one)]


def assessment_data(sheet: Sheet) -> Data:
    """An assessment as plain JSON."""
    return {
        "framework": sheet.assessment.framework.title,
        "basis": sheet.assessment.framework.basis,
        "state": sheet.assessment.get_state_display(),
        "url": sheet.assessment.get_absolute_url(),
        "total": sheet.total,
        "maximum": sheet.maximum,
        "confirmations": sum(_standing(line) for line in sheet.lines),
        "gone": sum(1 for one in sheet.evidence if one.trouble),
        "positions": [
            {
                "title": f"{position.section.code}. {position.title}",
                "stem": position.stem,
                "columns": [column.title for column in position.columns.all()],
                "rows": [_row(line) for line in lines],
            }
            for position, lines in sheet.positions
        ],
    }


def _row(line: Line) -> Data:
    return {
        "code": line.row.code,
        "text": line.row.text,
        "points": [cell.points for cell in line.cells],
        "total": line.total,
        "confirmations": _standing(line),
        "missing": [f"{cell.column.title}: {cell.missing}" for cell in line.cells if cell.missing],
        "evidence": _distinct(line),
    }


def _standing(line: Line) -> int:
    """How many different things confirm the line, without those cancelled since."""
    return sum(1 for proof in _distinct(line) if not proof["trouble"])


def _distinct(line: Line) -> list[Data]:
    """What confirms the line, once each: one act often confirms several points."""
    every = {
        (evidence.title, evidence.get_absolute_url(), evidence.kind_words, evidence.trouble): None
        for cell in line.cells
        for evidence in cell.evidence
    }
    return [dict(zip(("title", "url", "kind", "trouble"), one, strict=True)) for one in every]


def assessment_blocks(one: Data) -> list[Block]:
    """The table of points and the table of what confirms them."""
    blocks: list[Block] = [Paragraph(f"{one['framework']}. {one['basis']}.")]
    for position in one["positions"]:
        blocks += [_points(position, one["url"]), _evidence(position)]
    words = f"Итого: {_of_maximum(one)}, {many(one['confirmations'], CONFIRMATIONS)}."
    if one["gone"]:
        gone = many(one["gone"], "запись,записи,записей")
        words += f" Отменено после того, как их приняли в подтверждение: {gone}; они не посчитаны."
    return [*blocks, Paragraph(words)]


def _of_maximum(one: Data) -> str:
    """«15 из 21 балла»."""
    return f"{one['total']} из {many(one['maximum'], 'балла,баллов,баллов')}"


def _points(position: Data, url: str) -> Table:
    columns = [
        Column("Код", width=10),
        Column(position["stem"] or "Строка", width=52),
        *(Column(title, "right", width=13) for title in position["columns"]),
        Column("Всего", "right", width=7),
    ]
    rows: list[list[Any]] = [
        [row["code"], row["text"], *row["points"], linked(row["total"], url)] for row in position["rows"]
    ]
    sums = [sum(row["points"][n] for row in position["rows"]) for n in range(len(position["columns"]))]
    rows.append(["Итого", "по всем строкам", *sums, sum(row["total"] for row in position["rows"])])
    return Table(f"{position['title']}: баллы", columns, rows, total=True)


def _evidence(position: Data) -> Table:
    rows: list[Any] = []
    for row in position["rows"]:
        count = many(row["confirmations"], CONFIRMATIONS) if row["confirmations"] else "подтверждений нет"
        rows.append(Group(f"{row['code']}: {count}"))
        rows += [
            [linked(unbroken(proof["title"]), proof["url"]), proof["trouble"] or proof["kind"]]
            for proof in row["evidence"]
        ]
    return Table(
        f"{position['title']}: чем подтверждены баллы",
        [Column("Подтверждение", width=60), Column("Что это", width=18)],
        rows,
        note="Что подтверждает несколько целей, названо и посчитано при каждой.",
    )
