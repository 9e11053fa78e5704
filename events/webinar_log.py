"""The log of a webinar: who was there by e-mail and name; whom the portal does not know is shown, not guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.urls import reverse

from core.imports import parsers
from core.imports.spec import Fate, Field, ImportSpec, Outcome, Row, register
from core.imports.words import normal
from core.states import NotAllowed, WrongState
from events.admission import organisations_for
from events.attendance import Mark, add_walk_in, mark
from events.models import Attendance, Event, Registration
from events.registration import locked
from network.models import Person

FIELDS = (
    Field(
        "name",
        "Имя участника",
        ("фио", "имя", "участник", "имя участника", "name", "participant", "name original name", "user name"),
        parsers.text(200, cut=True),
    ),
    Field(
        "email",
        "Электронная почта",
        ("почта", "электронная почта", "адрес электронной почты", "email", "e mail", "user email", "mail"),
        parsers.email,
    ),
    Field(
        "minutes",
        "Минут на вебинаре",
        (
            "минут",
            "продолжительность",
            "длительность",
            "время минут",
            "duration minutes",
            "total duration minutes",
        ),
        parsers.number,
        hint="если человек выходил и возвращался, минуты складываются",
    ),
)
_UNKNOWN = "на событие не записан и по почте не найден: если это ваш педагог, добавьте «Пришёл без записи»"
_SEVERAL = "подходит несколько записавшихся, отметьте нужного в списке сами"
_NOBODY = "нет ни имени, ни почты"


@register
class WebinarLog(ImportSpec):
    """`params`: event (id). A row is a registration by e-mail, else by surname and first name where only one fits."""

    kind = "events.webinar_log"
    title = "Загрузка журнала вебинара"
    section = "events"
    noun = "участник,участника,участников"
    fields: ClassVar = FIELDS

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.event = Event.objects.select_related("host__municipality", "municipality").get(
            pk=params["event"]
        )

    def allows(self, person: Any) -> bool:
        return person.has_perm("events.mark_attendance_event", self.event)

    def where(self) -> str:
        return str(self.event)

    def start_url(self) -> str:
        return reverse("events:webinar-log", args=[self.event.pk])

    def result_url(self) -> str:
        return reverse("events:attendance", args=[self.event.pk])

    def missing(self, columns: dict[str, int]) -> list[str]:
        return [] if {"name", "email"} & columns.keys() else ["Имя участника или электронная почта"]

    def judge(self, rows: list[Row], *, lock: bool) -> list[Outcome]:
        if lock:
            locked(self.event)
        known = self.event.registrations.registered().select_related("person")
        self._by_email = {row.person.email: row for row in known if row.person.email}
        self._by_words: dict[frozenset[str], list[Registration]] = defaultdict(list)
        for row in known:
            person = row.person
            self._by_words[frozenset(normal(f"{person.last_name} {person.first_name}").split())].append(row)
        emails = {row.get("email") for row in rows} - {None, *self._by_email}
        self._others = {one.email: one for one in Person.objects.filter(email__in=emails, is_active=True)}
        self._seen: dict[int, Outcome] = {}
        return [self._outcome(row) for row in rows]

    def write(self, outcomes: Sequence[Outcome], *, by: Any, options: dict[str, Any]) -> None:
        marks = {one.target.pk: Mark(Attendance.ATTENDED) for one in outcomes if one.fate == Fate.CHANGED}
        mark(event=self.event, marks=marks, by=by)
        for outcome in outcomes:
            if outcome.fate == Fate.ADDED:
                add_walk_in(event=self.event, person=outcome.target, by=by)

    def _outcome(self, row: Row) -> Outcome:
        title = row.get("name") or row.get("email") or "без имени"
        if row.problems:
            return Outcome(row, Fate.REJECTED, title)
        found, why = self._find(row)
        if found is None:
            row.notes.append(why)
            return Outcome(row, Fate.SUPERSEDED, title)
        person = found.person if isinstance(found, Registration) else found
        if first := self._seen.get(person.pk):
            row.notes.append(f"Тот же человек, что в строке {first.number}")
            return Outcome(row, Fate.SUPERSEDED, title)
        minutes = row.get("minutes")
        lines = [("Присутствие", self._before(found), "присутствовал")]
        if isinstance(minutes, Decimal):
            lines.append(("Минут", "", f"{minutes.normalize():f}"))
        fate = Fate.ADDED if isinstance(found, Person) else Fate.CHANGED
        if isinstance(found, Registration) and found.attendance == Attendance.ATTENDED:
            fate = Fate.UNCHANGED
        outcome = Outcome(row, fate, str(person), lines, target=found)
        self._seen[person.pk] = outcome
        return outcome

    def _find(self, row: Row) -> tuple[Registration | Person | None, str]:
        """The registration, or somebody of the network by e-mail who may come; else why not."""
        if known := self._by_email.get(row.get("email")):
            return known, ""
        words = set(normal(row.get("name", "")).split())
        fitting = [one for key, several in self._by_words.items() if key <= words for one in several]
        if len(fitting) > 1:
            return None, _SEVERAL
        if fitting:
            return fitting[0], ""
        if person := self._others.get(row.get("email")):
            try:
                organisations_for(self.event, [person], person)
            except (WrongState, NotAllowed) as error:
                return None, str(error)
            return person, ""
        return None, _UNKNOWN if words or row.get("email") else _NOBODY

    def _before(self, found: Registration | Person) -> str:
        if isinstance(found, Person):
            return "не был записан"
        return str(found.get_attendance_display()) if found.attendance else "не отмечено"
