"""Training counts for 24 months, its end is spoken of in time, and nothing impossible is recorded."""

from datetime import date, timedelta

import pytest

from convenor.peer_review.rules.register import (
    RegisterRefused,
    Trained,
    TrainingState,
    champion_until,
    check_days_a_year,
    check_training,
    state_on,
    trained_until,
    valid_until,
)
from convenor.peer_review.rules.states import TrainingKind

ON = date(2026, 11, 2)
INITIAL = Trained(TrainingKind.INITIAL, date(2024, 3, 1), date(2026, 3, 1))
REFRESHER = Trained(TrainingKind.REFRESHER, date(2026, 2, 28), date(2028, 2, 28))
CHAMPION = Trained(TrainingKind.CHAMPION, date(2026, 5, 1), date(2029, 5, 1))


def test_training_counts_for_24_months():
    assert valid_until(date(2024, 2, 29)) == date(2026, 2, 28)


def test_the_latest_training_counts_and_that_of_champions_is_another():
    assert trained_until([INITIAL, REFRESHER, CHAMPION]) == date(2028, 2, 28)
    assert champion_until([INITIAL, REFRESHER, CHAMPION]) == date(2029, 5, 1)
    assert (trained_until([CHAMPION]), champion_until([INITIAL])) == (None, None)


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, TrainingState.NONE),
        (ON - timedelta(days=1), TrainingState.ENDED),
        (ON, TrainingState.ENDS_SOON),
        (ON + timedelta(days=90), TrainingState.ENDS_SOON),
        (ON + timedelta(days=91), TrainingState.IN_DATE),
    ],
)
def test_how_training_stands_on_a_day(until, state):
    assert state_on(until, ON) is state


def test_training_to_come_is_refused():
    with pytest.raises(RegisterRefused, match=r"^That day has not come yet") as refusal:
        check_training(TrainingKind.INITIAL, ON + timedelta(days=1), [], on=ON)
    assert refusal.value.field == "trained_on"


def test_a_refresher_follows_a_first_training():
    assert check_training(TrainingKind.REFRESHER, ON, [INITIAL], on=ON) == date(2028, 11, 2)
    with pytest.raises(RegisterRefused, match=r"^A refresher follows"):
        check_training(TrainingKind.REFRESHER, ON, [CHAMPION], on=ON)
    with pytest.raises(RegisterRefused, match=r"^A refresher follows"):
        check_training(TrainingKind.REFRESHER, date(2024, 2, 1), [INITIAL], on=ON)


def test_a_training_told_twice_is_refused():
    with pytest.raises(RegisterRefused, match=r"^That training is recorded already"):
        check_training(TrainingKind.INITIAL, INITIAL.trained_on, [INITIAL], on=ON)


def test_days_a_year_are_from_one_to_fifteen():
    assert [check_days_a_year(each) for each in (1, 15)] == [1, 15]
    for each in (0, 16):
        with pytest.raises(RegisterRefused):
            check_days_a_year(each)
