"""The ledger of what was foreseen: what is taken, what is told and of whom, and how a group's foresight is scored."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules import foresight as rules
from convenor.conditions.rules.foresight import Settled
from convenor.conditions.rules.refusals import NotOpen, NoWords, WrongDay
from convenor.conditions.rules.states import Outcome

TODAY = date(2026, 11, 22)
LEDGER = st.lists(st.builds(Settled, percent=st.floats(0, 100), came_true=st.booleans()), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("percent", "words"),
    [(0, "almost certainly not"), (5, "almost certainly not"), (5.5, "very unlikely"), (50, "about as likely as not"), (70, "likely"),
     (94, "very likely"), (100, "almost certain")],
)  # fmt: skip
def test_likelihood_is_said_in_words(percent: float, words: str) -> None:
    assert rules.in_words(percent) == words


def test_each_tap_says_what_its_percentage_is_called() -> None:
    said = {percent: rules.in_words(percent).removeprefix("about ").capitalize() for percent, _ in rules.TAPS}
    assert said == dict(rules.TAPS)


@pytest.mark.parametrize("percent", [-1, 101, True, 50.0, "50", None])
def test_likelihood_refuses_what_is_no_whole_percentage(percent: Any) -> None:
    with pytest.raises(NoWords):
        rules.check_percent(percent)


def test_likelihood_takes_both_ends() -> None:
    assert [rules.check_percent(each) for each in (0, 100)] == [0, 100]


def test_words_are_kept_without_stray_space_and_refused_when_none_or_too_many() -> None:
    assert rules.check_words("  Two   clusters\nmerge ", what="what you expect") == "Two clusters merge"
    assert rules.check_words(" ", what="how anybody will know", needed=False) == ""
    for words in ("", " \n", "x" * 301):
        with pytest.raises(NoWords):
            rules.check_words(words, what="what you expect")


def test_about_is_a_key_or_nothing() -> None:
    assert [rules.check_about(each) for each in ("", "trust", "tier-2_b")] == ["", "trust", "tier-2_b"]
    for about in ("a b", "<script>", "x" * 41):
        with pytest.raises(NoWords):
            rules.check_about(about)


def test_prediction_falls_due_on_a_day_to_come_within_five_years() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert rules.check_due(tomorrow, today=TODAY) == tomorrow
    for due in (TODAY, TODAY - timedelta(days=1), TODAY + rules.LATEST + timedelta(days=1)):
        with pytest.raises(WrongDay):
            rules.check_due(due, today=TODAY)


def test_horizon_is_twelve_to_eighteen_months() -> None:
    assert rules.horizon(date(2019, 6, 7)) == (date(2020, 6, 7), date(2020, 12, 7))
    assert rules.months_after(date(2026, 8, 31), 18) == date(2028, 2, 29)
    assert rules.months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_months_after_lies_in_the_month_so_many_later(on: date, months: int) -> None:
    found = rules.months_after(on, months)
    assert (found.year * 12 + found.month) - (on.year * 12 + on.month) == months
    assert found.day == on.day or (found + timedelta(days=1)).day == 1


def test_likelihoods_are_taken_for_four_weeks_and_never_on_the_day_it_falls_due() -> None:
    assert rules.asks_until(TODAY, TODAY + timedelta(days=400)) == TODAY + timedelta(days=28)
    assert rules.asks_until(TODAY, TODAY + timedelta(days=3)) == TODAY + timedelta(days=2)


@pytest.mark.parametrize(
    ("on", "said", "settled", "taken"),
    [
        (10, 40, False, True),
        (11, 40, False, False),
        (11, 4, False, True),
        (11, 5, False, False),
        (20, 0, False, False),
        (5, 3, True, False),
    ],
)
def test_likelihoods_are_taken_until_their_day_or_until_the_fifth(on: int, said: int, settled: bool, taken: bool) -> None:
    days = {"asks_until": date(2026, 1, 10), "due_on": date(2026, 1, 20)}
    assert rules.takes_likelihoods(**days, said=said, settled=settled, on=date(2026, 1, on)) is taken
    if not taken:
        with pytest.raises(NotOpen):
            rules.refuse_late(**days, said=said, settled=settled, on=date(2026, 1, on))


@given(st.lists(st.integers(0, 100), max_size=12), st.booleans())
def test_group_of_fewer_than_five_is_never_told_nor_any_while_likelihoods_are_taken(percents: list[int], taken: bool) -> None:
    found = rules.mean_percent(percents, taken=taken)
    if taken or len(percents) < 5:
        assert found is None
    else:
        assert found == pytest.approx(float(np.mean(percents)))


@given(st.lists(st.integers(0, 100), max_size=15), st.integers(0, 30), st.integers(1, 40))
def test_one_prediction_is_told_once_so_that_nothing_comes_of_subtracting(percents: list[int], until: int, due: int) -> None:
    """Whoever looks every day, while people say one after the other, sees one mean at most, and of five people or more."""
    start, tellings, said = TODAY, set(), list[int]()
    days = {"asks_until": start + timedelta(days=min(until, due - 1)), "due_on": start + timedelta(days=due)}
    for day in range(45):
        on = start + timedelta(days=day)
        if percents and rules.takes_likelihoods(**days, said=len(said), settled=False, on=on):
            said.append(percents.pop())
        taken = rules.takes_likelihoods(**days, said=len(said), settled=False, on=on)
        told = rules.mean_percent(said, taken=taken)
        if told is not None:
            tellings.add((len(said), told))
    assert len(tellings) <= 1
    assert all(count >= 5 for count, _ in tellings)


@given(LEDGER)
def test_brier_score_equals_an_independent_computation(ledger: list[Settled]) -> None:
    foreseen = np.array([each.percent for each in ledger]) / 100
    came = np.array([1.0 if each.came_true else 0.0 for each in ledger])
    whole = np.dot(foreseen, foreseen) - 2 * np.dot(foreseen, came) + came.sum()  # the square, multiplied out
    assert rules.brier(ledger) == pytest.approx(whole / len(ledger), abs=1e-12)


@given(LEDGER)
def test_foresight_tells_what_simple_rules_would_have_scored(ledger: list[Settled]) -> None:
    found = rules.foresight(ledger)
    assert found is not None
    true = [each.came_true for each in ledger]
    assert found.always_half == rules.brier([Settled(50, each) for each in true])
    assert found.base_rate_score == pytest.approx(rules.brier([Settled(found.base_rate_percent, each) for each in true]), abs=1e-12)
    assert (found.settled, found.came_true) == (len(true), sum(true))
    assert found.beats_half == (found.score < 0.25)
    assert 0 <= found.base_rate_score <= 0.25


@given(LEDGER)
def test_bands_hold_every_settled_prediction_once(ledger: list[Settled]) -> None:
    found = rules.foresight(ledger)
    assert found is not None
    assert (sum(each.count for each in found.bands), sum(each.came_true for each in found.bands)) == (found.settled, found.came_true)
    assert all(each.low <= each.mean_percent <= each.high or math.isclose(each.mean_percent, each.high) for each in found.bands)


def test_score_of_certainty_is_nought_when_right_and_one_when_wrong() -> None:
    assert rules.brier([Settled(100, True), Settled(0, False)]) == 0
    assert rules.brier([Settled(100, False), Settled(0, True)]) == 1


def test_nothing_settled_has_no_score() -> None:
    assert (rules.brier([]), rules.foresight([])) == (None, None)


def test_few_settled_predictions_say_little() -> None:
    found = [rules.foresight([Settled(60, True)] * count) for count in (9, 10)]
    assert [each.says_little for each in found if each is not None] == [True, False]


def test_settling_asks_for_an_outcome_on_its_day() -> None:
    asked: dict[str, Any] = {"due_on": TODAY, "today": TODAY, "settled": False}
    assert [rules.refuse_settling(each.value, **asked) for each in Outcome] == list(Outcome)
    with pytest.raises(NoWords):
        rules.refuse_settling("perhaps", **asked)
    with pytest.raises(NotOpen):
        rules.refuse_settling("came-true", **asked | {"settled": True})


def test_before_its_day_a_prediction_can_only_have_come_true() -> None:
    early: dict[str, Any] = {"due_on": TODAY + timedelta(days=1), "today": TODAY, "settled": False}
    assert rules.refuse_settling("came-true", **early) is Outcome.CAME_TRUE
    for outcome in ("did-not", "cannot-tell"):
        with pytest.raises(WrongDay):
            rules.refuse_settling(outcome, **early)


def test_reminder_comes_on_its_day_and_every_two_weeks() -> None:
    days = [0, 13, 14]
    assert rules.to_remind(TODAY, None, TODAY - timedelta(days=1)) is False
    assert rules.to_remind(TODAY, None, TODAY) is True
    assert [rules.to_remind(TODAY, TODAY, TODAY + timedelta(days=each)) for each in days] == [False, False, True]


def test_every_outcome_has_words() -> None:
    assert set(rules.OUTCOME_SAYS) == set(Outcome)
