from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import Event, EventMaterial, Registration
from tests.access import EVERYONE, NEIGHBOURS, PUBLIC, rule
from tests.factories.events import SeriesFactory, make_event, signed_up
from tests.world import Place, World

State = Event.State
# Who runs an event of the school: its head, the methodist; the teacher of the place answers for it in `event`.
RUNNERS = rule(own="head methodist", near="methodist")
# Of an event that was announced everybody sees the card, so what they may not do is 403.
SEEN = {"own": EVERYONE, "near": EVERYONE, "far": EVERYONE}


def planned(world: World, place: Place) -> dict[str, Any]:
    return {"pk": make_event(place.organisation, organiser=place.head, state=State.PLANNED).pk}


def open_event(world: World, place: Place) -> dict[str, Any]:
    return {"pk": make_event(place.organisation, organiser=place.head).pk}


def of_series(world: World, place: Place) -> dict[str, Any]:
    series = SeriesFactory(municipality=place.municipality)
    return {"pk": make_event(place.organisation, organiser=place.head, series=series).pk}


def just_begun(world: World, place: Place) -> dict[str, Any]:
    begun = timezone.now() - dt.timedelta(hours=1)
    return {"pk": make_event(place.organisation, organiser=place.head, starts_at=begun).pk}


def material(world: World, place: Place) -> EventMaterial:
    event = make_event(place.organisation, organiser=place.head)
    row = EventMaterial(event=event, title="Раздаточный лист", filename="лист.pdf")
    row.file.save("list.pdf", ContentFile(b"%PDF-1.7"))
    return row


def material_file(world: World, place: Place) -> dict[str, Any]:
    return {"pk": material(world, place).pk}


def new_item(world: World, place: Place) -> dict[str, Any]:
    return {"event": open_event(world, place)["pk"], "kind": "speakers"}


def item(world: World, place: Place) -> dict[str, Any]:
    row = material(world, place)
    return {"event": row.event_id, "kind": "materials", "pk": row.pk}


def own_registration(world: World, place: Place) -> dict[str, Any]:
    """Of the teacher of the place, whose head signed them up."""
    event = make_event(place.organisation, organiser=place.head)
    return {"pk": signed_up(event, place.teacher, by=place.head).pk}


def offered(world: World, place: Place) -> dict[str, Any]:
    """A freed place is held for the teacher."""
    event = make_event(place.organisation, organiser=place.head, capacity=1)
    row = signed_up(event, place.teacher)
    until = timezone.now() + dt.timedelta(hours=2)
    Registration.objects.filter(pk=row.pk).update(state="offered", queue=1, offered_until=until)
    return {"pk": row.pk}


# The official sees the registrations of the municipality and runs no event.
REGISTRATIONS_SEEN = {"own": "teacher head methodist official", "near": "methodist official"}

ACCESS = {
    "events:events": PUBLIC,
    "events:event": PUBLIC.at(open_event),
    "events:material": PUBLIC.at(material_file),
    "events:new": rule(own="head methodist").posts(),
    "events:edit": RUNNERS.at(open_event).posts().seen(**SEEN),
    "events:clone": RUNNERS.at(open_event).posts().seen(**SEEN),
    "events:announcement": RUNNERS.at(planned).posts().seen(own="official", near="official"),
    "events:opening": RUNNERS.at(planned).posts().seen(own="official", near="official"),
    "events:move": RUNNERS.at(open_event).posts().seen(**SEEN),
    "events:cancellation": RUNNERS.at(open_event).posts().seen(**SEEN),
    "events:report": RUNNERS.at(just_begun).posts().seen(**SEEN),
    "events:registration": NEIGHBOURS.at(open_event).posts().seen(**SEEN),
    "events:registration-staff": rule(own="head methodist", near="head methodist")
    .at(open_event)
    .posts()
    .seen(**SEEN),
    "events:registration-series": RUNNERS.at(of_series).posts().seen(**SEEN),
    "events:participants": rule(own="head methodist official", near="methodist official")
    .at(open_event)
    .seen(**SEEN),
    "events:programme": RUNNERS.at(open_event).seen(**SEEN),
    "events:item-new": RUNNERS.at(new_item).posts().seen(**SEEN),
    "events:item-edit": RUNNERS.at(item).posts().seen(**SEEN),
    "events:item-removal": RUNNERS.at(item).posts().seen(**SEEN),
    "events:withdrawal": rule(own="teacher head").at(own_registration).posts().seen(**REGISTRATIONS_SEEN),
    "events:acceptance": rule(own="teacher").at(offered).posts().seen(**REGISTRATIONS_SEEN),
    "events:removal": RUNNERS.at(own_registration).posts().seen(**REGISTRATIONS_SEEN),
}
