"""The rate card: which rate counts for whom on a day, and which cannot be."""

from dataclasses import replace
from datetime import date

import pytest

from convenor.funding.rules import Entry, Rate, Refused, check_rate, rate_on
from tests.factories.refusals import refusal_of

SPECIALIST = Rate(350_00, share_basis_points=1500)
CARD = (
    Entry(1, "specialist", "Specialist leader", SPECIALIST, date(2025, 9, 1), date(2026, 9, 1)),
    Entry(2, "specialist", "Specialist leader", replace(SPECIALIST, day_pence=360_00), date(2026, 9, 1)),
    Entry(3, "national", "National leader", Rate(550_00), date(2024, 9, 1)),
)


def test_a_rate_within_bounds_is_taken() -> None:
    assert [check_rate(each) for each in (SPECIALIST, Rate(0), Rate(350_00, share_pence=350_00))] == [
        SPECIALIST, Rate(0), Rate(350_00, share_pence=350_00),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rate",
    [
        Rate(-1), Rate(500_001), Rate(350_00, share_basis_points=5001), Rate(350_00, share_basis_points=-1), Rate(350_00, share_pence=-1),
        Rate(350_00, share_basis_points=100, share_pence=100), Rate(40_00, share_pence=50_00), Rate(350_00, day_hours=0),
        Rate(350_00, day_hours=13),
    ],
)  # fmt: skip
def test_a_rate_that_cannot_be_is_refused(rate: Rate) -> None:
    assert refusal_of(check_rate, rate) is Refused


def test_a_share_on_top_may_be_more_than_the_price() -> None:
    assert refusal_of(check_rate, Rate(40_00, share_pence=50_00, on_top=True)) is None


def test_the_dearest_rate_of_several_designations_counts_on_its_day() -> None:
    found = [
        rate_on(CARD, keys, on)
        for keys, on in (
            (("specialist",), date(2026, 8, 31)), (("specialist",), date(2026, 9, 1)), (("specialist", "national"), date(2026, 9, 1)),
            (("specialist",), date(2025, 8, 31)), (("local",), date(2026, 9, 1)),
        )
    ]  # fmt: skip
    assert [each and each.pk for each in found] == [1, 2, 3, None, None]
