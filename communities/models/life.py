"""What a community shows of its life: news for everybody, a report a year for those it answers to."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from rules.contrib.models import RulesModel

from communities import rules
from core.school_year import SchoolYear, validate_school_year
from network.rules import is_methodist

if TYPE_CHECKING:
    from network.models import Person


class NewsQuerySet(models.QuerySet["CommunityNews"]):
    def visible_to(self, person: Person) -> NewsQuerySet:
        """News is public."""
        return self


class CommunityNews(RulesModel):
    """A short public piece of what the community did; simple marks of Markdown."""

    community = models.ForeignKey(
        "communities.Community", on_delete=models.CASCADE, related_name="news", verbose_name="сообщество"
    )
    title = models.CharField("заголовок", max_length=200)
    text = models.TextField("текст", max_length=10_000)
    published_at = models.DateTimeField("опубликовано", default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="автор",
    )

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = "новость сообщества"
        verbose_name_plural = "новости сообществ"
        ordering = ["-published_at", "-pk"]
        rules_permissions = {
            "change": (rules.keeps_minutes | is_methodist) & rules.is_going_on,
            "delete": rules.keeps_minutes | is_methodist,
        }
        indexes = [models.Index(fields=["community", "-published_at"], name="news_of_community")]

    def __str__(self) -> str:
        return self.title

    @property
    def municipality_id(self) -> int:
        return self.community.municipality_id

    def get_absolute_url(self) -> str:
        return reverse("communities:news", args=[self.community_id]) + f"#news-{self.pk}"


def report_path(report: CommunityReport, filename: str) -> str:
    """A name nobody can guess; the name people gave is kept in `filename`."""
    return f"communities/{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()}"


class ReportQuerySet(models.QuerySet["CommunityReport"]):
    def visible_to(self, person: Person) -> ReportQuerySet:
        """Members of the community; those who manage the municipality."""
        from communities.models.membership import Membership

        if person.rights.is_admin:
            return self
        mine = Membership.objects.current().filter(person=person)
        return self.filter(
            Q(community__in=mine.values("community")) | Q(community__municipality__in=person.rights.manages)
        )


class CommunityReport(RulesModel):
    """What the community did in a school year, in words and, if wished, as a file."""

    community = models.ForeignKey(
        "communities.Community", on_delete=models.CASCADE, related_name="reports", verbose_name="сообщество"
    )
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    text = models.TextField("что сделано и что это дало", max_length=20_000)
    file = models.FileField("файл", upload_to=report_path, blank=True, max_length=200)
    filename = models.CharField(max_length=200, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="кто сдал",
    )
    handed_at = models.DateTimeField("сдан", default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "отчёт сообщества"
        verbose_name_plural = "отчёты сообществ"
        ordering = ["-year"]
        rules_permissions = {
            "see": rules.is_member | is_methodist,
            "change": (rules.keeps_minutes | is_methodist) & rules.is_going_on,
        }
        constraints = [
            models.UniqueConstraint(fields=["community", "year"], name="one_community_report_a_year")
        ]

    def __str__(self) -> str:
        return f"Отчёт за {SchoolYear(self.year)}: {self.community}"

    @property
    def municipality_id(self) -> int:
        return self.community.municipality_id

    @property
    def school_year(self) -> SchoolYear:
        return SchoolYear(self.year)

    def get_absolute_url(self) -> str:
        return reverse("communities:report", args=[self.community_id, self.pk])
