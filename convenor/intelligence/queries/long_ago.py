"""Good but long ago: by name for brokers, in totals for whoever sees totals, and for nobody else.

All figures behind it are published; that a school is on such a list is not, and is for the broker who talks with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from convenor.england.inspections import grade_word
from convenor.england.regions import ENGLAND_CODE
from convenor.england.school_years import SchoolYear
from convenor.intelligence.queries.member_schools import MemberSchool, member_schools
from convenor.intelligence.rules import long_ago as rules
from convenor.intelligence.rules.long_ago import CannotTell, Figure, Fits, LastGraded
from convenor.intelligence.rules.totals import Standing, Totals, counting_day, tell
from convenor.intelligence.rules.volatility import Change, YearFigure, change
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.registers.queries import readings, schools
from convenor.registers.queries.lineage import converted_from
from convenor.registers.queries.readings import Point
from convenor.registers.rules.measures import MEASURES, Unit

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: England's figures in the Department's tool of areas, by our measure: the tool's key. Its year 2023 is the school year 2022-23.
OF_ENGLAND: Final[dict[str, str]] = {
    "ks2_rwm_expected": "KS2RWM_Expected_STD",
    "ks2_reading_progress": "KS2R_Prog_VA",
    "ks2_writing_progress": "KS2W_Prog_VA",
    "ks2_maths_progress": "KS2M_Prog_VA",
    "ks4_attainment8": "AVG_Attain8_Score",
    "ks4_progress8": "AVG_Prog8_Score",
}
BY_NAME, BY_DATE = "name", "inspection"
NO_PHASE: Final = "Phase not known"
Points = Mapping[tuple[str, str, str], Point]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A school good or outstanding long ago. `ungraded_on` is its newest visit since without a grade, None where there was none.

    `change` is how its attainment moved since the year before, beside what chance does; None where there is no year before.
    """

    urn: str
    name: str
    phase: str
    cluster: str
    grade: str
    graded_on: date
    years: int
    ungraded_on: date | None
    ungraded_outcome: str
    fits: Fits | None
    reason: str
    change: Change | None
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class LongAgo:
    """The page. `named` says whether schools are named; otherwise only `totals` tell, counted on the first of the month.

    `periods` is the school year looked at by phase, "" where no year has both figures; `choices` those that could be looked at.
    """

    named: bool
    years: int
    periods: dict[str, str]
    choices: dict[str, tuple[str, ...]]
    newest_attainment: dict[str, str]
    schools: int
    fits: tuple[Beyond, ...]
    cannot_tell: tuple[Beyond, ...]
    totals: Totals | None
    editions: tuple[str, ...]

    @property
    def urns(self) -> tuple[str, ...]:
        """Every school that is named."""
        return tuple(dict.fromkeys(each.urn for each in (*self.fits, *self.cannot_tell)))


def long_ago(
    slug: str,
    *,
    viewer: Viewer,
    at: date | datetime,
    years: int = rules.YEARS,
    periods: Mapping[str, str] | None = None,
    order: str = BY_NAME,
) -> LongAgo | None:
    """Member schools that fit the pattern; None for whoever may see neither names nor totals. At most eight queries.

    Only a broker's asking (`years`, `periods` by phase, `order` by name or by day of inspection) changes anything: totals are the same
    for everybody, so that no two of them can be held against each other.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.EARLY_TOTALS_SEE):
        return None
    named = viewer.may(Permission.CONVERSATION_HOLD)
    on = day_of(at) if named else counting_day(day_of(at))
    members = member_schools(here.id, viewer=viewer, on=on)
    urns = [one.urn for one in members]
    known = readings.by_year(urns, OF_ENGLAND, viewer=viewer, before=converted_from(urns, viewer=viewer))
    england = _england(viewer)
    choices = _choices(known)
    chosen = {phase: _chosen(phase, periods if named else None, choices[phase], known) for phase in rules.PATTERN}
    found = _Looking(known, england, chosen, on, years if named else rules.YEARS).look(members, viewer)
    fits = sorted((one for one in found if one.fits is not None), key=_order(order))
    totals = None if named else _totals(members, {one.urn for one in fits}, on)
    return LongAgo(
        named=named,
        years=years if named else rules.YEARS,
        periods=chosen,
        choices=choices,
        newest_attainment={phase: max(_years_of(known, attainment), default="") for phase, (attainment, _) in rules.PATTERN.items()},
        schools=len(members),
        fits=tuple(fits) if named else (),
        cannot_tell=tuple(sorted((one for one in found if one.fits is None), key=_order(order))) if named else (),
        totals=totals,
        editions=_editions(known, england, chosen),
    )


def _order(order: str) -> Callable[[Beyond], tuple[str, str]]:
    """By name, or by the day of the inspection: never by how a school does."""
    return lambda one: (one.graded_on.isoformat(), one.name) if order == BY_DATE else (one.name, one.urn)


England = Mapping[tuple[str, str], tuple[float, str]]


def _england(viewer: Viewer) -> dict[tuple[str, str], tuple[float, str]]:
    """England's figure and its edition by measure and school year: as the tables publish it, else as the tool does."""
    ours = {key: measure for measure, key in OF_ENGLAND.items()}
    found: dict[tuple[str, str], tuple[float, str]] = {}
    points = readings.area_points([("england", ENGLAND_CODE)], [*OF_ENGLAND, *ours], viewer=viewer)
    for point in sorted(points, key=lambda each: each.measure in OF_ENGLAND):
        if point.value is None:
            continue
        if point.measure in ours:
            year = point.period[:4]
            period = SchoolYear(int(year) - 1).label if year.isdigit() else ""
            found[ours[point.measure], period] = (point.value, point.edition_key)
        else:
            found[point.measure, point.period] = (point.value, point.edition_key)
    return found


