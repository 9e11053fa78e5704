"""What answers a difficulty: findings made of the map and their support measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch

from core.school_year import SchoolYear
from diagnostics.difficulty_map import DifficultyMap, Figure, Line, difficulty_map
from diagnostics.models import Campaign, Dimension, Finding, SupportMeasure
from network.models import Direction, Organisation


@dataclass
class Answer:
    """Findings of a direction in a campaign and the measures that answer them; what came to nothing is left out."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def measures(self) -> list[SupportMeasure]:
        return [measure for finding in self.findings for measure in finding.measures.all()]

    @property
    def more(self) -> int:
        """How many measures there are beside the two that the map names."""
        return max(0, len(self.measures) - 2)


def answers(campaign: Campaign, only: Collection[str] | None = None) -> dict[int, Answer]:
    """Direction id → what answers it; with `only` those of the network and of these organisations."""
    found: dict[int, Answer] = defaultdict(Answer)
    standing = Prefetch("measures", SupportMeasure.objects.standing().with_records())
    for finding in campaign.findings.prefetch_related(standing).order_by("pk"):
        if only is None or finding.organisation_id is None or f"#{finding.organisation_id}" in only:
            found[finding.direction_id].findings.append(finding)
    return found


def unanswered(table: DifficultyMap, found: dict[int, Answer]) -> list[Line]:
    """Directions that trouble a notable share of the network and that no measure answers."""
    notable = table.campaign.notable_percent / 100
    return [
        line
        for line in table.lines
        if line.network
        and (line.network.share or 0) >= notable
        and not (line.pk in found and found[line.pk].measures)
    ]


def figure_of(campaign: Campaign, direction: Direction, organisation: Organisation | None) -> Figure | None:
    """What the map shows of the direction, in the network or in one organisation; None when hidden."""
    only = {f"#{organisation.pk}"} if organisation else set()
    table = difficulty_map(campaign, Dimension.ORGANISATION, only=only)
    for line in table.lines:
        if line.pk == direction.pk:
            cells = [cell.figure for cell in line.cells]
            return (cells[0] if cells else None) if organisation else line.network
    return None


@transaction.atomic
def recognise(
    *, campaign: Campaign, direction: Direction, organisation: Organisation | None, note: str, by
) -> Finding:
    """Make a finding of a cell or of a row of the map, with its figure as it is shown now.

    The same cell is recognised once: pressing twice gives the finding that there is.
    """
    figure = figure_of(campaign, direction, organisation)
    finding, _ = Finding.objects.get_or_create(
        campaign=campaign,
        direction=direction,
        organisation=organisation,
        defaults={
            "municipality_id": campaign.municipality_id,
            "year": SchoolYear.of(campaign.opens_on).start,
            "share": figure.share if figure else None,
            "answers": figure.answers if figure else None,
            "note": note,
            "created_by": by,
        },
    )
    return finding
