from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse

from monitoring.models.proposal import records_ready

if TYPE_CHECKING:
    from network.models import Person


def evidence_path(evidence: Evidence, filename: str) -> str:
    """A name nobody can guess; the name people gave is kept in `filename`."""
    return f"evidence/{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, person: Person) -> EvidenceQuerySet:
        """Evidence is seen by those who see what it is for."""
        from monitoring.models import Assessment, Decision, IndicatorValue

        if person.rights.is_admin:
            return self
        return self.filter(
            Q(value__in=IndicatorValue.objects.visible_to(person))
            | Q(score__assessment__in=Assessment.objects.visible_to(person))
            | Q(decision__in=Decision.objects.visible_to(person))
        )

    def with_records(self) -> EvidenceQuerySet:
        """With the records and the people, ready to be told: a query a kind of record, however many there are."""
        return self.select_related("added_by").prefetch_related(records_ready())


class Evidence(models.Model):
    """What shows that a figure, a point or an execution is true: a record of the portal, a document or a link.

    `why` is the rule by which the portal proposed the record; a person accepted it (`added_by`). Empty: a person
    found it.
    """

    value = models.ForeignKey(
        "monitoring.IndicatorValue", null=True, blank=True, on_delete=models.CASCADE, related_name="evidence"
    )
    score = models.ForeignKey(
        "monitoring.Score", null=True, blank=True, on_delete=models.CASCADE, related_name="evidence"
    )
    decision = models.ForeignKey(
        "monitoring.Decision", null=True, blank=True, on_delete=models.CASCADE, related_name="evidence"
    )
    title = models.CharField("что это", max_length=250)
    record_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    record_id = models.PositiveBigIntegerField(null=True, blank=True)
    record = GenericForeignKey("record_type", "record_id")
    document = models.FileField("документ", upload_to=evidence_path, blank=True, max_length=200)
    filename = models.CharField(max_length=200, blank=True)
    url = models.URLField("ссылка", max_length=500, blank=True)
    why = models.CharField("почему предложено порталом", max_length=300, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField("добавлено", auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, score__isnull=True, decision__isnull=True)
                | Q(value__isnull=True, score__isnull=False, decision__isnull=True)
                | Q(value__isnull=True, score__isnull=True, decision__isnull=False),
                name="evidence_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(record_id__isnull=False, record_type__isnull=False, document="", url="")
                | (Q(record_id__isnull=True, record_type__isnull=True, url="") & ~Q(document=""))
                | (Q(record_id__isnull=True, record_type__isnull=True, document="") & ~Q(url="")),
                name="evidence_is_one_of_three",
            ),
            models.UniqueConstraint(
                fields=["score", "record_type", "record_id"], name="one_evidence_a_score_and_record"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where the evidence itself is seen."""
        if self.document:
            return reverse("monitoring:evidence", args=[self.pk])
        if self.url:
            return self.url
        return self.record.get_absolute_url() if self.record else ""

    @property
    def subject(self) -> models.Model:
        """What it is evidence of."""
        return self.value or self.score or self.decision  # type: ignore[return-value]

    @property
    def trouble(self) -> str:
        """What is wrong with a record that confirmed once: cancelled or deleted since; empty when it stands."""
        from monitoring.proposals import BY_MODEL

        if not self.record_id:
            return ""
        if self.record is None:
            return "запись удалена"
        source = BY_MODEL.get(self.record._meta.label_lower)
        return "запись отменена" if source and source.is_gone(self.record) else ""

    @property
    def kind_words(self) -> str:
        if self.record_id:
            return "запись портала"
        return "документ" if self.document else "ссылка"

    @property
    def source_words(self) -> str:
        """Where it is from: «запись портала, предложена порталом», «документ»."""
        return f"{self.kind_words}, предложена порталом" if self.why else self.kind_words
