"""«Мои опросы»: what the person is asked, and the sheets they may read again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from django.views.generic import TemplateView

from core.pages import CardPage, ListPage, PageMixin
from diagnostics.answering import sections_with_items, today_accepts
from diagnostics.invitations import new_key
from diagnostics.models import Anonymity, Campaign, Invitation, Response
from diagnostics.questions import answer_text
from diagnostics.tables import ResponseTable
from diagnostics.views.answering import remember, token_kept

CRUMBS = [("Диагностика", "/diagnostics/")]


def my_invitations(person: Any) -> QuerySet[Invitation]:
    """Invitations of the person to campaigns that were launched, the open ones first."""
    return (
        Invitation.objects.filter(person=person)
        .exclude(campaign__state=Campaign.State.DRAFT)
        .select_related("campaign__questionnaire", "campaign__municipality")
        .order_by("-campaign__closes_on", "-pk")
    )


def awaiting(person: Any) -> QuerySet[Invitation]:
    """Those that can be answered today."""
    return my_invitations(person).filter(campaign__in=Campaign.objects.accepting(), participated=False)


def awaiting_surveys(person: Any) -> QuerySet[Invitation]:
    """Those of them that are no feedback on an event."""
    return awaiting(person).filter(campaign__in=Campaign.objects.surveys())


class Mine(PageMixin, TemplateView):
    template_name = "diagnostics/mine.html"
    title = "Мои опросы"
    section = "diagnostics"
    crumbs = CRUMBS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        own = {row.campaign_id: row.pk for row in Response.objects.filter(person=person).only("campaign_id")}
        rows = [
            {
                "invitation": invitation,
                "campaign": invitation.campaign,
                "standing": today_accepts(invitation.campaign),
                "response": own.get(invitation.campaign_id),
            }
            for invitation in my_invitations(person)[:100]
        ]
        return super().get_context_data(
            waiting=[r for r in rows if r["standing"] == "open" and not r["invitation"].participated],
            coming=[r for r in rows if r["standing"] == "early"],
            past=[r for r in rows if r["standing"] == "closed" or r["invitation"].participated],
            **kwargs,
        )


class MineStart(View):
    """Open the own sheet from the portal: by the link this browser keeps, else by a new one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = get_object_or_404(my_invitations(request.user), pk=pk)
        campaign = invitation.campaign
        if invitation.participated or not campaign.accepts_answers:
            return redirect("diagnostics:mine")
        token = token_kept(request, campaign, invitation.pk) or new_key(invitation)
        response = redirect("diagnostics:answer", token)
        return remember(response, campaign, token) if campaign.is_anonymous else response


class Responses(ListPage):
    """Sheets of a named campaign, for the methodists of its municipality."""

    model = Response
    permission = "diagnostics.see_campaign"
    section = "diagnostics"
    table_class = ResponseTable
    template_name = "core/list.html"
    filterset_fields: list[str] = []
    empty_title = "Ответов пока нет"
    empty_text = "Они появятся, когда первый из приглашённых отправит анкету."
    campaign: Campaign

    def get_queryset(self) -> QuerySet[Response]:
        rows = Response.objects.visible_to(self.request.user).filter(campaign=self.campaign)
        return rows.select_related("person", "organisation").order_by("sent_at", "pk")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = Campaign.objects.editable_by(request.user).filter(anonymity=Anonymity.NAMED)
        self.campaign = get_object_or_404(named, pk=kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        return "Ответы по именам"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [
            *CRUMBS,
            ("Опросы", "/diagnostics/campaigns/"),
            (self.campaign.title, self.campaign.get_absolute_url()),
        ]


class ResponseCard(CardPage):
    """One sheet: for the person, and in a named campaign for the methodists."""

    queryset = Response.objects.select_related(
        "campaign__feedback", "campaign__questionnaire", "person", "organisation"
    )
    model = Response
    section = "diagnostics"
    template_name = "diagnostics/response.html"

    def get_title(self) -> str:
        own = self.object.person_id == self.request.user.pk
        return "Мои ответы" if own else f"Ответы: {self.object.person}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        if self.object.person_id == self.request.user.pk:
            return [*CRUMBS, ("Мои опросы", "/diagnostics/mine/")]
        return [*CRUMBS, (self.object.campaign.title, self.object.campaign.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answers = self.object.answers
        sections = sections_with_items(self.object.campaign.questionnaire_id)
        return super().get_context_data(
            topics=[
                (section, [(item, answer_text(item, answers)) for item in section.items.all()])
                for section in sections
            ],
            **kwargs,
        )
