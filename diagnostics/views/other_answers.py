"""What was answered to the questions that the difficulty map does not show."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.pages import CardPage
from diagnostics.models import Anonymity, Campaign, Item
from diagnostics.other_answers import other_answers
from diagnostics.views.participants import crumbs_of


class OtherAnswersPage(CardPage):
    """Counts over the whole network; words that people wrote are not shown."""

    model = Campaign
    section = "diagnostics"
    permission = "diagnostics.see_map_campaign"
    template_name = "diagnostics/other_answers.html"
    lead = "Вопросы, которых нет на карте затруднений: счёт по всем ответившим, без деления на группы."

    def get_queryset(self) -> QuerySet[Campaign]:
        return super().get_queryset().select_related("questionnaire")

    def get_title(self) -> str:
        return "Остальные вопросы"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return crumbs_of(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = Item.objects.filter(section__questionnaire=self.object.questionnaire_id, kind=Item.Kind.TEXT)
        return super().get_context_data(
            items=other_answers(self.object),
            texts=texts.count(),
            is_named=self.object.anonymity == Anonymity.NAMED,
            may_change=self.request.user.has_perm("diagnostics.change_campaign", self.object),
            **kwargs,
        )
