"""A page for each step of an application: what will happen, then one button."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format

from communities.actions import applications as actions
from communities.application_checks import (
    missing_for_submission,
)
from communities.forms.applications import (
    ReasonForm,
    WithdrawalForm,
)
from communities.models import CommunityApplication
from communities.views.applications import ApplicationPages
from core.pages import ConfirmPage
from core.templatetags.portal import plural

PEOPLE = "человек,человека,человек"
State = CommunityApplication.State


class StepView(ApplicationPages, ConfirmPage):
    """One step of one application. `missing` stops it before the button, in words."""

    template_name = "communities/application_step.html"
    states: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            one = self.get_object()
            if self.states and one.state not in self.states:
                messages.warning(request, f"Этот шаг сейчас невозможен: «{one.get_state_display()}».")
                return HttpResponseRedirect(one.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)

    def get_missing(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object, missing=self.get_missing(), **kwargs)


class SubmissionView(StepView):
    title = "Подать заявление"
    permission = "communities.submit_communityapplication"
    states = (State.DRAFT, State.RETURNED)
    submit_label = "Подать"
    success_message = "Заявление подано. Участники получили письма; кто ответил, видно в списке участников."

    def get_missing(self) -> list[str]:
        return missing_for_submission(self.object)

    def get_consequences(self) -> list[str]:
        one = self.object
        new = one.members.filter(asked_at=None).count()
        until = timezone.localdate() + dt.timedelta(days=one.municipality.review_days)
        asked = f"Спросим о согласии: {plural(new, PEOPLE)}; руководители их организаций тоже получат письмо."
        return [
            f"Заявление прочтёт методист: {one.municipality.centre_name or one.municipality}, "
            f"срок рассмотрения – до {date_format(until, 'j E')}.",
            asked if new else "Новых участников нет: данные раньше ответы сохраняются.",
            "Пока заявление рассматривают, менять его нельзя. Отозвать можно, пока его не взяли на рассмотрение.",
        ]

    def perform(self, form: Any) -> CommunityApplication:
        return actions.submit(application=self.object, by=self.request.user)


class WithdrawalView(StepView):
    title = "Отозвать заявление"
    permission = "communities.withdraw_communityapplication"
    states = (State.DRAFT, State.SUBMITTED)
    form_class = WithdrawalForm
    kind = "stop"
    submit_label = "Отозвать"
    success_message = "Заявление отозвано."

    def get_consequences(self) -> list[str]:
        lines = ["Заявление останется в списке с отметкой «Отозвано», подать его снова будет нельзя."]
        if self.object.submitted_at:
            lines.append("Методисты и все, кого вы позвали, получат письмо.")
        return lines

    def perform(self, form: Any) -> CommunityApplication:
        reason = form.cleaned_data["reason"]
        return actions.withdraw(application=self.object, reason=reason, by=self.request.user)


class ReturnView(StepView):
    title = "Вернуть инициатору"
    permission = "communities.return_back_communityapplication"
    states = (State.IN_REVIEW, State.AWAITING)
    form_class = ReasonForm
    submit_label = "Вернуть"
    success_message = "Заявление возвращено, инициатор получит письмо с причиной."

    def get_consequences(self) -> list[str]:
        lines = [
            f"{self.object.initiator.initials} прочтёт причину, исправит заявление и сможет подать его снова.",
            "После новой подачи заявление пройдёт рассмотрение сначала; будет видно, что изменилось.",
        ]
        return [*lines, DROPPED] if self.object.order_id else lines

    def perform(self, form: Any) -> CommunityApplication:
        reason = form.cleaned_data["reason"]
        return actions.return_back(application=self.object, reason=reason, by=self.request.user)


DROPPED = "Проект акта, подготовленный по заявлению, будет удалён."


class RejectionView(StepView):
    title = "Отклонить заявление"
    permission = "communities.reject_communityapplication"
    states = (State.AWAITING,)
    form_class = ReasonForm
    kind = "stop"
    submit_label = "Отклонить"
    success_message = "Заявление отклонено, участники получат письмо с причиной."

    def get_consequences(self) -> list[str]:
        lines = [
            "Заявление закроется, изменить и подать его снова будет нельзя: понадобится новое.",
            "Причину прочтут инициатор, участники и руководители их организаций.",
        ]
        return [*lines, DROPPED] if self.object.order_id else lines

    def perform(self, form: Any) -> CommunityApplication:
        reason = form.cleaned_data["reason"]
        return actions.reject(application=self.object, reason=reason, by=self.request.user)
