from django.db import models


class Subject(models.Model):
    """A school subject or area of work; teachers of one subject are compared on the difficulty map."""

    name = models.CharField("название", max_length=120, unique=True)

    class Meta:
        verbose_name = "предмет"
        verbose_name_plural = "предметы"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
