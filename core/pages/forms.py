"""A form page: error summary, input kept, the action does the work and the person is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpResponse, HttpResponseRedirect
from django.views.generic import CreateView, FormView, UpdateView

from core.pages.page import PageMixin, ScopedMixin
from core.states import WrongState


class _Form(PageMixin):
    template_name = "core/form.html"
    submit_label = "Сохранить"
    cancel_url = ""
    success_message = ""
    request: Any

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)  # type: ignore[misc]
        name_empty_choices(form)
        return form

    def perform(self, form: Any) -> Any:
        """What the form does; overridden to call an action. Returns the object to show."""
        return form.save()

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.object = self.perform(form)
        except WrongState as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)  # type: ignore[attr-defined]
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())  # type: ignore[attr-defined]

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submit_label=self.submit_label, cancel_url=self.get_cancel_url(), **kwargs
        )

    def get_cancel_url(self) -> str:
        return self.cancel_url


class FormPage(_Form, FormView):
    """A form that is no model's; `permission` without an object is asked before anything."""

    permission = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        check_anywhere(request.user, self.permission)
        return super().dispatch(request, *args, **kwargs)


class CreatePage(_Form, CreateView):
    """A new record; `permission` is asked before the form is shown."""

    permission = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        check_anywhere(request.user, self.permission)
        return super().dispatch(request, *args, **kwargs)


class EditPage(_Form, ScopedMixin, UpdateView):
    """A record that the person may see; `permission` on it is asked."""

    def get_cancel_url(self) -> str:
        return self.cancel_url or self.object.get_absolute_url()


def name_empty_choices(form: forms.BaseForm) -> None:
    """Django's row of dashes says nothing: the empty choice says what to do with it."""
    dashes = BLANK_CHOICE_DASH[0][1]
    for field in form.fields.values():
        words = "Выберите" if field.required else "Не выбрано"
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = words if field.empty_label == dashes else field.empty_label
        elif isinstance(field, forms.ChoiceField):
            field.choices = [(value, words if label == dashes else label) for value, label in field.choices]


def check_anywhere(person: Any, permission: str) -> None:
    """Raises PermissionDenied unless the person has the permission somewhere."""
    from django.core.exceptions import PermissionDenied

    if permission and not person.has_perm(permission):
        raise PermissionDenied("Для этого действия нужны другие права.")
