"""Feedback on an event: prepared beforehand, opened when it is known who came, closed, counted apart from surveys."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.states import NotAllowed, WrongState, move
from diagnostics.actions import campaigns
from diagnostics.models import Campaign, Feedback, FeedbackWords, Invitation, Questionnaire
from events.models import Event, Registration
from events.registration import locked

if TYPE_CHECKING:
    from network.models import Person

logger = structlog.get_logger(__name__)

_NOT_YOURS = "Отзывы собирают те, кто проводит событие."


@transaction.atomic
def ask_for_feedback(
    *, event: Event, questionnaire: Questionnaire, anonymity: str, days: int, by: Person
) -> Feedback:
    """Prepare the feedback of an event or change what was prepared; where people are marked already it opens.

    Raises NotAllowed, and WrongState where the event is cancelled or not announced, where feedback is open
    already, and where the event is over for too long.
    """
    event = locked(event)
    feedback = Feedback.objects.filter(event=event).select_related("campaign").first() or Feedback(
        event=event
    )
    if not by.has_perm("diagnostics.add_feedback", feedback):
        raise NotAllowed(_NOT_YOURS)
    _check_event(event)
    campaign = feedback.campaign if feedback.pk else Campaign(municipality=event.municipality, created_by=by)
    if campaign.state != Campaign.State.DRAFT:
        raise WrongState("Отзывы уже собираются, и их условия не меняются.")
    campaign.questionnaire, campaign.anonymity = questionnaire, anonymity
    _set_terms(campaign, event, days)
    feedback.campaign, feedback.days = campaign, days
    feedback.save()
    if feedback.is_late:
        raise WrongState("Событие прошло больше месяца назад: отзывы о нём уже не собирают.")
    if Feedback.objects.due().filter(pk=feedback.pk).exists():
        open_feedback(feedback)
    return feedback


def _check_event(event: Event) -> None:
    if event.state in (Event.State.PLANNED, Event.State.CANCELLED):
        raise WrongState("Отзывы собирают о событии, которое объявлено и не отменено.")


def _set_terms(campaign: Campaign, event: Event, days: int) -> None:
    """Nothing is compared, and the answers are counted once, after closing: so each of them counts."""
    opens_on = max(timezone.localdate(), timezone.localtime(event.ends_at).date())
    campaign.title = f"Отзыв о событии «{event.title}»"[:250]
    campaign.opens_on, campaign.closes_on = opens_on, opens_on + dt.timedelta(days=days)
    campaign.smallest_group = event.municipality.smallest_group
    campaign.by_organisation = campaign.by_subject = campaign.by_category = campaign.by_years = False
    campaign.interim_map = False
    campaign.save()


@transaction.atomic
def open_feedback(feedback: Feedback) -> Feedback:
    """Invite everybody who is marked as present; the letters follow. Raises WrongState for whoever comes second."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=feedback.campaign_id)
    if campaign.state == Campaign.State.DRAFT:
        _set_terms(campaign, feedback.event, feedback.days)
    feedback.campaign = move(campaign, "launch", by=None)
    invite_who_came(feedback)
    return feedback


def open_due(feedbacks: QuerySet[Feedback]) -> int:
    """Open those of the feedbacks that are due; returns how many. One that cannot be opened holds up no other."""
    opened = 0
    for feedback in feedbacks.due().select_related("event__municipality", "campaign"):  # type: ignore[attr-defined]
        try:
            open_feedback(feedback)
            opened += 1
        except WrongState:
            logger.info("feedback_not_opened", feedback=feedback.pk)
    return opened


@transaction.atomic
def invite_who_came(feedback: Feedback) -> int:
    """Invite those marked as present and not invited yet, while answers are taken; returns how many.

    Who came is marked by and by: on the list, by the code at the door, from the log of a webinar.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=feedback.campaign_id)
    if not campaign.accepts_answers:
        return 0
    asked = Invitation.objects.filter(campaign=campaign, person=OuterRef("person"))
    rows = Registration.objects.attended().filter(~Exists(asked), event=feedback.event_id)
    fresh = [
        Invitation(campaign=campaign, person_id=person, organisation_id=organisation)
        for person, organisation in rows.order_by("pk").values_list("person", "organisation")
    ]
    Invitation.objects.bulk_create(fresh, batch_size=500)
    if fresh:
        campaign.invited_count += len(fresh)
        campaign.save(update_fields=["invited_count"])
    feedback.campaign = campaign
    return len(fresh)


@transaction.atomic
def close_feedback(feedback: Feedback, *, by: Person) -> Feedback:
    """Before its day. Raises NotAllowed, WrongState where it is not open."""
    if not by.has_perm("diagnostics.change_feedback", feedback):
        raise NotAllowed(_NOT_YOURS)
    if feedback.is_prepared:
        raise WrongState("Отзывы ещё не открыты: завершать нечего.")
    feedback.campaign = campaigns.close(feedback.campaign, by=by)
    return feedback


@transaction.atomic
def give_up(feedback: Feedback, *, by: Person) -> Event:
    """Ask for no feedback after all; returns the event. Raises NotAllowed, WrongState once it was opened."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=feedback.campaign_id)
    if not by.has_perm("diagnostics.change_feedback", feedback):
        raise NotAllowed(_NOT_YOURS)
    if campaign.state != Campaign.State.DRAFT:
        raise WrongState("Отзывы уже собираются: приём можно только завершить.")
    campaign.delete()
    return feedback.event


@transaction.atomic
def hide_words(words: FeedbackWords, *, hidden: bool, by: Person) -> FeedbackWords:
    """Hide somebody's words from those who do not run the event, or show them again. Raises NotAllowed."""
    if not by.has_perm("diagnostics.hide_feedbackwords", words):
        raise NotAllowed("Скрыть слова могут те, кто проводит событие.")
    words.hidden_at, words.hidden_by = (timezone.now(), by) if hidden else (None, None)
    words.save(update_fields=["hidden_at", "hidden_by"])
    return words
