from django.db import models


class Dimension(models.TextChoices):
    """What the map compares; `ALL` is the whole network."""

    ALL = "all", "По сети"
    ORGANISATION = "organisation", "По организациям"
    SUBJECT = "subject", "По предметам"
    CATEGORY = "category", "По категориям"
    YEARS = "years", "По стажу"


class Batch(models.Model):
    """A set of responses released together: the protection of small groups looks at each batch by itself.

    `shown` is what was decided then and never changes: direction id → dimension → keys of the groups whose
    figures are released; a direction that is not there is not released at all.

    Until it is `counted` a batch is being made (diagnostics.tallies) and nothing of it is shown: the worker
    that raised `attempt` last has it until `busy_until`.
    """

    campaign = models.ForeignKey("diagnostics.Campaign", on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField("номер")
    size = models.PositiveIntegerField("ответов", default=0)
    shown = models.JSONField("что показано", default=dict)
    counted = models.BooleanField("подсчитана", default=False)
    attempt = models.PositiveIntegerField("попытка", default=0)
    busy_until = models.DateTimeField("занята до", null=True, blank=True)

    class Meta:
        verbose_name = "порция ответов"
        verbose_name_plural = "порции ответов"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_batch_a_number"),
            models.UniqueConstraint(
                fields=["campaign"], condition=models.Q(counted=False), name="one_open_batch_a_campaign"
            ),
        ]

    def __str__(self) -> str:
        return f"порция {self.number}"


class Tally(models.Model):
    """How many answers of one kind a group gave to an item, as released.

    Every option of a shown cell has a row, zero too: a group with rows is shown. A row without an item is the
    coverage: how many respondents of the group were counted, whether its figures are shown or not.

    The constraints are the indexes: one more for a foreign key would double the time of writing a batch.
    """

    campaign = models.ForeignKey(
        "diagnostics.Campaign", on_delete=models.CASCADE, related_name="tallies", db_index=False
    )
    dimension = models.CharField(max_length=12, choices=Dimension)
    group = models.CharField(max_length=130, blank=True)
    item = models.ForeignKey(
        "diagnostics.Item", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    option = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "счёт ответов"
        verbose_name_plural = "счёт ответов"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "dimension", "group", "item", "option"], name="one_tally_a_cell"
            ),
            models.UniqueConstraint(
                fields=["campaign", "dimension", "group"],
                condition=models.Q(item__isnull=True),
                name="one_coverage_a_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}={self.group}: {self.count}"
