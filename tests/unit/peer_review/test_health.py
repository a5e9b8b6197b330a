"""How the engine runs: over every count that leads to what is told, no school can be worked out, nor by subtracting."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.peer_review.rules.health import FEWEST, Measure, Share, actions, bands, measure, people, together, told, whole_of


def published(sizes: dict[str, int], counts: tuple[int, ...]) -> Measure:
    """What is told of clusters of these sizes, of which so many schools did it."""
    return measure("workshops", {name: (size, done) for (name, size), done in zip(sizes.items(), counts, strict=True)})


def worlds(sizes: dict[str, int]) -> dict[Measure, list[tuple[int, ...]]]:
    """Every way in which these clusters can stand, by what is told of it."""
    found: dict[Measure, list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(*(range(size + 1) for size in sizes.values())):
        found[published(sizes, counts)].append(counts)
    return found


@pytest.mark.parametrize("schools", range(1, 60))
def test_ranges_cover_every_count_once(schools: int) -> None:
    assert [count for low, high in bands(schools) for count in range(low, high + 1)] == list(range(schools + 1))


@pytest.mark.parametrize("schools", range(FEWEST, 60))
def test_no_range_lets_anybody_be_sure_of_a_school_nor_one_school_of_another(schools: int) -> None:
    """Someone who knows of one school themselves sees the others as one fewer: some of those must still be either way."""
    assert len(bands(schools)) > 1
    for low, high in bands(schools):
        assert (high >= 2, low <= schools - 2) == (True, True)


@pytest.mark.parametrize("schools", range(FEWEST))
def test_nothing_is_told_of_fewer_than_five(schools: int) -> None:
    assert {told("A", done, schools).says for done in range(schools + 1)} == {"too few to say"}
    assert told("A", 0, schools).middle_percent is None
    assert told("A", 0, schools).interval_percent is None


def test_counts_are_told_in_words_with_the_number_of_schools() -> None:
    assert [told("A", done, 7).says for done in (0, 3, 4, 7)] == ["0 to 3 of 7", "0 to 3 of 7", "4 to 7 of 7", "4 to 7 of 7"]
    assert [told("A", done, 42).says for done in (0, 4, 21, 38, 42)] == [
        "0 to 4 of 42", "0 to 4 of 42", "20 to 24 of 42", "35 to 42 of 42", "35 to 42 of 42",
    ]  # fmt: skip


def test_interval_holds_rounding_and_chance_together() -> None:
    share = told("A", 21, 42)
    low, high = share.interval_percent or (0.0, 0.0)
    assert (round(share.middle_percent or 0, 1), round(low), round(high)) == (52.4, 33, 71)


def test_small_clusters_are_told_together_with_the_next_smallest() -> None:
    assert together({"A": 9, "B": 7, "C": 3}) == [("A",), ("B", "C")]
    assert together({"A": 9, "B": 2, "C": 3}) == [("A",), ("B", "C")]
    assert together({"A": 3}) == [("A",)]
    assert together({}) == []


def test_clusters_stand_in_the_order_of_their_names_and_those_together_last() -> None:
    seen = measure("drafts", {"West": (6, 6), "East": (7, 0), "North": (2, 1), "South": (4, 4), "Nowhere": (0, 0)})
    assert [(each.name, each.schools, each.names) for each in seen.groups] == [
        ("East", 7, ()), ("West", 6, ()), ("2 smaller clusters together", 6, ("North", "South")),
    ]  # fmt: skip


def test_one_group_alone_is_told_as_the_whole() -> None:
    seen = measure("drafts", {"North": (6, 5)})
    assert (seen.whole.says, seen.groups) == ("3 to 6 of 6", ())


def test_nothing_due_is_nothing_told() -> None:
    assert measure("drafts", {}).whole == Share("All", 0, 0, 0)
    assert not measure("drafts", {"North": (0, 0)}).whole.told


def test_count_that_cannot_be_is_an_error() -> None:
    shares = [told("A", 1, 6), told("B", 1, 6)]
    with pytest.raises(ValueError, match="13 of 12 cannot be"):
        whole_of(shares, 13)


SMALL = [{"A": 5, "B": 5}, {"A": 7, "B": 5, "C": 3}, {"A": 12, "B": 5}, {"A": 5, "B": 6, "C": 7}, {"A": 10, "B": 10}, {"A": 16, "B": 11}]


@pytest.mark.parametrize("sizes", SMALL, ids=str)
def test_whole_tells_nothing_of_a_cluster_beyond_its_own_range(sizes: dict[str, int]) -> None:
    """By brute force: for all that is told, each group may stand anywhere in its range, and so for a lead who knows one group exactly."""
    groups = together(sizes)
    names = list(sizes)
    for seen, counts in worlds(sizes).items():
        sums = [tuple(sum(one[names.index(name)] for name in group) for group in groups) for one in counts]
        shown = {each.names or (each.name,): each for each in seen.groups}
        for i, known in enumerate(groups):
            for exact in {one[i] for one in sums}:
                for j, group in enumerate(groups):
                    if i != j:
                        could = sorted({one[j] for one in sums if one[i] == exact})
                        share = shown[tuple(sorted(group)) if len(group) > 1 else group]
                        assert could == list(range(share.least, share.most + 1)), (seen, known, exact)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(5, 30), st.floats(0, 1)), min_size=2, max_size=40))
def test_whole_narrows_no_group_however_many_there_are(parts: list[tuple[int, float]]) -> None:
    counts = {f"C{n:02}": (size, round(share * size)) for n, (size, share) in enumerate(parts)}
    seen = measure("workshops", counts)
    lows, highs = [each.least for each in seen.groups], [each.most for each in seen.groups]
    for i, j in itertools.permutations(range(len(lows)), 2):
        for known in (lows[i], highs[i]):
            least = seen.whole.least - known - sum(high for n, high in enumerate(highs) if n not in (i, j))
            most = seen.whole.most - known - sum(low for n, low in enumerate(lows) if n not in (i, j))
            assert (least <= lows[j], most >= highs[j]) == (True, True)
    assert seen.whole.least <= sum(done for _, done in counts.values()) <= seen.whole.most


def test_whole_of_many_clusters_is_told_to_five() -> None:
    counts = {f"Cluster {n:02}": (6, 4) for n in range(40)}
    assert measure("workshops", counts).whole.says == "160 to 164 of 240"


def test_actions_are_told_only_of_five_schools_and_ten_actions() -> None:
    assert actions("actions", done=9, agreed=12, schools=4).whole.says == "too few to say"
    assert actions("actions", done=3, agreed=9, schools=5).whole.says == "too few to say"
    seen = actions("actions", done=9, agreed=12, schools=5).whole
    assert (seen.says, seen.unit) == ("5 to 12 of 12", "actions")


@pytest.mark.parametrize("agreed", range(10, 50))
def test_school_that_knows_its_own_three_actions_is_sure_of_nobody_elses(agreed: int) -> None:
    for done in range(agreed + 1):
        share = actions("actions", done=done, agreed=agreed, schools=5).whole
        assert (share.most >= 4, share.least <= agreed - 4) == (True, True)


def test_people_are_told_from_five_on() -> None:
    assert people("training", of=4, count=4).whole.says == "too few to say"
    seen = people("training", of=30, count=21).whole
    assert (seen.says, seen.unit) == ("20 to 24 of 30", "people")
