"""Notes of visits: in time within five working days, answered by the head and never erased."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules.refusals import NoWords
from convenor.support.rules.notes import NoteStands, Words, check_mark, check_note, draft_of, due_on, is_late, stands
from convenor.support.rules.states import Accuracy
from tests.factories.refusals import refusal_of

RIGHT, WRONG = Accuracy.ACCURATE, Accuracy.NOT_ACCURATE


@pytest.mark.parametrize(
    ("held", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 23)), (date(2026, 12, 22), date(2026, 12, 31)), (date(2014, 12, 31), None),
        (date(2028, 1, 4), None),
    ],
)  # fmt: skip
def test_a_note_is_due_after_five_working_days(held: date, due: date | None) -> None:
    assert due_on(held) == due


def test_a_note_is_late_from_the_day_after_it_was_due() -> None:
    held = date(2026, 11, 16)
    assert [is_late(held, date(2026, 11, 23)), is_late(held, date(2026, 11, 24)), is_late(date(2028, 1, 4), date(2028, 3, 1))] == [
        False, True, False,
    ]  # fmt: skip


def test_a_note_is_kept_without_space_around_it() -> None:
    assert check_note(Words("  Read with six children\r\nin year 2 ", "", " Bring books")) == Words(
        "Read with six children\nin year 2", "", "Bring books"
    )


@pytest.mark.parametrize("words", [Words(" "), Words("x" * 4001), Words("x", "y" * 1501), Words("x", "", "z" * 1501)])
def test_a_note_without_words_or_with_too_many_is_refused(words: Words) -> None:
    assert refusal_of(check_note, words) is NoWords


def test_a_draft_may_be_empty_and_is_no_longer_than_a_note() -> None:
    assert draft_of(Words("", "y" * 1600)) == {"seen": "", "agreed": "y" * 1500, "next_time": ""}


def test_whoever_says_that_a_note_is_wrong_says_what_is_right() -> None:
    assert [refusal_of(check_mark, RIGHT, ""), refusal_of(check_mark, WRONG, " "), refusal_of(check_mark, WRONG, "x" * 3001)] == [
        None, NoWords, NoWords,
    ]  # fmt: skip
    assert check_mark(WRONG, " There were five. ") == "There were five."


@pytest.mark.parametrize(
    ("marks", "where"),
    [
        ([], NoteStands.UNREAD), ([RIGHT], NoteStands.ACCURATE), ([WRONG], NoteStands.DISPUTED), ([RIGHT, WRONG], NoteStands.DISPUTED),
        ([WRONG, RIGHT], NoteStands.SETTLED),
    ],
)  # fmt: skip
def test_where_a_note_stands_with_the_head(marks: list[Accuracy], where: NoteStands) -> None:
    assert stands(marks) is where


@given(st.lists(st.sampled_from(Accuracy), min_size=1))
def test_a_dispute_is_never_forgotten(marks: list[Accuracy]) -> None:
    assert (stands(marks) in (NoteStands.DISPUTED, NoteStands.SETTLED)) is (WRONG in marks)
