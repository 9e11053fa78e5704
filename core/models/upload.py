"""A file on its way in: kept aside with its mapping and the fate of every row until somebody confirms."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.models.job import Job

if TYPE_CHECKING:
    from network.models import Person


def _path(upload: Upload, name: str) -> str:
    """A name that nobody can guess and that keeps nothing of the original one."""
    return f"imports/{upload.pk}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, person: Person) -> UploadQuerySet:
        """One's own uploads: they hold people's data before anybody has checked them."""
        if not person.is_authenticated:
            return self.none()
        return self if person.is_superuser else self.filter(created_by=person)


class Upload(models.Model):
    """A spreadsheet that was sent in. Its state moves by conditional updates only, so a press that comes
    twice is done once; `revision` grows with every new mapping, `fingerprint` names the plan that was shown."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Проверяется"
        READY = "ready", "Ждёт подтверждения"
        APPLYING = "applying", "Записывается"
        APPLIED = "applied", "Загружено"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("что загружается", max_length=80)
    params = models.JSONField("куда", default=dict, blank=True)
    name = models.CharField("имя файла", max_length=255)
    file = models.FileField("файл", upload_to=_path)
    sheet = models.CharField("лист", max_length=255, blank=True)
    sheets = models.JSONField("листы", default=list, blank=True)
    header_row = models.PositiveIntegerField("строка заголовка")
    header = models.JSONField("колонки файла", default=list)
    columns = models.JSONField("соответствие колонок", default=dict, blank=True)
    corrections = models.JSONField("поправки к строкам", default=dict, blank=True)
    options = models.JSONField("что ещё сделать", default=dict, blank=True)
    accept_good_rows = models.BooleanField("взять строки без ошибок", default=False)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.PREPARING)
    revision = models.PositiveIntegerField("проверка по счёту", default=1)
    fingerprint = models.CharField("отпечаток плана", max_length=64, blank=True)
    counts = models.JSONField("итоги", default=dict, blank=True)
    message = models.TextField("что случилось", blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="uploads",
        verbose_name="кто",
    )
    created_at = models.DateTimeField("загружен", auto_now_add=True)
    applied_at = models.DateTimeField("записан", null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "загрузка таблицы"
        verbose_name_plural = "загрузки таблиц"
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["created_by", "kind", "-created_at"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("core:upload", args=[self.pk])

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class UploadRow(models.Model):
    """The fate of one row, as the preview shows it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("строка")
    fate = models.CharField("судьба", max_length=10)
    title = models.CharField("что", max_length=300, blank=True)
    changes = models.JSONField("изменения", default=list, blank=True)
    problems = models.JSONField("ошибки", default=list, blank=True)
    notes = models.JSONField("замечания", default=list, blank=True)
    guesses = models.JSONField("угадано", default=dict, blank=True)

    class Meta:
        verbose_name = "строка загрузки"
        verbose_name_plural = "строки загрузки"
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["upload", "fate", "number"])]

    def __str__(self) -> str:
        return f"Строка {self.number}"
