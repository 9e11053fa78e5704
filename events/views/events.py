"""The public list and calendar of events, and the card of one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic.base import View
from django.views.generic.detail import SingleObjectMixin

from communities.models import Community
from core.pages import Action, CardPage, ListPage, PageMixin
from core.pages.page import ScopedMixin
from core.states import may
from events.attendance import is_markable
from events.calendar import month_grid, neighbours
from events.filters import EventFilter, month_of
from events.models import Event, EventMaterial, Registration
from events.registration import place_in_line
from events.words import steps_told
from network.models import Organisation

HOME = ("События", "/events/")


class EventsPage(PageMixin):
    """A page of events: its word of the menu and the breadcrumb."""

    section = "events"
    request: HttpRequest

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME]


class EventPage(EventsPage):
    """A page below the card of one event."""

    object: Any

    @property
    def event(self) -> Event:
        return self.object

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (str(self.event), self.event.get_absolute_url())]


@method_decorator(login_not_required, name="dispatch")
class EventListView(EventsPage, ListPage):
    """What comes, as cards; with `view=month` a calendar of one month."""

    title = "События"
    lead = "Семинары, мастер-классы, открытые уроки и другие встречи педагогов сети."
    queryset = Event.objects.select_related("host", "direction")
    filterset_class = EventFilter
    card_template = "events/event_card.html"
    paginate_by = 24
    empty_title = "Событий впереди пока нет"
    empty_text = "Прошедшие можно посмотреть, выбрав «Когда: прошедшие»."
    export_name = "sobytiya"
    export_columns = [
        ("Начало", lambda event: timezone.localtime(event.starts_at).replace(tzinfo=None)),
        ("Окончание", lambda event: timezone.localtime(event.ends_at).replace(tzinfo=None)),
        ("Название", "title"),
        ("Форма", "get_format_display"),
        ("Уровень", "get_level_display"),
        ("Направление", "direction"),
        ("Для кого", "audience"),
        ("Проводит", "host"),
        ("Место", "place"),
        ("Мест", "capacity"),
        ("Состояние", "get_state_display"),
    ]

    def get_template_names(self) -> list[str]:
        return ["events/calendar.html" if self.is_calendar else "events/event_list.html"]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return []

    @property
    def is_calendar(self) -> bool:
        return self.request.GET.get("view") == "month"

    @property
    def month(self) -> str:
        """The month of the calendar: asked for, else the present one."""
        asked = self.request.GET.get("month", "")
        return asked if month_of(asked) else f"{timezone.localdate():%Y-%m}"

    def get_paginate_by(self, data: Any) -> int | None:
        return None if self.is_calendar else super().get_paginate_by(data)

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        person = self.request.user
        if person.is_authenticated:
            mine = Registration.objects.live().filter(event=OuterRef("pk"), person=person)
            found = found.annotate(my_state=Subquery(mine.values("state")[:1]))
        if self.is_calendar:
            first, following = month_of(self.month)
            found = found.filter(starts_at__lt=following, ends_at__gte=first)
        return found

    def get_chips(self) -> list[dict[str, str]]:
        """The hidden filters in words; the way of looking, and so the month of the calendar, is no filter."""
        named = {"host": Organisation, "community": Community}
        chips = []
        for chip in super().get_chips():
            left = parse_qs(chip["url"].removeprefix("?"))
            gone = next((name for name in self.request.GET if name not in left and name != "page"), "")
            if gone == "view" or (gone == "month" and self.is_calendar):
                continue
            if gone in named and (pk := self.request.GET[gone]).isdecimal():
                one = named[gone].objects.filter(pk=int(pk)).first()
                chip["label"] = f"{chip['label'].partition(':')[0]}: {one or 'не найдено'}"
            chips.append(chip)
        return chips

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("events.add_event"):
            return []
        return [Action("Новое событие", reverse("events:new"), "primary", "plus-lg")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["is_calendar"] = self.is_calendar
        context["list_url"], context["month_url"] = self._switch("view"), self._switch("page", view="month")
        if self.is_calendar:
            before, after = neighbours(self.month)
            context.update(
                weeks=month_grid(self.month, self.object_list),
                month_start=dt.date.fromisoformat(f"{self.month}-01"),
                before_url=self._switch("page", month=before),
                after_url=self._switch("page", month=after),
            )
        return context

    def _switch(self, drop: str, **to: str) -> str:
        """The address with other parts, keeping the filters."""
        query = self.request.GET.copy()
        query.pop(drop, None)
        query.pop("page", None)
        for name, value in to.items():
            query[name] = value
        return f"?{query.urlencode()}"


@method_decorator(login_not_required, name="dispatch")
class EventView(EventPage, CardPage):
    """What, when, where, for whom; what I can do; for those who run it, the next step."""

    template_name = "events/event.html"
    queryset = Event.objects.select_related(
        "host__municipality", "municipality", "organiser", "direction", "series", "community", "plan_item"
    )

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME]

    def get_actions(self) -> list[Action]:
        event, person = self.event, self.request.user
        if not person.is_authenticated:
            here = urlencode({"next": event.get_absolute_url()})
            label, url = "Войти, чтобы записаться", f"{reverse('account_login')}?{here}"
            return [Action(label, url, "primary")] if event.takes_registrations else []
        pk = [event.pk]
        if event.state == Event.State.PLANNED and may(person, event, "open_registration"):
            return [
                Action("Объявить без записи", reverse("events:announcement", args=pk)),
                Action("Открыть запись", reverse("events:opening", args=pk), "primary"),
            ]
        shown = []
        signs_up_staff = event.takes_registrations and person.has_perm("events.sign_up_staff_event", event)
        if self._can_sign_up():
            label = "Записаться" if event.free != 0 else "Встать в лист ожидания"
            url = reverse("events:registration", args=pk)
            shown.append(Action(label, url, "quiet" if signs_up_staff else "primary"))
        if signs_up_staff:
            url = reverse("events:registration-staff", args=pk)
            shown.append(Action("Записать педагогов", url, "primary"))
        return shown

    def _can_sign_up(self) -> bool:
        mine = self.mine
        return (
            self.event.takes_registrations
            and (mine is None or not mine.is_live)
            and self.request.user.has_perm("events.sign_up_event", self.event)
        )

    @property
    def mine(self) -> Registration | None:
        """Own registration, asked once."""
        if not hasattr(self, "_mine"):
            person = self.request.user
            rows = Registration.objects.filter(event=self.event)
            self._mine = (
                rows.filter(person=person).select_related("registered_by").first()
                if person.is_authenticated
                else None
            )
            if self._mine is not None:
                self._mine.event = self.event
        return self._mine

    def tools(self) -> list[Action]:
        """What those who run the event can do besides the next step."""
        event, person = self.event, self.request.user
        if not person.is_authenticated:
            return []
        pk, tools = [event.pk], []
        if person.has_perm("events.see_participants_event", event):
            tools.append(Action("Кто записан", reverse("events:participants", args=pk), icon="people"))
        if not person.has_perm("events.change_event", event):
            return tools
        if is_markable(event):
            tools.append(Action("Присутствие", reverse("events:attendance", args=pk), icon="person-check"))
            tools.append(Action("Сертификаты", reverse("events:certificates", args=pk), icon="award"))
        if event.state == Event.State.ANNOUNCED and may(person, event, "open_registration"):
            tools.append(Action("Открыть запись", reverse("events:opening", args=pk), icon="unlock"))
        if event.state not in (Event.State.CANCELLED, Event.State.REPORTED):
            tools.append(
                Action("Программа и материалы", reverse("events:programme", args=pk), icon="list-ol")
            )
            tools.append(Action("Изменить", reverse("events:edit", args=pk), icon="pencil"))
        if may(person, event, "report") or may(person, event, "hold"):
            tools.append(Action("Подвести итоги", reverse("events:report", args=pk), icon="check2-square"))
        if may(person, event, "move_to") and event.announced_at:
            tools.append(Action("Перенести", reverse("events:move", args=pk), icon="calendar-event"))
        if person.has_perm("events.add_event", event):
            tools.append(Action("Повторить в другое время", reverse("events:clone", args=pk), icon="copy"))
        if may(person, event, "cancel"):
            tools.append(Action("Отменить событие", reverse("events:cancellation", args=pk), icon="x-circle"))
        return tools

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event, mine = self.event, self.mine
        person = self.request.user
        runs = person.is_authenticated and person.has_perm("events.change_event", event)
        speakers = list(event.speakers.select_related("person"))
        waiting = event.registrations.waiting().count() if event.capacity is not None else 0
        cancelled = [step for step in steps_told(event) if step.transition == "cancel"]
        return super().get_context_data(
            event=event,
            mine=mine,
            in_line=place_in_line(mine) if mine is not None and mine.state == "waiting" else None,
            shows_link=bool(event.link) and (runs or (mine is not None and mine.state == "registered")),
            runs=runs,
            # Visitors get the contacts of the host; a name only of who has agreed to a public page.
            shows_organiser=person.is_authenticated or event.organiser.shows_page,
            tools=self.tools(),
            parts=[(part, [s for s in speakers if s.session_id == part.pk]) for part in event.parts.all()],
            speakers=[s for s in speakers if s.session_id is None],
            materials=event.materials.all(),
            series=self._series(),
            waiting=waiting,
            why_cancelled=cancelled[-1].reason if cancelled else "",
            steps=steps_told(event) if runs else [],
            **kwargs,
        )

    def _series(self) -> QuerySet[Event] | list[Event]:
        if self.event.series_id is None:
            return []
        others = Event.objects.visible_to(self.request.user).filter(series=self.event.series_id)
        return others.exclude(pk=self.event.pk).order_by("starts_at", "pk")


@method_decorator(login_not_required, name="dispatch")
class MaterialFileView(ScopedMixin, SingleObjectMixin, View):
    """The file of a material, saved under the name it was given with."""

    http_method_names = ["get", "head", "options"]
    queryset = EventMaterial.objects.exclude(file="")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        material = self.get_object()
        return FileResponse(material.file.open(), as_attachment=True, filename=material.filename)
