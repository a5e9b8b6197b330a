"""Known groups and two rounds compared, held against every way there is and against chance."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules.comparing import TooFewError, change_since, compare_groups, holm
from convenor.conditions.rules.diamonds import DOUBLED, boards
from tests.unit.conditions.rooms import RANK, at_random, in_order, some_examples

TOP_FIRST = (1, 2, 2, 3, 3, 3, 4, 4, 5)
REVERSED = TOP_FIRST[::-1]


def test_holm_is_as_in_the_book() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert (holm([]), holm([0.2]), holm([0.9, 0.6])) == ([], [0.2], [1.0, 1.0])


@some_examples
@given(chances=st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_lowers_nothing(chances: list[float]) -> None:
    adjusted = holm(chances)
    assert all(one <= other <= 1 for one, other in zip(chances, adjusted, strict=True))
    assert [a for _, a in sorted(zip(chances, adjusted, strict=True))] == sorted(adjusted)


def test_groups_that_place_cards_otherwise_are_told() -> None:
    rows = boards([TOP_FIRST] * 6 + [REVERSED] * 6)
    (found,) = compare_groups(rows, {"role": ["Head"] * 6 + ["Officer"] * 6})
    assert (found.grouping, found.groups, found.sizes, found.left_out) == ("role", ("Head", "Officer"), (6, 6), 0)
    assert found.differs
    assert [card.means for card in found.cards[:2]] == [(1.0, 9.0), (2.5, 7.5)]
    assert [card.differs for card in found.cards] == [True] * 3 + [False] * 3 + [True] * 3
    assert found.cards[4].p == 1.0


def test_the_chance_is_near_that_of_every_way_to_part_them() -> None:
    rows = in_order(np.random.default_rng(8).normal(size=(10, 9)) + np.repeat([[0], [1]], 5, axis=0) * np.linspace(2, -2, 9))
    (found,) = compare_groups(rows, {"phase": ["one"] * 5 + ["two"] * 5})
    ranks = DOUBLED[rows]

    def gaps(part: tuple[int, ...]) -> np.ndarray:
        rest = [each for each in range(10) if each not in part]
        return (ranks[list(part)].mean(axis=0) - ranks[rest].mean(axis=0)) ** 2

    every = np.array([gaps(part) for part in combinations(range(10), 5)])
    exact = (every >= gaps((0, 1, 2, 3, 4)) - 1e-9).mean(axis=0)
    assert [card.p for card in found.cards] == pytest.approx(exact.tolist(), abs=0.02)
    assert found.p == pytest.approx((every.sum(axis=1) >= gaps((0, 1, 2, 3, 4)).sum() - 1e-9).mean(), abs=0.02)


def test_small_groups_and_those_not_known_are_left_out() -> None:
    labels = ["a"] * 5 + ["b"] * 5 + ["c"] * 4 + [""] * 6
    found = compare_groups(at_random(20), {"none": [""] * 20, "one": ["x"] * 20, "some": labels})
    assert [(each.grouping, each.groups, each.left_out) for each in found] == [("some", ("a", "b"), 10)]
    assert compare_groups(at_random(20), {}) == ()


def test_several_groupings_are_adjusted_together() -> None:
    rows = boards([TOP_FIRST] * 6 + [REVERSED] * 6)
    halves = ["a"] * 6 + ["b"] * 6
    (alone,) = compare_groups(rows, {"role": halves})
    both = compare_groups(rows, {"role": halves, "phase": ["a", "b"] * 6})
    assert both[0].p == alone.p == alone.p_adjusted
    assert both[0].p_adjusted == pytest.approx(2 * alone.p)
    assert both[0].cards[0].p_adjusted == pytest.approx(18 * alone.cards[0].p)
    assert not both[1].differs


def test_labels_must_be_as_many_as_entries() -> None:
    with pytest.raises(ValueError, match="role: 2 labels for 12 entries"):
        compare_groups(at_random(12), {"role": ["a", "b"]})


def test_random_groups_seldom_differ() -> None:
    tried = [compare_groups(at_random(15, seed), {"role": list("aaaaabbbbbccccc")})[0] for seed in range(60)]
    assert sum(each.differs for each in tried) <= 9
    assert sum(any(card.differs for card in each.cards) for each in tried) <= 9


def test_a_change_of_mind_is_told_card_by_card() -> None:
    before = {f"p{number}": TOP_FIRST for number in range(8)}
    after = dict.fromkeys(before, (5, *TOP_FIRST[1:-1], 1)) | {"new": REVERSED}
    found = change_since(before, after)
    assert (found.people, found.changed, found.p) == (8, True, 2 / 256)
    assert [card.means for card in found.cards] == [(1.0, 9.0), *((RANK[row],) * 2 for row in TOP_FIRST[1:-1]), (9.0, 1.0)]
    assert (found.cards[0].p, found.cards[0].p_adjusted, found.cards[0].differs) == (2 / 256, pytest.approx(18 / 256), False)
    assert found.cards[4].p == 1.0


def test_a_change_is_held_against_every_exchange_of_boards() -> None:
    one, other = at_random(6, 1), at_random(6, 2)
    found = change_since(dict(enumerate_text(one)), dict(enumerate_text(other)))
    gaps = DOUBLED[other] - DOUBLED[one]
    every = np.array([(np.array(signs)[:, None] * gaps).sum(axis=0) for signs in product([1, -1], repeat=6)])
    assert [card.p for card in found.cards] == pytest.approx((abs(every) >= abs(gaps.sum(axis=0))).mean(axis=0).tolist())
    assert found.p == pytest.approx(((every**2).sum(axis=1) >= (gaps.sum(axis=0) ** 2).sum()).mean())


def enumerate_text(rows: np.ndarray) -> list[tuple[str, list[int]]]:
    return [(f"p{number}", board) for number, board in enumerate(rows.tolist())]


def test_larger_rooms_are_held_against_draws() -> None:
    same = change_since(dict(enumerate_text(at_random(30))), dict(enumerate_text(at_random(30))))
    assert (same.people, same.p, same.changed) == (30, 1.0, False)
    turned = change_since({f"p{number}": TOP_FIRST for number in range(30)}, {f"p{number}": REVERSED for number in range(30)})
    assert (turned.p, turned.changed, turned.cards[0].p_adjusted) == (1 / 10_001, True, pytest.approx(9 / 10_001))


def test_too_few_in_both_rounds_are_not_compared() -> None:
    board = {f"p{number}": TOP_FIRST for number in range(9)}
    with pytest.raises(TooFewError, match="4 took part in both rounds, and at least 5 must have"):
        change_since(dict(list(board.items())[:5]), dict(list(board.items())[1:]))
