"""Planning a workshop, its days, its cards, and sheets of paper typed in as digits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules.agendas import agenda
from convenor.conditions.rules.cards import NINE_CONDITIONS, Card, as_dicts, cards_from, cards_typed, check_cards
from convenor.conditions.rules.planning import (
    Plan,
    check_chosen,
    check_plan,
    next_state_refusal,
    picks_in_order,
    rows_typed,
    shape_in_words,
    takes_entries,
    takes_paper,
    way_of,
)
from convenor.conditions.rules.refusals import BadCards, ConditionsRefused, NoWords, WrongDay
from convenor.conditions.rules.states import Way, WorkshopState

ON = date(2026, 11, 2)
KEYS = [card.key for card in NINE_CONDITIONS]
ROOM = Plan("Our nine conditions", agenda("south-east-2019"), NINE_CONDITIONS, ON)
POST = replace(ROOM, agenda=agenda("by-post"), closes_on=ON + timedelta(days=14))
TEN = (*NINE_CONDITIONS, Card("more", "More", "More of it"))


@pytest.mark.parametrize("plan", [ROOM, POST, replace(ROOM, cards=TEN), replace(POST, closes_on=ON)])
def test_a_sound_plan_is_taken(plan: Plan) -> None:
    check_plan(plan, on=ON)
    assert plan.title == "Our nine conditions"


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (replace(ROOM, title="  "), NoWords),
        (replace(ROOM, title="x" * 161), NoWords),
        (replace(ROOM, cards=NINE_CONDITIONS[:8]), BadCards),
        (replace(ROOM, held_on=ON + timedelta(days=731)), WrongDay),
        (replace(ROOM, closes_on=ON), WrongDay),
        (replace(POST, closes_on=None), WrongDay),
        (replace(POST, closes_on=ON - timedelta(days=1)), WrongDay),
        (replace(POST, closes_on=ON + timedelta(days=93)), WrongDay),
        (replace(POST, cards=TEN), BadCards),
    ],
)
def test_a_plan_that_cannot_be_held_is_refused(plan: Plan, error: type[ConditionsRefused]) -> None:
    with pytest.raises(error, match=r"Nothing was changed\.$"):
        check_plan(plan, on=ON)


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        (NINE_CONDITIONS[:8], "There are 8 cards. A room places nine, or picks nine of up to twelve. Nothing was changed."),
        ((*TEN, *TEN[:3]), "There are 13 cards. A room places nine, or picks nine of up to twelve. Nothing was changed."),
        (
            (*NINE_CONDITIONS, Card("trust-2", "trust", "Again")),
            "The card “Trust” is there twice. Give each card a name of its own. Nothing was changed.",
        ),
        (
            (*NINE_CONDITIONS, Card("trust", "Faith", "Again")),
            "The card “Trust” is there twice. Give each card a name of its own. Nothing was changed.",
        ),
        (
            (*NINE_CONDITIONS, Card("none", " ", "x")),
            "Card 10 needs a name of at most 40 letters, and a wording of at most 200. Nothing was changed.",
        ),
        (
            (*NINE_CONDITIONS, Card("long", "Long", "x" * 201)),
            "Card 10 needs a name of at most 40 letters, and a wording of at most 200. Nothing was changed.",
        ),
    ],
)
def test_cards_that_no_room_can_place_are_refused(cards: tuple[Card, ...], said: str) -> None:
    with pytest.raises(BadCards) as error:
        check_cards(cards)
    assert str(error.value) == said


def test_cards_are_kept_and_read_back() -> None:
    assert cards_from(as_dicts(TEN)) == TEN


def test_cards_are_written_one_on_a_line() -> None:
    found = cards_typed("Attendance: Children come to school\n\n" + "\n".join(f"Card {number}" for number in range(8)), source="Us")
    assert found[:2] == (Card("card-1", "Attendance", "Children come to school", "Us"), Card("card-2", "Card 0", "Card 0", "Us"))


def test_a_card_written_twice_is_refused() -> None:
    with pytest.raises(BadCards, match="there twice"):
        cards_typed("\n".join(["Attendance"] * 9))


@pytest.mark.parametrize(
    ("state", "closes_on", "on", "expected"),
    [
        ("planned", None, ON, False), ("open", None, ON, True), ("closed", None, ON, False), ("open", ON, ON, True),
        ("open", ON, ON + timedelta(days=1), False),
    ],
)  # fmt: skip
def test_phones_send_while_it_is_open_and_by_post_until_its_last_day(state: str, closes_on: date | None, on: date, expected: bool) -> None:
    assert takes_entries(state, closes_on, on=on) is expected


@pytest.mark.parametrize(
    ("state", "closed_on", "days", "expected"),
    [("planned", None, 0, False), ("open", None, 0, True), ("closed", ON, 14, True), ("closed", ON, 15, False), ("closed", None, 0, False)],
)
def test_late_paper_joins_in_for_two_weeks(state: str, closed_on: date | None, days: int, expected: bool) -> None:
    assert takes_paper(state, closed_on, on=ON + timedelta(days=days)) is expected


def test_nine_cards_are_chosen_in_the_order_of_the_list() -> None:
    assert check_chosen([*reversed(KEYS)], TEN) == tuple(KEYS)


@pytest.mark.parametrize("keys", [KEYS[:8], [*KEYS, "more"], [*KEYS[:8], KEYS[0]], [*KEYS[:8], "nowhere"]])
def test_other_than_nine_different_cards_of_the_list_are_refused(keys: list[str]) -> None:
    with pytest.raises(BadCards, match="The room places nine cards"):
        check_chosen(keys, TEN)


def test_cards_stand_in_the_order_in_which_they_were_picked() -> None:
    found = picks_in_order(TEN, [["more", "trust"], ["more"]])
    assert [(card.key, many) for card, many in found[:3]] == [("more", 2), ("trust", 1), ("vision", 0)]


def test_a_sheet_is_typed_as_nine_digits() -> None:
    assert rows_typed("122 333,44;5", KEYS) == dict(zip(KEYS, [1, 2, 2, 3, 3, 3, 4, 4, 5], strict=True))


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("12233344", "There are 8 digits, and 9 cards: one digit for each card, in order. Nothing was saved."),
        ("122333446", "“6” is no row: rows are 1 (top) to 5 (bottom). Nothing was saved."),
        ("12233344x", "“x” is no row: rows are 1 (top) to 5 (bottom). Nothing was saved."),
    ],
)
def test_digits_that_are_no_sheet_are_refused(digits: str, said: str) -> None:
    with pytest.raises(BadCards) as error:
        rows_typed(digits, KEYS)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("122333445", ""),
        ("112333445", "row 1 has 2, one too many; row 2 has 1 of 2"),
        ("111333445", "row 1 has 3, 2 too many; row 2 has 0 of 2"),
    ],
)
def test_which_row_is_too_full_is_said(digits: str, said: str) -> None:
    assert shape_in_words(rows_typed(digits, KEYS)) == said


@given(st.lists(st.integers(1, 5), min_size=9, max_size=9))
def test_nothing_is_said_of_a_diamond_and_something_of_everything_else(rows: list[int]) -> None:
    told = shape_in_words(dict(zip(KEYS, rows, strict=True)))
    assert (told == "") is ([rows.count(row) for row in range(1, 6)] == [1, 2, 3, 2, 1])


def test_who_makes_an_entry_follows_from_how_many_they_are() -> None:
    assert [way_of(size) for size in (1, 2, 3, 12)] == [Way.ALONE, Way.PAIR, Way.TABLE, Way.TABLE]


@pytest.mark.parametrize(
    ("state", "wanted", "said"),
    [
        ("planned", WorkshopState.OPEN, None),
        ("open", WorkshopState.CLOSED, None),
        ("open", WorkshopState.OPEN, "It is open already. Nothing was changed."),
        ("closed", WorkshopState.OPEN, "It has been closed. Open it again only on the day of its close. Nothing was changed."),
        ("planned", WorkshopState.CLOSED, "It has not been opened yet, so there is nothing to close. Nothing was changed."),
        ("closed", WorkshopState.CLOSED, "It is closed already. Nothing was changed."),
        ("open", WorkshopState.PLANNED, "That cannot be done now. Nothing was changed."),
    ],
)
def test_a_workshop_is_planned_then_open_then_closed(state: str, wanted: WorkshopState, said: str | None) -> None:
    found = next_state_refusal(state, wanted)
    assert (None if found is None else str(found)) == said
