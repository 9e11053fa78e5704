"""Tables of plans, and how states look."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.safestring import SafeString

from core.school_year import SchoolYear
from core.templatetags.portal import tag
from events.models import EventPlan, PlanItem

ITEM_KINDS = {
    PlanItem.State.PLANNED: "",
    PlanItem.State.HELD: "done",
    PlanItem.State.MOVED: "go",
    PlanItem.State.CANCELLED: "stop",
}
PLAN_KINDS = {EventPlan.State.DRAFT: "", EventPlan.State.APPROVED: "done"}


def item_tag(item: PlanItem) -> SafeString:
    """The outcome; an item whose time is over says so."""
    if item.is_late:
        return tag("Срок прошёл", "wait")
    return tag(item.outcome_label, ITEM_KINDS[PlanItem.State(item.result_state)])


def plan_tag(plan: EventPlan) -> SafeString:
    return tag(plan.get_state_display(), PLAN_KINDS[EventPlan.State(plan.state)])


class PlanTable(tables.Table):
    title = tables.Column(verbose_name="План", linkify=True)
    year = tables.Column(verbose_name="Учебный год")
    items_count = tables.Column(
        verbose_name="Пунктов", attrs={"td": {"class": "num"}, "th": {"class": "num"}}, orderable=False
    )
    held_count = tables.Column(
        verbose_name="Проведено", attrs={"td": {"class": "num"}, "th": {"class": "num"}}, orderable=False
    )
    state = tables.Column(verbose_name="Состояние")

    class Meta:
        model = EventPlan
        fields = ["title", "year", "items_count", "held_count", "state"]

    def render_year(self, value: int) -> str:
        return str(SchoolYear(value))

    def render_state(self, record: EventPlan) -> SafeString:
        return plan_tag(record)
