"""Tables and tags of the lists of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from communities.deadlines import plan_due_of, report_due
from communities.models import Community, CommunityChange, JoinRequest
from core.school_year import SchoolYear
from core.templatetags.portal import tag

COMMUNITY_KINDS = {
    Community.State.ACTIVE: "done",
    Community.State.LAPSED: "wait",
    Community.State.CLOSED: "",
}
CHANGE_KINDS = {
    CommunityChange.State.ASKED: "wait",
    CommunityChange.State.ORDERED: "done",
    CommunityChange.State.DROPPED: "",
}
REQUEST_KINDS = {
    JoinRequest.State.ASKED: "wait",
    JoinRequest.State.ACCEPTED: "done",
    JoinRequest.State.DECLINED: "stop",
    JoinRequest.State.WITHDRAWN: "",
}


def community_tag(community: Community) -> SafeString:
    """The state; a community in its last month says so."""
    if community.is_ending:
        return tag(f"Срок до {community.ends_on:%d.%m.%Y}", "wait")
    return tag(community.get_state_display(), COMMUNITY_KINDS[Community.State(community.state)])


def change_tag(change: CommunityChange) -> SafeString:
    return tag(change.get_state_display(), CHANGE_KINDS[CommunityChange.State(change.state)])


def request_tag(request: JoinRequest) -> SafeString:
    return tag(request.get_state_display(), REQUEST_KINDS[JoinRequest.State(request.state)])


class BoardTable(tables.Table):
    """What communities owe for the year; the columns read what the view annotates."""

    title = tables.Column(verbose_name="Сообщество", linkify=True)
    leader_name = tables.Column(verbose_name="Руководитель", orderable=False, default="нет")
    plan_id = tables.Column(verbose_name="План", empty_values=())
    report_id = tables.Column(verbose_name="Отчёт", empty_values=())
    ends_on = tables.DateColumn(verbose_name="Срок до", format="d.m.Y", default="без срока")

    class Meta:
        model = Community
        fields = ["title", "leader_name", "plan_id", "report_id", "ends_on"]

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.today = year, timezone.localdate()

    def render_leader_name(self, record: Any) -> str:
        return " ".join(part for part in (record.leader_name, record.leader_first) if part)

    def render_plan_id(self, record: Any) -> SafeString:
        if record.plan_id is None:
            return self._missing(plan_due_of(record, self.year))
        url = reverse("events:plan", args=[record.plan_id])
        shown = tag("Утверждён", "done") if record.plan_state == "approved" else tag("Проект", "go")
        return format_html('<a href="{}">план</a> {}', url, shown)

    def render_report_id(self, record: Any) -> SafeString:
        if record.report_id is None:
            return self._missing(report_due(self.year, record.municipality))
        url = reverse("communities:report", args=[record.pk, record.report_id])
        return format_html('<a href="{}">отчёт</a> {}', url, tag("Сдан", "done"))

    def _missing(self, due: Any) -> SafeString:
        if due < self.today:
            return tag(f"Нет, ждали до {due:%d.%m.%Y}", "stop")
        return tag(f"Ждём до {due:%d.%m.%Y}", "")
