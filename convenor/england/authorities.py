"""Local authorities with responsibility for education: who they are, and what became of those that were re-organised.

The key is the Department's three-digit code, which is text. Re-organisations are data with dates. Sources: the Department's register
of local authorities (see `authority_list`) for codes and dates; the structural changes orders: Bedfordshire and Cheshire (SI 2008/634,
SI 2008/907), Bournemouth, Dorset and Poole (SI 2018/648), Buckinghamshire (SI 2019/957), Northamptonshire (SI 2020/156), Cumbria
(SI 2022/331), North Yorkshire (SI 2022/328), Somerset (SI 2022/329).
"""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from convenor.england.authority_list import AUTHORITIES as _LIST
from convenor.england.regions import ENGLAND_CODE, ENGLAND_TOOL_CODE, REGIONS, region_of


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority. `closed_on` is the first day on which it no longer existed. `gss_codes` are the ONS codes, newest first."""

    code: str
    name: str
    region_code: str
    gss_codes: tuple[str, ...]
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def live(self) -> bool:
        """Whether it exists today, as far as this list knows."""
        return self.closed_on is None

    @property
    def region(self) -> str:
        """The region's name; empty for schools overseas."""
        return REGIONS[self.region_code].name if self.region_code else ""

    def existed_on(self, day: date) -> bool:
        """Whether it existed on a day."""
        return (self.opened_on is None or self.opened_on <= day) and (self.closed_on is None or day < self.closed_on)


@dataclass(frozen=True, slots=True)
class Reorganisation:
    """What became of an authority. `successors` are new codes; the same code under a new ONS code keeps its own."""

    on: date
    old: str
    successors: tuple[str, ...]
    note: str = ""


class UnknownAreaError(ValueError):
    """No area has that name or code; the message lists the nearest."""


#: Forces' schools overseas have a code in the register and are no area of England.
OVERSEAS = "702"

AUTHORITIES: dict[str, Authority] = {
    row[0]: Authority(
        row[0],
        row[1],
        f"E1200000{row[2]}" if row[2] else "",
        tuple(row[3].split()),
        row[4] if len(row) > 4 else None,
        row[5] if len(row) > 5 else None,
    )
    for row in _LIST
}

REORGANISATIONS: tuple[Reorganisation, ...] = (
    Reorganisation(date(2009, 4, 1), "820", ("822", "823")),
    Reorganisation(date(2009, 4, 1), "875", ("895", "896")),
    Reorganisation(date(2019, 4, 1), "835", ("838",), "Christchurch went to Bournemouth, Christchurch and Poole and is not counted here"),
    Reorganisation(date(2019, 4, 1), "836", ("839",), "it is now part of Bournemouth, Christchurch and Poole, which is given whole"),
    Reorganisation(date(2019, 4, 1), "837", ("839",), "it is now part of Bournemouth, Christchurch and Poole, which is given whole"),
    Reorganisation(date(2020, 4, 1), "825", ("825",), "its districts were joined to the county; the code stayed"),
    Reorganisation(date(2021, 4, 1), "928", ("940", "941")),
    Reorganisation(date(2023, 4, 1), "909", ("942", "943")),
    Reorganisation(date(2023, 4, 1), "815", ("815",), "its districts were joined to the county; the code stayed"),
    Reorganisation(date(2023, 4, 1), "933", ("933",), "its districts were joined to the county; the code stayed"),
)
_SUCCESSORS = {change.old: change for change in REORGANISATIONS if change.successors != (change.old,)}
#: For authorities made since 2022, the districts (ONS codes) that each was made of, as its structural changes order says.
MADE_OF_DISTRICTS: dict[str, tuple[str, ...]] = {
    "942": ("E07000026", "E07000028", "E07000029"),
    "943": ("E07000027", "E07000030", "E07000031"),
    "815": ("E07000163", "E07000164", "E07000165", "E07000166", "E07000167", "E07000168", "E07000169"),
    "933": ("E07000187", "E07000188", "E07000189", "E07000246"),
}
#: ONS code to the Department's, old codes included. The county of Cornwall also held the Isles of Scilly.
BY_GSS_CODE: dict[str, str] = {gss: authority.code for authority in AUTHORITIES.values() for gss in authority.gss_codes}

#: Names in use beside the register's own, folded.
_ALIASES = {
    "hull": "810", "kingston upon hull": "810", "bristol": "801", "herefordshire": "884", "bedford borough": "822", "durham": "840",
    "county durham": "840", "scilly": "420", "isles of scilly": "420", "bcp": "839", "telford": "894", "southend": "882",
    "stockton": "808", "stoke": "861", "newcastle": "391", "brighton": "846", "richmond": "318", "kingston": "314",
    "bath": "800", "blackburn": "889", "redcar": "807", "dorset pre lg": "835", "poole pre lg": "836", "bournemouth pre lg": "837",
}  # fmt: skip
_FILLERS = re.compile(
    r"\b(?:city of|county of|(?:london|royal|metropolitan) borough of|borough of|county borough|county council|city council"
    r"|(?:metropolitan |london |royal )?borough council|council|city|county|borough|the)\b"
)
_JOINED = re.compile(r"\s+/\s+")


