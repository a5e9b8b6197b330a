"""Rows of the published record for tests: invented schools in real authorities."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any

from convenor.registers.models import Edition, Group, Inspection, LocalAuthority, Reading, RefusedRow, School, SchoolLink
from convenor.registers.rules.spelling import fold

_numbers = itertools.count(1)
LOADED_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def edition(key: str = "", **facts: Any) -> Edition:
    """An edition with counts that add up."""
    number = next(_numbers)
    key = key or f"register-{number}"
    given: dict[str, Any] = {
        "family": "test-register", "publisher": "Department for Education", "title": "Register of schools", "as_at": date(2026, 8, 31),
        "licence": "Open Government Licence v3.0", "digest": f"{number:064d}", "file_name": f"{key}.csv", "rows_read": 10,
        "rows_loaded": 10, "rows_refused": 0, "rows_aggregate": 0, "loaded_at": LOADED_AT, "loaded_by": "the system",
    }  # fmt: skip
    return Edition.objects.create(key=key, **(given | facts))


def authority(code: str = "359", name: str = "Wigan", region: str = "North West") -> LocalAuthority:
    """A local authority, once."""
    return LocalAuthority.objects.get_or_create(code=code, defaults={"name": name, "region": region})[0]


def trust(name: str = "The Example Trust", **facts: Any) -> Group:
    """A multi-academy trust."""
    return Group.objects.create(uid=facts.pop("uid", str(next(_numbers) + 9000)), name=name, kind="Multi-academy trust", **facts)


def school(name: str = "", *, urn: str = "", area: LocalAuthority | None = None, told_by: Edition | None = None, **facts: Any) -> School:
    """An open primary school with 200 pupils, unless told otherwise."""
    number = next(_numbers)
    name = name or f"Example {number:04d} Primary School"
    given: dict[str, Any] = {
        "phase": "Primary", "type_name": "Community school", "type_group": "maintained", "status": "open", "pupils": 200, "low_age": 4,
        "high_age": 11, "described_by": {"identity": told_by.key} if told_by else {},
    }  # fmt: skip
    return School.objects.create(
        urn=urn or str(800_000 + number), name=name, search_name=fold(name), authority=area or authority(), **(given | facts)
    )


def inspection(of: School, told_by: Edition, *, overall: str = "2", started_on: date = date(2019, 3, 5), **facts: Any) -> Inspection:
    """A graded inspection with an overall grade, unless told otherwise."""
    given: dict[str, Any] = {"kind": "graded", "vocabulary": "overall_effectiveness", "urn_at_inspection": of.urn}
    return Inspection.objects.create(edition=told_by, urn=of.urn, overall=overall, started_on=started_on, **(given | facts))


def reading(of: School, told_by: Edition, measure: str, period: str, value: float | None, **facts: Any) -> Reading:
    """One figure of a school."""
    return Reading.objects.create(edition=told_by, urn=of.urn, measure=measure, period=period, value=value, **facts)


def link(urn: str, kind: str, linked_urn: str, told_by: Edition, *, on: date | None = None, name: str = "") -> SchoolLink:
    """A published link."""
    return SchoolLink.objects.create(edition=told_by, urn=urn, linked_urn=linked_urn, kind=kind, established_on=on, linked_name=name)


def refused_row(told_by: Edition, row: int, reason: str = "blank row", **facts: Any) -> RefusedRow:
    """One row that was not taken."""
    return RefusedRow.objects.create(edition=told_by, row=row, reason=reason, **facts)
