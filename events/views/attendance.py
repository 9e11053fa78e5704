"""Attendance: the list on a phone, the code at the door, saying «я здесь», those who came without signing up."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from core.limits import person_within_limit
from core.pages import Action, CardPage, ConfirmPage
from core.states import WrongState
from core.templatetags.portal import plural
from events import attendance
from events.forms.attendance import CodeForm, MarksForm, WalkInForm
from events.models import Door, Event, Registration
from events.views.events import EventPage, EventsPage

JOINED = Event.objects.select_related("host__municipality", "municipality", "organiser")
TRIES, PERIOD = 20, 600


class AttendanceView(EventPage, CardPage):
    """Everybody signed up with three answers each; one press for «пришли все»."""

    template_name = "events/attendance.html"
    queryset = JOINED
    permission = "events.mark_attendance_event"

    def get_title(self) -> str:
        return f"Присутствие: {self.event}"

    def get_actions(self) -> list[Action]:
        pk = [self.event.pk]
        return [
            Action("Загрузить журнал вебинара", reverse("events:webinar-log", args=pk), icon="upload"),
            Action("Код на экран", reverse("events:door", args=pk), icon="qr-code"),
            Action("Сертификаты", reverse("events:certificates", args=pk), icon="award"),
        ]

    def rows(self) -> list[Registration]:
        rows = self.event.registrations.registered().select_related("person", "organisation")
        return list(rows.order_by("person__last_name", "person__first_name", "pk"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        form = MarksForm(request.POST, rows=self.rows(), event=self.event)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(marks=form), status=422)
        try:
            changed = attendance.mark(event=self.event, marks=form.marks(), by=request.user)
        except WrongState as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(marks=form), status=422)
        words = plural(changed, "отметка,отметки,отметок")
        told = f"Сохранено: {words}." if changed else "Отметки не изменились."
        messages.success(request, told)
        return redirect("events:attendance", pk=self.event.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("marks", MarksForm(rows=self.rows(), event=self.event))
        rows = kwargs["marks"].rows
        try:
            attendance.check_markable(self.event)
            why_not = ""
        except WrongState as error:
            why_not = str(error)
        return super().get_context_data(
            event=self.event,
            why_not=why_not,
            came=sum(row.attendance == "attended" for row in rows),
            unknown=sum(not row.attendance for row in rows),
            walk_in_url=reverse("events:walk-in", args=[self.event.pk]),
            **kwargs,
        )


class WalkInView(EventPage, ConfirmPage):
    """Somebody came who was not signed up."""

    title = "Пришёл без записи"
    permission = "events.mark_attendance_event"
    queryset = JOINED
    form_class = WalkInForm
    submit_label = "Отметить"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"municipality": self.event.municipality}

    def get_consequences(self) -> list[str]:
        return ["Человек появится в списке с отметкой «присутствовал». Место из числа мест не занимается."]

    def get_cancel_url(self) -> str:
        return reverse("events:attendance", args=[self.event.pk])

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            row = attendance.add_walk_in(
                event=self.event, person=form.cleaned_data["person"], by=self.request.user
            )
        except WrongState as error:
            form.add_error("person", str(error))
            return self.form_invalid(form)
        messages.success(self.request, f"{row.person}: отмечено присутствие.")
        return HttpResponseRedirect(self.get_cancel_url())


class DoorView(EventPage, CardPage):
    """What is shown on the screen at the door: QR code, short code, how many have come; it follows the codes itself."""

    template_name = "events/door.html"
    queryset = JOINED
    permission = "events.mark_attendance_event"

    def get_title(self) -> str:
        return "Код присутствия"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        door = Door.objects.filter(event=self.event).first()
        door = door if door and door.is_open else None
        address = f"{settings.SITE_URL}{reverse('events:here', args=[door.token])}" if door else ""
        return super().get_context_data(
            event=self.event,
            door=door,
            qr=segno.make(address, error="m").svg_data_uri(scale=8, border=2) if door else "",
            code_address=f"{settings.SITE_URL}{reverse('events:here-code')}",
            came=self.event.registrations.attended().count(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        try:
            if request.POST.get("act") == "close":
                attendance.close_door(event=self.event, by=request.user)
            else:
                attendance.open_door(event=self.event, by=request.user)
        except WrongState as error:
            messages.warning(request, str(error))
        return redirect("events:door", pk=self.event.pk)


class HereCodeView(EventsPage, TemplateView):
    """The short code typed from the screen leads to the page of the event's door."""

    template_name = "events/here_code.html"
    title = "Я на событии"

    def post(self, request: HttpRequest) -> HttpResponse:
        if not person_within_limit(request.user, "door", limit=TRIES, seconds=PERIOD):
            raise PermissionDenied("Слишком много попыток. Попросите ведущего отметить вас в списке.")
        form = CodeForm(request.POST)
        if form.is_valid():
            return redirect("events:here", token=form.door.token)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", CodeForm())
        return super().get_context_data(**kwargs)


class HereView(EventsPage, TemplateView):
    """«Я здесь»: one button; pressed twice it says the same."""

    template_name = "events/here.html"
    title = "Отметиться на событии"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            doors = Door.objects.select_related("event__host__municipality", "event__municipality")
            self.door = doors.of_token(self.kwargs["token"])
            if self.door is None:
                raise Http404("Такого кода нет.")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            attendance.check_in(door=self.door, token=token, person=request.user)
        except WrongState as error:
            messages.warning(request, str(error))
            return redirect("events:here", token=token)
        messages.success(request, "Вы отмечены. Хорошего события!")
        return redirect(self.door.event)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Registration.objects.filter(event=self.door.event, person=self.request.user).first()
        return super().get_context_data(
            event=self.door.event,
            door=self.door,
            works=self.door.takes_token(self.kwargs["token"]),
            is_marked=bool(mine and mine.attendance == "attended"),
            is_signed_up=bool(mine and mine.state == Registration.State.REGISTERED),
            **kwargs,
        )
