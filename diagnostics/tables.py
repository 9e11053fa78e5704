"""Tables of the lists of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.portal import bar, percent, tag
from diagnostics.models import Campaign, Questionnaire, Response

STATE_KINDS = {
    Campaign.State.DRAFT: "",
    Campaign.State.RUNNING: "go",
    Campaign.State.CLOSED: "done",
    Questionnaire.State.PUBLISHED: "done",
    Questionnaire.State.ARCHIVED: "",
}


def state_tag(record: Any) -> SafeString:
    return tag(record.get_state_display(), STATE_KINDS.get(record.state, ""))


class CampaignTable(tables.Table):
    """`participated` and `answered` are annotated by the list."""

    title = tables.Column(linkify=True)
    closes_on = tables.Column(verbose_name="Даты")
    anonymity = tables.Column()
    participated = tables.Column(verbose_name="Ответили", orderable=False)
    state = tables.Column()

    class Meta:
        model = Campaign
        fields = ("title", "closes_on", "anonymity", "participated", "state")

    def render_title(self, record: Campaign) -> str:
        return record.title

    def render_closes_on(self, record: Campaign) -> str:
        return f"{record.opens_on:%d.%m.%Y} – {record.closes_on:%d.%m.%Y}"

    def render_participated(self, record: Any) -> SafeString | str:
        if not record.invited_count:
            return str(record.answered)
        share = record.participated / record.invited_count
        return format_html(
            "<div>{} из {} ({}){}</div>",
            record.participated,
            record.invited_count,
            percent(share),
            bar(share),
        )

    def render_state(self, record: Campaign) -> SafeString:
        return state_tag(record)


class QuestionnaireTable(tables.Table):
    """`item_count` is annotated by the list."""

    title = tables.Column(linkify=True)
    audience = tables.Column()
    item_count = tables.Column(
        verbose_name="Вопросов", attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    origin = tables.Column(verbose_name="Чья", accessor="municipality", empty_values=(), orderable=False)
    state = tables.Column()

    class Meta:
        model = Questionnaire
        fields = ("title", "version", "audience", "item_count", "origin", "state")

    def render_origin(self, record: Questionnaire) -> str:
        return record.municipality.name if record.municipality else "поставляется с порталом"

    def render_state(self, record: Questionnaire) -> SafeString:
        return state_tag(record)


class ResponseTable(tables.Table):
    """Sheets of a named campaign."""

    # To the sheet: by itself the column would lead to the person.
    person = tables.Column(
        verbose_name="Кто",
        linkify=lambda record: reverse("diagnostics:response", args=[record.pk]),
        orderable=False,
    )
    organisation = tables.Column(verbose_name="Организация", orderable=False)
    sent_at = tables.DateTimeColumn(verbose_name="Когда")

    class Meta:
        model = Response
        fields = ("person", "organisation", "sent_at")
