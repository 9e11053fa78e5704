from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField, TransitionNotAllowed, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from core.school_year import SchoolYear, validate_school_year
from network import rules

if TYPE_CHECKING:
    from network.models import Person


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: Person) -> ReportQuerySet:
        rights = person.rights
        return self if rights.is_admin else self.filter(municipality__in=rights.manages)

    def editable_by(self, person: Person) -> ReportQuerySet:
        return self.visible_to(person)


class Report(StatefulModel, RulesModel):
    """A report of a municipality for a school year, built by the worker from a snapshot of the records.

    `wanted` counts the editions asked for, `edition` is the one that can be read: an edition is published whole,
    with its snapshot and files, or not at all. An accepted report never changes but for the last edition of
    its files, which carry the acceptance.
    """

    class Kind(models.TextChoices):
        ANNUAL = "annual", "Годовой отчёт мониторинга"

    class State(models.TextChoices):
        NEW = "new", "Собирается"
        DRAFT = "draft", "Черновик"
        ACCEPTED = "accepted", "Принят"

    kind = models.CharField("вид", max_length=12, choices=Kind.choices, default=Kind.ANNUAL)
    municipality = models.ForeignKey("network.Municipality", on_delete=models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    number = models.PositiveSmallIntegerField("номер")
    state = FSMField("состояние", default=State.NEW, choices=State.choices, protected=True)
    snapshot = models.JSONField("снимок данных", default=dict)
    wanted = models.PositiveIntegerField("заказано изданий", default=1)
    edition = models.PositiveIntegerField("издание", default=0)
    built_at = models.DateTimeField("собран", null=True, blank=True)
    texts_changed_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_on = models.DateField("принят", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField("создан", auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "отчёт"
        verbose_name_plural = "отчёты"
        ordering = ["-year", "-number"]
        rules_permissions = {
            "see": rules.is_methodist | rules.is_official,
            "add": rules.is_methodist | rules.is_official,
            "change": rules.is_methodist | rules.is_official,
            "accept": rules.is_official,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "year", "number"], name="one_report_a_number"
            ),
            models.UniqueConstraint(
                fields=["municipality", "kind", "year"],
                condition=~Q(state="accepted"),
                name="one_report_in_work_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_by__isnull=False, accepted_on__isnull=False),
                name="report_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(edition__lte=models.F("wanted")), name="report_edition_was_wanted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} № {self.number} за {SchoolYear(self.year)}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:report", args=[self.pk])

    @property
    def school_year(self) -> SchoolYear:
        return SchoolYear(self.year)

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def is_building(self) -> bool:
        """An edition was asked for and is not there yet."""
        return self.edition < self.wanted

    def texts_are_in(self) -> bool:
        """Nobody changed a text since the edition that can be read was collected."""
        return not self.texts_changed_at or (
            self.built_at is not None and self.built_at > self.texts_changed_at
        )

    def nothing_is_building(self) -> bool:
        return not self.is_building

    @transition(field=state, source=[State.NEW, State.DRAFT], target=State.DRAFT)
    def publish(self, edition: int, snapshot: dict[str, Any], built_at: dt.datetime) -> None:
        """A new edition can be read."""
        self._take_edition(edition)
        self.snapshot, self.built_at = snapshot, built_at

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.ACCEPTED,
        conditions=[texts_are_in, nothing_is_building],
    )
    def accept(self, accepted_by: Person) -> None:
        """Frozen; the last edition of the files says who accepted it and when."""
        self.accepted_by, self.accepted_on = accepted_by, timezone.localdate()
        self.wanted += 1

    @transition(field=state, source=State.ACCEPTED, target=State.ACCEPTED)
    def publish_accepted(self, edition: int, snapshot: dict[str, Any]) -> None:
        """The edition with the acceptance is there; the figures stay as they were."""
        self._take_edition(edition)
        self.snapshot = {**self.snapshot, "document": snapshot["document"]}

    def _take_edition(self, edition: int) -> None:
        if edition <= self.edition:
            raise TransitionNotAllowed(f"Edition {edition} is not newer than {self.edition}")
        self.edition = edition


class ReportText(models.Model):
    """What people write beside the figures: an interpretation of a section, causes, recommendations."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="texts")
    key = models.SlugField(max_length=40)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "текст отчёта"
        verbose_name_plural = "тексты отчёта"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="one_report_text_a_key")]

    def __str__(self) -> str:
        return f"{self.report}: {self.key}"


class ReportFile(models.Model):
    """One file of the edition that can be read; the next edition takes its place."""

    class Format(models.TextChoices):
        DOCX = "docx", "DOCX"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "XLSX"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=4, choices=Format.choices)
    file = models.FileField(max_length=200)
    size = models.PositiveIntegerField("размер, байт")

    class Meta:
        verbose_name = "файл отчёта"
        verbose_name_plural = "файлы отчёта"
        ordering = ["format"]
        constraints = [models.UniqueConstraint(fields=["report", "format"], name="one_report_file_a_format")]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_format_display()}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:report-file", args=[self.report_id, self.format])
