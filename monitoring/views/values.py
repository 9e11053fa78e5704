"""Entering values, their evidence, accepting them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import FormView

from core.pages import ConfirmPage, FormPage
from core.states import NotAllowed, WrongState
from monitoring.actions.evidence import add_evidence
from monitoring.actions.indicators import accept_value, enter_value
from monitoring.forms.indicators import ValueForm
from monitoring.models import IndicatorValue
from monitoring.views.indicators import LIST, IndicatorPage
from monitoring.views.scope import HOME, MonitoringPage, ScopedPage


class ValueView(IndicatorPage, FormPage):
    """The value (of an entered indicator), the target of the year, evidence."""

    template_name = "core/form.html"
    permission = "monitoring.enter_indicatorvalue"
    form_class = ValueForm
    success_message = "Сохранено. Значение остаётся черновиком, пока его не примет специалист управления."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.has_perm(self.permission) and not request.user.has_perm(
            self.permission, self.municipality
        ):
            raise PermissionDenied("Значения вносит методист муниципалитета.")
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return f"{self.indicator.name}, {self.year}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "indicator": self.indicator,
            "current": self.value,
            "person": self.request.user,
            "municipality_id": self.municipality.pk,
        }

    def perform(self, form: ValueForm) -> IndicatorValue:
        person = self.request.user
        with transaction.atomic():
            value = enter_value(
                indicator=self.indicator,
                municipality=self.municipality,
                organisation=self.organisation,
                year=self.year,
                by=person,
                **form.figures,
            )
            if not self.indicator.is_computed and form.evidence:
                add_evidence(subject=value, new=form.evidence, by=person)
        return value

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.indicator.get_absolute_url() + self.query


class ValueAcceptanceView(MonitoringPage, ConfirmPage):
    """Freeze one value."""

    permission = "monitoring.accept_indicatorvalue"
    queryset = IndicatorValue.objects.select_related("indicator", "municipality", "organisation")
    title = "Принять значение"
    submit_label = "Принять"
    success_message = "Значение принято."

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST, (self.object.indicator.name, self.object.get_absolute_url())]

    def get_consequences(self) -> list[str]:
        value = self.object
        lines = [f"Значение «{value.indicator}» станет окончательным: {value.text}."]
        if value.indicator.is_computed:
            lines.append("Портал посчитает его ещё раз и запомнит записи, по которым оно получено.")
        else:
            lines.append(f"Подтверждений приложено: {value.evidence.count()}.")
        return [*lines, "Изменить принятое значение нельзя."]

    def perform(self, form: Any) -> IndicatorValue:
        return accept_value(value=self.object, by=self.request.user)


class AcceptanceView(ScopedPage, FormView):
    """Accept many values of a year at once; those that cannot be accepted say why."""

    template_name = "monitoring/acceptance.html"
    permission = "monitoring.accept_indicatorvalue"
    title = "Принять значения показателей"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (LIST[0], LIST[1] + self.query)]

    def waiting(self) -> list[IndicatorValue]:
        """Known drafts of the municipality as a whole."""
        rows = IndicatorValue.objects.of_municipality(self.municipality).drafts().known()
        rows = rows.filter(year=self.year.start).select_related("indicator", "municipality")
        return list(rows.prefetch_related("evidence").order_by("indicator__position"))

    def get_form(self, form_class: Any = None) -> forms.Form:
        if not self.request.user.has_perm(self.permission, self.municipality):
            raise NotAllowed("Принимает специалист управления образованием этого муниципалитета.")
        form = forms.Form(self.request.POST or None)
        form.fields["values"] = forms.TypedMultipleChoiceField(
            label="Какие значения принять",
            coerce=int,
            choices=[
                (value.pk, f"{value.indicator}: {value.text}{_why_not(value)}") for value in self.waiting()
            ],
            widget=forms.CheckboxSelectMultiple,
            initial=[value.pk for value in self.waiting() if not _why_not(value)],
        )
        return form

    def form_valid(self, form: forms.Form) -> HttpResponse:
        chosen = set(form.cleaned_data["values"])
        accepted = 0
        for value in self.waiting():
            if value.pk not in chosen:
                continue
            try:
                accept_value(value=value, by=self.request.user)
                accepted += 1
            except WrongState as error:
                messages.warning(self.request, f"{value.indicator}: {error}")
        if accepted:
            messages.success(self.request, f"Принято значений: {accepted}.")
        return HttpResponseRedirect(LIST[1] + self.query)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


def _why_not(value: IndicatorValue) -> str:
    needs = not value.indicator.is_computed and value.value and not value.evidence.all()
    return " (нет подтверждения)" if needs else ""
