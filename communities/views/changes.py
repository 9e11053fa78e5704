"""Pages of changes that only an order makes."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from communities.actions import changes as actions
from communities.forms.communities import ChangeForm, ReasonForm
from communities.models import ChangeKind, CommunityChange
from communities.tables import change_tag
from communities.views.scope import InCommunity, OfCommunity
from core.pages import Action, CardPage, ConfirmPage, FormPage
from core.states import history
from network.models import Order

CHANGES = CommunityChange.objects.select_related(
    "community__municipality", "community__order", "new_leader", "asked_by", "order"
)
TITLES = {
    ChangeKind.LEADER: "Попросить о смене руководителя",
    ChangeKind.EXTENSION: "Попросить о продлении срока",
    ChangeKind.CLOSING: "Попросить о закрытии сообщества",
}


class ChangeNewPage(InCommunity, FormPage):
    """`?kind=` names what is asked for: leader, extension or closing."""

    form_class = ChangeForm
    submit_label = "Отправить просьбу"
    success_message = "Просьба отправлена: распорядительный акт готовит специалист управления образованием."
    community_permission = "communities.ask_change_community"
    lead = "Сообщество создано распорядительным актом, и меняет его такой же акт."

    @property
    def kind(self) -> ChangeKind:
        try:
            return ChangeKind(self.request.GET.get("kind", ChangeKind.LEADER))
        except ValueError as error:
            raise Http404("Такой просьбы нет.") from error

    def get_title(self) -> str:
        return TITLES[self.kind]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"community": self.community, "kind": self.kind}

    def perform(self, form: ChangeForm) -> CommunityChange:
        return actions.ask_change(
            community=self.community, kind=self.kind, by=self.request.user, **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class ChangePage(OfCommunity, CardPage):
    """What is asked for and why, who acts next, and the order once there is one."""

    queryset = CHANGES
    template_name = "communities/change.html"

    def get_title(self) -> str:
        return self.object.get_kind_display().capitalize()

    def get_actions(self) -> list[Action]:
        one, user, shown = self.object, self.request.user, []
        args = [one.community_id, one.pk]
        if one.state != CommunityChange.State.ASKED:
            return []
        if user.has_perm("communities.drop_communitychange", one):
            label = "Отозвать" if one.asked_by == user else "Отказать"
            shown.append(Action(label, reverse("communities:change-refusal", args=args)))
        if one.order is None and user.has_perm("communities.prepare_communitychange", one):
            url = reverse("communities:change-order", args=args)
            shown.append(Action("Подготовить акт", url, "primary"))
        return shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        opens_order = one.order_id and self.request.user.has_perm("communities.prepare_communitychange", one)
        return super().get_context_data(
            change=one,
            state_tag=change_tag(one),
            opens_order=opens_order,
            steps=history(one),
            **kwargs,
        )


class ChangeOrderPage(OfCommunity, ConfirmPage):
    """A draft order with the usual words, to be edited and registered."""

    queryset = CHANGES
    title = "Подготовить распорядительный акт"
    submit_label = "Подготовить проект"
    permission = "communities.prepare_communitychange"
    success_message = "Проект подготовлен: поправьте текст и зарегистрируйте, когда акт подписан."

    def get_consequences(self) -> list[str]:
        return [
            "Появится проект с обычными словами; его можно править до регистрации.",
            f"После регистрации: {self.object.asks}",
        ]

    def perform(self, form: Any) -> Order:
        return actions.prepare_change_order(change=self.object, by=self.request.user)


class ChangeRefusalPage(OfCommunity, ConfirmPage):
    """The asker takes the request back, or the official refuses it, with a reason."""

    queryset = CHANGES
    form_class = ReasonForm
    kind = "stop"
    permission = "communities.drop_communitychange"
    success_message = "Просьба закрыта."

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        return "Отозвать просьбу" if self.object.asked_by == self.request.user else "Отказать"

    def get_title(self) -> str:
        return f"{self.submit_label}: {self.object.get_kind_display()}"

    def get_consequences(self) -> list[str]:
        lines = ["В сообществе ничего не изменится. Просить можно снова."]
        if self.object.asked_by != self.request.user:
            lines.append(f"{self.object.asked_by} получит письмо с вашей причиной.")
        return lines

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self, form: ReasonForm) -> CommunityChange:
        return actions.drop(change=self.object, reason=form.cleaned_data["reason"], by=self.request.user)
