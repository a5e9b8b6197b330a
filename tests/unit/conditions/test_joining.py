"""Codes of a room: nobody takes one sign for another, nobody guesses one, and what was typed is understood."""

from __future__ import annotations

import math
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules.groups import ANSWERS, QUESTIONS, group_words, known
from convenor.conditions.rules.joining import (
    CODE_LENGTH,
    JOINS_IN_AN_HOUR,
    SIGNS,
    WRONG_CODES_IN_AN_HOUR,
    as_read,
    as_typed,
    code_by,
    digest_of,
    spelled,
    years_to_guess,
)

CODES = st.text(alphabet=SIGNS, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def test_no_sign_of_a_code_looks_like_another_and_none_is_a_vowel() -> None:
    assert [pair for pair in ("0O", "1IL", "2Z", "5S", "8B", "UV") if any(sign in SIGNS for sign in pair[:1])] == []
    assert (set(SIGNS) & set("AEIOULSZB"), len(set(SIGNS))) == (set(), 22)


def test_a_code_is_made_of_what_is_picked() -> None:
    signs = cycle("CDFG")
    assert code_by(lambda _: next(signs)) == "CDFGCDFG"


@given(CODES, st.sampled_from([" ", "-", "–", ".", "  ", "\t"]))
def test_a_code_is_understood_however_it_is_typed(code: str, between: str) -> None:
    assert as_typed(between.join(code.lower())) == code


@given(CODES)
def test_a_code_read_out_in_halves_can_be_typed(code: str) -> None:
    assert (as_typed(as_read(code)), as_typed(spelled(code))) == (code, code)


@pytest.mark.parametrize("text", ["", "CDFGHJK", "CDFGHJKMN", "CDFGHJK0", "CDFGHJKA", "CDFGHJK’", "<script>"])
def test_what_can_be_no_code_is_none(text: str) -> None:
    assert as_typed(text) == ""


def test_what_is_no_code_is_read_as_it_stands() -> None:
    assert as_read("short") == "short"


def test_nobody_guesses_one_of_a_hundred_rooms_in_a_lifetime() -> None:
    assert (years_to_guess(100) > 2_000, years_to_guess(0)) == (True, math.inf)


def test_two_hundred_phones_behind_one_address_get_in_and_a_machine_does_not_go_on() -> None:
    assert (JOINS_IN_AN_HOUR >= 200, JOINS_IN_AN_HOUR < 10_000, WRONG_CODES_IN_AN_HOUR < 100) == (True, True, True)


def test_only_the_digest_of_a_secret_is_kept() -> None:
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1


def test_every_question_has_answers_that_the_tables_can_hold() -> None:
    assert (set(QUESTIONS), max(len(key) for answers in ANSWERS.values() for key in answers) <= 40) == (set(ANSWERS), True)


@pytest.mark.parametrize(("key", "said"), [("head", "Head of a school"), ("", "not told"), ("inspector", "inspector")])
def test_an_answer_is_said_in_words(key: str, said: str) -> None:
    assert group_words("role", key) == said


def test_a_question_may_be_left_out_and_not_answered_otherwise() -> None:
    assert [known("phase", key) for key in ("", "primary", "head")] == [True, True, False]
