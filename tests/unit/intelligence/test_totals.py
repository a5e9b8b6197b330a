"""Totals from which no school can be worked out: over every count that leads to what is told, each school stays in doubt."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.intelligence.rules.totals import IN_DOUBT, Cell, Standing, Totals, counting_day, groups_of, highest, ranges, tell, together

ON = date(2026, 11, 1)
STATES = ("talking", "agreed")
Kind = tuple[str, str]


def area(counts: dict[Kind, tuple[int, int]], first: int = 1000) -> list[Standing]:
    """An invented area: for each phase and place, how many schools, and how many of them have a conversation. The first are talking."""
    found: list[Standing] = []
    met = itertools.count()
    for (phase, place), (schools, open_now) in counts.items():
        states = ["talking" if next(met) < first else "agreed" for _ in range(open_now)] + [""] * (schools - open_now)
        found += [Standing(f"{phase}-{place}-{n}", phase, place, state) for n, state in enumerate(states)]
    return found


def told(counts: dict[Kind, tuple[int, int]], first: int = 1000) -> Totals:
    """What is told of an invented area."""
    return tell(area(counts, first), on=ON, states=STATES)


def test_counts_are_told_in_ranges_that_follow_from_the_number_of_schools() -> None:
    assert ranges(9, 4) == ((0, 9),)
    assert ranges(10, 5) == ((0, 4), (5, 10))
    assert ranges(30, 15) == ((0, 4), (5, 7), (8, 12), (13, 30))
    assert ranges(30, 0) == ((0, 30),)


def test_small_counts_are_told_as_fewer_than_five() -> None:
    assert [told({("Primary", ""): (40, n)}).whole.says for n in (0, 4, 5, 8, 13, 40)] == [
        "fewer than 5", "fewer than 5", "about 5", "about 10", "about 15", "20 or more",
    ]  # fmt: skip


def test_nothing_is_told_of_a_handful_of_schools() -> None:
    seen = told({("Primary", "North"): (4, 2), ("Special", "North"): (3, 1)})
    assert (seen.whole.says, seen.groups, seen.states) == ("not told", (), ())
    assert not seen.whole.told


def test_small_groups_are_told_together_with_the_next_smallest() -> None:
    assert together({"Primary": 30, "Secondary": 12, "Special": 3}) == {
        "Primary": ("Primary",),
        "2 smaller groups together": ("Secondary", "Special"),
    }
    assert together({"Primary": 30, "Secondary": 9, "Special": 3}) == {
        "Primary": ("Primary",),
        "2 smaller groups together": ("Secondary", "Special"),
    }
    assert together({"Primary": 30, "Special": 3}) == {"2 smaller groups together": ("Primary", "Special")}
    assert together({"Special": 3}) == {"Special": ("Special",)}
    assert together({}) == {}


def test_a_large_phase_is_told_by_place() -> None:
    schools = area(
        {("Primary", "North"): (20, 6), ("Primary", "South"): (15, 0), ("Secondary", "North"): (6, 1), ("Secondary", "South"): (6, 1)}
    )
    assert {name: len(part) for name, part in groups_of(schools).items()} == {"Primary, North": 20, "Primary, South": 15, "Secondary": 12}
    cells = tell(schools, on=ON, states=STATES).groups
    assert [(cell.name, cell.says) for cell in cells] == [
        ("Primary, North", "about 5"), ("Primary, South", "fewer than 5"), ("Secondary", "fewer than 5"),
    ]  # fmt: skip


def test_a_group_of_several_names_what_is_in_it() -> None:
    seen = told({("Primary", "North"): (20, 6), ("Secondary", "North"): (6, 1), ("Special", ""): (5, 1)})
    assert [cell.names for cell in seen.groups] == [(), ("Secondary, North", "Special")]


def test_every_school_stands_in_exactly_one_group() -> None:
    schools = area({("Primary", "North"): (20, 6), ("Primary", "South"): (3, 0), ("Special", "South"): (2, 1)})
    assert sorted(one.urn for part in groups_of(schools).values() for one in part) == sorted(one.urn for one in schools)


def test_states_are_told_of_the_whole_where_there_are_schools_enough() -> None:
    assert [(cell.name, cell.says) for cell in told({("Primary", ""): (60, 12)}, first=7).states] == [
        ("talking", "5 or more"),
        ("agreed", "5 or more"),
    ]
    assert told({("Primary", ""): (11, 3)}).states == ()


def test_a_state_that_is_not_told_counts_in_the_whole_alone() -> None:
    schools = [Standing(str(n), "Primary", "", "noted" if n < 9 else "") for n in range(60)]
    seen = tell(schools, on=ON, states=STATES)
    assert (seen.whole.says, [cell.says for cell in seen.states]) == ("about 10", ["fewer than 5", "fewer than 5"])


def test_totals_are_counted_on_the_first_of_the_month() -> None:
    assert {counting_day(date(2026, 11, day)) for day in range(1, 31)} == {ON}


def test_nothing_can_be_said_of_no_schools() -> None:
    assert tell([], on=ON, states=STATES) == Totals(ON, Cell("All", 0, 0, 0), (), ())
    assert highest([]) == 0


# What somebody could work out. A kind is the schools of one phase in one place: they are alike to whoever sees only totals.

KINDS: tuple[Kind, ...] = (("Primary", "North"), ("Primary", "South"), ("Secondary", "North"), ("Special", "South"))
sizes_of = st.lists(st.sampled_from((0, 1, 2, 3, 5, 9, 10, 11, 12, 14)), min_size=2, max_size=4).filter(lambda sizes: 0 < sum(sizes) <= 24)


def readings(sizes: dict[Kind, int]) -> Iterator[tuple[dict[Kind, int], Totals]]:
    """Everything that could be true of an area, with what would be told of it; the states cut in several ways."""
    for counts in itertools.product(*(range(size + 1) for size in sizes.values())):
        true = dict(zip(sizes, counts, strict=True))
        for first in {0, 5, sum(counts) - 5, 1000}:
            yield true, told({kind: (sizes[kind], true[kind]) for kind in sizes}, first)


@settings(max_examples=15, deadline=None)
@given(sizes_of)
def test_no_school_is_left_without_doubt_whatever_is_told(sizes: list[int]) -> None:
    """Not even to a school of its own kind that knows of itself, and not by what is held back."""
    kinds = {kind: size for kind, size in zip(KINDS, sizes, strict=False) if size}
    fewest: dict[Totals, dict[Kind, int]] = {}
    for true, seen in readings(kinds):
        known = fewest.setdefault(seen, dict(true))
        fewest[seen] = {kind: min(known[kind], true[kind]) for kind in kinds}
    certain = [(seen, kind) for seen, least in fewest.items() for kind in kinds if least[kind] > max(0, kinds[kind] - IN_DOUBT)]
    assert certain == []


@settings(max_examples=15, deadline=None)
@given(sizes_of, st.integers(0, 3))
def test_names_one_may_know_tell_of_no_other_school(sizes: list[int], known: int) -> None:
    """A cluster's lead knows some names, by their heads' leave: subtracted from what is told they leave every other school in doubt."""
    kinds = {kind: size for kind, size in zip(KINDS, sizes, strict=False) if size}
    first = next(iter(kinds))
    fewest: dict[Totals, dict[Kind, int]] = {}
    for true, seen in readings(kinds):
        if true[first] >= known:
            have = fewest.setdefault(seen, dict(true))
            fewest[seen] = {kind: min(have[kind], true[kind]) for kind in kinds}
    certain = [
        (seen, kind)
        for seen, least in fewest.items()
        for kind in kinds
        if least[kind] > max(0, kinds[kind] - IN_DOUBT, known if kind == first else 0)
    ]
    assert certain == []


@given(st.dictionaries(st.sampled_from(KINDS), st.integers(1, 60), min_size=1), st.integers(0, 30))
def test_the_shape_of_what_is_told_follows_from_the_sizes_alone(sizes: dict[Kind, int], open_now: int) -> None:
    """What is held back, and which ranges there are, is the same whether nobody or everybody has a conversation."""
    none = told({kind: (size, 0) for kind, size in sizes.items()})
    some = told({kind: (size, min(size, open_now)) for kind, size in sizes.items()})

    def shape(seen: Totals) -> list[tuple[str, int, tuple[str, ...]]]:
        return [(cell.name, cell.schools, cell.names) for cell in (seen.whole, *seen.groups, *seen.states)]

    assert shape(none) == shape(some)


@given(st.dictionaries(st.sampled_from(KINDS), st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=1))
def test_what_is_told_is_true(counts: dict[Kind, tuple[int, int]]) -> None:
    counts = {kind: (size, min(size, open_now)) for kind, (size, open_now) in counts.items()}
    seen = told(counts)
    assert seen.whole.least <= sum(open_now for _size, open_now in counts.values()) <= seen.whole.most
    for name, part in groups_of(area(counts)).items():
        cell = next((cell for cell in seen.groups if cell.name == name), None)
        assert cell is None or cell.least <= sum(bool(one.state) for one in part) <= cell.most


@pytest.mark.parametrize("count", range(31))
def test_no_count_under_five_is_ever_told_exactly(count: int) -> None:
    cell = told({("Primary", ""): (30, count)}).whole
    assert cell.most - cell.least >= 2
    assert cell.least in (0, 5, 8, 13)
