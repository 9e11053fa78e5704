"""Saving a staff import: in bulk, with audit entries, and the invitations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core import search
from core.imports.audit import log_changed, log_created
from network.invitations import invite_all
from network.models import Employment, Person, Subject

PERSONAL = ("last_name", "first_name", "patronymic", "email", "phone", "category", "service_since")
_WORK = ("person_id", "organisation_id", "role", "position", "subject_id")
_BATCH = 200
Changes = Sequence[tuple[Any, dict[str, tuple[Any, Any]]]]


def write_staff(targets: Sequence[Any], *, by: Any, invite: bool) -> None:
    """Save new and changed people and places of work, in the caller's transaction."""
    _add_subjects(targets)
    people = list({id(target.person): target.person for target in targets}.values())
    new = [person for person in people if person.pk is None]
    for person in new:
        person.set_unusable_password()
    Person.objects.bulk_create(new, batch_size=_BATCH)
    log_created(new, fields=PERSONAL, by=by)
    changed = [(target.person, target.personal) for target in targets if target.personal]
    _change(Person, changed, PERSONAL, by=by)
    _employ(targets, by=by)
    search.index(new + [person for person, _ in changed])
    if invite:
        invite_all(people, by=by)


def _employ(targets: Sequence[Any], *, by: Any) -> None:
    new = [target for target in targets if target.employment.pk is None]
    for target in new:
        target.employment.person = target.person
    jobs = [target.employment for target in new]
    Employment.objects.bulk_create(jobs, batch_size=_BATCH)
    log_created(jobs, fields=_WORK, by=by)
    changed = [(target.employment, target.work) for target in targets if target.work]
    for job, parts in changed:
        for part, (_, value) in parts.items():
            setattr(job, part, value)
    _change(Employment, changed, ("position", "subject"), by=by)


def _add_subjects(targets: Iterable[Any]) -> None:
    """Make the subjects that rows name and the dictionary lacks, and put them into the places of work."""
    targets = [target for target in targets if target.subject]
    names = {target.subject.lower(): target.subject for target in targets}
    subjects = Subject.objects.bulk_create([Subject(name=name) for name in names.values()])
    made = dict(zip(names, subjects, strict=True))
    for target in targets:
        subject = made[target.subject.lower()]
        if target.employment.pk is None:
            target.employment.subject = subject
        else:
            target.work["subject"] = (target.work["subject"][0], subject)


def _change(model: Any, changes: Changes, fields: Sequence[str], *, by: Any) -> None:
    unique = list({obj.pk: obj for obj, _ in changes}.values())
    model.objects.bulk_update(unique, fields, batch_size=_BATCH)
    log_changed(changes, by=by)
