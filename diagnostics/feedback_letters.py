"""How those who came learn that they are asked: in the letter of thanks, else by a letter of its own; each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from core.letters import queue_letters
from core.models import Letter
from core.templatetags.portal import plural
from diagnostics.actions.feedback import invite_who_came, open_due
from diagnostics.answering import promise
from diagnostics.invitations import AT_ONCE, link, new_keys
from diagnostics.models import Campaign, Feedback, Invitation, InvitationKey
from events.feedback import Ask, feedback_asks
from events.models import Event, Registration
from events.reminders import THANKS_DAYS


@feedback_asks
def asks_with_thanks(rows: list[Registration]) -> Iterator[Ask]:
    """Links for those who are thanked now; what is due is opened first, so that no second letter follows."""
    events = {row.event_id for row in rows}
    open_due(Feedback.objects.filter(event__in=events))
    running = Feedback.objects.running().filter(event__in=events)
    for feedback in running.select_related("campaign"):
        invite_who_came(feedback)
    open_now = Campaign.objects.accepting().filter(feedback__event__in=events)
    awaited = Invitation.objects.awaited().filter(
        campaign__in=open_now, person__in=[row.person_id for row in rows]
    )
    asked = {
        (invitation.campaign.feedback.event_id, invitation.person_id): invitation
        for invitation in awaited.select_related("campaign__feedback", "campaign__questionnaire")
    }
    tokens = new_keys(asked.values())
    for row in rows:
        if invitation := asked.get((row.event_id, row.person_id)):
            yield Ask(row.pk, link(tokens[invitation.pk]), words_of(invitation.campaign))


def words_of(campaign: Campaign) -> str:
    """How long it takes, until when, and what becomes of the answers."""
    minutes = plural(campaign.questionnaire.minutes, "минуту,минуты,минут")
    until = f"{campaign.closes_on:%d.%m.%Y}"
    return f"Это займёт около {minutes}, ответить можно до {until}. {promise(campaign)}"


def write(campaign: Campaign) -> int:
    """Letters to those who have no link yet and get no letter of thanks any more; returns how many.

    The key of a link is made with its letter, so who has one was written to or came by the portal.
    """
    event = campaign.feedback.event
    awaited = Invitation.objects.awaited().filter(campaign=campaign).written_to()
    without = awaited.filter(~Exists(InvitationKey.objects.filter(invitation=OuterRef("pk"))))
    if _thanks_are_coming(event):
        without = without.filter(Exists(_thanked(event)))
    written = 0
    for chunk in iter(lambda: list(without.select_related("person").order_by("pk")[:AT_ONCE]), []):
        with transaction.atomic():
            # Two workers take turns; who was written to meanwhile has a key and is passed over.
            Campaign.objects.select_for_update(no_key=True, of=("self",)).get(pk=campaign.pk)
            fresh = list(without.filter(pk__in=[one.pk for one in chunk]).select_related("person"))
            _queue(campaign, event, fresh)
        written += len(fresh)
    return written


def _thanks_are_coming(event: Event) -> bool:
    """Whether who is marked now is still thanked."""
    held = event.state in (Event.State.HELD, Event.State.REPORTED)
    return held and event.ends_at > timezone.now() - dt.timedelta(days=THANKS_DAYS)


def _thanked(event: Event) -> QuerySet[Any]:
    """Of an invitation, the registration whose letter of thanks there is."""
    key = Concat(Value("event-thanks:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    rows = Registration.objects.filter(event=event, person=OuterRef("person"))
    return rows.filter(Q(Exists(Letter.objects.filter(key=key))))


def _queue(campaign: Campaign, event: Event, invitations: list[Invitation]) -> None:
    tokens = new_keys(invitations)
    queue_letters(
        {
            "key": f"event-feedback:{invitation.pk}",
            "to": person.email,
            "subject": f"Ваш отзыв: {event.title}",
            "template": "event_feedback",
            "context": {
                "event": event,
                "name": person.get_short_name(),
                "url": f"{settings.SITE_URL}{event.get_absolute_url()}",
                "link": link(tokens[invitation.pk]),
                "words": words_of(campaign),
            },
            "secret": True,
        }
        for invitation in invitations
        if (person := invitation.person)
    )
