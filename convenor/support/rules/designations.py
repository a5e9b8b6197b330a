"""Designations: the names by which the field knows those who support schools, national and local, as data.

A designation says what somebody was once given; whether anything vouches for them today, `rules.assurance` says. A national name that is
no longer given is marked historic. A partnership names its own beside these (`LocalDesignation`). Source: the field notes C (numbers of
hubs, the end of teaching schools in August 2021, rates and status of national, local and specialist leaders called historic there).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from convenor.support.rules.refusals import NoWords
from convenor.support.rules.states import SupporterKind

P, S, T, H, V = SupporterKind.PERSON, SupporterKind.SCHOOL, SupporterKind.TRUST, SupporterKind.HUB, SupporterKind.SERVICE
LOCAL_PREFIX: Final = "local-"
NAME_AT_MOST: Final = 120
SAYS_AT_MOST: Final = 300


class Standing(StrEnum):
    """Who gives a designation today; the value is what pages say beside its name."""

    NATIONAL = "national"
    HISTORIC = "historic"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Designation:
    """One designation: its key, its name, whom it is given to, who gives it, and what it means in a sentence."""

    key: str
    name: str
    kinds: frozenset[SupporterKind]
    standing: Standing
    says: str

    @property
    def said(self) -> str:
        """The name as a page shows it: a name that is no longer given is marked."""
        return f"{self.name} (historic)" if self.standing is Standing.HISTORIC else self.name


def _of(key: str, name: str, kinds: Iterable[SupporterKind], standing: Standing, says: str) -> Designation:
    return Designation(key, name, frozenset(kinds), standing, says)


N, OLD, L = Standing.NATIONAL, Standing.HISTORIC, Standing.LOCAL
_LISTED: Final = (
    _of("system-leader", "System leader", [P], L, "A leader whom the partnership itself has seen at work and lends to other schools"),
    _of("specialist-leader", "Specialist leader", [P], L, "A middle or senior leader who knows one field well, locally assured"),
    _of("improvement-partner", "School improvement partner", [P], L, "Somebody who works beside a school over a year or more"),
    _of("mentor-head", "Mentor head", [P], L, "An experienced head who stands by new and acting heads"),
    _of("supporting-school", "Supporting school", [S], L, "A school that opens its doors and lends its people, locally assured"),
    _of("teaching-school-hub", "Teaching school hub", [S, T, H], N, "Professional development for about 250 schools each"),
    _of("research-school", "Research school", [S, H], N, "Helps schools to find and use evidence"),
    _of("maths-hub", "Maths hub", [S, T, H], N, "Mathematics teaching in its region"),
    _of("english-hub", "English hub", [S, T, H], N, "Early reading and language in its region"),
    _of("computing-hub", "Computing hub", [S, T, H], N, "Computing in its region"),
    _of("attendance-behaviour-hub", "Attendance and behaviour hub", [S, T, H], N, "Schools that share how they brought attendance up"),
    _of("rise-supporting-organisation", "RISE supporting organisation", [S, T, H, V], N, "Named by the Department to support a school"),
    _of("trust", "Trust that supports others", [T], L, "A trust that lends its people beyond its own schools"),
    _of("authority-service", "Authority or traded service", [V], L, "A council's or traded school improvement service"),
    _of("diocesan-service", "Diocesan service", [V], L, "Advisers of a diocese or other religious authority"),
    _of("independent", "Independent consultant", [P, V], L, "Of no school; assured by the partnership as everybody else is"),
    _of("national-leader", "National leader of education", [P], OLD, "Was given to heads of strong schools who supported others"),
    _of("local-leader", "Local leader of education", [P], OLD, "Was given to heads of three years and more"),
    _of("specialist-national", "Specialist leader of education", [P], OLD, "Was given to middle and senior leaders"),
    _of("teaching-school", "Teaching school", [S], OLD, "Ended in August 2021"),
    _of("behaviour-hub", "Behaviour hub", [S, T], OLD, "Now part of attendance and behaviour hubs"),
)

#: Every designation that is not a partnership's own, by its key, in the order in which pages offer them.
DESIGNATIONS: Final[dict[str, Designation]] = {each.key: each for each in _LISTED}


def local(key: str, name: str, says: str) -> Designation:
    """A partnership's own designation, as the pages know it: for anybody and any body."""
    return Designation(key, name, frozenset(SupporterKind), Standing.LOCAL, says)


def with_local(own: Iterable[Designation]) -> dict[str, Designation]:
    """All designations that a partnership uses, its own first."""
    return {each.key: each for each in own} | DESIGNATIONS


def name_of(key: str, known: Mapping[str, Designation] = DESIGNATIONS) -> str:
    """The name of a designation as a page shows it; the key itself where an older entry holds one that is no longer listed."""
    return known[key].said if key in known else key


def in_order(keys: Iterable[str], known: Mapping[str, Designation] = DESIGNATIONS) -> tuple[str, ...]:
    """The known designations among the keys, each once, in the order in which pages offer them."""
    chosen = set(keys)
    return tuple(key for key in known if key in chosen)


def check_local(name: str, says: str, taken: Iterable[str]) -> tuple[str, str, str]:
    """Key, name and meaning of a partnership's new designation. Raises NoWords without words, for too many, or for a name in use.

    `taken` are names that the partnership uses already.
    """
    name, says = " ".join(name.split()), " ".join(says.split())
    if not name or not says:
        raise NoWords("Give the designation a name, and say what somebody has shown to be given it. Nothing was changed.")
    if len(name) > NAME_AT_MOST or len(says) > SAYS_AT_MOST:
        raise NoWords(f"Keep the name within {NAME_AT_MOST} characters and the meaning within {SAYS_AT_MOST}. Nothing was changed.")
    if name.casefold() in {each.casefold() for each in (*taken, *(each.name for each in _LISTED))}:
        raise NoWords(f"“{name}” is in use already. Nothing was changed.")
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "own"
    return f"{LOCAL_PREFIX}own-{slug}", name, says
