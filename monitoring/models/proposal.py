"""What the portal may propose as evidence, as data of the framework, and what people said does not fit."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from django.db import models

from monitoring.models.assessment import Column, Position, Row


class ProposalRule(models.Model):
    """Which records of the portal may confirm a cell: a `source` of records by name, narrowed by `only`.

    `row` or `column` left empty means every one of the position. `why` is told to people beside each record and
    is kept in the evidence that was accepted. The rules are a part of the version of the framework.
    """

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="proposal_rules")
    row = models.ForeignKey(
        Row,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="строка (пусто: каждая)",
    )
    column = models.ForeignKey(
        Column,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="графа (пусто: каждая)",
    )
    source = models.SlugField("какие записи", max_length=40)
    only = models.JSONField("только", default=dict, blank=True)
    why = models.CharField("почему подтверждает", max_length=300)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "правило предложений"
        verbose_name_plural = "правила предложений"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.why

    def clean(self) -> None:
        """Raises ValidationError for a source or a limit the portal does not know, or a cell of another position."""
        from monitoring.proposals import SOURCES

        if self.source not in SOURCES:
            raise ValidationError({"source": f"Есть только: {', '.join(SOURCES)}."})
        if problem := SOURCES[self.source].problem(self.only):
            raise ValidationError({"only": problem})
        for name in ("row", "column"):
            part = getattr(self, name)
            if part is not None and part.position_id != self.position_id:
                raise ValidationError({name: "Это из другой позиции."})


class RefusalQuerySet(models.QuerySet["Refusal"]):
    def with_records(self) -> RefusalQuerySet:
        """With the records and the people: a query a kind of record, however many there are."""
        return self.select_related("by").prefetch_related(records_ready())


def records_ready() -> GenericPrefetch:
    """Prefetches `record` in the shape its source tells it in."""
    from monitoring.proposals import SOURCES

    return GenericPrefetch("record", [source.shown() for source in SOURCES.values()])


class Refusal(models.Model):
    """A record that a person looked at and found not to fit a cell; taken back by deleting the row."""

    score = models.ForeignKey("monitoring.Score", on_delete=models.CASCADE, related_name="refusals")
    record_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    record_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField("когда", auto_now_add=True)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        verbose_name = "неподходящая запись"
        verbose_name_plural = "неподходящие записи"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["score", "record_type", "record_id"], name="one_refusal_a_record")
        ]

    def __str__(self) -> str:
        return f"{self.score_id}: {self.record_id}"

    @property
    def title(self) -> str:
        """The record in the words in which it was proposed."""
        from monitoring.proposals import BY_MODEL

        return BY_MODEL[self.record._meta.label_lower].told(self.record) if self.record else "запись удалена"
