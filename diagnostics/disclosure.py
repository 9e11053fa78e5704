"""What may be shown of one batch of answers, so that nothing hidden can be found by subtraction.

Pure functions over arrays; the reasoning, the proof and the limits are in docs/adr/ (disclosure). In short:
a figure of a group in a direction (with all items of the direction) is shown or hidden as a whole, and what
is shown together, with everything known about who belongs where, must not give away, for any item,

1. a sum over fewer than k answers, by adding and subtracting figures of one or two dimensions (`_cuts`);
2. the number of difficulties of a hidden group, by the same and by bounds (`_alone`, `_fixed`);
3. the answers of a hidden group, or of one or two crossings of all dimensions with fewer than k answers, by
   adding and subtracting figures of all dimensions at once (`_implied`).

A hidden group whose figure is the network's own (all other answers are missing) is told by the network's
figure and cannot be kept from it; neither can one whose network gave one and the same answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import SupportsIndex

import numpy as np

from diagnostics.cuts import Graph, small_cut
from diagnostics.span import Span

Leak = tuple[str, int]  # dimension and code of a group to hide
Candidate = tuple[str, SupportsIndex]


@dataclass(frozen=True)
class Sheets:
    """Answers of one batch, a row a respondent.

    `groups`: dimension → code (0, 1, …) of each respondent's group; `valid` and `hard`: respondents × items,
    whether there is an answer that counts and whether it is a difficulty (hard implies valid).
    """

    groups: dict[str, np.ndarray]
    valid: np.ndarray
    hard: np.ndarray

    def sizes(self, dimension: str) -> np.ndarray:
        """Respondents a group."""
        return np.bincount(self.groups[dimension])


Shown = dict[str, np.ndarray]  # dimension → whether each group is shown


def settled(groups: dict[str, np.ndarray], k: int) -> np.ndarray:
    """The greatest set of respondents in which every group of every dimension has none or at least k of them.

    Two such sets together are such a set again, so there is a greatest one: take out the members of groups
    that are too small until none is.
    """
    inside = np.ones(len(next(iter(groups.values()))), dtype=bool)
    while True:
        keep = inside.copy()
        for codes in groups.values():
            keep &= np.bincount(codes[inside], minlength=codes.max(initial=0) + 1)[codes] >= k
        if (keep == inside).all():
            return inside
        inside = keep


def protect(sheets: Sheets, directions: Iterable[list[int]], k: int) -> list[Shown | None]:
    """What to show of each direction (a list of item columns); None: not even the network's figure."""
    return [_protect(sheets, items, k) for items in directions]


def _protect(sheets: Sheets, items: list[int], k: int) -> Shown | None:
    asked = [i for i in items if sheets.valid[:, i].any()]
    if not asked or any(sheets.valid[:, i].sum() < k for i in asked):
        return None
    if not sheets.groups:
        return {}  # nothing is compared: the network's figure is all there is
    views = [_Item(sheets, i) for i in asked]
    shown = {dimension: sheets.sizes(dimension) >= k for dimension in sheets.groups}
    while leaks := next((found for check in CHECKS if (found := check(sheets, views, shown, k))), None):
        for dimension, group in leaks:
            shown[dimension][group] = False
    return shown


class _Item:
    """One item of a batch: the respondents with a valid answer, their groups and who has a difficulty."""

    def __init__(self, sheets: Sheets, item: int) -> None:
        mask = sheets.valid[:, item]
        self.hard = sheets.hard[mask, item]
        self.groups = {dimension: codes[mask] for dimension, codes in sheets.groups.items()}
        self.lengths = {dimension: int(codes.max()) + 1 for dimension, codes in sheets.groups.items()}
        self.total = int(mask.sum())
        self.constant = self.hard.all() or not self.hard.any()
        self.n = {d: np.bincount(codes, minlength=self.lengths[d]) for d, codes in self.groups.items()}
        self.d = {
            d: np.bincount(codes, self.hard, self.lengths[d]).astype(int) for d, codes in self.groups.items()
        }
        atoms, sizes = np.unique(np.stack(list(self.groups.values())), axis=1, return_counts=True)
        self.atoms = dict(zip(self.groups, atoms, strict=True))
        self.sizes = sizes

    def nodes(self, dimension: str, shown: np.ndarray, codes: np.ndarray | None = None) -> np.ndarray:
        """Where each respondent is published: the own group, or the hidden rest (the code after the last)."""
        codes = self.groups[dimension] if codes is None else codes
        return np.where(shown[codes], codes, self.lengths[dimension])

    def hidden(self, dimension: str, shown: np.ndarray) -> np.ndarray:
        """Hidden groups that have valid answers but not all there are."""
        n = self.n[dimension]
        return np.flatnonzero(~shown & (n > 0) & (n < self.total))


