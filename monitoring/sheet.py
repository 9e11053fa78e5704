"""An assessment as the table people read: positions, lines, cells with points, evidence and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Prefetch

from monitoring.models import Assessment, Column, Evidence, Position, Row, Score
from monitoring.proposals.found import Proposals
from network.models import Person


@dataclass(frozen=True)
class Cell:
    """One cell: what it is for, the points given (0 when nothing is), the evidence.

    `proposed`: records of the portal that wait for a person to say whether they confirm it.
    """

    row: Row
    column: Column
    score: Score | None = None
    evidence: list[Evidence] = field(default_factory=list)
    proposed: int = 0

    @property
    def points(self) -> int:
        """Points as they count: negative in a column that takes off."""
        return self.score.points * self.column.sign if self.score else 0

    @property
    def missing(self) -> int:
        """Points that could still be got."""
        best = self.column.max_points if self.column.sign > 0 else 0
        return best - self.points

    @property
    def standing(self) -> list[Evidence]:
        """Evidence whose record was not cancelled since."""
        return [one for one in self.evidence if not one.trouble]

    @property
    def is_unconfirmed(self) -> bool:
        """Points stand, and all that confirmed them was cancelled."""
        return bool(self.score and self.score.points and not self.standing)


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
    def cells(self) -> list[Cell]:
        return [cell for line in self.lines for cell in line.cells]

    @property
    def proposed(self) -> int:
        """Cells for which something is proposed."""
        return sum(1 for cell in self.cells if cell.proposed)

    @property
    def unconfirmed(self) -> int:
        """Cells whose points have lost everything that confirmed them."""
        return sum(1 for cell in self.cells if cell.is_unconfirmed)

    @property
    def evidence(self) -> list[Evidence]:
        return [one for line in self.lines for cell in line.cells for one in cell.evidence]


def cells_of(positions: list[Position]) -> list[tuple[Row, Column]]:
    """Every cell of the positions, whose rows and columns are fetched already."""
    return [
        (row, column)
        for position in positions
        for row in position.rows.all()
        for column in position.columns.all()
    ]


def positions_of(assessment: Assessment) -> list[Position]:
    """Positions of the framework with rows and columns, by three queries."""
    positions = Position.objects.filter(section__framework=assessment.framework_id)
    return list(
        positions.select_related("section")
        .prefetch_related("rows", "columns")
        .order_by("section__order", "order")
    )


def sheet_of(assessment: Assessment, person: Person | None = None) -> Sheet:
    """Read the table by a fixed number of queries; with what the portal proposes when a `person` looks.

    An accepted assessment is frozen: nothing is proposed for it any more.
    """
    positions = positions_of(assessment)
    proofs = Prefetch("evidence", Evidence.objects.with_records())
    scores = {(score.row_id, score.column_id): score for score in assessment.scores.prefetch_related(proofs)}
    waiting: dict[tuple[int, int], int] = {}
    if person is not None and not assessment.is_accepted:
        waiting = Proposals(assessment, person).counts(cells_of(positions))

    def cell(row: Row, column: Column) -> Cell:
        score = scores.get((row.pk, column.pk))
        evidence = list(score.evidence.all()) if score else []
        return Cell(row, column, score, evidence, waiting.get((row.pk, column.pk), 0))

    def line(row: Row, columns: list[Column]) -> Line:
        return Line(row, [cell(row, column) for column in columns])

    return Sheet(
        assessment,
        [
            (position, [line(row, list(position.columns.all())) for row in position.rows.all()])
            for position in positions
        ],
    )
