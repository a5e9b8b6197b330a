"""Gathering what a run rests on: the standing editions, England's schools, their figures and inspections, and whom each is like.

All of it is published. Nothing is written here: the command asks for a past day in the same way as a run is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from convenor.england.school_years import SchoolYear, school_year_of
from convenor.intelligence.queries.newest import Newest, newest_figures
from convenor.intelligence.queries.runs import Placed
from convenor.intelligence.rules import assessing, shared_problems, similar_dfe
from convenor.intelligence.rules import similar as similar_rules
from convenor.intelligence.rules.assessing import Assessed, Inspections
from convenor.intelligence.rules.compact import Kept, assessment_of
from convenor.intelligence.rules.indicators import CODES, INDICATORS, THRESHOLDS
from convenor.intelligence.rules.inspected import Inspected
from convenor.intelligence.rules.population import OLDEST_YEARS, Population
from convenor.intelligence.rules.similar import Similar
from convenor.intelligence.rules.weights import CURRENT, LIKE_INTAKE, STARTING_POINT, Weights
from convenor.registers.queries import columns
from convenor.registers.queries.columns import EditionShort, InspectionRow, Schools

if TYPE_CHECKING:
    from convenor.registers.rules.columns import Column

#: Families that say something of schools: others, as boundaries or areas' figures, move no run and its day.
WITHOUT_SCHOOLS: Final = (
    "area-list", "area-measure-dictionary", "area-measures", "authorities", "boundaries", "districts", "exclusions-by-reason",
    "field-meanings", "gias-group-links", "gias-groups", "performance-tables-authorities", "regions", "statistical-neighbours",
    "trusts-ks2", "trusts-ks4",
)  # fmt: skip
#: Lists of inspections with their days: the day of the newest is the day up to which inspections are known.
LISTS_OF_INSPECTIONS: Final = ("ofsted-mi",)
#: Counts beside the results, from which the number of pupils behind a figure is told or estimated.
BESIDE: Final = ("ks2_cohort", "ks4_cohort", "ks2_disadvantaged_percent", "ks4_disadvantaged_percent", "pupils_on_roll")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a run rests on: its name, the day, and the editions that say something of schools."""

    digest: str
    as_at: date
    editions: tuple[EditionShort, ...]


