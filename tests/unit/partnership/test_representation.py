"""For whom a board speaks, beside the schools it stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.partnership.rules.representation import Group, SchoolStanding, representation, representation_of
from tests.unit.partnership.sound import DAY, appointment, constitution

PRIMARY, SECONDARY = SchoolStanding("primary", "community"), SchoolStanding("secondary", "academy-converter", "Beacon Trust")


def test_groups_are_shares_of_seats_and_of_schools() -> None:
    found = representation([PRIMARY, SECONDARY, SECONDARY, None], [PRIMARY] * 6 + [SECONDARY] * 2)
    assert found.by_phase == (
        Group("primary", 1, 6, pytest.approx(100 / 3), 75.0, 2.25, False),
        Group("secondary", 2, 2, pytest.approx(200 / 3), 25.0, 0.75, True),
    )
    assert [(group.key, group.seats, group.schools) for group in found.by_type] == [("maintained", 1, 6), ("academy", 2, 2)]
    assert [(group.key, group.seats, group.schools) for group in found.by_trust] == [("no trust", 1, 6), ("Beacon Trust", 2, 2)]
    assert (found.seats, found.other_seats, found.schools, found.trusts_on_board, found.trusts) == (3, 1, 8, 1, 1)


def test_small_numbers_are_said() -> None:
    assert representation([PRIMARY], [PRIMARY]).small == "Only 1 seat is held by people of schools, so shares say little."
    assert representation([PRIMARY] * 9, [PRIMARY]).small == "Only 9 seats are held by people of schools, so shares say little."
    assert representation([PRIMARY] * 10, [PRIMARY]).small == ""


def test_nobody_and_nothing_have_no_shares() -> None:
    assert representation([], [PRIMARY]).by_phase == (Group("primary", 0, 1, None, 100.0, 0.0, True),)
    assert representation([PRIMARY], []).by_phase == (Group("primary", 1, 0, 100.0, None, None, True),)


def test_what_is_not_said_is_a_group_of_its_own() -> None:
    found = representation([SchoolStanding()], [SchoolStanding("special", "further-education")])
    assert [group.key for group in found.by_phase] == ["special", "not said"]
    assert [group.key for group in found.by_type] == ["further-education", "not said"]


def test_top_bodies_stand_for_all_members() -> None:
    found = representation_of(constitution(), DAY)
    assert [(group.key, group.seats, group.schools) for group in found.by_phase] == [("primary", 2, 2), ("secondary", 1, 1)]
    assert (found.seats, found.other_seats) == (3, 1)


def test_one_body_may_be_asked_about() -> None:
    found = representation_of(constitution(), DAY, body="inclusion")
    assert [(group.key, group.seats) for group in found.by_phase] == [("primary", 1), ("secondary", 1)]
    assert representation_of(constitution(), DAY, body="gone").seats == 0


def test_body_of_one_phase_stands_for_its_schools() -> None:
    phased = constitution(
        ('members = "4 to 6"', 'phases = ["primary"]'),
        add='\n[[member]]\nschool = "900004"\nphase = "all-through"\n[[member]]\nschool = "900005"\n',
    )
    assert [(group.key, group.schools) for group in representation_of(phased, DAY).by_phase] == [
        ("primary", 2),
        ("all-through", 1),
        ("not said", 1),
        ("secondary", 0),
    ]


def test_observers_are_not_counted() -> None:
    watched = constitution(
        ('title = "Primary head"', 'title = "Primary head"\npart = "observer"'),
        add=appointment("board", "heads", "Brine", 'phase = "special"'),
    )
    assert representation_of(watched, DAY).seats == 2


STANDINGS = st.builds(
    SchoolStanding, st.sampled_from(["", "primary", "secondary"]), st.sampled_from(["", "community"]), st.sampled_from(["", "T"])
)


@given(st.lists(st.none() | STANDINGS, max_size=12), st.lists(STANDINGS, max_size=12))
def test_groups_add_up(voices: list[SchoolStanding | None], schools: list[SchoolStanding]) -> None:
    found = representation(voices, schools)
    for groups in (found.by_phase, found.by_trust, found.by_type):
        assert sum(group.seats for group in groups) == found.seats
        assert sum(group.schools for group in groups) == found.schools
        if found.schools:
            assert sum(group.seats_in_proportion or 0 for group in groups) == pytest.approx(found.seats)
