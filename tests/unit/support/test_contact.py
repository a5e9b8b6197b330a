"""Notes of contact and who else is in there: a minute to write, read by the head first, and the dispute kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.support.rules import contact, others
from convenor.support.rules.contact import Marked, NoteReader, check_mark, check_note, marked, reads
from convenor.support.rules.others import Other, check_other, crowded, overlap, standing_others
from convenor.support.rules.refusals import Missing, NotYours, NoWords, SupportRefused, WrongDay
from convenor.support.rules.states import Accuracy, ContactKind, OtherKind

TODAY = date(2026, 11, 17)
YES, NO = Accuracy.ACCURATE, Accuracy.NOT_ACCURATE


@pytest.mark.parametrize(
    ("marks", "state"), [((), Marked.NOT_YET), ((YES,), Marked.ACCURATE), ((YES, NO), Marked.DISPUTED), ((NO, YES), Marked.ACCURATE)]
)
def test_the_schools_last_word_on_a_note_counts(marks: tuple[Accuracy, ...], state: Marked) -> None:
    assert marked(marks) is state


@given(st.builds(NoteReader, st.booleans(), st.booleans(), st.booleans()), st.lists(st.sampled_from(Accuracy)))
def test_nobody_from_outside_reads_a_note_before_its_school_has_marked_it(reader: NoteReader, marks: list[Accuracy]) -> None:
    own = reader.school or reader.writer
    assert reads(reader, marked(marks)) == (own or (reader.works_with and bool(marks)))


def test_a_note_is_kept_as_written_but_for_spaces_around_it() -> None:
    found = check_note("  They asked about reading. \n", " send  the   list ", on=TODAY, today=TODAY, own_school=False)
    assert found == ("They asked about reading.", "send the list")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"own_school": True}, NotYours),
        ({"words": "  "}, NoWords),
        ({"words": "a" * (contact.WORDS_AT_MOST + 1)}, NoWords),
        ({"next_step": "a" * (contact.NEXT_AT_MOST + 1)}, NoWords),
        ({"on": TODAY + timedelta(days=1)}, WrongDay),
        ({"on": TODAY - timedelta(days=29)}, WrongDay),
    ],
)
def test_a_note_that_cannot_be_is_refused_in_words(changed: dict[str, object], refused: type[SupportRefused]) -> None:
    given_: dict[str, object] = {"words": "They rang.", "next_step": "", "on": TODAY, "own_school": False} | changed
    with pytest.raises(refused, match="Nothing was changed"):
        check_note(given_.pop("words"), given_.pop("next_step"), today=TODAY, **given_)  # type: ignore[arg-type]


def test_a_note_of_four_weeks_ago_is_still_remembered() -> None:
    assert check_note("They rang.", "", on=TODAY - timedelta(days=28), today=TODAY, own_school=False) == ("They rang.", "")


def test_what_is_not_accurate_is_said_and_what_is_needs_no_words() -> None:
    assert (check_mark(YES, " "), check_mark(NO, " We rang them. ")) == ("", "We rang them.")
    for words in ("  ", "a" * (contact.REPLY_AT_MOST + 1)):
        with pytest.raises(NoWords):
            check_mark(NO, words)


def test_every_kind_of_contact_and_of_others_has_words() -> None:
    assert (set(contact.KIND_SAYS), set(others.KIND_SAYS)) == (set(ContactKind), set(OtherKind))


def test_what_the_register_says_is_told_without_anybody_entering_it() -> None:
    assert standing_others(trust="Waterside Trust", federation="", diocese="Diocese of Fernshire") == (
        Other(OtherKind.TRUST, "Waterside Trust", standing=True),
        Other(OtherKind.DIOCESE, "Diocese of Fernshire", standing=True),
    )
    assert standing_others(federation="Two Valleys", diocese="Not applicable") == (Other(OtherKind.TRUST, "Two Valleys", standing=True),)


def test_those_on_the_same_theme_and_too_many_at_once_are_pointed_out() -> None:
    maths = Other(OtherKind.HUB, "Maths hub", ("mathematics",))
    rise = Other(OtherKind.RISE, "Regional team", ("leadership", "reading"))
    trust = Other(OtherKind.TRUST, "Waterside Trust", standing=True)
    assert overlap((maths, rise, trust), ["reading"]) == (rise,)
    assert [crowded(some) for some in ((maths, rise, trust), (maths, rise, maths, trust))] == [False, True]


def test_others_are_entered_with_a_source() -> None:
    found = check_other(OtherKind.HUB, " A  hub ", " phonics ", "the head", from_on=TODAY, until_on=None, today=TODAY)
    assert found == ("A hub", "phonics", "the head")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"kind": OtherKind.TRUST}, Missing),
        ({"kind": OtherKind.DIOCESE}, Missing),
        ({"name": " "}, NoWords),
        ({"name": "a" * (others.NAME_AT_MOST + 1)}, NoWords),
        ({"source": ""}, NoWords),
        ({"source": "a" * (others.SOURCE_AT_MOST + 1)}, NoWords),
        ({"words": "a" * (others.WORDS_AT_MOST + 1)}, NoWords),
        ({"from_on": TODAY + timedelta(days=1)}, WrongDay),
        ({"until_on": TODAY}, WrongDay),
    ],
)
def test_others_that_cannot_be_are_refused_in_words(changed: dict[str, object], refused: type[SupportRefused]) -> None:
    said: dict[str, object] = {"kind": OtherKind.RISE, "name": "Regional team", "words": "", "source": "the head"} | {
        "from_on": TODAY, "until_on": None,
    } | changed  # fmt: skip
    with pytest.raises(refused, match="Nothing was changed"):
        check_other(said.pop("kind"), said.pop("name"), said.pop("words"), said.pop("source"), today=TODAY, **said)  # type: ignore[arg-type]
