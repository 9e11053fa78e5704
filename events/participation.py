"""«Моё участие»: events a person came to, spoke at or ran, and the tables schools ask teachers for (field facts, C7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from core.documents import Column, Document, Link, Paragraph, Table, to_xlsx
from core.school_year import SchoolYear
from events.models import Attendance, Certificate, Event, ParticipantRole, Registration
from network.models import Person


@dataclass(frozen=True)
class Took:
    """One event in one role. `topic` is of the speech; `certificate` the valid one, if any."""

    event: Event
    role: ParticipantRole
    hours: Decimal | None = None
    topic: str = ""
    certificate: Certificate | None = None

    @property
    def day(self) -> dt.date:
        return timezone.localtime(self.event.starts_at).date()

    @property
    def document(self) -> str:
        return f"сертификат № {self.certificate.number}" if self.certificate else ""

    @property
    def school_year(self) -> SchoolYear:
        return SchoolYear.of(self.day)


def coming(person: Person) -> QuerySet[Registration]:
    """Live registrations for what is still ahead, the nearest first."""
    rows = Registration.objects.live().filter(person=person, event__ends_at__gte=timezone.now())
    rows = rows.exclude(event__state=Event.State.CANCELLED)
    return rows.select_related("event__host").order_by("event__starts_at", "pk")


def taken_part(person: Person) -> list[Took]:
    """Every event that took place with the person in it, the latest first; one line a role.

    A visitor counts once marked as having come; who speaks or runs the event needs no mark.
    """
    certificates = {row.event_id: row for row in Certificate.objects.valid().filter(person=person)}
    visits = Registration.objects.filter(person=person, attendance=Attendance.ATTENDED)
    hours, roles = {}, {}
    for row in visits.select_related("event__host"):
        hours[row.event_id] = row.hours if row.hours is not None else row.event.hours
        roles[row.event_id, ParticipantRole(row.role)] = Took(row.event, ParticipantRole(row.role))
    for speech in person.speeches.filter(event__in=Event.objects.took_place()).select_related("event__host"):
        # One of several speeches at an event is named; the role is one.
        roles[speech.event_id, ParticipantRole.SPEAKER] = Took(
            speech.event, ParticipantRole.SPEAKER, topic=speech.topic
        )
    for event in Event.objects.took_place().filter(organiser=person).select_related("host"):
        roles[event.pk, ParticipantRole.ORGANISER] = Took(event, ParticipantRole.ORGANISER)
    found = [
        Took(one.event, one.role, hours.get(pk), one.topic, certificates.get(pk))
        for (pk, _), one in roles.items()
    ]
    return sorted(found, key=lambda one: (one.event.starts_at, one.event.pk), reverse=True)


def of_year(rows: list[Took], year: SchoolYear | None) -> list[Took]:
    return [one for one in rows if year is None or one.school_year == year]


def workbook(person: Person, rows: list[Took], period: str) -> bytes:
    """The three tables of a teacher's portfolio that events fill."""
    return to_xlsx(document(person, rows, period))


def document(person: Person, rows: list[Took], period: str) -> Document:
    ordered = sorted(rows, key=lambda one: (one.event.starts_at, one.event.pk))
    visits = [one for one in ordered if one.role == ParticipantRole.PARTICIPANT]
    speeches = [one for one in ordered if one.role == ParticipantRole.SPEAKER]
    tables = [_visits(visits), _statuses(ordered), _speeches(speeches)]
    return Document(
        title="Моё участие",
        subtitle=person.get_full_name(),
        meta=[("Период", period)],
        blocks=[table for table in tables if table.rows]
        or [Paragraph("За это время отметок об участии нет.")],
    )


def _visits(rows: list[Took]) -> Table:
    return Table(
        "Вебинары и семинары",
        ["Дата", "Тема", "Организатор", "Формат", Column("Часы", digits=1), "Документ"],
        [
            [
                one.day,
                one.event.title,
                one.event.host.short_name,
                one.event.get_format_display(),
                one.hours,
                one.document,
            ]
            for one in rows
        ],
    )


def _statuses(rows: list[Took]) -> Table:
    return Table(
        "Мероприятия",
        ["Дата", "Название", "Тип", "Уровень", "Статус", Column("Часы", digits=1), "Документ"],
        [
            [
                one.day,
                one.event.title,
                one.event.get_format_display(),
                one.event.get_level_display(),
                str(one.role.label),
                one.hours,
                one.document,
            ]
            for one in rows
        ],
    )


def _speeches(rows: list[Took]) -> Table:
    return Table(
        "Обобщение опыта",
        ["Дата", "Форма", "Уровень", "Тема", "Выступление", "Ссылка"],
        [
            [
                one.day,
                one.event.get_format_display(),
                one.event.get_level_display(),
                one.topic or one.event.title,
                "мастер-класс" if one.event.format == "master_class" else "выступление",
                Link(one.event.title, one.event.get_absolute_url()),
            ]
            for one in rows
        ],
    )
