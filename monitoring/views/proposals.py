"""What the portal proposes as evidence of a cell: the page, accepting, refusing, taking a refusal back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.generic import FormView

from core.states import WrongState
from monitoring.actions.proposals import accept_proposals, refuse_proposals, restore_proposals
from monitoring.forms.proposals import TickedForm
from monitoring.models import Refusal
from monitoring.proposals.found import Proposals, key_of
from monitoring.views.assessments import CellPage


class ProposalsView(CellPage, FormView):
    """Evidence with where it is from; proposals by rule; what was found not to fit. Points are given elsewhere."""

    template_name = "monitoring/proposals.html"
    permission = "monitoring.see_assessment"
    refusal = "Подтверждения видят методист и специалист управления образованием."
    form_class = TickedForm
    http_method_names = ["get", "head", "options"]

    def get_title(self) -> str:
        return f"Подтверждения: {self.column.title.lower()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_still = not self.assessment.is_accepted
        may_change = self.request.user.has_perm("monitoring.change_assessment", self.assessment)
        found = Proposals(self.assessment, self.request.user) if open_still else None
        return super().get_context_data(
            assessment=self.assessment,
            row=self.row,
            column=self.column,
            points=self.score.points if self.score else 0,
            stem=self.row.position.stem,
            evidence=self.evidence,
            groups=found.groups(self.row, self.column) if found else [],
            refused=self._refused(),
            can_change=open_still and may_change,
            **kwargs,
        )

    def _refused(self) -> list[tuple[str, Refusal]]:
        rows = self.score.refusals.with_records() if self.score else []
        return [(key_of(row.record), row) for row in rows if row.record is not None]


class _Settling(ProposalsView):
    """A press of a button under the ticks; nothing ticked shows the page again with what to do."""

    permission = "monitoring.change_assessment"
    refusal = "Подтверждения отбирает методист муниципалитета."
    http_method_names = ["post", "options"]
    settle: ClassVar[Callable[..., int]]
    done = ""

    def form_valid(self, form: TickedForm) -> HttpResponse:
        try:
            count = type(self).settle(
                assessment=self.assessment,
                row=self.row,
                column=self.column,
                keys=set(form.cleaned_data["records"]),
                by=self.request.user,
            )
        except WrongState as error:
            messages.warning(self.request, str(error))
            return HttpResponseRedirect(self.proposals_url)
        if count:
            messages.success(self.request, f"{self.done}: {count}.")
        else:
            messages.info(self.request, "Ничего не изменилось: эти записи уже разобраны или отменены.")
        return HttpResponseRedirect(self.proposals_url)

    def form_invalid(self, form: TickedForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class AcceptanceView(_Settling):
    settle = accept_proposals
    done = "Принято подтверждений"


class RefusalView(_Settling):
    settle = refuse_proposals
    done = "Отмечено как неподходящие (вернуть можно внизу страницы)"


class ReturnView(_Settling):
    settle = restore_proposals
    done = "Возвращено в предложения"
