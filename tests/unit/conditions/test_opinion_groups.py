"""Groups where they were put, and none where there are none. The thousands of rooms are in bench/diamonds.py."""

from __future__ import annotations

from collections import Counter
from math import comb

import numpy as np
import pytest

from convenor.conditions.rules import opinion_groups
from convenor.conditions.rules.diamonds import boards
from convenor.conditions.rules.opinion_groups import groups_in_answers, groups_in_diamonds
from tests.unit.conditions.rooms import at_random, in_order

TOP_FIRST = (1, 2, 2, 3, 3, 3, 4, 4, 5)


def planted(seed: int, groups: int = 2, each: int = 30, wide: float = 1.0) -> np.ndarray:
    """Diamonds of several opinions, one group after another, everybody moving cards a little."""
    chance = np.random.default_rng(seed)
    opinions = np.array([chance.permutation(9) for _ in range(groups)], dtype=float)
    return in_order(np.repeat(opinions, each, axis=0) + wide * chance.normal(size=(groups * each, 9)))


def alike(one: list[int], other: tuple[int, ...]) -> float:
    """The adjusted Rand index of two groupings: 1 where they are the same, about 0 where they have nothing to do with each other."""
    cells, rows, columns = Counter(zip(one, other, strict=True)), Counter(one), Counter(other)
    both, first, second = (sum(comb(size, 2) for size in part.values()) for part in (cells, rows, columns))
    chance = first * second / comb(len(one), 2)
    return (both - chance) / ((first + second) / 2 - chance)


def test_pure_noise_gives_no_groups() -> None:
    rooms = [groups_in_diamonds(at_random(60, seed)) for seed in range(20)]
    assert sum(room.found for room in rooms) <= 1
    quiet = next(room for room in rooms if not room.found)
    assert (quiet.labels, quiet.groups, quiet.telling) == ((0,) * 60, 1, ())
    assert quiet.says == "No groups found: the differences between people are such as chance makes."


def test_one_opinion_held_with_little_difference_gives_no_groups() -> None:
    rooms = [groups_in_diamonds(planted(seed, groups=1, each=60, wide=wide)) for seed in range(5) for wide in (0.3, 0.7, 1.0, 1.5)]
    assert sum(room.found for room in rooms) <= 1


def test_answers_that_hang_together_with_nothing_give_no_groups() -> None:
    chance = np.random.default_rng(4)
    popular = [np.where(chance.random((60, 30)) < chance.random(30), 1.0, -1.0) for _ in range(20)]
    assert sum(groups_in_answers(room).found for room in popular) <= 1


def test_planted_groups_are_found_in_diamonds() -> None:
    truth = [0] * 30 + [1] * 30
    found = [groups_in_diamonds(planted(seed)) for seed in range(3)]
    assert np.mean([alike(truth, room.labels) for room in found]) >= 0.9
    assert found[0].says == "2 groups found; chance alone seldom parts people so."
    assert all(room.p is not None and room.p <= 0.01 for room in found)


def test_planted_groups_are_found_in_answers_with_what_tells_them_apart() -> None:
    chance = np.random.default_rng(9)
    opinions = chance.choice([-1.0, 1.0], (2, 30))
    truth = [0] * 30 + [1] * 30
    answers = opinions[truth] * np.where(chance.random((60, 30)) < 0.15, -1, 1)
    found = groups_in_answers(answers)
    assert alike(truth, found.labels) >= 0.9
    apart = set(np.flatnonzero(opinions[0] != opinions[1]).tolist())
    assert apart <= set(found.telling)
    assert len(set(found.telling) - apart) <= 2


@pytest.mark.parametrize("seed", [32, 81])
def test_two_opinions_are_not_parted_once_too_often(seed: int) -> None:
    chance = np.random.default_rng([seed, 7])  # rooms whose halves are parted again where one in a hundred is enough for it
    truth = [0] * 30 + [1] * 30
    answers = chance.choice([-1.0, 1.0], (2, 30))[truth] * np.where(chance.random((60, 30)) < 0.15, -1, 1)
    found = groups_in_answers(answers)
    assert (found.groups, alike(truth, found.labels) >= 0.9) == (2, True)


def test_three_groups_are_found_and_the_largest_stands_first() -> None:
    chance = np.random.default_rng(2)
    opinions = np.array([TOP_FIRST, TOP_FIRST[::-1], (4, 4, 5, 1, 2, 2, 3, 3, 3)], dtype=float)
    truth = [1] * 12 + [2] * 10 + [0] * 20
    found = groups_in_diamonds(in_order(opinions[truth] + 0.5 * chance.normal(size=(42, 9))))
    assert (found.groups, alike(truth, found.labels)) == (3, 1.0)
    assert np.bincount(found.labels).tolist() == [20, 12, 10]


def test_a_few_who_differ_are_not_shown_as_a_group() -> None:
    chance = np.random.default_rng(5)
    opinions = np.array([TOP_FIRST, TOP_FIRST[::-1]], dtype=float)
    found = groups_in_diamonds(in_order(opinions[[0] * 26 + [1] * 4] + 0.2 * chance.normal(size=(30, 9))))
    assert (found.groups, set(found.labels), found.telling) == (1, {0}, ())
    assert found.says == "No groups found: what parts people leaves too few on one side to be called a group."


def test_no_more_than_five_groups_are_told() -> None:
    found = groups_in_diamonds(planted(1, groups=7, each=20, wide=0.2))
    assert found.groups == 5


def test_groups_too_small_to_part_again_are_left_whole() -> None:
    found = groups_in_diamonds(planted(4, each=6, wide=0.5))
    assert found.labels in [(0,) * 6 + (1,) * 6, (1,) * 6 + (0,) * 6]


def test_a_parting_stands_where_nobody_may_be_moved_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion_groups, "_ROUNDS", 0)
    assert groups_in_diamonds(planted(3)).groups == 2


def test_identical_diamonds_are_one_opinion() -> None:
    found = groups_in_diamonds(boards([TOP_FIRST] * 12))
    assert (found.groups, found.p) == (1, 1.0)
    assert groups_in_answers(np.ones((12, 4))).found is False


def test_a_small_room_is_not_looked_at() -> None:
    found = groups_in_diamonds(planted(1, each=4))
    assert (found.labels, found.p, found.found) == ((0,) * 8, None, False)
    assert found.says == "No groups were looked for: that needs at least 10 people."


def test_the_same_room_gives_the_same_groups() -> None:
    room = planted(3, each=12)
    assert groups_in_diamonds(room) == groups_in_diamonds(room)


@pytest.mark.parametrize("answers", [np.full((12, 4), np.nan), np.ones((12, 1)), np.ones(12)])
def test_answers_with_gaps_or_of_one_question_are_refused(answers: np.ndarray) -> None:
    with pytest.raises(ValueError, match="answers are a table of numbers without gaps"):
        groups_in_answers(answers)
