"""Certificates: issued to those who came, revoked with a reason, issued anew."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.letters import queue_letters
from core.states import NotAllowed, WrongState, move
from events.models import Certificate, Event, ParticipantRole, Registration
from events.registration import locked
from network.models import Employment, Municipality, Person


def due(event: Event) -> list[Registration]:
    """Who came and has no valid certificate, by name."""
    holders = Certificate.objects.valid().filter(event=event).values("person")
    rows = Registration.objects.attended().filter(event=event).exclude(person__in=holders)
    return list(
        rows.select_related("person", "organisation").order_by(
            "person__last_name", "person__first_name", "pk"
        )
    )


@transaction.atomic
def issue(*, event: Event, by: Person) -> list[Certificate]:
    """A certificate to each who came and has none; pressed twice, nobody gets a second one.

    Raises NotAllowed; WrongState until the event took place.
    """
    event = locked(event)
    if not by.has_perm("events.mark_attendance_event", event):
        raise NotAllowed("Сертификаты выдают те, кто ведёт событие.")
    if event.state not in (Event.State.HELD, Event.State.REPORTED):
        raise WrongState("Сертификаты выдают после события: сначала отметьте, что оно проведено.")
    made = _write(event, due(event), by)
    _tell(made)
    return made


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, by: Person) -> Certificate:
    """The certificate is no longer valid; its public page says so and the person is told why."""
    revoked = move(certificate, "revoke", by=by, reason=reason)
    _tell([revoked], template="certificate_revoked", subject="Сертификат отозван", reason=reason)
    return revoked


@transaction.atomic
def reissue(*, certificate: Certificate, reason: str, by: Person) -> Certificate:
    """Revoke and issue another under a new number, with what the portal knows now (a corrected name, other hours).

    Raises WrongState when it was revoked already or the person is not marked as having come.
    """
    event = locked(certificate.event)
    revoked = move(certificate, "revoke", by=by, reason=reason)
    row = Registration.objects.attended().filter(event=event, person=revoked.person).first()
    if row is None:
        raise WrongState("Человек не отмечен как присутствовавший, выдавать новый сертификат не за что.")
    (fresh,) = _write(event, [row], by, replaces=revoked)
    _tell([fresh])
    return fresh


def _write(
    event: Event, rows: list[Registration], by: Person, replaces: Certificate | None = None
) -> list[Certificate]:
    """Rows under the next numbers of the municipality's year; the lock of the municipality keeps them apart."""
    municipality = Municipality.objects.select_for_update(of=("self",)).get(pk=event.municipality_id)
    today = timezone.localdate()
    same = Certificate.objects.filter(municipality=municipality, year=today.year)
    last = same.aggregate(last=Max("serial"))["last"] or 0
    positions = _positions(rows)
    topics = dict(event.speakers.exclude(person=None).values_list("person", "topic"))
    made = [
        Certificate(
            municipality=municipality,
            year=today.year,
            serial=serial,
            event=event,
            person=row.person,
            name=row.person.get_full_name(),
            position=positions.get((row.person_id, row.organisation_id), row.organisation.short_name),
            title=event.title,
            format=event.format,
            level=event.level,
            held_on=timezone.localdate(event.starts_at),
            held_until=timezone.localdate(event.ends_at),
            hours=row.hours,
            role=ParticipantRole.SPEAKER if row.person_id in topics else row.role,
            topic=topics.get(row.person_id, ""),
            issuer=municipality.centre_name or municipality.name,
            issued_on=today,
            issued_by=by,
            replaces=replaces,
        )
        for serial, row in enumerate(rows, last + 1)
    ]
    return Certificate.objects.bulk_create(made)


def _positions(rows: list[Registration]) -> dict[tuple[int, int], str]:
    """«учитель, Школа № 4», of where each took part from."""
    jobs = Employment.objects.filter(
        person__in=[row.person_id for row in rows], organisation__in=[row.organisation_id for row in rows]
    ).select_related("organisation")
    return {
        (job.person_id, job.organisation_id): ", ".join(
            filter(None, [job.position, job.organisation.short_name])
        )
        for job in jobs.order_by("starts_on", "pk")
    }


def _tell(
    rows: list[Certificate], template: str = "certificate", subject: str = "Сертификат", reason: str = ""
) -> None:
    queue_letters(
        [
            {
                "key": f"certificate:{row.pk}:{template}",
                "to": row.person.email,
                "subject": f"{subject}: {row.title}",
                "template": template,
                "context": {
                    "certificate": row,
                    "name": row.person.get_short_name(),
                    "reason": reason,
                    "url": f"{settings.SITE_URL}{row.get_absolute_url()}",
                },
            }
            for row in rows
            if row.person.email and row.person.is_active
        ]
    )
