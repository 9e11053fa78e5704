"""Pages of joining, leaving and duties."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from communities.actions import membership as actions
from communities.forms.communities import AnswerForm, DutyForm, JoinForm, LeavingForm, ReasonForm
from communities.models import Community, JoinRequest, MemberRole, Membership
from communities.tables import request_tag
from communities.views.scope import JOINED, LIST, InCommunity, OfCommunity
from core.pages import CardPage, ConfirmPage, FormPage
from core.states import WrongState

REQUESTS = JoinRequest.objects.select_related(
    "community__municipality", "person", "organisation", "answered_by"
)


class JoinPage(InCommunity, FormPage):
    """A request to join with a reason; who belongs already, or has asked, is told so."""

    title = "Вступить в сообщество"
    template_name = "communities/join.html"
    form_class = JoinForm
    submit_label = "Попроситься"
    success_message = "Просьба отправлена. Ответ руководителя придёт письмом."

    def check_community(self) -> None:
        """Members are told on the page that they are in; who works elsewhere has no right to ask."""
        person = self.request.user
        if not (
            self.community.role_of(person) or person.has_perm("communities.join_community", self.community)
        ):
            raise PermissionDenied("Вступить может тот, кто работает в организациях этого муниципалитета.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        said = self.not_needed()
        if said:
            messages.info(request, said)
            return HttpResponseRedirect(self.community.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def not_needed(self) -> str:
        if self.community.role_of(self.request.user):
            return "Вы уже участвуете в этом сообществе."
        if not actions.organisations_of(self.request.user, self.community):
            return "Вступить может тот, кто работает в организациях этого муниципалитета."
        asked = JoinRequest.objects.asked().filter(community=self.community, person=self.request.user)
        return "Вы уже попросились: ответ придёт письмом." if asked.exists() else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"community": self.community, "person": self.request.user}

    def perform(self, form: JoinForm) -> JoinRequest:
        return actions.ask_to_join(community=self.community, by=self.request.user, **form.cleaned_data)


class LeavePage(ConfirmPage):
    """Leaving, at once; coming back is asked for anew."""

    queryset = JOINED
    title = "Выйти из сообщества"
    section = "communities"
    form_class = LeavingForm
    submit_label = "Выйти"
    kind = "stop"
    success_message = "Вы вышли из сообщества."

    def check_permission(self, obj: Any = None) -> None:
        if not obj.role_of(self.request.user):
            raise PermissionDenied("Выйти может тот, кто участвует в сообществе.")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [LIST, (str(self.object), self.object.get_absolute_url())]

    def get_consequences(self) -> list[str]:
        if self.object.role_of(self.request.user) == MemberRole.LEADER:
            return [
                "Вы руководите сообществом, поэтому просто выйти нельзя.",
                "Сначала попросите о смене руководителя: её делает распорядительный акт.",
            ]
        return [
            "Вы перестанете видеть обсуждения для своих и получать письма о них.",
            "Ваши сообщения и участие в прошлом останутся в истории сообщества.",
            "Руководитель получит письмо. Вернуться можно, попросившись снова.",
        ]

    def perform(self, form: LeavingForm) -> Community:
        actions.leave(community=self.object, reason=form.cleaned_data["reason"], by=self.request.user)
        return self.object


class JoinRequestPage(OfCommunity, CardPage):
    """A request and, for those who may answer it, the answer; for the asker a way to take it back."""

    queryset = REQUESTS
    template_name = "communities/join_request.html"

    def get_title(self) -> str:
        return f"Просьба о вступлении: {self.object.person}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, user = self.object, self.request.user
        is_open = one.state == JoinRequest.State.ASKED
        may_answer = is_open and one.person != user and user.has_perm("communities.accept_joinrequest", one)
        kwargs.setdefault("form", AnswerForm())
        return super().get_context_data(
            asked=one,
            state_tag=request_tag(one),
            may_answer=may_answer,
            may_withdraw=is_open and one.person == user,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = one = self.get_object()
        if not request.user.has_perm("communities.accept_joinrequest", one):
            raise PermissionDenied("Отвечает руководитель сообщества или методист.")
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        act = actions.accept if form.cleaned_data["verdict"] == "accept" else actions.decline
        try:
            act(request=one, answer=form.cleaned_data["answer"], by=request.user)
            messages.success(request, "Ответ отправлен.")
        except WrongState as error:
            messages.warning(request, str(error))
        return HttpResponseRedirect(reverse("communities:members", args=[one.community_id]))


class _Step(OfCommunity, ConfirmPage):
    """A confirmation about a record of the community."""

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class JoinWithdrawalPage(_Step):
    queryset = REQUESTS
    title = "Отозвать просьбу"
    submit_label = "Отозвать"
    permission = "communities.withdraw_joinrequest"
    success_message = "Просьба отозвана."

    def get_consequences(self) -> list[str]:
        return ["Руководителю больше не нужно отвечать. Попроситься можно будет снова."]

    def perform(self, form: Any) -> Community:
        actions.withdraw(request=self.object, by=self.request.user)
        return self.community


MEMBERSHIPS = Membership.objects.current().select_related("community__municipality", "person", "organisation")


class DeparturePage(_Step):
    """The leader says that somebody no longer takes part."""

    queryset = MEMBERSHIPS
    form_class = ReasonForm
    submit_label = "Завершить участие"
    kind = "stop"
    permission = "communities.end_membership"
    success_message = "Участие завершено, человек получит письмо."

    def get_title(self) -> str:
        return f"Завершить участие: {self.object.person}"

    def get_consequences(self) -> list[str]:
        return [
            f"{self.object.person} перестанет видеть обсуждения для своих.",
            "Человек получит письмо с вашей причиной. Запись об участии останется.",
        ]

    def perform(self, form: ReasonForm) -> Membership:
        reason = form.cleaned_data["reason"]
        return actions.end_membership(membership=self.object, reason=reason, by=self.request.user)


class DutyPage(_Step):
    """Who helps the leader keep the page, news and reports."""

    queryset = MEMBERSHIPS
    form_class = DutyForm
    submit_label = "Сохранить"
    permission = "communities.change_membership"
    success_message = "Сохранено."

    def get_title(self) -> str:
        return f"Обязанности: {self.object.person}"

    def get_initial(self) -> dict[str, Any]:
        return {"role": self.object.role}

    def get_consequences(self) -> list[str]:
        return ["Секретарь вместе с руководителем ведёт страницу, новости и отчёты сообщества."]

    def perform(self, form: DutyForm) -> Membership:
        wanted = form.cleaned_data["role"] == MemberRole.SECRETARY
        return actions.set_secretary(membership=self.object, is_secretary=wanted, by=self.request.user)
