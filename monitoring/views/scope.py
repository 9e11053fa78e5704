"""What a monitoring page is about: a municipality, a school year, maybe one organisation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.http import urlencode

from core.pages import PageMixin
from core.school_year import SchoolYear, school_year_choices
from network.models import Municipality, Organisation

HOME = ("Мониторинг", "/monitoring/")


class MonitoringPage(PageMixin):
    """A page of monitoring: its word of the menu and the breadcrumb."""

    section = "monitoring"
    request: HttpRequest

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME]


class ScopedPage(MonitoringPage):
    """A page that asks GET `municipality`, `year` and `organisation`; a head stays in the own organisation.

    Anything the person may not look at is 404, like anything that is not there. Who has `permission` nowhere
    is told 403 before anything is read.
    """

    permission = "monitoring.see_indicatorvalue"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied("Мониторинг ведут методисты и специалисты управления образованием.")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def manages(self) -> bool:
        """Whether the person looks at a municipality as a whole, or only at organisations they head."""
        return bool(self.request.user.rights.manages or self.request.user.rights.is_admin)

    @cached_property
    def municipality(self) -> Municipality:
        person = self.request.user
        mine = Municipality.objects.managed_by(person)
        if not self.manages:
            mine = Municipality.objects.filter(organisations__in=person.rights.head_of).distinct()
        asked = self._number("municipality")
        found = mine.filter(pk=asked) if asked is not None else mine.order_by("pk")
        if (municipality := found.first()) is None:
            raise Http404("Нет такого муниципалитета.")
        return municipality

    @cached_property
    def year(self) -> SchoolYear:
        asked = self._number("year")
        if asked is None:
            return SchoolYear.current()
        if not 1990 <= asked <= 2100:
            raise Http404("Нет такого учебного года.")
        return SchoolYear(asked)

    @cached_property
    def organisation(self) -> Organisation | None:
        asked = self._number("organisation")
        mine = Organisation.objects.filter(municipality=self.municipality)
        if not self.manages:
            mine = mine.filter(pk__in=self.request.user.rights.head_of)
            return self._one(mine, asked) if asked is not None else mine.order_by("short_name", "pk").first()
        return self._one(mine, asked) if asked is not None else None

    def _one(self, organisations: Any, pk: int) -> Organisation:
        organisation = organisations.filter(pk=pk).first()
        if organisation is None:
            raise Http404("Нет такой организации.")
        return organisation

    def _number(self, name: str) -> int | None:
        """A number of the address; nothing when it is not there, 404 when it is not a number."""
        text = self.request.GET.get(name, "")
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 12:
            raise Http404(f"Неверный адрес: {name}.")
        return int(text)

    @property
    def query(self) -> str:
        """The scope as a query string, for links between pages about the same."""
        parts: dict[str, int] = {"year": self.year.start, "municipality": self.municipality.pk}
        if self.organisation:
            parts["organisation"] = self.organisation.pk
        return f"?{urlencode(parts)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            place=self.municipality,
            year=self.year,
            organisation=self.organisation,
            years=school_year_choices(),
            scope_query=self.query,
            manages=self.manages,
            **kwargs,
        )
