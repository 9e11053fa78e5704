"""The pages of an upload: choose a file, see every row's fate, correct, confirm, take the errors home."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.imports import actions
from core.imports.forms import ColumnsForm, ConfirmForm, FileForm, TableForm
from core.imports.report import error_report
from core.imports.spec import Fate, ImportSpec, spec_for
from core.imports.table import UnreadableTable
from core.models import Job, Upload
from core.pages.forms import FormPage
from core.pages.page import CardPage
from core.states import WrongState

_ROWS_A_PAGE = 50
_TABS = [
    ("", "Все строки", "Все строки"),
    (Fate.REJECTED, "С ошибкой", "Не загружено"),
    (Fate.ADDED, "Будет добавлено", "Добавлено"),
    (Fate.CHANGED, "Изменится", "Изменено"),
    (Fate.UNCHANGED, "Без изменений", "Без изменений"),
    (Fate.SUPERSEDED, "Не берётся", "Не взято"),
]
_TAGS = {
    Fate.REJECTED: "stop",
    Fate.ADDED: "done",
    Fate.CHANGED: "wait",
    Fate.UNCHANGED: "",
    Fate.SUPERSEDED: "",
}


class StartPage(FormPage):
    """Choose a file. An app names `kind`, the permission, its form and in `get_params` where the rows go."""

    template_name = "core/imports/start.html"
    form_class: Any = FileForm
    submit_label = "Проверить файл"
    kind = ""

    def get_params(self, form: Any) -> dict[str, Any]:
        raise NotImplementedError

    def spec_class(self) -> type[ImportSpec]:
        raise NotImplementedError

    def get_title(self) -> str:
        return self.spec_class().title

    def form_valid(self, form: Any) -> HttpResponse:
        spec = spec_for(self.spec_class().kind, self.get_params(form))
        if not spec.allows(self.request.user):
            raise PermissionDenied("Для этой загрузки нужны другие права.")
        file = form.cleaned_data["file"]
        try:
            upload = actions.receive(spec=spec, file=file, name=file.name, by=self.request.user)
        except UnreadableTable as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        return redirect(upload)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recent = Upload.objects.visible_to(self.request.user).filter(kind=self.spec_class().kind)[:5]
        return super().get_context_data(fields_known=self.spec_class().fields, recent=recent, **kwargs)


class _Page(CardPage):
    """An upload of one's own, while one may still do this import."""

    model = Upload
    context_object_name = "upload"
    spec: ImportSpec

    def check_permission(self, obj: Any = None) -> None:
        self.spec = actions.spec_of(obj)
        if not self.spec.allows(self.request.user):
            raise PermissionDenied("Для этой загрузки нужны другие права.")

    def get_title(self) -> str:
        return self.spec.title

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [(self.spec.title, self.spec.start_url())]

    def get_page(self) -> Any:
        page = super().get_page()
        page.section = self.spec.section
        page.lead = " · ".join(part for part in (f"«{self.object.name}»", self.spec.where()) if part)
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(spec=self.spec, **kwargs)


