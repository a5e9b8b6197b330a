"""What a file's appointments make of those that are there already."""

from dataclasses import replace
from datetime import date

from convenor.partnership.rules.constitution import Appointment, Seat
from convenor.partnership.rules.merging import Merged, lasting, merge

DAY = date(2026, 11, 2)
FIRST = Appointment("board", "chair", "Ada Example", date(2022, 9, 1), date(2024, 9, 1))
SECOND = Appointment("board", "chair", "Ada Example", date(2024, 9, 1))


def changes(merged: tuple[Merged, ...]) -> list[tuple[int | None, tuple[str, ...], date | None]]:
    return [(each.place, each.changed, each.after.until_on) for each in merged]


def test_the_same_again_changes_nothing() -> None:
    both = (FIRST, SECOND)
    assert merge(both, both, both, DAY) == (Merged(FIRST, 0), Merged(SECOND, 1))


def test_whoever_sat_twice_is_told_apart_by_the_nearer_start() -> None:
    later = replace(SECOND, from_on=date(2024, 10, 1))
    found = merge((FIRST, SECOND), (FIRST, SECOND), (FIRST, later), DAY)
    assert [(each.place, each.changed, each.after.from_on) for each in found] == [
        (0, (), FIRST.from_on), (1, ("from_on",), date(2024, 10, 1))
    ]  # fmt: skip


def test_a_term_that_shares_no_day_with_the_one_there_is_another() -> None:
    next_term = Appointment("board", "chair", "Ada Example", date(2024, 9, 1))
    assert changes(merge((FIRST,), (FIRST,), (next_term,), DAY)) == [(0, (), FIRST.until_on), (None, (), None)]


def test_of_two_near_starts_each_is_taken_once() -> None:
    open_ended = replace(SECOND, from_on=None)
    one, other = replace(SECOND, from_on=date(2025, 1, 1)), replace(SECOND, from_on=date(2026, 1, 1))
    found = merge((open_ended,), (), (one, other), DAY)
    assert [(each.place, each.after.from_on) for each in found] == [(0, date(2025, 1, 1)), (None, date(2026, 1, 1))]


def test_a_first_day_left_out_is_no_change() -> None:
    assert changes(merge((SECOND,), (SECOND,), (replace(SECOND, from_on=None),), DAY)) == [(0, (), None)]


def test_what_the_site_changed_stays_where_the_file_did_not_change() -> None:
    standing = replace(SECOND, until_on=date(2027, 1, 1), handover="Written on the site.")
    found = merge((standing,), (SECOND,), (replace(SECOND, role="headteacher"),), DAY)
    assert found == (Merged(replace(standing, role="headteacher"), 0, ("role",), words="role headteacher"),)


def test_a_line_taken_out_of_the_file_is_taken_out() -> None:
    named = replace(SECOND, until_on=date(2027, 1, 1), successor="Fay New", handover="Papers.")
    found = merge((named,), (named,), (SECOND,), DAY)
    assert [(each.after, each.words) for each in found] == [(SECOND, "no until, no successor, hand-over note")]


def test_one_that_no_version_named_takes_what_the_file_says_and_keeps_the_rest() -> None:
    by_hand = replace(SECOND, role="headteacher", handover="Kept.")
    found = merge((by_hand,), (), (replace(SECOND, until_on=date(2027, 9, 1)),), DAY)
    assert [each.after for each in found] == [replace(by_hand, until_on=date(2027, 9, 1))]


def test_one_named_no_longer_ends_on_the_day_or_on_its_first() -> None:
    to_come = replace(SECOND, person="Ben Marsh", from_on=date(2027, 9, 1))
    other = replace(SECOND, person="Cora Fields")
    found = merge((SECOND, to_come, other), (SECOND, to_come, other), (other,), DAY)
    assert [(each.ends, each.after.until_on) for each in found] == [(True, DAY), (True, date(2027, 9, 1)), (False, None)]


def test_one_named_no_longer_whose_first_day_nobody_knows_ends_on_the_day() -> None:
    undated, other = replace(SECOND, from_on=None), replace(SECOND, person="Cora Fields")
    assert merge((undated,), (undated,), (other,), DAY)[0].after.until_on == DAY


def test_lasting_keeps_earlier_terms_only_where_their_number_is_limited() -> None:
    merged = (Merged(FIRST, 0), Merged(SECOND, 1), Merged(replace(SECOND, until_on=date(2027, 1, 1))))
    free, limited = Seat("chair", "Chair"), Seat("chair", "Chair", terms_running=2)
    assert len(lasting(merged, {("board", "chair"): free}, DAY)) == 2
    assert len(lasting(merged, {("board", "chair"): limited}, DAY)) == 3
    assert lasting(merged, {}, DAY) == ()
