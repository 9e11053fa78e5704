"""An assessment as the table people read: positions, lines, cells with points, evidence and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitoring.models import Assessment, Column, Evidence, Position, Row, Score


@dataclass(frozen=True)
class Cell:
    """One cell: what it is for, the points given (0 when nothing is), the evidence."""

    row: Row
    column: Column
    score: Score | None = None
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Points as they count: negative in a column that takes off."""
        return self.score.points * self.column.sign if self.score else 0

    @property
    def missing(self) -> int:
        """Points that could still be got."""
        best = self.column.max_points if self.column.sign > 0 else 0
        return best - self.points


@dataclass(frozen=True)
class Line:
    row: Row
    cells: list[Cell]

    @property
    def total(self) -> int:
        return sum(cell.points for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """The whole table of one assessment."""

    assessment: Assessment
    positions: list[tuple[Position, list[Line]]]

    @property
    def lines(self) -> list[Line]:
        return [line for _, lines in self.positions for line in lines]

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def maximum(self) -> int:
        return sum(
            cell.column.max_points for line in self.lines for cell in line.cells if cell.column.sign > 0
        )

    @property
    def evidence(self) -> list[Evidence]:
        return [one for line in self.lines for cell in line.cells for one in cell.evidence]


def sheet_of(assessment: Assessment) -> Sheet:
    """Read the table by a fixed number of queries."""
    positions = Position.objects.filter(section__framework=assessment.framework_id)
    positions = (
        positions.select_related("section")
        .prefetch_related("rows", "columns")
        .order_by("section__order", "order")
    )
    scores = {
        (score.row_id, score.column_id): score
        for score in assessment.scores.prefetch_related(
            "evidence", "evidence__record_type", "evidence__record"
        )
    }

    def cell(row: Row, column: Column) -> Cell:
        score = scores.get((row.pk, column.pk))
        return Cell(row, column, score, list(score.evidence.all()) if score else [])

    return Sheet(
        assessment,
        [
            (
                position,
                [
                    Line(row, [cell(row, column) for column in position.columns.all()])
                    for row in position.rows.all()
                ],
            )
            for position in positions
        ],
    )
