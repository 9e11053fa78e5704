"""Tags and the table of applications."""

from __future__ import annotations

import django_tables2 as tables
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from communities.models import CommunityApplication, Suggestion, Verdict
from core.templatetags.portal import tag

State = CommunityApplication.State
KINDS = {
    State.DRAFT: "",
    State.SUBMITTED: "go",
    State.IN_REVIEW: "go",
    State.RETURNED: "wait",
    State.AWAITING: "wait",
    State.APPROVED: "done",
    State.REJECTED: "stop",
    State.WITHDRAWN: "",
}
SUGGESTIONS = {
    Suggestion.APPROVE: ("Рекомендовано", "done"),
    Suggestion.RETURN: ("Предложено вернуть", "wait"),
    Suggestion.REJECT: ("Предложено отклонить", "stop"),
}
VERDICTS = {
    Verdict.FOR: ("За", "done"),
    Verdict.REMARKS: ("За, с замечаниями", "wait"),
    Verdict.AGAINST: ("Против", "stop"),
}


def application_tag(application: CommunityApplication) -> SafeString:
    return tag(application.get_state_display(), KINDS[State(application.state)])


def turn_words(application: CommunityApplication) -> str:
    """«методист даёт заключение до 29 ноября» or «…, срок прошёл 29 ноября»; empty when all is decided."""
    turn = application.turn
    if not turn.who or turn.until is None:
        return turn.who
    day = date_format(turn.until, "j E")
    return f"{turn.who}, срок прошёл {day}" if turn.days_late else f"{turn.who} до {day}"


def own_turn_words(application: CommunityApplication) -> str:
    """The same to the person whose turn it is: «Передано вам 15 ноября, решить до 29 ноября»."""
    since = date_format(timezone.localtime(application.turn_since), "j E")
    words = {
        State.DRAFT: "Видите только вы: допишите и подайте",
        State.SUBMITTED: f"Подано {since}, взять на рассмотрение",
        State.IN_REVIEW: f"У вас с {since}, дать заключение",
        State.RETURNED: f"Возвращено вам {since}: исправьте и подайте снова",
        State.AWAITING: f"Передано вам {since}, решить",
    }[State(application.state)]
    until = application.turn.until
    if until is None:
        return words
    day = date_format(until, "j E")
    return f"{words}: срок прошёл {day}" if application.turn.days_late else f"{words} до {day}"


class ApplicationTable(tables.Table):
    title = tables.Column(verbose_name="Сообщество", linkify=True)
    initiator = tables.Column(verbose_name="Инициатор", order_by=("initiator__last_name", "pk"))
    agreed = tables.Column(
        verbose_name="Согласились", attrs={"td": {"class": "num"}, "th": {"class": "num"}}, orderable=False
    )
    submitted_at = tables.DateTimeColumn(verbose_name="Подано", format="d.m.Y", default="–")
    state = tables.Column(verbose_name="Состояние, чья очередь", order_by=("state", "turn_until", "pk"))

    class Meta:
        model = CommunityApplication
        fields = ["title", "initiator", "agreed", "submitted_at", "state"]

    def render_title(self, record: CommunityApplication) -> str:
        return str(record)

    def render_initiator(self, record: CommunityApplication) -> str:
        place = record.initiator_organisation
        return f"{record.initiator.initials}, {place}" if place else record.initiator.initials

    def render_agreed(self, record: CommunityApplication) -> str:
        return f"{record.agreed} из {record.listed}"  # type: ignore[attr-defined]

    def render_state(self, record: CommunityApplication) -> SafeString:
        return format_html(
            '{}<br><span class="small {}">{}</span>',
            application_tag(record),
            "text-attention" if record.turn.days_late else "muted",
            turn_words(record),
        )
