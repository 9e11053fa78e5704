"""Parts, speakers and materials of an event: one page shows them, each kind is added, changed and taken away alike."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.pages import CardPage, ConfirmPage, FormPage
from core.states import WrongState
from events.forms.programme import MaterialForm, PartForm, SpeakerForm
from events.models import Event, EventMaterial, Session, Speaker
from events.registration import locked
from events.views.events import EventPage

# kind of the address → model, form, what it is called
KINDS: dict[str, tuple[Any, Any, str, str]] = {
    "parts": (Session, PartForm, "Новая часть", "Часть события"),
    "speakers": (Speaker, SpeakerForm, "Кто выступает", "Выступающий"),
    "materials": (EventMaterial, MaterialForm, "Новый материал", "Материал"),
}
# A material is added after the event as well, also when it was reported; of a cancelled one nothing changes.
_CLOSED = {"parts": (Event.State.REPORTED,), "speakers": (Event.State.REPORTED,), "materials": ()}


class ProgrammeView(EventPage, CardPage):
    """What the event consists of, with the doors to change it."""

    template_name = "events/programme.html"
    permission = "events.change_event"
    queryset = Event.objects.select_related("host", "municipality")

    def get_title(self) -> str:
        return "Программа и материалы"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            event=self.event,
            parts=self.event.parts.all(),
            speakers=self.event.speakers.select_related("person", "session"),
            materials=self.event.materials.all(),
            **kwargs,
        )


class _ItemPage(EventPage):
    """A page about one part, speaker or material of the event in the address."""

    permission = "events.change_event"
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            visible = Event.objects.visible_to(request.user).select_related("host", "municipality")
            self.of = get_object_or_404(visible, pk=self.kwargs["event"])
            if not request.user.has_perm(self.permission, self.of):
                raise PermissionDenied("Программу меняют те, кто проводит событие.")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @property
    def event(self) -> Event:
        return self.of

    @property
    def what(self) -> str:
        return self.kwargs["kind"]

    def item(self) -> Any:
        """The one in the address, None for a new one."""
        pk = self.kwargs.get("pk")
        return get_object_or_404(KINDS[self.what][0], pk=pk, event=self.of) if pk else None

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*super().get_crumbs(), ("Программа и материалы", self.back_url())]

    def back_url(self) -> str:
        return reverse("events:programme", args=[self.of.pk])

    def check_open(self) -> None:
        """Raises WrongState when nothing of this kind changes any more."""
        state = locked(self.of).state
        if state == Event.State.CANCELLED or state in _CLOSED[self.what]:
            raise WrongState("Событие завершено или отменено, программа больше не меняется.")


class ItemFormView(_ItemPage, FormPage):
    """Adding one and changing one."""

    success_message = "Сохранено."

    def get_title(self) -> str:
        return KINDS[self.what][3] if self.kwargs.get("pk") else KINDS[self.what][2]

    def get_form_class(self) -> Any:
        return KINDS[self.what][1]

    def get_form_kwargs(self) -> dict[str, Any]:
        instance = self.item() or KINDS[self.what][0](event=self.of)
        return super().get_form_kwargs() | {"instance": instance, "event": self.of}

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        self.check_open()
        if isinstance(form.instance, EventMaterial) and form.instance.pk is None:
            form.instance.added_by = self.request.user
        return form.save()

    def get_success_url(self) -> str:
        return self.back_url()

    def get_cancel_url(self) -> str:
        return self.back_url()


class ItemRemovalView(_ItemPage, ConfirmPage):
    """Taking one away."""

    kind = "stop"
    submit_label = "Убрать"
    success_message = "Убрано."

    def check_permission(self, obj: Any = None) -> None:
        """Asked of the event in `dispatch`."""

    def get_object(self, queryset: Any = None) -> Any:
        return self.item()

    def get_title(self) -> str:
        return f"Убрать: {self.object}"

    def get_consequences(self) -> list[str]:
        lines = {
            "parts": "Части в программе не будет; кто в ней выступает, останется в списке всего события.",
            "speakers": "Человека не будет среди выступающих.",
            "materials": "Материал больше не открыть; файл удалится с портала.",
        }
        return [lines[self.what]]

    def get_cancel_url(self) -> str:
        return self.back_url()

    @transaction.atomic
    def perform(self, form: Any) -> Any:
        self.check_open()
        file = getattr(self.object, "file", None)
        self.object.delete()
        if file:
            transaction.on_commit(lambda: file.storage.delete(file.name))
        return _Back(self.back_url())


class _Back:
    """Where the confirmation page goes on to."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get_absolute_url(self) -> str:
        return self.url
