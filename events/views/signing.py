"""Signing up: oneself, own teachers, the people of a series; leaving, answering an offer, being taken off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from core.pages import ConfirmPage
from core.states import WrongState
from core.templatetags.portal import plural
from events import registration as door
from events.admission import clashes, moment_words, why_closed
from events.forms.events import ReasonForm
from events.forms.staff import StaffForm, candidates
from events.models import Event, Registration
from events.views.events import EventPage

JOINED = Event.objects.select_related("host", "municipality", "organiser")
SEATED = "человек записан,человека записаны,человек записаны"


def clash_words(events: list[Event]) -> str:
    """«В это же время: «…», 12.11.2026 в 14:00»."""
    named = "; ".join(f"«{one}», {moment_words(one.starts_at)}" for one in events)
    return f"В это же время: {named}."


class RegistrationView(EventPage, ConfirmPage):
    """Sign oneself up: which place it will be, what else is at that time, until when one may leave."""

    title = "Записаться на событие"
    permission = "events.sign_up_event"
    queryset = JOINED

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = Registration.objects.live().filter(event=self.event, person=request.user).first()
        if mine is not None:
            messages.info(request, f"Вы уже здесь: {mine.get_state_display().lower()}.")
            return HttpResponseRedirect(self.event.get_absolute_url())
        if not self.event.takes_registrations:
            messages.warning(request, why_closed(self.event))
            return HttpResponseRedirect(self.event.get_absolute_url())
        return super().get(request, *args, **kwargs)

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        return "Встать в лист ожидания" if self.event.free == 0 else "Записаться"

    def get_consequences(self) -> list[str]:
        event = self.event
        when = timezone.localtime(event.starts_at)
        lines = [f"«{event}», {when:%d.%m.%Y в %H:%M}{', ' + event.place if event.place else ''}."]
        if event.free == 0:
            ahead = event.registrations.waiting().count()
            lines.append(f"Свободных мест нет. Вы будете в листе ожидания {ahead + 1}-й по порядку.")
            lines.append("Когда место освободится, придёт письмо.")
        elif event.free is not None:
            lines.append(f"Свободно мест: {event.free}.")
        lines.append(f"Снять запись можно до {moment_words(event.withdraw_until)}.")
        if other := clashes(event, [self.request.user]).get(self.request.user.pk):
            lines.append(f"Обратите внимание! {clash_words(other)}")
        return lines

    def perform(self, form: Any) -> Registration:
        row = door.sign_up(event=self.event, people=[self.request.user], by=self.request.user)[0]
        if row.state == Registration.State.WAITING:
            messages.info(self.request, "Мест не осталось, вы в листе ожидания.")
        else:
            messages.success(self.request, "Вы записаны. Ждём вас!")
        return row


class StaffRegistrationView(EventPage, ConfirmPage):
    """The head chooses among own teachers, those who run the event among everybody who may come."""

    title = "Записать педагогов"
    permission = "events.sign_up_staff_event"
    template_name = "events/registration_staff.html"
    queryset = JOINED
    form_class = StaffForm
    submit_label = "Записать отмеченных"

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = self.request.GET.get("q", "").strip()
        if not hasattr(self, "rows"):
            self.rows = candidates(self.event, self.request.user, asked)
        return super().get_form_kwargs() | {"rows": self.rows}

    def get_consequences(self) -> list[str]:
        if not self.event.takes_registrations:
            return [why_closed(self.event)]
        free = self.event.free
        places = f"Свободно мест: {free}." if free else "Свободных мест нет."
        if free is None:
            places = "Число мест не ограничено."
        if free is not None:
            places += " Кому места не хватит, тот встанет в лист ожидания в порядке списка."
        quota = self.event.capacity_per_organisation
        lines = [places] + ([f"От одной организации: не больше {quota}."] if quota else [])
        return [*lines, "Каждый получит письмо, кто его записал, и сможет отказаться."]

    def perform(self, form: StaffForm) -> None:
        rows = door.sign_up(event=self.event, people=form.cleaned_data["people"], by=self.request.user)
        waiting = [row for row in rows if row.state == Registration.State.WAITING]
        words = plural(len(rows) - len(waiting), SEATED)
        if waiting:
            messages.warning(
                self.request,
                f"{words}, в листе ожидания: {', '.join(row.person.get_full_name() for row in waiting)}.",
            )
        else:
            messages.success(self.request, f"{words}.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(asked=self.request.GET.get("q", ""), rows=self.rows, event=self.event)
        return context


class OwnStepView(EventPage, ConfirmPage):
    """A page of one step of a registration."""

    queryset = Registration.objects.select_related(
        "event__host", "event__organiser", "event__municipality", "person", "organisation", "registered_by"
    )

    @property
    def event(self) -> Event:
        return self.object.event

    def whose(self) -> str:
        mine = self.object.person_id == self.request.user.pk
        return "Вы" if mine else str(self.object.person)


class WithdrawalView(OwnStepView):
    """Leave: one's own registration, or that of a teacher of the organisation."""

    title = "Отказаться от участия"
    kind = "stop"
    submit_label = "Отказаться"

    @property
    def declines(self) -> bool:
        """Whether it is «не пойду» of somebody who did not choose it, rather than a withdrawal."""
        row = self.object
        return row.person_id == self.request.user.pk and (
            row.state == "offered" or not row.chose_it_themselves
        )

    def check_permission(self, obj: Any = None) -> None:
        if not self.request.user.has_perm("events.withdraw_registration", obj):
            raise PermissionDenied("Запись снимает сам человек или руководитель его организации.")

    def get_consequences(self) -> list[str]:
        row = self.object
        if not row.is_live:
            return [f"{self.whose()}: запись уже снята."]
        lines = [f"{self.whose()}: без места на событии «{self.event}»."]
        if self.declines and row.registered_by_id not in (None, row.person_id):
            lines.append(f"{row.registered_by} получит письмо, что вы отказались.")
        elif row.person_id != self.request.user.pk:
            lines.append("Человек получит письмо.")
        return [*lines, "Место достанется первому в листе ожидания. Вернуться можно, если места останутся."]

    def perform(self, form: Any) -> Registration:
        act = door.decline if self.declines else door.withdraw
        row = act(registration=self.object, by=self.request.user)
        messages.success(self.request, "Запись снята.")
        return row