def basis(*, viewer: Any, at: date | None = None, weights: Weights = CURRENT) -> Basis | None:
    """What a run of today rests on, or one that knew only editions of a day up to `at`; None where nothing is loaded. One query."""
    standing = [each for each in columns.editions(viewer=viewer, at=at) if each.family not in WITHOUT_SCHOOLS]
    if not standing:
        return None
    real = [each.as_at for each in standing if not each.fictitious]
    parts = [assessing.VERSION, repr(weights), repr(THRESHOLDS), *sorted(each.digest or each.key for each in standing)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Basis(digest, max(real or [each.as_at for each in standing]), tuple(standing))


@dataclass(frozen=True, slots=True)
class Gathered:
    """England's schools with their figures, and whom each is like. What a run holds schools against, and what similar schools are told
    from, is this one finding: a page that says "the schools that these lines are held against" can then be believed."""

    basis: Basis
    listed: Schools
    figures: Mapping[tuple[str, str], Column]
    newest: Newest
    similar: Similar


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What was gathered, and what a run found."""

    gathered: Gathered
    assessed: Assessed


def gather(what: Basis, *, viewer: Any, on: date, weights: Weights = CURRENT) -> Gathered:
    """The schools that were open on a day with their figures from the editions of the basis, and the neighbours of each. Four queries."""
    listed = columns.schools(viewer=viewer, on=on)
    since = SchoolYear(school_year_of(what.as_at).start_year - OLDEST_YEARS).label
    figures = columns.figures(listed, _measures_read(weights), what.editions, viewer=viewer, since=since)
    newest = newest_figures(listed, figures, what.editions, viewer=viewer)
    similar = similar_rules.similar_schools(listed.urns, listed.phases, newest.values, listed.counts)
    return Gathered(what, listed, figures, newest, similar)


def work_out(what: Basis, *, viewer: Any, on: date, weights: Weights = CURRENT) -> WorkedOut:
    """Every school's lines, score and place, from the editions of the basis. `on` is the day on which schools must have been open.

    Five queries, over all of England.
    """
    found = gather(what, viewer=viewer, on=on, weights=weights)
    listed = found.listed
    everyone = Population(
        listed.urns, listed.phases, listed.counts, found.similar.indices, found.figures, listed.year_groups, school_year_of(what.as_at)
    )
    return WorkedOut(found, assessing.assess_all(everyone, _inspections(what, listed, viewer, on), weights))


def _measures_read(weights: Weights) -> frozenset[str]:
    """Every measure of the registers that a run, both methods of finding similar schools, and shared problems look at."""
    shown = {key for code in CODES for keys in INDICATORS[code].measures.values() for key in keys}
    scored = {key for family in weights.families for slot in family.slots for key in slot}
    compared = {key for slot in (*STARTING_POINT, *LIKE_INTAKE) for key in slot}
    alike = {key for variable in similar_rules.VARIABLES for key in variable.measures} - {similar_rules.DEPRIVATION}
    shared = {key for keys in shared_problems.MEASURES.values() for key in keys}
    return frozenset(shown | scored | compared | alike | similar_dfe.NEEDED | shared | set(BESIDE))


def _inspections(what: Basis, listed: Schools, viewer: Any, on: date) -> Inspections:
    """What is known of each school's inspections: up to the day of the newest list; of a fictitious school, of its own edition."""
    rows = columns.inspections(listed.urns, what.editions, viewer=viewer, on=on)
    lists = [each for each in what.editions if each.family in LISTS_OF_INSPECTIONS]
    until = max((each.as_at for each in lists), default=None)
    newest = next((each.number for each in reversed(lists) if each.as_at == until), -1)
    days = {each.number: each.as_at for each in what.editions}
    invented = max((each.as_at for each in what.editions if each.fictitious), default=None)
    found: list[list[Inspected]] = []
    known: list[date | None] = []
    editions: list[int] = []
    for urn, real in zip(listed.urns, listed.counts.tolist(), strict=True):
        own = rows.get(urn, [])
        graded = next((row.edition for row in own if row.kind == "graded"), -1)
        tells = [day for day in (until if real else invented, days.get(graded)) if day is not None]
        found.append([_inspected(row) for row in own])
        known.append(max(tells, default=None))
        editions.append(graded if graded >= 0 else newest if real else -1)
    return Inspections(found, listed.opened, known, editions)


def _inspected(row: InspectionRow) -> Inspected:
    return Inspected(
        kind=row.kind, vocabulary=row.vocabulary, started_on=row.started_on, overall=row.overall, outcome=row.outcome,
        judgements=row.judgements, safeguarding=row.safeguarding, category_of_concern=row.category_of_concern,
        of_predecessor=row.urn_at_inspection not in ("", row.urn),
    )  # fmt: skip


def worked_out_in(found: WorkedOut, authorities: Sequence[str], *, viewer: Any) -> list[Placed]:
    """The real schools of these authorities in a run that was not kept, in the order of their URNs."""
    wanted, listed = set(authorities), found.gathered.listed
    lists = found.assessed.lists({each.number: each.key for each in found.gathered.basis.editions})
    schools = []
    for one in assessing.each_school(found.assessed):
        if listed.authorities[one.place] not in wanted or not listed.counts[one.place]:
            continue
        urn, phase = listed.urns[one.place], str(listed.phases[one.place])
        kept = Kept(urn, phase, one.rows, one.contributions, one.score, one.score_maximum, one.uncertainty, one.suggested_by)
        schools.append(Placed(urn, assessment_of(kept, lists), one.rank_raw or None, one.rank_similar or None))
    return schools
