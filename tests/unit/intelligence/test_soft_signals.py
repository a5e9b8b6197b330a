"""Soft signals: what is refused, what several weigh together, and what never weighs anything."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.lines import SOFT_SIGNAL, Level, suggested_by
from convenor.intelligence.rules.soft_signals import (
    KINDS,
    SOURCES,
    Confidence,
    Sensitivity,
    Signal,
    SignalRefused,
    independent,
    level_of,
    lines_of,
    refuse_signal,
    stale_on,
)
from tests.factories.refusals import refusal_of

ON = date(2026, 11, 2)
SEEN = Signal("staffing", Confidence.SEEN, date(2026, 10, 1), "1", "Cluster lead")
TOLD = Signal("staffing", Confidence.TOLD, date(2026, 10, 5), "2", "Broker", source="governors")
HEARD = replace(TOLD, confidence=Confidence.SECOND_HAND)
FACT = "Two of nine class teachers left in July."


def refuse(**more: Any) -> None:
    known: dict[str, Any] = {
        "kind": "staffing", "words": FACT, "confidence": "seen", "sensitivity": "circle", "source": "", "happened_on": date(2026, 7, 20),
        "today": ON,
    }  # fmt: skip
    refuse_signal(**known | more)


def test_a_dated_fact_with_its_source_is_kept() -> None:
    kept: list[dict[str, str]] = [
        {}, {"confidence": "told", "source": "families", "sensitivity": "broker"},
        {"words": "Thomas Keble moved its sixth form in May.", "school": "Thomas Keble"},
    ]  # fmt: skip
    assert [refusal_of(refuse, **more) for more in kept] == [None, None, None]


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        ({"kind": "gossip"}, "kind", "Choose what kind of fact it is. Nothing was changed."),
        ({"confidence": "sure"}, "confidence", "Say how you know it. Nothing was changed."),
        ({"sensitivity": "everyone"}, "sensitivity", "Say who may see it. Nothing was changed."),
        ({"source": "Jane"}, "source", "Choose who saw it from the list. Nothing was changed."),
        ({"confidence": "told"}, "source", "Say who saw it: a group, not a name. Nothing was changed."),
        ({"confidence": "second-hand"}, "source", "Say who saw it: a group, not a name. Nothing was changed."),
        ({"happened_on": date(2026, 11, 3)}, "happened_on",
         "A fact cannot lie in the future. When was it seen to be so? Nothing was changed."),
        ({"happened_on": date(2025, 11, 2)}, "happened_on",
         "That was more than a year ago. Note it only if it is still so, with the day on which that was last seen. Nothing was changed."),
        ({"words": "Mrs Smith left in July."}, "words",
         "Not kept yet: something is put back to you. Your words are still in the form."),
        ({"words": "Behaviour is poor in the hall."}, "words",
         "Not kept yet: something is put back to you. Your words are still in the form."),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_remedy(more: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(SignalRefused) as told:
        refuse(**more)
    assert (told.value.field, str(told.value), bool(told.value.findings)) == (field, message, field == "words")


def test_one_signal_is_a_note() -> None:
    assert level_of([SEEN], on=ON) is Level.NOTE
    assert level_of([], on=ON) is None


def test_two_that_do_not_depend_on_each_other_are_a_medium() -> None:
    assert level_of([SEEN, TOLD], on=ON) is Level.MEDIUM
    assert level_of([SEEN, replace(SEEN, writer="2")], on=ON) is Level.MEDIUM


@pytest.mark.parametrize(
    "other",
    [
        replace(TOLD, writer="1"),  # the same writer
        replace(TOLD, confidence=Confidence.SECOND_HAND),
        replace(TOLD, own=True),
        replace(TOLD, disputed=True),
        replace(TOLD, as_of_on=date(2025, 11, 2)),  # a year old
    ],
)
def test_a_second_one_that_does_not_count_leaves_a_note(other: Signal) -> None:
    assert level_of([SEEN, other], on=ON) is Level.NOTE


def test_two_writers_told_by_one_group_depend_on_it() -> None:
    assert not independent(TOLD, replace(TOLD, writer="3"))
    assert independent(TOLD, replace(TOLD, writer="3", source="families"))


SIGNALS = st.builds(
    Signal,
    kind=st.sampled_from(list(KINDS)),
    confidence=st.sampled_from(list(Confidence)),
    as_of_on=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    writer=st.sampled_from("123"),
    role=st.just("Broker"),
    source=st.sampled_from(["", *SOURCES]),
    own=st.booleans(),
    disputed=st.booleans(),
)


@given(st.lists(st.builds(lambda each: replace(each, confidence=Confidence.SECOND_HAND), SIGNALS), max_size=8))
def test_second_hand_alone_never_suggests_anything(signals: list[Signal]) -> None:
    lines = lines_of(signals, on=ON)
    assert {each.level for each in lines} <= {Level.NOTE}
    assert suggested_by((each.code, each.level) for each in lines) == ()


@given(st.lists(st.builds(lambda each: replace(each, own=True), SIGNALS), max_size=8))
def test_a_schools_own_openness_never_counts_against_it(signals: list[Signal]) -> None:
    assert {each.level for each in lines_of(signals, on=ON)} <= {Level.NOTE}


@given(st.lists(SIGNALS, max_size=8))
def test_soft_signals_alone_never_suggest_a_conversation(signals: list[Signal]) -> None:
    lines = lines_of(signals, on=ON)
    assert suggested_by((each.code, each.level) for each in lines) == ()
    assert {(each.code, each.maximum, each.contribution) for each in lines} <= {(SOFT_SIGNAL, 0, 0.0)}


@given(st.lists(SIGNALS, max_size=8))
def test_an_expired_signal_changes_nothing(signals: list[Signal]) -> None:
    standing = [each for each in signals if each.as_of_on <= ON < stale_on(each.as_of_on)]
    assert lines_of(signals, on=ON) == lines_of(standing, on=ON)


@pytest.mark.parametrize(
    ("signals", "says"),
    [
        ([SEEN], "Staffing: one signal: a note until a second source that does not depend on the first says the same."),
        ([SEEN, TOLD], "Staffing: 2 signals, 2 of them from sources that do not depend on each other."),
        ([HEARD], "Staffing: one signal at second hand: a note, which never counts by itself."),
        ([replace(SEEN, disputed=True)], "Staffing: one signal, disputed by the school: a note, which never counts by itself."),
        ([replace(SEEN, disputed=True), TOLD],
         "Staffing: 2 signals: a note until a second source that does not depend on the first says the same."),
        ([replace(SEEN, own=True)], "Staffing: one signal from the school itself: a note, which never counts against it."),
        ([replace(SEEN, kind="strength")],
         "Something that goes well: one signal of something that goes well; it never weighs against a school."),
    ],
)  # fmt: skip
def test_a_line_says_why_it_weighs_what_it_does(signals: list[Signal], says: str) -> None:
    assert [each.says for each in lines_of(signals, on=ON)] == [says]


def test_a_line_says_how_many_and_between_which_days() -> None:
    line = lines_of([TOLD, SEEN], on=ON)[0]
    assert (line.value, line.unit, line.period) == (2.0, "signals", "1 October 2026 to 5 October 2026")
    assert lines_of([SEEN], on=ON)[0].period == "on 1 October 2026"


def test_the_broker_alone_is_one_of_two_ways_to_keep_a_signal() -> None:
    assert [each.value for each in Sensitivity] == ["circle", "broker"]
