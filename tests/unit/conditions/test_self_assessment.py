"""The yearly self-assessment: what is taken, and that nothing told of it tells of fewer than five people, by whatever is subtracted."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.conditions.rules import self_assessment as rules
from convenor.conditions.rules.groups import ROLES_IN_ROOM
from convenor.conditions.rules.refusals import NotOpen, NoWords, WrongDay
from convenor.conditions.rules.self_assessment import LEVELS, Answer, Spread
from convenor.partnership.roles import ROLES

TODAY = date(2026, 11, 22)
CONDITIONS = ("vision", "trust", "engagement")
ANSWERS = st.lists(
    st.builds(
        Answer,
        levels=st.dictionaries(st.sampled_from(CONDITIONS), st.integers(1, 4)),
        role=st.sampled_from(["head", "officer", "governor", ""]),
        phase=st.sampled_from(["primary", "secondary", ""]),
        type=st.sampled_from(["maintained", "trust-academy", ""]),
    ),
    max_size=24,
)


# What is taken


def test_levels_are_kept_where_they_were_judged() -> None:
    found = rules.check_levels({"vision": 3, "trust": None}, conditions=CONDITIONS, offered=(1, 2, 3, 4))
    assert found == {"vision": 3}


@pytest.mark.parametrize("levels", [{}, {"vision": None}, {"vision": 5}, {"vision": 0}, {"nothing": 2}, {"vision": "3"}, {"vision": True}])
def test_levels_that_were_not_asked_are_refused(levels: Any) -> None:
    with pytest.raises(NoWords):
        rules.check_levels(levels, conditions=CONDITIONS, offered=(1, 2, 3, 4))


def test_words_are_kept_by_condition_and_refused_when_too_many() -> None:
    assert rules.check_words({"vision": " Agreed\nby all ", "trust": " "}, conditions=CONDITIONS) == {"vision": "Agreed by all"}
    for words in ({"vision": "x" * 301}, {"nothing": "x"}):
        with pytest.raises(NoWords):
            rules.check_words(words, conditions=CONDITIONS)


def test_asking_has_a_title_and_a_last_day_within_three_months() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert rules.check_asking(" Autumn  2026 ", tomorrow, today=TODAY, open_already=False) == "Autumn 2026"
    for error, title, closes_on, open_already in (
        (NotOpen, "Autumn", tomorrow, True), (NoWords, " ", tomorrow, False), (NoWords, "x" * 161, tomorrow, False),
        (WrongDay, "Autumn", TODAY, False), (WrongDay, "Autumn", TODAY + timedelta(days=93), False),
    ):  # fmt: skip
        with pytest.raises(error):
            rules.check_asking(title, closes_on, today=TODAY, open_already=open_already)


def test_answers_are_taken_to_the_last_day() -> None:
    rules.refuse_unless_open("open", closes_on=TODAY, on=TODAY)
    for state, on in (("closed", TODAY), ("open", TODAY + timedelta(days=1))):
        with pytest.raises(NotOpen):
            rules.refuse_unless_open(state, closes_on=TODAY, on=on)


def test_reminder_comes_once_in_the_last_days() -> None:
    asked = [rules.to_remind(closes_on=TODAY, reminded_on=None, on=TODAY - timedelta(days=days)) for days in (6, 5, 0, -1)]
    assert asked == [False, True, True, False]
    assert rules.to_remind(closes_on=TODAY, reminded_on=TODAY, on=TODAY) is False


def test_levels_are_read_as_they_were_kept() -> None:
    assert rules.levels_from(rules.as_dicts()) == LEVELS


# Among whom somebody counts


def test_every_role_counts_among_a_group_of_the_room() -> None:
    assert {rules.role_of([role]) for role in ROLES} <= set(ROLES_IN_ROOM)
    assert [rules.role_of(each) for each in (["cluster-lead", "head"], ["manager", "officer"], ["manager"], [])] == [
        "head", "officer", "partner", "partner",
    ]  # fmt: skip


def test_school_counts_among_its_type() -> None:
    asked = [("academy", True), ("free school", False), ("maintained", False), ("college", False), ("", False)]
    assert [rules.type_of(group, in_a_trust=trust) for group, trust in asked] == [
        "trust-academy", "single-academy", "maintained", "college", "",
    ]  # fmt: skip


# What is told


def test_spread_says_counts_and_its_middle() -> None:
    spread = Spread((2, 9, 0, 1))
    assert (spread.judged, spread.middle) == (12, (2, 2))
    assert spread.says(LEVELS) == "2 emerging, 9 forming, 0 established, 1 self-improving"
    assert Spread((3, 0, 3, 0)).middle == (1, 3)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any))
def test_bar_is_filled_by_its_counts(counts: list[int]) -> None:
    found = rules.segments(counts)
    assert [(each.place, each.count) for each in found] == [(place, count) for place, count in enumerate(counts, 1) if count]
    ends = [0, *(each.x + each.width for each in found)]
    assert [each.x for each in found] == pytest.approx(ends[:-1], abs=0.02)
    assert ends[-1] == pytest.approx(100, abs=0.02)
    assert rules.segments([0, 0]) == ()


def test_nothing_is_told_of_four_people() -> None:
    told = rules.tell([Answer({"vision": 2}, role="head")] * 4, conditions=CONDITIONS)
    assert (told.answered, told.enough, told.conditions["vision"].whole) == (4, False, None)
    assert rules.kept(told) == {"answered": 4, "conditions": {}}


def test_condition_that_four_of_many_judged_is_not_told() -> None:
    told = rules.tell([Answer({"vision": 2})] * 9 + [Answer({"trust": 1})] * 4, conditions=CONDITIONS)
    assert [each.whole.counts if each.whole else None for each in told.conditions.values()] == [(0, 9, 0, 0), None, None]


def test_group_of_one_is_not_had_back_by_subtracting_the_others() -> None:
    heads, officers = [Answer({"trust": 4}, role="head")] * 9, [Answer({"trust": 3}, role="officer")] * 6
    alone = Answer({"trust": 1}, role="governor")
    told = rules.tell([*heads, *officers], conditions=CONDITIONS).conditions["trust"]
    assert [each.key for each in told.groups["role"]] == ["head", "officer"]
    guarded = rules.tell([*heads, *officers, alone], conditions=CONDITIONS).conditions["trust"]
    assert guarded.whole == Spread((1, 0, 6, 9))
    assert "role" not in guarded.groups or len(guarded.groups["role"]) < 2


def had_back(shown: list[np.ndarray], people: int) -> bool:
    """An attacker of small worlds: does any sum with small whole weights of what is told single out one to four people?

    Independent of the rule, which asks the same of all weights at once.
    """
    for weights in product((-1, 0, 1), repeat=len(shown)):
        word = sum((weight * row for weight, row in zip(weights, shown, strict=True)), np.zeros(people, dtype=int))
        if 1 <= np.count_nonzero(word) <= 4:
            return True
    return False


@settings(max_examples=60)
@given(ANSWERS)
def test_no_sum_of_what_is_told_singles_out_fewer_than_five(answers: list[Answer]) -> None:
    told = rules.tell(answers, conditions=CONDITIONS)
    for key, each in told.conditions.items():
        judged = [answer for answer in answers if key in answer.levels]
        if each.whole is None:
            assert len(judged) < 5
            assert each.groups == {}
            continue
        shown = [np.ones(len(judged), dtype=int)]
        for of, groups in each.groups.items():
            for group in groups:
                mask = np.array([getattr(answer, of) == group.key for answer in judged], dtype=int)
                assert group.spread.judged == mask.sum() >= 5
                shown.append(mask)
        assert not had_back(shown, len(judged))


@settings(max_examples=60)
@given(ANSWERS)
def test_counts_are_those_of_the_answers(answers: list[Answer]) -> None:
    for key, each in rules.tell(answers, conditions=CONDITIONS).conditions.items():
        given_levels = [answer.levels[key] for answer in answers if key in answer.levels]
        if each.whole is not None:
            assert each.whole.counts == tuple(given_levels.count(level) for level in (1, 2, 3, 4))
            assert each.whole.middle[0] <= np.median(given_levels) <= each.whole.middle[1]


@settings(max_examples=60)
@given(ANSWERS)
def test_told_is_read_as_it_was_kept(answers: list[Answer]) -> None:
    told = rules.tell(answers, conditions=CONDITIONS)
    assert rules.read(rules.kept(told), conditions=CONDITIONS) == told
