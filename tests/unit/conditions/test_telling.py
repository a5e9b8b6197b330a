"""What may be told of a room, and that nobody can have back what is not told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.conditions.rules.telling import counting, may_tell, recoverable, told_groups


@pytest.mark.parametrize(
    ("personal", "tables", "may"),
    [(0, 0, False), (0, 1, False), (0, 2, True), (4, 0, False), (5, 0, True), (4, 9, False), (1, 2, False), (5, 1, True), (60, 20, True)],
)
def test_group_is_told_from_five_people_or_two_tables(personal: int, tables: int, may: bool) -> None:
    assert may_tell(personal=personal, tables=tables) is may


@pytest.mark.parametrize(
    ("personal", "count"),
    [
        ([], ()),
        ([True] * 4, ()),
        ([True] * 5, (0, 1, 2, 3, 4)),
        ([True, False, False], (1, 2)),
        ([True, False], ()),
        ([True] * 5 + [False], (0, 1, 2, 3, 4, 5)),
    ],
)
def test_personal_entries_count_once_there_are_five(personal: list[bool], count: tuple[int, ...]) -> None:
    assert counting(personal) == count


def test_groups_large_enough_are_told_as_they_are() -> None:
    labels = ["head"] * 5 + ["officer"] * 5
    assert told_groups([True] * 10, {"role": labels}) == {"role": tuple(labels)}


def test_small_group_takes_the_next_smallest_with_it() -> None:
    labels = ["head"] * 8 + ["governor"] * 6 + ["trust"] * 5 + ["officer"] * 2
    told = told_groups([True] * 21, {"role": labels})
    assert told == {"role": tuple(["head"] * 8 + ["governor"] * 6 + [""] * 7)}


def test_grouping_is_left_out_where_one_group_would_be_left() -> None:
    assert told_groups([True] * 12, {"role": ["head"] * 10 + ["officer"] * 2}) == {}


def test_those_who_did_not_say_are_a_group_that_must_not_come_back_either() -> None:
    labels = ["head"] * 6 + ["officer"] * 5 + [""] * 2
    assert told_groups([True] * 13, {"role": labels}) == {}


def test_small_groups_that_are_five_together_need_no_other_group() -> None:
    labels = ["head"] * 5 + ["officer"] * 5 + ["governor"] * 3 + ["trust"] * 2
    assert told_groups([True] * 15, {"role": labels}) == {"role": tuple(["head"] * 5 + ["officer"] * 5 + [""] * 5)}


def test_two_tables_are_a_group_and_one_is_not() -> None:
    labels = ["head", "head", "officer", "officer", "trust"]
    assert told_groups([False] * 5, {"role": labels}) == {}
    assert told_groups([False] * 4, {"role": labels[:4]}) == {"role": ("head", "head", "officer", "officer")}


def test_second_grouping_that_would_give_one_person_away_is_not_told() -> None:
    role = ["head"] * 6 + ["officer"] * 6
    phase = ["primary"] * 5 + ["secondary"] * 7  # one head is no primary: heads less primaries is that head
    assert told_groups([True] * 12, {"role": role, "phase": phase}) == {"role": tuple(role)}
    assert told_groups([True] * 12, {"phase": phase, "role": role}) == {"phase": tuple(phase)}


def test_same_grouping_by_another_name_tells_nothing_more() -> None:
    role = ["head"] * 6 + ["officer"] * 6
    assert told_groups([True] * 12, {"role": role, "tier": role}) == {"role": tuple(role), "tier": tuple(role)}


def test_three_groupings_together_can_give_away_what_no_two_do() -> None:
    # Each entry counts 1 for a, 1 for b and -1 for c: what is left of a + b - c is the last entry alone.
    a = [True] * 6 + [False] * 6 + [True]
    b = [False] * 6 + [True] * 6 + [True]
    c = [True] * 12 + [True]
    assert recoverable([True] * 13, [a, b, c]) is True
    assert recoverable([True] * 13, [c, a]) is False


def test_one_group_alone_can_be_asked_for() -> None:
    paired = ["both"] * 6 + [""] * 6
    assert told_groups([True] * 12, {"change": paired}) == {}
    assert told_groups([True] * 12, {"change": paired}, alone={"change"}) == {"change": tuple(paired)}
    nearly = ["both"] * 10 + [""] * 2
    assert told_groups([True] * 12, {"change": nearly}, alone={"change"}) == {}


def test_tables_beside_few_people_hide_nobody() -> None:
    assert told_groups([True] * 3 + [False] * 9 + [True] * 5, {"role": ["head"] * 10 + ["officer"] * 7}) == {}


def test_labels_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="role: 1 labels for 2 entries"):
        told_groups([True, True], {"role": ["head"]})


def rank(rows: np.ndarray) -> int:
    """The rank of the rows, reckoned in floating point; nought for none."""
    return int(np.linalg.matrix_rank(rows)) if rows.size else 0


def can_be_had(shown: list[np.ndarray], few: Sequence[int]) -> bool:
    """Whether weights exist by which the shown sets add up to something over these entries alone: an attacker's linear system."""
    sums = np.array(shown, dtype=float)
    return rank(np.delete(sums, few, axis=1)) < rank(sums)


