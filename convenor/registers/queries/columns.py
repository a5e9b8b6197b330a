"""Reading the registers column by column: the schools of England, their figures and their inspections, for computations over all of them.

Published figures are open to everyone. Which of several editions is believed is `rules.precedence`; the figures of a school's predecessor
stand for the school in years of which it has none itself, where the published links show a plain conversion: one school became one other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import connection

from convenor.registers.calm import calm
from convenor.registers.models import Edition, School, SchoolLink, SmallArea
from convenor.registers.rules.columns import MARKS, TOLD, Column, empty, mark_number
from convenor.registers.rules.lineage import direction
from convenor.registers.rules.precedence import SILENT, standing_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Rows taken from the database at a time: enough to be quick, few enough to need no memory to speak of.
CHUNK: Final = 20_000
#: Conversions followed back from a school.
MOST_STEPS: Final = 4
_NOT_STATE: Final = ("independent", "other")
#: Marks by their places in `rules.columns.MARKS`; those that say nothing of why there is no figure.
_NUMBERS: Final = {mark: mark_number(mark, None) if mark else TOLD for mark in MARKS}
_UNKNOWN: Final = mark_number("", None)
_SILENT: Final = [_NUMBERS[mark] for mark in sorted(SILENT)]
_FIGURE: Final = "urn, measure, period, value, low, high, cohort, mark, edition_id"


@dataclass(frozen=True, slots=True)
class EditionShort:
    """An edition as computations name it. `number` is its key in the database."""

    number: int
    key: str
    digest: str
    family: str
    title: str
    as_at: date
    fictitious: bool


@dataclass(frozen=True, slots=True)
class Schools:
    """The open state-funded schools of the register on a day, in the order of their URNs, as parallel columns.

    `counts` is False for a fictitious school: it may be compared with England's and counts in nothing. `predecessors` gives, by the URN of
    a school that was plainly converted, the place of the school it became and how many links away it stood.
    """

    urns: list[str]
    names: list[str]
    phases: NDArray[np.str_]
    authorities: list[str]
    counts: NDArray[np.bool_]
    opened: list[date | None]
    year_groups: NDArray[np.float64]
    imd_rank: NDArray[np.float64]
    predecessors: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.urns)


def editions(*, viewer: Any, at: date | None = None) -> list[EditionShort]:
    """The editions that stand, those of a later day than `at` left out, in the order in which they were loaded. One query."""
    rows = Edition.objects.filter(withdrawn_at=None).order_by("id")
    if at is not None:
        rows = rows.filter(as_at__lte=at)
    found = rows.values_list("id", "key", "digest", "family", "title", "as_at")
    return [EditionShort(*row, fictitious=row[3] == "fictitious") for row in found]


def schools(*, viewer: Any, on: date) -> Schools:
    """The state-funded schools that were open on a day, fictitious ones among them and marked. Three queries."""
    rows = School.objects.exclude(type_group__in=_NOT_STATE).order_by("urn").values_list(
        "urn", "name", "phase", "authority_id", "fictitious", "status", "opened_on", "closed_on", "low_age", "high_age", "lsoa_code"
    )  # fmt: skip
    kept = [row for row in rows.iterator(chunk_size=5_000) if _open(row[5], row[6], row[7], on)]
    ranks = dict(SmallArea.objects.order_by("edition__as_at", "edition_id").values_list("lsoa_code", "imd_rank"))
    urns = [row[0] for row in kept]
    return Schools(
        urns=urns,
        names=[row[1] for row in kept],
        phases=np.array([row[2] for row in kept], dtype=np.str_),
        authorities=[row[3] or "" for row in kept],
        counts=np.array([not row[4] for row in kept], dtype=bool),
        opened=[row[6] for row in kept],
        year_groups=np.array([_year_groups(row[8], row[9]) for row in kept], dtype=float),
        imd_rank=np.array([ranks.get(row[10], np.nan) for row in kept], dtype=float),
        predecessors=_predecessors({urn: place for place, urn in enumerate(urns)}),
    )


def _open(status: str, opened_on: date | None, closed_on: date | None, on: date) -> bool:
    """Whether a school was open on a day. Where the register gives no dates, as it stands now."""
    if opened_on is not None and opened_on > on:
        return False
    return status.startswith("open") or status == "proposed to close" or (closed_on is not None and closed_on > on)


def _year_groups(low_age: int | None, high_age: int | None) -> float:
    """How many year groups of statutory age a school has; not known where the register gives no ages."""
    if low_age is None or high_age is None:
        return float("nan")
    return float(max(1, min(high_age, 16) - max(low_age, 4)))


def _predecessors(place: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """For each URN that became one of these schools, and nothing else, which, and over how many links."""
    became: dict[str, set[str]] = defaultdict(set)
    came: dict[str, set[str]] = defaultdict(set)
    for urn, linked, kind in SchoolLink.objects.order_by("id").values_list("urn", "linked_urn", "kind").iterator(chunk_size=5_000):
        way = direction(kind)
        if way == 0 or urn == linked:
            continue
        before, after = (urn, linked) if way > 0 else (linked, urn)
        became[before].add(after)
        came[after].add(before)
    found: dict[str, tuple[int, int]] = {}
    for urn, number in place.items():
        here = urn
        for step in range(1, MOST_STEPS + 1):
            back = came.get(here, set())
            earlier = next(iter(back)) if len(back) == 1 else ""
            if not earlier or len(became[earlier]) != 1 or earlier in place or earlier in found:
                break
            found[earlier] = (number, step)
            here = earlier
    return found


def figures(
    listed: Schools, measures: Iterable[str], editions: Sequence[EditionShort], *, viewer: Any, since: str = ""
) -> dict[tuple[str, str], Column]:
    """The figures of many schools: a column for each measure and school year of which one of the editions tells.

    `since` leaves out school years before it, as "2018-19". One query over the readings.
    """
    wanted = sorted(set(measures))
    if not wanted or not editions:
        return {}
    place = {urn: (number, 0) for number, urn in enumerate(listed.urns)}
    place.update({urn: where for urn, where in listed.predecessors.items() if urn not in place})
    order = sorted(editions, key=lambda each: (standing_of(each.family).value, each.as_at, each.number))
    trust = {each.number: number for number, each in enumerate(order)}
    gathered = _gathered(place, wanted, trust, since)
    return {key: _column(len(listed), parts) for key, parts in sorted(gathered.items())}


#: Whose figure it is, how far back, how far the edition is to be believed, and the figure.
_Rows = list[tuple[int, int, int, Any, Any, Any, Any, str, int]]


def _gathered(
    place: Mapping[str, tuple[int, int]], measures: Sequence[str], trust: Mapping[int, int], since: str
) -> dict[tuple[str, str], _Rows]:
    """The rows of the readings by measure and school year."""
    marks = ", ".join(["%s"] * len(measures))
    statement = f"SELECT {_FIGURE} FROM registers_reading WHERE measure IN ({marks}) AND period >= %s"  # noqa: S608 - places only
    found: dict[tuple[str, str], _Rows] = defaultdict(list)
    with calm(), connection.cursor() as cursor:
        cursor.execute(statement, [*measures, since])
        while rows := cursor.fetchmany(CHUNK):
            for urn, measure, period, value, low, high, cohort, mark, edition in rows:
                where = place.get(urn)
                if where is not None and edition in trust:
                    found[measure, period].append((where[0], -where[1], trust[edition], value, low, high, cohort, mark, edition))
    return found


def _column(schools: int, rows: _Rows) -> Column:
    """The believed figure of each school, by `rules.precedence`: what says something, the school's own, the better edition."""
    column = empty(schools)
    places, steps, trust, value, low, high, cohort, marks, edition = zip(*rows, strict=True)
    told = np.array(value, dtype=float)
    number = np.array([_NUMBERS.get(mark, _UNKNOWN) for mark in marks], dtype=np.int8)
    by = np.lexsort((np.array(trust), np.array(steps), ~np.isin(number, _SILENT)))
    where = np.array(places, dtype=np.intp)[by]
    withheld = np.where(number == TOLD, _UNKNOWN, number).astype(np.int8)
    column.mark[where] = np.where(np.isfinite(told), TOLD, withheld).astype(np.int8)[by]
    for kept, said in ((column.value, told), (column.low, low), (column.high, high), (column.cohort, cohort)):
        kept[where] = np.array(said, dtype=float)[by]
    column.edition[where] = np.array(edition, dtype=np.int32)[by]
    none = column.mark != TOLD
    column.low[none] = column.high[none] = np.nan
    return column


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspection of a school or its predecessor, in the words of its day. `as_at` is the day that its edition describes."""

    urn: str
    urn_at_inspection: str
    kind: str
    vocabulary: str
    started_on: date
    overall: str
    outcome: str
    judgements: Mapping[str, str]
    safeguarding: str
    category_of_concern: str
    edition: int


def inspections(
    urns: Iterable[str], editions: Sequence[EditionShort], *, viewer: Any, on: date | None = None
) -> dict[str, list[InspectionRow]]:
    """Inspections by school, newest first, each event once: as the newest edition tells it. One query.

    Only inspections that began on or before `on`, where it is given.
    """
    import json

    known = set(urns)
    order = {each.number: (each.as_at, each.number) for each in editions}
    statement = (
        "SELECT urn, urn_at_inspection, kind, vocabulary, started_on, overall, outcome, judgements, safeguarding, category_of_concern, "
        "edition_id FROM registers_inspection WHERE started_on IS NOT NULL"
    )
    best: dict[tuple[str, str, date], tuple[Any, ...]] = {}
    with calm(), connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                if row[0] not in known or row[10] not in order:
                    continue
                key = (row[0], row[2], row[4])
                if key not in best or order[row[10]] > order[best[key][10]]:
                    best[key] = row
    found: dict[str, list[InspectionRow]] = defaultdict(list)
    for row in best.values():
        started = row[4] if isinstance(row[4], date) else date.fromisoformat(row[4])
        if on is None or started <= on:
            said = row[7] if isinstance(row[7], dict) else json.loads(row[7] or "{}")
            found[row[0]].append(InspectionRow(row[0], row[1], row[2], row[3], started, row[5], row[6], said, row[8], row[9], row[10]))
    for each in found.values():
        each.sort(key=lambda one: one.started_on, reverse=True)
    return dict(found)
