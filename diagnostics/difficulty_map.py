"""The difficulty map: the one way in which figures of a campaign leave the app.

Pages, exports and reports ask here, so all of them show the same released sums and nothing else. The cost
does not depend on the number of answers: a handful of GROUP BY queries over the tallies. A page that lays
out some of the groups pays for these alone; the network's figures and the ranking are always of all.
"""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When

from diagnostics.comparison import same_directions, same_items
from diagnostics.figures import Cell, DifficultyMap, Figure, Group, Line
from diagnostics.map_groups import counted_groups, own_groups, with_invited
from diagnostics.models import Campaign, Dimension, Item, Response, ScaleOption, Tally
from network.models import Direction

__all__ = [
    "Cell", "DifficultyMap", "Figure", "Group", "Line", "Waiting",
    "difficulty_map", "direction_line", "direction_table", "own_groups", "waiting",
]  # fmt: skip

Show = Callable[[list[Group]], Sequence[Group]]  # picks of all groups those to lay out
Keys = Collection[str] | None  # of groups; None is all of them

# So many groups are named in a query one by one; of more than these all are read.
NAMED_GROUPS = 200


def difficulty_map(
    campaign: Campaign,
    dimension: str = Dimension.ORGANISATION,
    *,
    only: Keys = None,
    show: Show | None = None,
) -> DifficultyMap:
    """Directions × groups of a dimension.

    `only`: keys of the groups that the reader may see (a head sees the own one); `show`: which of them to
    lay out, all by default. What is hidden was decided over all groups when the answers were tallied.
    """
    directions = Direction.objects.filter(
        items__section__questionnaire=campaign.questionnaire_id, items__kind="scale"
    )
    titles = [(d.pk, d.code, d.name) for d in directions.order_by("position", "name", "pk").distinct()]
    view = _View(campaign, dimension, "item__direction", Q(item__isnull=False))
    return view.build(titles, same_directions(campaign), only, show)


def direction_line(
    campaign: Campaign,
    direction: Direction,
    dimension: str = Dimension.ORGANISATION,
    *,
    only: Keys = None,
) -> DifficultyMap:
    """The one line of a direction with all groups."""
    same = {k: v for k, v in same_directions(campaign).items() if k == direction.pk}
    view = _View(campaign, dimension, "item__direction", Q(item__direction=direction))
    return view.build([(direction.pk, direction.code, direction.name)], same, only)


def direction_table(
    campaign: Campaign,
    direction: Direction,
    dimension: str = Dimension.ORGANISATION,
    *,
    only: Keys = None,
    show: Show | None = None,
) -> DifficultyMap:
    """Items of one direction × groups of a dimension."""
    items = Item.objects.filter(
        section__questionnaire=campaign.questionnaire_id, kind=Item.Kind.SCALE, direction=direction
    ).order_by("section__position", "position", "pk")
    titles = [(item.pk, item.code, item.text) for item in items]
    same = same_items(campaign, [code for _, code, _ in titles])
    view = _View(campaign, dimension, "item", Q(item__direction=direction))
    return view.build(titles, same, only, show)


@dataclass(frozen=True)
class _View:
    """What one table reads: a row per `row` (a path from the tally), within `part` of the tallies."""

    campaign: Campaign
    dimension: str
    row: str
    part: Q

    def build(
        self,
        titles: Sequence[tuple[int, str, str]],
        same: dict[int, int],
        only: Keys = None,
        show: Show | None = None,
    ) -> DifficultyMap:
        campaign, dimension = self.campaign, self.dimension
        counted, everyone = counted_groups(campaign, dimension, only)
        groups = with_invited(campaign, dimension, show(everyone) if show else everyone)
        figures = _figures(self, {group.key for group in groups})
        before = {}
        if campaign.previous and same:
            before = _figures(_View(campaign.previous, Dimension.ALL, self.row, self.part), ())
        cut = len(groups) < len(everyone)
        spreads = _spreads(self) if cut and only is None else {}
        lines = []
        for pk, code, title in titles:
            network = figures.get((pk, Dimension.ALL, ""))
            found = (figures.get((pk, dimension, group.key)) for group in groups)
            cells = [_cell(g, f, campaign.smallest_group) for g, f in zip(groups, found, strict=True)]
            spread = spreads.get(pk) if cut else _spread(cells)
            then = before.get((same.get(pk, 0), Dimension.ALL, ""))
            lines.append(Line(pk, code, title, network, cells, then, spread))
        lines.sort(key=lambda line: -(line.network.share or 0) if line.network else 1)
        return DifficultyMap(campaign, dimension, groups, lines, counted)

    def tallies(self, keys: Collection[str] | None) -> QuerySet[Tally]:
        """Released rows of the network and of these groups of the dimension, None is all of them."""
        here = Q(dimension=self.dimension)
        if keys is not None and len(keys) <= NAMED_GROUPS:
            here &= Q(group__in=keys)
        return Tally.objects.filter(
            self.part, here | Q(dimension=Dimension.ALL), campaign=self.campaign
        ).order_by()


