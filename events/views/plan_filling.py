"""How items get into a plan: one by one or from a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from core.imports.forms import FileForm
from core.imports.spec import ImportSpec
from core.pages import CreatePage
from core.views.uploads import StartPage
from events import planning
from events.forms.plans import ItemForm
from events.imports import PlanItemsImport
from events.models import EventPlan, PlanItem
from events.views.plans import EVENTS, PLANS, PlanPage


class _InPlan(PlanPage):
    """A page about a plan named in the address by `plan`."""

    kwargs: dict[str, Any]

    @cached_property
    def plan(self) -> EventPlan:
        plans = EventPlan.objects.select_related("municipality", "community", "organisation", "order")
        plan = plans.visible_to(self.request.user).filter(pk=self.kwargs["plan"]).first()
        if plan is None:
            raise Http404("Нет такого плана.")
        if not self.request.user.has_perm("events.change_eventplan", plan):
            raise PermissionDenied("План ведут те, кто его составил.")
        return plan

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.plan  # noqa: B018  (404 and 403 before anything else)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [EVENTS, PLANS, (self.plan.title, self.plan.get_absolute_url())]


class ItemNewView(_InPlan, CreatePage):
    title = "Добавить пункт"
    model = PlanItem
    form_class = ItemForm
    submit_label = "Добавить"
    success_message = "Пункт добавлен."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.plan}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.plan.is_draft:
            context[
                "page"
            ].lead = "План утверждён, поэтому у пункта будет отметка «добавлено после утверждения»."
        return context

    def perform(self, form: ItemForm) -> PlanItem:
        return planning.save_item(item=form.save(commit=False), by=self.request.user)

    def get_cancel_url(self) -> str:
        return self.plan.get_absolute_url()

    def get_success_url(self) -> str:
        return self.plan.get_absolute_url()


class PlanImportView(_InPlan, StartPage):
    """A spreadsheet of items for one draft."""

    lead = "План в таблице: мероприятие и срок, остальное – если есть"
    form_class = FileForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.plan.is_draft:
            messages.warning(request, "План утверждён: новые пункты добавляют по одному.")
            return redirect(self.plan)
        return super().dispatch(request, *args, **kwargs)

    def spec_class(self) -> type[ImportSpec]:
        return PlanItemsImport

    def get_cancel_url(self) -> str:
        return self.plan.get_absolute_url()

    def get_params(self, form: Any) -> dict[str, Any]:
        return {"plan": self.plan.pk}
