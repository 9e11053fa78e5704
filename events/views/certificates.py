"""Certificates: issuing to those who came, the public page that verifies one, revoking and issuing anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from core.documents import download
from core.limits import within_limit
from core.pages import Action, CardPage, ConfirmPage
from core.states import WrongState, may
from core.templatetags.portal import plural
from events import certificates
from events.certificate_document import NO_DIPLOMA, to_pdf, when_words
from events.forms.events import ReasonForm
from events.models import Certificate, Event
from events.views.events import HOME, EventPage, EventsPage

JOINED = Certificate.objects.select_related("event__host", "event__municipality", "person", "municipality")
TOO_OFTEN = "Слишком много проверок подряд. Подождите минуту."


class CertificatesView(EventPage, CardPage):
    """Certificates of one event, and the button that issues them to those who came."""

    template_name = "events/certificates.html"
    queryset = Event.objects.select_related("host__municipality", "municipality")
    permission = "events.mark_attendance_event"

    def get_title(self) -> str:
        return f"Сертификаты: {self.event}"

    def get_actions(self) -> list[Action]:
        return [
            Action("Присутствие", reverse("events:attendance", args=[self.event.pk]), icon="check2-square")
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        try:
            made = certificates.issue(event=self.event, by=request.user)
        except WrongState as error:
            messages.warning(request, str(error))
        else:
            words = plural(len(made), "сертификат,сертификата,сертификатов")
            messages.success(
                request, f"Выдано: {words}." if made else "Все, кто пришёл, уже с сертификатами."
            )
        return redirect("events:certificates", pk=self.event.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            event=self.event,
            rows=self.event.certificates.select_related("replaces").order_by("name", "-pk"),
            waiting=certificates.due(self.event),
            is_over=self.event.state in (Event.State.HELD, Event.State.REPORTED),
            note=NO_DIPLOMA,
            attendance_url=reverse("events:attendance", args=[self.event.pk]),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class CertificateView(EventsPage, TemplateView):
    """Every field of a certificate, for whoever has its code; revoked ones say so and lead to the next."""

    template_name = "events/certificate.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not within_limit(request, "certificate", limit=60, seconds=60):
            raise PermissionDenied(TOO_OFTEN)
        self.certificate = get_object_or_404(JOINED, code=self.kwargs["code"])
        response = super().get(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    def get_title(self) -> str:
        return str(self.certificate).replace("№ ", "№\u00a0")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME]

    def get_actions(self) -> list[Action]:
        one, person = self.certificate, self.request.user
        if not person.is_authenticated:
            return []
        actions = []
        if Certificate.objects.visible_to(person).filter(pk=one.pk).exists():
            url = reverse("events:certificate-file", args=[one.code])
            actions.append(Action("Скачать PDF", url, "primary", icon="download"))
        if may(person, one, "revoke"):
            actions.insert(0, Action("Выдать заново", reverse("events:certificate-reissue", args=[one.code])))
            actions.insert(
                0, Action("Отозвать", reverse("events:certificate-revocation", args=[one.code]), "stop")
            )
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.certificate
        return super().get_context_data(
            certificate=one,
            when=when_words(one),
            note=NO_DIPLOMA,
            next_one=Certificate.objects.filter(replaces=one).first(),
            sees_event=Event.objects.visible_to(self.request.user).filter(pk=one.event_id).exists(),
            **kwargs,
        )


class CertificateFileView(View):
    """The sheet as PDF, for its owner and those who run the event."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        one = get_object_or_404(JOINED.all().visible_to(request.user), code=code)
        return download(to_pdf(one), f"Сертификат {one.number.replace('/', '-')}.pdf")


class _CertificateStep(EventsPage, ConfirmPage):
    """A step of one certificate; found by its code."""

    queryset = JOINED
    permission = "events.revoke_certificate"
    slug_field = slug_url_kwarg = "code"
    form_class = ReasonForm

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (str(self.object), self.object.get_absolute_url())]


class RevocationView(_CertificateStep):
    title = "Отозвать сертификат"
    submit_label = "Отозвать"
    kind = "stop"
    success_message = "Сертификат отозван."

    def get_consequences(self) -> list[str]:
        return [
            f"{self.object} ({self.object.name}) станет недействительным: страница проверки скажет об этом.",
            "Человек получит письмо с причиной.",
        ]

    def perform(self, form: Any) -> Certificate:
        return certificates.revoke(
            certificate=self.object, reason=form.cleaned_data["reason"], by=self.request.user
        )


class ReissueView(_CertificateStep):
    title = "Выдать сертификат заново"
    submit_label = "Выдать заново"
    success_message = "Выдан новый сертификат, прежний недействителен."

    def get_consequences(self) -> list[str]:
        return [
            f"{self.object} станет недействительным, его страница поведёт на новый.",
            "Новый получит следующий номер и те имя, должность и часы, что сейчас на портале.",
        ]

    def perform(self, form: Any) -> Certificate:
        return certificates.reissue(
            certificate=self.object, reason=form.cleaned_data["reason"], by=self.request.user
        )
