"""What support comes to over the area, and that nobody can work a school out of it, not even by subtracting."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.support.rules import commissioning as rules
from convenor.support.rules.commissioning import (
    Part,
    Piece,
    Sum,
    Sums,
    kind_of,
    matched_within,
    part,
    reach,
    rounded,
    safe,
    sums,
    two_sums,
)


def pieces(*amounts: int, first: int = 1) -> list[Piece]:
    """One package for each amount, each at a school of its own."""
    return [Piece(first + number, f"s{first + number}", amount) for number, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ((4, 4, 4, 4), False),  # four schools
        ((4, 4, 4, 4, 4), True),
        ((4, 4, 4, 4, 0), False),  # nought is none
        ((100, 4, 4, 4, 4), False),  # whoever has four knows of the hundred nearly
        ((60, 4, 4, 4, 4), True),
        ((61, 4, 4, 4, 4), False),
    ],
)
def test_a_sum_is_told_of_five_schools_of_which_none_stands_out(amounts: tuple[int, ...], told: bool) -> None:
    assert safe(pieces(*amounts)) is told


def test_five_packages_of_one_school_are_one_school() -> None:
    assert safe([Piece(number, "s1", 4) for number in range(9)]) is False


def test_groups_that_cannot_be_told_alone_stand_together() -> None:
    cells = {"Cluster": pieces(*[6] * 7), "Alliance": pieces(6, 6, 6, first=20), "Board": pieces(6, 6, first=30)}
    assert sums(cells, rounded_to=10) == Sums(70, (Sum("Cluster", 40), Sum("2 told together", 30, ("Alliance", "Board"))))


def test_a_rest_too_small_takes_the_next_smallest_group_with_it() -> None:
    cells = {"Cluster": pieces(*[6] * 7), "Alliance": pieces(*[6] * 5, first=20), "Board": pieces(6, 6, first=30)}
    assert sums(cells, rounded_to=10) == Sums(80, (Sum("Cluster", 40), Sum("2 told together", 40, ("Alliance", "Board"))))


def test_where_one_group_is_left_only_the_whole_is_told() -> None:
    assert sums({"Cluster": pieces(*[6] * 5), "Board": pieces(6, first=30)}, rounded_to=10) == Sums(40)


def test_nothing_is_told_of_few() -> None:
    assert sums({"Cluster": pieces(6, 6), "Board": pieces(6, first=30)}, rounded_to=10) == Sums(None)
    assert sums({}, rounded_to=10) == Sums(None)


def test_a_second_telling_gives_way_where_it_would_give_a_school_away() -> None:
    """By tier, schools 1 to 6 and 7 to 12; by priority, schools 1 to 7 and 8 to 12: the one less the other is school 7."""
    every = pieces(*[6] * 12)
    tiers, priorities = {"A": every[:6], "B": every[6:]}, {"P": every[:7], "Q": every[7:]}
    one, two = two_sums(tiers, priorities, rounded_to=10)
    assert ([each.name for each in one.parts], two) == (["A", "B"], Sums(70))
    one, two = two_sums(tiers, {"P": every[:6], "Q": every[6:]}, rounded_to=10)
    assert [[each.name for each in told.parts] for told in (one, two)] == [["A", "B"], ["P", "Q"]]


def test_with_very_many_groups_the_smaller_ones_stand_together() -> None:
    every = pieces(*[6] * 100)
    one, two = two_sums({f"T{n:02}": every[n * 10 : n * 10 + 10] for n in range(10)}, {"All": every}, rounded_to=10)
    assert (len(one.parts), two) == (10, Sums(600))
    both = {f"T{n:02}": every[n * 10 : n * 10 + 10] for n in range(10)}
    one, two = two_sums(both, both, rounded_to=10)
    assert len(one.parts) + len(two.parts) <= rules.GROUPS_AT_MOST


def test_amounts_are_rounded() -> None:
    assert [rounded(amount, 10) for amount in (0, 4, 5, 14, 15, 96)] == [0, 0, 10, 10, 20, 100]


def test_a_school_is_counted_in_one_kind() -> None:
    told = [kind_of(*each) for each in (("Primary", "free school"), ("Secondary", "maintained"), ("Primary", ""), ("PRU", "academy"))]
    assert told == ["Primary, academy", "Secondary, maintained", "Primary, other", "Special and alternative provision"]
    assert kind_of("Nursery", "maintained") == "Other"


def test_reach_is_told_by_kind_and_small_kinds_together() -> None:
    members = {f"p{n}": "Primary, maintained" for n in range(40)} | {f"a{n}": "Primary, academy" for n in range(8)} | {"s": "Special"}
    told = reach(members, {"p1", "p2", "p3", "p4", "p5", "p6", "p7", "a1", "s"})
    assert [(each.name, each.says) for each in told.groups] == [
        ("Primary, maintained", "5 to 9 of 40"),
        ("2 smaller kinds together", "0 to 4 of 9"),
    ]


def test_time_to_match_is_told_of_schools_in_parts() -> None:
    days: dict[str, int | None] = {f"s{n}": [3, 9, 20, 60, None][n % 5] for n in range(25)}
    assert [each.says for each in matched_within(days)] == ["fewer than a quarter", "a quarter to a half", "a half to three quarters"]
    assert matched_within({"s1": 2})[0] == Part()


@pytest.mark.parametrize(
    ("count", "schools", "says"),
    [
        (1, 4, "too few to say"), (2, 5, "fewer than a half"), (3, 5, "a half or more"), (19, 19, "a half or more"),
        (4, 20, "fewer than a quarter"), (9, 20, "a quarter to a half"), (11, 20, "a half to three quarters"),
        (20, 20, "three quarters or more"),
    ],
)  # fmt: skip
def test_of_a_number_of_schools_that_is_not_told_a_part_is(count: int, schools: int, says: str) -> None:
    assert part({f"s{n}": n < count for n in range(schools)}).says == says


@pytest.mark.parametrize(("numbers", "parts"), [(range(5, 20), 2), (range(20, 60), 4)])
def test_nobody_works_a_number_of_schools_back_from_a_part_of_them(numbers: range, parts: int) -> None:
    """Whatever is told of one number of schools can be told of every other, and each part leaves two schools open at least."""
    for schools in numbers:
        says = Counter(part({f"s{n}": n < count for n in range(schools)}) for count in range(schools + 1))
        assert (len(says), min(says.values()) > 2) == (parts, True)


# Somebody who subtracts

Cells = dict[str, list[Piece]]
AMOUNTS = st.integers(min_value=0, max_value=60)
TWO_WAYS = st.lists(
    st.tuples(st.integers(0, 13), AMOUNTS, st.sampled_from("ABC"), st.sampled_from("PQRS")), min_size=0, max_size=30
)  # fmt: skip


def cells(rows: Sequence[tuple[int, int, str, str]], way: int) -> Cells:
    found: Cells = defaultdict(list)
    for number, row in enumerate(rows):
        found[str(row[way])].append(Piece(number, f"s{row[0]}", row[1]))
    return dict(found)


def groups_of(told: Sums, given: Mapping[str, Sequence[Piece]]) -> list[set[int]]:
    """The packages of each sum that is told, by what the page says of it."""
    if told.whole is None:
        return []
    if not told.parts:
        return [{each.package for rows in given.values() for each in rows if each.amount}]
    return [{each.package for name in part.names or (part.name,) for each in given[name] if each.amount} for part in told.parts]


@given(TWO_WAYS)
@settings(max_examples=300, deadline=None)
def test_whatever_is_subtracted_leaves_a_sum_that_may_be_told(rows: list[tuple[int, int, str, str]]) -> None:
    first, second = cells(rows, 2), cells(rows, 3)
    known = {number: Piece(number, f"s{row[0]}", row[1]) for number, row in enumerate(rows)}
    one, two = two_sums(first, second, rounded_to=10)
    left, right = groups_of(one, first), groups_of(two, second)
    everything = {each for group in left for each in group}
    unions = [
        set().union(*some)
        for groups in (left, right)
        for count in range(len(groups) + 1)
        for some in combinations(groups, count)
    ]  # fmt: skip
    unsafe = [
        (outer, inner)
        for outer in [*unions, everything]
        for inner in unions
        if inner < outer and not safe(known[each] for each in outer - inner)
    ]
    assert unsafe == []


@given(TWO_WAYS)
@settings(max_examples=200, deadline=None)
def test_the_parts_of_a_telling_are_all_of_it_and_no_package_is_in_two(rows: list[tuple[int, int, str, str]]) -> None:
    given_cells = cells(rows, 2)
    told = sums(given_cells, rounded_to=1)
    groups = groups_of(told, given_cells)
    assert sum(len(group) for group in groups) == len(set().union(*groups)) if groups else told.whole is None
    assert told.whole in (None, sum(row[1] for row in rows))
    assert sum(part.amount for part in told.parts) in (0, told.whole)
