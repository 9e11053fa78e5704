"""Questions asked of applications, and whose turn it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

if TYPE_CHECKING:
    from communities.models.application import CommunityApplication  # noqa: F401 (the types name it)
    from network.models import Person

# With the initiator; submitted and not decided yet.
OPEN_TO_CHANGE = ("draft", "returned")
UNDER_WAY = ("submitted", "in_review", "returned", "awaiting_decision")


@dataclass(frozen=True)
class Turn:
    """Who acts next, in words, and until which day (None: there is no term)."""

    who: str = ""
    until: dt.date | None = None

    @property
    def days_late(self) -> int:
        """Whole days since the term, 0 while there is time."""
        return max(0, (timezone.localdate() - self.until).days) if self.until else 0


class ApplicationQuerySet(models.QuerySet["CommunityApplication"]):
    def visible_to(self, person: Person) -> ApplicationQuerySet:
        """The initiator; those asked to take part or for an opinion; managers once it was submitted."""
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.none()
        if rights.is_admin:
            return self
        from communities.models.application_parts import (
            ApplicationMember,
            ApplicationOrganisation,
            ExpertOpinion,
        )

        seen = Q(initiator=person) | Q(municipality__in=rights.manages, submitted_at__isnull=False)
        for asked in (
            ApplicationMember.objects.asked().filter(person=person),
            ApplicationOrganisation.objects.asked().filter(organisation__in=rights.head_of),
            ExpertOpinion.objects.filter(expert=person),
        ):
            seen |= Q(pk__in=asked.values("application"))
        return self.filter(seen)

    def editable_by(self, person: Person) -> ApplicationQuerySet:
        """Own ones that are with the initiator: drafts and returned ones."""
        return self.filter(initiator=person, state__in=OPEN_TO_CHANGE)

    def with_answers(self) -> ApplicationQuerySet:
        """With `listed` people and how many of them `agreed`."""
        from communities.models.application_parts import ApplicationMember

        said_yes = ApplicationMember.objects.agreed().values("pk")
        agreed = Count("members", filter=Q(members__in=said_yes), distinct=True)
        return self.annotate(listed=Count("members", distinct=True), agreed=agreed)

    def under_way(self) -> ApplicationQuerySet:
        """Submitted and not decided yet; a returned one too."""
        return self.filter(state__in=UNDER_WAY)

    def overdue(self, today: dt.date | None = None) -> ApplicationQuerySet:
        """Whose turn it is has had it for longer than the municipality gives for the step."""
        return self.under_way().filter(turn_until__lt=today or timezone.localdate())
