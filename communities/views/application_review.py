"""What methodists, experts and officials do with an application: review, opinions, conclusion, decision."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format

from communities.actions import applications as actions
from communities.actions import decision, opinions
from communities.application_checks import missing_for_decision, missing_for_passing_on
from communities.application_order import order_text
from communities.forms.applications import ConclusionForm, OpinionForm, OpinionsForm
from communities.models import CommunityApplication
from communities.views.application_card import verdict_tag
from communities.views.application_steps import StepView
from core.states import WrongState
from core.templatetags.portal import plural

State = CommunityApplication.State


class ReviewView(StepView):
    title = "Взять на рассмотрение"
    permission = "communities.start_review_communityapplication"
    states = (State.SUBMITTED,)
    submit_label = "Взять на рассмотрение"
    success_message = "Заявление на рассмотрении. Спросите мнения экспертов или дайте заключение."

    def get_consequences(self) -> list[str]:
        until = timezone.localdate() + dt.timedelta(days=self.object.municipality.review_days)
        return [
            f"Заключение нужно дать до {date_format(until, 'j E')}.",
            "Инициатор получит письмо о том, кто рассматривает заявление; отозвать его он уже не сможет.",
        ]

    def perform(self, form: Any) -> CommunityApplication:
        return actions.start_review(application=self.object, by=self.request.user)


class ConclusionView(StepView):
    """Two buttons: keep the conclusion, or keep it and pass the application on."""

    title = "Заключение методиста"
    template_name = "communities/application_conclusion.html"
    permission = "communities.conclude_communityapplication"
    states = (State.IN_REVIEW,)
    form_class = ConclusionForm
    submit_label = "Сохранить и передать на решение"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": CommunityApplication.objects.get(pk=self.object.pk)}

    def get_missing(self) -> list[str]:
        if self.object.is_concluded():
            return missing_for_passing_on(self.object)
        return missing_for_decision(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {"row": row, "tag": verdict_tag(row)} for row in self.object.opinions.select_related("expert")
        ]
        return super().get_context_data(opinions=rows, **kwargs)

    def perform(self, form: ConclusionForm) -> CommunityApplication:
        data, by = form.cleaned_data, self.request.user
        one = actions.conclude(
            application=self.object,
            conclusion=data["conclusion"],
            suggests=data["conclusion_suggests"],
            by=by,
        )
        if "pass_on" in self.request.POST:
            # What was written is kept even when the application cannot be passed on yet.
            messages.success(self.request, "Заключение сохранено.")
            one = actions.pass_on(application=one, by=by)
            messages.success(self.request, "Заявление передано на решение.")
        else:
            messages.success(self.request, "Заключение сохранено, заявление ещё у вас.")
        return one


class DecisionView(StepView):
    """What the order would say, before a draft of it is made."""

    template_name = "communities/application_decision.html"
    permission = "communities.approve_communityapplication"
    states = (State.AWAITING,)
    submit_label = "Подготовить проект"
    success_message = "Проект готов: проверьте текст, скачайте и после подписания внесите номер и дату."

    def get_title(self) -> str:
        return f"Подготовить {self.object.municipality.get_order_kind_display()}"

    def get_missing(self) -> list[str]:
        return missing_for_decision(self.object)

    def get_consequences(self) -> list[str]:
        return [
            "Появится проект акта с текстом, который показан ниже. До регистрации его можно править.",
            "С этого момента участники не меняют свои ответы: приложение называет их по именам.",
            "Сообщество появится, когда вы внесёте номер и дату зарегистрированного акта.",
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = order_text(self.object)
        rows = [
            [{"column": column, "text": cell} for column, cell in zip(text.annex.columns, row, strict=True)]
            for row in text.annex.rows
        ]
        return super().get_context_data(text=text, annex_rows=rows, **kwargs)

    def perform(self, form: Any) -> Any:
        return decision.prepare_founding_order(application=self.object, by=self.request.user)


class OpinionsView(StepView):
    """Whom the methodist has asked and whom they may ask still."""

    title = "Мнения экспертов"
    template_name = "communities/application_opinions.html"
    permission = "communities.ask_opinion_communityapplication"
    states = (State.IN_REVIEW,)
    form_class = OpinionsForm
    submit_label = "Попросить мнение"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"experts": opinions.experts_for(self.object)}

    def get_initial(self) -> dict[str, Any]:
        return {"due_on": timezone.localdate() + dt.timedelta(days=self.object.municipality.opinion_days)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        recalled = request.POST.get("recall", "")
        if not (recalled.isascii() and recalled.isdigit()):
            return super().post(request, *args, **kwargs)
        try:
            opinions.recall_opinion(application=self.object, opinion=int(recalled), by=request.user)
            messages.success(request, "Просьба снята.")
        except WrongState as error:
            messages.warning(request, str(error))
        return HttpResponseRedirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {"row": row, "tag": verdict_tag(row)} for row in self.object.opinions.select_related("expert")
        ]
        context = super().get_context_data(opinions=rows, **kwargs)
        context["anybody"] = context["form"].fields["experts"].queryset.exists()
        return context

    def perform(self, form: OpinionsForm) -> CommunityApplication:
        data = form.cleaned_data
        asked = opinions.ask_opinions(
            application=self.object, experts=data["experts"], due_on=data["due_on"], by=self.request.user
        )
        messages.success(
            self.request, f"Попросили мнение: {plural(len(asked), 'эксперт,эксперта,экспертов')}."
        )
        return self.object


class OpinionView(StepView):
    """The expert's own opinion."""

    title = "Мнение эксперта"
    template_name = "communities/application_opinion.html"
    permission = "communities.give_opinion_communityapplication"
    states = (State.IN_REVIEW,)
    form_class = OpinionForm
    submit_label = "Отправить мнение"
    success_message = "Мнение отправлено методисту. Пока заявление на рассмотрении, его можно изменить."

    def get_form_kwargs(self) -> dict[str, Any]:
        own = self.object.opinions.filter(expert=self.request.user).first()
        return super().get_form_kwargs() | {"instance": own}

    def perform(self, form: OpinionForm) -> Any:
        data = form.cleaned_data
        opinions.give_opinion(
            application=self.object, verdict=data["verdict"], text=data["text"], by=self.request.user
        )
        return self.object
