"""How far support reaches those who find something hard, and whom the portal has invited to an event for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class CoverageUnit(models.TextChoices):
    PEOPLE = "people", "люди"
    ORGANISATIONS = "organisations", "организации"


class Coverage(models.Model):
    """Of those who have the difficulty of a finding, how many were reached, as it was counted last.

    People where answers are tied to people, organisations where they are anonymous. A figure that is null is not
    shown; of people a figure is told once it may be (docs/adr/0021-coverage.md) and then stands until another may.
    """

    finding = models.OneToOneField(
        "diagnostics.Finding", on_delete=models.CASCADE, related_name="coverage", verbose_name="вывод"
    )
    unit = models.CharField("кого считали", max_length=13, choices=CoverageUnit.choices)
    total = models.PositiveIntegerField("с затруднением", null=True, blank=True)
    invited = models.PositiveIntegerField("приглашены", null=True, blank=True)
    signed_up = models.PositiveIntegerField("записаны", null=True, blank=True)
    came = models.PositiveIntegerField("пришли", null=True, blank=True)
    counted_at = models.DateTimeField("подсчитано", default=timezone.now)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "охват"
        verbose_name_plural = "охват"

    def __str__(self) -> str:
        return f"охват: {self.came} из {self.total}"

    @property
    def share(self) -> float | None:
        """Who came of those with the difficulty, 0..1; None where either is not shown."""
        return self.came / self.total if self.came is not None and self.total else None


class CoverageSet(models.Model):
    """Of which people a figure of coverage was told: what the next one must not be subtracted from.

    Everybody who came (or was signed up), whatever they answered: known by name to those who run the events, and
    nothing here says who has the difficulty. Shown on no page.
    """

    finding = models.ForeignKey("diagnostics.Finding", on_delete=models.CASCADE, related_name="coverage_sets")
    people = models.JSONField(default=list)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "сосчитанный круг людей"
        verbose_name_plural = "сосчитанные круги людей"

    def __str__(self) -> str:
        return f"{self.finding_id}: {len(self.people)}"


class EventCall(models.Model):
    """Those who find something hard are invited to an event that answers it.

    Of people only that it was done is kept: who was invited follows from the person's own answers, and only for
    the person. Where answers are anonymous the organisations are kept, as the map shows them to everybody who may
    read it.
    """

    finding = models.ForeignKey(
        "diagnostics.Finding", on_delete=models.CASCADE, related_name="calls", verbose_name="вывод"
    )
    event = models.ForeignKey(
        "events.Event", on_delete=models.CASCADE, related_name="calls", verbose_name="событие"
    )
    unit = models.CharField("кого пригласили", max_length=13, choices=CoverageUnit.choices)
    number = models.PositiveIntegerField("сколько")
    organisations = models.ManyToManyField("network.Organisation", blank=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="кто"
    )
    at = models.DateTimeField("когда", default=timezone.now)

    class Meta:
        verbose_name = "приглашение на событие"
        verbose_name_plural = "приглашения на события"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "event"], name="one_call_a_finding_and_event"),
            models.CheckConstraint(condition=Q(number__gt=0), name="a_call_is_to_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.event}"