class AcceptanceView(OwnStepView):
    """Take the place that became free."""

    title = "Занять освободившееся место"
    permission = "events.accept_registration"
    submit_label = "Приду"
    success_message = "Вы записаны. Ждём вас!"

    def get_consequences(self) -> list[str]:
        row = self.object
        until = f" Место ждёт ответа до {moment_words(row.offered_until)}." if row.offered_until else ""
        lines = [
            f"Вы будете записаны на событие «{self.event}», {moment_words(self.event.starts_at)}.{until}"
        ]
        if other := clashes(self.event, [row.person]).get(row.person_id):
            lines.append(f"Обратите внимание! {clash_words(other)}")
        return lines

    def perform(self, form: Any) -> Registration:
        return door.accept(registration=self.object, by=self.request.user)


class RemovalView(OwnStepView):
    """Take somebody off, by those who run the event."""

    title = "Снять человека с записи"
    permission = "events.remove_registration"
    form_class = ReasonForm
    kind = "stop"
    submit_label = "Снять с записи"
    success_message = "Запись снята, человек получит письмо с причиной."

    def get_consequences(self) -> list[str]:
        return [
            f"{self.object.person}, {self.object.organisation}: больше не в списке.",
            "Человек получит письмо с причиной. Вернуть его в список сможете только вы.",
            "Место достанется первому в листе ожидания.",
        ]

    def get_cancel_url(self) -> str:
        return reverse("events:participants", args=[self.event.pk])

    def perform(self, form: Any) -> Registration:
        return door.remove(registration=self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class SeriesRegistrationView(EventPage, ConfirmPage):
    """Sign up everybody who takes part in the series, at once."""

    title = "Записать участников серии"
    permission = "events.change_event"
    queryset = JOINED.exclude(series=None)
    submit_label = "Записать"

    def people(self) -> list[Any]:
        return door.people_of_series(self.event)

    def get_consequences(self) -> list[str]:
        people = self.people()
        if not people:
            return ["Все участники серии уже записаны или отказались."]
        return [
            f"Будут записаны: {plural(len(people), 'участник,участника,участников')} прежних занятий серии.",
            "Каждый получит письмо и сможет отказаться.",
        ]

    def perform(self, form: Any) -> None:
        people = self.people()
        if not people:
            raise WrongState("Все участники серии уже записаны или отказались.")
        rows = door.sign_up(event=self.event, people=people, by=self.request.user)
        messages.success(self.request, f"{plural(len(rows), SEATED)} или в листе ожидания.")
