from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class StateChange(models.Model):
    """One step of a record through its workflow: what, by whom, when and why. Written only by `core.states.move`."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.CharField(max_length=40)
    subject = GenericForeignKey("content_type", "object_id")
    transition = models.CharField("переход", max_length=60)
    from_state = models.CharField("было", max_length=40)
    to_state = models.CharField("стало", max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="кто"
    )
    at = models.DateTimeField("когда", auto_now_add=True)
    reason = models.TextField("причина", blank=True)

    class Meta:
        verbose_name = "шаг состояния"
        verbose_name_plural = "шаги состояний"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "at"])]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
