"""Reading for the back-test: the figures of a school year, its inspections, the links between schools, and the back-tests kept.

All of it is published, or tells of thousands of schools together; none of it is of one school.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import nan
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from convenor.england.inspections import OVERALL_GRADE_ENDED_ON, InspectionVocabulary
from convenor.england.school_years import SchoolYear, read_school_year
from convenor.intelligence.models import BacktestResult
from convenor.intelligence.rules.backtesting import conversions, phases_back
from convenor.intelligence.rules.plain_tables import (
    NO_GRADE,
    NOT_GRADED,
    OVERALL,
    QUALITY_OF_EDUCATION,
    USED,
    FeatureTable,
    Outcome,
    OutcomeTable,
    Reading,
    Readings,
)
from convenor.registers.models import Edition, Inspection, School, SchoolLink
from convenor.registers.models import Reading as Published
from convenor.registers.rules.lineage import direction
from convenor.registers.rules.precedence import Rank, rank

#: Editions of invented schools count in no back-test.
FICTITIOUS = "fictitious"
_NOT_STATE = ("independent", "other")
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class KnownSchools:
    """What the register says of schools: the phase by URN, those that are not state-funded, and what each had been, nearest first."""

    phases: dict[str, str]
    not_counted: frozenset[str]
    before: dict[str, tuple[str, ...]]


def known_schools(*, viewer: Any) -> KnownSchools:
    """The register as the back-test needs it; empty where none is loaded. Three queries.

    A school that closed is often missing from a later register, and more often where it was found weak. It has the phase of the school it
    became, by the published links or by what Ofsted says was inspected: else a phase that is not known would itself tell the outcome.
    """
    rows = list(School.objects.filter(fictitious=False).values_list("urn", "phase", "type_group"))
    links = SchoolLink.objects.values_list("urn", "linked_urn", "kind").iterator(chunk_size=_CHUNK)
    pairs = {(urn, linked) if direction(kind) > 0 else (linked, urn) for urn, linked, kind in links if direction(kind)}
    inspected = Inspection.objects.exclude(urn=F("urn_at_inspection")).order_by().values_list("urn_at_inspection", "urn").distinct()
    return KnownSchools(
        phases=phases_back({urn: phase for urn, phase, _ in rows if phase}, sorted({*pairs, *inspected})),
        not_counted=frozenset(urn for urn, _, group in rows if group in _NOT_STATE),
        before=conversions(sorted(pairs)),
    )


def _editions() -> dict[int, tuple[str, str, Any]]:
    """The standing editions of real schools: key, family and day by number."""
    rows = Edition.objects.filter(withdrawn_at=None).exclude(family=FICTITIOUS).values_list("id", "key", "family", "as_at")
    return {number: (key, family, as_at) for number, key, family, as_at in rows}


def _newest_before(rows: QuerySet[Published], year: SchoolYear) -> Q:
    """Of each measure the newest school year before a year, as a condition that nothing fits where there is none."""
    newest = rows.filter(period__lt=year.label).values_list("measure").annotate(Max("period"))
    wanted = Q(pk=None)
    for measure, period in newest:
        wanted |= Q(measure=measure, period=period)
    return wanted


def figures_of(year: SchoolYear, *, viewer: Any, earlier: bool = False) -> tuple[FeatureTable, list[str]] | None:
    """The figures of a school year that the score may use, and the keys of their editions; None where none is loaded.

    With `earlier`, the figures of each measure of the newest loaded school year before that one instead.
    """
    editions = _editions()
    rows = Published.objects.filter(measure__in=USED, edition_id__in=editions).order_by()
    rows = rows.filter(_newest_before(rows, year)) if earlier else rows.filter(period=year.label)
    best: dict[tuple[str, str, str], tuple[Rank, float, float, int]] = {}
    taken = rows.values_list("urn", "measure", "period", "value", "cohort", "mark", "edition_id")
    for urn, measure, period, said, pupils, mark, edition in taken.iterator(chunk_size=_CHUNK):
        _key, family, as_at = editions[edition]
        how = rank(mark=mark, place=0, family=family, as_at=as_at, edition_id=edition)
        known = best.get((period, measure, urn))
        if known is None or how > known[0]:
            best[period, measure, urn] = (how, nan if said is None else said, float(pupils or nan), edition)
    if not best:
        return None
    readings: Readings = {}
    for (period, measure, urn), (_how, value, cohort, _edition) in best.items():
        start = read_school_year(period).start_year
        readings.setdefault(start, {}).setdefault(measure, {})[urn] = Reading(value, cohort)
    keys = sorted({editions[edition][0] for *_rest, edition in best.values()})
    return FeatureTable(year.label, readings, rows=len(best)), keys


def outcomes_of(year: SchoolYear, *, viewer: Any) -> tuple[OutcomeTable, list[str]] | None:
    """The graded inspections that began in a school year, each event once as its newest edition tells it, and the keys of those editions;
    None where none is loaded. Under the school's URN on the day."""
    editions = _editions()
    rows = Inspection.objects.filter(started_on__range=(year.starts_on, year.ends_on), edition_id__in=editions).order_by()
    best: dict[tuple[str, Any, str], tuple[Any, ...]] = {}
    for row in rows.values_list("urn_at_inspection", "started_on", "kind", "overall", "judgements", "vocabulary", "edition_id"):
        key = (row[0], row[1], row[2])
        if key not in best or (editions[row[6]][2], row[6]) > (editions[best[key][6]][2], best[key][6]):
            best[key] = row
    set_aside: Counter[str] = Counter()
    found = []
    for urn, day, kind, overall, judgements, vocabulary, _edition in best.values():
        if kind != "graded" or vocabulary == InspectionVocabulary.REPORT_CARD:
            set_aside[NOT_GRADED] += 1
            continue
        code = overall
        if not code and day >= OVERALL_GRADE_ENDED_ON:
            code = (judgements or {}).get(QUALITY_OF_EDUCATION, "")
        if code not in ("1", "2", "3", "4"):
            set_aside[NO_GRADE] += 1
            continue
        found.append(Outcome(urn, day, OVERALL if overall else QUALITY_OF_EDUCATION, int(code)))
    if not found:
        return None
    keys = sorted({editions[row[6]][0] for row in best.values()})
    ordered = sorted(found, key=lambda each: (each.inspected_on, each.urn))
    return OutcomeTable(year.label, tuple(ordered), len(best), dict(set_aside)), keys


@dataclass(frozen=True, slots=True)
class KeptBacktest:
    """A back-test as a page shows it. `editions` are keys of standing ones; `rests_on` says in words what else it was computed from."""

    features: str
    outcomes: str
    result: dict[str, Any]
    editions: tuple[str, ...]
    rests_on: str
    weights_year: int
    computed_at: datetime


def newest_kept(*, viewer: Any) -> KeptBacktest | None:
    """The newest back-test that was kept; None where none was. It names no school. One query."""
    row = BacktestResult.objects.first()
    if row is None:
        return None
    return KeptBacktest(row.features, row.outcomes, row.result, tuple(row.editions), row.rests_on, row.weights_year, row.computed_at)
