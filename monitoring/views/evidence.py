"""Evidence: the document itself, adding and taking away."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from core.pages import ConfirmPage, FormPage
from monitoring.actions.evidence import add_evidence, remove_evidence
from monitoring.forms.evidence import NeededEvidenceForm
from monitoring.models import Decision, Evidence, IndicatorValue
from monitoring.views.scope import HOME, MonitoringPage

RIGHTS = {
    "value": "monitoring.enter_indicatorvalue",
    "score": "monitoring.change_assessment",
    "decision": "monitoring.complete_decision",
}


class EvidenceView(View):
    """The uploaded document, to those who see what it is evidence of; always saved, never shown in the page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evidence = get_object_or_404(Evidence.objects.visible_to(request.user).exclude(document=""), pk=pk)
        try:
            file = evidence.document.open("rb")
        except FileNotFoundError as error:
            raise Http404("Файла нет на диске портала.") from error
        return FileResponse(file, as_attachment=True, filename=evidence.filename)


class EvidenceNewView(MonitoringPage, FormPage):
    """One more piece of evidence of a value or a decision."""

    title = "Добавить подтверждение"
    form_class = NeededEvidenceForm
    submit_label = "Добавить"
    success_message = "Подтверждение добавлено."
    models = {"value": IndicatorValue, "decision": Decision}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            model = self.models[kwargs["kind"]]
            self.subject = get_object_or_404(model.objects.visible_to(request.user), pk=kwargs["pk"])
            if not request.user.has_perm(RIGHTS[kwargs["kind"]], self.subject):
                raise PermissionDenied("Подтверждения добавляет тот, кто отвечает за запись.")
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (str(self.subject), self.subject.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "person": self.request.user,
            "municipality_id": self.subject.municipality_id,
        }

    def perform(self, form: NeededEvidenceForm) -> Evidence:
        return add_evidence(subject=self.subject, new=form.evidence, by=self.request.user)

    def get_success_url(self) -> str:
        return self.subject.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.subject.get_absolute_url()


class EvidenceRemovalView(MonitoringPage, ConfirmPage):
    """Take evidence away from something that is still open."""

    title = "Убрать подтверждение"
    model = Evidence
    kind = "stop"
    submit_label = "Убрать"
    success_message = "Подтверждение убрано."

    def check_permission(self, obj: Any = None) -> None:
        kind = "value" if obj.value_id else "score" if obj.score_id else "decision"
        holder = obj.subject.assessment if obj.score_id else obj.subject
        if not self.request.user.has_perm(RIGHTS[kind], holder):
            raise PermissionDenied("Подтверждения убирает тот, кто отвечает за запись.")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (str(self.object.subject), self.object.subject.get_absolute_url())]

    def get_consequences(self) -> list[str]:
        lines = [f"«{self.object}» больше не будет подтверждением."]
        return [*lines, "Файл удалится с портала."] if self.object.document else lines

    def perform(self, form: Any) -> Any:
        subject = self.object.subject
        remove_evidence(evidence=self.object, by=self.request.user)
        return subject
