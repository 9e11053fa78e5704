from django.db import models


class OtherAnswers(models.Model):
    """Counts of one batch of the items that the map does not show, over the whole network alone.

    `counts`: item id → {"answers": n, "options": {code: n}} for an item with answers to choose from,
    {"answers": n, "sum": s} for a number. An item with fewer answers in the batch than the smallest group is
    not there: what is shown is a sum over such batches, so two looks never differ by fewer answers.
    """

    batch = models.OneToOneField(
        "diagnostics.Batch", on_delete=models.CASCADE, primary_key=True, related_name="other_answers"
    )
    counts = models.JSONField("счёт", default=dict)

    class Meta:
        verbose_name = "ответы на остальные вопросы"
        verbose_name_plural = "ответы на остальные вопросы"

    def __str__(self) -> str:
        return str(self.batch)
