"""Certificates of the demo: for the last events that were summed up, one of them revoked and issued again."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q

from core.models import Letter
from events.certificates import issue, reissue, revoke
from events.models import Attendance, Certificate, Event
from network.models import Municipality, Person

EVENTS = 4


def make_certificates(municipality: Municipality, accounts: dict[str, Person]) -> None:
    """By the same steps as in life, three days after the event; one with a slip in the name, one given by mistake."""
    methodist, teacher = accounts["methodist"], accounts["teacher"]
    over = Event.objects.filter(municipality=municipality, state=Event.State.REPORTED).order_by(
        "-starts_at", "pk"
    )
    came = Q(registrations__person=teacher, registrations__attendance=Attendance.ATTENDED)
    chosen = dict.fromkeys([*over.filter(came)[: EVENTS // 2], *over.filter(organiser=methodist)[:EVENTS]])
    made: list[Certificate] = []
    for event in sorted(list(chosen)[:EVENTS], key=lambda event: event.starts_at):
        made += issue(event=event, by=methodist)
    own = [one for one in made if one.person_id == teacher.pk]
    others = [one for one in made if one.person_id != teacher.pk]
    if own:
        reissue(certificate=own[0], reason="Исправлены часы", by=methodist)
    if others:
        revoke(certificate=others[-1], reason="Отмечен по ошибке: в этот день болел", by=methodist)
    # Nobody of the demo waits for letters.
    Letter.objects.filter(key__startswith="certificate:").delete()
    rows = Certificate.objects.filter(municipality=municipality, held_until__year=F("year"))
    for one in rows:
        one.issued_on = min(one.issued_on, one.held_until + dt.timedelta(days=3))
    Certificate.objects.bulk_update(rows, ["issued_on"])
