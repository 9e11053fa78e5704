"""Figures of the difficulty map as its pages, exports and reports hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from diagnostics.models import Campaign
from network.models import Organisation

HEAT_EDGES = (15, 30, 45, 60)  # per cent


@dataclass(frozen=True)
class Figure:
    """Answers that count, how many of them are difficulties, and the sum of their weights (0..1 each)."""

    answers: int
    difficulties: int
    weight: float

    @property
    def share(self) -> float | None:
        """Share of answers that are difficulties, 0..1; None without answers."""
        return self.difficulties / self.answers if self.answers else None

    @property
    def percent(self) -> int | None:
        """The share in whole per cent, halves up, as it is printed everywhere."""
        return (200 * self.difficulties + self.answers) // (2 * self.answers) if self.answers else None

    @property
    def step(self) -> int:
        """Step of the heat scale, 0..4."""
        return sum((self.percent or 0) >= edge for edge in HEAT_EDGES)

    @property
    def index(self) -> float | None:
        """Difficulty index: the mean weight of answers, 0..1; None without answers."""
        return self.weight / self.answers if self.answers else None


@dataclass(frozen=True)
class Group:
    """A group that is compared: `respondents` were counted, `invited` is known for organisations alone."""

    key: str
    label: str
    respondents: int
    invited: int | None = None
    organisation: Organisation | None = None

    @cached_property
    def query(self) -> str:
        """The key as part of an address."""
        return quote(self.key, safe="")

    @property
    def coverage(self) -> float | None:
        """Counted of invited, 0..1; None where nobody was invited by name."""
        return min(1.0, self.respondents / self.invited) if self.invited else None


@dataclass(frozen=True)
class Cell:
    """A group's figure; without one `why` says so in two words and `reason` in a sentence."""

    group: Group
    figure: Figure | None
    why: str = ""
    reason: str = ""


@dataclass
class Line:
    """A direction or an item: the network's figure, one cell a group, the figure of the earlier campaign."""

    pk: int
    code: str
    title: str
    network: Figure | None
    cells: list[Cell]
    before: Figure | None = None
    spread: tuple[int, int] | None = (
        None  # lowest and highest share shown, in per cent, of two groups or more
    )

    @property
    def change(self) -> float | None:
        """Share now minus share then; None where either is not shown."""
        if not (self.network and self.before) or self.network.share is None or self.before.share is None:
            return None
        return self.network.share - self.before.share

    @property
    def points(self) -> int | None:
        """The change in whole percentage points."""
        return None if self.change is None else round(self.change * 100)

    @property
    def drop(self) -> int | None:
        """The change with its sign turned, for «▼ 5 п. п.»."""
        return None if self.points is None else -self.points


@dataclass
class DifficultyMap:
    """Lines from the greatest difficulty down, groups across: all of them or those that were asked for."""

    campaign: Campaign
    dimension: str
    groups: list[Group] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    counted: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(line.network for line in self.lines)
