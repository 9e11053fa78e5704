"""Feedback on the card of its event and in «Мои дела»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from core.portal import SHOWN, Panel, Task, my_tasks, record_panels
from diagnostics.feedback import marks
from diagnostics.feedback_letters import asks_with_thanks  # noqa: F401  (it registers itself)
from diagnostics.models import Campaign, Feedback, Invitation
from diagnostics.models.feedback import OPENS_WITHIN
from diagnostics.views.mine import awaiting
from events.models import Event


def _awaited(person: Any) -> Any:
    return awaiting(person).filter(campaign__feedback__isnull=False)


@my_tasks.among(_awaited)
def feedback_to_give(person: Any, waiting: Any) -> Iterator[Task]:
    """Events the person was at and is asked about."""
    for invitation in waiting.select_related("campaign__questionnaire", "campaign__feedback__event")[:SHOWN]:
        campaign = invitation.campaign
        yield Task(
            f"Оставить отзыв: {campaign.feedback.event}",
            campaign.feedback.event.get_absolute_url(),
            f"около {campaign.questionnaire.minutes} мин · {campaign.get_anonymity_display()}",
            campaign.closes_on,
        )


@record_panels.of("events.event")
def feedback_of_event(event: Event, person: Any) -> Iterator[Panel]:
    """To who was there, the way to answer; to those who run or oversee the event, how far it is and what it showed."""
    if not person.is_authenticated or event.announced_at is None or event.is_cancelled:
        return
    feedback = Feedback.objects.filter(event=event).select_related("campaign__questionnaire").first()
    if feedback is None:
        recent = event.ends_at > timezone.now() - OPENS_WITHIN
        if recent and person.has_perm("diagnostics.add_feedback", Feedback(event=event)):
            yield Panel("Отзывы", "diagnostics/feedback_none.html", {"event": event}, order=40)
        return
    feedback.event = event
    yield from _own(feedback, person)
    if person.has_perm("diagnostics.see_feedback", feedback):
        context = {**standing(feedback), "marks": marks(feedback)}
        yield Panel("Отзывы", "diagnostics/feedback_panel.html", context, place="main", order=40)


def _own(feedback: Feedback, person: Any) -> Iterator[Panel]:
    """What the person is asked while answers are taken."""
    if not feedback.campaign.accepts_answers:
        return
    invitation = Invitation.objects.filter(campaign=feedback.campaign, person=person).first()
    if invitation is not None:
        context = {"invitation": invitation, "campaign": feedback.campaign}
        yield Panel("Ваш отзыв", "diagnostics/feedback_own.html", context, place="main", order=5)


def standing(feedback: Feedback) -> dict[str, Any]:
    """How far it is: who was asked and who answered, as counts alone."""
    campaign = feedback.campaign
    took_part = Invitation.objects.filter(campaign=campaign, participated=True).count()
    return {
        "feedback": feedback,
        "campaign": campaign,
        "took_part": 0 if feedback.is_prepared else took_part,
        "share": took_part / campaign.invited_count if campaign.invited_count else None,
        "archived": feedback.is_prepared and not campaign.questionnaire_is_published(),
        "is_open": campaign.state == Campaign.State.RUNNING,
    }
