"""Мои дела: what waits for the person, what the person waits for, what stands beside it."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from config.tasks_count import remember
from core.pages import PageMixin
from core.portal import Task, gathered, my_panels, my_tasks, my_waits


class MyView(PageMixin, TemplateView):
    """The page one lands on after sign-in; every app tells what it has (core/portal.py)."""

    template_name = "my.html"
    title = "Мои дела"

    def get_page(self) -> Any:
        page = super().get_page()
        page.lead = self.request.user.rights.role_words
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        tasks, waits, panels = gathered(person, my_tasks, my_waits, my_panels)
        remember(person, len(tasks))
        return super().get_context_data(
            tasks=sorted(tasks, key=urgency),
            tasks_count=len(tasks),
            waits=sorted(waits, key=urgency),
            panels=sorted(panels, key=lambda panel: panel.order),
            **kwargs,
        )


def urgency(task: Task) -> tuple[bool, Any]:
    """Dated ones first, the earliest on top; the rest in the order the apps tell them."""
    return task.due is None, task.due.toordinal() if task.due else 0
