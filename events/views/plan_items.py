"""One item of a plan: its card, and the pages of what becomes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from core.pages import Action, CardPage, ConfirmPage, EditPage
from core.states import WrongState, history, may
from events import planning
from events.forms.plans import HoldForm, ItemForm, MoveForm, ReasonForm, WorkingItemForm
from events.models import Event, PlanItem
from events.plan_tables import item_tag
from events.views.plans import EVENTS, PLANS, PlanPage

JOINED = PlanItem.objects.select_related(
    "plan__municipality", "plan__community", "plan__organisation", "plan__order", "organisation", "direction",
    "responsible_person",
)  # fmt: skip
WORDS = {
    "hold": "Отмечено проведённым",
    "move_to": "Перенесено",
    "cancel": "Отменено",
    "restore": "Отметка снята",
}


class ItemPage(PlanPage):
    """A page of one item."""

    queryset = JOINED

    def get_crumbs(self) -> list[tuple[str, str]]:
        plan = self.object.plan
        return [EVENTS, PLANS, (plan.title, plan.get_absolute_url())]


class ItemStep(ItemPage):
    """A page that changes an item."""

    permission = "events.change_planitem"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*super().get_crumbs(), (self.object.title, self.object.get_absolute_url())]


@method_decorator(login_not_required, name="dispatch")
class ItemView(ItemPage, CardPage):
    """What is planned, by whom, what came of it, and the events that were made of it."""

    template_name = "events/plan_item.html"

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().with_outcome()

    def get_actions(self) -> list[Action]:
        person, item = self.request.user, self.object
        if not person.is_authenticated:
            return []
        steps = [
            ("restore", "Снять отметку", "restoration"),
            ("cancel", "Отменить", "cancellation"),
            ("move_to", "Перенести", "move"),
            ("hold", "Отметить проведённым", "holding"),
        ]
        actions = []
        if person.has_perm("events.change_planitem", item):
            actions.append(Action("Изменить", reverse("events:plan-item-edit", args=[item.pk])))
            if item.plan.is_draft or item.is_extra:
                actions.append(Action("Удалить", reverse("events:plan-item-removal", args=[item.pk])))
        for step, label, name in steps:
            if (item.is_waiting or step == "restore") and may(person, item, step):
                actions.append(Action(label, reverse(f"events:plan-item-{name}", args=[item.pk])))
        if item.is_waiting and self._may_make_event():
            actions.append(
                Action("Создать событие", f"{reverse('events:new')}?plan_item={item.pk}", "primary")
            )
        return actions

    def _may_make_event(self) -> bool:
        return self.request.user.has_perm("events.add_event") and self.request.user.has_perm(
            "events.change_planitem", self.object
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, item = self.request.user, self.object
        steps = [
            {"label": WORDS[row.transition], "at": row.at, "by": row.by, "reason": row.reason}
            for row in history(item)
        ]
        return super().get_context_data(
            item=item,
            plan=item.plan,
            state_tag=item_tag(item),
            events=list(Event.objects.visible_to(person).filter(plan_item=item).order_by("starts_at", "pk")),
            steps=steps if person.is_authenticated else [],
            shows_people=person.is_authenticated,
            **kwargs,
        )


class ItemEditView(ItemStep, EditPage):
    title = "Изменить пункт"
    success_message = "Сохранено."

    def get_form_class(self) -> Any:
        item = self.object
        return ItemForm if item.plan.is_draft or item.is_extra else WorkingItemForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.object.plan}

    def get_page(self) -> Any:
        page = super().get_page()
        if self.get_form_class() is WorkingItemForm:
            page.lead = (
                "План утверждён: меняются место и ответственные, срок – переносом, остальное – новым актом."
            )
        return page

    def perform(self, form: ItemForm) -> PlanItem:
        return planning.save_item(item=form.save(commit=False), by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class ItemRemovalView(ItemStep, ConfirmPage):
    title = "Удалить пункт"
    kind = "stop"
    submit_label = "Удалить"

    def get_consequences(self) -> list[str]:
        return [f"Пункт «{self.object}» исчезнет из плана без следа."]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            plan = planning.remove_item(item=self.object, by=self.request.user)
        except WrongState as error:
            messages.warning(self.request, str(error))
            return redirect(self.object)
        messages.success(self.request, "Пункт удалён.")
        return redirect(plan)


class ItemHoldingView(ItemStep, ConfirmPage):
    title = "Отметить проведённым"
    permission = "events.hold_planitem"
    form_class = HoldForm
    submit_label = "Проведено"
    success_message = "Отмечено проведённым."

    def get_consequences(self) -> list[str]:
        return [
            "Если событие есть на портале, отмечать не нужно: пункт станет проведённым вместе с ним.",
            "Отметка войдёт в план и отчёт.",
        ]

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"on": min(self.object.ends_on or today, today)}

    def perform(self, form: HoldForm) -> PlanItem:
        return planning.hold_item(item=self.object, by=self.request.user, **form.cleaned_data)


class ItemMoveView(ItemStep, ConfirmPage):
    title = "Перенести"
    permission = "events.move_to_planitem"
    form_class = MoveForm
    submit_label = "Перенести"
    success_message = "Перенесено."

    def get_consequences(self) -> list[str]:
        return [
            f"Сейчас срок: {self.object.when_text}. Прежний срок и причина останутся видны в плане.",
            "Событие, уже созданное по пункту, переносят на его странице: участники получат письма.",
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"year": self.object.plan.school_year}

    def perform(self, form: MoveForm) -> PlanItem:
        data = form.cleaned_data
        return planning.move_item(
            item=self.object,
            words=data["when_text"],
            meant=form.meant,
            reason=data["reason"],
            by=self.request.user,
        )


class ItemCancellationView(ItemStep, ConfirmPage):
    title = "Отменить пункт"
    permission = "events.cancel_planitem"
    form_class = ReasonForm
    kind = "stop"
    submit_label = "Отменить пункт"
    success_message = "Пункт отменён."

    def get_consequences(self) -> list[str]:
        return ["Пункт останется в плане с отметкой «Отменено» и причиной."]

    def perform(self, form: ReasonForm) -> PlanItem:
        return planning.cancel_item(item=self.object, by=self.request.user, **form.cleaned_data)


class ItemRestorationView(ItemStep, ConfirmPage):
    title = "Снять отметку"
    permission = "events.restore_planitem"
    form_class = ReasonForm
    submit_label = "Снять отметку"
    success_message = "Отметка снята, пункт снова запланирован."

    def get_consequences(self) -> list[str]:
        return [f"Отметка «{self.object.get_state_display()}» снимется, в истории останется причина."]

    def perform(self, form: ReasonForm) -> PlanItem:
        return planning.restore_item(item=self.object, by=self.request.user, **form.cleaned_data)
