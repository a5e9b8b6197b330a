"""Two copies of the 2023/24 results that name schools and give no URN.

A row is taken where its name, folded (small letters, no points, the many spellings of the churches made one), belongs to exactly one school
of its authority in the register that was open on 12 September of that year and is of a fitting phase. Every other row is refused by name.
The percentiles that stand beside the Department's figures are the third party's own and are left.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from convenor.england.school_years import SchoolYear, read_school_year
from convenor.registers.rules import spelling
from convenor.registers.sources import MATCHED, EditionFacts, Hint, Known, KnownSchool, OpenedFile, Parsed, Refusal, Refused, Source
from convenor.registers.sources.figures import SchoolFigures, Speech, picks_for, year_of
from convenor.registers.sources.performance_tables import COPY

NO_REGISTER = (
    "This file names schools without their URN, and no register of schools is loaded to find them in. Load one (GIAS or Ofsted), then this."
)
#: The phases that have no pupils at the end of the key stage as a rule; middle schools and schools with a junior house are looked for
#: second.
NOT_OF = {"ks2": frozenset({"Secondary", "Nursery", "16 plus"}), "ks4": frozenset({"Primary", "Nursery", "16 plus"})}
#: What spellings of one name still differ in after `spelling.fold`: (words, the one word for them).
_SAME = (
    (re.compile(r"\b(?:roman catholic|rc|catholic)\b"), "rc"),
    (re.compile(r"\b(?:voluntary (?:aided|controlled)|v[ac])\b"), " "),
    (re.compile(r"\bthe\b"), " "),
)
#: How copies abbreviate the same: (A), (C), (VA), (VC), (Aided) ...
_STATUS = re.compile(r"\(\s*(?:aided|controlled|va|vc|c|a)\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """The school that a name belongs to, or why none is taken."""

    urn: str = ""
    reason: str = ""


def fold(name: str) -> str:
    """A school's name without what spellings differ in.

    >>> fold("St. Mary's C of E (VA) Primary School") == fold("St Mary's Church of England Primary School")
    True
    """
    text = spelling.fold(_STATUS.sub(" ", name))
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    return " ".join(text.split())


def listed_in(school: KnownSchool, year: SchoolYear) -> bool:
    """Whether the tables of a year are of this school.

    They list schools as they stood on 12 September, so of a school that became an academy during the year they give the old one
    (abbreviations.xlsx of 2018/19 and 2022/23, notes). A school whose days the register does not give is taken to be open.
    """
    day = date(year.start_year, 9, 12)
    return (school.opened_on is None or school.opened_on <= day) and (school.closed_on is None or school.closed_on > day)


class Names:
    """The schools of the register by authority and folded name."""

    def __init__(self, schools: tuple[KnownSchool, ...], year: SchoolYear, not_of: frozenset[str]) -> None:
        self._fitting: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._any: dict[tuple[str, str], set[str]] = defaultdict(set)
        for school in schools:
            if listed_in(school, year):
                key = (school.authority_code, fold(school.name))
                self._any[key].add(school.urn)
                if school.phase not in not_of:
                    self._fitting[key].add(school.urn)

    def find(self, authority: str, name: str) -> Found:
        """The one school of this name in the authority: of a fitting phase, or, where none is, of any."""
        key = (authority, fold(name))
        urns = self._fitting.get(key) or self._any.get(key) or set()
        if len(urns) == 1:
            return Found(min(urns))
        if urns:
            return Found(reason=f"'{name}' is the name of {len(urns)} schools of authority {authority}: which one is meant cannot be known")
        return Found(reason=f"no school of authority {authority} in the register is called '{name}'")


def _edition(_file: OpenedFile, hint: Hint, *, stage: str) -> EditionFacts:
    year = year_of(hint)
    note = "A third party's copy without URNs and without schools whose figures are withheld: matched to the register by authority and "
    "name."
    return EditionFacts(f"Key stage {stage[2]} results, {year} (a third party's copy, by name)", year.ends_on, year.label, note, "", COPY)


def _parse(file: OpenedFile, facts: EditionFacts, known: Known, *, stage: str) -> Parsed:
    schools = known.schools()
    if not schools:
        raise Refused(NO_REGISTER)
    table = file.frame()
    names = Names(schools, read_school_year(facts.period), NOT_OF[stage])
    keys = list(zip(table["lea"].to_pylist(), table["name"].to_pylist(), strict=True))
    found = [names.find(authority, name) for authority, name in keys]
    times = Counter(each.urn for each in found)
    rows, refusals, taken = table["_row"].to_pylist(), [], []
    for index, each in enumerate(found):
        reason = each.reason
        if each.urn and times[each.urn] > 1:
            authority, name = keys[index]
            reason = f"'{name}' stands {times[each.urn]} times in authority {authority}: which row is this school's cannot be known"
        if reason:
            refusals.append(Refusal(rows[index], reason[:280], field="name"))
        else:
            taken.append(index)
    kept = table.take(pa.array(taken, pa.int64())).append_column("urn", pa.array([found[index].urn for index in taken], pa.string()))
    parsed = SchoolFigures(
        kept, picks_for(f"{stage}-names", table.column_names, facts.period), urn="urn", areas={}, speech=Speech()
    ).parsed()
    parsed.refusals = sorted([*refusals, *parsed.refusals], key=lambda refusal: refusal.row)
    return parsed


def _source(stage: str, takes: str, *columns: str) -> Source:
    return Source(
        family=f"{stage}-names",
        publisher=COPY,
        cadence="does not come again",
        takes=takes,
        leaves="percentiles of the third party's own making; rows that fit no school, or several",
        recognise=lambda header: header.kind == "json" and header.has("name", "lea", *columns) and not header.has("urn"),
        edition=lambda file, hint: _edition(file, hint, stage=stage),
        parse=lambda file, facts, known: _parse(file, facts, known, stage=stage),
        stage=MATCHED,
    )


SOURCES: tuple[Source, ...] = (
    _source("ks2", "expected and higher standard in reading, writing and maths; average scaled scores", "rwm", "hs"),
    _source("ks4", "Attainment 8, grade 5 or above in English and maths, English Baccalaureate entries and points", "a8", "aps"),
)
