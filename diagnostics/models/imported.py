from django.conf import settings
from django.db import models


class ImportedAnswers(models.Model):
    """A table of past answers taken into a campaign; the same file is not taken twice."""

    campaign = models.ForeignKey("diagnostics.Campaign", on_delete=models.PROTECT, related_name="imported")
    sha256 = models.CharField("отпечаток файла", max_length=64)
    name = models.CharField("файл", max_length=250)
    rows = models.PositiveIntegerField("ответов")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "загруженная таблица ответов"
        verbose_name_plural = "загруженные таблицы ответов"
        ordering = ["-imported_at"]
        constraints = [models.UniqueConstraint(fields=["campaign", "sha256"], name="answers_file_taken_once")]

    def __str__(self) -> str:
        return self.name
