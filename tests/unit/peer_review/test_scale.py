"""A host's own scale: words of its own are taken, an inspection's are refused in any spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules.scale import PHRASES, InspectionWord, NoScale, check_scale, inspection_word

OWN = ("Just begun", "Under way", "Part of how we work")


def test_a_scale_in_a_schools_own_words_is_taken() -> None:
    assert check_scale(["  Just  begun ", "", "Under way", "Part of how we work"]) == OWN


def test_no_words_are_no_scale() -> None:
    assert check_scale(["", "  "]) == ()


@pytest.mark.parametrize(
    "word",
    [
        "Outstanding", "OUTSTANDING", "out-standing", "o u t s t a n d i n g", "0utstanding", "Out\u200bstanding", "оutstаnding", "Good",
        "g-o-o-d", "Very good indeed", "G00D", "góod", "Requires improvement", "requires_improvement", "Requires  Improvement", "RI",
        "Require improvement", "Inadequate", "Satisfactory", "Unsatisfactory", "Special Measures", "Serious weakness", "Exceptional",
        "Exceptionally kind", "Strong standard", "Strong", "STRONG-STANDARD", "Expected standard", "Expected", "Needs attention",
        "needs-attention", "Urgent improvement", "Notice to improve", "Excellent", "Poor", "Met", "not met", "1", "Grade 2", "grade-4", "4",
        "Ｇｏｏｄ",
    ],
)  # fmt: skip
def test_an_inspections_word_is_refused_in_any_spelling(word: str) -> None:
    with pytest.raises(InspectionWord):
        check_scale(["Just begun", word])


@pytest.mark.parametrize(
    "word", ["Goodwill", "Growing", "Embedded", "Stronger than before", "We met our aim", "Sharing with others", "Rich"]
)
def test_a_word_that_only_looks_close_is_taken(word: str) -> None:
    assert check_scale(["Just begun", word]) == ("Just begun", word)


@pytest.mark.parametrize("words", [["One"], ["a b", "c", "d", "e", "f", "g"], ["Under way", "under-way"], ["x" * 41, "y"]])
def test_a_scale_that_is_none_is_refused(words: list[str]) -> None:
    with pytest.raises(NoScale):
        check_scale(words)


@given(st.sampled_from(PHRASES), st.sampled_from(["{}", "{} ", "quite {}", "{} work"]), st.sampled_from([str.upper, str.title, str.lower]))
def test_every_phrase_is_found_wherever_it_stands(phrase: str, frame: str, spelt: object) -> None:
    assert inspection_word(frame.format(spelt(phrase))) != ""  # type: ignore[operator]
    assert inspection_word(spelt(phrase).replace(" ", "-")) != ""  # type: ignore[operator]
