"""Monitoring at a glance: what it amounts to this year and what waits."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from core.pages import Action
from monitoring.board import board
from monitoring.models import Assessment, Decision, IndicatorValue, Report
from monitoring.views.scope import MonitoringPage, ScopedPage


class AcceptedView(MonitoringPage, TemplateView):
    """For everybody who works in the network: the accepted values of its indicators, without the records."""

    template_name = "monitoring/accepted.html"
    title = "Мониторинг"
    lead = "К чему пришла сеть: показатели, которые приняло управление образованием."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.rights.municipality_ids:
            raise PermissionDenied("Показатели сети видят те, кто в ней работает.")
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values = IndicatorValue.objects.filter(
            municipality__in=self.request.user.rights.municipality_ids, organisation=None, state="accepted"
        )
        return super().get_context_data(
            values=values.select_related("indicator", "municipality")
            .defer("counted")
            .order_by("-year", "municipality", "indicator__position", "pk"),
            **kwargs,
        )


class HomeView(ScopedPage, TemplateView):
    """For those who manage: indicators, report, self-assessment, decisions. For a head: the own organisation."""

    template_name = "monitoring/home.html"
    title = "Мониторинг"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_page(self) -> Any:
        page = super().get_page()
        where = self.organisation or self.municipality
        page.lead = f"{where}, {self.year} учебный год."
        return page

    def get_actions(self) -> list[Action]:
        if self.manages and self.request.user.has_perm("monitoring.add_report"):
            return [Action("Собрать годовой отчёт", f"/monitoring/reports/new/{self.query}", "primary")]
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        decisions = Decision.objects.visible_to(person)
        lines = board(self.municipality, self.year, self.organisation)
        if self.manages:
            kwargs.update(self._municipality_figures())
            decisions = decisions.filter(municipality=self.municipality)
        return super().get_context_data(
            counts=self._value_counts(),
            decisions=decisions.open().select_related("organisation", "person").order_by("due_on", "pk")[:6],
            lines=[line for line in lines if line.value and line.value.value is not None][:8],
            **kwargs,
        )

    def _value_counts(self) -> dict[str, int]:
        values = IndicatorValue.objects.filter(
            municipality=self.municipality, organisation=self.organisation, year=self.year.start
        )
        return values.aggregate(
            known=Count("pk", filter=Q(value__isnull=False)), accepted=Count("pk", filter=Q(state="accepted"))
        )

    def _municipality_figures(self) -> dict[str, Any]:
        same = {"municipality": self.municipality, "year": self.year.start}
        open_states = [Decision.State.ASSIGNED, Decision.State.RETURNED]
        late = Q(state__in=open_states, due_on__lt=timezone.localdate())
        return {
            "report": Report.objects.filter(**same).defer("snapshot").first(),
            "assessment": Assessment.objects.filter(**same)
            .annotate(given=Coalesce(Sum(F("scores__points") * F("scores__column__sign")), 0))
            .first(),
            "decision_counts": Decision.objects.filter(municipality=self.municipality).aggregate(
                open=Count("pk", filter=Q(state__in=open_states)), late=Count("pk", filter=late)
            ),
        }


def home(request: HttpRequest) -> HttpResponse:
    """Those who manage or head see their board, the rest what was accepted."""
    page = HomeView if request.user.has_perm(HomeView.permission) else AcceptedView
    return page.as_view()(request)
