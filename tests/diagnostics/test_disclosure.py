"""Nothing hidden can be found by subtracting what is shown: an independent attacker tries."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diagnostics import disclosure
from diagnostics.cuts import small_cut
from diagnostics.disclosure import Sheets, protect, settled
from tests.diagnostics.attacker import fewest_people, follows, possible_values

K = 3
QUICK = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@st.composite
def sheets(draw, most: int = 24, groups: int = 5, dimensions: int = 3) -> Sheets:
    """A small batch: uneven groups, two items, few missing answers."""
    n = draw(st.integers(K, most))
    code = st.integers(0, groups - 1)
    parts = {}
    for dimension in ["organisation", "subject", "years"][: draw(st.integers(1, dimensions))]:
        limit = draw(st.integers(1, groups))
        codes = draw(st.lists(code, min_size=n, max_size=n))
        parts[dimension] = np.unique([min(c, limit - 1) for c in codes], return_inverse=True)[1]
    answers = st.lists(st.sampled_from([0, 1, 0, 1, 0, 1, -1]), min_size=n, max_size=n)
    table = np.array([draw(answers), draw(answers)]).T
    return Sheets(parts, table >= 0, table == 1)


def published(batch: Sheets, shown: dict, item: int, dimensions) -> np.ndarray:
    """Rows of the sums on the page: the network's and those of the shown groups, over valid answers."""
    valid = batch.valid[:, item]
    rows = [valid[valid]]
    for dimension in dimensions:
        codes = batch.groups[dimension][valid]
        rows += [codes == group for group in np.flatnonzero(shown[dimension])]
    return np.array(rows, dtype=int)


def hidden_groups(batch: Sheets, shown: dict, item: int):
    """Hidden groups that have some but not all of the valid answers to the item."""
    valid = batch.valid[:, item]
    for dimension, flags in shown.items():
        for group in np.flatnonzero(~flags):
            members = (batch.groups[dimension] == group)[valid]
            if 0 < members.sum() < valid.sum():
                yield dimension, members.astype(int)


def attack(batch: Sheets, k: int = K) -> None:
    """Fails when figures of fewer than k people, or of a hidden group, follow from what is shown."""
    for item in range(batch.valid.shape[1]):
        [shown] = protect(batch, [[item]], k)
        if shown is None:
            continue
        everything = published(batch, shown, item, shown)
        for dimension, members in hidden_groups(batch, shown, item):
            assert not follows(everything, members), f"{dimension}: hidden group follows"
        # With k = 3 a set of fewer people is one crossing or two, which all dimensions at once do not give away.
        assert fewest_people(everything, k) >= k, "all dimensions: a sum over few people"
        for pair in combinations(shown, min(2, len(shown))):
            assert fewest_people(published(batch, shown, item, pair), k) >= k, (
                f"{pair}: a sum over few people"
            )


def attack_with_bounds(batch: Sheets, k: int = K) -> None:
    """Fails when two dimensions leave one possible number of difficulties in a hidden group."""
    for item in range(batch.valid.shape[1]):
        [shown] = protect(batch, [[item]], k)
        truth = batch.hard[batch.valid[:, item], item]
        if shown is None or truth.all() or not truth.any():
            continue
        for dimension, members in hidden_groups(batch, shown, item):
            for other in [d for d in shown if d != dimension] or [dimension]:
                sums = published(batch, shown, item, {dimension, other})
                assert len(possible_values(sums, truth, members)) > 1, f"{dimension}: fixed by {other}"


@QUICK
@given(sheets())
def test_hidden_figures_do_not_follow_by_adding_and_subtracting(batch: Sheets) -> None:
    attack(batch)


@QUICK
@given(sheets(most=11, groups=4))
def test_hidden_figures_are_not_fixed_by_bounds(batch: Sheets) -> None:
    attack_with_bounds(batch)


@QUICK
@given(sheets(most=20), st.integers(3, 5))
def test_items_of_one_direction_are_shown_or_hidden_together(batch: Sheets, k: int) -> None:
    [shown] = protect(batch, [[0, 1]], k)

    for item in (0, 1):
        counts = batch.valid[:, item]
        if shown is None:
            continue
        for dimension, flags in shown.items():
            n = np.bincount(batch.groups[dimension][counts], minlength=len(flags))
            assert not ((n > 0) & (n < k) & flags).any()


