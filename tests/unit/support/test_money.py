"""Money: what half days cost, what of it stays with the broker, and what was held beside what was planned."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.funding.rules import Rate
from convenor.peer_review.rules.refusals import NoWords
from convenor.support.rules.money import Account, Cost, Line, Price, account, by_payer, check_budget, check_line, price, settled
from convenor.support.rules.refusals import Missing, WrongSum
from convenor.support.rules.states import Payer
from tests.factories.refusals import refusal_of

WITHIN = Rate(350_00, share_basis_points=1500)
LINE = Line("Six half days of a specialist leader", Payer.RECEIVING, 6, WITHIN)


@pytest.mark.parametrize(
    ("half_days", "rate", "found"),
    [
        (2, WITHIN, Price(350_00, 52_50)), (2, Rate(420_00, share_basis_points=1500, on_top=True), Price(483_00, 63_00)),
        (2, Rate(350_00, share_pence=50_00), Price(350_00, 50_00)), (1, Rate(350_01), Price(175_01)), (0, WITHIN, Price(0)),
        (3, Rate(0), Price(0)),
    ],
)  # fmt: skip
def test_half_days_cost_what_three_policies_say(half_days: int, rate: Rate, found: Price) -> None:
    assert price(half_days, rate) == found


def test_what_the_broker_keeps_does_not_reach_the_lender() -> None:
    assert [price(2, WITHIN).lender_pence, price(2, replace(WITHIN, on_top=True)).lender_pence] == [297_50, 350_00]


def test_a_share_beyond_the_price_that_it_lies_within_is_refused() -> None:
    assert refusal_of(price, 2, Rate(40_00, share_pence=50_00)) is WrongSum


@given(st.integers(1, 200), st.integers(0, 500_000), st.integers(0, 5000), st.booleans())
def test_nothing_is_lost_between_payer_broker_and_lender(half_days: int, day_pence: int, share: int, on_top: bool) -> None:
    found = price(half_days, Rate(day_pence, share, on_top=on_top))
    assert (found.broker_pence + found.lender_pence, found.lender_pence >= 0) == (found.pence, True)


def test_a_line_is_kept_with_what_it_costs() -> None:
    given_freely = Line(" Coaching ", Payer.NOBODY, 4)
    travel = Line("Travel", Payer.ELSEWHERE, sum_pence=40_00, payer_named=" The diocese ")
    assert [check_line(each) for each in (LINE, given_freely, travel)] == [
        (LINE, Price(1050_00, 157_50)), (replace(given_freely, what="Coaching"), Price(0)),
        (replace(travel, payer_named="The diocese"), Price(40_00)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"what": " "}, NoWords), ({"half_days": -1}, WrongSum), ({"half_days": 201}, WrongSum), ({"sum_pence": -1}, WrongSum),
        ({"half_days": 0, "rate": None, "sum_pence": 100_000_001}, WrongSum), ({"payer": Payer.NOBODY}, WrongSum),
        ({"half_days": 0, "rate": None}, Missing), ({"payer": Payer.ELSEWHERE}, NoWords),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused(changed: dict[str, object], why: type[Exception]) -> None:
    assert refusal_of(check_line, replace(LINE, **changed)) is why  # type: ignore[arg-type]


def test_costs_stay_within_what_there_is() -> None:
    assert [refusal_of(check_budget, total, budget) for total, budget in ((100, None), (100, 100), (101, 100))] == [None, None, WrongSum]


def test_what_is_too_much_is_told_in_pounds() -> None:
    with pytest.raises(WrongSum) as refused:
        check_budget(1050_00, 1000_00)
    assert str(refused.value) == (
        "There is £1,000.00 for this, and it comes to £1,050.00: £50.00 too much. Ask for fewer days, or settle another payer. "
        "Nothing was changed."
    )


COSTS = (Cost(Payer.FUND, 6, 1050_00, 157_50), Cost(Payer.RECEIVING, 0, 40_00, 0), Cost(Payer.FUND, 2, 350_00, 0))


def test_planned_stands_beside_held() -> None:
    found = account(COSTS, planned_half_days=8, booked_half_days=6, held_half_days=4)
    assert found == Account(8, 8, 6, 4, 1440_00, 157_50, 1400_00, 700_00)
    assert [found.settled, replace(found, booked_half_days=9).settled, replace(found, priced_half_days=0).settled] == [True, False, True]


def test_days_beyond_those_priced_add_no_money() -> None:
    assert account(COSTS, planned_half_days=8, booked_half_days=12, held_half_days=12).held_pence == 1400_00


def test_days_given_freely_come_to_nothing() -> None:
    assert account((), planned_half_days=8, booked_half_days=6, held_half_days=4) == Account(8, 0, 6, 4, 0, 0, 0, 0)


def test_each_payer_is_told_what_it_pays() -> None:
    assert by_payer(COSTS) == [(Payer.FUND, 1400_00), (Payer.RECEIVING, 40_00)]


def test_money_is_settled_once_something_is_said_and_each_fund_has_set_it_aside() -> None:
    waits = replace(COSTS[0], set_aside=False)
    assert [settled(each) for each in ((), COSTS, (*COSTS, waits), (Cost(Payer.NOBODY, 4, 0, 0),))] == [False, True, False, True]
