"""Search over what the person may see."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from core.models import SearchEntry
from core.pages import PageMixin
from core.search import Question, found, sources

PER_PAGE = 20


class SearchView(PageMixin, TemplateView):
    """`q` words, `in` one of the sources; a page of 20, the best first."""

    template_name = "search.html"
    title = "Поиск"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = Question.parse(self.request.GET.get("q", "")[:200])
        everything = list(found(question, self.request.user).values_list("source", "pk"))
        counts = Counter(source for source, _ in everything)
        chosen = self.request.GET.get("in", "")
        if chosen not in counts:
            chosen = ""
        rows = [pk for source, pk in everything if chosen in ("", source)]
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        entries = SearchEntry.objects.in_bulk(list(page))
        return super().get_context_data(
            question=question,
            total=len(everything),
            chosen=chosen,
            groups=[
                {"key": source.key, "title": source.title, "count": counts[source.key]}
                for source in sources.values()
                if source.key in counts
            ],
            page_obj=page,
            results=[
                {
                    "title": question.mark(entry.title),
                    "summary": question.mark(entry.summary),
                    "url": entry.url,
                    "source": sources[entry.source].title,
                }
                for entry in (entries[pk] for pk in page if pk in entries)
            ],
            **kwargs,
        )