def _smallest(sheets: Sheets, shown: Shown, candidates: Iterable[Candidate]) -> Leak | None:
    """The smallest shown group among the candidates: hiding it costs least."""
    left = [(int(sheets.sizes(d)[g]), d, int(g)) for d, g in candidates if shown[d][g]]
    return min(left)[1:] if left else None


def _too_few(sheets: Sheets, views: list[_Item], shown: Shown, k: int) -> set[Leak]:
    """Shown groups with some, but fewer than k, valid answers to an item."""
    return {
        (dimension, int(group))
        for view in views
        for dimension, n in view.n.items()
        for group in np.flatnonzero(shown[dimension] & (n > 0) & (n < k))
    }


def _alone(sheets: Sheets, views: list[_Item], shown: Shown, k: int) -> set[Leak]:
    """Hidden groups of a dimension that subtraction from the network's figure gives away: hide one more."""
    leaks: set[Leak | None] = set()
    for dimension, flags in shown.items():
        for view in views:
            n, d = view.n[dimension], view.d[dimension]
            hidden = ~flags & (n > 0)
            rest, hard = n[hidden].sum(), d[hidden].sum()
            if not 0 < rest < view.total:
                continue
            if rest < k or hidden.sum() < 2 or (not view.constant and hard in (0, rest)):
                candidates = [(dimension, g) for g in np.flatnonzero(flags & (n > 0))]
                leaks.add(_smallest(sheets, shown, candidates))
                break
    return {leak for leak in leaks if leak}


def _cuts(sheets: Sheets, views: list[_Item], shown: Shown, k: int) -> set[Leak]:
    """Sums over fewer than k answers that two dimensions give away."""
    leaks: set[Leak | None] = set()
    seen = set()
    for a, b in combinations(shown, 2):
        for view in views:
            rows, columns, weights = _cells(view, shown, a, b)
            key = (a, b, rows.tobytes(), columns.tobytes(), weights.tobytes())
            if key in seen:
                continue
            seen.add(key)
            side = small_cut(_graph(rows, columns + view.lengths[a] + 1, weights), k)
            if side is None:
                continue
            crossing = np.isin(rows, list(side)) != np.isin(columns + view.lengths[a] + 1, list(side))
            ends = _shown_ends(shown, a, b, rows[crossing], columns[crossing])
            leaks.add(_smallest(sheets, shown, ends) or _smallest(sheets, shown, _everything(shown)))
    return {leak for leak in leaks if leak}


