"""Tables of the lists of this app."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.safestring import SafeString

from core.school_year import SchoolYear
from core.templatetags.portal import tag
from monitoring.models import Decision, Report

DECISION_KINDS = {
    Decision.State.DRAFT: "",
    Decision.State.ASSIGNED: "go",
    Decision.State.RETURNED: "wait",
    Decision.State.DONE: "wait",
    Decision.State.CHECKED: "done",
    Decision.State.CANCELLED: "",
}
REPORT_KINDS = {Report.State.NEW: "wait", Report.State.DRAFT: "go", Report.State.ACCEPTED: "done"}


def decision_tag(decision: Decision) -> SafeString:
    """The state; an overdue decision says so."""
    if decision.is_overdue:
        return tag(f"{decision.get_state_display()}, срок прошёл", "stop")
    return tag(decision.get_state_display(), DECISION_KINDS[Decision.State(decision.state)])


class DecisionTable(tables.Table):
    text = tables.Column(verbose_name="Решение", linkify=True, orderable=False)
    addressee = tables.Column(verbose_name="Кому", orderable=False)
    due_on = tables.DateColumn(verbose_name="Срок", format="d.m.Y")
    done_on = tables.DateColumn(verbose_name="Исполнено", format="d.m.Y", default="–")
    state = tables.Column(verbose_name="Состояние")

    class Meta:
        model = Decision
        fields = ["text", "addressee", "due_on", "done_on", "state"]

    def render_text(self, record: Decision) -> str:
        return str(record)

    def render_state(self, record: Decision) -> SafeString:
        return decision_tag(record)


class ReportTable(tables.Table):
    number = tables.Column(verbose_name="Отчёт", linkify=True, orderable=False)
    year = tables.Column(verbose_name="Учебный год")
    municipality = tables.Column(verbose_name="Муниципалитет", accessor="municipality__name")
    built_at = tables.DateTimeColumn(verbose_name="Данные на", format="d.m.Y H:i", default="–")
    state = tables.Column(verbose_name="Состояние")

    class Meta:
        model = Report
        fields = ["number", "year", "municipality", "built_at", "state"]

    def render_number(self, record: Report) -> str:
        return f"{record.get_kind_display()} № {record.number}"

    def render_year(self, record: Report) -> str:
        return str(SchoolYear(record.year))

    def render_state(self, record: Report) -> SafeString:
        return tag(record.get_state_display(), REPORT_KINDS[Report.State(record.state)])
