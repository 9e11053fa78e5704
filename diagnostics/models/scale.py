from __future__ import annotations

from django.db import models


class Scale(models.Model):
    """A set of answers to choose from. Which of them mean a difficulty is data, not code."""

    code = models.SlugField("код", max_length=60, unique=True)
    name = models.CharField("название", max_length=200)

    class Meta:
        verbose_name = "шкала"
        verbose_name_plural = "шкалы"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ScaleOption(models.Model):
    """One answer of a scale.

    `weight` is the part of a difficulty that the answer expresses, 0..1: the difficulty index is the mean
    weight of valid answers. `is_no_answer` takes the answer out of what is counted («не применимо»).
    """

    scale = models.ForeignKey(Scale, on_delete=models.CASCADE, related_name="options", verbose_name="шкала")
    code = models.CharField("код", max_length=40)
    label = models.CharField("ответ", max_length=200)
    position = models.PositiveSmallIntegerField("порядок", default=0)
    is_difficulty = models.BooleanField("это затруднение", default=False)
    is_no_answer = models.BooleanField("нет ответа", default=False)
    weight = models.DecimalField("доля затруднения, 0–1", max_digits=4, decimal_places=3, default=0)

    class Meta:
        verbose_name = "ответ шкалы"
        verbose_name_plural = "ответы шкалы"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "code"], name="one_option_a_code"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0, weight__lte=1), name="scale_option_weight_0_1"
            ),
            models.CheckConstraint(
                condition=~models.Q(is_difficulty=True, is_no_answer=True), name="no_answer_is_no_difficulty"
            ),
        ]

    def __str__(self) -> str:
        return self.label
