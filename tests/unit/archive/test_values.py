"""A value written as JSON is read again, the very same."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.archive.rules.belonging import Column, Kind, Table
from convenor.archive.rules.values import BadValue, read, row_of, write

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
VALUES = {
    Kind.WHOLE: st.integers(-(2**63), 2**63 - 1),
    Kind.REAL: st.floats(allow_nan=False, allow_infinity=False),
    Kind.TEXT: TEXT,
    Kind.YES_NO: st.booleans(),
    Kind.DAY: st.dates(),
    Kind.MOMENT: st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),
    Kind.CLOCK: st.times(),
    Kind.JSON: NESTED,
    Kind.UID: st.uuids(),
}


@pytest.mark.parametrize("kind", list(Kind))
@given(st.data())
def test_a_value_comes_back_from_json_as_it_was(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    column = Column("it", "it", kind)
    assert read(column, json.loads(json.dumps(write(column, value)))) == value


def test_moments_are_written_in_one_way_wherever_they_were_noted() -> None:
    summer = datetime(2026, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert write(Column("at", "at", Kind.MOMENT), summer) == "2026-07-01T08:30:00.000000Z"


def test_a_row_says_its_columns_by_name() -> None:
    columns = (Column("id", "id", Kind.WHOLE), Column("on", "on", Kind.DAY), Column("at", "at", Kind.CLOCK, null=True))
    assert row_of(Table("a.one", "one", "id", columns), (7, date(2026, 9, 1), None)) == {"id": 7, "on": "2026-09-01", "at": None}
    assert read(Column("at", "at", Kind.CLOCK), "09:30:00") == time(9, 30)
    assert read(Column("uid", "uid", Kind.UID), "00000000-0000-0000-0000-000000000007") == UUID(int=7)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.WHOLE, True), (Kind.WHOLE, "7"), (Kind.WHOLE, 7.0), (Kind.REAL, "1"), (Kind.REAL, True), (Kind.TEXT, 7),
        (Kind.TEXT, "a\x00b"), (Kind.TEXT, "\ud800"), (Kind.YES_NO, 1), (Kind.DAY, "2026-13-01"), (Kind.DAY, 20260101),
        (Kind.MOMENT, "2026-01-01T00:00:00"), (Kind.CLOCK, "25:00"), (Kind.UID, "no"), (Kind.TEXT, None), (Kind.WHOLE, {"a": 1}),
    ],
)  # fmt: skip
def test_what_no_column_of_the_kind_can_hold_is_refused(kind: Kind, value: Any) -> None:
    with pytest.raises(BadValue, match="it"):
        read(Column("it", "it", kind), value)


def test_nothing_is_read_as_nothing_where_it_may_be() -> None:
    assert read(Column("it", "it", Kind.TEXT, null=True), None) is None
    assert read(Column("it", "it", Kind.JSON), None) is None
