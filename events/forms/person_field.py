"""A person of the network named in a text field: works without scripts and without a list of a thousand names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.imports.words import normal
from network.models import Employment, Municipality, Person

MOST_NAMED = 5


class PersonByNameField(forms.CharField):
    """«Петрова Анна Ильинична», the surname alone where nobody else has it, or an e-mail; gives a Person or None.

    Of namesakes the organisation tells: «Петрова Анна Ильинична, Школа № 3». Set `municipality` before cleaning.
    """

    municipality: Municipality | None = None

    def prepare_value(self, value: Any) -> Any:
        """An id (from the instance) becomes the name, what was typed stays."""
        if isinstance(value, int):
            person = Person.objects.filter(pk=value).first()
            return person.get_full_name() if person else ""
        return value.get_full_name() if isinstance(value, Person) else value

    def clean(self, value: Any) -> Person | None:
        text = super().clean(value)
        return self._find(text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def _find(self, text: str) -> Person:
        jobs = Employment.objects.in_force().filter(
            organisation__municipality=self.municipality, person__is_active=True
        )
        name, _, place = (part.strip() for part in text.partition(","))
        parts = name.split()
        if "@" in name:
            jobs = jobs.filter(person__email=name.lower())
        else:
            # SQLite compares Cyrillic letters by case, so the usual spelling is made of what was typed.
            fields = ("last_name", "first_name", "patronymic")
            for field, part in zip(fields, parts, strict=False):
                forms_ = {part, part.capitalize(), part.title()}
                jobs = jobs.filter(**{f"person__{field}__in": sorted(forms_)})
        rows = list(jobs.select_related("person", "organisation").order_by("person_id", "pk"))
        if place:
            rows = [row for row in rows if normal(place) in normal(row.organisation.short_name)]
        found = {row.person_id: row for row in rows}
        if len(found) == 1:
            return next(iter(found.values())).person
        raise ValidationError(_several(list(found.values())) if found else _nobody(name, self.municipality))


def _nobody(name: str, municipality: Municipality | None) -> str:
    return f"«{name}»: такого человека нет среди работающих сейчас ({municipality}). Проверьте фамилию и имя."


def _several(rows: list[Employment]) -> str:
    named = "; ".join(f"{row.person}, {row.organisation.short_name}" for row in rows[:MOST_NAMED])
    more = " и другие" if len(rows) > MOST_NAMED else ""
    return f"Таких людей несколько, допишите через запятую организацию: {named}{more}."
