"""A page before an official act: it says what will happen, then one button does it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.generic.detail import SingleObjectMixin
from django.views.generic.edit import FormView

from core.pages.page import PageMixin, ScopedMixin
from core.states import WrongState


class ConfirmPage(PageMixin, ScopedMixin, SingleObjectMixin, FormView):
    """Confirmation of one act on one object.

    `consequences` lists what will happen, in Russian; `form_class` may ask for a reason.
    `perform(form)` calls the action. When somebody was quicker the person is told and sent to the object.
    """

    template_name = "core/confirm.html"
    form_class: Any = forms.Form
    submit_label = "Подтвердить"
    kind = "primary"
    success_message = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object() if request.user.is_authenticated else None
        return super().dispatch(request, *args, **kwargs)

    def get_consequences(self) -> list[str]:
        return []

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self, form: Any) -> Any:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            result = self.perform(form)
        except WrongState as error:
            messages.warning(self.request, str(error))
            return HttpResponseRedirect(self.get_cancel_url())
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect((result or self.object).get_absolute_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            consequences=self.get_consequences(),
            submit_label=self.submit_label,
            kind=self.kind,
            cancel_url=self.get_cancel_url(),
            **kwargs,
        )
