"""Pages of a plan as a whole: begun, renamed, removed, approved, taken away as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views import View

from core.documents import download
from core.pages import ConfirmPage, EditPage, FormPage
from core.states import WrongState
from events import plan_approval, planning
from events.forms.plans import OwnApprovalForm, PlanForm, TitleForm
from events.models import EventPlan
from events.plan_document import FORMATS, plan_file
from events.views.plans import EVENTS, JOINED, PLANS, PlanPage, order_kind_of


class PlanStep(PlanPage):
    """A page of one plan that the person keeps."""

    queryset = JOINED
    permission = "events.change_eventplan"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [EVENTS, PLANS, (self.object.title, self.object.get_absolute_url())]


class PlanNewView(PlanPage, FormPage):
    title = "Новый план"
    lead = "У муниципалитета, сообщества и организации на каждый учебный год по одному плану."
    permission = "events.add_eventplan"
    form_class = PlanForm
    cancel_url = PLANS[1]
    submit_label = "Начать план"
    success_message = "План начат. Добавьте пункты или загрузите их из таблицы."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET[name] for name in ("owner", "year") if name in self.request.GET}

    def perform(self, form: PlanForm) -> EventPlan:
        copy = form.cleaned_data["copy_last_year"]
        return planning.begin_plan(plan=form.plan(), copy_last_year=copy, by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class PlanEditView(PlanStep, EditPage):
    title = "Переименовать план"
    form_class = TitleForm
    success_message = "Название изменено."

    def perform(self, form: TitleForm) -> EventPlan:
        title = form.cleaned_data["title"]
        return planning.rename_plan(plan=self.object, title=title, by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class PlanRemovalView(PlanStep, ConfirmPage):
    title = "Удалить проект плана"
    kind = "stop"
    submit_label = "Удалить"

    def get_consequences(self) -> list[str]:
        return ["План удалится вместе со всеми пунктами. Вернуть его будет нельзя."]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            planning.remove_plan(plan=self.object, by=self.request.user)
        except WrongState as error:
            messages.warning(self.request, str(error))
            return redirect(self.object)
        messages.success(self.request, "Проект плана удалён.")
        return redirect("events:plans")


class PlanOrderView(PlanStep, ConfirmPage):
    """The draft order that approves the plan."""

    title = "Подготовить акт об утверждении плана"
    submit_label = "Подготовить проект"

    def check_permission(self, obj: Any = None) -> None:
        if not self.request.user.has_perm("network.add_order", obj):
            raise PermissionDenied("Акты готовят методист и специалист управления образованием.")

    def get_consequences(self) -> list[str]:
        of = order_kind_of(self.object)
        lines = [
            f"Портал составит проект {of}: заголовок, пункты и приложение – план, как он есть сейчас.",
            "Текст можно исправить. План станет утверждённым, когда специалист управления внесёт номер и дату.",
            "Если план изменится раньше, проект нужно будет подготовить заново.",
        ]
        if self.object.order is not None:
            lines.append("Прежний проект удалится вместе с правками в нём.")
        return lines

    def perform(self, form: Any) -> Any:
        return plan_approval.prepare_approval(plan=self.object, by=self.request.user)


class PlanOwnApprovalView(PlanStep, ConfirmPage):
    """The head approves the plan of the organisation by its own act."""

    title = "Утвердить план приказом организации"
    permission = "events.approve_own_eventplan"
    form_class = OwnApprovalForm
    submit_label = "Утвердить"
    success_message = "План утверждён."

    def get_consequences(self) -> list[str]:
        return [
            "План увидят все. Пункты можно будет переносить и отменять с указанием причины, но не удалять.",
        ]

    def perform(self, form: OwnApprovalForm) -> EventPlan:
        return planning.approve_own_plan(plan=self.object, by=self.request.user, **form.cleaned_data)


@method_decorator(login_not_required, name="dispatch")
class PlanFileView(View):
    """The plan as XLSX or DOCX; for visitors without names."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        plan = JOINED.visible_to(request.user).filter(pk=pk).first()
        if plan is None or format not in FORMATS:
            raise Http404("Нет такого файла.")
        content = plan_file(plan, format, with_people=request.user.is_authenticated)
        return download(content, f"{plan.title}.{format}")
