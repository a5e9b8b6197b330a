"""What stands in a report, when it may be shared, and what a school agrees afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules.priorities import Priority, check_priorities, check_results
from convenor.peer_review.rules.refusals import Missing, NoWords, WrongDay
from convenor.peer_review.rules.report import FINDING_AT_MOST, Finding, Writing, check_ready, kept, with_notes, writing_from
from convenor.peer_review.rules.states import ActionResult
from tests.factories.refusals import refusal_of

KNOWN = ("a", "b")
WHOLE = Writing(
    "We were asked about reading.",
    (Finding("reading", "Stories are told well.", ("a",)),),
    (Finding("writing", "Write for a reader.", ("b",)),),
    Finding("reading", "The story corner."),
)


@pytest.mark.parametrize("writing", [Writing(), WHOLE, replace(WHOLE, grade="Under way", excellence=None)])
def test_a_working_copy_is_read_back_unchanged(writing: Writing) -> None:
    assert writing_from(writing.as_dict()) == writing


def test_a_report_that_rests_on_evidence_may_be_shared() -> None:
    graded = replace(WHOLE, grade="Under way")
    assert refusal_of(check_ready, WHOLE, known=KNOWN, scale=()) is None
    assert refusal_of(check_ready, graded, known=KNOWN, scale=("Just begun", "Under way")) is None


@pytest.mark.parametrize(
    ("changed", "scale", "says"),
    [
        ({"summary": ""}, (), "The summary is empty"),
        ({"strengths": ()}, (), "There is no strength yet"),
        ({"even_better": ()}, (), "There is no even better if yet"),
        ({"strengths": (Finding("reading", "Well told."),)}, (), "The strength number 1 rests on no evidence"),
        ({"strengths": (Finding("reading", "Well told.", ("gone",)),)}, (), "The strength number 1 rests on no evidence"),
        ({"even_better": (Finding("", "Write.", ("a",)),)}, (), "The even better if number 1 has no theme"),
        ({"even_better": (Finding("writing", "", ("a",)),)}, (), "The even better if number 1 has no words"),
        ({"excellence": Finding("", "The corner.")}, (), "The area of excellence needs"),
        ({"grade": "Under way"}, (), "The school chose no such word"),
        ({"grade": ""}, ("Just begun", "Under way"), "The school asked for a word"),
    ],
)
def test_a_report_is_not_shared_before_it_is_whole(changed: dict[str, object], scale: tuple[str, ...], says: str) -> None:
    with pytest.raises(Missing) as refused:
        check_ready(replace(WHOLE, **changed), known=KNOWN, scale=scale)  # type: ignore[arg-type]
    assert str(refused.value)[: len(says)] == says


def test_what_is_kept_is_trimmed_and_rests_on_known_notes() -> None:
    given_ = Writing(" s ", (Finding("reading", " w ", ("a", "a", "x")), Finding("reading", "  ")), (), Finding("", "  "), "  Under   way ")
    assert kept(given_, known=KNOWN) == Writing("s", (Finding("reading", "w", ("a",)),), (), None, "Under way")
    assert kept(Writing(excellence=Finding("none such", "w")), known=()) == Writing(excellence=Finding("", "w"))


def test_too_much_is_refused() -> None:
    with pytest.raises(NoWords):
        kept(Writing(strengths=(Finding("reading", "x" * (FINDING_AT_MOST + 1)),)), known=KNOWN)
    with pytest.raises(Missing):
        kept(Writing(even_better=tuple(Finding("reading", str(number)) for number in range(7))), known=KNOWN)


def test_notes_become_a_finding_that_rests_on_them() -> None:
    notes = [("a", "", "First."), ("b", "writing", "Second.")]
    made = Finding("writing", "First.\nSecond.", ("a", "b"))
    assert with_notes(Writing(), notes, strength=True) == Writing(strengths=(made,))
    assert with_notes(Writing(), notes, strength=False) == Writing(even_better=(made,))
    assert with_notes(WHOLE, [], strength=True) == WHOLE


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "x"]), st.sampled_from(["reading", "", "no"]), st.text(max_size=40)), max_size=5))
def test_keeping_twice_is_keeping_once(rows: list[tuple[str, str, str]]) -> None:
    once = kept(Writing("s", tuple(Finding(theme, words, (uid,)) for uid, theme, words in rows)), known=KNOWN)
    assert kept(once, known=KNOWN) == once


ON = date(2026, 12, 17)
AGREED = Priority("Daily reading", "reading", "Reading lead", date(2027, 5, 28), "Children who read daily", "Nine of thirty")


def test_whole_priorities_are_taken_and_empty_ones_are_none() -> None:
    assert check_priorities([AGREED, Priority(), replace(AGREED, title=" Two ", theme="none such")], on=ON) == (
        AGREED, replace(AGREED, title="Two", theme=""),
    )  # fmt: skip


@pytest.mark.parametrize("number", [0, 4])
def test_a_school_agrees_one_to_three_priorities(number: int) -> None:
    with pytest.raises(Missing):
        check_priorities([AGREED] * number, on=ON)


@pytest.mark.parametrize("name", ["title", "owner", "measure", "baseline"])
def test_a_priority_lacks_nothing(name: str) -> None:
    with pytest.raises(NoWords):
        check_priorities([replace(AGREED, **{name: " "})], on=ON)  # type: ignore[arg-type]
    with pytest.raises(NoWords):
        check_priorities([replace(AGREED, **{name: "x" * 301})], on=ON)  # type: ignore[arg-type]


@pytest.mark.parametrize("by_on", [ON, date(2026, 1, 1), date(2029, 1, 1)])
def test_a_priority_is_done_by_a_day_within_two_years(by_on: date) -> None:
    with pytest.raises(WrongDay):
        check_priorities([replace(AGREED, by_on=by_on)], on=ON)
    with pytest.raises(Missing):
        check_priorities([replace(AGREED, by_on=None)], on=ON)


def test_something_is_said_of_each_priority_at_the_impact_visit() -> None:
    said = check_results([1, 2], {1: ("done", " Every day. "), 2: ("stopped", "")})
    assert said == {1: (ActionResult.DONE, "Every day."), 2: (ActionResult.STOPPED, "")}
    with pytest.raises(Missing):
        check_results([1, 2], {1: ("done", "")})
