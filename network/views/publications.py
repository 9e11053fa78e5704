"""Pages of what the network has not published yet: resource centres, documents."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from core.pages import PageMixin

CRUMBS = [("Сеть", "/network/organisations/")]


@method_decorator(login_not_required, name="dispatch")
class ResourceCentresPage(PageMixin, TemplateView):
    """Organisations with a status given by order."""

    template_name = "network/empty.html"
    title = "Ресурсные центры"
    section = "network"
    crumbs = CRUMBS
    extra_context = {
        "empty_title": "Статусы ещё никому не присвоены",
        "empty_text": "Здесь стоят организации, которым приказом присвоен статус: ресурсный центр, опорная школа, "
        "стажировочная площадка. Чем готова поделиться каждая организация, написано в её карточке.",
    }


@method_decorator(login_not_required, name="dispatch")
class DocumentsPage(PageMixin, TemplateView):
    """Bank of regulations and forms."""

    template_name = "network/empty.html"
    title = "Документы сети"
    section = "network"
    crumbs = CRUMBS
    extra_context = {
        "empty_title": "Документов пока нет",
        "empty_text": "Здесь стоят действующие положения, приказы, соглашения и бланки сети.",
    }
