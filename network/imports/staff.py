"""Staff from a list: the e-mail is the person; without one, the organisation and the full name are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.urls import reverse

from core.imports.spec import Fate, ImportSpec, Outcome, Row, register
from core.imports.words import same_name
from network.access import roles_to_give
from network.imports.staff_cells import FIELDS
from network.imports.staff_known import Known, Name, comparable, name_of
from network.imports.staff_writing import PERSONAL, write_staff
from network.models import Employment, Municipality, Organisation, OrganisationKind, Person, Role, Subject

_OFFICES = {Role.METHODIST: OrganisationKind.METHODICAL_CENTRE, Role.OFFICIAL: OrganisationKind.AUTHORITY}
_INVITE_HINT = (
    "Каждый, у кого есть почта и нет пароля, получит одно письмо со ссылкой, чтобы придумать пароль."
)
_SHARED = "этот адрес и у другого человека (строка {}): у каждого нужен свой"
_NAMESAKES = "в организации несколько человек с таким ФИО: укажите электронную почту"
_ELSEWHERE = "человек с этой почтой работает в другом месте, попросите методиста муниципалитета"


@dataclass
class Target:
    """What `write` works on: a person and a place of work, each new or with (old, new) by field."""

    person: Person
    employment: Employment
    personal: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    work: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    subject: str = ""


@register
class StaffImport(ImportSpec):
    """`params`: municipality; organisation (id, None: the whole municipality); by (id, None: a command)."""

    kind = "network.staff"
    title = "Загрузка сотрудников"
    section = "network"
    noun = "сотрудник,сотрудника,сотрудников"
    fields: ClassVar = FIELDS
    options = (("invite", "Пригласить по электронной почте", _INVITE_HINT),)

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.municipality = Municipality.objects.get(pk=params["municipality"])
        own = params.get("organisation")
        self.own = Organisation.objects.get(pk=own, municipality=self.municipality) if own else None
        self.by = Person.objects.get(pk=params["by"]) if params.get("by") else None

    def allows(self, person: Any) -> bool:
        return person.has_perm("network.import_person", self.own or self.municipality)

    def where(self) -> str:
        return str(self.own or self.municipality)

    def start_url(self) -> str:
        return reverse("network:staff-import")

    def result_url(self) -> str:
        return reverse("network:staff")

    def missing(self, columns: dict[str, int]) -> list[str]:
        named = "full_name" in columns or {"last_name", "first_name"} <= columns.keys()
        placed = self.own is not None or {"inn", "organisation"} & columns.keys()
        return ([] if named else ["ФИО"]) + ([] if placed else ["Организация или ИНН организации"])

    def judge(self, rows: list[Row], *, lock: bool) -> list[Outcome]:
        emails = [row.get("email") for row in rows if row.get("email")]
        self._known = Known(self.municipality, self.own, emails, lock=lock)
        self._new: dict[Any, Person] = {}
        for row in rows:
            self._settle(row)
        _share_emails(rows)
        _refuse_shared_boxes(rows)
        last = {_key(row): row.number for row in rows if not row.problems}
        return [self._outcome(row, last) for row in rows]

    def write(self, outcomes: Sequence[Outcome], *, by: Any, options: dict[str, Any]) -> None:
        write_staff([outcome.target for outcome in outcomes], by=by, invite=bool(options.get("invite")))

    def _settle(self, row: Row) -> None:
        """Settle whose name and which organisation the row has: values `name` and `place`."""
        if "full_name" in row.values:
            row.values["last_name"], row.values["first_name"], patronymic = row.values.pop("full_name")
            if patronymic:
                row.values["patronymic"] = patronymic
        elif not row.problems and not (row.get("last_name") and row.get("first_name")):
            row.refuse("full_name", "нужны фамилия и имя")
        row.values["name"] = comparable(row.get("last_name"), row.get("first_name"), row.get("patronymic"))
        row.values["place"] = self._place(row)

    def _place(self, row: Row) -> Organisation | None:
        inn, said = row.get("inn"), row.get("organisation")
        if not inn and not said:
            if self.own is None:
                row.refuse("organisation", "не указана организация")
            return self.own
        column = "inn" if inn else "organisation"
        found = self._known.by_name.get(same_name(said), []) if not inn else []
        if inn in self._known.by_inn:
            found = [self._known.by_inn[inn]]
        if len(found) > 1:
            row.refuse(column, f"организаций с названием «{said[:80]}» несколько: укажите ИНН")
        elif not found:
            what = f"ИНН {inn}" if inn else f"названием «{said[:80]}»"
            row.refuse(column, f"организации с {what} нет в сети: {self.municipality.name}")
        elif self.own is not None and found[0].pk != self.own.pk:
            row.refuse(column, f"можно загружать только сотрудников организации «{self.own}»")
        else:
            return found[0]
        return None

    def _outcome(self, row: Row, last: dict[Any, int]) -> Outcome:
        title = _title(row)
        if row.problems:
            return Outcome(row, Fate.REJECTED, title)
        later = last[_key(row)]
        if later != row.number:
            row.notes.append(f"Тот же человек на том же месте ниже, берётся строка {later}")
            return Outcome(row, Fate.SUPERSEDED, title)
        target = self._target(row)
        if target is None:
            return Outcome(row, Fate.REJECTED, title)
        if target.employment.pk is None:
            changes = _written(target)
            if target.person.pk is not None:
                row.notes.append("Новое место работы человека, который уже есть в портале")
            return Outcome(row, Fate.ADDED, title, changes, target=target)
        changes = _lines(Person, target.personal) + _lines(Employment, target.work)
        return Outcome(row, Fate.CHANGED if changes else Fate.UNCHANGED, title, changes, target=target)

    def _target(self, row: Row) -> Target | None:
        """The person and the place of work that the row means; None, with the reason noted, when refused."""
        person, place = self._person(row), row.get("place")
        if person is None:
            return None
        subject = self._known.subjects.get(row.get("subject", "").lower())
        jobs = self._known.jobs(person, place)
        if "role" in row.values:
            jobs = [job for job in jobs if job.role == row.get("role")]
        if not jobs and not self._may_employ(row, place):
            return None
        personal = self._personal_changes(row, person) if person.pk else {}
        target = Target(person, jobs[0] if jobs else _new_job(row, place, subject), personal)
        if jobs:
            target.work = _work_changes(row, jobs[0], subject)
        if row.get("subject") and subject is None:
            target.subject = row.get("subject")
            row.notes.append(f"Предмет «{target.subject}» появится в справочнике")
        return target

    def _person(self, row: Row) -> Person | None:
        """The person there is, or a new one shared by all rows that mean the same; None when refused."""
        email, place, name = row.get("email"), row.get("place"), row.get("name")
        found = self._known.by_email.get(email) if email else None
        if found is not None:
            if refusal := self._not_meant(found, name):
                row.refuse("email", refusal)
                return None
            return found
        namesakes = [person for person in self._known.namesakes(place, name) if not email or not person.email]
        if len(namesakes) > 1:
            row.refuse("full_name", _NAMESAKES)
            return None
        if namesakes:
            return namesakes[0]
        values = {part: row.values[part] for part in PERSONAL if part in row.values}
        return self._new.setdefault(_who(row), Person(**values))

    def _not_meant(self, person: Person, name: Name) -> str:
        """Why the owner of the e-mail cannot be meant. A surname changes, a first name is mended, not both."""
        outsider = person.is_superuser or person.pk in self._known.elsewhere
        if outsider and person.pk not in self._known.staff:
            return _ELSEWHERE
        last, first, _ = name_of(person)
        if last != name[0] and first != name[1]:
            return "этот адрес уже у другого человека: у каждого нужен свой"
        return ""

    def _may_employ(self, row: Row, place: Organisation) -> bool:
        role = row.get("role", Role.TEACHER.value)
        if self.by is not None:
            allowed = role in roles_to_give(self.by, place)
        else:
            allowed = _OFFICES.get(Role(role), place.kind) == place.kind
        if not allowed:
            row.refuse("role", f"роль «{Role(role).label}» в организации «{place}» вы назначить не можете")
        return allowed

    def _personal_changes(self, row: Row, person: Person) -> dict[str, tuple[Any, Any]]:
        if person.is_superuser:
            row.notes.append("Личные данные администратора не меняются")
            return {}
        changes = {}
        for part in PERSONAL:
            if part in row.values and getattr(person, part) != row.values[part]:
                changes[part] = (getattr(person, part), row.values[part])
                setattr(person, part, row.values[part])
        return changes


def _who(row: Row) -> Any:
    return row.get("email") or (row.get("place").pk, row.get("name"))


def _key(row: Row) -> Any:
    """Rows of one key mean the same person in the same role at the same place."""
    return _who(row), row.get("place").pk, row.get("role", Role.TEACHER.value)


def _share_emails(rows: list[Row]) -> None:
    """A row without e-mail means the person of the same name and place that stands elsewhere with one."""
    emails: dict[Any, set[str]] = defaultdict(set)
    for row in rows:
        if row.get("email") and row.get("place"):
            emails[row.get("place").pk, row.get("name")].add(row.get("email"))
    for row in rows:
        if row.get("place") and not row.get("email") and not row.problems:
            known = emails.get((row.get("place").pk, row.get("name")), set())
            if len(known) == 1:
                row.values["email"] = next(iter(known))


def _refuse_shared_boxes(rows: list[Row]) -> None:
    """One box of a whole school would make all its teachers one person."""
    owners: dict[str, dict[Name, int]] = defaultdict(dict)
    for row in rows:
        if row.get("email"):
            owners[row.get("email")].setdefault(row.get("name"), row.number)
    for row in rows:
        same_box = owners.get(row.get("email", ""), {})
        others = [number for name, number in same_box.items() if name != row.get("name")]
        if others:
            row.refuse("email", _SHARED.format(others[0]))


def _new_job(row: Row, place: Organisation, subject: Subject | None) -> Employment:
    role = row.get("role", Role.TEACHER.value)
    return Employment(organisation=place, role=role, position=row.get("position", ""), subject=subject)


def _work_changes(row: Row, job: Employment, subject: Subject | None) -> dict[str, tuple[Any, Any]]:
    work: dict[str, tuple[Any, Any]] = {}
    if row.get("position") and job.position != row.get("position"):
        work["position"] = (job.position, row.get("position"))
    if row.get("subject") and (subject is None or job.subject_id != subject.pk):
        work["subject"] = (job.subject, subject or row.get("subject"))
    return work


def _title(row: Row) -> str:
    name = " ".join(row.get(part, "") for part in ("last_name", "first_name", "patronymic")).strip()
    place = str(row.get("place") or row.get("organisation") or "")
    return " · ".join(part for part in (name, place) if part)


def _written(target: Target) -> list[tuple[str, str, str]]:
    """All that will be written of somebody who is new, or what changes of somebody known, and the place of work."""
    person, job = target.person, target.employment
    personal = target.personal if person.pk else {part: ("", getattr(person, part)) for part in PERSONAL}
    work = {part: ("", getattr(job, part)) for part in ("role", "position", "subject")}
    work["subject"] = ("", job.subject or target.subject)
    return [line for line in _lines(Person, personal) + _lines(Employment, work) if line[1] or line[2]]


def _lines(model: Any, changes: dict[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    """Old and new values by the Russian titles of the fields."""
    lines = []
    for part, pair in changes.items():
        described = model._meta.get_field(part)
        words = dict(described.flatchoices)
        old, new = (str(words.get(value, value)) if value not in (None, "") else "" for value in pair)
        lines.append((str(described.verbose_name).capitalize(), old, new))
    return lines
