"""Reports: the list, ordering one, the page of its document, texts, building anew, acceptance, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from core.models import Job
from core.pages import Action, CardPage, ConfirmPage, FormPage, ListPage
from core.pages.page import ScopedMixin
from core.school_year import SchoolYear
from core.states import WrongState, may
from monitoring.actions.reports import accept_report, order_report, rebuild_report, write_texts
from monitoring.documents import snapshot_document
from monitoring.editions import file_name
from monitoring.forms.reports import ReportFilter, ReportForm, TextsForm
from monitoring.history import told
from monitoring.models import Report, ReportFile
from monitoring.tables import ReportTable
from monitoring.views.scope import HOME, MonitoringPage, ScopedPage

LIST = ("Отчёты", "/monitoring/reports/")
JOINED = Report.objects.select_related("municipality", "job", "accepted_by", "created_by")


class ReportsView(MonitoringPage, ListPage):
    title = "Отчёты"
    lead = "Годовой отчёт мониторинга: сеть, диагностика, показатели, самооценка, решения."
    permission = "monitoring.see_report"
    queryset = Report.objects.select_related("municipality").defer("snapshot")
    table_class = ReportTable
    filterset_class = ReportFilter
    empty_title = "Отчётов пока нет"
    empty_text = "Портал соберёт отчёт из записей за год: останется дописать причины и рекомендации."
    export_name = "otchety"
    export_columns = [
        ("Отчёт", str),
        ("Муниципалитет", "municipality__name"),
        ("Данные на", "built_at"),
        ("Состояние", "get_state_display"),
        ("Принят", "accepted_on"),
    ]

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("monitoring.add_report"):
            return []
        return [Action("Собрать годовой отчёт", reverse("monitoring:report-new"), "primary")]


class ReportNewView(ScopedPage, FormPage):
    title = "Собрать годовой отчёт"
    lead = "Отчёт соберёт обработчик портала. Страницу можно закрыть: когда отчёт будет готов, придёт письмо."
    permission = "monitoring.add_report"
    form_class = ReportForm
    submit_label = "Собрать"
    cancel_url = LIST[1]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"year": self.year}

    def perform(self, form: ReportForm) -> Report:
        if not self.request.user.has_perm(self.permission, self.municipality):
            raise PermissionDenied("Отчёт собирают методист и специалист управления муниципалитета.")
        year = SchoolYear(form.cleaned_data["year"])
        return order_report(municipality=self.municipality, year=year, by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class ReportView(MonitoringPage, CardPage):
    """The document as it stands in the files; while an edition is being built, its progress."""

    template_name = "monitoring/report.html"
    permission = "monitoring.see_report"
    queryset = JOINED

    def get_template_names(self) -> list[str]:
        return ["monitoring/report_progress.html"] if self.request.htmx else [self.template_name]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST]

    def get_actions(self) -> list[Action]:
        one, person, actions = self.object, self.request.user, []
        if one.state == Report.State.DRAFT and person.has_perm("monitoring.change_report", one):
            actions.append(Action("Тексты", reverse("monitoring:report-texts", args=[one.pk])))
        if may(person, one, "accept"):
            url = reverse("monitoring:report-acceptance", args=[one.pk])
            actions.append(Action("Принять отчёт", url, "primary"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, job = self.object, self.object.job
        return super().get_context_data(
            report=one,
            job=job,
            failed=bool(one.is_building and job and job.state == Job.State.FAILED),
            document=None if self.request.htmx else snapshot_document(one),
            files=one.files.all(),
            steps=told(one),
            stale=not one.texts_are_in(),
            can_change=not one.is_accepted and self.request.user.has_perm("monitoring.change_report", one),
            can_decide=self.request.user.has_perm("monitoring.add_decision", one),
            **kwargs,
        )


class ReportTextsView(MonitoringPage, ScopedMixin, SingleObjectMixin, FormPage):
    """Causes, recommendations and what the figures mean, written by people; then the report is built anew."""

    title = "Тексты отчёта"
    lead = "Пустая строка начинает новый абзац. После сохранения отчёт пересоберётся с новыми текстами."
    queryset = JOINED
    form_class = TextsForm
    submit_label = "Сохранить и пересобрать"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            self.object = self.get_object()
            if not request.user.has_perm("monitoring.change_report", self.object):
                raise PermissionDenied("Тексты пишут методист и специалист управления муниципалитета.")
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST, (str(self.object), self.object.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"report": self.object}

    def perform(self, form: TextsForm) -> Report:
        report, person = self.object, self.request.user
        if write_texts(report=report, texts=form.texts, by=person):
            messages.success(self.request, "Тексты сохранены, отчёт пересобирается.")
            report = rebuild_report(report=report, seen=report.edition, by=person)
        else:
            messages.info(self.request, "Тексты не изменились.")
        return report

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class ReportRebuildView(ScopedMixin, SingleObjectMixin, View):
    """Build the next edition; a failed one is tried again. `seen` makes two presses one."""

    queryset = JOINED
    permission = "monitoring.change_report"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.get_object()
        seen = request.POST.get("seen", "")
        try:
            if seen.isascii() and seen.isdigit():
                report = rebuild_report(report=report, seen=int(seen[:9]), by=request.user)
        except WrongState as error:
            messages.warning(request, str(error))
        return redirect(report)


class ReportAcceptanceView(MonitoringPage, ConfirmPage):
    title = "Принять отчёт"
    permission = "monitoring.accept_report"
    queryset = JOINED
    submit_label = "Принять отчёт"
    success_message = "Отчёт принят. Файлы с отметкой о принятии готовятся."

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST, (str(self.object), self.object.get_absolute_url())]

    def get_consequences(self) -> list[str]:
        return [
            f"{self.object} станет окончательным: цифры и тексты больше не изменить.",
            "В файлах DOCX, XLSX и PDF появится отметка, кто и когда принял отчёт.",
            "Следующий отчёт за этот год получит следующий номер.",
        ]

    def perform(self, form: Any) -> Report:
        return accept_report(report=self.object, by=self.request.user)


class ReportFileView(View):
    """One file of the edition that can be read."""

    def get(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        report = get_object_or_404(Report.objects.visible_to(request.user).defer("snapshot"), pk=pk)
        row = get_object_or_404(ReportFile, report=report, format=format)
        try:
            file = row.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("Файла нет на диске портала: пересоберите отчёт.") from error
        return FileResponse(file, as_attachment=True, filename=file_name(report, format))
