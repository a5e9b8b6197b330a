"""What is held for how long, composed from what the tables say; and the register as rows of a file."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.notice import Table, composed, plural
from convenor.agreements.rules.register import COLUMNS, row_of
from convenor.agreements.rules.standing import Signed, Standing, State

SIX, LAW = "the current year and six more", "Limitation Act 1980, section 5"


def table(feature: str, name: str, period: str = SIX, personal: tuple[str, ...] = ()) -> Table:
    return Table(feature, name, plural(name.lower()), "", personal, period, LAW)


def test_tables_stand_by_class_and_those_kept_alike_together() -> None:
    found = composed(
        [
            table("support", "Package"), table("support", "Interest", "until it is taken back"),
            table("support", "Visit", personal=("author",)), table("journal", "Entry"),
        ]
    )  # fmt: skip
    assert [each.data_class for each in found] == [*DataClass, None]
    support, other = found[3], found[4]
    assert [(each.period, each.words) for each in support.held] == [(SIX, "packages, visits"), ("until it is taken back", "interests")]
    assert [each.name for each in support.personal] == ["Visit"]
    assert [each.name for each in other.tables] == ["Entry"]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("note of visit", "notes of visit"), ("effect study", "effect studies"), ("day", "days"), ("similar basis", "similar bases"),
        ("box", "boxes"), ("head of school", "heads of school"), ("package", "packages"),
    ],
)  # fmt: skip
def test_names_of_tables_are_put_for_many(one: str, many: str) -> None:
    assert plural(one) == many


def test_row_of_the_register_tells_everything_and_runs_nothing() -> None:
    signed = Signed(
        1, DataClass.SUPPORT, 2, "=HYPERLINK(1)", "Head", "", date(2026, 11, 2), date(2027, 11, 2), date(2026, 12, 1), "Ada Example", "-why"
    )
    row = row_of("990001", "+School", Standing(DataClass.SUPPORT, State.WITHDRAWN, signed), used=False)
    assert row == (
        "990001", "'+School", "Support", "withdrawn", "no", "2", "'=HYPERLINK(1)", "Head", "", "2026-11-02", "2027-11-01", "2026-12-01",
        "Ada Example", "'-why",
    )  # fmt: skip
    nothing = row_of("990001", "School", Standing(DataClass.SUPPORT, State.NOT_YET), used=True)
    assert (len(nothing), nothing[3:5], set(nothing[5:])) == (len(COLUMNS), ("not yet agreed", "yes"), {""})
