"""Self-assessment: the list, the table of points, one cell, acceptance, the dossier."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from core.pages import Action, CardPage, ConfirmPage, FormPage
from core.school_year import SchoolYear
from core.states import may
from monitoring.actions.assessments import accept_assessment, begin_assessment, set_score
from monitoring.dossier import dossier
from monitoring.forms.assessments import AssessmentForm, ScoreForm
from monitoring.history import told
from monitoring.models import Assessment, Column, Evidence, Row, Score
from monitoring.sheet import sheet_of
from monitoring.views.scope import HOME, MonitoringPage, ScopedPage

LIST = ("Самооценка", "/monitoring/assessments/")


class AssessmentsView(ScopedPage, TemplateView):
    """Assessments of the municipality over the years."""

    template_name = "monitoring/assessments.html"
    permission = "monitoring.see_assessment"
    title = "Самооценка механизмов управления"
    lead = "Баллы по критериям с подтверждениями: что есть, чего не хватает до наибольшего балла."

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("monitoring.add_assessment", self.municipality):
            return []
        return [Action("Начать самооценку", reverse("monitoring:assessment-new"), "primary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Assessment.objects.visible_to(self.request.user).filter(municipality=self.municipality)
        points = Coalesce(Sum(F("scores__points") * F("scores__column__sign")), 0)
        rows = rows.select_related("framework").annotate(given=points)
        return super().get_context_data(assessments=rows, **kwargs)


class AssessmentNewView(ScopedPage, FormPage):
    title = "Начать самооценку"
    permission = "monitoring.add_assessment"
    form_class = AssessmentForm
    submit_label = "Начать"
    cancel_url = LIST[1]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"municipality_id": self.municipality.pk}

    def perform(self, form: AssessmentForm) -> Assessment:
        if not self.request.user.has_perm(self.permission, self.municipality):
            raise PermissionDenied("Самооценку ведёт методист муниципалитета.")
        return begin_assessment(
            municipality=self.municipality,
            year=SchoolYear(form.cleaned_data["year"]),
            framework=form.cleaned_data["framework"],
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class AssessmentView(MonitoringPage, CardPage):
    """The table: points, evidence, total, what is missing."""

    template_name = "monitoring/assessment.html"
    permission = "monitoring.see_assessment"
    queryset = Assessment.objects.select_related("framework", "municipality")

    def get_page(self) -> Any:
        page = super().get_page()
        page.lead = f"{self.object.municipality}. {self.object.framework}."
        return page

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST]

    def get_actions(self) -> list[Action]:
        one = self.object
        actions = [
            Action("Скачать досье", reverse("monitoring:dossier", args=[one.pk]), icon="file-earmark-zip")
        ]
        if may(self.request.user, one, "accept"):
            url = reverse("monitoring:assessment-acceptance", args=[one.pk])
            actions.append(Action("Принять", url, "primary"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            assessment=self.object,
            sheet=sheet_of(self.object, self.request.user),
            steps=told(self.object),
            can_change=not self.object.is_accepted
            and self.request.user.has_perm("monitoring.change_assessment", self.object),
            **kwargs,
        )


class CellPage(MonitoringPage):
    """A page about one cell: `assessment`, `row`, `column` and `score` (None while nothing is there)."""

    request: Any
    permission = "monitoring.change_assessment"
    refusal = "Баллы ставит методист муниципалитета."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            visible = Assessment.objects.visible_to(request.user).select_related("framework", "municipality")
            self.assessment = get_object_or_404(visible, pk=kwargs["pk"])
            if not request.user.has_perm(self.permission, self.assessment):
                raise PermissionDenied(self.refusal)
            positions = {"position__section__framework": self.assessment.framework_id}
            self.row = get_object_or_404(
                Row.objects.select_related("position"), pk=kwargs["row"], **positions
            )
            self.column = get_object_or_404(Column, pk=kwargs["column"], position=self.row.position)
            cells = Score.objects.filter(assessment=self.assessment, row=self.row, column=self.column)
            self.score = cells.first()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST, (str(self.assessment), self.assessment.get_absolute_url())]

    @cached_property
    def evidence(self) -> list[Evidence]:
        """What confirms the cell, with records and people."""
        return list(self.score.evidence.with_records()) if self.score else []

    @property
    def proposals_url(self) -> str:
        return reverse("monitoring:proposals", args=[self.assessment.pk, self.row.pk, self.column.pk])


class ScoreView(CellPage, FormPage):
    """One cell: points, why, evidence."""

    template_name = "monitoring/score.html"
    form_class = ScoreForm
    success_message = "Балл сохранён."
    permission = "monitoring.change_assessment"

    def get_title(self) -> str:
        return self.column.title

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "column": self.column,
            "score": self.score,
            "person": self.request.user,
            "municipality_id": self.assessment.municipality_id,
        }

    def perform(self, form: ScoreForm) -> Score:
        return set_score(
            assessment=self.assessment,
            row=self.row,
            column=self.column,
            points=form.cleaned_data["points"],
            note=form.cleaned_data["note"],
            new=form.evidence,
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        return self.assessment.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.assessment.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            row=self.row,
            stem=self.row.position.stem,
            evidence=self.evidence,
            proposals_url=self.proposals_url,
            **kwargs,
        )


class AssessmentAcceptanceView(MonitoringPage, ConfirmPage):
    title = "Принять самооценку"
    permission = "monitoring.accept_assessment"
    queryset = Assessment.objects.select_related("framework", "municipality")
    submit_label = "Принять"
    success_message = "Самооценка принята."

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST, (str(self.object), self.object.get_absolute_url())]

    def get_consequences(self) -> list[str]:
        sheet = sheet_of(self.object)
        lines = [
            f"Итог станет окончательным: {sheet.total} из {sheet.maximum} баллов.",
            f"Подтверждений: {len(sheet.evidence)}. Ни баллы, ни подтверждения больше не изменить.",
        ]
        if gone := sum(1 for one in sheet.evidence if one.trouble):
            lines.append(f"Из них на отменённых записях: {gone}. Такие ничего не подтверждают.")
        return lines

    def perform(self, form: Any) -> Assessment:
        return accept_assessment(assessment=self.object, by=self.request.user)


class DossierView(View):
    """One archive: the table and every document, links listed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        assessments = Assessment.objects.visible_to(request.user).select_related("framework", "municipality")
        assessment = get_object_or_404(assessments, pk=pk)
        if not request.user.has_perm("monitoring.see_assessment", assessment):
            raise PermissionDenied
        return FileResponse(
            dossier(assessment),
            as_attachment=True,
            filename=f"dosye-{assessment.year}.zip",
            content_type="application/zip",
        )
