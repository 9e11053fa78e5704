from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse


def new_token() -> str:
    """256 random bits for an address that opens without a sign-in."""
    return secrets.token_urlsafe(32)


class CalendarLink(models.Model):
    """The secret address of a person's own calendar; another one, or none, makes the old one worthless."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    token = models.CharField("секретная часть адреса", max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField("создан", auto_now_add=True)

    class Meta:
        verbose_name = "адрес личного календаря"
        verbose_name_plural = "адреса личных календарей"

    def __str__(self) -> str:
        return f"Календарь: {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("events:calendar-own", args=[self.token])
