"""The area's context: the seven indicators of the source document, for an authority, a region or England, on a date. Pure.

What the figures mean stands in `context_words`.

Which edition may speak. Each figure rests on the newest edition, not later than the date, that *covers the whole area* for what
the figure needs:

- a register covers an area when, for every authority in it, it lists open state-funded primary and secondary schools, and of
  each phase at least COVERAGE of the most that any edition lists there. So a download of one county never describes England, a list
  of secondary schools alone never describes an area, and a cut of a few rows describes nothing;
- nursery schools are counted only from a register that lists nursery schools at all;
- judgements come from the newest edition that holds graded inspections of at least half of the area's schools, counted over that
  edition's own list of schools or, where it has none, over the register nearest to it within a year;
- pupils come from the newest school census that covers the area in the same way.

Authorities made from others are compared over the whole group of codes, old and new, so that re-organisation is not taken for a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from convenor.england.authorities import AUTHORITIES, OVERSEAS, became, live_codes, predecessors, related, successors
from convenor.england.inspections import OVERALL_GRADE_ENDED_ON
from convenor.england.numbers import percent
from convenor.england.phases import NURSERY, PRIMARY, PRU, SECONDARY, SPECIAL
from convenor.england.regions import ENGLAND_CODE, REGIONS
from convenor.registers.rules.context_words import DEFINITION, KEYS

#: Changes whenever a figure could come out differently for the same editions: part of each run's name.
VERSION = "1"
#: An edition speaks for an authority when it lists at least this share of the most that any edition lists there.
COVERAGE = 0.7
#: So many schools fewer are no gap either: where there are three secondary schools, two may be all that are left.
SLACK = 1
#: Judgements are counted over a register at most this many days away.
NEAREST_REGISTER_DAYS = 366
#: An edition of inspections speaks for an area when it holds a graded inspection of at least this share of its schools.
INSPECTED_SHARE = 0.5
PHASES = (NURSERY, PRIMARY, SECONDARY, SPECIAL, PRU)

NO_PUBLISHED_LIST = "no published list exists any more"
NOT_COVERED = "no edition loaded covers the whole area on this date"
DID_NOT_EXIST = "the authority did not exist on this date"

Place = tuple[str, str]  # authority's code and phase


@dataclass(frozen=True, slots=True)
class Somewhere:
    """An area to describe: `codes` are every authority's code, old and new, whose schools are its own."""

    kind: str
    code: str
    name: str
    codes: frozenset[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """State-funded schools open on an edition's day, and how many of them are academies."""

    schools: int = 0
    academies: int = 0


@dataclass(frozen=True, slots=True)
class Grades:
    """Latest overall grades: schools with one, those of them good or outstanding, schools without, and schools never inspected."""

    graded: int = 0
    good: int = 0
    not_judged: int = 0
    never: int = 0


@dataclass(frozen=True, slots=True)
class Pupils:
    """Pupils on roll and eligible for free school meals, over the schools that gave both; and the schools that did not."""

    schools: int = 0
    eligible: int = 0
    on_roll: int = 0
    schools_without: int = 0


@dataclass(frozen=True)
class Register:
    """An edition's list of schools, counted. `every_phase` when its family lists all phases, so that none listed means none there."""

    key: str
    digest: str
    as_at: date
    counts: Mapping[Place, Count]
    every_phase: bool = False
    #: Schools it lists of which no edition tells the authority or the type: they are counted nowhere.
    unplaced: int = 0

    def schools(self, codes: Iterable[str], phase: str) -> int:
        """Open state-funded schools of a phase."""
        return sum(count.schools for code in codes if (count := self.counts.get((code, phase))))

    def lists(self, phase: str) -> bool:
        """Whether it lists schools of a phase at all."""
        return self.every_phase or any(place[1] == phase and count.schools for place, count in self.counts.items())


@dataclass(frozen=True)
class Inspections:
    """An edition that holds graded inspections."""

    key: str
    digest: str
    as_at: date


@dataclass(frozen=True)
class Census:
    """A school census, counted by authority from its schools, or `published` so by the Department."""

    key: str
    digest: str
    as_at: date
    counts: Mapping[str, Pupils]
    published: bool = False
    #: Abolished authorities whose schools are counted by the successor they lie in now.
    moved: frozenset[str] = frozenset()


@dataclass
class Editions:
    """All that a context may rest on. `grades(register, inspections)` counts the latest grades of a register's open schools."""

    registers: Sequence[Register] = ()
    inspections: Sequence[Inspections] = ()
    censuses: Sequence[Census] = ()
    grades: Callable[[str, str], Mapping[Place, Grades]] = lambda register, inspections: {}  # noqa: ARG005
    _most: dict[tuple[frozenset[str], str], int] = field(default_factory=dict)
    _covered: dict[tuple[str, frozenset[str]], bool] = field(default_factory=dict)

    def dates(self) -> list[date]:
        """Every day that an edition describes, oldest first."""
        days = {each.as_at for each in self.registers} | {each.as_at for each in self.inspections} | {each.as_at for each in self.censuses}
        return sorted(days)

    def most_listed(self, group: frozenset[str], phase: str) -> int:
        """The most open schools of a phase that any register lists in a group of codes."""
        if (group, phase) not in self._most:
            self._most[group, phase] = max((each.schools(group, phase) for each in self.registers), default=0)
        return self._most[group, phase]

    def most_counted(self, group: frozenset[str]) -> int:
        """The most schools that any census counts in a group of codes."""
        if (group, "") not in self._most:
            self._most[group, ""] = max((_schools_counted(each, group) for each in self.censuses), default=0)
        return self._most[group, ""]


def _schools_counted(census: Census, codes: Iterable[str]) -> int:
    return sum(count.schools + count.schools_without for code in codes if (count := census.counts.get(code)))


@cache
def places() -> tuple[Somewhere, ...]:
    """Every authority, live or abolished, every region, and England."""
    found = []
    for code, authority in AUTHORITIES.items():
        if code != OVERSEAS:
            codes = frozenset({code, *successors(code)})
            found.append(Somewhere("authority", code, authority.name, codes, became(code)))
    for region in REGIONS.values():
        found.append(Somewhere("region", region.code, region.name, _all_of(region.code)))
    return (*found, Somewhere("england", ENGLAND_CODE, "England", _all_of("")))


def _all_of(region_code: str) -> frozenset[str]:
    """The codes, old and new, of a region's authorities; of all England for the empty text."""
    return frozenset(
        code for code, authority in AUTHORITIES.items() if code != OVERSEAS and (not region_code or authority.region_code == region_code)
    )


def place(kind: str, code: str) -> Somewhere:
    """One of `places()`. Raises KeyError when there is none."""
    for each in places():
        if (each.kind, each.code) == (kind, code):
            return each
    raise KeyError(f"{kind} {code}")


@cache
def _groups(codes: frozenset[str]) -> frozenset[frozenset[str]]:
    """The groups of related codes that make up an area: each must be covered. Authorities long abolished bring their successors."""
    live = {now for code in codes for now in successors(code)} & set(live_codes())
    return frozenset(related(code) for code in live)


def covers(register: Register, where: Somewhere, editions: Editions) -> bool:
    """Whether a register lists the whole of an area's primary and secondary schools."""
    place = (register.key, where.codes)
    if place not in editions._covered:
        editions._covered[place] = _covers(register, where, editions)
    return editions._covered[place]


def _covers(register: Register, where: Somewhere, editions: Editions) -> bool:
    """What `covers` answers, worked out. A list of one phase alone never describes an area, however small."""
    if not (register.lists(PRIMARY) and register.lists(SECONDARY)):
        return False
    for group in _groups(where.codes):
        if not any(register.schools(group, phase) for phase in (PRIMARY, SECONDARY)):
            return False
        if any(register.schools(group, phase) < COVERAGE * editions.most_listed(group, phase) - SLACK for phase in (PRIMARY, SECONDARY)):
            return False
    return any(register.schools(where.codes, phase) for phase in (PRIMARY, SECONDARY))


def covers_pupils(census: Census, where: Somewhere, editions: Editions) -> bool:
    """Whether a census counts the whole of an area's schools."""
    for group in _groups(where.codes):
        if census.published:
            if not any(code in census.counts for code in group):
                return False
            continue
        counted = _schools_counted(census, group)
        if not counted or counted < COVERAGE * editions.most_counted(group) - SLACK:
            return False
    return any(code in census.counts for code in where.codes)


def register_for(where: Somewhere, on: date, editions: Editions, *, listing: str = PRIMARY) -> Register | None:
    """The newest register, not later than a day, that covers an area and lists a phase; None where there is none."""
    fit = [each for each in editions.registers if each.as_at <= on and covers(each, where, editions) and each.lists(listing)]
    return min(fit, key=lambda each: (-each.as_at.toordinal(), not each.every_phase, each.key), default=None)


def census_for(where: Somewhere, on: date, editions: Editions) -> Census | None:
    """The newest census, not later than a day, that covers an area; None where there is none."""
    fit = [each for each in editions.censuses if each.as_at <= on and covers_pupils(each, where, editions)]
    return min(fit, key=lambda each: (-each.as_at.toordinal(), each.key), default=None)


def inspections_for(where: Somewhere, on: date, editions: Editions) -> tuple[Register, Inspections] | None:
    """The newest inspections, not later than a day, that cover an area, with the register to count them over; None where there are none."""
    for found in sorted(editions.inspections, key=lambda each: (-each.as_at.toordinal(), each.key)):
        if found.as_at > on:
            continue
        near = [
            each
            for each in editions.registers
            if abs((each.as_at - found.as_at).days) <= NEAREST_REGISTER_DAYS and covers(each, where, editions)
        ]
        register = min(near, key=lambda each: (each.key != found.key, abs((each.as_at - found.as_at).days), each.key), default=None)
        if register is None:
            continue
        total = _grades(editions, register, found, where, PRIMARY, SECONDARY)
        if total.graded + total.not_judged >= INSPECTED_SHARE * (total.graded + total.not_judged + total.never):
            return register, found
    return None


def _grades(editions: Editions, register: Register, inspections: Inspections, where: Somewhere, *phases: str) -> Grades:
    """The grades of an area's schools of these phases."""
    counts = editions.grades(register.key, inspections.key)
    held = [counts[code, phase] for code in where.codes for phase in phases if (code, phase) in counts]
    return Grades(
        sum(each.graded for each in held),
        sum(each.good for each in held),
        sum(each.not_judged for each in held),
        sum(each.never for each in held),
    )


def _line(key: str, **said: Any) -> dict[str, Any]:
    """One figure as the command prints it. A figure without a value carries a mark."""
    definition = DEFINITION[key]
    empty = {"value": None, "numerator": None, "denominator": None, "not_judged": None}
    tail = {"unit": definition.unit, "definition": definition.words, "as_at": None, "edition": None, "mark": "", "note": ""}
    return {**empty, **tail, **said}


def _missing(where: Somewhere, on: date) -> str:
    """Why an area has no figure."""
    authority = AUTHORITIES.get(where.code) if where.kind == "authority" else None
    if authority and authority.opened_on and on < authority.opened_on:
        return DID_NOT_EXIST
    return NOT_COVERED


def indicators(where: Somewhere, on: date, editions: Editions) -> dict[str, dict[str, Any]]:
    """The nine figures of an area on a day, in order, each with what it counts, its edition, and a mark where it has no value."""
    found = _registered(where, on, editions)
    found |= {"fsm_percent": _free_meals(where, on, editions)}
    found |= _judged(where, on, editions)
    found["teaching_schools_per_school"] = _line("teaching_schools_per_school", mark=NO_PUBLISHED_LIST)
    return {key: found[key] for key in KEYS}


def _registered(where: Somewhere, on: date, editions: Editions) -> dict[str, dict[str, Any]]:
    """Numbers of schools, and the share of academies."""
    found: dict[str, dict[str, Any]] = {}
    newest = register_for(where, on, editions)
    for phase in (NURSERY, PRIMARY, SECONDARY):
        key, note = f"{phase.lower()}_schools", ""
        register = register_for(where, on, editions, listing=phase)
        if register is None:
            found[key] = _line(key, mark=_missing(where, on) if newest is None else f"the edition lists no {phase.lower()} schools")
            continue
        if newest is not None and register.key != newest.key:
            note = f"{newest.key} lists no {phase.lower()} schools; this is the newest edition before it that does."
        if register.unplaced and not note:
            note = f"{register.unplaced} schools of the edition are counted nowhere: no loaded edition tells their authority or type."
        number = register.schools(where.codes, phase)
        found[key] = _line(key, value=number, numerator=number, note=note, **_from(register))
    for phase in (PRIMARY, SECONDARY):
        key = f"{phase.lower()}_academies_percent"
        if newest is None:
            found[key] = _line(key, mark=_missing(where, on))
            continue
        counts = [newest.counts[code, phase] for code in where.codes if (code, phase) in newest.counts]
        academies, schools = sum(each.academies for each in counts), sum(each.schools for each in counts)
        said: dict[str, Any] = {"numerator": academies, "denominator": schools, **_from(newest)}
        found[key] = _line(key, value=percent(academies, schools), mark="" if schools else f"no {phase.lower()} schools", **said)
    return found


def _free_meals(where: Somewhere, on: date, editions: Editions) -> dict[str, Any]:
    """Pupils eligible for free school meals."""
    census = census_for(where, on, editions)
    if census is None:
        return _line("fsm_percent", mark=_missing(where, on))
    counts = [census.counts[code] for code in where.codes if code in census.counts]
    eligible, on_roll = sum(each.eligible for each in counts), sum(each.on_roll for each in counts)
    without = sum(each.schools_without for each in counts)
    note = _left_out(without) if without else ""
    before = [AUTHORITIES[old].name for old in predecessors(where.code) if old in census.moved] if where.kind == "authority" else []
    if before:
        note = f"The census names {' and '.join(before)}: its schools are counted by the authority they are in now. {note}".strip()
    if census.published:
        note = "As published by authority: primary, secondary and special schools together."
    said: dict[str, Any] = {"numerator": eligible, "denominator": on_roll, "note": note, **_from(census)}
    return _line("fsm_percent", value=percent(eligible, on_roll), mark="" if on_roll else "no pupils counted", **said)


def _left_out(schools: int) -> str:
    """What to say of schools without a number of eligible pupils."""
    return f"{schools} {'school is' if schools == 1 else 'schools are'} left out: the census gives no number of eligible pupils."


def _judged(where: Somewhere, on: date, editions: Editions) -> dict[str, dict[str, Any]]:
    """Schools judged good or outstanding."""
    found: dict[str, dict[str, Any]] = {}
    pair = inspections_for(where, on, editions)
    for phase in (PRIMARY, SECONDARY):
        key = f"{phase.lower()}_good_or_outstanding_percent"
        if pair is None:
            found[key] = _line(key, mark=_missing(where, on))
            continue
        register, inspections = pair
        total = _grades(editions, register, inspections, where, phase)
        aged = inspections.as_at >= OVERALL_GRADE_ENDED_ON
        note = "Overall grades ended in August 2024: a school inspected since then has none and is counted as not judged." if aged else ""
        if register.key != inspections.key:
            note = f"{note} Counted over the schools of {register.key}.".strip()
        said: dict[str, Any] = {
            "numerator": total.good,
            "denominator": total.graded,
            "not_judged": total.not_judged + total.never,
            "note": note,
        }
        mark = "" if total.graded else "no school has an overall grade"
        found[key] = _line(key, value=percent(total.good, total.graded), mark=mark, **said, **_from(inspections))
    return found


def _from(edition: Register | Inspections | Census) -> dict[str, Any]:
    """Which edition a figure rests on, and its day."""
    return {"as_at": edition.as_at.isoformat(), "edition": edition.key}


def rests_on(found: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The keys of the editions that a context's figures rest on."""
    return frozenset(line["edition"] for line in found.values() if line["edition"])


def newest_day(found: Mapping[str, Mapping[str, Any]]) -> date | None:
    """The newest day that any of the figures describes; None when there is no figure at all."""
    return max((date.fromisoformat(line["as_at"]) for line in found.values() if line["as_at"]), default=None)


def mean_of(contexts: Sequence[Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
    """For each figure the plain mean of several areas' values, each area counting once, and how many had a value.

    It is the mean of areas, as statistical neighbours are read, and not the share over all their schools together.
    """
    found = {}
    for key in KEYS:
        values = [line["value"] for each in contexts if (line := each.get(key)) and line["value"] is not None]
        mean = round(sum(values) / len(values), 1) if values else None
        found[key] = {"value": mean, "areas": len(values), "unit": DEFINITION[key].unit}
    return found


def lacking(register: Register) -> tuple[str, ...]:
    """The phases that a register does not list at all."""
    return tuple(phase for phase in PHASES if not register.lists(phase))


def existed(where: Somewhere, day: date) -> bool:
    """Whether an area existed on a day; an abolished authority goes on as the area it was."""
    opened = AUTHORITIES[where.code].opened_on if where.kind == "authority" else None
    return opened is None or opened <= day


def made_from(code: str) -> str:
    """Where to look for an authority before it existed, as one sentence; empty when it always did."""
    authority, before = AUTHORITIES[code], predecessors(code)
    if authority.opened_on is None or not before:
        return ""
    names = " and ".join(AUTHORITIES[each].name for each in before)
    return f"{authority.name} was made on {authority.opened_on.day} {authority.opened_on:%B %Y}; before, ask for {names}."
