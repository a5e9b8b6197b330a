"""Lines of evidence beside the nine conditions: how they stand, and that they are kept as they were."""

from __future__ import annotations

from datetime import date

from convenor.conditions.rules.evidence import CONDITIONS, EvidenceLine, beside, count_of, kept, read

ON = date(2026, 11, 22)
HELD = EvidenceLine("leadership", "Seats held", "5 of 6", "seats", ON, "The structure")
EMPTY = EvidenceLine("structures", "Meetings held", "", "", ON, "The structure", "meetings are not kept here yet", "see totals")


def test_line_is_shown_with_its_unit_or_with_why_it_is_not_known() -> None:
    assert (HELD.shown, EMPTY.shown) == ("5 of 6 seats", "meetings are not kept here yet")


def test_every_condition_has_its_lines_in_their_order() -> None:
    found = beside([EMPTY, HELD, HELD])
    assert list(found) == list(CONDITIONS)
    assert (found["leadership"], found["structures"], found["trust"]) == ((HELD, HELD), (EMPTY,), ())


def test_lines_are_read_as_they_were_kept() -> None:
    assert kept([HELD, EMPTY])["structures"][0]["as_at"] == "2026-11-22"
    assert read(kept([HELD, EMPTY])) == [HELD, EMPTY]


def test_count_says_none_in_words() -> None:
    assert [count_of(each, "group", "groups") for each in (0, 1, 2)] == ["no groups", "1 group", "2 groups"]
