"""Letters about a community and its people; each has a key, so that pressing twice sends one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from communities.models import Community
from core.letters import queue_letters
from network.models import Employment, Person, Role


def tell(
    people: Iterable[Person | None],
    *,
    key: str,
    subject: str,
    template: str,
    url: str,
    by: Person | None = None,
    **context: Any,
) -> None:
    """One letter a person who can read letters; who did the thing is not told of it."""
    readers = {one.pk: one for one in people if one and one.email and one.is_active and one != by}
    queue_letters(
        {
            "key": f"{key}:{person.pk}",
            "to": person.email,
            "subject": subject,
            "template": template,
            "context": {"name": person.get_short_name(), "url": f"{settings.SITE_URL}{url}", **context},
        }
        for person in readers.values()
    )


def leaders_of(community: Community) -> list[Person]:
    """The leader; a list, since between two orders there may be none."""
    leader = community.leader
    return [leader.person] if leader else []


def methodists_of(municipality_id: int) -> list[Person]:
    jobs = Employment.objects.in_force().filter(
        organisation__municipality=municipality_id, role=Role.METHODIST
    )
    return list(Person.objects.filter(pk__in=jobs.values("person"), is_active=True))


def managers_of(municipality_id: int) -> list[Person]:
    """Methodists and officials: those who ask for an order and those who register it."""
    jobs = Employment.objects.in_force().filter(
        organisation__municipality=municipality_id, role__in=[Role.METHODIST, Role.OFFICIAL]
    )
    return list(Person.objects.filter(pk__in=jobs.values("person"), is_active=True))


def members_of(community: Community) -> list[Person]:
    now = community.memberships.current()
    return list(Person.objects.filter(pk__in=now.values("person"), is_active=True))
