"""«История изменений» of one official record."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from core.history import changes, log_of
from core.pages.page import CardPage


class HistoryPage(CardPage):
    """Changes of the record, the newest first, 30 a page."""

    template_name = "core/history.html"

    def get_title(self) -> str:
        return "История изменений"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(log_of(self.object), 30).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page_obj=page, changes=changes(self.object, page.object_list), **kwargs
        )
