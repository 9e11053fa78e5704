"""The public front page: what the network is, in figures that lead to their records."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from config.context import current_municipality
from core.pages import PageMixin
from core.portal import home_facts, home_panels


@method_decorator(login_not_required, name="dispatch")
class HomeView(PageMixin, TemplateView):
    """Facts and panels come from the apps (core/portal.py)."""

    template_name = "home.html"
    title = "Главная"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        municipality = current_municipality(self.request)
        person = self.request.user if self.request.user.is_authenticated else None
        facts, panels = [], []
        if municipality is not None:
            facts = sorted(home_facts.gather(municipality, person), key=lambda fact: fact.order)
            panels = sorted(home_panels.gather(municipality, person), key=lambda panel: panel.order)
        return super().get_context_data(
            home=municipality,
            facts=facts,
            main_panels=[panel for panel in panels if panel.place == "main"],
            aside_panels=[panel for panel in panels if panel.place != "main"],
            **kwargs,
        )
