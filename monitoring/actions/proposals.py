"""Evidence that the portal proposed: a person accepts it, or says that it does not fit. Points never change here."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from monitoring.actions.evidence import NewEvidence, attach, lock_open
from monitoring.models import Assessment, Column, Refusal, Row, Score
from monitoring.proposals.found import Proposals, key_of


@transaction.atomic
def accept_proposals(*, assessment: Assessment, row: Row, column: Column, keys: set[str], by: Any) -> int:
    """Make evidence of the ticked records that are still proposed; returns how many. Pressed twice, each is there once.

    Raises WrongState when the assessment is accepted already.
    """
    score = _open_score(assessment, row, column)
    chosen = Proposals(assessment, by).chosen(row, column, keys)
    for one in chosen:
        new = NewEvidence(title=one.title, record=one.record, why=one.rule.why)
        attach(subject=score, new=new, by=by)
    return len(chosen)


@transaction.atomic
def refuse_proposals(*, assessment: Assessment, row: Row, column: Column, keys: set[str], by: Any) -> int:
    """Remember that the ticked records do not fit this cell: they are not proposed again. Returns how many.

    Raises WrongState when the assessment is accepted already.
    """
    score = _open_score(assessment, row, column)
    chosen = Proposals(assessment, by).chosen(row, column, keys)
    for one in chosen:
        kind = ContentType.objects.get_for_model(one.record)
        Refusal.objects.create(score=score, record_type=kind, record_id=one.record.pk, by=by)
    return len(chosen)


@transaction.atomic
def restore_proposals(*, assessment: Assessment, row: Row, column: Column, keys: set[str], by: Any) -> int:
    """Take refusals back: the records are proposed again, if they still stand. Returns how many.

    Raises WrongState when the assessment is accepted already.
    """
    score = _open_score(assessment, row, column)
    refused = score.refusals.with_records()
    back = [one for one in refused if one.record is not None and key_of(one.record) in keys]
    for one in back:
        one.delete()
    return len(back)


def _open_score(assessment: Assessment, row: Row, column: Column) -> Score:
    """The cell, held until the end of the transaction: two people who press at once take turns."""
    if row.position_id != column.position_id:
        raise ValueError("The row and the column are of different positions")
    lock_open(assessment)
    return Score.objects.get_or_create(assessment=assessment, row=row, column=column)[0]
