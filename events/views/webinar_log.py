"""The log of a webinar from the programme it was held in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from core.imports.spec import ImportSpec
from core.states import WrongState
from core.views.uploads import StartPage
from events.attendance import check_markable
from events.models import Event
from events.views.events import EventPage
from events.webinar_log import WebinarLog


class WebinarLogView(EventPage, StartPage):
    """Choose the file of those who were there."""

    lead = "Список подключившихся: имя или почта; портал найдёт записавшихся и покажет остальных"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            self.object = get_object_or_404(Event.objects.visible_to(request.user), pk=self.kwargs["pk"])
            if not request.user.has_perm("events.mark_attendance_event", self.object):
                raise PermissionDenied("Присутствие отмечают те, кто ведёт событие.")
            try:
                check_markable(self.object)
            except WrongState as error:
                messages.warning(request, str(error))
                return redirect("events:attendance", pk=self.object.pk)
        return super().dispatch(request, *args, **kwargs)

    def spec_class(self) -> type[ImportSpec]:
        return WebinarLog

    def get_cancel_url(self) -> str:
        return reverse("events:attendance", args=[self.object.pk])

    def get_params(self, form: Any) -> dict[str, Any]:
        return {"event": self.object.pk}
