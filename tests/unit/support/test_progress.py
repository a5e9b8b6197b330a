"""Progress reviews: each objective rated in stated meanings, nothing before its baseline, and red left as it is by nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from convenor.peer_review.rules.refusals import NoWords
from convenor.support.rules.progress import Rating, Review, check_review, means, owes_change, rating_from
from convenor.support.rules.refusals import Missing, WrongDay
from convenor.support.rules.states import PROGRESS_MEANS, Progress, ReviewDecision
from tests.factories.refusals import refusal_of

BASELINES = {1: date(2026, 11, 2), 2: date(2026, 11, 9)}
BEGAN, TODAY = date(2026, 11, 16), date(2027, 2, 10)
GOOD = Review(
    date(2027, 2, 8), (Rating(2, Progress.AMBER, "Two more visits before Easter"), Rating(1, Progress.GREEN)), ReviewDecision.CONTINUE,
    next_on=date(2027, 5, 10),
)  # fmt: skip


def check(review: Review, **more: object) -> object:
    return refusal_of(check_review, review, **({"baselines": BASELINES, "began_on": BEGAN, "today": TODAY} | more))


def test_a_review_is_kept_with_its_ratings_in_order() -> None:
    kept = check_review(GOOD, baselines=BASELINES, began_on=BEGAN, today=TODAY)
    assert kept == replace(GOOD, ratings=(Rating(1, Progress.GREEN), Rating(2, Progress.AMBER, "Two more visits before Easter")))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"held_on": date(2027, 2, 11)}, WrongDay), ({"held_on": date(2026, 11, 8)}, WrongDay), ({"held_on": date(2026, 11, 15)}, WrongDay),
        ({"ratings": (Rating(1, Progress.GREEN),)}, Missing), ({"next_on": None}, Missing), ({"next_on": date(2027, 2, 8)}, WrongDay),
        ({"next_on": date(2027, 9, 1)}, WrongDay), ({"words": "x" * 3001}, NoWords), ({"decision": ReviewDecision.CHANGE}, NoWords),
        ({"ratings": (Rating(1, Progress.GREEN), Rating(2, Progress.AMBER))}, NoWords),
        ({"ratings": (Rating(1, Progress.GREEN), Rating(2, Progress.RED, "No cover"))}, Missing),
    ],
)  # fmt: skip
def test_a_review_that_cannot_be_is_refused(changed: dict[str, object], why: type[Exception]) -> None:
    assert check(replace(GOOD, **changed)) is why  # type: ignore[arg-type]


def test_nothing_is_reviewed_before_its_baseline() -> None:
    with pytest.raises(WrongDay) as refused:
        check_review(replace(GOOD, held_on=date(2026, 11, 5)), baselines=BASELINES, began_on=date(2026, 11, 1), today=TODAY)
    assert str(refused.value) == (
        "Objective 2 was measured on Monday 9 November 2026, after Thursday 5 November 2026: nothing is reviewed before its baseline. "
        "Nothing was changed."
    )


def test_nothing_is_reviewed_without_objectives_or_before_it_began() -> None:
    assert [check(GOOD, baselines={}), check(GOOD, began_on=None)] == [Missing, Missing]


def test_an_objective_off_track_changes_the_plan_or_ends_it() -> None:
    red = (Rating(1, Progress.GREEN), Rating(2, Progress.RED, "No cover since January"))
    assert [
        check(replace(GOOD, ratings=red, decision=each, words="We do it otherwise"))
        for each in (ReviewDecision.CONTINUE, ReviewDecision.CHANGE, ReviewDecision.EXIT)
    ] == [Missing, None, None]


def test_no_review_follows_the_one_that_leaves() -> None:
    leaves = replace(GOOD, decision=ReviewDecision.EXIT, words="It runs by itself now")
    assert check_review(leaves, baselines=BASELINES, began_on=BEGAN, today=TODAY).next_on is None


def test_ratings_read_back_as_they_were_kept() -> None:
    assert [rating_from(each.as_dict()) for each in GOOD.ratings] == list(GOOD.ratings)


def test_each_colour_stands_with_a_sign_and_its_meaning() -> None:
    found = means()
    assert [(value, says) for value, _, _, says in found] == [
        (each.value, PROGRESS_MEANS[each]) for each in (Progress.GREEN, Progress.AMBER, Progress.RED, Progress.NOT_YET)
    ]
    assert len({sign for _, sign, _, _ in found}) == 4


def test_a_plan_that_a_review_would_change_waits_until_it_is_changed() -> None:
    then, later = datetime(2027, 2, 8, 15, tzinfo=UTC), datetime(2027, 2, 9, 9, tzinfo=UTC)
    assert [
        owes_change(decision, reviewed_at=reviewed, plan_changed_at=changed)
        for decision, reviewed, changed in (
            (None, None, None), (ReviewDecision.CONTINUE, then, None), (ReviewDecision.CHANGE, then, None),
            (ReviewDecision.CHANGE, later, then), (ReviewDecision.CHANGE, then, later), (ReviewDecision.CHANGE, None, None),
        )
    ] == [False, False, True, True, False, False]  # fmt: skip
