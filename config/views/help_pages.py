"""Справка and personal data: public pages of plain words."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from core.pages import PageMixin

ROLES = {
    "teacher": "Педагог",
    "head": "Руководитель организации",
    "methodist": "Методист",
    "official": "Специалист управления",
    "expert": "Эксперт",
    "administrator": "Администратор",
}


@method_decorator(login_not_required, name="dispatch")
class HelpView(PageMixin, TemplateView):
    """Each role's work in one page; one's own role stands first."""

    template_name = "help.html"
    title = "Справка"
    lead = "Что делает на портале каждый и что происходит потом."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        role = self.request.GET.get("role", "")
        if role not in ROLES:
            role = own_role(self.request.user)
        return super().get_context_data(
            roles=ROLES.items(),
            role=role,
            role_title=ROLES[role],
            role_template=f"help/{role}.html",
            **kwargs,
        )


def own_role(person: Any) -> str:
    """The role whose page is shown first; a visitor reads the teacher's."""
    if not person.is_authenticated:
        return "teacher"
    rights = person.rights
    held = {
        "methodist": rights.methodist_in,
        "official": rights.official_in,
        "head": rights.head_of,
        "expert": rights.expert_in,
        "administrator": rights.is_admin and not rights.employments,
    }
    return next((role for role, has in held.items() if has), "teacher")


@method_decorator(login_not_required, name="dispatch")
class PrivacyView(PageMixin, TemplateView):
    """How the portal handles personal data."""

    template_name = "privacy.html"
    title = "Персональные данные"
