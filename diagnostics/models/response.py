from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from network.models import Person


class YearsBand(models.TextChoices):
    """Years of service, coarse enough not to point at a person."""

    UP_TO_3 = "0-3", "до 3 лет"
    UP_TO_10 = "4-10", "4–10 лет"
    UP_TO_20 = "11-20", "11–20 лет"
    OVER_20 = "21+", "больше 20 лет"

    @classmethod
    def of(cls, years: int | None) -> str:
        """The band of so many full years, "" when unknown."""
        if years is None:
            return ""
        for limit, band in ((3, cls.UP_TO_3), (10, cls.UP_TO_10), (20, cls.UP_TO_20)):
            if years <= limit:
                return band
        return cls.OVER_20


class Draft(models.Model):
    """Answers on their way, enciphered with the secret of the respondent's link (`diagnostics.sealing`).

    `key_hash` is a hash of that secret other than the one of the invitation's link: without the link nobody
    finds the draft of a person or reads any. On sending the draft is deleted in the transaction that makes
    the response; on closing the campaign all that are left are deleted.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    campaign = models.ForeignKey("diagnostics.Campaign", on_delete=models.CASCADE, related_name="drafts")
    sealed = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = "черновик ответа"
        verbose_name_plural = "черновики ответов"

    def __str__(self) -> str:
        return "черновик"


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, person: Person) -> ResponseQuerySet:
        """Own sheets; those of named campaigns for the methodists of the municipality."""
        own = models.Q(person=person)
        named = models.Q(
            campaign__anonymity="named",
            campaign__municipality__in=person.rights.methodist_in,
            person__isnull=False,
        )
        return self.filter(own | named)

    def waiting(self) -> ResponseQuerySet:
        """Sent and in no batch yet."""
        return self.filter(batch__isnull=True)


class Response(models.Model):
    """One sent sheet of answers: item code → option code (list for multiple, number or text otherwise).

    Anonymous ⇔ no person and no time, kept by a check constraint; the id is random. The worker rewrites
    anonymous rows of a batch in random order, so that neither insert order nor transaction ids match the
    invitations. `batch` is null until the worker has tallied the sheet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey("diagnostics.Campaign", on_delete=models.CASCADE, related_name="responses")
    is_anonymous = models.BooleanField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="responses"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    organisation = models.ForeignKey(
        "network.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="responses"
    )
    group_label = models.CharField(
        max_length=120, blank=True, help_text="Группа из загруженной таблицы, когда организации нет в сети."
    )
    subject = models.CharField("предмет", max_length=120, blank=True)
    category = models.CharField("категория", max_length=12, blank=True)
    years = models.CharField("стаж", max_length=8, blank=True, choices=YearsBand.choices)
    answers = models.JSONField(default=dict)
    straightlined = models.BooleanField("однообразные ответы", default=False)
    batch = models.ForeignKey(
        "diagnostics.Batch", null=True, blank=True, on_delete=models.PROTECT, related_name="responses"
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = "ответ на опрос"
        verbose_name_plural = "ответы на опрос"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_anonymous=True, person__isnull=True, sent_at__isnull=True)
                | models.Q(is_anonymous=False, person__isnull=False),
                name="anonymous_without_person_and_time",
            ),
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=models.Q(person__isnull=False),
                name="one_response_a_person",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "batch"])]

    def __str__(self) -> str:
        return f"ответ {self.pk}"


class SentKey(models.Model):
    """A hash of the browser's secret that has answered by an open link: what makes sending happen once."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    campaign = models.ForeignKey("diagnostics.Campaign", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "отправленный ключ"
        verbose_name_plural = "отправленные ключи"

    def __str__(self) -> str:
        return self.key_hash[:8]
