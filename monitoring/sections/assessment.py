"""Self-assessment: points of each line, what confirms them, what is missing to the maximum."""

from __future__ import annotations

from typing import Any

from core.documents import Column, Heading, Link, List, Paragraph, Table
from core.documents.content import Block
from core.documents.values import Text
from monitoring.computed import Scope
from monitoring.models import Assessment
from monitoring.sections.section import Data, Section, linked, many
from monitoring.sheet import Line, Sheet, sheet_of


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
                Link(f"{one['total']} из {one['maximum']}", one["url"]),
                f" баллов, {many(one['confirmations'], 'подтверждение,подтверждения,подтверждений')}.",
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
        "confirmations": sum(len(cell.standing) for cell in sheet.cells),
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
        "confirmations": sum(len(cell.standing) for cell in line.cells),
        "missing": [f"{cell.column.title}: {cell.missing}" for cell in line.cells if cell.missing],
        "evidence": _distinct(line),
    }


def _distinct(line: Line) -> list[Data]:
    """What confirms the line, once each: one act often confirms several points."""
    every = {
        (evidence.title, evidence.get_absolute_url(), evidence.trouble): None
        for cell in line.cells
        for evidence in cell.evidence
    }
    return [{"title": title, "url": url, "trouble": trouble} for title, url, trouble in every]


def assessment_blocks(one: Data) -> list[Block]:
    """The table of points and the list of what confirms them."""
    blocks: list[Block] = [Paragraph(f"{one['framework']}. {one['basis']}.")]
    for position in one["positions"]:
        columns = [
            Column("Код", width=10),
            Column(position["stem"] or "Строка", width=48),
            *(Column(title, "right", width=12) for title in position["columns"]),
            Column("Всего", "right", width=7),
            Column("Подтверждений", "right", width=13),
        ]
        rows: list[list[Any]] = [
            [row["code"], row["text"], *row["points"], linked(row["total"], one["url"]), row["confirmations"]]
            for row in position["rows"]
        ]
        sums = [sum(row["points"][n] for row in position["rows"]) for n in range(len(position["columns"]))]
        totals = [sum(row[name] for row in position["rows"]) for name in ("total", "confirmations")]
        rows.append(["Итого", "по всем строкам", *sums, *totals])
        blocks += [
            Table(f"{position['title']}: баллы", columns, rows, total=True),
            Heading(3, "Чем подтверждено"),
            *_evidence(position["rows"]),
        ]
    blocks.append(Paragraph(f"Итого: {one['total']} из {one['maximum']} баллов."))
    if one["gone"]:
        blocks.append(
            Paragraph(
                f"Отменены записи, которые служили подтверждением: {one['gone']}. Среди подтверждений они не посчитаны."
            )
        )
    return blocks


def _evidence(rows: list[Data]) -> list[Block]:
    lines: list[Text] = []
    for row in rows:
        parts: list[Any] = [f"{row['code']}: "]
        for number, evidence in enumerate(row["evidence"]):
            parts += [", " if number else "", linked_text(evidence)]
        if not row["evidence"]:
            parts.append("подтверждений нет")
        lines.append([part for part in parts if part != ""])
    return [List(lines)]


def linked_text(evidence: Data) -> str | Link:
    title = f"{evidence['title']} ({evidence['trouble']})" if evidence["trouble"] else evidence["title"]
    return Link(title, evidence["url"]) if evidence["url"] else title
