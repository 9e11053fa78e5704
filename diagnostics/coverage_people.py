"""Coverage where answers are tied to people: who of a crowd has the difficulty, and what may be told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from diagnostics.answer_table import Table, read
from diagnostics.coverage_rule import Crowd, may_tell
from diagnostics.models import Campaign, CoverageSet, Dimension, Finding, Response


@dataclass(frozen=True)
class Respondents:
    """Those whose answers to the finding's direction are released, and which person each row is."""

    crowd: Crowd
    people: np.ndarray
    organisations: np.ndarray
    k: int

    def within(self, people: Iterable[int], organisation: int | None = None) -> np.ndarray:
        """Which respondents are among these people (of the organisation)."""
        inside = np.isin(self.people, np.array(sorted(people), dtype=np.int64))
        return inside if organisation is None else inside & (self.organisations == organisation)

    def hard_among(self, inside: np.ndarray) -> int:
        """How many of these respondents, within the scope of the finding, have the difficulty."""
        return int((self.crowd.hard & self.crowd.scope & inside).sum())

    def with_difficulty(self) -> list[int]:
        """The people themselves; for the letters to them and for nothing that anybody else sees."""
        return sorted(int(pk) for pk in self.people[self.crowd.hard & self.crowd.scope])

    def may_tell(self, sets: list[np.ndarray]) -> bool:
        return may_tell(self.crowd, sets, self.k)


def respondents(finding: Finding) -> Respondents | None:
    """None while the survey runs, where it is anonymous, and where the map tells nothing of the direction there.

    Who has the difficulty: a difficulty is the answer to at least one question of the direction. The rest are those
    who answered a question of it otherwise; who answered none by the scale is left out.
    """
    campaign = finding.campaign
    if campaign is None or campaign.is_anonymous or campaign.state != Campaign.State.CLOSED:
        return None
    rows = counted_answers(campaign)
    if Response.objects.filter(campaign=campaign, batch__counted=False).exists():
        return None
    table = read(campaign, rows)
    columns = table.directions.get(finding.direction_id, [])
    who = list(rows.order_by("pk").values_list("person", "organisation", "batch"))
    if not columns or not who:
        return None
    shown = _released(campaign, finding.direction_id)
    people, organisations, batches = (
        np.array([value or 0 for value in part], dtype=np.int64) for part in zip(*who, strict=True)
    )
    counts = np.asarray((table.answers[:, columns] >= 0).any(axis=1) & np.isin(batches, list(shown)))
    if not counts.any():
        return None
    scope = np.ones(int(counts.sum()), dtype=bool)
    if finding.organisation_id is not None:
        key = f"#{finding.organisation_id}"
        told = [batch for batch, of in shown.items() if key in of.get(Dimension.ORGANISATION, ())]
        here = (organisations == finding.organisation_id) & np.isin(batches, told)
        scope = here[counts]
    hard = np.asarray(table.hard[:, columns].any(axis=1))
    published, hidden = _figures(table, counts, batches, shown)
    crowd = Crowd(hard[counts], scope, published, hidden)
    return Respondents(crowd, people[counts], organisations[counts], campaign.smallest_group)


def counted_answers(campaign: Campaign) -> QuerySet[Response]:
    """Sheets of people that are in the sums of the map."""
    return Response.objects.filter(campaign=campaign, person__isnull=False, batch__counted=True)


def told_before(finding: Finding, among: Respondents) -> list[np.ndarray]:
    """The sets of which figures were told from the same answers to the same direction, by any finding of them."""
    rows = CoverageSet.objects.filter(
        finding__campaign=finding.campaign_id, finding__direction=finding.direction_id
    )
    return [
        among.within(people, organisation)
        for people, organisation in rows.order_by("pk").values_list("people", "finding__organisation")
    ]


def _released(campaign: Campaign, direction: int) -> dict[int, dict[str, list[str]]]:
    """Batch → dimension → groups shown, of the batches in which the direction was released."""
    rows = campaign.batches.filter(counted=True).values_list("pk", "shown")
    return {pk: shown[str(direction)] for pk, shown in rows if str(direction) in shown}


def _figures(
    table: Table, counts: np.ndarray, batches: np.ndarray, shown: dict[int, dict[str, list[str]]]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """For each dimension which figure of the map counts each respondent, and the hidden group they are in.

    A batch is published by itself, so a group or a hidden rest is that of one batch.
    """
    mine = batches[counts]
    published = {"batch": np.unique(mine, return_inverse=True)[1]}
    hidden = {"batch": np.full(len(mine), -1)}
    for dimension, codes in table.groups.items():
        width = len(table.keys[dimension]) + 1
        group = np.unique(mine, return_inverse=True)[1] * width + codes[counts]
        rest = np.unique(mine, return_inverse=True)[1] * width + width - 1
        known = {
            (batch, table.keys[dimension].index(key))
            for batch, of in shown.items()
            for key in of.get(dimension, ())
            if key in table.keys[dimension]
        }
        is_shown = np.array(
            [pair in known for pair in zip(mine.tolist(), codes[counts].tolist(), strict=True)]
        )
        published[dimension] = np.where(is_shown, group, rest)
        hidden[dimension] = np.where(is_shown, -1, group)
    return published, hidden
