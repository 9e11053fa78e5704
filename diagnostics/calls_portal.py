"""What invitations to events give to «Мои дела» and to the cards of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from core.portal import SHOWN, Panel, my_panels
from diagnostics.calls import invited_by_answers, live_calls, own_answers
from events.models import Event, Registration

TITLE = "Вас приглашают"


@my_panels.among(own_answers)
def invitations_to_me(person: Any, sheets: Any) -> Iterator[Panel]:
    """Events for what the person finds hard, seen by the person alone."""
    events = invited_by_answers(person, sheets)[:SHOWN]
    if events:
        yield Panel(TITLE, "diagnostics/called.html", {"events": events, "to_head": False}, order=10)


def _calls_to_places(person: Any) -> Any:
    if not person.rights.head_of:
        return None
    sent = Registration.objects.live().filter(event=OuterRef("event"), organisation__in=person.rights.head_of)
    return live_calls().filter(~Exists(sent), organisations__in=person.rights.head_of)


@my_panels.among(_calls_to_places)
def invitations_to_my_place(person: Any, calls: Any) -> Iterator[Panel]:
    """For a head: events for what is hard in the own organisation and to which nobody of it is signed up."""
    rows = Event.objects.filter(pk__in=calls.values("event")).select_related("host")
    events = list(rows.order_by("starts_at", "pk")[:SHOWN])
    if events:
        yield Panel(TITLE, "diagnostics/called.html", {"events": events, "to_head": True}, order=10)
