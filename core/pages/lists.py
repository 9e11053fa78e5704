"""A list: GET filters, chips of what is filtered, table or cards, pages, empty state, XLSX of what is filtered."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponse
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from core.pages.page import PageMixin, ScopedMixin


class ListPage(PageMixin, ScopedMixin, SingleTableMixin, FilterView):
    """A list of what the person may see.

    A subclass names `model`, `filterset_class`, and `table_class` or, for cards, `card_template`; where it can
    be exported `export_columns`: pairs (column title, attribute path or callable) and `export_name`.
    The rows are fetched once: a table pages itself, cards are paged by Django.
    """

    template_name = "core/list.html"
    paginate_by = 30
    strict = False
    empty_title = "Здесь пока пусто"
    empty_text = ""
    export_columns: list[tuple[str, Any]] = []
    export_name = "spisok"
    card_template = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check_permission()
        response = super().get(request, *args, **kwargs)
        if request.GET.get("export") == "xlsx" and self.get_export_columns():
            return self.export()
        return response

    def get_export_columns(self) -> list[tuple[str, Any]]:
        """Overridden where what is exported depends on who asks."""
        return self.export_columns

    def get_paginate_by(self, data: Any) -> int | None:
        return self.paginate_by if self.card_template else None

    def get_table_pagination(self, table: Any) -> dict[str, Any]:
        return {"per_page": self.paginate_by}

    def get_table(self, **kwargs: Any) -> Any:
        return None if self.card_template else super().get_table(**kwargs)

    def get_context_table_name(self, table: Any) -> str:
        return "table"

    def get_chips(self) -> list[dict[str, str]]:
        """One chip a filter in force: its words and the address without it."""
        chips = []
        form = self.filterset.form
        if not form.is_valid():
            return []
        for name, value in form.cleaned_data.items():
            if value in (None, "", [], False) or name not in self.request.GET:
                continue
            field = form.fields[name]
            if isinstance(value, Model) or not hasattr(field, "choices"):
                label = value
            else:
                label = dict(field.choices).get(value, value)
            query = self.request.GET.copy()
            query.pop(name)
            query.pop("page", None)
            text = field.label if value is True else f"{field.label}: {label}"
            chips.append({"label": str(text), "url": f"?{query.urlencode()}"})
        return chips

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        query.pop("page", None)
        query["export"] = "xlsx"
        if context["table"] is not None:
            context["page_obj"] = context["table"].page
        context.update(
            chips=self.get_chips(),
            empty_title=self.empty_title,
            empty_text=self.empty_text,
            card_template=self.card_template,
            export_url=f"?{query.urlencode()}" if self.get_export_columns() else "",
        )
        return context

    def export(self) -> HttpResponse:
        """The whole list as filtered, not only the page."""
        from core.documents import list_to_xlsx

        columns = [title for title, _ in self.get_export_columns()]
        paths = [path for _, path in self.get_export_columns()]
        rows = ([_value(obj, path) for path in paths] for obj in self.object_list.iterator(2000))
        content = list_to_xlsx(self.get_title(), columns, rows, [chip["label"] for chip in self.get_chips()])
        return FileResponse(
            content if hasattr(content, "read") else _stream(content),
            as_attachment=True,
            filename=f"{self.export_name}.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )


def _stream(content: bytes):
    from io import BytesIO

    return BytesIO(content)


def _value(obj: Any, path: Any) -> Any:
    if callable(path):
        return path(obj)
    for part in path.split("__"):
        obj = getattr(obj, part)
        if callable(obj):
            obj = obj()
        if obj is None:
            return None
    return obj
