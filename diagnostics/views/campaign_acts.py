"""Official acts on a campaign: launch, reminder, closing, deletion; each says first what will happen."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse

from core.pages import ConfirmPage
from diagnostics.actions import campaigns as actions
from diagnostics.answering import anonymity_words
from diagnostics.audience import invitees, limit_words
from diagnostics.models import Campaign, Invitation
from diagnostics.views.campaigns import SECTION, CampaignCard


class _Act(ConfirmPage):
    model = Campaign
    section = SECTION

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*CampaignCard.crumbs, (self.object.title, self.object.get_absolute_url())]

    def get_queryset(self) -> QuerySet[Campaign]:
        return super().get_queryset().select_related("questionnaire", "municipality")


class CampaignLaunch(_Act):
    permission = "diagnostics.launch_campaign"
    title = "Запустить опрос"
    submit_label = "Запустить"
    success_message = "Опрос запущен."

    def perform(self, form: Any) -> Campaign:
        return actions.launch(self.object, by=self.request.user)

    def get_consequences(self) -> list[str]:
        campaign = self.object
        fixed = (
            "После запуска нельзя изменить анкету, анонимность, сравниваемые группы, учёт однообразных "
            f"ответов и наименьшую показываемую группу ({campaign.smallest_group}). "
            "Иначе разница двух карт выдала бы ответы отдельных людей."
        )
        dates = f"Ответы принимаются с {campaign.opens_on:%d.%m.%Y} по {campaign.closes_on:%d.%m.%Y}."
        return [*self._audience(), dates, anonymity_words(campaign.anonymity), fixed]

    def _audience(self) -> list[str]:
        if self.object.open_link:
            return ["Появится общая ссылка: её вы разошлёте сами. Ответить сможет каждый, у кого она есть."]
        people = invitees(self.object)
        count = people.aggregate(
            people=Count("person", distinct=True),
            places=Count("organisation", distinct=True),
            silent=Count("person", filter=Q(person__email__isnull=True), distinct=True),
        )
        who = "; ".join([self.object.questionnaire.get_audience_display(), *limit_words(self.object)])
        words = [
            f"Приглашены будут {count['people']} чел. из {count['places']} организаций: {who}. "
            "Каждый получит письмо со своей ссылкой."
        ]
        if count["silent"]:
            words.append(
                f"У {count['silent']} из них нет электронной почты: письмо им не придёт. "
                "После запуска напечатайте для них ссылки на бумаге."
            )
        if empty := self._without_people(people):
            words.append(f"Никто не подходит под условия: {', '.join(empty)}.")
        if count["people"] < self.object.smallest_group:
            words.append("Приглашённых меньше наименьшей группы: карта затруднений не будет показана.")
        return words

    def _without_people(self, people: Any) -> list[str]:
        """Chosen organisations where nobody is to be invited."""
        if not self.object.chosen_only:
            return []
        rows = self.object.organisations.exclude(pk__in=people.values("organisation"))
        return list(rows.values_list("short_name", flat=True))


class CampaignReminder(_Act):
    permission = "diagnostics.remind_campaign"
    title = "Напомнить тем, кто не ответил"
    submit_label = "Отправить напоминания"
    success_message = "Напоминания готовятся, письма уйдут в ближайшие минуты."

    def perform(self, form: Any) -> Campaign:
        actions.remind(self.object, by=self.request.user)
        return self.object

    def get_consequences(self) -> list[str]:
        awaited = Invitation.objects.awaited().filter(campaign=self.object).written_to()
        return [
            f"Письмо с новой личной ссылкой получат {awaited.count()} чел. Прежние ссылки тоже действуют.",
            "Тем, кто уже ответил, письмо не придёт. Имён вы не увидите.",
            "Напомнить можно один раз в день: если сегодня уже напоминали, второго письма никто не получит.",
        ]


class CampaignClosing(_Act):
    permission = "diagnostics.close_campaign"
    title = "Завершить опрос"
    submit_label = "Завершить"
    kind = "stop"
    success_message = "Опрос завершён. Карта затруднений будет готова через несколько минут."

    def perform(self, form: Any) -> Campaign:
        return actions.close(self.object, by=self.request.user)

    def get_consequences(self) -> list[str]:
        return [
            "Ответы больше не принимаются, по ссылкам откроется страница с объяснением.",
            "Начатые и не отправленные анкеты удаляются.",
            "Подсчитываются все пришедшие ответы, карта затруднений становится окончательной.",
            "Открыть опрос снова нельзя.",
        ]


class CampaignDeletion(_Act):
    permission = "diagnostics.change_campaign"
    title = "Удалить черновик опроса"
    submit_label = "Удалить"
    kind = "stop"

    def perform(self, form: Any) -> Any:
        actions.delete_draft(self.object, by=self.request.user)
        return None

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if not Campaign.objects.filter(pk=self.kwargs["pk"]).exists():
            response["Location"] = reverse("diagnostics:campaigns")
        return response

    def get_consequences(self) -> list[str]:
        return ["Черновик исчезнет. Приглашений по нему ещё не было, никто об этом не узнает."]
