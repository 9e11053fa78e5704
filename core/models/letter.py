"""Outbox of letters: a letter is a row written with the change it tells of, and is sent once."""

import datetime

from django.db import models
from django.db.models import Q


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self, now: datetime.datetime) -> "LetterQuerySet":
        """Waiting and due, or claimed by a worker that fell silent."""
        return self.filter(
            Q(state=Letter.State.QUEUED, next_at__lte=now)
            | Q(state=Letter.State.SENDING, lease_until__lt=now)
        )


class Letter(models.Model):
    """A letter to one address; `key` makes queueing it twice the same as queueing it once."""

    class State(models.TextChoices):
        QUEUED = "queued", "Ждёт отправки"
        SENDING = "sending", "Отправляется"
        SENT = "sent", "Отправлено"
        FAILED = "failed", "Не доставлено"

    key = models.CharField("ключ", max_length=200, unique=True)
    to = models.EmailField("кому")
    subject = models.CharField("тема", max_length=300)
    text = models.TextField("текст", blank=True)
    html = models.TextField("текст в HTML", blank=True)
    secret = models.BooleanField("стереть после отправки", default=False)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField("попытка", default=0)
    lease_until = models.DateTimeField("занято до", null=True, blank=True)
    next_at = models.DateTimeField("не раньше")
    error = models.CharField("почему не отправлено", max_length=300, blank=True)
    request_id = models.CharField("номер запроса", max_length=64, blank=True)
    created_at = models.DateTimeField("создано", auto_now_add=True)
    sent_at = models.DateTimeField("отправлено", null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "письмо"
        verbose_name_plural = "письма"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_at"], name="letter_unsent", condition=Q(state__in=["queued", "sending"])
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(secret=False) | ~Q(state__in=["sent", "failed"]) | Q(text="", html=""),
                name="letter_secret_is_blanked",
            )
        ]

    def __str__(self) -> str:
        return self.subject
