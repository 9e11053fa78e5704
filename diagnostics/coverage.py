"""Coverage of a finding: of those who have the difficulty, how many were invited, signed up and came.

Counted by the worker and kept (`Coverage`), so a page and a report read the same figures whatever the number of
answers. Of people where the survey is named or confidential, and only what may be told of them
(docs/adr/0021-coverage.md); of organisations, by what the map shows, where it is anonymous.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.models import Membership
from core.school_year import SchoolYear
from diagnostics.coverage_people import Respondents, respondents, told_before
from diagnostics.difficulty_map import direction_line
from diagnostics.models import (
    Campaign,
    Coverage,
    CoverageSet,
    CoverageUnit,
    Finding,
    SupportMeasure,
)
from events.models import Event, Registration

Who = tuple[int, int]  # a person and the organisation they came from


@dataclass(frozen=True)
class Reach:
    """Whom the support of a finding has reached, whatever they find hard."""

    signed_up: frozenset[Who]
    came: frozenset[Who]

    @staticmethod
    def people(who: Iterable[Who]) -> set[int]:
        return {person for person, _ in who}

    @staticmethod
    def organisations(who: Iterable[Who]) -> set[int]:
        return {organisation for _, organisation in who}


def reach_of(finding: Finding, *, held_only: bool) -> Reach:
    """Participants of the events that answer the finding and members of the communities that do.

    Of a series all its events since the survey count: its people are the same. `held_only` leaves out what is ahead,
    where who is signed up changes one by one.
    """
    events = _events(finding)
    if held_only:
        events = events.took_place()  # type: ignore[attr-defined]
    rows = Registration.objects.registered().filter(event__in=events.values("pk"))
    members = Membership.objects.current().filter(community__in=_communities(finding))
    joined = set(members.values_list("person", "organisation"))
    signed, came = set(joined), set(joined)
    for person, organisation, attendance in rows.values_list("person", "organisation", "attendance"):
        signed.add((person, organisation))
        if attendance == "attended":
            came.add((person, organisation))
    return Reach(frozenset(signed), frozenset(came))


def _events(finding: Finding) -> QuerySet[Event]:
    tied = Event.objects.filter(measures__finding=finding)
    of_series = Q(series__in=tied.exclude(series=None).values("series"))
    if finding.campaign is not None:
        of_series &= Q(starts_at__date__gte=finding.campaign.opens_on)
    found = Event.objects.filter(Q(pk__in=tied.values("pk")) | of_series)
    return found.exclude(state=Event.State.CANCELLED)


def _communities(finding: Finding) -> list[int]:
    rows = SupportMeasure.objects.filter(finding=finding).values_list("community", "application__community")
    return [pk for pair in rows for pk in pair if pk is not None]


def count_coverage(finding: Finding) -> Coverage | None:
    """Count anew what may be told; None for a finding without a survey. Twice it is the same.

    Answers are read before the transaction, which then asks under a lock what was told meanwhile.
    """
    finding = Finding.objects.select_related("campaign", "direction").get(pk=finding.pk)
    if finding.campaign is None:
        return None
    if finding.campaign.is_anonymous:
        return _count_organisations(finding)
    return _count_people(finding)


def count_due() -> int:
    """Count the findings of this school year and the last; returns how many were looked at."""
    since = SchoolYear.current().previous.start
    found = Finding.objects.filter(year__gte=since, campaign__isnull=False).order_by("pk")
    for finding in found:
        count_coverage(finding)
    return len(found)


def difficult_places(finding: Finding) -> list[int]:
    """Organisations in the scope of the finding whose cell of the map shows a notable difficulty."""
    campaign = finding.campaign
    if campaign is None or not campaign.by_organisation:
        return []
    only = {f"#{finding.organisation_id}"} if finding.organisation_id else None
    return [
        cell.group.organisation.pk
        for line in direction_line(campaign, finding.direction, only=only).lines
        for cell in line.cells
        if cell.group.organisation and _is_hard(cell.figure, campaign, finding)
    ]


def _is_hard(figure: object, campaign: Campaign, finding: Finding) -> bool:
    """The own cell of a finding is one whatever its share: somebody has recognised it as such."""
    share = getattr(figure, "share", None)
    if share is None:
        return False
    return finding.organisation_id is not None or share >= campaign.notable_percent / 100


def _count_organisations(finding: Finding) -> Coverage:
    """All of it can be read off the map and the lists of participants, so nothing is hidden."""
    hard = set(difficult_places(finding))
    reach = reach_of(finding, held_only=False)
    calls = finding.calls.exists()
    called = set(finding.calls.values_list("organisations", flat=True)) if calls else set()
    row, _ = Coverage.objects.update_or_create(
        finding=finding,
        defaults={
            "unit": CoverageUnit.ORGANISATIONS,
            "total": len(hard) or None,
            "invited": len(hard & called) if calls else None,
            "signed_up": len(hard & Reach.organisations(reach.signed_up)),
            "came": len(hard & Reach.organisations(reach.came)),
            "counted_at": timezone.now(),
        },
    )
    return row


def _count_people(finding: Finding) -> Coverage:
    reach = reach_of(finding, held_only=True)
    seen = _fingerprint(finding, reach)
    row = Coverage.objects.filter(finding=finding).first()
    if row is not None and row.fingerprint == seen:
        return row
    among = respondents(finding)
    with transaction.atomic():
        Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        row, _ = Coverage.objects.get_or_create(finding=finding, defaults={"unit": CoverageUnit.PEOPLE})
        row.fingerprint = seen if among else ""
        if among is not None:
            _tell_total(finding, row, among)
            if row.total is not None:
                _tell_reach(finding, row, among, reach)
        row.save()
    return row


def _fingerprint(finding: Finding, reach: Reach) -> str:
    """Changes when there may be something new to tell."""
    campaign = finding.campaign
    batches = campaign.batches.filter(counted=True).count() if campaign else 0
    told = [batches, sorted(reach.signed_up), sorted(reach.came)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _tell_total(finding: Finding, row: Coverage, among: Respondents) -> None:
    """Once: the survey is closed, so the number does not change; a sheet withdrawn later would be its difference."""
    if row.total is None and among.may_tell(told_before(finding, among)):
        row.total = among.hard_among(among.crowd.scope)
        row.counted_at = timezone.now()


def _tell_reach(finding: Finding, row: Coverage, among: Respondents, reach: Reach) -> None:
    """Who came first, since it says more; then who was signed up, where the two together may be told.

    What may not be told leaves the earlier figure with its date; «nobody» is told when nobody at all came, which
    the list of participants says anyway.
    """
    known = told_before(finding, among)
    if not reach.came:
        row.came, row.signed_up = 0, None if reach.signed_up else 0
        return
    came = _inside(finding, among, reach.came)
    if not among.may_tell([*known, came]):
        if not row.came:
            row.came = row.signed_up = None
        return
    signed = _inside(finding, among, reach.signed_up)
    both = among.may_tell([*known, came, signed])
    row.came = among.hard_among(came)
    row.signed_up = among.hard_among(signed) if both else None
    row.counted_at = timezone.now()
    for inside, who in ((came, reach.came), (signed, reach.signed_up))[: 2 if both else 1]:
        if not any((inside == one).all() for one in known):
            CoverageSet.objects.create(finding=finding, people=sorted(Reach.people(who)))
            known.append(inside)


def _inside(finding: Finding, among: Respondents, who: Iterable[Who]) -> np.ndarray:
    return among.within(Reach.people(who), finding.organisation_id)
