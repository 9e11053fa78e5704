"""Evidence: added while its subject is open, never lost from under a point that rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from core.states import WrongState
from monitoring.models import Assessment, Decision, Evidence, IndicatorValue, Score

FIELDS: dict[type[models.Model], str] = {IndicatorValue: "value", Score: "score", Decision: "decision"}


@dataclass(frozen=True)
class NewEvidence:
    """One of the three: a record of the portal, a document (already checked by content), a link."""

    title: str
    record: models.Model | None = None
    document: UploadedFile | None = None
    url: str = ""
    why: str = ""  # the rule by which the portal proposed the record


@transaction.atomic
def add_evidence(*, subject: IndicatorValue | Score | Decision, new: NewEvidence, by: Any) -> Evidence:
    """Add evidence to a value, a score or a decision; a record that confirms it already is not added again.

    Raises WrongState when the subject is closed.
    """
    lock_open(subject)
    if new.record is not None and (same := _same(subject, new.record)):
        return same
    return attach(subject=subject, new=new, by=by)


def _same(subject: Any, record: models.Model) -> Evidence | None:
    kind = ContentType.objects.get_for_model(record)
    return subject.evidence.filter(record_type=kind, record_id=record.pk).first()


def attach(*, subject: IndicatorValue | Score | Decision, new: NewEvidence, by: Any) -> Evidence:
    """Write the row; the caller holds the subject open (`lock_open`)."""
    evidence = Evidence(title=new.title, why=new.why, added_by=by, **{FIELDS[type(subject)]: subject})
    if new.record is not None:
        evidence.record_type = ContentType.objects.get_for_model(new.record)
        evidence.record_id = new.record.pk
    elif new.document is not None:
        evidence.document, evidence.filename = new.document, (new.document.name or "")[-200:]
    else:
        evidence.url = new.url
    evidence.save()
    if isinstance(subject, Score):
        Score.objects.filter(pk=subject.pk).update(has_evidence=True)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: Any) -> None:
    """Take evidence away. Raises WrongState when its subject is closed or points would stay without any."""
    subject: Any = evidence.subject
    lock_open(subject)
    is_last = not subject.evidence.exclude(pk=evidence.pk).exists()
    if isinstance(subject, Score) and is_last:
        if Score.objects.filter(pk=subject.pk, points__gt=0).exists():
            raise WrongState(
                "Это единственное подтверждение балла. Сначала снимите балл или добавьте другое."
            )
        Score.objects.filter(pk=subject.pk).update(has_evidence=False)
    if evidence.document:
        name, storage = str(evidence.document.name), evidence.document.storage
        transaction.on_commit(lambda: storage.delete(name))
    evidence.delete()


def lock_open(subject: models.Model) -> None:
    """Hold the row on whose state it depends. Raises WrongState when it is accepted or checked."""
    holder: Any = subject.assessment if isinstance(subject, Score) else subject
    row: Any = type(holder)._default_manager.select_for_update(of=("self",)).get(pk=holder.pk)
    closed: dict[type[models.Model], list[Any]] = {
        IndicatorValue: [IndicatorValue.State.ACCEPTED],
        Assessment: [Assessment.State.ACCEPTED],
        Decision: [Decision.State.DONE, Decision.State.CHECKED, Decision.State.CANCELLED],
    }
    if row.state in closed[type(holder)]:
        raise WrongState(f"«{row}»: {row.get_state_display().lower()}, подтверждения больше не меняют.")
