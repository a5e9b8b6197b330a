"""Themes are named by people, in our own words, and small numbers of answers are not told."""

from __future__ import annotations

import pytest

from convenor.consultation.rules.refusals import NoWords
from convenor.consultation.rules.states import Heard, ResponseKind
from convenor.consultation.rules.themes import DID_AT_MOST, SAID_AT_MOST, checked_did, checked_name, checked_said, quoted, told, unfinished

ANSWER = "Our head of Year 6 left in March, and nobody came to help us; we have little time."


def test_name_is_kept_in_one_line() -> None:
    assert checked_name("  Time \n of heads ") == "Time of heads"


@pytest.mark.parametrize("name", ["  ", "x" * 121])
def test_name_without_words_or_with_too_many_is_refused(name: str) -> None:
    with pytest.raises(NoWords):
        checked_name(name)


def test_seven_words_of_an_answer_are_a_quotation() -> None:
    assert quoted("You said: OUR HEAD of Year 6 left — in March", [ANSWER]) == "OUR HEAD of Year 6 left in"
    assert quoted("Our head of Year 6 left", [ANSWER]) == ""
    assert quoted("Schools have little time to help one another in a year", [ANSWER]) == ""


def test_said_in_the_words_of_an_answer_is_refused() -> None:
    with pytest.raises(NoWords, match="nobody came to help us we have"):
        checked_said("They told us that nobody came to help us, we have heard.", ["Nothing else.", ANSWER])
    assert checked_said(" Heads are short of time. ", [ANSWER]) == "Heads are short of time."


def test_said_and_done_have_their_limits() -> None:
    with pytest.raises(NoWords):
        checked_said("x" * (SAID_AT_MOST + 1), [])
    with pytest.raises(NoWords):
        checked_did(Heard.LATER, "x" * (DID_AT_MOST + 1), decision=False)


def test_what_is_done_rests_on_a_decision() -> None:
    with pytest.raises(NoWords, match="Choose the decision"):
        checked_did(Heard.DOING, "Reviews are four half days.", decision=False)
    assert checked_did(Heard.PARTLY, " Reviews are four half days. ", decision=True) == "Reviews are four half days."
    assert checked_did(Heard.NOT_DOING, "There is no money for it.", decision=False) == "There is no money for it."


def test_what_came_of_it_is_said() -> None:
    with pytest.raises(NoWords, match="Say in a sentence"):
        checked_did(Heard.LATER, " ", decision=False)
    with pytest.raises(NoWords, match="Choose what came of it"):
        checked_did(None, "We did.", decision=False)
    assert checked_did(None, "", decision=False) == ""


def test_numbers_are_told_from_five_on_and_apart() -> None:
    assert told([ResponseKind.SCHOOL] * 5 + [ResponseKind.VIEW] * 4) == (5, None)
    assert told([ResponseKind.VIEW] * 6) == (None, 6)


def test_unfinished_themes_are_named() -> None:
    assert unfinished([("Time", "Short of it.", "doing"), ("Money", " ", "later"), ("Travel", "Far.", "")]) == ("Money", "Travel")
