"""What a school offers and wants to learn: kept, begun, and told over the area."""

from __future__ import annotations

import pytest

from convenor.support.rules.answers import Answer, ThemeHere, area, begin, check_answer
from convenor.support.rules.refusals import NoWords, WrongSum


def test_an_answer_keeps_known_themes_in_their_order() -> None:
    kept = check_answer(Answer(("writing", "latin", "reading"), ("science",), " Later. ", 4, False))
    assert kept == Answer(("reading", "writing"), ("science",), "Later.", 4, False)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        Answer(("latin",)),
        Answer(("reading",), ("reading",)),
        Answer((), ("reading", "writing", "science", "teaching", "behaviour", "staff")),
        Answer(("reading",), words="x" * 1001),
    ],
)
def test_an_answer_that_says_nothing_or_too_much(answer: Answer) -> None:
    with pytest.raises(NoWords):
        check_answer(answer)


def test_half_days_have_bounds() -> None:
    assert check_answer(Answer(("reading",), half_days=100)).half_days == 100
    for wrong in (-1, 101):
        with pytest.raises(WrongSum):
            check_answer(Answer(("reading",), half_days=wrong))


def test_a_new_year_begins_with_the_last_and_with_what_the_review_found() -> None:
    assert begin(None, ["reading"]) == Answer(("reading",))
    last = Answer(("writing",), ("science",), "Note", 3, False)
    assert begin(last, ["science", "reading"]) == Answer(("reading", "writing"), ("science",), "Note", 3, False)


def test_who_offers_is_named_and_who_wants_is_counted_from_three_on() -> None:
    answers = [
        ("Hill", Answer(("reading",), ("science", "behaviour"))), ("Vale", Answer(("reading", "old"), ("science",))),
        ("Down", Answer((), ("science",))), ("Lake", Answer((), ("attendance",))),
    ]  # fmt: skip
    assert area(answers) == (
        ThemeHere("reading", "Reading", ("Hill", "Vale"), None), ThemeHere("science", "Science", (), 3),
    )  # fmt: skip
