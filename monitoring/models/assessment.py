from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from core.school_year import SchoolYear, validate_school_year
from network import rules

if TYPE_CHECKING:
    from network.models import Person


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def in_force(self, municipality_id: int) -> FrameworkQuerySet:
        """Shipped versions and the municipality's own, the newest first, own before shipped."""
        return self.filter(Q(municipality=municipality_id) | Q(municipality=None)).order_by(
            models.F("municipality").asc(nulls_last=True), "-version", "pk"
        )


class Framework(models.Model):
    """One version of criteria by which the authority's work is scored (письмо Рособрнадзора 20.04.2021 № 08-70).

    Points are data: a municipality may load its region's table as a version of its own.
    """

    code = models.SlugField("код", max_length=60)
    version = models.PositiveSmallIntegerField("версия", default=1)
    title = models.CharField("название", max_length=300)
    basis = models.TextField("основание", blank=True)
    municipality = models.ForeignKey(
        "network.Municipality", null=True, blank=True, on_delete=models.PROTECT, related_name="frameworks"
    )

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = "система критериев"
        verbose_name_plural = "системы критериев"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code", "version"], name="one_framework_version"),
            models.UniqueConstraint(
                fields=["code", "version"],
                condition=Q(municipality__isnull=True),
                name="one_shipped_framework_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A section of the criteria, «2.2. Система обеспечения профессионального развития»."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="sections")
    code = models.CharField("номер", max_length=20)
    title = models.CharField("название", max_length=300)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "раздел критериев"
        verbose_name_plural = "разделы критериев"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="one_section_a_code")]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class Position(models.Model):
    """A position of the management cycle: goals, indicators, methods of collection and so on."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="positions")
    code = models.SlugField("код", max_length=40)
    title = models.CharField("название", max_length=300)
    stem = models.CharField("начало строк", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "позиция оценивания"
        verbose_name_plural = "позиции оценивания"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["section", "code"], name="one_position_a_code")]

    def __str__(self) -> str:
        return self.title


class Row(models.Model):
    """What is scored: one line of the table of a position."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="rows")
    code = models.CharField("код", max_length=20)
    text = models.CharField("текст", max_length=500)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "строка оценивания"
        verbose_name_plural = "строки оценивания"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["position", "code"], name="one_row_a_code")]

    def __str__(self) -> str:
        return self.text


class Column(models.Model):
    """By what a line is scored. `sign` −1 takes the points off: some criteria count against."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="columns")
    code = models.SlugField("код", max_length=40)
    title = models.CharField("название", max_length=200)
    max_points = models.PositiveSmallIntegerField("наибольший балл", default=1)
    sign = models.SmallIntegerField("знак", default=1, choices=[(1, "прибавляет"), (-1, "вычитает")])
    order = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "графа оценивания"
        verbose_name_plural = "графы оценивания"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["position", "code"], name="one_column_a_code"),
            models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="column_sign_plus_or_minus"),
        ]

    def __str__(self) -> str:
        return self.title


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, person: Person) -> AssessmentQuerySet:
        rights = person.rights
        return self if rights.is_admin else self.filter(municipality__in=rights.manages)

    def editable_by(self, person: Person) -> AssessmentQuerySet:
        rights = person.rights
        return self if rights.is_admin else self.filter(municipality__in=rights.methodist_in)


class Assessment(StatefulModel, RulesModel):
    """A municipality's self-assessment by one framework in one school year."""

    class State(models.TextChoices):
        DRAFT = "draft", "Заполняется"
        ACCEPTED = "accepted", "Принята"

    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="assessments", verbose_name="критерии"
    )
    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="assessments"
    )
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)
    created_at = models.DateTimeField("начата", auto_now_add=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "самооценка"
        verbose_name_plural = "самооценки"
        ordering = ["-year", "pk"]
        rules_permissions = {
            "see": rules.is_methodist | rules.is_official,
            "add": rules.is_methodist,
            "change": rules.is_methodist,
            "accept": rules.is_official,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year", "framework"], name="one_assessment_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"Самооценка за {SchoolYear(self.year)}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:assessment", args=[self.pk])

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def total(self) -> int:
        """Points given, those that count against taken off."""
        points = self.scores.aggregate(n=Sum(models.F("points") * models.F("column__sign")))["n"]
        return points or 0

    def is_begun(self) -> bool:
        """A point was given, or it was said why not; collected evidence alone is no self-assessment."""
        return self.scores.filter(Q(points__gt=0) | ~Q(note="")).exists()

    def every_point_has_evidence(self) -> bool:
        """Evidence that stands: a record cancelled since confirms nothing any more."""
        return not self.unconfirmed()

    def unconfirmed(self) -> list[Score]:
        """Points above zero without evidence that stands."""
        from monitoring.models.evidence import Evidence

        points = self.scores.filter(points__gt=0).select_related("row", "column")
        proofs = models.Prefetch("evidence", Evidence.objects.with_records())
        return [
            score
            for score in points.prefetch_related(proofs)
            if not any(not one.trouble for one in score.evidence.all())
        ]

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.ACCEPTED,
        conditions=[is_begun, every_point_has_evidence],
    )
    def accept(self) -> None:
        """Points and evidence are frozen."""


class Score(models.Model):
    """Points for one cell of the table. Points above zero need evidence: the constraint keeps the promise,
    `has_evidence` is kept by the actions together with the evidence rows."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="+")
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField("баллы", default=0)
    note = models.TextField("пояснение", blank=True)
    has_evidence = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "балл"
        verbose_name_plural = "баллы"
        ordering = ["row__order", "column__order"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "row", "column"], name="one_score_a_cell"),
            models.CheckConstraint(condition=Q(points=0) | Q(has_evidence=True), name="points_need_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.row.code}/{self.column.code}: {self.points}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:score", args=[self.assessment_id, self.row_id, self.column_id])
