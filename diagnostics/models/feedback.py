"""Feedback on an event: which campaign asks for it, and what its answers came to."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from rules.contrib.models import RulesModel

from diagnostics.models.campaign import Campaign
from events.models import Event, Registration
from events.rules import run_by, runs_its_event
from network.rules import is_official

if TYPE_CHECKING:
    from network.models import Person

DAYS = 7
# Feedback that nobody could open for so long after the event is not asked for any more: who remembers.
OPENS_WITHIN = dt.timedelta(days=30)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, person: Person) -> FeedbackQuerySet:
        """Of events that the person runs or whose municipality they manage."""
        rights = person.rights
        if rights.is_admin:
            return self
        run = Event.objects.filter(run_by(person)).values("pk")
        return self.filter(Q(event__municipality__in=rights.manages) | Q(event__in=run))

    def editable_by(self, person: Person) -> FeedbackQuerySet:
        """Of events that the person runs."""
        if person.rights.is_admin:
            return self
        return self.filter(event__in=Event.objects.filter(run_by(person)).values("pk"))

    def running(self) -> FeedbackQuerySet:
        return self.filter(campaign__state=Campaign.State.RUNNING)

    def due(self, now: dt.datetime | None = None) -> FeedbackQuerySet:
        """Prepared, and the event is over with somebody marked as present: it can be opened."""
        now = now or timezone.now()
        came = Registration.objects.attended().filter(event=OuterRef("event"))
        return self.filter(
            Exists(came),
            campaign__state=Campaign.State.DRAFT,
            event__ends_at__lt=now,
            event__ends_at__gte=now - OPENS_WITHIN,
        ).exclude(event__state=Event.State.CANCELLED)

    def released(self) -> FeedbackQuerySet:
        """Closed and counted."""
        return self.filter(released_at__isnull=False)


class Feedback(RulesModel):
    """Asks those who came to an event what it gave them: a campaign that is no survey of difficulties.

    The campaign is a draft until the event is over and somebody is marked as present, then it opens by itself for
    `days` days. It compares no groups and is counted once, after closing. `answers`, `useful` and `useful_of` are
    what was released then: sheets counted, and of the answers to the item `useful` those of the better half of
    its scale. They stay 0 where fewer answered than the smallest group of the campaign.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="feedback")
    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="feedback")
    days = models.PositiveSmallIntegerField(
        "сколько дней принимать отзывы",
        default=DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    answers = models.PositiveIntegerField("учтено отзывов", default=0, editable=False)
    useful = models.PositiveIntegerField("назвали полезным", default=0, editable=False)
    useful_of = models.PositiveIntegerField("ответили о пользе", default=0, editable=False)
    released_at = models.DateTimeField("подсчитано", null=True, blank=True, editable=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = "отзывы о событии"
        verbose_name_plural = "отзывы о событиях"
        ordering = ["-event__starts_at", "pk"]
        rules_permissions = {
            "add": runs_its_event,
            "change": runs_its_event,
            "see": runs_its_event | is_official,
        }
        constraints = [
            models.CheckConstraint(condition=Q(useful__lte=F("useful_of")), name="feedback_part_of_whole"),
        ]

    def __str__(self) -> str:
        return f"Отзывы: {self.event}"

    def get_absolute_url(self) -> str:
        return reverse("diagnostics:feedback", args=[self.pk])

    @property
    def municipality_id(self) -> int:
        """So that rules scoped to a municipality read the event's alike."""
        return self.event.municipality_id

    @property
    def is_prepared(self) -> bool:
        """Not opened yet: the terms can still be changed."""
        return self.campaign.state == Campaign.State.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.campaign.state == Campaign.State.CLOSED

    @property
    def is_late(self) -> bool:
        """The event is over for so long that feedback does not open any more."""
        return self.is_prepared and self.event.ends_at < timezone.now() - OPENS_WITHIN

    @property
    def useful_share(self) -> float | None:
        """Of those who answered about usefulness the share who found the event useful, 0..1."""
        return self.useful / self.useful_of if self.useful_of else None


class WordsQuerySet(models.QuerySet["FeedbackWords"]):
    def editable_by(self, person: Person) -> WordsQuerySet:
        return self.filter(feedback__in=Feedback.objects.editable_by(person).values("pk"))

    def visible_to(self, person: Person) -> WordsQuerySet:
        """All for those who run the event; what they hid nobody else reads."""
        read = Feedback.objects.visible_to(person).values("pk")
        run = Feedback.objects.editable_by(person).values("pk")
        return self.filter(Q(feedback__in=run) | Q(feedback__in=read, hidden_at__isnull=True))


class FeedbackWords(RulesModel):
    """What somebody wrote in their own words, apart from their other answers and in no order of coming.

    Copied out of the sheets once they are counted, where the batch has at least the smallest group of sheets;
    nothing leads from it back to a sheet. Those who run the event hide what names a person or is out of place.
    """

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="words")
    item = models.ForeignKey("diagnostics.Item", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("слова")
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hidden_at = models.DateTimeField("скрыто", null=True, blank=True)

    objects = WordsQuerySet.as_manager()

    class Meta:
        verbose_name = "слова отзыва"
        verbose_name_plural = "слова отзывов"
        ordering = ["pk"]
        rules_permissions = {"hide": runs_its_event}

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return self.feedback.get_absolute_url()

    @property
    def event(self) -> Event:
        """So that rules about an event read it alike."""
        return self.feedback.event