class UploadPage(_Page):
    """Every row's fate with counts, and the one button; after it, what was done."""

    template_name = "core/imports/upload.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = upload = self.get_object()
        if upload.state == Upload.State.PREPARING and upload.job is None:
            return redirect("core:upload-mapping", upload.pk)
        working = upload.state in (Upload.State.PREPARING, Upload.State.APPLYING)
        if working and upload.job is not None and not upload.job.is_finished:
            return redirect(upload.job)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = self.object
        done = upload.state == Upload.State.APPLIED
        fate = self.request.GET.get("fate", Fate.REJECTED if upload.counts.get(Fate.REJECTED) else "")
        rows = upload.rows.filter(fate=fate) if fate else upload.rows.all()
        shown = Paginator(rows, _ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        for row in shown:
            row.tag = _TAGS[Fate(row.fate)]
            row.fate_label = next(words[1 + done] for words in _TABS if words[0] == row.fate)
            row.selects = [] if done else self._selects(row)
        return super().get_context_data(
            done=done,
            failed=upload.job is not None and upload.job.state == Job.State.FAILED,
            tabs=self._tabs(fate, done),
            page_obj=shown,
            fate=fate,
            select_title=next((select["title"] for row in shown for select in row.selects), ""),
            form=kwargs.pop("form", None) or ConfirmForm(upload=upload, spec=self.spec),
            nothing_new=not (upload.counts.get(Fate.ADDED) or upload.counts.get(Fate.CHANGED)),
            **kwargs,
        )

    def _tabs(self, fate: str, done: bool) -> list[dict[str, Any]]:
        counts = self.object.counts
        return [
            {
                "label": words[1 + done],
                "count": counts.get(words[0], 0) if words[0] else self.object.total,
                "url": f"?fate={words[0]}",
                "current": words[0] == fate,
            }
            for words in _TABS
            if not words[0] or counts.get(words[0])
        ]

    def _selects(self, row: Any) -> list[dict[str, Any]]:
        fields = {field.name: field for field in self.spec.fields}
        return [
            {
                "name": f"{name}-{row.number}",
                "label": f"{fields[name].title}, строка {row.number}",
                "title": fields[name].title,
                "value": value,
                "choices": fields[name].choices,
            }
            for name, value in row.guesses.items()
        ]


class ConfirmationPage(UploadPage):
    """POST of the button under the preview."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = upload = self.get_object()
        form = ConfirmForm(request.POST, upload=upload, spec=self.spec)
        if not form.is_valid():
            return redirect(upload)
        try:
            actions.confirm(
                upload=upload,
                fingerprint=form.cleaned_data["fingerprint"],
                accept_good_rows=form.cleaned_data.get("accept_good_rows", False),
                options=form.options(),
                by=request.user,
            )
        except WrongState as error:
            messages.warning(request, str(error))
        return redirect(upload)


class CorrectionsPage(_Page):
    """POST of the selects beside guessed values."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = upload = self.get_object()
        allowed = {field.name: dict(field.choices) for field in self.spec.fields if field.choices}
        corrections: dict[str, dict[str, str]] = {}
        for key, value in request.POST.items():
            name, _, number = key.rpartition("-")
            if value in allowed.get(name, {}) and number.isdigit():
                corrections.setdefault(number, {})[name] = value
        try:
            actions.correct_rows(upload=upload, corrections=corrections, by=request.user)
            messages.success(request, "Поправки учтены.")
        except WrongState as error:
            messages.warning(request, str(error))
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{upload.get_absolute_url()}{'?' if query else ''}{query}")


class MappingPage(_Page):
    """Which sheet, which header row, which column is which field."""

    template_name = "core/imports/mapping.html"

    def get_crumbs(self) -> list[tuple[str, str]]:
        crumbs = super().get_crumbs()
        return [*crumbs, (self.object.name, self.object.get_absolute_url())] if self.object.counts else crumbs

    def get_title(self) -> str:
        return "Колонки файла"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = upload = self.get_object()
        if upload.state in (Upload.State.APPLYING, Upload.State.APPLIED):
            return redirect(upload)
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = upload = self.get_object()
        place = "header_row" in request.POST
        table_form = TableForm(request.POST if place else None, upload=upload)
        columns_form = ColumnsForm(None if place else request.POST, upload=upload, spec=self.spec)
        form: Any = table_form if place else columns_form
        if form.is_valid():
            try:
                if place:
                    sheet = form.cleaned_data.get("sheet", upload.sheet)
                    header_row = form.cleaned_data["header_row"] if sheet == upload.sheet else 0
                    actions.choose_table(upload=upload, sheet=sheet, header_row=header_row, by=request.user)
                    return redirect("core:upload-mapping", upload.pk)
                actions.map_columns(upload=upload, columns=form.columns(), by=request.user)
                return redirect(upload)
            except (UnreadableTable, WrongState) as error:
                form.add_error(None, str(error))
        context = self.get_context_data(table_form=table_form, columns_form=columns_form)
        return self.render_to_response(context, status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = self.object
        kwargs.setdefault("table_form", TableForm(upload=upload))
        kwargs.setdefault("columns_form", ColumnsForm(upload=upload, spec=self.spec))
        return super().get_context_data(missing=self.spec.missing(upload.columns), **kwargs)


class ReportPage(_Page):
    """The rejected rows as XLSX, with what to correct, to be corrected and sent again."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if not self.object.file:
            raise Http404("Файл уже удалён: портал хранит загруженные файлы ограниченное время.")
        return error_report(self.object)


class RemovalPage(_Page):
    """POST: forget the upload and its file."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        try:
            actions.discard(upload=self.object)
        except WrongState as error:
            messages.warning(request, str(error))
            return redirect(self.object)
        messages.success(request, "Файл удалён, ничего не загружено.")
        return redirect(self.spec.start_url() or reverse("my"))
