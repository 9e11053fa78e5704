"""Which of two numbers is the latitude: registers often have the columns swapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Pair = tuple[Decimal, Decimal]

_STEP = Decimal("0.000001")
_MARGIN = Decimal("0.3")
_MAJORITY = 0.67
_NORTH, _EAST, _WEST = Decimal(82), Decimal(180), Decimal(19)
# The lowest latitude of Russia between two longitudes, rounded down: (up to °E, from °N).
# Without it a point of the North Caucasus swapped would fall into «Russia's rectangle» again.
_SOUTH = [
    (Decimal(23), Decimal("54.3")),
    (Decimal(32), Decimal("53")),
    (Decimal("36.6"), Decimal("44.3")),
    (Decimal(40), Decimal("43.3")),
    (Decimal(42), Decimal("43.1")),
    (Decimal(44), Decimal("42.8")),
    (Decimal(46), Decimal("42.4")),
    (Decimal("48.7"), Decimal("41.1")),
    (Decimal(52), Decimal("45")),
    (Decimal(85), Decimal("49.9")),
    (Decimal(127), Decimal("49")),
    (Decimal(136), Decimal("42.2")),
    (_EAST, Decimal("43.2")),
]


@dataclass(frozen=True)
class Bounds:
    """A rectangle in degrees, a little wider than the municipality's own."""

    south: Decimal
    north: Decimal
    west: Decimal
    east: Decimal

    def holds(self, latitude: Decimal, longitude: Decimal) -> bool:
        return (
            self.south - _MARGIN <= latitude <= self.north + _MARGIN
            and self.west - _MARGIN <= longitude <= self.east + _MARGIN
        )


@dataclass(frozen=True)
class Place:
    """Where the organisation is; None when the numbers are no place in Russia. `note` tells of a correction."""

    point: Pair | None
    note: str = ""


def in_russia(latitude: Decimal, longitude: Decimal) -> bool:
    if not (_WEST <= longitude <= _EAST and latitude <= _NORTH):
        return False
    return latitude >= next(south for limit, south in _SOUTH if longitude <= limit)


def place_all(pairs: Sequence[Pair | None], bounds: Bounds | None) -> list[Place]:
    """Turn each pair the right way round: by the municipality's bounds, else by Russia's outline.

    A pair that fits both ways goes as two thirds of the certain pairs of the file go, else as it stands.
    """
    votes = [_certain(pair, bounds) if pair else None for pair in pairs]
    swapped, straight = votes.count(True), votes.count(False)
    usually_swapped = swapped > 0 and swapped / (swapped + straight) >= _MAJORITY
    return [
        Place(None) if pair is None else _place(pair, vote, usually_swapped, bounds)
        for pair, vote in zip(pairs, votes, strict=True)
    ]


def _certain(pair: Pair, bounds: Bounds | None) -> bool | None:
    """Whether the pair is swapped: True, False, or None when both ways or neither are possible."""
    tests = ([bounds.holds] if bounds else []) + [in_russia]
    for fits in tests:
        straight, swapped = fits(*pair), fits(pair[1], pair[0])
        if straight != swapped:
            return swapped
        if straight:
            break
    return None


def _place(pair: Pair, vote: bool | None, usually_swapped: bool, bounds: Bounds | None) -> Place:
    first, second = pair[0].quantize(_STEP), pair[1].quantize(_STEP)
    if vote is None and not in_russia(first, second) and not in_russia(second, first):
        return Place(None)
    if vote is True:
        by = "по границам муниципалитета" if bounds and bounds.holds(second, first) else "по границам России"
        return Place((second, first), f"Широта и долгота стояли наоборот, исправлено {by}: {second}, {first}")
    if vote is None and usually_swapped:
        return Place(
            (second, first),
            f"Широта и долгота переставлены, как в большинстве строк файла: {second}, {first}",
        )
    return Place((first, second))
