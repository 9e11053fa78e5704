from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from events.attendance import open_door
from events.certificates import issue
from events.models import Certificate, Event, Registration
from tests.access import EVERYONE, PUBLIC, SIGNED_IN, rule
from tests.factories.events import make_event, signed_up
from tests.world import Place, World

RUNNERS = rule(own="head methodist", near="methodist")
SEEN = {"own": EVERYONE, "near": EVERYONE, "far": EVERYONE}


def held(world: World, place: Place) -> Event:
    """An event of yesterday that the head of the place answers for, to which the teacher of the place came."""
    event = make_event(place.organisation, organiser=place.head)
    row = signed_up(event, place.teacher)
    begun = timezone.now() - dt.timedelta(hours=3)
    Event.objects.filter(pk=event.pk).update(
        starts_at=begun, ends_at=begun + dt.timedelta(hours=2), state="held"
    )
    Registration.objects.filter(pk=row.pk).update(attendance="attended")
    return Event.objects.get(pk=event.pk)


def event(world: World, place: Place) -> dict[str, Any]:
    return {"pk": held(world, place).pk}


def token(world: World, place: Place) -> dict[str, Any]:
    one = held(world, place)
    return {"token": open_door(event=one, by=place.head).token}


def certificate(world: World, place: Place) -> dict[str, Any]:
    one = held(world, place)
    issue(event=one, by=place.head)
    return {"code": Certificate.objects.get(event=one).code}


# Own certificate; of those who run the event; of those who manage the municipality.
HOLDERS = rule(own="teacher head methodist official", near="methodist official")
HOLDERS_SEE = {"own": "teacher official", "near": "official"}

ACCESS = {
    "events:attendance": RUNNERS.at(event).posts().seen(**SEEN),
    "events:walk-in": RUNNERS.at(event).posts().seen(**SEEN).answers(200, 302, 422),
    "events:door": RUNNERS.at(event).posts().seen(**SEEN),
    "events:webinar-log": RUNNERS.at(event).posts().seen(**SEEN).answers(200, 302, 422),
    "events:certificates": RUNNERS.at(event).posts().seen(**SEEN),
    "events:here-code": SIGNED_IN.posts().answers(200, 302, 422),
    "events:here": SIGNED_IN.at(token).posts(),
    "events:certificate": PUBLIC.at(certificate),
    "events:certificate-file": HOLDERS.at(certificate),
    "events:certificate-revocation": RUNNERS.at(certificate)
    .posts()
    .seen(**HOLDERS_SEE)
    .answers(200, 302, 422),
    "events:certificate-reissue": RUNNERS.at(certificate).posts().seen(**HOLDERS_SEE).answers(200, 302, 422),
}
