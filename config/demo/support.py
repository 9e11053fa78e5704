"""Findings of the demo are answered by its own events, applications and communities."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from communities.models import Community, CommunityApplication
from core.school_year import SchoolYear
from diagnostics.models import SupportMeasure
from events.models import Event
from network.models import Municipality


def tie_support(municipality: Municipality) -> None:
    """A measure that speaks of an event or a community becomes one of the same direction, where there is one."""
    of_here = {"municipality": municipality}
    events = Event.objects.of_year(SchoolYear.current()).filter(**of_here)
    events = events.exclude(state=Event.State.CANCELLED).order_by("starts_at", "pk")
    applications = CommunityApplication.objects.under_way().filter(**of_here).order_by("pk")
    communities = Community.objects.in_force().filter(**of_here).order_by("pk")
    taken: set[Any] = set()
    measures = SupportMeasure.objects.filter(
        finding__municipality=municipality, kind__in=["event", "community"]
    ).select_related("finding")
    for measure in measures.order_by("pk"):
        direction = measure.finding.direction_id
        if measure.kind == SupportMeasure.Kind.EVENT:
            _tie(measure, "event", _first(events, direction, taken))
        elif application := _first(applications, direction, taken):
            _tie(measure, "application", application)
        else:
            _tie(measure, "community", _first(communities, direction, taken))


def _first(rows: QuerySet, direction: int, taken: set[Any]) -> Any:
    """The first record of the direction that answers nothing yet."""
    for one in rows.filter(direction=direction):
        if (key := (type(one), one.pk)) not in taken:
            taken.add(key)
            return one
    return None


def _tie(measure: SupportMeasure, link: str, record: Any) -> None:
    if record is None:
        return
    setattr(measure, link, record)
    measure.title, measure.done_on = str(record), None
    if link == "event":
        measure.due_on = timezone.localdate(record.ends_at)
    measure.save()
