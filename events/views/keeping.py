"""Writing an event: new, changed, cloned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core.pages import ConfirmPage, CreatePage, EditPage
from core.school_year import SchoolYear
from events import actions
from events.forms.events import CloneForm, EventForm
from events.models import Event
from events.prefill import prefilled
from events.views.events import HOME, EventPage, EventsPage


class _Writing(EventPage):
    """What the form of an event needs wherever it is."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}  # type: ignore[misc]


class EventNewView(EventsPage, CreatePage):
    """A planned event; what is known may come with the address, or from an item of a plan (`plan_item`)."""

    title = "Новое событие"
    lead = "Пока вы его не объявите, событие видят только те, кто его готовит."
    permission = "events.add_event"
    model = Event
    form_class = EventForm
    cancel_url = HOME[1]
    submit_label = "Сохранить"
    success_message = "Событие сохранено. Добавьте программу и откройте запись, когда всё готово."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return prefilled(self.request.GET, self.request.user)

    def perform(self, form: EventForm) -> Event:
        title = form.cleaned_data.get("series_title", "")
        return actions.create_event(event=form.save(commit=False), series_title=title, by=self.request.user)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class EventEditView(_Writing, EditPage):
    """Everything but the time and place of what was announced: those change by «перенос»."""

    title = "Изменить событие"
    permission = "events.change_event"
    queryset = Event.objects.select_related("host__municipality", "organiser")
    form_class = EventForm
    success_message = "Сохранено."

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().exclude(state__in=[Event.State.CANCELLED, Event.State.REPORTED])

    def perform(self, form: EventForm) -> Event:
        fields = [name for name in form.fields if name in (form._meta.fields or ())]
        return actions.change_event(
            event=form.save(commit=False),
            fields=fields,
            series_title=form.cleaned_data.get("series_title", ""),
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class EventCloneView(EventPage, ConfirmPage):
    """The same at another time: a year later, or the next meeting of a series."""

    title = "Повторить событие в другое время"
    permission = "events.add_event"
    queryset = Event.objects.select_related("host", "organiser")
    form_class = CloneForm
    submit_label = "Создать такое же"
    success_message = "Событие создано. Проверьте даты и людей, потом откройте запись."

    def get_initial(self) -> dict[str, Any]:
        """A year later on the same day of the week when the event was of an earlier school year."""
        later = dt.timedelta(weeks=52 if self.event.school_year < SchoolYear.current() else 4)
        return {"starts_at": self.event.starts_at + later}

    def get_consequences(self) -> list[str]:
        return [
            "Описание, программа, выступающие и условия записи перейдут в новое событие.",
            "Записанные, материалы и итоги останутся здесь.",
            "Новое событие увидят, когда вы его объявите.",
        ]

    def perform(self, form: CloneForm) -> Event:
        return actions.clone_event(
            event=self.event, starts_at=form.cleaned_data["starts_at"], by=self.request.user
        )
