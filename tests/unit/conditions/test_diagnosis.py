"""The system read by two sides: the framework as data, and what is told of whom."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.conditions.rules import diagnosis as rules
from convenor.conditions.rules.diagnosis import FRAMEWORKS, framework
from convenor.conditions.rules.refusals import BadAgenda, NotOpen, NoWords
from convenor.conditions.rules.states import Reading

ASKED = framework()
FILE: dict[str, Any] = tomllib.loads((FRAMEWORKS / "local-systems.toml").read_text())
READINGS = st.lists(
    st.dictionaries(st.sampled_from(["champion", "stage"]), st.sampled_from(["first", "last"])).map(
        lambda given: {key: {"champion": ("little", "fully"), "stage": ("direction", "no-direction")}[key][said == "last"]
                       for key, said in given.items()}
    ),
    max_size=23,
)  # fmt: skip


def test_framework_holds_what_the_sources_name() -> None:
    counts = {section.key: len(section.questions) for section in ASKED.sections}
    assert counts == {
        "roles": 3, "transition": 5, "stage": 1, "type": 1, "elements": 4, "challenges": 5, "characteristics": 5, "opportunities": 5,
    }  # fmt: skip
    options = {each.key: len(each.options) for each in ASKED.questions}
    assert [options[key] for key in ("kind", "stage", "type")] == [3, 3, 3]
    assert all(section.source for section in ASKED.sections)
    assert ASKED.label == "local-systems-1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": None}, "'version'"), ({"scale": []}, "'fully'"), ({"section": FILE["section"][:1] * 2}, "champion is there twice"),
        ({"section": [FILE["section"][0] | {"question": [{"key": "q", "words": "W", "options": [["a", "A"]]}]}]}, "q needs two options"),
        ({"section": [FILE["section"][0] | {"question": [{"key": "q", "words": "W", "options": [["a", "A"]] * 2}]}]}, "q needs two"),
    ],
)  # fmt: skip
def test_framework_that_cannot_be_read_says_why(change: dict[str, Any], words: str) -> None:
    row = {key: each for key, each in (FILE | change).items() if each is not None}
    with pytest.raises(BadAgenda, match=words):
        rules.framework_from(row)


def test_officer_reads_as_an_officer_and_a_governor_on_neither_side() -> None:
    asked = (["head"], ["trust-lead"], ["head", "officer"], ["chair-of-governors", "manager"], [])
    assert [rules.side_of(each) for each in asked] == [Reading.HEADS, Reading.HEADS, Reading.OFFICERS, None, None]


def test_answers_are_kept_where_they_were_given() -> None:
    assert rules.check_answers({"champion": "fully", "stage": ""}, ASKED) == {"champion": "fully"}
    for answers in ({}, {"stage": ""}, {"weather": "fully"}, {"stage": "fully"}):
        with pytest.raises(NoWords):
            rules.check_answers(answers, ASKED)


def test_reading_that_is_counted_stands() -> None:
    rules.refuse_counted(5, 9)
    rules.refuse_counted(0, 4)
    for place, people in ((0, 5), (4, 9), (9, 10)):
        with pytest.raises(NotOpen):
            rules.refuse_counted(place, people)


def test_nothing_is_told_before_five_of_each_side_have_read() -> None:
    told = rules.tell({Reading.HEADS: [{"stage": "direction"}] * 20, Reading.OFFICERS: [{"stage": "direction"}] * 4}, ASKED)
    assert (told.enough, told.questions, told.needed) == (False, {}, {Reading.HEADS: 0, Reading.OFFICERS: 1})


def test_both_sides_are_told_side_by_side() -> None:
    heads, officers = [{"stage": "status-quo"}] * 7, [{"stage": "direction"}] * 4 + [{"stage": "no-direction"}]
    told = rules.tell({Reading.HEADS: heads, Reading.OFFICERS: officers}, ASKED)
    assert {side: each.counts for side, each in told.questions["stage"].items()} == {Reading.HEADS: (0, 5, 0), Reading.OFFICERS: (4, 0, 1)}
    assert told.questions["champion"][Reading.HEADS].said == 0


def counts(rows: list[Mapping[str, str]], key: str) -> tuple[int, ...]:
    told = rules.tell({Reading.HEADS: rows, Reading.OFFICERS: [{"stage": "direction"}] * 5}, ASKED)
    return (told.questions[key][Reading.HEADS].counts if told.questions else None) or ()


@settings(max_examples=150)
@given(READINGS, st.sampled_from(["champion", "stage"]))
def test_between_two_tellings_lie_the_answers_of_five(rows: list[Mapping[str, str]], key: str) -> None:
    """Whoever looks after each reading sees a question's counts grow by five people at least, or not at all."""
    seen: tuple[int, ...] = ()
    for upto in range(len(rows) + 1):
        now = counts(rows[:upto], key)
        if now != seen:
            grown = [after - before for after, before in zip(now, seen or (0,) * len(now), strict=True)]
            assert min(grown) >= 0
            assert sum(grown) >= 5
        seen = now


@settings(max_examples=150)
@given(READINGS, st.data())
def test_whatever_may_still_change_changes_nothing_told(rows: list[Mapping[str, str]], data: st.DataObject) -> None:
    free = range(rules.counted(len(rows)), len(rows))
    changed = [data.draw(st.just({"stage": "direction"})) if place in free else row for place, row in enumerate(rows)]
    assert [counts(rows, key) for key in ("champion", "stage")] == [counts(changed, key) for key in ("champion", "stage")]
