"""Which school a line means: by URN, by LAESTAB, then by name with postcode or town. What contradicts itself is asked, never guessed.

A URN that was closed leads to its successor by the register's published links (a chain of conversions is followed), and the page says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz, process

from convenor.moving_in.rules.school_names import (
    AGREES_FROM,
    CANDIDATE_FROM,
    SchoolName,
    is_slip,
    likeness,
    same,
    taken_apart,
    without,
)
from convenor.registers.rules.spelling import fold
from convenor.registers.rules.spelling import postcode as read_postcode

#: How far the best candidate must be before the next, points of 100, to be taken without asking.
_AHEAD: Final = 8.0
_CANDIDATES_MOST: Final = 6
_DIGITS: Final = re.compile(r"\d[\d /\-]*\d")
_IN_TEXT: Final = re.compile(r"\bURN:?\s*(\d{6})\b|\((\d{6})\)", re.IGNORECASE)
_NO_NAME: Final = frozenset({"", "n a", "na", "none", "unknown", "tbc", "tba", "all", "various", "all schools"})


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """A school of the register, open or closed. `became` are the URNs that the published links name as its successors.

    `authority` is the three-digit code (that of the LAESTAB where it is empty); `other_names` are earlier or everyday ones.
    """

    urn: str
    laestab: str
    name: str
    postcode: str
    town: str
    phase: str
    open_on: date | None = None
    closed_on: date | None = None
    became: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A school that may be meant; `score` runs from 0 to 100, `why` says what speaks for it."""

    urn: str
    name: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class SchoolMatch:
    """Which school a line means.

    `urn` is the likeliest, empty for none; it may be taken without asking only where `sure`. `how`: urn, laestab, name, none. `told` are
    words for the page. `followed` is the closed URN that was written, where a successor took its place; `outside` says that the school
    lies beyond the partnership's areas.
    """

    urn: str
    how: str
    sure: bool
    candidates: tuple[Candidate, ...]
    told: str
    outside: bool = False
    followed: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    """What a line says of its school, cleaned."""

    urn: str
    laestab: str
    name: str
    postcode: str
    town: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    """One name of one school, ready to be compared."""

    school: KnownSchool
    name: SchoolName
    town: frozenset[str]


