"""What every page tells its template, and how every page is scoped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.views.generic import DetailView

from core.portal import record_panels


@dataclass(frozen=True)
class Action:
    """A button beside the title: `kind` is primary (one a page), quiet or stop."""

    label: str
    url: str
    kind: str = "quiet"
    icon: str = ""


@dataclass
class Page:
    """Title, lead, breadcrumbs, actions; `section` marks the word of the menu the page belongs to."""

    title: str
    lead: str = ""
    section: str = ""
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


class PageMixin:
    """Puts `page` into the context. A view sets `title`, `lead`, `section`, `crumbs` or overrides `get_page`."""

    title = ""
    lead = ""
    section = ""
    crumbs: list[tuple[str, str]] = []
    http_method_names = ["get", "post", "head", "options"]

    def get_page(self) -> Page:
        return Page(self.get_title(), self.lead, self.section, self.get_crumbs(), self.get_actions())

    def get_title(self) -> str:
        return self.title

    def get_crumbs(self) -> list[tuple[str, str]]:
        return list(self.crumbs)

    def get_actions(self) -> list[Action]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.get_page(), **kwargs)  # type: ignore[misc]


class ScopedMixin:
    """Scope first: the queryset is what the person may see (else 404), `permission` is what they may do (else 403)."""

    queryset: QuerySet | None = None
    model: Any = None
    permission = ""

    def get_queryset(self) -> QuerySet:
        source = self.queryset if self.queryset is not None else self.model._default_manager.all()
        return source.all().visible_to(self.request.user)  # type: ignore[attr-defined]

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        obj = super().get_object(queryset)  # type: ignore[misc]
        self.check_permission(obj)
        return obj

    def check_permission(self, obj: Any = None) -> None:
        """Raises PermissionDenied unless the person has `permission` on the object."""
        if self.permission and not self.request.user.has_perm(self.permission, obj):  # type: ignore[attr-defined]
            raise PermissionDenied("Для этого действия нужны другие права.")


class CardPage(PageMixin, ScopedMixin, DetailView):
    """One object: facts, status, what can be done with it, and what apps above tell of it (`record_panels`)."""

    template_name = "core/card.html"

    def get_title(self) -> str:
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panels = record_panels.gather(self.object, self.request.user)
        return super().get_context_data(record_panels=panels, **kwargs)
