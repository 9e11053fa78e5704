"""Work of this app outside the request."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.utils import timezone

from core.jobs import Run, handler
from core.states import WrongState
from diagnostics import calls, feedback, feedback_letters, invitations, other_answers
from diagnostics.actions import campaigns as actions
from diagnostics.actions.answering import shuffle_waiting
from diagnostics.actions.feedback import invite_who_came, open_due
from diagnostics.coverage import count_due as count_coverage_due
from diagnostics.models import Campaign, EventCall, Feedback
from diagnostics.tallies import tally_due as tally_what_is_due

logger = structlog.get_logger(__name__)

# Letters that the portal sends by itself go out in the daytime, local hours from … to.
DAYTIME = range(8, 20)
REMIND_DAYS_BEFORE = (3, 1)
# Of an event one is reminded once: two minutes of answers are not worth two letters.
REMIND_OF_FEEDBACK = (2,)


@handler("diagnostics.invite")
def invite(run: Run) -> None:
    """A letter with a link of one's own to everybody invited."""
    run.stage("Готовим письма", 0)
    pk = run.params["campaign"]
    invitations.send(run, template="survey_invitation", subject="Опрос", prefix=f"survey-invitation:{pk}")
    with run.finish(result_url=Campaign.objects.get(pk=pk).get_absolute_url()):
        pass


@handler("diagnostics.remind")
def remind(run: Run) -> None:
    """A letter to those who have not taken part, each at most one a day."""
    run.stage("Готовим напоминания", 0)
    pk, day = run.params["campaign"], run.params["day"]
    prefix = f"survey-reminder:{pk}:{day}"
    invitations.send(run, template="survey_reminder", subject="Напоминание об опросе", prefix=prefix)
    with run.finish(result_url=Campaign.objects.get(pk=pk).get_absolute_url()):
        pass


@handler("diagnostics.call")
def write_calls(run: Run) -> None:
    """Letters that invite to an event those who find its subject hard, or the heads of their organisations."""
    run.stage("Готовим письма", 0)
    made = EventCall.objects.select_related("event", "finding__campaign", "finding__direction").get(
        pk=run.params["call"]
    )
    calls.write(run, made)
    with run.finish(result_url=made.finding.get_absolute_url()):
        pass


@shared_task
def count_coverage() -> None:
    """How far support has reached those who need it, as far as it may be told."""
    count_coverage_due()


@shared_task
def tally_due() -> None:
    """Put waiting answers into protected batches, of running and of closed campaigns, and count the rest."""
    tally_what_is_due()
    other_answers.count_due()
    feedback.release_due()


@shared_task
def advance_campaigns() -> None:
    """Open feedback that is due, close what has run out, write to who is asked, remind, mix the rows."""
    open_due(Feedback.objects.all())
    for campaign in Campaign.objects.running().select_related("feedback__event", "questionnaire"):
        try:
            advance(campaign)
        except WrongState:
            logger.info("campaign_moved_meanwhile", campaign=campaign.pk)


def advance(campaign: Campaign) -> None:
    """What is due for one running campaign; safe to call at any moment and twice."""
    today, hour = timezone.localdate(), timezone.localtime().hour
    if campaign.closes_on < today:
        actions.close(campaign, by=None)
        return
    if campaign.is_anonymous:
        shuffle_waiting(campaign)
    if campaign.is_feedback:
        invite_who_came(campaign.feedback)
    if not campaign.accepts_answers or campaign.open_link or hour not in DAYTIME:
        return
    if campaign.is_feedback:
        feedback_letters.write(campaign)
    else:
        actions.queue_invitations(campaign, by=None)
    days = REMIND_OF_FEEDBACK if campaign.is_feedback else REMIND_DAYS_BEFORE
    if campaign.auto_reminders and (campaign.closes_on - today).days in days:
        actions.remind(campaign, by=None)
