"""Editions that describe whole areas, for tests: invented schools in real authorities."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from convenor.registers.models import Edition, Inspection, SchoolRecord
from tests.factories.registers import edition

_urns = itertools.count(700_001)

#: Authority's code to its primary and secondary schools.
Schools = Mapping[str, tuple[int, int]]


def listing(key: str, day: date, schools: Schools, *, family: str = "ofsted-mi", academies: int = 1, nurseries: int = 1) -> Edition:
    """An edition that lists these open schools: `academies` of each phase in each authority are converters, the rest community schools."""
    made = edition(key, family=family, as_at=day)
    rows = []
    for code, (primary, secondary) in schools.items():
        for phase, number in (("Nursery", nurseries), ("Primary", primary), ("Secondary", secondary)):
            for place in range(number):
                kind = "LA Nursery School" if phase == "Nursery" else "Academy Converter" if place < academies else "Community School"
                rows.append(record(made, code, phase, kind))
    SchoolRecord.objects.bulk_create(rows)
    return made


def record(told_by: Edition, code: str, phase: str, kind: str, *, urn: str = "", status: str = "open", **facts: object) -> SchoolRecord:
    """What an edition says of one school; not saved."""
    return SchoolRecord(
        edition=told_by, urn=urn or str(next(_urns)), authority_code=code, phase=phase, type_name=kind, status=status, facts={}, **facts
    )


def judged(told_by: Edition, grades: str, *, phase: str = "Primary", code: str | None = None) -> None:
    """A graded inspection for each school of a phase in turn: `grades` is a word of 1 to 4, or 9 for one without an overall grade."""
    schools = SchoolRecord.objects.filter(edition=told_by, phase=phase).order_by("id")
    if code:
        schools = schools.filter(authority_code=code)
    Inspection.objects.bulk_create(
        Inspection(
            edition=told_by, urn=each.urn, urn_at_inspection=each.urn, kind="graded", vocabulary="overall_effectiveness",
            started_on=date(2023, 5, 1), overall="" if grade == "9" else grade,
        )
        for each, grade in zip(schools, grades, strict=False)
    )  # fmt: skip


def census_file(folder: Path, rows: list[tuple[str, str, str, str, str]], *, year: str = "2022-2023") -> Path:
    """A school census in the columns of 2018/19: URN, authority, kind of school, pupils on roll, eligible for free school meals."""
    head = (
        "URN,LA,ESTAB,SCHOOLTYPE,NOR,NORG,NORB,PNORG,PNORB,TSENELSE,PSENELSE,TSENELK,PSENELK,NUMEAL,NUMENGFL,NUMUNCFL,PNUMEAL,PNUMENGFL,"
        "PNUMUNCFL,NUMFSM,NUMFSMEVER,NORFSMEVER,PNUMFSMEVER"
    )
    lines = [
        f"{urn},{code},2001,{kind},{on_roll},0,0,0%,0%,0,0%,0,0%,1,1,1,1%,1%,1%,{eligible},{eligible},{on_roll},1%"
        for urn, code, kind, on_roll, eligible in rows
    ]
    path = folder / year / "england_census.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head, *lines]) + "\n")
    return path
