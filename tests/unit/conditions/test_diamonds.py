"""Diamonds, their distance, and the diamond that several make together, held against plain loops."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.consensus import consensus_of, total_distances
from convenor.conditions.rules.diamonds import GREATEST_DISTANCE, MID_RANKS, SHAPE, all_diamonds, boards, distance, is_diamond, pairs_of
from tests.unit.conditions.rooms import apart, at_random, diamonds, every_diamond, several, some_examples

TOP_FIRST = (1, 2, 2, 3, 3, 3, 4, 4, 5)


def turned(rows: Sequence[int]) -> tuple[int, ...]:
    return tuple(6 - row for row in rows)


def test_the_nine_conditions_are_nine_cards_of_one_source() -> None:
    assert len({card.key for card in NINE_CONDITIONS}) == len({card.name for card in NINE_CONDITIONS}) == 9
    assert [card.wording.split()[-1] for card in NINE_CONDITIONS] == [
        "system", "partners", "academies", "leaders", "authority", "support", "partners", "authority)", "activity",
    ]  # fmt: skip
    assert {card.source for card in NINE_CONDITIONS} == {
        "Isos Partnership, workshop for the South East sector-led improvement network, 7 June 2019, activity 1"
    }


def test_ranks_of_a_diamond_add_up_as_those_of_any_order() -> None:
    assert sum(rank * cards for rank, cards in zip(MID_RANKS, SHAPE, strict=True)) == sum(range(1, 10))


def test_all_diamonds_are_all_there_are() -> None:
    assert sorted(map(tuple, all_diamonds().tolist())) == every_diamond()


def test_all_diamonds_come_with_the_earlier_cards_in_the_higher_rows_first() -> None:
    filled = [[[card for card in range(9) if rows[card] == row] for row in range(1, 6)] for rows in all_diamonds().tolist()]
    assert filled == sorted(filled)


@pytest.mark.parametrize("rows", [(), (1, 2, 2, 3, 3, 3, 4, 4), (1, 1, 2, 3, 3, 3, 4, 4, 5), (0, 2, 2, 3, 3, 3, 4, 4, 5), (3,) * 9])
def test_another_shape_is_no_diamond(rows: tuple[int, ...]) -> None:
    assert not is_diamond(rows)
    with pytest.raises(ValueError, match=r"^not of the shape 1-2-3-2-1: \[1\]$"):
        boards([TOP_FIRST, rows])


def test_no_diamonds_are_refused() -> None:
    with pytest.raises(ValueError, match="there is no diamond"):
        boards([])


@some_examples
@given(one=diamonds, other=diamonds)
def test_distance_is_that_of_its_definition(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert distance(one, other) == distance(other, one) == apart(one, other)


@some_examples
@given(one=diamonds, other=diamonds, third=diamonds)
def test_distance_has_no_short_cuts(one: tuple[int, ...], other: tuple[int, ...], third: tuple[int, ...]) -> None:
    assert distance(one, third) <= distance(one, other) + distance(other, third)
    assert (distance(one, other) == 0) == (one == other)


@some_examples
@given(rows=diamonds)
def test_a_diamond_upside_down_is_the_farthest(rows: tuple[int, ...]) -> None:
    assert distance(rows, turned(rows)) == GREATEST_DISTANCE == 62
    assert total_distances(boards([rows])).max() == 62


@settings(max_examples=3, deadline=None)
@given(entries=several)
def test_total_distances_are_those_of_the_definition(entries: list[tuple[int, ...]]) -> None:
    found = dict(zip(map(tuple, all_diamonds().tolist()), total_distances(boards(entries)).tolist(), strict=True))
    totals = {rows: sum(apart(rows, entry) for entry in entries) for rows in every_diamond()[::300]}
    assert {rows: found[rows] for rows in totals} == totals


@some_examples
@given(entries=several)
def test_consensus_is_the_least_total_distance_of_all_diamonds(entries: list[tuple[int, ...]]) -> None:
    every, ours = pairs_of(all_diamonds()).astype(int), pairs_of(boards(entries)).astype(int)
    totals = np.abs(every[:, None, :] - ours).sum(axis=(1, 2))
    together = consensus_of(boards(entries))
    assert together.optimal.tolist() == all_diamonds()[totals == totals.min()].tolist()
    assert (together.total_distance, together.count) == (totals.min(), (totals == totals.min()).sum())


@some_examples
@given(entries=several)
def test_agreement_is_one_less_the_mean_distance_by_31(entries: list[tuple[int, ...]]) -> None:
    together = consensus_of(boards(entries))
    optimal = [tuple(rows) for rows in together.optimal.tolist()][:40]
    if together.count <= 40:
        expected = [1 - sum(distance(entry, rows) for rows in optimal) / len(optimal) / 31 for entry in entries]
        assert together.agreement == pytest.approx(expected, abs=1e-12)
    assert together.agreement.sum() == pytest.approx(len(entries) - together.total_distance / 31, abs=1e-9)


@some_examples
@given(rows=diamonds, times=st.integers(1, 9))
def test_identical_diamonds_are_their_own_consensus(rows: tuple[int, ...], times: int) -> None:
    together = consensus_of(boards([rows] * times))
    assert (together.optimal.tolist(), together.total_distance, together.agreement.tolist()) == ([list(rows)], 0, [1.0] * times)


@some_examples
@given(rows=diamonds)
def test_a_diamond_and_its_reverse_leave_everything_between_them_open(rows: tuple[int, ...]) -> None:
    together = consensus_of(boards([rows, turned(rows)]))
    assert together.total_distance == 62
    assert {tuple(rows), turned(rows)} <= set(map(tuple, together.optimal.tolist()))
    assert together.agreement == pytest.approx([0.0, 0.0])


@some_examples
@given(entries=several)
def test_doubling_every_entry_changes_nothing_but_the_total(entries: list[tuple[int, ...]]) -> None:
    once, twice = consensus_of(boards(entries)), consensus_of(boards(entries * 2))
    assert twice.optimal.tolist() == once.optimal.tolist()
    assert (twice.total_distance, twice.agreement.tolist()) == (2 * once.total_distance, once.agreement.tolist() * 2)


@some_examples
@given(entries=several, order=st.permutations(range(9)))
def test_naming_the_cards_otherwise_changes_only_their_names(entries: list[tuple[int, ...]], order: list[int]) -> None:
    one, other = consensus_of(boards(entries)), consensus_of(boards([tuple(rows[card] for card in order) for rows in entries]))
    assert sorted(one.optimal[:, order].tolist()) == sorted(other.optimal.tolist())
    assert other.agreement == pytest.approx(one.agreement)


def test_many_entries_are_added_up_exactly() -> None:
    rows = at_random(500)
    assert (total_distances(np.tile(rows, (400, 1))) == 400 * total_distances(rows)).all()
