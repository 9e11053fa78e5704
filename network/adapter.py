"""Sign-in as the portal wants it: nobody signs up alone, letters go through the outbox."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.letters import queue_letter
from network.models import Employment


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the staff import and by invitation; nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[Any]:
        return ["email"]

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """A code from the mail is no way around: without an employment in force nobody comes in."""
        if not user.is_superuser and not Employment.objects.in_force().filter(person=user).exists():
            raise ImmediateHttpResponse(redirect("account_inactive"))
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox, and blanked there once sent: these letters carry codes and links that let in."""
        subject, template, values = self._letter(template_prefix, email, context)
        queue_letter(
            key=f"account:{uuid4().hex}",
            to=email,
            subject=subject,
            template=template,
            context=values,
            secret=True,
        )

    def _letter(self, prefix: str, email: str, context: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        if prefix == "account/email/login_code":
            return "Код для входа", "login_code", {"code": context["code"]}
        if prefix == "account/email/password_reset_key":
            path = urlsplit(context["password_reset_url"]).path
            return "Новый пароль", "password_reset", {"password_url": settings.SITE_URL + path}
        message = self.render_mail(prefix, email, context)
        return message.subject, "plain", {"text": message.body}
