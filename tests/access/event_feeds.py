from __future__ import annotations

from typing import Any

from events.models import CalendarLink, Event
from tests.access import PUBLIC, SIGNED_IN
from tests.factories.events import make_event
from tests.world import Place, World


def announced(world: World, place: Place) -> dict[str, Any]:
    event = make_event(place.organisation, state=Event.State.ANNOUNCED, organiser=place.head)
    return {"pk": event.pk}


def own_calendar(world: World, place: Place) -> dict[str, Any]:
    return {"token": CalendarLink.objects.create(person=place.teacher).token}


ACCESS = {
    "events:calendar": PUBLIC,
    "events:feed": PUBLIC,
    "events:event-calendar": PUBLIC.at(announced).public(),
    "events:calendar-own": PUBLIC.at(own_calendar).public(),
    "events:mine": SIGNED_IN,
    "events:my-calendar": SIGNED_IN.posts(),
}
