"""What changes people and organisations: keyword-only, atomic, `by` the person who does it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import search
from network.access import roles_to_give
from network.invitations import invite
from network.models import Consent, ConsentDocument, Employment, Organisation, Person


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: Person) -> Organisation:
    """Save a new or changed organisation and let search know."""
    organisation.save()
    search.index([organisation])
    return organisation


@transaction.atomic
def save_person(*, person: Person, by: Person) -> Person:
    """Save a changed person and let search know."""
    person.save()
    search.index([person])
    return person


@transaction.atomic
def employ(*, employment: Employment, person: Person, by: Person, invited: bool = False) -> Employment:
    """Employ a person (new when without an id) in a role; the e-mail names the person, so the same one is found.

    Raises PermissionDenied when `by` gives no such role there; ValidationError (Russian) when the person works
    already in the role, or works where `by` keeps no staff: then that place's methodist is asked.
    """
    if employment.role not in roles_to_give(by, employment.organisation):
        raise PermissionDenied("Эту роль в этой организации назначают другие.")
    known = Person.objects.filter(email=person.email).first() if person.email else None
    if known is not None:
        _may_be_taken(known, by)
        person = known
    else:
        person.set_unusable_password()
        person.save()
    employment.person = person
    try:
        with transaction.atomic():
            employment.save()
    except IntegrityError as error:
        raise ValidationError("Этот человек уже работает здесь в этой роли.") from error
    search.index([person])
    if invited and person.email:
        invite(person=person, by=by)
    return employment


def _may_be_taken(person: Person, by: Person) -> None:
    now = Employment.objects.in_force().filter(person=person)
    kept = now.visible_to(by).count() if by.pk != person.pk else 0
    if person.is_superuser or now.count() > kept:
        raise ValidationError(
            {"email": "Человек с этой почтой работает в другом месте. Попросите методиста муниципалитета."}
        )


@transaction.atomic
def end_employment(*, employment: Employment, last_day: dt.date, by: Person) -> Employment:
    """Set the last day of work; after it the rights of the role are gone, and with the last role the session.

    Pressed twice it ends once: an employment that has ended keeps its day.
    """
    Employment.objects.select_for_update(of=("self",)).get(pk=employment.pk)
    employment.refresh_from_db()
    if employment.ends_on is None or employment.ends_on > timezone.localdate():
        employment.ends_on = last_day
        employment.save(update_fields=["ends_on"])
    return employment


@transaction.atomic
def set_account_open(*, person: Person, opened: bool, by: Person) -> Person:
    """Close an account, or open it again; the sessions of a closed one end with their next request."""
    person.is_active = opened
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def give_consent(*, document: ConsentDocument, by: Person) -> Consent:
    """Record the consent of the person to this text; given twice it is one consent."""
    consent, _ = Consent.objects.get_or_create(person=by, document=document, revoked_at=None)
    return consent


@transaction.atomic
def revoke_consent(*, purpose: str, by: Person) -> int:
    """Take back what the person agreed to for this purpose, whatever the version; returns how many were in force."""
    given = Consent.objects.filter(person=by, document__purpose=purpose, revoked_at=None)
    rows = list(given.select_for_update(of=("self",)))
    for consent in rows:
        consent.revoked_at = timezone.now()
        consent.save(update_fields=["revoked_at"])
    return len(rows)
