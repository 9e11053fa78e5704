"""What may be told of «how many of those who find it hard came», so that nobody's own answer follows from it.

Who came is known by name to those who run the event, so a figure of coverage is a sum over people who are known one
by one. It is told only beside what the map and earlier figures of coverage tell of the same answers. Pure functions
over arrays; the reasoning and the limits are in docs/adr/0021-coverage.md.

The reader is taken to know more than they do: for every published group of the map how many of it have the
difficulty, and the same for every crossing of the sets that coverage speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from diagnostics.cuts import Graph, small_cut
from diagnostics.span import Span


@dataclass(frozen=True)
class Crowd:
    """Respondents whose answers to a direction are released, a row each.

    `hard`: whether the person has the difficulty; `published`: for each dimension of the map the number of the
    figure that counts the person, their group's or that of the hidden rest; `hidden`: for each dimension the
    number of the person's group where it is hidden, else -1; `scope`: of whom the finding speaks.
    """

    hard: np.ndarray
    scope: np.ndarray
    published: dict[str, np.ndarray] = field(default_factory=dict)
    hidden: dict[str, np.ndarray] = field(default_factory=dict)


def may_tell(crowd: Crowd, sets: Sequence[np.ndarray], k: int) -> bool:
    """Whether the number with the difficulty may be told of every one of the sets (masks of respondents) together.

    `sets` are those told before and the new one, which lies within the scope; without a new one, whether the number
    in the scope may be told.
    """
    if not crowd.scope.any():
        return False
    crossing = _crossings([crowd.scope, *sets])
    return _large_cells(crowd, crossing, k) and all(check(crowd, crossing, k) for check in CHECKS)


def _crossings(masks: Sequence[np.ndarray]) -> np.ndarray:
    """For each respondent the number of the crossing of the sets they are in."""
    return np.unique(np.stack(masks), axis=1, return_inverse=True)[1].ravel()


def _large_cells(crowd: Crowd, crossing: np.ndarray, k: int) -> bool:
    """In every crossing at least k have the difficulty and at least k have not.

    So «all who came find it hard» is never told, nor «none does», nor a figure that two others leave for a few.
    """
    counts = np.bincount(crossing)
    hard = np.bincount(crossing[crowd.hard], minlength=len(counts))
    return bool((hard >= k).all() and (counts - hard >= k).all())


def _no_small_cut(crowd: Crowd, crossing: np.ndarray, k: int) -> bool:
    """No difference of a table of the map and of coverage speaks of fewer than k people (docs/adr/0009, point 3)."""
    return all(small_cut(_graph(nodes, crossing), k) is None for nodes in crowd.published.values())


def _graph(rows: np.ndarray, columns: np.ndarray) -> Graph:
    first = int(rows.max()) + 1
    cells, weights = np.unique(np.stack([rows, columns + first]), axis=1, return_counts=True)
    graph: Graph = {}
    for (row, column), weight in zip(cells.T.tolist(), weights.tolist(), strict=True):
        graph.setdefault(row, {})[column] = weight
        graph.setdefault(column, {})[row] = weight
    return graph


def _everybody_free(crowd: Crowd, crossing: np.ndarray, k: int) -> bool:
    """Bounds fix nobody whom the map leaves open: each can change places with somebody of the other answer.

    In a table of one dimension of the map by coverage an answer can differ exactly when row and column of its cell
    lie on a common cycle of the residual graph. Rows of one and the same answer are known from the map already.
    A hidden group fills cells of a hidden rest or parts of them, so its figure is then free too.
    """
    return all(_rows_free(nodes, crossing, crowd.hard) for nodes in crowd.published.values())


def _rows_free(rows: np.ndarray, columns: np.ndarray, hard: np.ndarray) -> bool:
    shape = (int(rows.max()) + 1, int(columns.max()) + 1)
    cells = rows * shape[1] + columns
    n = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    d = np.bincount(cells[hard], minlength=shape[0] * shape[1]).reshape(shape)
    more, less = d < n, d > 0  # one difficulty more or one less is possible in the cell
    steps = np.eye(shape[1], dtype=bool) | ((less.T.astype(int) @ more.astype(int)) > 0)
    for _ in range(shape[1].bit_length()):
        steps = (steps.astype(int) @ steps.astype(int)) > 0
    there = (more.astype(int) @ steps.astype(int)) > 0  # from the row to the column
    back = (less.astype(int) @ steps.T.astype(int)) > 0
    mixed = (d.sum(axis=1) > 0) & (d.sum(axis=1) < n.sum(axis=1))
    return bool((there & back)[(n > 0) & mixed[:, None]].all())


def _nothing_implied(crowd: Crowd, crossing: np.ndarray, k: int) -> bool:
    """All dimensions at once, adding and subtracting: no small crossing and no hidden group follows (0009, point 5)."""
    nodes = np.stack([*crowd.published.values(), crossing])
    keys = np.stack([*nodes, *crowd.hidden.values()])
    atoms, sizes = np.unique(keys, axis=1, return_counts=True)
    span = Span(atoms[: len(nodes)])
    if span.implied(sizes, k):
        return False
    return not any(
        inside.sum() - span.projected(inside) < 1e-6 for inside in _hidden_atoms(atoms[len(nodes) :])
    )


def _hidden_atoms(groups: np.ndarray) -> Iterator[np.ndarray]:
    for row in groups:
        for group in np.unique(row[row >= 0]):
            yield row == group


CHECKS = (_no_small_cut, _everybody_free, _nothing_implied)
