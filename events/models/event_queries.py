"""Questions asked of events."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.school_year import SchoolYear
from events import rules

if TYPE_CHECKING:
    from events.models.event import Event  # noqa: F401  (of the annotation)
    from network.models import Person


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, person: Person) -> EventQuerySet:
        """Public ones that were announced; own municipality's announced; those that the person runs or is signed up for."""
        announced = Q(announced_at__isnull=False)
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.filter(announced, is_public=True)
        if rights.is_admin:
            return self
        from events.models.registration import Registration

        mine = Registration.objects.filter(person=person).values("event")
        return self.filter(
            (announced & (Q(is_public=True) | Q(municipality__in=rights.municipality_ids) | Q(pk__in=mine)))
            | Q(municipality__in=rights.official_in)
            | rules.run_by(person)
        )

    def editable_by(self, person: Person) -> EventQuerySet:
        """Those that the person runs: see `rules.run_by`."""
        return self if person.rights.is_admin else self.filter(rules.run_by(person))

    def announced(self) -> EventQuerySet:
        """Known to the network and not cancelled."""
        return self.filter(announced_at__isnull=False).exclude(state="cancelled")

    def upcoming(self, now: dt.datetime | None = None) -> EventQuerySet:
        """Not over yet and not cancelled, the nearest first."""
        now = now or timezone.now()
        going = self.filter(ends_at__gte=now).exclude(state="cancelled")
        return going.order_by("starts_at", "pk")

    def unreported(self, before: dt.datetime | None = None) -> EventQuerySet:
        """Over (before the moment) and without results."""
        states = ["announced", "registration_open", "held"]
        return self.filter(ends_at__lt=before or timezone.now(), state__in=states)

    def took_place(self) -> EventQuerySet:
        return self.filter(state__in=["held", "reported"])

    def open_for_registration(self, now: dt.datetime | None = None) -> EventQuerySet:
        """One can sign up now (for a place or for the waiting list)."""
        now = now or timezone.now()
        return self.filter(
            Q(registration_opens_at__isnull=True) | Q(registration_opens_at__lte=now),
            Q(registration_closes_at__isnull=True) | Q(registration_closes_at__gt=now),
            state="registration_open",
            starts_at__gt=now,
        )

    def with_free_places(self) -> EventQuerySet:
        return self.filter(Q(capacity__isnull=True) | Q(taken__lt=F("capacity")))

    def of_year(self, year: SchoolYear) -> EventQuerySet:
        """Begun within the school year."""
        return self.filter(starts_at__date__gte=year.starts_on, starts_at__date__lte=year.ends_on)
