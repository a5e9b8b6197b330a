"""Days given and received, by school and by trust."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules.loads import Load, Visited, loads, visit_days

VISITS = (
    Visited(1, "A", "", 11, "B", "T", 2),
    Visited(1, "A", "", 12, "C", "T", 2),
    Visited(1, "A", "", 13, "", "", 2),
    Visited(2, "B", "T", 14, "A", "", 1),
    Visited(2, "B", "T", 13, "", "", 1),
)


def test_days_are_given_by_the_reviewers_school_and_received_by_the_host() -> None:
    assert loads(VISITS).schools == (Load("A", 1, 6, 1, 1), Load("B", 2, 2, 1, 1), Load("C", 2, 0, 1, 1))


def test_trust_gives_and_receives_for_all_its_schools() -> None:
    assert loads(VISITS).trusts == (Load("T", 4, 2, 2, 2),)


def test_independent_reviewers_days_are_received_and_given_by_no_school() -> None:
    found = loads(VISITS)
    assert (found.days, found.independent_days, found.people) == (8, 3, 4)


def test_somebody_with_two_parts_in_one_visit_counts_once() -> None:
    assert loads([*VISITS, *VISITS]) == loads(VISITS)


def test_somebody_at_one_host_in_two_rounds_counts_twice() -> None:
    assert loads([Visited(1, "A", "", 11, "B", "", 2), Visited(9, "A", "", 11, "B", "", 1)]).schools == (
        Load("A", 0, 3, 0, 1), Load("B", 3, 0, 1, 1),
    )  # fmt: skip


def test_nobody_visited_is_no_day() -> None:
    found = loads([])
    assert (found.days, found.schools, found.trusts) == (0, (), ())


def test_balance_is_said_in_words_that_blame_nobody() -> None:
    said = [Load("A", given_days, 4, 1, 1).says for given_days in (2, 6, 9, 0)]
    assert said == ["about even", "about even", "5 days more given than received", "4 days more received than given"]


PLACES = st.sampled_from(["A", "B", "C", "D"])
TRUST_OF = {"A": "T", "B": "T", "C": "", "D": "U", "": ""}


@given(st.lists(st.tuples(st.integers(1, 5), PLACES, st.integers(1, 9), st.sampled_from(["", "A", "B", "C", "D"]), st.integers(1, 3))))
def test_every_day_is_received_and_given_once(rows: list[tuple[int, str, int, str, int]]) -> None:
    found = loads(Visited(n, host, TRUST_OF[host], who, home, TRUST_OF[home], days) for n, (_, host, who, home, days) in enumerate(rows))
    assert sum(each.received_days for each in found.schools) == found.days == sum(row[4] for row in rows)
    assert sum(each.given_days for each in found.schools) + found.independent_days == found.days


def test_visit_over_a_weekend_takes_its_school_days() -> None:
    assert [visit_days(date(2026, 12, 4), date(2026, 12, day)) for day in (5, 7, 8)] == [1, 1, 2]
