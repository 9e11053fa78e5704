from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from communities.models.application import CommunityApplication
from communities.models.application_queries import UNDER_WAY


class Answer(models.TextChoices):
    """What somebody listed in an application says to it: participation is voluntary (seed 002, п. 4.1)."""

    ASKED = "asked", "ещё не ответил"
    CONFIRMED = "confirmed", "участвует"
    DECLINED = "declined", "отказался"


class AnswerQuerySet(models.QuerySet):
    def asked(self) -> AnswerQuerySet:
        """Those who know of it: the application was submitted since they were listed."""
        return self.filter(asked_at__isnull=False)

    def awaited(self) -> AnswerQuerySet:
        """Asked and silent so far."""
        return self.asked().filter(answer=Answer.ASKED)

    def open_to_answers(self) -> AnswerQuerySet:
        """Of applications under way whose order is not prepared: until then answers are taken."""
        return self.filter(application__state__in=UNDER_WAY, application__order=None)

    def confirmed(self) -> AnswerQuerySet:
        return self.filter(answer=Answer.CONFIRMED)

    def agreed(self) -> AnswerQuerySet:
        """People who said yes and whom the head of the organisation they stand for has not refused.

        A silent head stops nobody: taking part is the person's own choice (seed 002, п. 4.1).
        """
        refused = ApplicationOrganisation.objects.declined().filter(
            application=OuterRef("application"), organisation=OuterRef("organisation")
        )
        return self.confirmed().filter(~Exists(refused))

    def declined(self) -> AnswerQuerySet:
        return self.filter(answer=Answer.DECLINED)


class _Participant(models.Model):
    """Listed in an application; asked when it is submitted, and free to say no."""

    organisation = models.ForeignKey(
        "network.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="организация"
    )
    answer = models.CharField("ответ", max_length=10, choices=Answer.choices, default=Answer.ASKED)
    asked_at = models.DateTimeField("спрошен", null=True, blank=True, editable=False)
    answered_at = models.DateTimeField("ответил", null=True, blank=True, editable=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def answer_due(self) -> dt.date:
        """The last day to answer by the setting of the municipality; for those who were asked."""
        days = dt.timedelta(days=self.application.municipality.answer_days)  # type: ignore[attr-defined]
        return timezone.localdate(self.asked_at) + days


class ApplicationMember(_Participant):
    """A person proposed as a member, from the organisation they stand for."""

    application = models.ForeignKey(CommunityApplication, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="application_memberships",
        verbose_name="человек",
    )

    class Meta:
        verbose_name = "участник в заявлении"
        verbose_name_plural = "участники в заявлениях"
        ordering = ["person__last_name", "person__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="application_member_once"),
            models.CheckConstraint(
                condition=Q(answer="asked") | Q(answered_at__isnull=False), name="application_member_answered"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class ApplicationOrganisation(_Participant):
    """An organisation that takes part: its head agrees to it."""

    application = models.ForeignKey(
        CommunityApplication, on_delete=models.CASCADE, related_name="organisations"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="кто ответил",
    )

    class Meta:
        verbose_name = "организация в заявлении"
        verbose_name_plural = "организации в заявлениях"
        ordering = ["organisation__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation"], name="application_organisation_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="asked") | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="application_organisation_answered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Verdict(models.TextChoices):
    FOR = "for", "за"
    REMARKS = "remarks", "за, с замечаниями"
    AGAINST = "against", "против"


class OpinionQuerySet(models.QuerySet["ExpertOpinion"]):
    def given(self) -> OpinionQuerySet:
        return self.filter(given_at__isnull=False)

    def awaited(self) -> OpinionQuerySet:
        """Asked while the application is in review, not given yet."""
        return self.filter(given_at__isnull=True, application__state=CommunityApplication.State.IN_REVIEW)

    def overdue(self, today: dt.date | None = None) -> OpinionQuerySet:
        return self.awaited().filter(due_on__lt=today or timezone.localdate())


class ExpertOpinion(models.Model):
    """An expert's opinion, asked by a methodist until a day; it advises those who decide."""

    application = models.ForeignKey(CommunityApplication, on_delete=models.CASCADE, related_name="opinions")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="application_opinions",
        verbose_name="эксперт",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="кто просил"
    )
    asked_at = models.DateTimeField("спрошено", auto_now_add=True)
    due_on = models.DateField("срок")
    verdict = models.CharField("вывод", max_length=8, choices=Verdict.choices, blank=True)
    text = models.TextField("мнение", blank=True)
    given_at = models.DateTimeField("дано", null=True, blank=True, editable=False)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "мнение эксперта"
        verbose_name_plural = "мнения экспертов"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "expert"], name="application_opinion_once"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True) | (~Q(verdict="") & ~Q(text="")),
                name="application_opinion_given_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.expert}"

    @property
    def is_overdue(self) -> bool:
        return self.given_at is None and self.due_on < timezone.localdate()


class ApplicationVersion(models.Model):
    """The application as it was handed in: one a submission; `content` is words by key (application_versions.py)."""

    application = models.ForeignKey(CommunityApplication, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("номер")
    content = models.JSONField("содержание")
    submitted_at = models.DateTimeField("подано", default=timezone.now)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "поданное заявление"
        verbose_name_plural = "поданные заявления"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="application_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.application}, подача {self.number}"
