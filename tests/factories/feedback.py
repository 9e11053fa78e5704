"""Feedback on an event, reached by the steps by which the portal reaches it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from core.states import move
from diagnostics import tasks
from diagnostics.actions.feedback import ask_for_feedback, close_feedback
from diagnostics.models import Feedback, Invitation, Questionnaire, Response
from diagnostics.shipped import install_dictionaries
from events.attendance import Mark, mark
from events.models import Event, Registration
from network.models import Organisation, Person
from tests.factories.events import at, make_event
from tests.factories.network import employ

AGREE, UNSURE, DISAGREE, NO_ANSWER = "5", "3", "1", "na"
ITEMS = ("useful", "applicable", "clear", "organised")


def shipped_questionnaire() -> Questionnaire:
    """The short one that comes with the portal."""
    install_dictionaries(["event_feedback"])
    return Questionnaire.objects.get(family="event-feedback")


def event_of(host: Organisation, people: Sequence[Person], *, organiser: Person) -> Event:
    """An event of two hours ago, over, for which the people are signed up; nobody is marked yet."""
    event = make_event(host, organiser=organiser)
    for person in people:
        Registration.objects.create(
            event=event, person=person, organisation=person.rights.employments[0].organisation
        )
    return move(at(event, timezone.now() - dt.timedelta(hours=3)), "hold", by=None)


def mark_all(event: Event, *, by: Person, only: Sequence[Person] = ()) -> None:
    """Mark those signed up (or only these) as present."""
    rows = event.registrations.filter(person__in=only) if only else event.registrations.all()
    mark(event=event, marks={row.pk: Mark("attended") for row in rows}, by=by)


def asked(event: Event, *, by: Person, **terms: Any) -> Feedback:
    """Feedback asked for with the shipped questionnaire; open where people are marked already."""
    terms = {"anonymity": "anonymous", "days": 7, **terms}
    terms.setdefault("questionnaire", shipped_questionnaire())
    return ask_for_feedback(event=event, by=by, **terms)


def crowd(host: Organisation, count: int) -> list[Person]:
    return [employ("teacher", host) for _ in range(count)]


def opened(host: Organisation, *, by: Person, people: int = 6, **terms: Any) -> Feedback:
    """Open feedback of an event to which so many people came."""
    event = event_of(host, crowd(host, people), organiser=by)
    mark_all(event, by=by)
    return asked(event, by=by, **terms)


def answer(feedback: Feedback, *sheets: dict[str, str]) -> None:
    """Sheets sent by the first of those invited; what a sheet does not say about the scale items is agreement."""
    campaign = feedback.campaign
    waiting = Invitation.objects.filter(campaign=campaign, participated=False).order_by("pk")
    for invitation, sheet in zip(list(waiting), sheets, strict=False):
        own = {} if campaign.is_anonymous else {"person": invitation.person, "sent_at": timezone.now()}
        Response.objects.create(
            campaign=campaign,
            is_anonymous=campaign.is_anonymous,
            answers={**dict.fromkeys(ITEMS, AGREE), **sheet},
            **own,
        )
        Invitation.objects.filter(pk=invitation.pk).update(participated=True)


def counted(feedback: Feedback, *, by: Person) -> Feedback:
    """Closed, tallied and released."""
    close_feedback(feedback, by=by)
    tasks.tally_due()
    return Feedback.objects.select_related("campaign", "event").get(pk=feedback.pk)
