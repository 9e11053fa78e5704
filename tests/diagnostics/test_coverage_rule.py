"""What is told of coverage gives nobody away: an independent attacker tries, who knows everybody who came by name."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diagnostics import coverage_rule
from diagnostics.coverage_rule import Crowd, may_tell
from diagnostics.disclosure import Sheets, protect
from tests.diagnostics.attacker import fewest_people, follows

K = 2
QUICK = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


def crowd_of(batch: Sheets, shown: dict[str, np.ndarray], scope: np.ndarray | None = None) -> Crowd:
    """The crowd behind a released map of one item that everybody has answered."""
    published, hidden = {}, {}
    for dimension, codes in batch.groups.items():
        flags = shown[dimension][codes]
        published[dimension] = np.where(flags, codes, codes.max() + 1)
        hidden[dimension] = np.where(flags, -1, codes)
    everybody = np.ones(len(batch.hard), dtype=bool)
    return Crowd(batch.hard[:, 0], everybody if scope is None else scope, published, hidden)


@st.composite
def cases(draw, most: int = 14, sets: int = 2, dimensions: int = 2) -> tuple[Sheets, list[np.ndarray]]:
    """People with the difficulty or without, in groups of the map, and who was where: each set one known list."""
    n = draw(st.integers(4 * K, most))
    answers = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    groups = {}
    for dimension in ["organisation", "subject"][:dimensions]:
        codes = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
        groups[dimension] = np.unique(codes, return_inverse=True)[1]
    lists = [draw(st.lists(st.booleans(), min_size=n, max_size=n)) for _ in range(sets)]
    batch = Sheets(groups, np.ones((n, 1), dtype=bool), answers[:, None])
    return batch, [np.array(one) for one in lists]


def told(batch: Sheets, sets: list[np.ndarray]) -> tuple[dict, Crowd, list[np.ndarray]] | None:
    """The map, and the sets of which the portal tells, one after another as they come."""
    [shown] = protect(batch, [[0]], K)
    if shown is None:
        return None
    crowd = crowd_of(batch, shown)
    known: list[np.ndarray] = []
    for one in sets:
        if may_tell(crowd, [*known, one], K):
            known.append(one)
    return (shown, crowd, known) if known else None


def sums(batch: Sheets, shown: dict, dimensions) -> list[np.ndarray]:
    """Rows of the map: the network's figure and those of the shown groups."""
    rows = [np.ones(len(batch.hard), dtype=bool)]
    for dimension in dimensions:
        rows += [batch.groups[dimension] == group for group in np.flatnonzero(shown[dimension])]
    return rows


def hidden(batch: Sheets, shown: dict, dimension: str) -> list[np.ndarray]:
    """Members of each hidden group that is not all there are."""
    codes = batch.groups[dimension]
    rows = [(codes == group).astype(int) for group in np.flatnonzero(~shown[dimension])]
    return [row for row in rows if 0 < row.sum() < len(row)]


@cache
def worlds(people: int) -> np.ndarray:
    """Everything that so many people can have answered."""
    return ((np.arange(2**people)[:, None] >> np.arange(people)) & 1).astype(np.float32)


def fitting(rows: list[np.ndarray], truth: np.ndarray) -> np.ndarray:
    """The worlds that fit the published sums: all are tried."""
    matrix, every = np.array(rows, dtype=np.float32), worlds(len(truth))
    return every[(every @ matrix.T == matrix @ truth.astype(np.float32)).all(axis=1)]


def fixed(rows: list[np.ndarray], truth: np.ndarray) -> set[int]:
    """Whose answer is the same in every world that fits."""
    fits = fitting(rows, truth)
    return set(np.flatnonzero(fits.min(axis=0) == fits.max(axis=0)).tolist())


def attack(case: tuple[Sheets, list[np.ndarray]]) -> None:
    """Fails when coverage beside the map tells somebody's answer, or a figure of fewer than k people."""
    batch, sets = case
    found = told(batch, sets)
    if found is None:
        return
    shown, _, known = found
    truth = batch.hard[:, 0]
    for dimension in shown:
        rows = sums(batch, shown, [dimension])
        assert fixed([*rows, *known], truth) <= fixed(rows, truth), f"{dimension}: an answer follows"
        assert fewest_people(np.array([*rows, *known], dtype=int), K) >= K, f"{dimension}: a sum over few"
        for members in hidden(batch, shown, dimension):
            figures = fitting([*rows, *known], truth) @ members
            before = fitting(rows, truth) @ members
            assert len(set(figures)) > 1 or len(set(before)) == 1, f"{dimension}: a hidden figure is fixed"
    everything = np.array([*sums(batch, shown, shown), *known], dtype=int)
    assert fewest_people(everything, K) >= K, "all dimensions: a sum over few"
    for dimension in shown:
        for members in hidden(batch, shown, dimension):
            assert not follows(everything, members), f"{dimension}: a hidden group follows"
    for one, other in [*pairwise([*known, np.zeros_like(truth)])]:
        rest = one & ~other
        assert not rest.any() or 0 < truth[rest].sum() < rest.sum(), "all of a difference answered alike"