def fold(name: str) -> str:
    """A name without case, punctuation and the difference of `&` and `and`: as names are compared."""
    plain = re.sub(r"['’`.]", "", name.lower().replace("&", " and "))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def _without_fillers(folded: str) -> str:
    """A folded name without its "city of", "county of", "borough", "council"."""
    return " ".join(_FILLERS.sub(" ", folded).split())


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Folded name to code, exactly and without fillers. A live authority's name goes before an abolished one's."""
    exact: dict[str, str] = {}
    loose: dict[str, str] = {}
    for authority in sorted(AUTHORITIES.values(), key=lambda each: not each.live):
        if authority.code != OVERSEAS:
            exact.setdefault(fold(authority.name), authority.code)
            loose.setdefault(_without_fillers(fold(authority.name)), authority.code)
    loose.pop("london", None)  # the region, not the City
    return exact | {name: code for name, code in _ALIASES.items() if name not in exact}, loose


_EXACT, _LOOSE = _names()


def live_codes() -> tuple[str, ...]:
    """The Department's codes of the 153 authorities that exist today, in order."""
    return tuple(sorted(code for code, authority in AUTHORITIES.items() if authority.live and code != OVERSEAS))


def find(text: str) -> str:
    """The code of the one authority, live or abolished, that a code (the Department's or ONS's) or a name means.

    Forgives case, punctuation, "&", "City of", "County of", "Council". Raises UnknownAreaError, naming the nearest.
    """
    words = text.strip()
    if words in AUTHORITIES and words != OVERSEAS:
        return words
    if words.upper() in BY_GSS_CODE:
        return BY_GSS_CODE[words.upper()]
    folded = fold(words)
    code = _EXACT.get(folded) or _LOOSE.get(_without_fillers(folded))
    if code is None:
        raise UnknownAreaError(_unknown(words, folded))
    return code


def _unknown(words: str, folded: str) -> str:
    """What to say of a name or code that is none, with the nearest names."""
    near = get_close_matches(_without_fillers(folded), [*_LOOSE, *_EXACT, *(fold(r.name) for r in REGIONS.values())], n=8, cutoff=0.6)
    names: list[str] = []
    for each in near:
        code = _LOOSE.get(each) or _EXACT.get(each)
        name = f"{AUTHORITIES[code].name} ({code})" if code else each.title()
        if name not in names:
            names.append(name)
    if names:
        return f"No area is called '{words}'. The nearest are: {'; '.join(names[:4])}."
    return f"No area is called '{words}'. Give a local authority's name, its three-digit code or its ONS code (such as 916 or E10000013)."


def successors(code: str) -> tuple[str, ...]:
    """The live codes that an authority's area lies in today; its own when it is live. Follows chains."""
    change = _SUCCESSORS.get(code)
    if change is None:
        return (code,)
    found: list[str] = []
    for each in change.successors:
        found.extend(later for later in successors(each) if later not in found)
    return tuple(found)


def predecessors(code: str) -> tuple[str, ...]:
    """The abolished authorities that an authority was made from, in whole or in part; empty when its code never changed."""
    extra = ("835",) if code == "839" else ()  # Christchurch came from Dorset
    return tuple(sorted({change.old for change in _SUCCESSORS.values() if code in change.successors} | set(extra)))


def resolve(text: str) -> tuple[str, ...]:
    """The live codes that a name or code means, old or new: Cumbria and 909 give ("942", "943"); Wigan gives ("359",).

    Raises UnknownAreaError, naming the nearest, when there is none.
    """
    return successors(find(text))


def related(code: str) -> frozenset[str]:
    """All codes, old and new, that re-organisations join to this one, itself included: 942 gives {909, 942, 943}."""
    found, before = {code}, 0
    while len(found) != before:
        before = len(found)
        for old, change in _SUCCESSORS.items():
            family = {old, *change.successors, *(["839"] if old == "835" else [])}
            if family & found:
                found |= family
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Area:
    """Somewhere a context can be asked for: an authority, a region or England.

    `code` is the Department's for an authority (an abolished one's too) and ONS's for the others; `codes` are the live
    authorities that make it up; `note` says what a reader must know of an abolished authority.
    """

    kind: str  # authority, region or england
    code: str
    name: str
    codes: tuple[str, ...]
    note: str = ""


def authorities_of_region(region_code: str) -> tuple[str, ...]:
    """The live authorities of a region, in order of code."""
    return tuple(code for code in live_codes() if AUTHORITIES[code].region_code == region_code)


def area(text: str) -> Area:
    """The authority, region or England that a name or code means. Raises UnknownAreaError, naming the nearest."""
    folded = fold(text)
    if folded == "england" or text.strip().upper() == ENGLAND_CODE or text.strip() == ENGLAND_TOOL_CODE:
        return Area("england", ENGLAND_CODE, "England", live_codes())
    region = region_of(text)
    if region is not None:
        return Area("region", region.code, region.name, authorities_of_region(region.code))
    code = find(text)
    now, authority = successors(code), AUTHORITIES[code]
    return Area("authority", code, authority.name, now, "" if now == (code,) else became(code))


def became(code: str) -> str:
    """One sentence on what an abolished authority became, for a page or a terminal; empty for a live one."""
    change = _SUCCESSORS.get(code)
    if change is None:
        return ""
    names = " and ".join(AUTHORITIES[each].name for each in change.successors)
    day = f"{change.on.day} {change.on:%B %Y}"
    return f"{AUTHORITIES[code].name} became {names} on {day}" + (f"; {change.note}." if change.note else ".")


def of_joined(codes: str) -> tuple[str, ...]:
    """The authorities of a published row that joins two, as in "942 / 943"; the one code itself otherwise; none for marks."""
    return tuple(code for code in _JOINED.split(codes.strip()) if code in AUTHORITIES)


def code_for(gss_code: str) -> str:
    """The Department's code of an ONS code, old or new; empty when it is no education authority's."""
    return BY_GSS_CODE.get(gss_code.strip().upper(), "")
