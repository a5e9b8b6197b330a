"""A list of schools told in a table, counted by the same code that counts the published ones; no database but a small one in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import pyarrow

from convenor.england.phases import read_phase
from convenor.registers.actions import context as counting
from convenor.registers.models import Edition
from convenor.registers.rules.context import Editions, Inspections, Register, indicators, place
from tests.spec.telling import Row, day

WIGAN = "359"
LISTED_ON = date(2024, 7, 31)


def counted(schools: Sequence[Row], on: date = LISTED_ON) -> dict[str, dict[str, Any]]:
    """The figures of one area whose list is `schools`: columns School, Phase, Type, Status, Latest grade; what is not told is ordinary."""
    listed = open_on(schools, on)
    codes = {"Outstanding": "1", "Good": "2", "Requires improvement": "3", "Inadequate": "4", "inspected, no overall grade": ""}
    latest = {
        row["School"]: codes[row["Latest grade"]] for row in schools if row.get("Latest grade", "never inspected") != "never inspected"
    }
    register = _register(listed, on)
    grades = counting._grades(listed, latest)
    editions = Editions([register], [Inspections("the list", "", on)], grades=lambda _register, _inspections: grades)
    return indicators(place("authority", WIGAN), on, editions)


def one(school: Row) -> tuple[str, bool]:
    """The phase among which one school is counted, in small letters ("" when it is not), and whether it is counted as an academy."""
    found = [
        (phase.lower(), count.academies == 1) for (_, phase), count in _register(open_on([school], LISTED_ON), LISTED_ON).counts.items()
    ]
    return found[0] if found else ("", False)


def _register(listed: Sequence[counting.Listed], on: date) -> Register:
    """A list as the counting of the published ones makes it."""
    edition = SimpleNamespace(key="the list", digest="", as_at=on, family="ofsted-mi")
    return counting._register(cast(Edition, edition), listed)


def open_on(schools: Sequence[Row], on: date) -> list[counting.Listed]:
    """Those of a list that are open on its day, as the counting asks the database for them."""
    with sqlite3.connect(":memory:") as memory:
        memory.execute("CREATE TABLE registers_edition (id, as_at, withdrawn_at)")
        memory.execute("CREATE TABLE registers_school (urn, fictitious)")
        memory.execute(
            "CREATE TABLE registers_schoolrecord (edition_id, urn, authority_code, phase, type_name, status, opened_on, closed_on)"
        )
        memory.execute("INSERT INTO registers_edition VALUES (1, ?, NULL)", [on.isoformat()])
        for row in schools:
            status, opened, closed = _status(row.get("Status", "open"))
            invented = status.startswith("invented")
            kind = row.get("Type", "Community School")
            said = [
                1,
                row["School"],
                WIGAN,
                read_phase(row.get("Phase", "Primary"), kind),
                kind,
                "open" if invented else status,
                opened,
                closed,
            ]
            memory.execute("INSERT INTO registers_schoolrecord VALUES (?, ?, ?, ?, ?, ?, ?, ?)", said)
            memory.execute("INSERT INTO registers_school VALUES (?, ?)", [row["School"], invented])
        found = memory.execute(counting._RECORDS).fetchall()
    memory.close()
    return [counting.Listed(urn, code, phase, kind) for _, urn, code, phase, kind, is_open in found if is_open]


def _status(text: str) -> tuple[str, str | None, str | None]:
    """What a list says of a school: "open", "closed", "open until 31 August 2024", "open from 1 September 2024"."""
    status, _, on = text.partition(" until ")
    if on:
        return status, None, day(on).isoformat()
    status, _, on = text.partition(" from ")
    return status, day(on).isoformat() if on else None, None


def meals(schools: Sequence[Row]) -> dict[str, Any]:
    """The figure of free school meals of one area, whose census is `schools`: columns School, Type, Pupils on roll, Eligible."""
    columns = {
        "URN": [str(ord(row["School"])) for row in schools],
        "LA": [WIGAN] * len(schools),
        "SCHOOLTYPE": [row["Type"] for row in schools],
        "NOR": [row["Pupils on roll"] for row in schools],
        "NUMFSM": [row["Eligible"] for row in schools],
    }
    edition = SimpleNamespace(key="the census", digest="", as_at=date(2024, 1, 18))
    unmoved = SimpleNamespace(code=lambda _urn, code: code)
    with patch("convenor.registers.parquet.read", return_value=pyarrow.table(columns)):
        census = counting._census(cast(Edition, edition), cast(counting._Now, unmoved))
    return indicators(place("authority", WIGAN), LISTED_ON, Editions(censuses=[census] if census else []))["fsm_percent"]