@pytest.mark.parametrize(
    ("kept", "attacker", "size"),
    [
        (("_too_few",), attack, 24),  # without complementary suppression
        (("_too_few", "_alone"), attack, 24),  # without looking between dimensions
        (("_too_few", "_alone", "_cuts", "_implied"), attack_with_bounds, 11),  # without bounds
        (("_too_few", "_alone", "_cuts", "_fixed"), attack, 24),  # without all dimensions at once
    ],
)
def test_attacker_wins_when_a_part_of_the_protection_is_off(monkeypatch, kept, attacker, size) -> None:
    monkeypatch.setattr(disclosure, "CHECKS", tuple(getattr(disclosure, name) for name in kept))

    @settings(QUICK, max_examples=2000, phases=[Phase.generate])
    @given(sheets(most=size, groups=4))
    def protected(batch: Sheets) -> None:
        attacker(batch)

    with pytest.raises(AssertionError):
        protected()


@QUICK
@given(sheets(most=30, groups=6))
def test_settled_is_the_greatest_set_without_small_groups(batch: Sheets) -> None:
    inside = settled(batch.groups, K)

    for codes in batch.groups.values():
        sizes = np.bincount(codes[inside])
        assert ((sizes == 0) | (sizes >= K)).all()
    # Whoever is outside cannot be added together with any others: the search from the full set ends here.
    outside = ~inside
    while outside.any():
        small = np.zeros(len(inside), dtype=bool)
        for codes in batch.groups.values():
            small |= np.bincount(codes[inside | outside], minlength=codes.max() + 1)[codes] < K
        assert (small & outside).any()
        outside &= ~small


def brute_cut(graph: dict[int, dict[int, int]]) -> int:
    """Weight of the lightest cut that cuts anything, all sides tried."""
    nodes = sorted(graph)
    best = 10**9
    for size in range(1, len(nodes)):
        for side in combinations(nodes, size):
            weight = sum(w for a in side for b, w in graph[a].items() if b not in side)
            best = min(best, weight or best)
    return best


@QUICK
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(4, 7), st.integers(1, 6)), min_size=1, max_size=14))
def test_small_cut_is_found_exactly_when_there_is_one(edges) -> None:
    graph: dict[int, dict[int, int]] = {}
    for a, b, weight in edges:
        graph.setdefault(a, {})[b] = graph.setdefault(b, {})[a] = weight

    side = small_cut(graph, 5)

    if side is None:
        assert brute_cut(graph) >= 5
    else:
        weight = sum(w for a in side for b, w in graph[a].items() if b not in side)
        assert 0 < weight < 5


def test_one_small_school_takes_the_next_smallest_with_it() -> None:
    sizes = [2, 6, 9, 20]
    codes = np.repeat(np.arange(4), sizes)
    hard = (np.arange(len(codes)) % 2 == 0)[:, None]
    batch = Sheets({"organisation": codes}, np.ones_like(hard), hard)

    [shown] = protect(batch, [[0]], 5)

    assert shown["organisation"].tolist() == [False, False, True, True]


def test_subject_taught_in_one_school_does_not_give_the_rest_of_it_away() -> None:
    # All 10 teachers of chemistry work in school A, which has 12: chemistry and A differ by two people.
    school = np.array([0] * 12 + [1] * 15 + [2] * 15)
    subject = np.array([0] * 10 + [1] * 2 + [1] * 15 + [1] * 15)
    hard = (np.arange(42) % 3 == 0)[:, None]
    batch = Sheets({"organisation": school, "subject": subject}, np.ones_like(hard), hard)

    [shown] = protect(batch, [[0]], 5)

    assert not (shown["organisation"][0] and shown["subject"][0])


def test_large_groups_are_all_shown() -> None:
    rng = np.random.default_rng(7)
    groups = {"organisation": rng.integers(0, 20, 800), "years": rng.integers(0, 4, 800)}
    hard = rng.random((800, 6)) < 0.4
    batch = Sheets(groups, np.ones_like(hard), hard)

    shown = protect(batch, [[0, 1, 2], [3, 4, 5]], 5)

    assert all(flags.all() for direction in shown for flags in direction.values())


def test_nothing_is_shown_of_fewer_than_the_smallest_group() -> None:
    batch = Sheets({"years": np.zeros(4, dtype=int)}, np.ones((4, 1), bool), np.zeros((4, 1), bool))

    assert protect(batch, [[0]], 5) == [None]
