"""An attacker who knows who belongs where and sees every published figure, written apart from the protection.

Published is a list of sums: each a row of 0 and 1 over the respondents that it counts. What follows from them
by adding and subtracting is their row space; with bounds, what all answers that fit have in common.
"""

from itertools import combinations, product

import numpy as np


def follows(published: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether the sum over `wanted` is a combination of the published sums."""
    return bool(rank(np.vstack([published, wanted])) == rank(published))


def rank(matrix: np.ndarray) -> int:
    return int(np.linalg.matrix_rank(matrix, tol=1e-7)) if matrix.size else 0


def fewest_people(published: np.ndarray, k: int) -> int:
    """The least number of people, up to k, of whom some combination of published sums speaks.

    Some combination speaks of people among S alone exactly when the sums of all others have a lower rank.
    People who stand in the same published sums are taken together: no combination tells them apart.
    """
    columns, sizes = np.unique(published, axis=1, return_counts=True)
    whole = rank(columns)
    best = k
    for count in range(1, k):
        for chosen in combinations(range(len(sizes)), count):
            people = int(sizes[list(chosen)].sum())
            if people < best and rank(np.delete(columns, chosen, axis=1)) < whole:
                best = people
    return best


def possible_values(published: np.ndarray, truth: np.ndarray, wanted: np.ndarray) -> set[int]:
    """Every number of difficulties in `wanted` that fits the published sums: all answers are tried."""
    worlds = np.array(list(product((0, 1), repeat=published.shape[1])), dtype=np.int8)
    fits = (worlds @ published.T.astype(np.int8) == published @ truth.astype(np.int64)).all(axis=1)
    return set((worlds[fits] @ wanted.astype(np.int8)).tolist())