@QUICK
@given(cases())
def test_nobody_is_told_by_coverage_beside_the_map(case) -> None:
    attack(case)


@QUICK
@given(cases(sets=4, dimensions=1))
def test_nobody_is_told_by_coverage_that_grows_from_look_to_look(case) -> None:
    batch, sets = case
    attack((batch, [np.logical_or.reduce(sets[: number + 1]) for number in range(len(sets))]))


def test_the_rule_leaves_something_to_tell() -> None:
    """Twelve of thirty came, five of them find it hard: the figure of an ordinary seminar is told."""
    hard = np.array([True] * 5 + [False] * 7 + [True] * 9 + [False] * 9)
    came = np.arange(30) < 12
    schools = np.arange(30) % 3
    batch = Sheets({"organisation": schools}, np.ones((30, 1), dtype=bool), hard[:, None])
    [shown] = protect(batch, [[0]], 5)
    assert may_tell(crowd_of(batch, shown), [came], 5)


@pytest.mark.parametrize(
    ("with_it", "without", "why"),
    [(12, 0, "all who came"), (0, 12, "none who came"), (4, 8, "four of them"), (8, 4, "all but four")],
)
def test_a_small_cell_of_who_came_is_not_told(with_it, without, why) -> None:
    hard = np.array([True] * with_it + [False] * without + [True] * 20 + [False] * 20)
    came = np.arange(len(hard)) < with_it + without
    everybody = np.ones(len(hard), dtype=bool)

    assert not may_tell(Crowd(hard, everybody, {"batch": np.zeros(len(hard), dtype=int)},
                              {"batch": np.full(len(hard), -1)}), [came], 5), why  # fmt: skip


def test_one_more_who_came_is_not_told_by_the_difference_of_two_looks() -> None:
    hard = np.arange(60) % 2 == 0
    batch = Sheets({"organisation": np.arange(60) % 4}, np.ones((60, 1), dtype=bool), hard[:, None])
    [shown] = protect(batch, [[0]], 5)
    crowd = crowd_of(batch, shown)
    first = np.arange(60) < 20

    assert may_tell(crowd, [first], 5)
    assert not may_tell(crowd, [first, np.arange(60) < 21], 5)
    assert may_tell(crowd, [first, np.arange(60) < 40], 5)


def without(off: str) -> list:
    return [check for check in coverage_rule.CHECKS if check.__name__ != off]


def test_four_people_of_one_school_do_not_follow_from_its_figure_and_who_came(monkeypatch) -> None:
    """All of a school came but four, each of another subject: alone or in twos no subject gives them away."""
    school, came = np.arange(60) < 24, np.arange(60) < 20
    subjects = np.arange(60) % 4
    hard = np.arange(60) // 2 % 2 == 0
    dimensions = {"organisation": school.astype(int), "subject": subjects}
    crowd = Crowd(hard, np.ones(60, dtype=bool), dimensions, {name: np.full(60, -1) for name in dimensions})

    assert not may_tell(crowd, [came], 5)
    monkeypatch.setattr(coverage_rule, "CHECKS", without("_no_small_cut"))
    assert may_tell(crowd, [came], 5)


def test_one_person_does_not_follow_from_school_subject_and_who_came_together(monkeypatch) -> None:
    """No two of the three tables give a single person away, all three do."""
    hard = np.array([1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1], dtype=bool)
    came = np.array([0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1], dtype=bool)
    dimensions = {
        "organisation": np.array([1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1]),
        "subject": np.array([1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0]),
    }
    crowd = Crowd(hard, np.ones(11, dtype=bool), dimensions, {name: np.full(11, -1) for name in dimensions})
    rows = [codes == group for codes in dimensions.values() for group in (0, 1)]
    assert (
        fewest_people(np.array(rows, dtype=int), K)
        >= K
        > fewest_people(np.array([*rows, came], dtype=int), K)
    )

    assert not may_tell(crowd, [came], K)
    monkeypatch.setattr(coverage_rule, "CHECKS", without("_nothing_implied"))
    assert may_tell(crowd, [came], K)


@pytest.mark.parametrize("off", ["_large_cells", "_everybody_free"])
def test_attacker_wins_when_a_part_of_the_rule_is_off(monkeypatch, off) -> None:
    monkeypatch.setattr(coverage_rule, "CHECKS", without(off))
    if off == "_large_cells":
        monkeypatch.setattr(coverage_rule, off, lambda *args: True)

    @settings(QUICK, max_examples=2500, phases=[Phase.generate])
    @given(cases(sets=1))
    def protected(case) -> None:
        attack(case)

    with pytest.raises(AssertionError):
        protected()
