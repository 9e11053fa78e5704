"""The register of management decisions: list, card, and a page for each step."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse

from core.pages import Action, CardPage, ConfirmPage, CreatePage, EditPage, ListPage
from core.states import may
from monitoring.actions import decisions as actions
from monitoring.forms.decisions import (
    CompletionForm,
    DecisionFilter,
    DecisionForm,
    EffectForm,
    ReasonForm,
)
from monitoring.history import told
from monitoring.models import Decision
from monitoring.tables import DecisionTable, decision_tag
from monitoring.views.scope import HOME, MonitoringPage, ScopedPage

LIST = ("Решения", "/monitoring/decisions/")
JOINED = Decision.objects.select_related(
    "municipality", "organisation", "person", "report", "finding__direction", "value__indicator", "created_by"
)


class DecisionsView(MonitoringPage, ListPage):
    title = "Управленческие решения"
    lead = "Что решено по итогам мониторинга, кому поручено, когда исполнено и чем подтверждено."
    permission = "monitoring.see_decision"
    queryset = JOINED
    table_class = DecisionTable
    filterset_class = DecisionFilter
    empty_title = "Решений пока нет"
    empty_text = "Решение принимают на основании отчёта, показателя или вывода диагностики."
    export_name = "resheniya"
    export_columns = [
        ("Решение", "text"),
        ("Кому", "addressee"),
        ("Срок", "due_on"),
        ("Исполнено", "done_on"),
        ("Состояние", "get_state_display"),
        ("Что сделано", "result"),
        ("Что это дало", "effect"),
    ]

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().defer("report__snapshot", "value__counted")

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("monitoring.add_decision"):
            return []
        return [Action("Записать решение", reverse("monitoring:decision-new"), "primary")]


class DecisionNewView(ScopedPage, CreatePage):
    """A draft; the basis may come with the address: report, value or finding."""

    title = "Записать решение"
    permission = "monitoring.add_decision"
    model = Decision
    form_class = DecisionForm
    cancel_url = LIST[1]
    success_message = "Проект решения сохранён. Дайте его к исполнению, когда всё верно."

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"municipality": self.municipality}

    def get_initial(self) -> dict[str, Any]:
        names = ("report", "value", "finding")
        return {name: number for name in names if (number := self._number(name)) is not None}

    def perform(self, form: DecisionForm) -> Decision:
        if not self.request.user.has_perm(self.permission, self.municipality):
            raise PermissionDenied("Решения записывают методист и специалист управления муниципалитета.")
        return actions.write_decision(decision=form.save(commit=False), by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class DecisionEditView(MonitoringPage, EditPage):
    """A draft is edited; a decision that was given is not."""

    title = "Изменить проект решения"
    permission = "monitoring.change_decision"
    queryset = JOINED
    form_class = DecisionForm
    success_message = "Сохранено."

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST, (str(self.object), self.object.get_absolute_url())]

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(state=Decision.State.DRAFT)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"municipality": self.object.municipality}

    def perform(self, form: DecisionForm) -> Decision:
        return actions.write_decision(decision=form.save(commit=False), by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class DecisionView(MonitoringPage, CardPage):
    template_name = "monitoring/decision.html"
    permission = "monitoring.see_decision"
    queryset = JOINED

    def check_permission(self, obj: Any = None) -> None:
        """Who sees the decision may read it: an addressee needs no office."""

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST]

    def get_actions(self) -> list[Action]:
        person, one = self.request.user, self.object
        steps = [
            ("give_back", "Вернуть", "monitoring:decision-return", "quiet"),
            ("cancel", "Отменить", "monitoring:decision-cancellation", "quiet"),
            ("assign", "Дать к исполнению", "monitoring:decision-assignment", "primary"),
            ("check_done", "Проверено", "monitoring:decision-check", "primary"),
        ]
        actions_ = [
            Action(label, reverse(name, args=[one.pk]), kind)
            for step, label, name, kind in steps
            if may(person, one, step)
        ]
        if one.state == Decision.State.DRAFT and person.has_perm("monitoring.change_decision", one):
            actions_.insert(0, Action("Изменить", reverse("monitoring:decision-edit", args=[one.pk])))
        if one.is_open and person.has_perm("monitoring.complete_decision", one):
            url = reverse("monitoring:decision-completion", args=[one.pk])
            actions_.append(Action("Отметить исполнение", url, "primary"))
        return actions_

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            decision=self.object,
            state_tag=decision_tag(self.object),
            sees_basis=self.request.user.has_perm("monitoring.change_decision", self.object),
            evidence=self.object.evidence.prefetch_related("record"),
            steps=told(self.object),
            can_add_evidence=self.object.is_open
            and self.request.user.has_perm("monitoring.complete_decision", self.object),
            **kwargs,
        )


class StepView(MonitoringPage, ConfirmPage):
    """A page of one step of a decision."""

    queryset = JOINED

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST, (str(self.object), self.object.get_absolute_url())]

    def letter_to(self) -> str:
        """Who gets a letter, in words for the consequences."""
        people = [person for person in actions.addressees(self.object) if person.email]
        if not people:
            return "Письмо отправить некому: у адресата нет адреса почты в портале."
        names = ", ".join(person.get_full_name() for person in people[:3])
        return f"Письмо получит {names}." if len(people) <= 3 else f"Письма получат {len(people)} человек."


class DecisionAssignmentView(StepView):
    title = "Дать решение к исполнению"
    permission = "monitoring.assign_decision"
    submit_label = "Дать к исполнению"
    success_message = "Решение дано к исполнению."

    def get_consequences(self) -> list[str]:
        one = self.object
        return [f"Исполнить: {one.addressee}, до {one.due_on:%d.%m.%Y}.", self.letter_to()]

    def perform(self, form: Any) -> Decision:
        return actions.assign(decision=self.object, by=self.request.user)


class DecisionCompletionView(StepView):
    title = "Отметить исполнение"
    permission = "monitoring.complete_decision"
    form_class = CompletionForm
    submit_label = "Исполнено"
    success_message = "Отмечено. Теперь исполнение проверит специалист управления образованием."

    def get_consequences(self) -> list[str]:
        return [
            "Решение перейдёт на проверку; пока она не закончена, подтверждения не меняют.",
            "Автор решения получит письмо.",
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "person": self.request.user,
            "municipality_id": self.object.municipality_id,
            "needed": not self.object.has_evidence(),
        }

    def perform(self, form: CompletionForm) -> Decision:
        data = form.cleaned_data
        return actions.complete(
            decision=self.object,
            result=data["result"],
            done_on=data["done_on"],
            new=form.evidence,
            by=self.request.user,
        )


class DecisionReturnView(StepView):
    title = "Вернуть решение на исполнение"
    permission = "monitoring.give_back_decision"
    form_class = ReasonForm
    submit_label = "Вернуть"
    success_message = "Решение возвращено."

    def get_consequences(self) -> list[str]:
        return ["Отметка об исполнении снимется.", self.letter_to()]

    def perform(self, form: Any) -> Decision:
        reason = form.cleaned_data["reason"]
        return actions.give_back(decision=self.object, reason=reason, by=self.request.user)


class DecisionCheckView(StepView):
    title = "Подтвердить исполнение"
    permission = "monitoring.check_done_decision"
    form_class = EffectForm
    submit_label = "Проверено"
    success_message = "Исполнение проверено."

    def get_consequences(self) -> list[str]:
        return ["Решение закроется, изменить его будет нельзя.", self.letter_to()]

    def perform(self, form: Any) -> Decision:
        return actions.check(decision=self.object, effect=form.cleaned_data["effect"], by=self.request.user)


class DecisionCancellationView(StepView):
    title = "Отменить решение"
    permission = "monitoring.cancel_decision"
    form_class = ReasonForm
    kind = "stop"
    submit_label = "Отменить решение"
    success_message = "Решение отменено."

    def get_consequences(self) -> list[str]:
        lines = ["Решение останется в реестре с отметкой «Отменено» и причиной."]
        return [*lines, self.letter_to()] if self.object.is_open else lines

    def perform(self, form: Any) -> Decision:
        reason = form.cleaned_data["reason"]
        return actions.cancel(decision=self.object, reason=reason, by=self.request.user)
