"""Reminders of what is overdue about applications: one letter a person and day, in working hours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from communities.models import (
    ApplicationMember,
    ApplicationOrganisation,
    CommunityApplication,
    ExpertOpinion,
)
from core.letters import queue_letters
from network.models import Employment, Person, Role

# Letters that the portal sends by itself go out in the daytime of working days, local hours from … to.
DAYTIME = range(8, 20)
WORKDAYS = range(5)
STEP = {
    CommunityApplication.State.SUBMITTED: (Role.METHODIST, "взять заявление на рассмотрение"),
    CommunityApplication.State.IN_REVIEW: (Role.METHODIST, "дать заключение"),
    CommunityApplication.State.AWAITING: (Role.OFFICIAL, "решить по заявлению"),
    # With nobody in office: the initiator's own.
    CommunityApplication.State.RETURNED: (None, "исправить заявление и подать снова"),
}


@dataclass(frozen=True)
class Line:
    """One overdue thing in a letter."""

    what: str
    application: CommunityApplication
    due: dt.date
    url: str


def remind(now: dt.datetime | None = None) -> int:
    """Write to everybody whose step or opinion is overdue; returns to how many. Safe to call again: once a day."""
    now = timezone.localtime(now)
    if now.hour not in DAYTIME or now.weekday() not in WORKDAYS:
        return 0
    today = now.date()
    lines = _overdue(today)
    people = Person.objects.filter(pk__in=lines, is_active=True).exclude(email=None)
    queue_letters(_letter(person, lines[person.pk], today) for person in people)
    return len(people)


def _overdue(today: dt.date) -> dict[int, list[Line]]:
    """Person id → what is overdue with them, the oldest first."""
    found: dict[int, list[Line]] = defaultdict(list)
    applications = list(CommunityApplication.objects.overdue(today).order_by("turn_until"))
    managers = _managers({one.municipality_id for one in applications})
    for one in applications:
        role, what = STEP[CommunityApplication.State(one.state)]
        whose = [one.initiator_id] if role is None else managers[one.municipality_id, role]
        for person in whose:
            found[person].append(Line(what, one, one.turn_until, _url(one)))  # type: ignore[arg-type]
    for opinion in ExpertOpinion.objects.overdue(today).select_related("application").order_by("due_on"):
        one = opinion.application
        found[opinion.expert_id].append(Line("дать мнение", one, opinion.due_on, f"{_url(one)}opinion/"))
    _add_silent(found, today)
    return found


def _add_silent(found: dict[int, list[Line]], today: dt.date) -> None:
    """Those who were asked to take part, or as heads for their organisation, and have not answered in time."""
    members = (
        ApplicationMember.objects.awaited().open_to_answers().select_related("application__municipality")
    )
    for member in members.order_by("asked_at", "pk"):
        if member.answer_due < today:
            found[member.person_id].append(_answer_line("ответить, участвуете ли", member))
    asked = ApplicationOrganisation.objects.awaited().open_to_answers()
    places = [
        place
        for place in asked.select_related("application__municipality").order_by("asked_at", "pk")
        if place.answer_due < today
    ]
    heads = Employment.objects.in_force().filter(
        organisation__in=[place.organisation_id for place in places], role=Role.HEAD
    )
    heads_at: dict[int, set[int]] = defaultdict(set)
    for organisation, person in heads.values_list("organisation", "person"):
        heads_at[organisation].add(person)
    for place in places:
        for head in sorted(heads_at[place.organisation_id]):
            found[head].append(_answer_line("ответить за организацию", place))


def _answer_line(what: str, row: ApplicationMember | ApplicationOrganisation) -> Line:
    return Line(what, row.application, row.answer_due, f"{_url(row.application)}participation/")


def _managers(places: set[int]) -> dict[tuple[int, str], list[int]]:
    """(municipality, role) → ids of people in that office there, each once."""
    jobs = Employment.objects.in_force().filter(
        organisation__municipality__in=places, role__in=[Role.METHODIST, Role.OFFICIAL]
    )
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, role, person in jobs.values_list("organisation__municipality", "role", "person").distinct():
        found[place, role].append(person)
    return found


def _url(application: CommunityApplication) -> str:
    return f"{settings.SITE_URL}{application.get_absolute_url()}"


def _letter(person: Person, lines: list[Line], today: dt.date) -> dict[str, Any]:
    return {
        "key": f"application-reminder:{person.pk}:{today}",
        "to": person.email,
        "subject": f"Срок прошёл: {lines[0].application}"
        if len(lines) == 1
        else f"Срок прошёл, дел: {len(lines)}",
        "template": "application_reminder",
        "context": {"name": person.get_short_name(), "lines": lines, "my_url": reverse("my")},
    }
