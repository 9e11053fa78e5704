"""The page that says whom an invitation to an event reaches, and sends it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from core.pages import ConfirmPage
from core.templatetags.portal import plural
from diagnostics.calls import call, number_to_invite, why_not
from diagnostics.models import EventCall, Finding, SupportMeasure

HOME = ("Диагностика", "/diagnostics/")


class CallView(ConfirmPage):
    """«Пригласить тех, кому это трудно»: of people only how many, never who."""

    section = "diagnostics"
    title = "Пригласить тех, кому это трудно"
    permission = "diagnostics.change_finding"
    template_name = "diagnostics/call.html"
    submit_label = "Отправить приглашения"
    success_message = "Приглашения отправляются."

    def get_queryset(self) -> QuerySet[SupportMeasure]:
        findings = Finding.objects.visible_to(self.request.user)
        rows = SupportMeasure.objects.filter(finding__in=findings, finding=self.kwargs["finding"])
        return rows.filter(event__isnull=False).select_related(
            "event__host", "finding__campaign", "finding__direction", "finding__organisation"
        )

    def check_permission(self, obj: Any = None) -> None:
        super().check_permission(obj.finding if obj else None)

    def get_crumbs(self) -> list[tuple[str, str]]:
        finding = self.object.finding
        return [
            HOME,
            ("Выводы и меры", reverse("diagnostics:findings")),
            (str(finding), finding.get_absolute_url()),
        ]

    def get_cancel_url(self) -> str:
        return self.object.finding.get_absolute_url()

    def perform(self, form: Any) -> Finding:
        call(finding=self.object.finding, event=self.object.event, by=self.request.user)
        return self.object.finding

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        finding, event = self.object.finding, self.object.event
        sent = EventCall.objects.filter(finding=finding, event=event).first()
        reason = "" if sent else why_not(finding, event)
        return super().get_context_data(finding=finding, event=event, sent=sent, reason=reason, **kwargs)

    def get_consequences(self) -> list[str]:
        finding = self.object.finding
        if finding.campaign is None or finding.campaign.is_anonymous:
            places = plural(number_to_invite(finding), "организации,организаций,организаций")
            return [
                f"Письмо получат руководители {places}, где по карте это трудно: портал попросит записать педагогов.",
                "Опрос анонимный: кому именно трудно, портал не знает и никого лично не приглашает.",
            ]
        people = plural(number_to_invite(finding), "человек отметил,человека отметили,человек отметили")
        return [
            f"Что это трудно, в опросе {people}. Каждый увидит приглашение в «Моих делах»; у кого есть почта и кто ещё "
            "не записан, получит письмо.",
            "Кому отправлено, портал не показывает никому: ни вам, ни организаторам, ни администратору.",
            "Приглашение отправляется один раз.",
        ]