def _cells(view: _Item, shown: Shown, a: str, b: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Crossings of the published groups of two dimensions: row, column, valid answers."""
    width = view.lengths[b] + 1
    cells, weights = np.unique(view.nodes(a, shown[a]) * width + view.nodes(b, shown[b]), return_counts=True)
    return cells // width, cells % width, weights


def _graph(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray) -> Graph:
    graph: Graph = {}
    for row, column, weight in zip(rows.tolist(), columns.tolist(), weights.tolist(), strict=True):
        graph.setdefault(row, {})[column] = weight
        graph.setdefault(column, {})[row] = weight
    return graph


def _shown_ends(shown: Shown, a: str, b: str, rows: np.ndarray, columns: np.ndarray) -> Iterator[Candidate]:
    yield from ((a, int(g)) for g in np.unique(rows) if g < len(shown[a]))
    yield from ((b, int(g)) for g in np.unique(columns) if g < len(shown[b]))


def _fixed(sheets: Sheets, views: list[_Item], shown: Shown, k: int) -> set[Leak]:
    """Hidden groups whose number of difficulties two dimensions fix, bounds of the crossings considered.

    It is free exactly when one difficulty can be moved between the group and the rest of the hidden along
    crossings that are neither empty nor full (a path in the residual graph of a flow).
    """
    leaks: set[Leak | None] = set()
    for a, b in permutations(shown, 2):
        for view in (view for view in views if not view.constant):
            n, d = _tables(view, shown, a, b)
            for group in view.hidden(a, shown[a]):
                if not _can_move(n, d, shown[a], group):
                    near = ((b, g) for g in np.flatnonzero(n[group, :-1]))
                    leaks.add(_smallest(sheets, shown, near) or _smallest(sheets, shown, _everything(shown)))
    return {leak for leak in leaks if leak}


def _everything(shown: Shown) -> Iterator[Candidate]:
    return ((dimension, group) for dimension, flags in shown.items() for group in np.flatnonzero(flags))


def _tables(view: _Item, shown: Shown, a: str, b: str) -> tuple[np.ndarray, np.ndarray]:
    """Valid answers and difficulties by group of `a` and published group of `b`."""
    shape = (view.lengths[a], view.lengths[b] + 1)
    cells = view.groups[a] * shape[1] + view.nodes(b, shown[b])
    n = np.bincount(cells, minlength=shape[0] * shape[1])
    d = np.bincount(cells[view.hard], minlength=shape[0] * shape[1])
    return n.reshape(shape), d.reshape(shape)


def _can_move(n: np.ndarray, d: np.ndarray, flags: np.ndarray, group: int) -> bool:
    others = ~flags
    others[group] = False
    n = np.vstack([n[flags], n[group], n[others].sum(axis=0)])
    d = np.vstack([d[flags], d[group], d[others].sum(axis=0)])
    more, less = d < n, d > 0  # one difficulty more or one less is possible in the crossing
    return _reaches(more, less, -2, -1) or _reaches(more, less, -1, -2)


def _reaches(more: np.ndarray, less: np.ndarray, start: int, goal: int) -> bool:
    rows = np.zeros(len(more), dtype=bool)
    rows[start] = True
    while not rows[goal]:
        columns = more[rows].any(axis=0)
        grown = rows | less[:, columns].any(axis=1)
        if (grown == rows).all():
            return False
        rows = grown
    return True


def _implied(sheets: Sheets, views: list[_Item], shown: Shown, k: int) -> set[Leak]:
    """One or two small crossings of all dimensions, and hidden groups, that follow from shown figures.

    With M the published groups × crossings, a set of crossings follows from M exactly when its indicator
    vector lies in the row space: when its squared length equals that of its projection.
    """
    leaks: set[Leak | None] = set()
    seen = set()
    for view in views:
        nodes = _nodes(view, shown)
        if (key := nodes.tobytes() + view.sizes.tobytes()) in seen:
            continue
        seen.add(key)
        span = Span(nodes)
        for atom in span.implied(view.sizes, k):
            near = ((d, codes[atom]) for d, codes in view.atoms.items())
            leaks.add(_smallest(sheets, shown, near) or _smallest(sheets, shown, _everything(shown)))
        for dimension, codes in view.atoms.items():
            for group in view.hidden(dimension, shown[dimension]):
                inside = codes == group
                if inside.sum() - span.projected(inside) < 1e-6:
                    near = ((d, g) for d, other in view.atoms.items() for g in np.unique(other[inside]))
                    leaks.add(_smallest(sheets, shown, near) or _smallest(sheets, shown, _everything(shown)))
    return {leak for leak in leaks if leak}


def _nodes(view: _Item, shown: Shown) -> np.ndarray:
    """For each dimension and each crossing of all dimensions the number of its published group."""
    rows, start = [], 0
    for dimension, codes in view.atoms.items():
        rows.append(view.nodes(dimension, shown[dimension], codes) + start)
        start += view.lengths[dimension] + 1
    return np.stack(rows)


CHECKS = (_too_few, _alone, _cuts, _fixed, _implied)  # cheapest first; each names groups to hide, or nothing
