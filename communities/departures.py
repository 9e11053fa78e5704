"""Members whose work has ended: belonging to a community on behalf of an organisation goes with working there.

Rights come only from employments in force (docs/adr/0001). Who has moved to another organisation of the
municipality goes on in its name; who works nowhere in the municipality is a member no longer. A leader is changed
by an order only: the membership stays, without its rights, and those who can ask for the order are told.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from communities.actions.membership import end_with_employment, go_on_for
from communities.letters import leaders_of, managers_of, tell
from communities.models import Community, MemberRole, Membership
from core.states import WrongState
from network.models import Employment, Organisation

logger = structlog.get_logger(__name__)


def watch_departures(today: dt.date | None = None) -> None:
    """Look after everybody who works no longer where they belong from; safe at any hour and twice."""
    today = today or timezone.localdate()
    still = Employment.objects.in_force(today).filter(
        person=OuterRef("person"), organisation=OuterRef("organisation")
    )
    rows = (
        Membership.objects.current()
        .exclude(community__state=Community.State.CLOSED)
        .filter(~Exists(still))
        .select_related("community", "person", "organisation")
        .order_by("pk")
    )
    gone = list(rows)
    places = _places([row.person_id for row in gone], today)
    for row in gone:
        try:
            _settle(row, places.get((row.person_id, row.community.municipality_id)))
        except WrongState:
            logger.info("member_left_meanwhile", membership=row.pk)


def _places(people: list[int], today: dt.date) -> dict[tuple[int, int], Organisation]:
    """(person, municipality) → where they work there now, the place they came to last."""
    jobs = Employment.objects.in_force(today).filter(person__in=people).select_related("organisation")
    found: dict[tuple[int, int], list[Organisation]] = defaultdict(list)
    for job in jobs.order_by("-starts_on", "pk"):
        found[job.person_id, job.organisation.municipality_id].append(job.organisation)
    return {key: places[0] for key, places in found.items()}


@transaction.atomic
def _settle(row: Membership, place: Organisation | None) -> None:
    community, person = row.community, row.person
    url = community.get_absolute_url()
    if place is not None:
        fresh = go_on_for(membership=row, organisation=place)
        tell(
            [person, *leaders_of(community)],
            key=f"membership:{fresh.pk}:moved",
            subject=f"Участник перешёл в другую организацию: {community}",
            template="community_member_moved",
            url=url,
            membership=fresh,
            before=row.organisation,
        )
    elif row.role == MemberRole.LEADER:
        tell(
            managers_of(community.municipality_id),
            key=f"membership:{row.pk}:leader-gone",
            subject=f"Руководитель больше не работает в сети: {community}",
            template="community_leader_gone",
            url=url,
            membership=row,
        )
    else:
        ended = end_with_employment(membership=row)
        tell(
            [person, *leaders_of(community)],
            key=f"membership:{ended.pk}:employment-ended",
            subject=f"Участие закончилось вместе с работой: {community}",
            template="community_left",
            url=url,
            membership=ended,
        )
