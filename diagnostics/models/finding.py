from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from rules.contrib.models import RulesModel

from core.addresses import address_of
from core.school_year import validate_school_year
from diagnostics.models.measure import SupportMeasure, carried_out, standing
from network import rules

if TYPE_CHECKING:
    from network.models import Person


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, person: Person) -> FindingQuerySet:
        if person.rights.is_admin:
            return self
        return self.filter(municipality__in=person.rights.manages)

    def editable_by(self, person: Person) -> FindingQuerySet:
        if person.rights.is_admin:
            return self
        return self.filter(municipality__in=person.rights.methodist_in)

    def unanswered(self) -> FindingQuerySet:
        """Difficulties that no support measure answers; one that came to nothing does not."""
        return self.filter(~Exists(SupportMeasure.objects.standing().filter(finding=OuterRef("pk"))))

    def told_to(self, person: Person) -> FindingQuerySet:
        """Whose difficulty is named on the card of what answers it: managers, and the head of the place it is about."""
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.none()
        if rights.is_admin:
            return self
        return self.filter(Q(municipality__in=rights.manages) | Q(organisation__in=rights.head_of))

    def with_measure_counts(self) -> FindingQuerySet:
        """`measure_count`: measures that answer it; `done_count`: those carried out."""
        return self.annotate(
            measure_count=Count("measures", filter=standing("measures__")),
            done_count=Count("measures", filter=carried_out("measures__")),
        )


class Finding(RulesModel):
    """A difficulty recognised as worth acting on, with the figures as they were seen."""

    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="findings"
    )
    campaign = models.ForeignKey(
        "diagnostics.Campaign", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    direction = models.ForeignKey("network.Direction", on_delete=models.PROTECT, related_name="findings")
    organisation = models.ForeignKey(
        "network.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    share = models.DecimalField(
        "доля затруднений, 0–1", max_digits=5, decimal_places=4, null=True, blank=True
    )
    answers = models.PositiveIntegerField("ответов", null=True, blank=True)
    note = models.TextField("вывод", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "вывод о затруднении"
        verbose_name_plural = "выводы о затруднениях"
        ordering = ["-created_at"]
        rules_permissions = {
            "add": rules.is_methodist,
            "change": rules.is_methodist,
            "see": rules.is_methodist | rules.is_official,
        }

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "direction", "organisation"],
                condition=models.Q(organisation__isnull=False),
                name="one_finding_a_cell",
            ),
            models.UniqueConstraint(
                fields=["campaign", "direction"],
                condition=models.Q(organisation__isnull=True),
                name="one_finding_a_direction",
            ),
        ]

    def __str__(self) -> str:
        return str(self.direction)

    def get_absolute_url(self) -> str:
        return address_of("diagnostics:finding", self.pk)
