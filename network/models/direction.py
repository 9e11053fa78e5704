from __future__ import annotations

from django.db import models


class Direction(models.Model):
    """A theme (направление): one tree for difficulties, communities, events, materials and indicators.

    The roots are the competence areas; shipped with the portal in versions, added to by methodists.
    """

    code = models.SlugField("код", max_length=60, unique=True)
    name = models.CharField("название", max_length=200)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name="область",
    )
    position = models.PositiveSmallIntegerField("порядок", default=0)
    is_active = models.BooleanField("используется", default=True)

    class Meta:
        verbose_name = "направление"
        verbose_name_plural = "направления"
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                name="direction_no_self",
            )
        ]

    def __str__(self) -> str:
        return self.name
