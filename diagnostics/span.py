"""What follows from published sums by adding and subtracting: their row space, in linear algebra."""

import numpy as np


class Span:
    """The space of all sums and differences of published figures, over the crossings of all dimensions.

    The Gram matrix of the published groups is diagonal within a dimension, so the largest dimension is
    eliminated and only a matrix as wide as the other dimensions together is inverted (its Schur complement).
    """

    def __init__(self, nodes: np.ndarray) -> None:
        codes = [np.unique(row, return_inverse=True)[1] for row in nodes]
        large = max(range(len(codes)), key=lambda number: codes[number].max())
        self.large = codes.pop(large)
        self.sizes = np.bincount(self.large)
        columns, width = [], 0
        for row in codes:
            columns.append(row + width)
            width += int(row.max()) + 1
        self.small = np.array(columns, dtype=np.int64).reshape(len(columns), len(self.large))
        self.met = np.zeros((len(self.sizes), width))
        together = np.zeros((width, width))
        for x in self.small:
            np.add.at(self.met, (self.large, x), 1)
            for y in self.small:
                np.add.at(together, (x, y), 1)
        self.mean = self.met / self.sizes[:, None]
        self.inverse = np.linalg.pinv(together - self.met.T @ self.mean, rcond=1e-11, hermitian=True)
        self.rest = -self.mean[self.large]
        for x in self.small:
            self.rest[np.arange(len(x)), x] += 1

    def leverages(self) -> np.ndarray:
        """For each crossing how much of it follows: 1 when it follows exactly."""
        inner = np.einsum("ij,jk,ik->i", self.rest, self.inverse, self.rest, optimize=True)
        return 1 / self.sizes[self.large] + inner

    def beside(self, crossing: int) -> np.ndarray:
        """One row of the projection: how each crossing follows together with this one."""
        same = (self.large == self.large[crossing]) / self.sizes[self.large[crossing]]
        return same + self.rest @ (self.inverse @ self.rest[crossing])

    def implied(self, people: np.ndarray, k: int) -> list[int]:
        """Crossings that, alone or with one more, follow and hold fewer than k people (`people` a crossing).

        Of two crossings that follow together one has at least half of its length in the space.
        """
        own = self.leverages()
        found = []
        for crossing in np.flatnonzero((own > 0.5 - 1e-6) & (people < k)):
            pair = (1 - own[crossing]) * (1 - own) - self.beside(int(crossing)) ** 2 < 1e-7
            pair &= people[crossing] + people < k
            pair[crossing] = False
            if own[crossing] > 1 - 1e-6 or pair.any():
                found.append(int(crossing))
        return found

    def projected(self, inside: np.ndarray) -> float:
        """Squared length of the projection of a set of crossings: their number when it follows exactly."""
        counts = np.bincount(self.large[inside], minlength=len(self.sizes))
        rest = np.bincount(self.small[:, inside].ravel(), minlength=self.met.shape[1]) - counts @ self.mean
        return float((counts**2 / self.sizes).sum() + rest @ self.inverse @ rest)
