"""A page for each step of an event: it says what will happen and who gets a letter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages

from core.pages import ConfirmPage, EditPage
from core.templatetags.portal import plural
from events import actions, letters
from events.forms.events import MoveForm, ReasonForm, ReportForm
from events.models import Event
from events.views.events import EventPage

JOINED = Event.objects.select_related("host__municipality", "organiser", "municipality")
LETTERS = "письмо,письма,писем"


class StepView(EventPage, ConfirmPage):
    """One step of an event."""

    queryset = JOINED

    def who_sees(self) -> str:
        event = self.event
        return (
            "Событие увидят все, и посетители без входа тоже."
            if event.is_public
            else f"Событие увидят все, кто работает в муниципалитете «{event.municipality}»."
        )

    def letters_to(self) -> str:
        count = len([one for one in letters.concerned(self.event) if one.email])
        return (
            f"Письма получат записанные, ждущие места, выступающие и ответственный: {plural(count, LETTERS)}."
        )


class AnnouncementView(StepView):
    title = "Объявить событие"
    permission = "events.announce_event"
    submit_label = "Объявить"
    success_message = "Событие объявлено."

    def get_consequences(self) -> list[str]:
        return [self.who_sees(), "Записи на него не будет, пока вы её не откроете."]

    def perform(self, form: Any) -> Event:
        return actions.announce(event=self.event, by=self.request.user)


class OpeningView(StepView):
    title = "Открыть запись"
    permission = "events.open_registration_event"
    submit_label = "Открыть запись"
    success_message = "Запись открыта."

    def get_consequences(self) -> list[str]:
        event = self.event
        places = plural(event.capacity, "место,места,мест") if event.capacity else "число мест не ограничено"
        opens = f"с {event.registration_opens_at:%d.%m.%Y %H:%M}" if event.registration_opens_at else "сразу"
        return [
            self.who_sees(),
            f"Запись пойдёт {opens}: {places}.",
            "Когда места кончатся, начнётся лист ожидания.",
        ]

    def perform(self, form: Any) -> Event:
        return actions.open_registration(event=self.event, by=self.request.user)


class MoveView(StepView):
    title = "Перенести событие"
    permission = "events.move_to_event"
    form_class = MoveForm
    submit_label = "Перенести"

    def get_initial(self) -> dict[str, Any]:
        event = self.event
        return {"starts_at": event.starts_at, "ends_at": event.ends_at, "place": event.place}

    def get_consequences(self) -> list[str]:
        lines = ["Записанные останутся записаны и смогут отказаться, если новое время не подходит."]
        return [*lines, self.letters_to()] if self.event.announced_at else lines

    def perform(self, form: MoveForm) -> Event:
        when = dict(form.cleaned_data)
        reason = when.pop("reason")
        event, count = actions.move_event(event=self.event, when=when, reason=reason, by=self.request.user)
        messages.success(self.request, f"Событие перенесено, отправлено: {plural(count, LETTERS)}.")
        return event


class CancellationView(StepView):
    title = "Отменить событие"
    permission = "events.cancel_event"
    form_class = ReasonForm
    kind = "stop"
    submit_label = "Отменить событие"

    def get_consequences(self) -> list[str]:
        lines = ["Событие останется на портале с отметкой «Отменено» и причиной. Вернуть его нельзя."]
        return [*lines, self.letters_to()] if self.event.announced_at else lines

    def perform(self, form: Any) -> Event:
        event, count = actions.cancel_event(
            event=self.event, reason=form.cleaned_data["reason"], by=self.request.user
        )
        messages.success(self.request, f"Событие отменено, отправлено: {plural(count, LETTERS)}.")
        return event


class ReportView(EventPage, EditPage):
    """What came of it, with the recording; the event is held and reported by that."""

    title = "Итоги события"
    permission = "events.report_event"
    queryset = JOINED
    form_class = ReportForm
    submit_label = "Подвести итоги"
    success_message = "Итоги записаны."

    def perform(self, form: ReportForm) -> Event:
        return actions.report_event(
            event=self.event,
            results=form.cleaned_data["results"],
            recording=form.cleaned_data["recording"],
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()
