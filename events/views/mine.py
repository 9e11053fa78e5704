"""«Моё участие»: what is ahead, what was, the table for a portfolio, the address of one's own calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from core.documents import download
from core.pages import Action, FormPage
from events import participation
from events.models import CalendarLink
from events.models.calendar_link import new_token
from events.views.events import HOME, EventsPage


class ParticipationView(EventsPage, TemplateView):
    """One's own; GET `year` narrows what was to a school year, `export=xlsx` takes it away."""

    template_name = "events/mine.html"
    title = "Моё участие"
    lead = "События, на которые вы записаны, и те, в которых вы участвовали, выступали или которые проводили."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.rows = participation.taken_part(request.user)
        self.years = sorted({one.school_year for one in self.rows}, reverse=True)
        asked = request.GET.get("year", "")
        self.year = next((year for year in self.years if str(year.start) == asked), None)
        if request.GET.get("export") == "xlsx":
            return self.export()
        return super().get(request, *args, **kwargs)

    def export(self) -> HttpResponse:
        period = f"{self.year} учебный год" if self.year else "всё время"
        rows = participation.of_year(self.rows, self.year)
        return download(participation.workbook(self.request.user, rows, period), "Моё участие.xlsx")

    def get_actions(self) -> list[Action]:
        return [Action("Мой календарь", reverse("events:my-calendar"), icon="calendar3")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = participation.of_year(self.rows, self.year)
        return super().get_context_data(
            coming=list(participation.coming(self.request.user)),
            rows=rows,
            years=self.years,
            year=self.year,
            hours=sum({one.event.pk: one.hours or 0 for one in rows}.values()),
            export_query=f"?year={self.year.start}&export=xlsx" if self.year else "?export=xlsx",
            **kwargs,
        )


class CalendarLinkView(EventsPage, FormPage):
    """The secret address: made, made anew, taken back. Pressed twice it is one address."""

    template_name = "events/my_calendar.html"
    title = "Мой календарь"
    lead = "Адрес, по которому календарь телефона или почты сам показывает ваши события."
    form_class = forms.Form

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, ("Моё участие", reverse("events:mine"))]

    @property
    def link(self) -> CalendarLink | None:
        return CalendarLink.objects.filter(person=self.request.user).first()

    def form_valid(self, form: Any) -> HttpResponse:
        person, act = self.request.user, self.request.POST.get("act", "")
        if act == "revoke":
            CalendarLink.objects.filter(person=person).delete()
            messages.success(self.request, "Адрес больше не действует.")
        elif act == "renew":
            CalendarLink.objects.update_or_create(person=person, defaults={"token": new_token()})
            messages.success(self.request, "Новый адрес готов, прежний больше не действует.")
        else:
            CalendarLink.objects.get_or_create(person=person)
        return HttpResponseRedirect(reverse("events:my-calendar"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link = self.link
        address = f"{settings.SITE_URL}{link.get_absolute_url()}" if link else ""
        return super().get_context_data(
            link=link,
            address=address,
            webcal=address.replace("https://", "webcal://").replace("http://", "webcal://"),
            network=f"{settings.SITE_URL}{reverse('events:calendar')}",
            **kwargs,
        )