def _cell(group: Group, figure: Figure | None, k: int) -> Cell:
    if figure and figure.answers:
        return Cell(group, figure)
    if figure:
        return Cell(group, None, "нет", "Никто из группы не ответил на эти вопросы по существу.")
    if group.respondents < k:
        return Cell(
            group, None, f"< {k}", f"Учтено меньше {k} ответов: были бы видны ответы отдельных людей."
        )
    return Cell(group, None, "скрыто", "Скрыто, чтобы вычитанием нельзя было узнать ответы малой группы.")


def _figures(view: _View, keys: Collection[str]) -> dict[tuple[int, str, str], Figure]:
    """Released figures by row (a direction or an item), dimension and group: one GROUP BY."""
    hard, weights = _meaning(view.campaign)
    rows = (
        view.tallies(keys)
        .values_list(view.row, "dimension", "group")
        .annotate(
            answers=Sum("count"),
            difficulties=Sum("count", filter=hard, default=0),
            weight=Sum(F("count") * weights, output_field=FloatField()),
        )
    )
    return {key[:3]: Figure(*key[3:]) for key in rows}


def _spread(cells: Sequence[Cell]) -> tuple[int, int] | None:
    shares = [cell.figure.percent for cell in cells if cell.figure]
    known = [share for share in shares if share is not None]
    return (min(known), max(known)) if len(known) > 1 else None


def _spreads(view: _View) -> dict[int, tuple[int, int]]:
    """The lowest and the highest share of each row over all groups, found by the database alone."""
    hard, _ = _meaning(view.campaign)
    shares = (
        view.tallies(None)
        .filter(dimension=view.dimension)
        .values("group", line=F(view.row))
        .annotate(n=Sum("count"), d=Sum("count", filter=hard, default=0))
        .filter(n__gt=0)
        .annotate(share=(200 * F("d") + F("n")) / (2 * F("n")))  # as Figure.percent
        .values("line", "share")
    )
    inner, values = shares.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line, MIN(share), MAX(share) FROM ({inner}) found GROUP BY line HAVING COUNT(*) > 1",
            values,
        )
        return {line: (low, high) for line, low, high in cursor.fetchall()}


def _meaning(campaign: Campaign) -> tuple[Q, Case]:
    """Which answer is a difficulty and what it weighs, as SQL; by scale where two scales differ in a code."""
    used = Item.objects.filter(section__questionnaire=campaign.questionnaire_id, scale__isnull=False).values(
        "scale"
    )
    options = list(ScaleOption.objects.filter(scale__in=used, is_no_answer=False))
    meanings = defaultdict(set)
    for option in options:
        meanings[option.code].add((option.is_difficulty, option.weight))
    alike = all(len(found) == 1 for found in meanings.values())
    by_option = [
        (Q(option=o.code) if alike else Q(item__scale=o.scale_id, option=o.code), o) for o in options
    ]
    nothing = Q(pk__in=[])
    hard = functools.reduce(operator.or_, (q for q, o in by_option if o.is_difficulty), nothing)
    whens = [When(q, then=Value(float(o.weight))) for q, o in by_option if o.weight]
    return hard, Case(*whens, default=Value(0.0), output_field=FloatField())


@dataclass(frozen=True)
class Waiting:
    """Sent but not shown: in no counted batch yet, left out as straight-lined, in a batch that is too small."""

    waiting: int
    left_out: int
    unreleased: int


def waiting(campaign: Campaign) -> Waiting:
    """How many answers the map does not show, and why."""
    straight = Q(straightlined=True) if campaign.exclude_straightlined else Q(pk__in=[])
    held = Q(batch__isnull=True) | Q(batch__in=campaign.batches.filter(counted=False))
    counts = Response.objects.filter(held, campaign=campaign).aggregate(
        waiting=Count("pk", filter=~straight), left_out=Count("pk", filter=straight)
    )
    batches = campaign.batches.filter(counted=True).values_list("size", "shown")
    unreleased = sum(size for size, shown in batches if not shown)
    return Waiting(counts["waiting"], counts["left_out"], unreleased)
