"""Events that belong together."""

from __future__ import annotations

from django.db import models


class Series(models.Model):
    """Events that go on from one to the next (a permanent seminar) with one product at the end."""

    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="event_series"
    )
    title = models.CharField("название", max_length=250)
    kind = models.CharField("что это", max_length=120, default="постоянно действующий семинар")
    direction = models.ForeignKey(
        "network.Direction",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="event_series",
        verbose_name="направление",
    )
    product = models.TextField("итоговый продукт", blank=True)

    class Meta:
        verbose_name = "серия событий"
        verbose_name_plural = "серии событий"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "title"], name="series_title_once_a_place")
        ]

    def __str__(self) -> str:
        return self.title
