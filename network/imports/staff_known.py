"""What the portal knows before a staff list comes in: organisations, subjects, people and where they work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from core.imports.words import same_name
from network.models import Employment, Municipality, Organisation, Person, Subject

Name = tuple[str, str, str]
_BATCH = 900


def comparable(*parts: str | None) -> Name:
    """Surname, name, patronymic without regard to case and «ё»."""
    last, first, patronymic = ((part or "").lower().replace("ё", "е") for part in parts)
    return last, first, patronymic


def name_of(person: Person) -> Name:
    return comparable(person.last_name, person.first_name, person.patronymic)


class Known:
    """Read once for a whole list, in a dozen queries whatever its length; with `lock` the people are locked."""

    def __init__(
        self, municipality: Municipality, own: Organisation | None, emails: Iterable[str], *, lock: bool
    ) -> None:
        if lock:
            Municipality.objects.select_for_update().get(pk=municipality.pk)
        self._read_organisations(municipality)
        self.subjects = {subject.name.lower(): subject for subject in Subject.objects.all()}
        current = Employment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
        here = (
            current.filter(organisation=own)
            if own
            else current.filter(organisation__municipality=municipality)
        )
        people = Person.objects.select_for_update(of=("self",)) if lock else Person.objects.all()
        staff = people.filter(pk__in=here.values("person")).in_bulk()
        self.people = {**_by_email(people, emails), **staff}
        self.staff = set(staff)
        others = [pk for pk in self.people if pk not in staff]
        self.elsewhere = set(current.filter(person__in=others).values_list("person", flat=True))
        self.by_email = {person.email: person for person in self.people.values() if person.email}
        self._read_jobs(list(here.select_related("subject").order_by("pk")))

    def _read_organisations(self, municipality: Municipality) -> None:
        self.by_inn: dict[str, Organisation] = {}
        self.by_name: dict[str, list[Organisation]] = defaultdict(list)
        for organisation in Organisation.objects.active().filter(municipality=municipality):
            if organisation.inn:
                self.by_inn[organisation.inn] = organisation
            for text in {same_name(organisation.short_name), same_name(organisation.full_name)}:
                self.by_name[text].append(organisation)

    def _read_jobs(self, jobs: list[Employment]) -> None:
        self._jobs: dict[tuple[int, int], list[Employment]] = defaultdict(list)
        self._namesakes: dict[tuple[int, Name], list[Person]] = defaultdict(list)
        for job in jobs:
            of_person = self._jobs[job.person_id, job.organisation_id]
            if not of_person:
                person = self.people[job.person_id]
                self._namesakes[job.organisation_id, name_of(person)].append(person)
            of_person.append(job)

    def jobs(self, person: Person, place: Organisation) -> list[Employment]:
        """Places of work of the person in the organisation that have not ended."""
        return self._jobs.get((person.pk, place.pk), []) if person.pk else []

    def namesakes(self, place: Organisation, name: Name) -> list[Person]:
        return self._namesakes.get((place.pk, name), [])


def _by_email(people: object, emails: Iterable[str]) -> dict[int, Person]:
    found: dict[int, Person] = {}
    addresses = sorted(set(emails))
    for start in range(0, len(addresses), _BATCH):
        found |= people.filter(email__in=addresses[start : start + _BATCH]).in_bulk()  # type: ignore[attr-defined]
    return found
