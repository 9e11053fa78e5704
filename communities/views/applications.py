"""Applications for a community: the list, writing, the card, the participants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from communities.actions import applications as actions
from communities.application_tables import (
    ApplicationTable,
)
from communities.forms.applications import ApplicationFilter, ApplicationForm
from communities.models import CommunityApplication
from core.pages import Action, CreatePage, EditPage, ListPage

HOME = ("Сообщества", "/communities/")
LIST = ("Заявления", "/communities/applications/")
JOINED = CommunityApplication.objects.select_related(
    "municipality", "direction__parent", "leader", "initiator", "initiator_organisation", "conclusion_by", "order"
)  # fmt: skip
State = CommunityApplication.State


class ApplicationPages:
    """What the pages of one application share: its place in the menu and the way back."""

    section = "communities"
    queryset = JOINED

    def get_crumbs(self) -> list[tuple[str, str]]:
        one = self.object  # type: ignore[attr-defined]
        return [HOME, LIST, (str(one), one.get_absolute_url())]


class ApplicationsView(ListPage):
    """Own ones and those one takes part in; for those who manage the municipality all that was submitted."""

    section = "communities"
    title = "Заявления о сообществах"
    lead = "Сообщество начинается с заявления: проблема, ожидаемый результат, срок, участники."
    crumbs = [HOME]
    permission = "communities.see_communityapplication"
    queryset = CommunityApplication.objects.select_related(
        "municipality", "initiator", "initiator_organisation"
    )
    table_class = ApplicationTable
    filterset_class = ApplicationFilter
    empty_title = "Заявлений пока нет"
    empty_text = "Объединиться с коллегами вокруг общей трудности может каждый, кто работает в сети."
    export_name = "zayavleniya"
    export_columns = [
        ("Сообщество", "title"),
        ("Вид", "get_kind_display"),
        ("Направление", "direction__name"),
        ("Инициатор", "initiator__get_full_name"),
        ("Организация", "initiator_organisation__short_name"),
        ("Руководитель", "leader__get_full_name"),
        ("Участников", "listed"),
        ("Согласились", "agreed"),
        ("Начало", "starts_on"),
        ("Окончание", "ends_on"),
        ("Состояние", "get_state_display"),
        ("Чья очередь", lambda one: one.turn.who),
        ("Срок шага", "turn_until"),
        ("Подано", lambda one: one.submitted_at and one.submitted_at.date()),
        ("Акт", lambda one: one.order.requisites if one.order and not one.order.is_draft else ""),
    ]

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().with_answers().order_by("-turn_since", "-pk")
        if self.request.GET.get("export"):
            rows = rows.select_related(
                "municipality", "initiator", "initiator_organisation", "leader", "direction", "order"
            )
        return rows

    def get_actions(self) -> list[Action]:
        return [Action("Подать заявление", reverse("communities:application-new"), "primary")]


class _Writing:
    """The form of the passport: its two buttons save the draft or go on to the participants."""

    section = "communities"
    template_name = "communities/application_form.html"
    model = CommunityApplication
    form_class = ApplicationForm
    submit_label = "Сохранить и перейти к участникам"
    request: HttpRequest
    object: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.request.user}  # type: ignore[misc]

    def get_success_url(self) -> str:
        if "draft" in self.request.POST:
            messages.success(self.request, "Черновик сохранён.")
            return self.object.get_absolute_url()
        return reverse("communities:application-members", args=[self.object.pk])


class ApplicationNewView(_Writing, CreatePage):
    """A new draft; direction, kind and problem may come with the address, from a finding."""

    title = "Новое заявление"
    permission = "communities.add_communityapplication"
    crumbs = [HOME, LIST]
    cancel_url = LIST[1]

    def get_initial(self) -> dict[str, Any]:
        given = {name: self.request.GET.get(name, "")[:2000] for name in ("kind", "problem")}
        direction = self.request.GET.get("direction", "")
        if direction.isascii() and direction.isdigit() and len(direction) < 12:
            given["direction"] = direction
        return {name: value for name, value in given.items() if value}

    def perform(self, form: ApplicationForm) -> CommunityApplication:
        return actions.begin_application(application=form.save(commit=False), by=self.request.user)


class ApplicationEditView(_Writing, ApplicationPages, EditPage):
    """A draft or a returned application, by its initiator."""

    title = "Изменить заявление"
    permission = "communities.change_communityapplication"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return refuse_when_submitted(self, request) or super().dispatch(request, *args, **kwargs)

    def perform(self, form: ApplicationForm) -> CommunityApplication:
        return actions.write_application(application=form.save(commit=False), by=self.request.user)


def refuse_when_submitted(view: Any, request: HttpRequest) -> HttpResponse | None:
    """Sends an initiator who comes too late (an old tab, the way back) to the card, and says why."""
    if not request.user.is_authenticated:
        return None
    one = view.get_object()
    if one.is_open_to_change:
        return None
    messages.warning(request, f"Заявление уже подано, сейчас оно в состоянии «{one.get_state_display()}».")
    return HttpResponseRedirect(one.get_absolute_url())
