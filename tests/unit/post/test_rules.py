"""What a letter may say, and when one is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.post.rules import ATTEMPTS, CONCERNS, WAITS, LetterRefused, check, due

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("word", CONCERNS)
def test_letter_never_carries_a_concern(word):
    with pytest.raises(LetterRefused, match=word):
        check(subject="Something waits", body=f"Your school was found {word.upper()} last week.")


@pytest.mark.parametrize(("subject", "body"), [("", "Words"), ("Subject", "  \n"), ("Two\nlines", "Words"), ("Two\rlines", "Words")])
def test_letter_without_words_or_with_a_forged_header_is_refused(subject, body):
    with pytest.raises(LetterRefused):
        check(subject=subject, body=body)


def test_letter_that_says_that_something_waits_is_taken():
    assert check(subject="Something waits for you", body="It waits at https://here.example/.") is None


def test_letter_is_tried_at_once_then_with_growing_waits_then_rests():
    assert due(queued_at=NOW, attempts=0, at=NOW)
    assert not due(queued_at=NOW, attempts=1, at=NOW + timedelta(seconds=59))
    assert due(queued_at=NOW, attempts=1, at=NOW + timedelta(minutes=1))
    assert not due(queued_at=NOW, attempts=4, at=NOW + timedelta(minutes=155))
    assert due(queued_at=NOW, attempts=4, at=NOW + timedelta(minutes=156))
    assert not due(queued_at=NOW, attempts=ATTEMPTS, at=NOW + timedelta(days=365))


@given(st.integers(0, ATTEMPTS - 1))
def test_each_attempt_comes_no_sooner_than_the_one_before(attempts):
    moment = NOW + sum(WAITS[: attempts + 1], timedelta(0))
    assert due(queued_at=NOW, attempts=attempts, at=moment)
    assert all(due(queued_at=NOW, attempts=fewer, at=moment) for fewer in range(attempts))
