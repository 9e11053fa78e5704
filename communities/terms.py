"""The term of a community: told of a month before its end, marked when it has passed."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.utils import timezone

from communities.letters import leaders_of, methodists_of, tell
from communities.models import Community
from communities.models.community import WARN_DAYS
from core.states import WrongState, move

logger = structlog.get_logger(__name__)


def watch_terms(today: dt.date | None = None) -> None:
    """What the calendar asks for; safe at any hour and twice."""
    today = today or timezone.localdate()
    running = Community.objects.filter(state=Community.State.ACTIVE, ends_on__isnull=False)
    for community in running.filter(ends_on__lt=today):
        try:
            lapse(community)
        except WrongState:
            logger.info("community_moved_meanwhile", community=community.pk)
    soon = today + dt.timedelta(days=WARN_DAYS)
    for community in running.filter(ends_on__gte=today, ends_on__lte=soon):
        _tell(community, "community_ending", "Через месяц закончится срок сообщества")


@transaction.atomic
def lapse(community: Community) -> None:
    """Mark that the term is over; whether to extend or to close is for people to decide."""
    community = move(community, "lapse", by=None, reason="Срок по распорядительному акту истёк")
    _tell(community, "community_lapsed", "Срок сообщества истёк")


def _tell(community: Community, template: str, subject: str) -> None:
    # The day is part of the key: after an extension the next end is told of anew.
    tell(
        [*leaders_of(community), *methodists_of(community.municipality_id)],
        key=f"{template}:{community.pk}:{community.ends_on}",
        subject=f"{subject}: {community}",
        template=template,
        url=community.get_absolute_url(),
        community=community,
    )
