"""Self-assessment: points with evidence."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.school_year import SchoolYear
from core.states import WrongState, move
from monitoring.actions.evidence import NewEvidence, add_evidence, lock_open
from monitoring.models import Assessment, Column, Framework, Row, Score
from network.models import Municipality


@transaction.atomic
def begin_assessment(
    *, municipality: Municipality, year: SchoolYear, framework: Framework, by: Any
) -> Assessment:
    """The assessment of the year by the framework: pressed twice, the same one."""
    assessment, _ = Assessment.objects.get_or_create(
        municipality=municipality, year=year.start, framework=framework
    )
    return assessment


@transaction.atomic
def set_score(
    *,
    assessment: Assessment,
    row: Row,
    column: Column,
    points: int,
    by: Any,
    note: str = "",
    new: NewEvidence | None = None,
) -> Score:
    """Give points for one cell, with new evidence if there is any.

    Raises WrongState when the assessment is accepted, the points are more than the column allows, or points
    above zero would stand without evidence.
    """
    if row.position_id != column.position_id:
        raise ValueError("The row and the column are of different positions")
    if not 0 <= points <= column.max_points:
        raise WrongState(f"Здесь можно поставить от 0 до {column.max_points}.")
    score, _ = Score.objects.get_or_create(assessment=assessment, row=row, column=column)
    lock_open(score)
    if new is not None:
        add_evidence(subject=score, new=new, by=by)
    has_evidence = score.evidence.exists()
    if points and not has_evidence:
        raise WrongState(
            "Балл выше нуля нужно подтвердить: выберите запись портала, приложите документ или ссылку."
        )
    Score.objects.filter(pk=score.pk).update(points=points, note=note, has_evidence=has_evidence)
    score.refresh_from_db()
    return score


def accept_assessment(*, assessment: Assessment, by: Any) -> Assessment:
    """Freeze points and evidence. Raises WrongState, naming the cells, when points have no evidence that stands."""
    if not assessment.is_accepted and (bare := assessment.unconfirmed()):
        cells = ", ".join(f"{score.row.code} ({score.column.title.lower()})" for score in bare)
        raise WrongState(f"Принять нельзя: балл больше ничем не подтверждён – {cells}.")
    return move(assessment, "accept", by=by)
