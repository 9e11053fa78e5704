"""Work outside the request: the row is the truth, a Celery message only rings for it."""

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

if TYPE_CHECKING:
    from network.models import Person

# A message that was sent but not yet answered is not sent again sooner than this.
RING_AGAIN_AFTER = datetime.timedelta(seconds=60)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: "Person") -> "JobQuerySet":
        """The person's own jobs; an administrator sees all of them."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_superuser else self.filter(created_by=user)

    def waiting(self, now: datetime.datetime) -> "JobQuerySet":
        """Queued and due."""
        return self.filter(state=Job.State.QUEUED, next_at__lte=now)

    def abandoned(self, now: datetime.datetime) -> "JobQuerySet":
        """Running by the row, while whoever ran it stopped renewing the lease."""
        return self.filter(state=Job.State.RUNNING, lease_until__lt=now)

    def unheard(self, now: datetime.datetime) -> "JobQuerySet":
        """Due or abandoned jobs whose doorbell is to be rung: not rung since, or rung long ago."""
        quiet = Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN_AFTER)
        return (self.waiting(now) | self.abandoned(now)).filter(quiet)


class Job(models.Model):
    """One piece of work for the worker, with its progress and its outcome.

    `attempt` is the fence: whoever claims the row raises it, and every later write of that claim is
    conditional on it. `lease_until` says until when the claim is respected without a sign of life.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "В очереди"
        RUNNING = "running", "Выполняется"
        DONE = "done", "Готово"
        FAILED = "failed", "Не удалось"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("вид", max_length=80)
    title = models.CharField("название", max_length=300)
    params = models.JSONField("параметры", default=dict, blank=True)
    key = models.CharField("ключ повторного нажатия", max_length=200, unique=True, null=True, blank=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField("этап", max_length=200, blank=True)
    progress = models.PositiveSmallIntegerField("выполнено, %", default=0)

    attempt = models.PositiveIntegerField("попытка", default=0)
    errors = models.PositiveSmallIntegerField("ошибок подряд", default=0)
    losses = models.PositiveSmallIntegerField("прерываний обработчика", default=0)
    lease_until = models.DateTimeField("занято до", null=True, blank=True)
    next_at = models.DateTimeField("не раньше")
    rung_at = models.DateTimeField("обработчик извещён", null=True, blank=True)

    error = models.TextField("ошибка", blank=True)
    result = models.JSONField("итог", default=dict, blank=True)
    result_url = models.CharField("где итог", max_length=300, blank=True)
    request_id = models.CharField("номер запроса", max_length=64, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name="кто поставил",
    )
    created_at = models.DateTimeField("поставлено", auto_now_add=True)
    started_at = models.DateTimeField("начато", null=True, blank=True)
    finished_at = models.DateTimeField("закончено", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "задание"
        verbose_name_plural = "задания"
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="job_unfinished",
                condition=Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["created_by", "-created_at"], name="job_by_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_is_a_percentage"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="job_running_has_a_lease"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core:job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class Pulse(models.Model):
    """When a worker last took a message: the chain beat, broker, worker, database is whole."""

    name = models.CharField("обработчик", max_length=200, primary_key=True)
    at = models.DateTimeField("отозвался")

    class Meta:
        verbose_name = "отклик обработчика"
        verbose_name_plural = "отклики обработчиков"

    def __str__(self) -> str:
        return self.name
