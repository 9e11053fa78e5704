"""Letters about applications: one a person and step, in the transaction of the step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q

from communities.models import CommunityApplication
from core.letters import queue_letters
from core.states import history
from network.models import Employment, Organisation, Person, Role


def managers(application: CommunityApplication, role: str) -> list[Person]:
    """Methodists or officials of the municipality who can sign in."""
    jobs = Employment.objects.in_force().filter(
        role=role, organisation__municipality=application.municipality_id
    )
    return list(Person.objects.filter(pk__in=jobs.values("person"), is_active=True))


def methodists(application: CommunityApplication) -> list[Person]:
    return managers(application, Role.METHODIST)


def officials(application: CommunityApplication) -> list[Person]:
    return managers(application, Role.OFFICIAL)


def heads_of(organisations: Iterable[Organisation]) -> dict[int, list[Person]]:
    """Organisation id → its heads who can sign in; one query for all."""
    jobs = (
        Employment.objects.in_force()
        .filter(Q(organisation__in=list(organisations)), role=Role.HEAD, person__is_active=True)
        .select_related("person")
        .order_by("pk")
    )
    found: dict[int, list[Person]] = {}
    for job in jobs:
        found.setdefault(job.organisation_id, []).append(job.person)
    return found


def everybody(application: CommunityApplication) -> list[Person]:
    """The initiator, those who take part and the heads of organisations that do, each once."""
    taking_part = application.members.asked().exclude(answer="declined").select_related("person")
    places = application.organisations.asked().exclude(answer="declined").select_related("organisation")
    people = [application.initiator, *(row.person for row in taking_part)]
    for heads in heads_of([row.organisation for row in places]).values():
        people += heads
    return list(dict.fromkeys(people))


def tell(
    application: CommunityApplication,
    people: Iterable[Person],
    *,
    subject: str,
    template: str,
    by: Person | None,
    path: str = "",
    **context: Any,
) -> None:
    """A letter to each but the one who took the step; the same step writes to a person once."""
    step = history(application).count()
    queue_letters(
        letter(
            application,
            person,
            key=f"application:{application.pk}:{step}:{template}:{person.pk}",
            subject=subject,
            template=template,
            path=path,
            **context,
        )
        for person in people
        if person.email and person.is_active and person != by
    )


def letter(
    application: CommunityApplication,
    person: Person,
    *,
    key: str,
    subject: str,
    template: str,
    path: str = "",
    **context: Any,
) -> dict[str, Any]:
    """One letter for `queue_letters` under its own key, with the address of the application (and `path` below)."""
    return {
        "key": key,
        "to": person.email or "",
        "subject": f"{subject}: {application}",
        "template": template,
        "context": {
            "application": application,
            "name": person.get_short_name(),
            "url": f"{settings.SITE_URL}{application.get_absolute_url()}{path}",
            **context,
        },
    }
