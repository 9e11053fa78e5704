from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.addresses import address_of
from core.models import StatefulModel
from diagnostics.rules import asks_of_own_event, heads_in_municipality
from network import rules

if TYPE_CHECKING:
    from network.models import Person


class Anonymity(models.TextChoices):
    ANONYMOUS = "anonymous", "анонимный"
    CONFIDENTIAL = "confidential", "конфиденциальный"
    NAMED = "named", "именной"


def new_token() -> str:
    """A secret of a link, 43 characters."""
    return secrets.token_urlsafe(32)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def surveys(self) -> CampaignQuerySet:
        """Those of difficulties: feedback on an event has pages of its own (`diagnostics.models.Feedback`)."""
        return self.filter(feedback__isnull=True)

    def visible_to(self, person: Person) -> CampaignQuerySet:
        """Surveys: those who manage the municipality see all, heads those that were launched."""
        rights = person.rights
        if rights.is_admin:
            return self.surveys()
        from network.models import Organisation

        heads = Organisation.objects.filter(pk__in=rights.head_of).values("municipality")
        return self.surveys().filter(
            models.Q(municipality__in=rights.manages)
            | (models.Q(municipality__in=heads) & ~models.Q(state=Campaign.State.DRAFT))
        )

    def editable_by(self, person: Person) -> CampaignQuerySet:
        if person.rights.is_admin:
            return self.surveys()
        return self.surveys().filter(municipality__in=person.rights.methodist_in)

    def running(self) -> CampaignQuerySet:
        return self.filter(state=Campaign.State.RUNNING)

    def accepting(self) -> CampaignQuerySet:
        """Running and within their dates."""
        today = timezone.localdate()
        return self.running().filter(opens_on__lte=today, closes_on__gte=today)


class Campaign(StatefulModel, RulesModel):
    """One survey: a published questionnaire asked of an audience between two moments.

    Anonymity, the smallest group shown, the dimensions and whether straight-lined answers count are fixed
    at launch: changing any of them later would give two views of the same answers, and their difference.

    The audience is all organisations of the municipality, or with `chosen_only` those in `organisations`; of
    them, where given, only teachers of the `subjects`, with one of the `categories` (codes of `Category`) and
    with up to three years of service (`early_career_only`). Each empty limit is no limit.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        RUNNING = "running", "Идёт"
        CLOSED = "closed", "Завершён"

    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="campaigns"
    )
    questionnaire = models.ForeignKey(
        "diagnostics.Questionnaire", on_delete=models.PROTECT, related_name="campaigns", verbose_name="анкета"
    )
    title = models.CharField("название", max_length=250)
    purpose = models.TextField("цель", blank=True)
    anonymity = models.CharField(
        "анонимность", max_length=12, choices=Anonymity.choices, default=Anonymity.ANONYMOUS
    )
    opens_on = models.DateField("открывается")
    closes_on = models.DateField("закрывается")
    smallest_group = models.PositiveSmallIntegerField("наименьшая показываемая группа", default=5)
    notable_percent = models.PositiveSmallIntegerField(
        "трудность заметна, %",
        default=50,
        help_text=(
            "С какой доли ответов направление без мер поддержки попадает в число оставшихся без ответа."
        ),
    )
    by_organisation = models.BooleanField("сравнивать организации", default=True)
    by_subject = models.BooleanField("сравнивать предметы", default=True)
    by_category = models.BooleanField("сравнивать категории", default=True)
    by_years = models.BooleanField("сравнивать стаж", default=True)
    exclude_straightlined = models.BooleanField(
        "не учитывать однообразные ответы",
        default=False,
        help_text="Анкеты, где на все вопросы дан один и тот же ответ. После запуска не меняется.",
    )
    interim_map = models.BooleanField("показывать карту до закрытия", default=True)
    open_link = models.BooleanField(
        "общая ссылка", default=False, help_text="Отвечать может каждый, у кого есть ссылка."
    )
    open_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    chosen_only = models.BooleanField("только выбранные организации", default=False)
    organisations = models.ManyToManyField(
        "network.Organisation", blank=True, related_name="+", verbose_name="какие"
    )
    subjects = models.ManyToManyField(
        "network.Subject", blank=True, related_name="+", verbose_name="только предметы"
    )
    categories = models.JSONField("только категории", default=list, blank=True)
    early_career_only = models.BooleanField("только молодые педагоги", default=False)
    auto_reminders = models.BooleanField(
        "напоминать о последних днях",
        default=True,
        help_text="Письмо за три дня и за день до закрытия, только тем, кто не ответил.",
    )
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="сравнить с опросом",
    )
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)
    invited_count = models.PositiveIntegerField("приглашено", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "опрос"
        verbose_name_plural = "опросы"
        ordering = ["-opens_on", "-pk"]
        rules_permissions = {
            "add": rules.is_methodist,
            "change": rules.is_methodist,
            "launch": rules.is_methodist,
            "close": rules.is_methodist | asks_of_own_event,
            "remind": rules.is_methodist,
            "invite": rules.is_methodist,
            "hand_out": rules.is_methodist | heads_in_municipality,
            "import": rules.is_methodist,
            "see": rules.is_methodist | rules.is_official | heads_in_municipality,
            "see_map": rules.is_methodist | rules.is_official | heads_in_municipality,
        }
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="campaign_closes_later"
            ),
            models.CheckConstraint(
                condition=models.Q(smallest_group__gte=3), name="campaign_smallest_group_3"
            ),
            models.CheckConstraint(
                condition=models.Q(open_link=False) | models.Q(anonymity=Anonymity.ANONYMOUS),
                name="campaign_open_link_is_anonymous",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("diagnostics:campaign", self.pk)

    @property
    def is_feedback(self) -> bool:
        """Whether it asks about an event; without a query where the campaign was read with `feedback`."""
        return hasattr(self, "feedback")

    @property
    def is_anonymous(self) -> bool:
        return self.anonymity == Anonymity.ANONYMOUS

    def questionnaire_is_published(self) -> bool:
        from diagnostics.models import Questionnaire

        return self.questionnaire.state == Questionnaire.State.PUBLISHED

    def not_over(self) -> bool:
        return self.closes_on >= timezone.localdate()

    @property
    def is_ahead_or_open(self) -> bool:
        """Launched and not over: people can still be invited."""
        return self.state == self.State.RUNNING and self.not_over()

    @property
    def accepts_answers(self) -> bool:
        """Running and within its dates."""
        return self.state == self.State.RUNNING and self.opens_on <= timezone.localdate() <= self.closes_on

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.RUNNING,
        conditions=[questionnaire_is_published, not_over],
    )
    def launch(self) -> None:
        """People are invited; anonymity and the smallest group are fixed from now on."""

    @transition(field=state, source=[State.DRAFT, State.RUNNING], target=State.CLOSED)
    def close(self) -> None:
        """No more answers; the final batch is tallied. A draft is closed when its answers were imported."""
