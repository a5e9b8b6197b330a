"""What vouches for a supporter, and until when."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.support.rules.assurance import AssuranceState, Assured, assured_until, check_assurance, check_in_date, in_date, state_on
from convenor.support.rules.refusals import AssuranceEnded, NoWords, WrongDay
from convenor.support.rules.states import AssuranceKind

ON = date(2026, 11, 23)
KIND = AssuranceKind.LOCAL_PANEL
OLD = Assured(date(2024, 1, 8), date(2026, 1, 8))
NEW = Assured(date(2026, 1, 8), date(2028, 1, 8))


def check(kind: AssuranceKind = KIND, **more: object) -> date:
    given: dict[str, object] = {
        "supporter": "Ada Example", "assurer": "The alliance", "source": "Panel of June", "assured_on": date(2026, 6, 30),
        "valid_until_on": None, "on": ON,
    }  # fmt: skip
    return check_assurance(kind, **given | more)  # type: ignore[arg-type]


def test_evidence_counts_on_its_last_day_and_not_after() -> None:
    assert [NEW.counts(day) for day in (date(2026, 1, 7), date(2026, 1, 8), date(2028, 1, 8), date(2028, 1, 9))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_withdrawn_evidence_counts_until_the_day_before() -> None:
    gone = Assured(date(2026, 1, 8), date(2028, 1, 8), withdrawn_on=date(2026, 3, 1))
    assert (gone.last_on, gone.counts(date(2026, 2, 28)), gone.counts(date(2026, 3, 1))) == (date(2026, 2, 28), True, False)
    assert Assured(date(2026, 1, 8), date(2028, 1, 8), withdrawn_on=date(2026, 1, 8)).last_on is None


def test_one_piece_in_date_is_enough() -> None:
    assert (in_date([OLD, NEW], ON), in_date([OLD], ON), in_date([], ON)) == (True, False, False)
    assert (assured_until([OLD, NEW]), assured_until([])) == (date(2028, 1, 8), None)


def test_how_assurance_stands() -> None:
    soon = Assured(date(2025, 2, 1), date(2027, 2, 1))
    later = Assured(date(2027, 1, 1), date(2028, 1, 1))
    said = [state_on(each, ON) for each in ([], [OLD], [NEW], [soon], [soon, NEW], [later])]
    assert said == [
        AssuranceState.NONE, AssuranceState.ENDED, AssuranceState.IN_DATE, AssuranceState.ENDS_SOON, AssuranceState.IN_DATE,
        AssuranceState.ENDED,
    ]  # fmt: skip
    assert [each.stands for each in AssuranceState] == [False, True, True, False]


def test_whoever_is_not_assured_is_refused_with_the_day() -> None:
    check_in_date("Ada Example", [NEW], ON)
    with pytest.raises(AssuranceEnded, match=r"^What vouched for Ada Example ended on 8 January 2026\. Record something"):
        check_in_date("Ada Example", [OLD], ON)
    for none in ([], [Assured(date(2027, 1, 1), date(2028, 1, 1))]):
        with pytest.raises(AssuranceEnded, match=r"^Nothing vouches for Ada Example yet\."):
            check_in_date("Ada Example", none, ON)


def test_evidence_counts_for_24_months_where_it_says_nothing_else() -> None:
    assert check() == date(2028, 6, 30)
    assert check(valid_until_on=date(2027, 1, 1)) == date(2027, 1, 1)


def test_a_designation_may_count_longer() -> None:
    assert check(AssuranceKind.DESIGNATION, valid_until_on=date(2031, 6, 30)) == date(2031, 6, 30)
    with pytest.raises(WrongDay, match=r"^This kind of evidence counts for 60 months at most"):
        check(AssuranceKind.DESIGNATION, valid_until_on=date(2031, 7, 1))
    with pytest.raises(WrongDay, match=r"^This kind of evidence counts for 24 months at most"):
        check(valid_until_on=date(2028, 7, 1))


@pytest.mark.parametrize("more", [{"assurer": " "}, {"source": ""}, {"assurer": "ada example"}])
def test_somebody_else_vouches_and_says_where(more: dict[str, object]) -> None:
    with pytest.raises(NoWords):
        check(**more)


def test_days_that_cannot_be() -> None:
    with pytest.raises(WrongDay, match=r"^That day has not come yet"):
        check(assured_on=date(2026, 11, 24))
    with pytest.raises(WrongDay, match=r"^It would end before it began"):
        check(valid_until_on=date(2026, 6, 29))
