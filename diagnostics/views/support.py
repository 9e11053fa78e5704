"""«Спланировать поддержку»: from a finding to what answers it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.pages import CardPage
from core.states import WrongState
from diagnostics import support
from diagnostics.forms.support import ApplicationDraftForm, EventPlanForm, ExistingForm
from diagnostics.models import Finding, SupportMeasure

HOME = ("Диагностика", "/diagnostics/")
# What has no page of its own in the portal goes by the form of a measure.
OTHERS = [
    (SupportMeasure.Kind.MATERIAL, "Материал"),
    (SupportMeasure.Kind.MENTOR, "Наставник"),
    (SupportMeasure.Kind.COURSE, "Запрос на курсы"),
    (SupportMeasure.Kind.OTHER, "Другое"),
]


class SupportView(CardPage):
    """A new event, a new community, what there is already, or a measure in words."""

    section = "diagnostics"
    title = "Спланировать поддержку"
    template_name = "diagnostics/support.html"
    permission = "diagnostics.change_finding"
    queryset = Finding.objects.select_related(
        "direction", "organisation", "campaign", "municipality", "coverage"
    )
    http_method_names = ["get", "head", "post", "options"]

    def get_title(self) -> str:
        return self.title

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (str(self.object), self.object.get_absolute_url())]

    def forms(self, data: Any = None, choice: str = "") -> dict[str, Any]:
        """The three forms; only the one that was sent is bound."""
        sent = {name: data if name == choice else None for name in ("event", "application", "existing")}
        return {
            "event": EventPlanForm(sent["event"], finding=self.object),
            "application": ApplicationDraftForm(sent["application"], finding=self.object),
            "existing": ExistingForm(sent["existing"], finding=self.object, person=self.request.user),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = kwargs.pop("shown", None) or self.forms()
        kwargs.setdefault("form", None)
        coverage = getattr(self.object, "coverage", None)
        return super().get_context_data(
            finding=self.object, shown=shown, others=OTHERS, coverage=coverage, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        choice = request.POST.get("choice", "")
        shown = self.forms(request.POST, choice)
        form = shown.get(choice)
        if form is not None and form.is_valid():
            try:
                return HttpResponseRedirect(getattr(self, f"plan_{choice}")(form.cleaned_data))
            except WrongState as error:
                form.add_error(None, str(error))
        if form is None:
            messages.error(request, "Выберите, чем ответить на затруднение.")
        return self.render_to_response(self.get_context_data(shown=shown, form=form), status=422)

    def plan_event(self, data: dict[str, Any]) -> str:
        event = support.plan_event(
            finding=self.object, title=data["title"], form=data["format"], starts_at=data["starts_at"],
            by=self.request.user,
        )  # fmt: skip
        messages.success(
            self.request, "Событие запланировано. Уточните место, время и запись, потом объявите."
        )
        return reverse("events:edit", args=[event.pk])

    def plan_application(self, data: dict[str, Any]) -> str:
        made = support.draft_application(finding=self.object, title=data["title"], by=self.request.user)
        messages.success(self.request, "Черновик заявления готов. Дополните его и назовите участников.")
        return reverse("communities:application-edit", args=[made.pk])

    def plan_existing(self, data: dict[str, Any]) -> str:
        support.answer_with(finding=self.object, record=data["record"], by=self.request.user)
        messages.success(self.request, "Записано: на затруднение есть ответ.")
        return self.object.get_absolute_url()