def _years_of(known: Points, measure: str) -> set[str]:
    return {period for (_, one, period), point in known.items() if one == measure and point.value is not None}


def _choices(known: Points) -> dict[str, tuple[str, ...]]:
    """The years of which any member has attainment, newest first, by phase."""
    return {phase: tuple(sorted(_years_of(known, attainment), reverse=True)) for phase, (attainment, _) in rules.PATTERN.items()}


def _chosen(phase: str, asked: Mapping[str, str] | None, choices: tuple[str, ...], known: Points) -> str:
    """The year asked for where there is such a one, else the newest that has both figures, else the newest with attainment."""
    if asked and asked.get(phase) in choices:
        return asked[phase]
    attainment, progress = rules.PATTERN[phase]
    years = {measure: sorted(_years_of(known, measure)) for measure in (attainment, *progress)}
    return rules.newest_common_period(years, phase) or (choices[0] if choices else "")


@dataclass(frozen=True, slots=True)
class _Looking:
    known: Points
    england: England
    periods: Mapping[str, str]
    on: date
    years: int

    def look(self, members: list[MemberSchool], viewer: Viewer) -> list[Beyond]:
        """Every member that was good or outstanding long ago and fits, or of which the rest cannot be told. One query."""
        inspected: dict[str, list[schools.InspectionRow]] = {}
        for row in schools.inspections([one.urn for one in members], viewer=viewer):
            if row.started_on is not None and row.started_on <= self.on:
                inspected.setdefault(row.urn, []).append(row)
        found = (
            self._one(member, phase, inspected.get(member.urn, [])) for member in members for phase in rules.phases_looked_at(member.phase)
        )
        return [one for one in found if one is not None]

    def _one(self, member: MemberSchool, phase: str, inspected: list[schools.InspectionRow]) -> Beyond | None:
        graded = max((row for row in inspected if row.kind == "graded"), key=lambda row: row.started_on or date.min, default=None)
        attainment, progress = rules.PATTERN[phase]
        period = self.periods[phase]
        last = LastGraded(graded.started_on, graded.overall) if graded is not None and graded.started_on is not None else None
        figures = [self._figure(member.urn, measure, period) for measure in progress]
        seen = rules.look(
            graded=last, attainment=self._figure(member.urn, attainment, period), progress=[one for one in figures if one is not None],
            on=self.on, years=self.years, period=period,
        )  # fmt: skip
        if last is None or not isinstance(seen, Fits | CannotTell):
            return None
        since = max(
            (row for row in inspected if row.kind != "graded" and (row.started_on or date.min) > last.on),
            key=lambda row: row.started_on or date.min, default=None,
        )  # fmt: skip
        return Beyond(
            member.urn, member.name, phase, member.cluster, grade_word(last.overall, last.on), last.on, seen.years,
            since.started_on if since else None, since.outcome if since else "", seen if isinstance(seen, Fits) else None,
            seen.reason if isinstance(seen, CannotTell) else "", self._change(member.urn, attainment, period),
            member.fictitious,
        )  # fmt: skip

    def _figure(self, urn: str, measure: str, period: str) -> Figure | None:
        point = self.known.get((urn, measure, period))
        if point is None:
            return None
        value, edition = self.england.get((measure, period), (0.0 if measure in rules.ENGLAND_IS_NOUGHT else None, ""))
        return Figure(
            measure, period, point.value, value, point.cohort, point.low if point.interval.value == "published" else None,
            point.high if point.interval.value == "published" else None, point.mark_says, point.edition_key, edition,
        )  # fmt: skip

    def _change(self, urn: str, measure: str, period: str) -> Change | None:
        """How attainment moved since the school year before."""
        if not period:
            return None
        before = self.known.get((urn, measure, SchoolYear(int(period[:4]) - 1).label))
        now = self.known.get((urn, measure, period))
        if before is None or now is None or before.value is None or now.value is None:
            return None
        first, second = (YearFigure(each.period, each.value, each.cohort) for each in (before, now) if each.value is not None)
        unit = MEASURES[measure].unit
        return change(first, second, measure=measure, unit=unit.value, share_of_pupils=unit is Unit.PERCENT)


def _totals(members: list[MemberSchool], fit: set[str], on: date) -> Totals:
    """How many, told so that no school can be worked out."""
    return tell([Standing(one.urn, one.phase or NO_PHASE, "", "fits" if one.urn in fit else "") for one in members], on=on, states=())


def _editions(known: Points, england: England, periods: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of the editions behind the figures looked at."""
    wanted = {(measure, periods[phase]) for phase, (first, rest) in rules.PATTERN.items() for measure in (first, *rest)}
    keys = [point.edition_key for (_, measure, period), point in known.items() if (measure, period) in wanted]
    return tuple(sorted({*keys, *(edition for key, (_, edition) in england.items() if key in wanted)} - {""}))
