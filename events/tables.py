"""The table of who is signed up for an event."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.portal import tag
from events.models import Registration


class ParticipantTable(tables.Table):
    person = tables.Column(
        verbose_name="Кто", order_by=("person__last_name", "person__first_name", "person__patronymic", "pk")
    )
    organisation = tables.Column(
        verbose_name="Организация",
        accessor="organisation__short_name",
        order_by=("organisation__sort_key", "pk"),
    )
    state = tables.Column(verbose_name="Запись", order_by=("state", "queue", "pk"))
    registered_at = tables.DateTimeColumn(verbose_name="Записан", format="d.m.Y H:i")
    registered_by = tables.Column(verbose_name="Кем", orderable=False, default="–")
    attendance = tables.Column(verbose_name="Присутствие", default="–")

    class Meta:
        model = Registration
        fields = ["person", "organisation", "state", "registered_at", "registered_by", "attendance"]

    def __init__(self, *args: object, may_remove: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.may_remove = may_remove

    def render_person(self, record: Registration) -> SafeString:
        name = format_html("{}", record.person)
        if self.may_remove and record.is_live and not record.attendance:
            url = reverse("events:removal", args=[record.pk])
            name += format_html(
                '<br><a class="small" href="{}">Снять с записи<span class="visually-hidden">: {}</span></a>',
                url,
                record.person,
            )
        return name

    def render_state(self, record: Registration) -> SafeString:
        words = record.get_state_display()
        if record.state == Registration.State.WAITING and hasattr(record, "in_line"):
            words = f"{words}, {record.in_line}-й"
        elif record.state == Registration.State.OFFERED and record.offered_until:
            words = f"{words} до {timezone.localtime(record.offered_until):%d.%m %H:%M}"
        return tag(words, record.status_kind)

    def render_registered_by(self, record: Registration) -> str:
        return "лично" if record.registered_by_id == record.person_id else record.registered_by.initials

    def render_attendance(self, record: Registration) -> str:
        return record.get_attendance_display() if record.attendance else "–"
