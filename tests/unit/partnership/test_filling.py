"""Filling a seat: who may, over which days, and how a call comes out."""

from dataclasses import replace
from datetime import date

import pytest

from convenor.partnership.rules.constitution import Appointment, Constitution, Member, Places, Seat
from convenor.partnership.rules.filling import decide, refuse_unfit, refuse_unfit_place, without_holders
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.refusals import NotThere, Refused, SeatByOffice, SeatRefused, SeatTaken, Undecided, WrongDays
from tests.factories.fernshire import APPOINTMENTS, CONSTITUTION, ON
from tests.factories.refusals import refusal_of

FERNSHIRE = parse(CONSTITUTION + APPOINTMENTS)
MEMBERS = (
    Member("990001", phase="primary", bodies=("north-cluster",), from_on=date(2025, 9, 1)),
    Member("990002", phase="primary", trust="T1", bodies=("north-cluster",), from_on=date(2025, 9, 1)),
    Member("990004", phase="secondary", trust="T1", bodies=("south-cluster",), from_on=date(2025, 9, 1)),
)
FIRST, BEFORE = date(2025, 9, 1), date(2025, 8, 31)
WHOLE = replace(FERNSHIRE, members=MEMBERS)
HEAD = Appointment("board", "primary-heads", "Sky Fresh", from_on=ON, role="headteacher", school="990003", phase="primary")


def test_a_fit_person_is_not_refused() -> None:
    assert refusal_of(refuse_unfit, WHOLE, HEAD) is None


@pytest.mark.parametrize(
    ("proposed", "error"),
    [
        (replace(HEAD, body="nowhere"), NotThere),
        (replace(HEAD, seat="nothing"), NotThere),
        (replace(HEAD, from_on=None), WrongDays),
        (replace(HEAD, until_on=ON), WrongDays),
        (replace(HEAD, from_on=date(1999, 1, 1)), SeatRefused),
        (replace(HEAD, seat="alliance-chairs"), SeatByOffice),
        (replace(HEAD, seat="chair"), SeatTaken),
        (replace(HEAD, role="governor"), SeatRefused),
        (replace(HEAD, phase="secondary"), SeatRefused),
        (replace(HEAD, person="Ada Example"), SeatRefused),
        (replace(HEAD, school="990001"), SeatRefused),
        (replace(HEAD, school="990002", trust="T1"), SeatRefused),
    ],
)
def test_an_unfit_person_is_refused_by_name(proposed: Appointment, error: type[Refused]) -> None:
    with pytest.raises(error) as refused:
        refuse_unfit(WHOLE, proposed)
    assert type(refused.value) is error


def test_a_seat_that_has_ended_is_not_filled() -> None:
    bodies = tuple(replace(body, until_on=ON) if body.id == "board" else body for body in WHOLE.bodies)
    with pytest.raises(NotThere):
        refuse_unfit(replace(WHOLE, bodies=bodies), HEAD)


def test_a_place_taken_later_in_the_term_refuses_too() -> None:
    later = replace(HEAD, person="Later One", school="", from_on=date(2027, 1, 1))
    with pytest.raises(SeatTaken, match="on 2027-01-01 it is held by Ada Example, Later One"):
        refuse_unfit(replace(WHOLE, appointments=(*WHOLE.appointments, later)), HEAD)


def test_a_seat_for_any_number_is_never_full() -> None:
    seat = Seat("guests", "Guests", places=Places(0, None))
    bodies = tuple(replace(body, seats=(*body.seats, seat)) if body.id == "alliance" else body for body in WHOLE.bodies)
    asked = Appointment("alliance", "guests", "Sky Fresh", from_on=ON)
    crowd = tuple(replace(asked, person=f"Guest {number}") for number in range(20))
    whole = replace(WHOLE, bodies=bodies, appointments=(*WHOLE.appointments, *crowd))
    assert refusal_of(refuse_unfit, whole, asked) is None


def test_the_problems_are_named() -> None:
    with pytest.raises(SeatRefused) as refused:
        refuse_unfit(WHOLE, replace(HEAD, role="governor"))
    assert [problem.body for problem in refused.value.problems] == ["board"]


def test_a_seat_is_thought_empty_without_its_holders() -> None:
    vacant = without_holders(WHOLE, "board", "chair")
    assert [each.person for each in vacant.appointments] == ["Ada Example", "Cora Fields", "Ben Marsh"]


def test_a_school_sits_in_one_cluster_only() -> None:
    assert refusal_of(refuse_unfit_place, WHOLE, "990001", "alliance", ON) is None
    with pytest.raises(SeatRefused):
        refuse_unfit_place(WHOLE, "990001", "south-cluster", ON)


def test_only_a_member_sits_in_a_body() -> None:
    with pytest.raises(NotThere, match="not a member"):
        refuse_unfit_place(WHOLE, "990005", "south-cluster", ON)
    with pytest.raises(NotThere, match="not in force"):
        refuse_unfit_place(WHOLE, "990001", "nowhere", ON)


def test_a_school_may_sit_from_its_first_day() -> None:
    bare = tuple(replace(row, bodies=()) for row in MEMBERS)
    asked = [refusal_of(refuse_unfit_place, replace(WHOLE, members=bare), "990001", "north-cluster", day) for day in (FIRST, BEFORE)]
    assert asked == [None, NotThere]


def test_an_uncontested_call_takes_everybody() -> None:
    decision = decide([1, 2], 2, votes=None, chosen=None, why="")
    assert (decision.chosen, decision.words) == ((1, 2), "Uncontested.")


def test_votes_choose() -> None:
    decision = decide([1, 2, 3], 2, votes={1: 4, 2: 9, 3: 5}, chosen=None, why="")
    assert (decision.chosen, decision.words) == ((2, 3), "By votes.")


def test_a_choice_needs_its_reason() -> None:
    assert decide([1, 2], 1, votes=None, chosen=[2], why="By lot.").chosen == (2,)
    with pytest.raises(Undecided, match="how it was decided"):
        decide([1, 2], 1, votes=None, chosen=[2], why=" ")


@pytest.mark.parametrize(
    ("standing", "places", "votes", "chosen", "error"),
    [
        ([], 1, None, None, Undecided),
        ([1, 2], 1, None, None, Undecided),
        ([1, 2], 1, {1: 3}, None, Undecided),
        ([1, 2], 1, {1: 3, 2: 3}, None, Undecided),
        ([1, 2], 1, None, [3], Refused),
        ([1, 2], 1, None, [1, 2], Refused),
        ([1, 2, 3], 2, None, [1, 2, 3], Refused),
    ],
)
def test_what_cannot_be_decided_is_not(
    standing: list[int], places: int, votes: dict[int, int] | None, chosen: list[int] | None, error: type[Refused]
) -> None:
    with pytest.raises(error) as refused:
        decide(standing, places, votes=votes, chosen=chosen, why="By lot.")
    assert type(refused.value) is error


def test_a_constitution_of_nothing_has_no_seat() -> None:
    with pytest.raises(NotThere):
        refuse_unfit(Constitution("none", "None", WHOLE.kind), HEAD)
