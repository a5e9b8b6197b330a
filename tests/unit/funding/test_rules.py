"""Financial years, and what may be promised from a fund."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.funding.rules import Refused, financial_year, refuse_commitment, refuse_year
from tests.factories.refusals import refusal_of


def test_a_financial_year_begins_in_april() -> None:
    assert [financial_year(day) for day in (date(2027, 3, 31), date(2027, 4, 1), date(2099, 12, 1))] == ["2026-27", "2027-28", "2099-00"]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_a_year_that_can_be_written(day: date) -> None:
    began = date(int(financial_year(day)[:4]), 4, 1)
    assert (refusal_of(refuse_year, financial_year(day)), began <= day < began.replace(year=began.year + 1)) == (None, True)


@pytest.mark.parametrize("year", ["2026", "2026-28", "26-27", "2026/27", ""])
def test_no_other_spelling_is_a_year(year: str) -> None:
    with pytest.raises(Refused):
        refuse_year(year)


def test_no_more_is_promised_than_is_left() -> None:
    assert refusal_of(refuse_commitment, pence=100, left_pence=100) is None
    with pytest.raises(Refused, match=r"^The fund has £1\.00 left, £0\.01 too little\. Nothing was changed\.$"):
        refuse_commitment(pence=101, left_pence=100)
    with pytest.raises(Refused):
        refuse_commitment(pence=0, left_pence=100)
