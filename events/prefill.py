"""What a new event begins with: a finding, a plan, a community or a series says it in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from events.models import PlanItem
from network.models import Person

WORDS = ("title", "format", "level", "audience", "description")
RECORDS = ("community", "series", "host", "direction", "plan_item")
USUAL_HOURS = 2
USUAL_START = dt.time(14)


def new_event_url(**known: Any) -> str:
    """The address of a new event with what is known of it: words as they are, records by their id."""
    query = {name: known[name] for name in (*WORDS, *RECORDS) if known.get(name)}
    return f"{reverse('events:new')}?{urlencode(query)}"


def prefilled(asked: Mapping[str, str], person: Person) -> dict[str, Any]:
    """Initial values of the form; what the person may not choose the form itself refuses."""
    known: dict[str, Any] = {name: asked[name] for name in WORDS if asked.get(name)}
    known |= {name: int(asked[name]) for name in RECORDS if asked.get(name, "").isdecimal()}
    item = None
    if "plan_item" in known:
        visible = PlanItem.objects.visible_to(person).select_related("plan")
        item = visible.filter(pk=known["plan_item"]).first()
    first = {"hours": USUAL_HOURS}
    if person.rights.employments:
        first["host"] = person.rights.employments[0].organisation_id
    return {**first, **(_of_item(item) if item else {}), **known}


def _of_item(item: PlanItem) -> dict[str, Any]:
    """What an item of a plan says of the event to be."""
    known: dict[str, Any] = {
        "title": item.title,
        "format": item.format,
        "audience": item.audience,
        "direction": item.direction_id,
        "place": item.place,
        "community": item.plan.community_id,
    }
    if item.organisation_id or item.plan.organisation_id:
        known["host"] = item.organisation_id or item.plan.organisation_id
    if item.starts_on and item.starts_on == item.ends_on:
        begins = timezone.make_aware(dt.datetime.combine(item.starts_on, USUAL_START))
        known |= {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=USUAL_HOURS)}
    return known
