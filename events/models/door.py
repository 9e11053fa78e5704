from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string

# Without letters and digits that are read one for another from a screen at the far end of a hall.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_token() -> str:
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """Six signs that people type from the screen."""
    return get_random_string(6, CODE_LETTERS)


class Door(models.Model):
    """The QR code and the short code on the screen by which those who came say so themselves, for as long as it is open."""

    event = models.OneToOneField("events.Event", on_delete=models.CASCADE, related_name="door")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    code = models.CharField("код", max_length=6, unique=True, default=new_code)
    closes_at = models.DateTimeField("действует до")
    opened_at = models.DateTimeField("открыт", default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "код присутствия"
        verbose_name_plural = "коды присутствия"
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gte=F("opened_at")), name="door_closes_later")
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.code}"

    @property
    def is_open(self) -> bool:
        return self.opened_at <= timezone.now() < self.closes_at
