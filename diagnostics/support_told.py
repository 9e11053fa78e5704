"""What came of the measures of a finding, in words with figures, by three queries whatever their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from communities.models import Community, CommunityApplication
from core.templatetags.portal import plural
from diagnostics.models import SupportMeasure
from events.models import Certificate, Event
from network.models import Person


@dataclass(frozen=True)
class Told:
    """A measure, the address of its record where the person may open it, and what came of it."""

    measure: SupportMeasure
    url: str
    words: str


def told(measures: Iterable[SupportMeasure], person: Person) -> list[Told]:
    """Every measure with what came of it; the measures come with their records."""
    rows = list(measures)
    events = _events([row.event_id for row in rows if row.event_id])
    founded = _communities(rows)
    opened = CommunityApplication.objects.visible_to(person).filter(
        pk__in=[row.application_id for row in rows if row.application_id]
    )
    visible = set(opened.values_list("pk", flat=True))
    return [_told(row, events, founded, visible) for row in rows]


def _events(pks: list[int]) -> dict[int, str]:
    """Event → «записано 12, пришло 9, сертификатов 8»."""
    counted = (
        Event.objects.filter(pk__in=pks)
        .annotate(
            signed=Count("registrations", filter=Q(registrations__state="registered")),
            came=Count("registrations", filter=Q(registrations__attendance="attended")),
        )
        .values_list("pk", "state", "signed", "came")
    )
    issued = Certificate.objects.valid().filter(event__in=pks).values("event").annotate(count=Count("pk"))
    given = {row["event"]: row["count"] for row in issued} if pks else {}
    words = {}
    for pk, state, signed, came in counted:
        parts = [f"записано: {signed}"]
        if state in (Event.State.HELD, Event.State.REPORTED):
            parts += [f"пришло: {came}", f"сертификатов: {given.get(pk, 0)}"]
        words[pk] = ", ".join(parts)
    return words


def _communities(rows: list[SupportMeasure]) -> dict[int, Community]:
    """Communities of the measures, with their sizes."""
    own = [row.working_community.pk for row in rows if row.working_community]
    return {one.pk: one for one in Community.objects.filter(pk__in=own).with_sizes()} if own else {}


def _told(
    row: SupportMeasure,
    events: dict[int, str],
    founded: dict[int, Community],
    visible: set[int],
) -> Told:
    if row.event is not None:
        return Told(row, row.event.get_absolute_url(), events.get(row.event.pk, ""))
    if (community := row.working_community) is not None:
        return Told(row, community.get_absolute_url(), _of_community(founded[community.pk]))
    if row.application is not None:
        turn = row.application.turn.who
        words = f"заявление: {row.application.get_state_display().lower()}{', ' + turn if turn else ''}"
        url = row.application.get_absolute_url() if row.application.pk in visible else ""
        return Told(row, url, words)
    return Told(row, row.link, row.result)


def _of_community(community: Community) -> str:
    state = community.get_state_display().lower()
    people = plural(community.size, "участник,участника,участников")  # type: ignore[attr-defined]
    return f"сообщество: {state}, {people}"