@dataclass
class Register:
    """Schools to match with. `areas` are the codes of the partnership's authorities; empty means that every school is inside."""

    schools: Iterable[KnownSchool]
    areas: frozenset[str] = frozenset()
    _kept: dict[tuple[str, ...], SchoolMatch] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the indexes once."""
        self.schools = tuple(self.schools)
        self.by_urn = {school.urn: school for school in self.schools}
        self._by_laestab: dict[str, list[KnownSchool]] = defaultdict(list)
        self._by_postcode: dict[str, list[KnownSchool]] = defaultdict(list)
        self._earlier: dict[str, list[str]] = defaultdict(list)
        for school in self.schools:
            if school.laestab:
                self._by_laestab[school.laestab].append(school)
            if school.postcode:
                self._by_postcode[_packed(school.postcode)].append(school)
            for later in school.became:
                self._earlier[later].append(school.urn)
        self._entries = [
            _Entry(school, taken_apart(name), frozenset(taken_apart(school.town).core))
            for school in self.schools
            for name in (school.name, *school.other_names)
            if name
        ]
        self._by_core: dict[tuple[str, ...], list[_Entry]] = defaultdict(list)
        for entry in self._entries:
            self._by_core[tuple(sorted(entry.name.core))].append(entry)

    @cached_property
    def _keys(self) -> list[str]:
        return [entry.name.key for entry in self._entries]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for entry in self._entries for word in entry.name.core)

    def match(self, values: Mapping[str, str]) -> SchoolMatch:
        """The school of a line's `urn, laestab, school, postcode, town`; like lines are answered from memory."""
        key = tuple(values.get(each, "").strip() for each in ("urn", "laestab", "school", "postcode", "town"))
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._match(_written(*key))
        return found

    def search(self, text: str, *, most: int = _CANDIDATES_MOST) -> tuple[Candidate, ...]:
        """Open schools whose names are like a text, the likest first: for whoever answers a question by typing."""
        written = _written("", "", text, "", "")
        ranked = self._ranked(_Written(written.urn, "", text, "", "", ()))
        return tuple(ranked[:most])

    def _match(self, written: _Written) -> SchoolMatch:
        found = self.by_urn.get(written.urn) if written.urn else None
        if found:
            return self._confirmed(found, "urn", written)
        numbered = self._of_laestab(written.laestab)
        if len(numbered) == 1:
            match = self._confirmed(numbered[0], "laestab", written)
            if written.urn and match.sure and not self._agrees(numbered[0], written):
                return replace(match, sure=False)
            return match
        return self._by_name(written, numbered)

    def _of_laestab(self, laestab: str) -> list[KnownSchool]:
        """The schools of a number: the open one where predecessor and successor share it."""
        found = self._by_laestab.get(laestab, []) if laestab else []
        still_open = [school for school in found if school.closed_on is None]
        return still_open or found

    def _today(self, urn: str) -> tuple[str, ...]:
        """What a school is now: itself while open, else the open ends of the chains that the links name."""
        school = self.by_urn.get(urn)
        if school is None or school.closed_on is None:
            return (urn,)
        ends: dict[str, None] = {}
        seen, edge = {urn}, list(school.became)
        while edge:
            nearest = edge.pop(0)
            if nearest in seen:
                continue
            seen.add(nearest)
            later = self.by_urn.get(nearest)
            if later is None or later.closed_on is None:
                ends[nearest] = None
            else:
                edge.extend(later.became)
        return tuple(ends)

    def _line(self, urn: str) -> list[KnownSchool]:
        """A school with all that it was and became: under any of their names and postcodes it may stand in a list."""
        seen: dict[str, None] = {}
        edge = [urn]
        while edge and len(seen) < 20:
            here = edge.pop(0)
            if here in seen or here not in self.by_urn:
                continue
            seen[here] = None
            edge += [*self.by_urn[here].became, *self._earlier.get(here, ())]
        return [self.by_urn[each] for each in seen]

    def _name_likeness(self, school: KnownSchool, written: _Written) -> float:
        """How like the written name is to any name of the school's line, 0 to 100."""
        said = taken_apart(written.name)
        best = 0.0
        for each in self._line(school.urn):
            town = frozenset(taken_apart(each.town).core) | frozenset(taken_apart(written.town).core)
            for name in (each.name, *each.other_names):
                known = taken_apart(name)
                best = max(best, likeness(said, known), likeness(without(said, town), without(known, town)))
        return best

    def _agrees(self, school: KnownSchool, written: _Written) -> bool:
        return bool(written.name) and self._name_likeness(school, written) >= AGREES_FROM

    def _confirmed(self, school: KnownSchool, how: str, written: _Written) -> SchoolMatch:
        """A school found by its number, believed unless what else the line says speaks against it."""
        said = "URN" if how == "urn" else "LAESTAB"
        numbered = self._of_laestab(written.laestab) if how == "urn" and written.laestab else []
        line = {each.urn for each in self._line(school.urn)}
        other = [each for each in numbered if each.urn not in line]
        postcodes = {_packed(each.postcode) for each in self._line(school.urn)}
        same_place = bool(written.postcode) and _packed(written.postcode) in postcodes
        why = f"its {said} is written"
        if not written.name:
            if other:
                return self._contradicting(school, why, other[0], "its LAESTAB is written", written)
            return self._settled(school, how, why, written, sure=True)
        score = self._name_likeness(school, written)
        if score >= AGREES_FROM:
            extra = f"The LAESTAB written is that of {_named(other[0])}." if other else ""
            return self._settled(school, how, f"{why}, and the name is its own", written, sure=True, extra=extra)
        better = next(
            (each for each in self._ranked(written) if each.urn not in self._today(school.urn) and each.score >= max(score + 10, 75)), None
        )
        if better and how == "laestab" and not written.urn and self._outvoted(better, written):
            extra = f"The LAESTAB written is that of {_named(school)}; name and postcode are this school's."
            return self._settled(self.by_urn[better.urn], "name", better.why, written, sure=True, extra=extra)
        if better:
            return self._contradicting(school, why, self.by_urn[better.urn], "the name is its own", written)
        if other:
            return self._contradicting(school, why, other[0], "its LAESTAB is written", written)
        supported = same_place or (how == "urn" and any(each.urn in line for each in numbered))
        if supported or score >= CANDIDATE_FROM + 8:
            extra = f"The name written, '{written.name[:60]}', differs from the register's."
            return self._settled(school, how, f"{why}, and nothing else contradicts", written, sure=True, extra=extra)
        match = self._settled(school, how, why, written, sure=False)
        return replace(
            match,
            told=f"The {said} is that of {_named(school)}, but the name written is '{written.name[:60]}'. Which is right? "
            f"{match.told}".strip(),
        )

    def _outvoted(self, better: Candidate, written: _Written) -> bool:
        """Whether name and whole postcode together name one school so clearly that a LAESTAB, typed by hand, is the slip."""
        return better.score >= 95 and bool(written.postcode) and self._place(self.by_urn[better.urn], written) == "here"

    def _contradicting(self, one: KnownSchool, why: str, other: KnownSchool, other_why: str, written: _Written) -> SchoolMatch:
        """Two schools, each named by part of the line."""
        first = self._settled(one, "urn" if "URN" in why else "laestab", why, written, sure=False)
        second = self._settled(other, "name", other_why, written, sure=False)
        both = tuple({each.urn: each for each in (*first.candidates, *second.candidates)}.values())
        told = f"{_named(one)}: {why}. {_named(other)}: {other_why}. Which of them is meant?"
        return SchoolMatch(first.urn, first.how, False, both, told, first.outside, first.followed)

    def _settled(self, school: KnownSchool, how: str, why: str, written: _Written, *, sure: bool, extra: str = "") -> SchoolMatch:
        """The match with what the school became, and what must be said of it."""
        notes = [*written.notes, extra]
        ends = self._today(school.urn)
        followed = school.urn if school.closed_on is not None else ""
        known = [self.by_urn[urn] for urn in ends if urn in self.by_urn]
        if followed and len(ends) == 1 and known:
            notes.append(
                f"{_named(school)} closed on {school.closed_on:%-d %B %Y}; the register names {_named(known[0])} as its successor."
            )
        elif followed:
            several = "more than one successor" if len(ends) > 1 else "no successor that is known here"
            notes.append(f"{_named(school)} closed on {school.closed_on:%-d %B %Y}; the register names {several}.")
            sure = False
        picked = known or [school]
        outside = self._is_outside(picked[0])
        if outside:
            notes.append(f"{_named(picked[0])} lies outside the partnership's areas.")
            sure = sure and how == "urn"
        candidates = tuple(Candidate(each.urn, each.name, 100.0 if sure else 80.0, why) for each in picked)
        return SchoolMatch(picked[0].urn, how, sure, candidates, " ".join(filter(None, notes)), outside, followed)

    def _is_outside(self, school: KnownSchool) -> bool:
        return bool(self.areas) and (school.authority or school.laestab[:3]) not in self.areas

    def _by_name(self, written: _Written, numbered: list[KnownSchool]) -> SchoolMatch:
        """Nothing but name and place, or a number that several schools bear."""
        if not written.name:
            return self._nameless(written, numbered)
        ranked = self._ranked(written, among=frozenset(each.urn for each in numbered))
        if not ranked:
            notes = " ".join(written.notes)
            return SchoolMatch("", "none", False, (), f"No school of the register is called '{written.name[:80]}'. {notes}".strip())
        best = ranked[0]
        sure = self._is_sure(best, ranked[1:], written)
        origin = self._origin(best.urn, written)
        match = self._settled(origin, "name", best.why, written, sure=sure)
        if match.urn != best.urn:
            match = replace(match, urn=best.urn)
        told = match.told if sure else f"'{written.name[:80]}' may be {_named(self.by_urn[best.urn])}. {match.told}".strip()
        return replace(match, candidates=tuple(ranked[:_CANDIDATES_MOST]), told=told)

    def _origin(self, urn: str, written: _Written) -> KnownSchool:
        """The school under whose name the line was written: a predecessor where only that one was called so."""
        said = taken_apart(written.name)
        here = self.by_urn[urn]
        if likeness(said, taken_apart(here.name)) >= AGREES_FROM:
            return here
        before = [each for each in self._line(urn) if each.closed_on is not None and urn in self._today(each.urn)]
        return max(before, key=lambda each: likeness(said, taken_apart(each.name)), default=here)

    def _nameless(self, written: _Written, numbered: list[KnownSchool]) -> SchoolMatch:
        """A line without a name: what its number or postcode may mean is offered, not taken."""
        notes = " ".join(written.notes)
        near = numbered or self._by_postcode.get(_packed(written.postcode), []) if (numbered or written.postcode) else []
        candidates = {
            end: Candidate(end, self.by_urn[end].name, 60.0, "its postcode or number is written")
            for each in near
            for end in self._today(each.urn)
            if end in self.by_urn
        }
        if written.urn or written.laestab:
            number = f"URN {written.urn}" if written.urn else f"LAESTAB {written.laestab}"
            return SchoolMatch("", "none", False, tuple(candidates.values()), f"{number} is not in the register. {notes}".strip())
        return SchoolMatch("", "none", False, tuple(candidates.values()), notes or "No school is named.")

    def _is_sure(self, best: Candidate, others: Sequence[Candidate], written: _Written) -> bool:
        """Whether the best candidate by name may be taken without asking."""
        school, said = self.by_urn[best.urn], taken_apart(written.name)
        if self._is_outside(school) or best.score < 75:
            return False
        place = self._place(school, written)
        form = self._form_of(best.urn, said, here=place == "here")
        near = [each for each in others if each.score >= best.score - _AHEAD]
        if place == "here" and written.postcode:
            near = [each for each in near if self._place(self.by_urn[each.urn], written) == "here"]
        if any(not form or self._form_of(each.urn, said, here=True) in {form, "same"} for each in near):
            return False
        if written.urn or written.laestab:  # a number was written that is nobody's, or another's
            return form == "same" and place != "elsewhere" and not said.is_common
        if place == "here":  # a whole postcode forgives more than a town does
            return bool(written.postcode) or bool(form)
        if place == "elsewhere":
            return form == "same" and not said.is_common and not written.postcode
        return form == "same" or (form == "slip" and not said.is_common)

    def _form_of(self, urn: str, said: SchoolName, *, here: bool) -> str:
        """How a written name stands to a school's: the same, a slip of the pen, or neither (empty). An earlier name must name its stage."""
        town = frozenset(taken_apart(self.by_urn[urn].town).core)
        found = ""
        for each in self._line(urn):
            for name in map(taken_apart, (each.name, *each.other_names)):
                if each.urn != urn and name.stages != said.stages:
                    continue
                if same(without(said, town), without(name, town)):
                    return "same"
                if is_slip(said, name, self._words, shortest=5 if here else 6):
                    found = "slip"
        return found

    def _place(self, school: KnownSchool, written: _Written) -> str:
        """Where the line puts the school: here, elsewhere, or it does not say (empty). A postcode says more than a town."""
        line = self._line(school.urn)
        if written.postcode:
            codes = {_packed(each.postcode) for each in line if each.postcode}
            if _packed(written.postcode) in codes:
                return "here"
            outward = written.postcode.split(" ")[0]
            return "" if any(each.postcode.split(" ")[0] == outward for each in line) else "elsewhere"
        if not written.town:
            return ""
        towns = {fold(each.town) for each in line if each.town}
        if not towns:
            return ""
        return "here" if max(fuzz.ratio(fold(written.town), town) for town in towns) >= 88 else "elsewhere"

    def _ranked(self, written: _Written, *, among: frozenset[str] = frozenset()) -> list[Candidate]:
        """Schools that are open today and whose own or earlier names are like the one written, the likeliest first."""
        said = taken_apart(written.name)
        if not said.core or fold(written.name) in _NO_NAME:
            return []
        best: dict[str, Candidate] = {}
        for entry in self._near(said, written):
            score = max(likeness(said, entry.name), likeness(without(said, entry.town), without(entry.name, entry.town)))
            if entry.school.closed_on is not None:
                score -= 3
            place = self._place(entry.school, written)
            why = "the name is like its own"
            if place == "here":
                score, why = min(100.0, score + 14), f"{why}, and the {'postcode' if written.postcode else 'town'} is its own"
            elif place == "elsewhere":
                score -= 12
            if among and entry.school.urn in among:
                score = min(100.0, score + 10)
            if score < CANDIDATE_FROM:
                continue
            for urn in self._today(entry.school.urn):
                if urn in self.by_urn and score > (best[urn].score if urn in best else 0.0):
                    best[urn] = Candidate(urn, self.by_urn[urn].name, round(score - 5 * self._is_outside(self.by_urn[urn]), 1), why)
        return sorted(best.values(), key=lambda each: (-each.score, each.urn))

    def _near(self, said: SchoolName, written: _Written) -> list[_Entry]:
        """The entries worth comparing: those of the same core, of the same postcode, and the likest by spelling."""
        found = {id(entry): entry for entry in self._by_core.get(tuple(sorted(said.core)), ())}
        near = process.extract(said.key, self._keys, scorer=fuzz.ratio, score_cutoff=60, limit=25)
        near += process.extract(said.key, self._keys, scorer=fuzz.token_set_ratio, score_cutoff=85, limit=25)
        for _, _, at in near:
            found.setdefault(id(self._entries[at]), self._entries[at])
        if written.postcode:
            here = {school.urn for school in self._by_postcode.get(_packed(written.postcode), ())}
            found |= {id(entry): entry for entry in self._entries if entry.school.urn in here} if here else {}
        return list(found.values())


