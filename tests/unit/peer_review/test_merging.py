"""Evidence from several devices becomes one log: in any order, however often, and no word is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.peer_review.rules.merging import (
    WORDS_AT_MOST,
    Arrival,
    LogStands,
    MergedNote,
    Writing,
    arrival,
    check_strike,
    check_words,
    log_stands,
    merged,
    tips_of,
    together,
    why_not_taken,
)
from convenor.peer_review.rules.refusals import NotYours, NoWords
from convenor.peer_review.rules.states import State

NINE = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


def wrote(uid: str, *parents: str, note: str = "n", words: str = "", minute: int = 0, **more: object) -> Writing:
    return Writing(uid, note, parents, words or uid, at(minute), **more)  # type: ignore[arg-type]


def only(*writings: Writing) -> MergedNote:
    (note,) = merged(writings)
    return note


def test_a_note_says_its_newest_writing() -> None:
    note = only(wrote("a"), wrote("b", "a", minute=1))
    assert ([each.uid for each in note.heads], note.apart, [each.uid for each in note.writings]) == (["b"], False, ["a", "b"])


def test_two_writings_made_apart_both_stand_and_the_next_joins_them() -> None:
    a, b, c = wrote("a"), wrote("b", "a", minute=1), wrote("c", "a", minute=2)
    note = only(c, a, b)
    assert ([each.uid for each in note.heads], note.tips, note.apart) == (["b", "c"], ("b", "c"), True)
    joined = only(a, b, c, wrote("d", *note.tips, minute=3))
    assert ([each.uid for each in joined.heads], joined.apart) == (["d"], False)


def test_two_who_wrote_the_same_words_agree() -> None:
    note = only(wrote("a"), wrote("b", "a", words="So it is.", minute=1), wrote("c", "a", words="So it is.", minute=2))
    assert ([each.uid for each in note.heads], note.tips, note.apart) == (["b"], ("b", "c"), False)


def test_a_note_taken_back_on_one_device_and_written_on_another_still_speaks() -> None:
    struck = wrote("b", "a", struck=True, minute=1)
    assert only(wrote("a"), struck).struck is True
    beside = only(wrote("a"), struck, wrote("c", "a", minute=2))
    assert (beside.struck, [each.struck for each in beside.heads]) == (False, [True, False])


def test_a_writing_that_arrives_before_the_one_it_was_made_from_is_shown() -> None:
    assert [each.uid for each in only(wrote("b", "a", minute=1)).heads] == ["b"]


def test_a_writing_stands_after_the_one_it_was_made_from_whatever_the_clocks_say() -> None:
    note = only(wrote("c", "b"), wrote("b", "a", minute=1), wrote("a", minute=2))
    assert ([each.uid for each in note.writings], [each.uid for each in note.heads], note.begun.uid) == (["a", "b", "c"], ["c"], "a")


def test_writings_that_name_each_other_lose_nothing() -> None:
    circle = {each.uid: each for each in (wrote("a", "b"), wrote("b", "a", minute=1), wrote("c", "c", minute=2))}
    assert tips_of(circle) == ("b", "c")


def test_a_devices_own_count_decides_where_its_clock_was_set_back() -> None:
    log = merged([
        wrote("1", note="first", device="p", sequence=1, minute=30),
        wrote("2", note="second", device="p", sequence=2, minute=10),
        wrote("3", note="other", device="q", sequence=9, minute=20),
        wrote("4", note="later", device="q", sequence=10, minute=40),
    ])  # fmt: skip
    assert [each.uid for each in log] == ["other", "first", "second", "later"]


def test_the_same_writing_sent_again_is_known_and_another_never_taken_for_it() -> None:
    one = wrote("a", by=7)
    assert [arrival(None, one), arrival(one, wrote("a", by=7, minute=3))] == [Arrival.NEW, Arrival.SAME]
    others = (wrote("a", words="Else", by=7), wrote("a", note="m", by=7), wrote("a", by=8), wrote("a", by=7, struck=True))
    assert [arrival(one, each) for each in others] == [Arrival.ANOTHER] * 4


@pytest.mark.parametrize(
    ("state", "resumes", "stands"),
    [
        (State.DATA_SHARED, None, LogStands.LATER),
        (State.ON_SITE, None, LogStands.OPEN),
        (State.FED_BACK, None, LogStands.OPEN),
        (State.REPORT_DRAFT, None, LogStands.OPEN),
        (State.REPORT_FINAL, None, LogStands.CLOSED),
        (State.CLOSED, None, LogStands.CLOSED),
        (State.POSTPONED, State.ON_SITE, LogStands.OPEN),
        (State.POSTPONED, State.SCHEDULED, LogStands.LATER),
        (State.WITHDRAWN, State.ON_SITE, LogStands.CLOSED),
    ],
)
def test_the_log_is_open_from_the_visit_to_the_final_report(state: State, resumes: State | None, stands: LogStands) -> None:
    assert log_stands(state, resumes) is stands
    assert (why_not_taken(state, resumes) == "") == (stands is LogStands.OPEN)


def test_each_reason_to_take_nothing_has_its_own_words() -> None:
    said = {why_not_taken(*each) for each in ((State.SCHEDULED, None), (State.WITHDRAWN, State.ON_SITE), (State.CLOSED, None))}
    assert [words.split(",")[0] for words in sorted(said)] == [
        "The report is final", "The school has withdrawn from this review",
        "The visit has not been started yet. Notes are sent as soon as the lead reviewer or the school says that it has begun.",
    ]  # fmt: skip


def test_words_are_kept_without_space_around_them() -> None:
    assert (check_words("  Seen. \n"), check_words("", struck=True)) == ("Seen.", "")
    assert check_words("x" * WORDS_AT_MOST) == "x" * WORDS_AT_MOST


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (" \n", "There are no words in this note."),
        ("x" * 5001, "This note is 1,001 characters too long; 4,000 at most. Write the rest as a second note."),
    ],
)
def test_a_note_without_words_or_with_too_many_is_refused(words: str, said: str) -> None:
    with pytest.raises(NoWords) as refused:
        check_words(words)
    assert str(refused.value) == said


def test_only_whoever_began_a_note_takes_it_back() -> None:
    struck = wrote("b", "a", struck=True, by=2)
    with pytest.raises(NotYours):
        check_strike(struck, begun_by=1)
    check_strike(struck, begun_by=2)
    check_strike(struck, begun_by=None)
    check_strike(struck, begun_by=1, struck_before=True)
    check_strike(wrote("b", "a", by=2), begun_by=1)


@st.composite
def several(draw: st.DrawFn) -> list[Writing]:
    """Writings on a few notes and devices, with parents as devices would claim them, and as no device would."""
    rows: list[Writing] = []
    for index in range(draw(st.integers(1, 12))):
        uid, note = f"w{index}", draw(st.sampled_from(["n", "m"]))
        parents = draw(st.lists(st.sampled_from([f"w{number}" for number in range(14)]), max_size=2, unique=True))
        rows.append(wrote(
            uid, *parents, note=note, words=draw(st.sampled_from(["x", "y"])), minute=draw(st.integers(0, 3)),
            device=draw(st.sampled_from(["p", "q"])), sequence=index,
        ))  # fmt: skip
    return rows


@settings(deadline=None)
@given(several(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_any_order_and_any_repetition_makes_the_same_log(rows: list[Writing], chance: object, cut: int) -> None:
    again = [*rows, *rows[:cut]]
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert merged(together(again[cut:], again[:cut], rows).values()) == merged(rows)


@settings(deadline=None)
@given(several())
def test_no_writing_is_lost(rows: list[Writing]) -> None:
    log = merged(rows)
    assert sorted(each.uid for note in log for each in note.writings) == sorted(each.uid for each in rows)
    assert len(log) == len({each.note for each in rows})
    for note in log:
        known = {each.uid: each for each in note.writings}
        behind, ahead = set(), list(note.tips)
        while ahead:
            uid = ahead.pop()
            if uid in known and uid not in behind:
                behind.add(uid)
                ahead.extend(known[uid].parents)
        assert behind == set(known)
        assert {each.says for each in note.heads} == {known[uid].says for uid in note.tips}


@settings(deadline=None)
@given(several())
def test_joining_what_stands_leaves_one_head(rows: list[Writing]) -> None:
    note = merged(rows)[0]
    joined = next(each for each in merged([*rows, wrote("z", *note.tips, note=note.uid, minute=9)]) if each.uid == note.uid)
    assert (joined.tips, [each.uid for each in joined.heads]) == (("z",), ["z"])