def shown_of(told: dict[str, tuple[str, ...]], many: int) -> list[np.ndarray]:
    """Every set of entries whose sums are shown."""
    groups = [np.array([label == each for label in labels]) for labels in told.values() for each in sorted({*labels} - {""})]
    return [np.ones(many, dtype=bool), *groups]


@st.composite
def rooms(draw: st.DrawFn, most: int = 15) -> tuple[list[bool], dict[str, list[str]]]:
    """Some entries, and up to three groupings of them."""
    many = draw(st.integers(5, most))
    label = st.sampled_from(["a", "a", "b", "b", "c", ""])
    groupings = draw(st.dictionaries(st.sampled_from(["role", "phase", "tier"]), st.lists(label, min_size=many, max_size=many), min_size=1))
    return [True] * many, groupings


@given(rooms())
@settings(max_examples=40, deadline=None)
def test_nobody_can_put_together_a_figure_of_fewer_than_five_people(room: tuple[list[bool], dict[str, list[str]]]) -> None:
    personal, groupings = room
    shown = shown_of(told_groups(personal, groupings), len(personal))
    had = [few for size in (1, 2, 3, 4) for few in combinations(range(len(personal)), size) if can_be_had(shown, few)]
    assert had == []


@given(rooms(9))
@settings(max_examples=40, deadline=None)
def test_nobody_can_put_together_the_figure_of_one_table(room: tuple[list[bool], dict[str, list[str]]]) -> None:
    personal, groupings = room
    shown = shown_of(told_groups([False] * len(personal), groupings), len(personal))
    assert [table for table in range(len(personal)) if can_be_had(shown, [table])] == []


@given(rooms(12), st.lists(st.booleans(), min_size=12, max_size=12))
@settings(max_examples=40, deadline=None)
def test_tables_taken_away_leave_no_figure_of_few_people(room: tuple[list[bool], dict[str, list[str]]], alone: list[bool]) -> None:
    many, groupings = len(room[0]), room[1]
    count = counting(alone[:many])
    personal = [alone[place] for place in count]
    told = told_groups(personal, {name: [labels[place] for place in count] for name, labels in groupings.items()})
    shown = [each[personal] for each in shown_of(told, len(personal))] if any(personal) else []
    few = range(sum(personal))
    had = [some for size in (1, 2, 3, 4) for some in combinations(few, size) if shown and can_be_had(shown, some)]
    assert had == []


@pytest.mark.parametrize("seed", [0, 1, 6, 10, 40])
def test_many_sets_that_lie_across_one_another_are_settled_rightly(seed: int) -> None:
    chance = np.random.default_rng([seed, 4])
    many = 17
    shown = [np.ones(many, dtype=bool), *(chance.random((4, many)) < 0.5)]
    few = any(can_be_had(shown, some) for size in (1, 2, 3, 4) for some in combinations(range(many), size))
    said = recoverable([True] * many, [each.tolist() for each in shown])
    assert said or not few


@given(st.lists(st.lists(st.booleans(), min_size=8, max_size=8), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_what_is_called_safe_is_safe_and_what_one_group_gives_away_is_seen(sets: list[list[bool]]) -> None:
    shown = [np.array(each) for each in sets]
    few = [some for size in (1, 2, 3, 4) for some in combinations(range(8), size) if can_be_had(shown, some)]
    said = recoverable([True] * 8, sets)
    assert said or few == []
    assert said is True or all(sum(each) in (0, *range(5, 9)) for each in sets)