def _packed(postcode: str) -> str:
    return postcode.replace(" ", "").upper()


def _named(school: KnownSchool) -> str:
    return f"{school.name} (URN {school.urn})"


def _written(urn: str, laestab: str, name: str, postcode: str, town: str) -> _Written:
    """What the cells say, wherever it stands: a URN in the column of LAESTABs is still a URN."""
    notes: list[str] = []
    numbers = {"urn": "", "laestab": ""}
    for said, cell in (("URN", urn), ("LAESTAB", laestab)):
        found = _DIGITS.search(cell.removesuffix(".0"))
        digits = re.sub(r"\D", "", found[0]) if found else ""
        kind = {6: "urn", 7: "laestab"}.get(len(digits), "")
        if kind and not numbers[kind]:
            numbers[kind] = digits
        elif cell and not kind:
            notes.append(f"'{cell[:20]}' is no {said}.")
    plain = name.strip()
    inside = _IN_TEXT.search(plain)
    if inside and not numbers["urn"]:
        numbers["urn"] = inside[1] or inside[2]
    plain = _IN_TEXT.sub("", plain).strip(" -,")
    if re.fullmatch(r"\d{6}", plain) and not numbers["urn"]:
        numbers["urn"], plain = plain, ""
    code = read_postcode(postcode) if postcode else ""
    return _Written(
        numbers["urn"],
        numbers["laestab"],
        "" if fold(plain) in _NO_NAME else plain,
        code if " " in code else "",
        town.strip(),
        tuple(notes),
    )
