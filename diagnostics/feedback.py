"""What the feedback on an event came to: counts over all who answered, and words apart from their sheets.

The promise is that of all questions off the map (`diagnostics.other_answers`): no groups, nothing of fewer sheets than
the smallest group. Feedback is counted in one batch after closing, so there are no two looks to compare.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from diagnostics.models import Batch, Campaign, Feedback, FeedbackWords, Item, Questionnaire, Response
from diagnostics.models.questionnaire import Audience
from diagnostics.other_answers import OtherItem, other_answers
from diagnostics.questions import options_of
from events.models import Event

SHIPPED = "event-feedback"
USEFUL = "useful"
# Of a scale of difficulties or of agreement the better half has weights below this.
HALF = 0.5


@dataclass(frozen=True)
class Mark:
    """A scale item: of `answers` that count so many are of the better half of the scale."""

    item: Item
    good: int
    answers: int

    @property
    def share(self) -> float | None:
        return self.good / self.answers if self.answers else None


def questionnaires_for(event: Event) -> QuerySet[Questionnaire]:
    """The shipped one and those of the municipality, published, for teachers, none of whose items is on the map.

    An item of the difficulty map belongs into a survey, where small groups are protected direction by direction.
    """
    on_the_map = Item.objects.filter(
        section__questionnaire=OuterRef("pk"), kind=Item.Kind.SCALE, direction__isnull=False
    )
    return Questionnaire.objects.filter(
        Q(municipality=None, family=SHIPPED) | Q(municipality=event.municipality_id),
        ~Exists(on_the_map),
        state=Questionnaire.State.PUBLISHED,
        audience=Audience.TEACHERS,
    ).order_by(F("municipality").asc(nulls_first=True), "title", "-version")


def mark_of(row: OtherItem) -> Mark:
    """The figure of a scale item as it was released; without an answer that counts, 0 of 0."""
    counts = {option.label: option.count for option in row.options}
    counted = [option for option in options_of(row.item) if not option.is_no_answer]
    good = sum(counts.get(option.label, 0) for option in counted if option.weight < HALF)
    return Mark(row.item, good, sum(counts.get(option.label, 0) for option in counted))


def is_scale(row: OtherItem) -> bool:
    return row.item.kind == Item.Kind.SCALE


def marks(feedback: Feedback) -> list[Mark]:
    """Every scale item, in the order of the questionnaire; nothing before the count is released."""
    if not feedback.answers:
        return []
    return [mark_of(row) for row in other_answers(feedback.campaign) if is_scale(row)]


def release_due() -> int:
    """Release what is closed and counted as a whole; returns how many. Safe to run twice."""
    campaign = OuterRef("campaign")
    waits = Response.objects.filter(campaign=campaign, batch__isnull=True)
    uncounted = Batch.objects.filter(Q(counted=False) | Q(other_answers=None), campaign=campaign)
    due = Feedback.objects.filter(~Exists(waits), ~Exists(uncounted), released_at=None)
    rows = due.filter(campaign__state=Campaign.State.CLOSED).select_related("campaign")
    for feedback in rows:
        release(feedback)
    return len(rows)


@transaction.atomic
def release(feedback: Feedback) -> None:
    """Keep the figures that indicators ask for and copy the words out of the sheets, in random order."""
    fresh = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if fresh.released_at is not None:
        return
    campaign = feedback.campaign
    large = Batch.objects.filter(campaign=campaign, counted=True, size__gte=campaign.smallest_group)
    rows = other_answers(campaign)
    useful = next((mark_of(row) for row in rows if row.item.code == USEFUL and is_scale(row)), None)
    if useful is not None:
        fresh.useful, fresh.useful_of = useful.good, useful.answers
    fresh.answers = sum(large.values_list("size", flat=True))
    fresh.released_at = timezone.now()
    fresh.save()
    FeedbackWords.objects.bulk_create(_words(fresh, campaign, large), batch_size=500)


def _words(feedback: Feedback, campaign: Campaign, batches: QuerySet[Batch]) -> list[FeedbackWords]:
    items = Item.objects.filter(section__questionnaire=campaign.questionnaire_id, kind=Item.Kind.TEXT)
    codes = {item.code: item for item in items}
    sheets = Response.objects.filter(batch__in=batches).values_list("answers", flat=True)
    words = [
        FeedbackWords(feedback=feedback, item=codes[code], text=text)
        for answers in sheets
        for code in codes.keys() & answers.keys()
        if (text := str(answers[code]).strip())
    ]
    random.SystemRandom().shuffle(words)
    return words
