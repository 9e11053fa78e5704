"""Consent to data processing: a document of its own, with a version and a date, revocable (152-ФЗ ст. 9)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from core.pages import PageMixin
from network import actions
from network.consents import PURPOSE, current_document
from network.models import Consent


@method_decorator(login_not_required, name="dispatch")
class ConsentPage(PageMixin, TemplateView):
    """The text in force, public; who has signed in sees what they agreed to and may change it."""

    template_name = "network/consent.html"
    title = "Согласие на обработку персональных данных"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = current_document()
        given = []
        if self.request.user.is_authenticated:
            given = list(
                Consent.objects.filter(person=self.request.user, document__purpose=PURPOSE).select_related(
                    "document"
                )
            )
        in_force = next((c for c in given if c.revoked_at is None), None)
        return super().get_context_data(
            document=document,
            given=given,
            in_force=in_force,
            is_current=in_force is not None and in_force.document_id == (document and document.pk),
            **kwargs,
        )


@require_POST
def record_consent(request: HttpRequest) -> HttpResponse:
    """Gives or revokes the consent of who has signed in; `version` is the text that was read."""
    document = current_document()
    if request.POST.get("decision") == "revoke":
        if actions.revoke_consent(purpose=PURPOSE, by=request.user):
            messages.success(
                request, "Согласие отозвано. Данные, которые держатся на нём, удалят в течение 30 дней."
            )
    elif document is None or request.POST.get("version") != str(document.version):
        messages.warning(request, "Текст согласия изменился, пока вы его читали. Прочитайте новый.")
    else:
        actions.give_consent(document=document, by=request.user)
        messages.success(request, "Согласие записано.")
    return redirect("consent")
