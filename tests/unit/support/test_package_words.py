"""States, tasks and counts, as a package and a page call them."""

from __future__ import annotations

from convenor.support.rules.package_words import name_in, names_of, said_counts, stands_in
from convenor.support.rules.workflows import workflow

FLOW = workflow("lifecycle").as_dict()


def test_a_state_is_called_as_the_workflow_calls_it() -> None:
    assert (stands_in(FLOW, "agreeing"), stands_in(FLOW, "no-longer-there"), stands_in({}, "asked")) == (
        "Agreeing the plan", "no-longer-there", "asked",
    )  # fmt: skip


def test_tasks_and_limits_are_called_by_their_names_and_repeated_ones_as_the_first() -> None:
    names = names_of(FLOW)
    assert [name_in(names, key) for key in ("contact", "contact#3", "timer:review", "gone")] == [
        "Be in touch with the school", "Be in touch with the school", "Progress review", "gone",
    ]  # fmt: skip


def test_counts_are_said_without_those_that_are_nought() -> None:
    assert said_counts([(1, "visit", "visits"), (0, "note", "notes"), (3, "cost", "costs")]) == ("1 visit", "3 costs")
