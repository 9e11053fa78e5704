"""Campaigns: list, terms, launch, progress, reminders, closing."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.models import Job
from core.pages import Action, CardPage, CreatePage, EditPage, ListPage
from core.states import history
from diagnostics.actions import campaigns as actions
from diagnostics.answering import anonymity_words
from diagnostics.audience import limit_words
from diagnostics.filters import CampaignFilter
from diagnostics.forms.campaigns import CampaignForm
from diagnostics.models import Anonymity, Campaign, Item
from diagnostics.other_answers import OFF_THE_MAP
from diagnostics.progress import progress_by_organisation, with_progress, without_email
from diagnostics.tables import CampaignTable

SECTION = "diagnostics"
COMPARED = {"organisation": "организации", "subject": "предметы", "category": "категории", "years": "стаж"}
HOME = [("Диагностика", "/diagnostics/")]


class CampaignList(ListPage):
    model = Campaign
    permission = "diagnostics.see_campaign"
    title = "Опросы"
    section = SECTION
    crumbs = HOME
    table_class = CampaignTable
    filterset_class = CampaignFilter
    empty_title = "Опросов пока нет"
    empty_text = "Опрос показывает, что педагогам даётся трудно и чем сеть может помочь."
    export_name = "oprosy"
    export_columns = [
        ("Название", "title"),
        ("Анкета", "questionnaire__title"),
        ("Открыт", "opens_on"),
        ("Закрыт", "closes_on"),
        ("Анонимность", "get_anonymity_display"),
        ("Приглашено", "invited_count"),
        ("Ответили", "answered"),
        ("Состояние", "get_state_display"),
    ]

    def get_queryset(self) -> QuerySet[Campaign]:
        return with_progress(super().get_queryset()).select_related("questionnaire")

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("diagnostics.add_campaign"):
            return []
        return [Action("Новый опрос", reverse("diagnostics:campaign-new"), "primary", "plus-lg")]


class CampaignCard(CardPage):
    """Progress by organisation; a head sees the own organisation alone."""

    model = Campaign
    permission = "diagnostics.see_campaign"
    section = SECTION
    template_name = "diagnostics/campaign.html"
    crumbs = [*HOME, ("Опросы", "/diagnostics/campaigns/")]

    def get_queryset(self) -> QuerySet[Campaign]:
        rows = super().get_queryset().select_related("questionnaire", "municipality", "previous")
        off = Item.objects.filter(OFF_THE_MAP, section__questionnaire=OuterRef("questionnaire"))
        return with_progress(rows).annotate(asks_more=Exists(off))

    def get_actions(self) -> list[Action]:
        campaign, person = self.object, self.request.user
        if not person.has_perm("diagnostics.change_campaign", campaign):
            return []

        def act(label: str, name: str, kind: str = "quiet", icon: str = "") -> Action:
            return Action(label, reverse(f"diagnostics:{name}", args=[campaign.pk]), kind, icon)

        if campaign.state == Campaign.State.DRAFT:
            return [act("Изменить", "campaign-edit"), act("Запустить", "campaign-launch", "primary")]
        if campaign.state == Campaign.State.RUNNING:
            remind = (
                [act("Напомнить", "campaign-reminder", "primary", "envelope")] if self._can_remind() else []
            )
            return [act("Завершить", "campaign-closing", "stop"), *remind]
        return []

    def _invites(self) -> bool:
        return self.object.is_ahead_or_open and not self.object.open_link

    def _can_remind(self) -> bool:
        return self.object.accepts_answers and not self.object.open_link

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign, person = self.object, self.request.user
        manages = person.rights.is_admin or campaign.municipality_id in person.rights.manages
        progress = progress_by_organisation(campaign, person)
        jobs = self._letter_jobs() if manages else []
        chosen = list(campaign.organisations.all()) if campaign.chosen_only else []
        asked = {row["organisation"] for row in progress}
        return super().get_context_data(
            manages=manages,
            may_change=person.has_perm("diagnostics.change_campaign", campaign),
            anonymity=anonymity_words(campaign.anonymity),
            limits=limit_words(campaign),
            chosen=chosen,
            nobody_at=[place for place in chosen if place.pk not in asked] if asked and manages else [],
            silent=self._silent(),
            may_add=self._invites() and person.has_perm("diagnostics.invite_campaign", campaign),
            progress=progress,
            share=campaign.participated / campaign.invited_count if campaign.invited_count else None,
            compared=[word for name, word in COMPARED.items() if getattr(campaign, f"by_{name}")],
            days_left=(campaign.closes_on - timezone.localdate()).days,
            steps=list(history(campaign)) if manages else [],
            letter_jobs=jobs,
            own_jobs={job.pk for job in jobs if person.rights.is_admin or job.created_by_id == person.pk},
            open_url=self._open_url(),
            is_named=campaign.anonymity == Anonymity.NAMED,
            **kwargs,
        )

    def _letter_jobs(self) -> list[Job]:
        """Of the launch, of people added later, of today's reminders."""
        first = f"diagnostics.invite:{self.object.pk}"
        keys = Q(key__in=[first, actions.reminder_key(self.object)]) | Q(key__startswith=f"{first}:")
        return list(Job.objects.filter(keys).order_by("-created_at")[:5])

    def _silent(self) -> int:
        """How many can be given a link on paper by the person who looks."""
        campaign, person = self.object, self.request.user
        if not self._invites() or not person.has_perm("diagnostics.hand_out_campaign", campaign):
            return 0
        return sum(place.people for place in without_email(campaign, person))  # type: ignore[attr-defined]

    def _open_url(self) -> str:
        if not self.object.open_link:
            return ""
        return self.request.build_absolute_uri(reverse("diagnostics:answer", args=[self.object.open_token]))


class _Draft:
    model = Campaign
    form_class = CampaignForm
    section = SECTION
    crumbs = [*HOME, ("Опросы", "/diagnostics/campaigns/")]
    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}  # type: ignore[misc]

    def perform(self, form: CampaignForm) -> Campaign:
        campaign = form.save(commit=False)
        return actions.save_draft(campaign, by=self.request.user, limits=form.limits)  # type: ignore[arg-type]


class CampaignNew(_Draft, CreatePage):
    permission = "diagnostics.add_campaign"
    title = "Новый опрос"
    lead = "Сначала черновик: запустить его можно на следующей странице."
    cancel_url = "/diagnostics/campaigns/"
    submit_label = "Сохранить черновик"

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        initial = {
            **super().get_initial(),
            "opens_on": today,
            "closes_on": today + timezone.timedelta(days=14),
        }
        if asked := self.request.GET.get("questionnaire"):
            initial["questionnaire"] = asked
        return initial


class CampaignEdit(_Draft, EditPage):
    permission = "diagnostics.change_campaign"
    title = "Условия опроса"
