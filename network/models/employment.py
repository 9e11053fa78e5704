from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from rules.contrib.models import RulesModel

from network import rules

if TYPE_CHECKING:
    from network.models import Person


class Role(models.TextChoices):
    TEACHER = "teacher", "педагог"
    HEAD = "head", "руководитель организации"
    METHODIST = "methodist", "методист"
    OFFICIAL = "official", "специалист органа управления образованием"
    EXPERT = "expert", "эксперт"


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def in_force(self, day: dt.date | None = None) -> EmploymentQuerySet:
        """Begun and not ended on the day (today)."""
        day = day or timezone.localdate()
        return self.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day), starts_on__lte=day)

    def visible_to(self, person: Person) -> EmploymentQuerySet:
        """Own; of a head's organisation; of a managed municipality."""
        rights = person.rights
        if rights.is_admin:
            return self
        return self.filter(
            models.Q(person=person)
            | models.Q(organisation__in=rights.head_of)
            | models.Q(organisation__municipality__in=rights.manages)
        )

    def pedagogues(self) -> EmploymentQuerySet:
        """Teachers, the people whom surveys and indicators count."""
        return self.filter(role=Role.TEACHER)


class Employment(RulesModel):
    """A person works in an organisation in a role; rights come only from employments in force."""

    person = models.ForeignKey(
        "network.Person", on_delete=models.CASCADE, related_name="employments", verbose_name="человек"
    )
    organisation = models.ForeignKey(
        "network.Organisation",
        on_delete=models.PROTECT,
        related_name="employments",
        verbose_name="организация",
    )
    role = models.CharField("роль", max_length=12, choices=Role.choices, default=Role.TEACHER)
    position = models.CharField("должность", max_length=200, blank=True)
    subject = models.ForeignKey(
        "network.Subject",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="предмет",
    )
    starts_on = models.DateField("работает с", default=timezone.localdate)
    ends_on = models.DateField("по", null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = "место работы"
        verbose_name_plural = "места работы"
        ordering = ["-starts_on", "pk"]
        rules_permissions = {"add": rules.keeps_staff, "change": rules.keeps_staff, "end": rules.keeps_staff}
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="employment_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=models.Q(ends_on__isnull=True),
                name="one_open_employment_a_role",
            ),
        ]
        # All that tells who works in a place on a day: the staff of a municipality is counted in it alone.
        indexes = [
            models.Index(
                fields=["organisation", "role", "ends_on", "starts_on", "person"], name="staff_of_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.position or self.get_role_display()}"
