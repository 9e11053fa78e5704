"""Choosing several people to sign up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from core.anycase import any_case
from events.admission import clashes
from events.models import Event, Registration
from network.models import Employment, Person

# More than that nobody reads on one page: those who run an event find people by name or organisation.
MOST_SHOWN = 200


@dataclass
class Candidate:
    """Somebody who may be signed up, with what speaks against it."""

    job: Employment
    by_runner: bool = False
    registration: Registration | None = None
    clash: list[Event] = field(default_factory=list)

    @property
    def person(self) -> Person:
        return self.job.person

    @property
    def can_be_chosen(self) -> bool:
        """Not there yet, has not declined, was not taken off (unless those who run the event choose)."""
        row = self.registration
        if row is None or row.state == Registration.State.WITHDRAWN:
            return True
        return self.by_runner and row.state == Registration.State.CANCELLED


def candidates(event: Event, by: Person, asked: str) -> list[Candidate]:
    """Staff of the organisations the person heads; for those who run the event, whoever `asked` finds."""
    jobs = (
        Employment.objects.in_force()
        .filter(person__is_active=True, organisation__is_active=True)
        .select_related("person", "organisation")
        .order_by("person__last_name", "person__first_name", "person__patronymic", "person_id", "pk")
    )
    mine = Q(organisation__in=by.rights.head_of)
    runs = by.has_perm("events.change_event", event)
    if runs and asked:
        mine |= Q(organisation__municipality=event.municipality_id)
        if event.level not in ("school", "municipal") and event.is_public:
            mine |= Q(pk__gt=0)
    jobs = jobs.filter(mine)
    if event.level == "school":
        jobs = jobs.filter(organisation=event.host_id)
    elif event.level == "municipal" or not event.is_public:
        jobs = jobs.filter(organisation__municipality=event.municipality_id)
    if asked:
        fields = ["person__last_name", "person__first_name", "person__patronymic", "organisation__short_name"]
        jobs = jobs.filter(any_case(fields, asked))
    found: dict[int, Candidate] = {}
    for job in jobs[: MOST_SHOWN * 2]:
        found.setdefault(job.person_id, Candidate(job, runs))
    rows = dict(list(found.items())[:MOST_SHOWN])
    for row in Registration.objects.filter(event=event, person__in=rows):
        rows[row.person_id].registration = row
    for person, others in clashes(event, [row.person for row in rows.values()]).items():
        rows[person].clash = others
    return list(rows.values())


class StaffForm(forms.Form):
    """The people ticked; the template draws them with what is known of each."""

    people = forms.MultipleChoiceField(
        label="Кого записать", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, rows: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_pk = {str(row.person.pk): row.person for row in rows}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (str(row.person.pk), str(row.person)) for row in rows if row.can_be_chosen or row.registration
        ]

    def clean_people(self) -> list[Person]:
        chosen = [self.by_pk[pk] for pk in self.cleaned_data["people"]]
        if not chosen:
            raise ValidationError("Отметьте хотя бы одного человека.")
        return chosen
