"""The first page of the section: what each role looks for here."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from core.pages import Action, PageMixin
from diagnostics.models import Campaign, Finding, Item, Questionnaire
from diagnostics.progress import counted, progress_of, with_progress
from diagnostics.views.mine import awaiting

SHOWN = 5


class Home(PageMixin, TemplateView):
    """Running campaigns with progress, findings that nothing answers, own surveys."""

    template_name = "diagnostics/home.html"
    title = "Диагностика"
    lead = "Что педагогам даётся трудно и чем сеть на это отвечает."
    section = "diagnostics"

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("diagnostics.add_campaign"):
            return []
        return [Action("Новый опрос", "/diagnostics/campaigns/new/", "primary", "plus-lg")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        rights = person.rights
        manages = bool(rights.is_admin or rights.manages)
        sees = manages or bool(rights.head_of)
        return super().get_context_data(
            manages=manages,
            sees=sees,
            campaigns=self._campaigns() if sees else [],
            past=self._past() if sees else [],
            findings=self._findings() if manages else [],
            questionnaires=self._questionnaires() if manages else [],
            mine=list(awaiting(person)[:SHOWN]),
            **kwargs,
        )

    def _campaigns(self) -> list[dict[str, Any]]:
        """Running ones; a head is shown the progress of the own organisations."""
        person = self.request.user
        running = Campaign.objects.visible_to(person).running()[:SHOWN]
        return progress_of(list(running), person)

    def _past(self) -> list[Campaign]:
        closed = Campaign.objects.visible_to(self.request.user).filter(state=Campaign.State.CLOSED)
        return list(with_progress(closed)[:SHOWN])

    def _findings(self) -> list[Finding]:
        rows = Finding.objects.visible_to(self.request.user).unanswered()
        return list(rows.select_related("direction", "organisation", "campaign")[:SHOWN])

    def _questionnaires(self) -> list[Questionnaire]:
        rows = Questionnaire.objects.visible_to(self.request.user).exclude(state="archived")
        return list(
            rows.annotate(item_count=counted(Item.objects.all(), "section__questionnaire"))
            .select_related("municipality")
            .order_by("-state", "title")[:SHOWN]
        )
