from __future__ import annotations

from django.conf import settings
from django.db import models


class ConsentDocument(models.Model):
    """Text of a consent to data processing: a separate document for one purpose (152-ФЗ ст. 9, since 01.09.2025).

    A published text never changes; a new wording is a new version.
    """

    purpose = models.CharField("цель", max_length=200)
    version = models.PositiveSmallIntegerField("версия")
    text = models.TextField("текст")
    published_at = models.DateTimeField("опубликован", auto_now_add=True)

    class Meta:
        verbose_name = "документ согласия"
        verbose_name_plural = "документы согласия"
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.purpose}, версия {self.version}"


class Consent(models.Model):
    """A person's consent to one document: given at a moment, may be taken back at a moment."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    document = models.ForeignKey(ConsentDocument, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField("дано", auto_now_add=True)
    revoked_at = models.DateTimeField("отозвано", null=True, blank=True)

    class Meta:
        verbose_name = "согласие"
        verbose_name_plural = "согласия"
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "document"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_consent_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.document}"
