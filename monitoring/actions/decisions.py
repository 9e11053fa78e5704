"""Management decisions: given, carried out with evidence, checked; those concerned get letters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction

from core.letters import queue_letter
from core.search import index
from core.states import history, move
from monitoring.actions.evidence import NewEvidence, add_evidence
from monitoring.models import AddresseeRole, Decision
from network.models import Employment, Person, Role


@transaction.atomic
def write_decision(*, decision: Decision, by: Any) -> Decision:
    """Save a draft."""
    if decision.pk is None:
        decision.created_by = by
    decision.save()
    index([decision])
    return decision


@transaction.atomic
def assign(*, decision: Decision, by: Any) -> Decision:
    """Give the decision to its addressee."""
    decision = move(decision, "assign", by=by)
    _tell(decision, addressees(decision), "Вам дано решение к исполнению", "decision_assigned", by)
    return decision


@transaction.atomic
def complete(
    *, decision: Decision, result: str, done_on: dt.date, by: Any, new: NewEvidence | None
) -> Decision:
    """Say that it is done; raises WrongState without evidence, old or new."""
    if new is not None:
        add_evidence(subject=decision, new=new, by=by)
    decision = move(decision, "complete", by=by, result=result, done_on=done_on)
    _tell(decision, _author(decision), "Решение исполнено и ждёт проверки", "decision_done", by)
    return decision


@transaction.atomic
def give_back(*, decision: Decision, reason: str, by: Any) -> Decision:
    """The check found it is not done."""
    decision = move(decision, "give_back", by=by, reason=reason)
    _tell(decision, addressees(decision), "Решение возвращено на исполнение", "decision_returned", by, reason)
    return decision


@transaction.atomic
def check(*, decision: Decision, effect: str, by: Any) -> Decision:
    """Agree that it is done and say what it gave."""
    decision = move(decision, "check_done", by=by, effect=effect)
    _tell(decision, addressees(decision), "Исполнение решения проверено", "decision_checked", by)
    return decision


@transaction.atomic
def cancel(*, decision: Decision, reason: str, by: Any) -> Decision:
    """No longer needed; those who were working on it are told."""
    was_open = decision.is_open
    decision = move(decision, "cancel", by=by, reason=reason)
    if was_open:
        _tell(decision, addressees(decision), "Решение отменено", "decision_cancelled", by, reason)
    return decision


def addressees(decision: Decision) -> list[Person]:
    """The people who get the letters: named, or heads of the organisation, or all of the role."""
    if decision.person:
        return [decision.person]
    jobs = Employment.objects.in_force().filter(person__is_active=True)
    if decision.organisation_id:
        jobs = jobs.filter(organisation=decision.organisation_id, role=Role.HEAD)
    else:
        role = {
            AddresseeRole.HEADS: Role.HEAD,
            AddresseeRole.METHODISTS: Role.METHODIST,
            AddresseeRole.OFFICIALS: Role.OFFICIAL,
        }[AddresseeRole(decision.role)]
        jobs = jobs.filter(organisation__municipality=decision.municipality_id, role=role)
    return list(Person.objects.filter(pk__in=jobs.values("person")))


def _author(decision: Decision) -> list[Person]:
    return [decision.created_by] if decision.created_by else []


def _tell(
    decision: Decision, people: list[Person], subject: str, template: str, by: Any, reason: str = ""
) -> None:
    step = history(decision).count()
    for person in people:
        if not person.email or person == by:
            continue
        queue_letter(
            key=f"decision:{decision.pk}:{step}:{person.pk}",
            to=person.email,
            subject=f"{subject}: срок {decision.due_on:%d.%m.%Y}",
            template=template,
            context={
                "decision": decision,
                "name": person.get_short_name(),
                "reason": reason,
                "url": f"{settings.SITE_URL}{decision.get_absolute_url()}",
            },
        )
