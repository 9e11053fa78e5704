"""What the header of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from config.tasks_count import remembered
from network.models import Municipality

SECTIONS = [
    ("network", "Сеть", "network:organisations"),
    ("communities", "Сообщества", "communities:communities"),
    ("events", "События", "events:events"),
    ("diagnostics", "Диагностика", "diagnostics:home"),
    ("monitoring", "Мониторинг", "monitoring:home"),
    ("bank", "Банк", "communities:materials"),
]


def current_municipality(request: HttpRequest) -> Municipality | None:
    """The municipality whose name stands in the header: where the person works, else the first of the portal."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.rights.employments:
        return user.rights.employments[0].organisation.municipality
    return Municipality.objects.order_by("pk").first()


def portal(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "my_count": remembered(user) if user is not None and user.is_authenticated else None,
        "municipality": SimpleLazyObject(lambda: current_municipality(request)),
        "sections": SECTIONS,
        "demo": settings.DEMO,
        "data_operator": settings.DATA_OPERATOR,
    }
