"""Finding a school or an area by a name half remembered, a URN, a LAESTAB or a postcode.

The names are held once in each process's memory, folded, with the words they are made of. A word that no name holds is
put right from the words that are (rapidfuzz), then the schools that hold all words are ranked. The same on both databases;
about 3 ms with 25,000 schools. The memory is built anew when the register changes: one small query asks whether it has.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Max, Q
from rapidfuzz import fuzz, process

from convenor.registers.models import Edition, LocalAuthority, School
from convenor.registers.queries.schools import sees_fictitious
from convenor.registers.rules import spelling

TEXT_MAXIMUM: Final = 100
WORDS_MAXIMUM: Final = 8
RANKED_MAXIMUM: Final = 300
CLOSE_ENOUGH: Final = 72.0
AREA_CLOSE_ENOUGH: Final = 80.0
#: A word a little further off than the nearest may still be the one meant; points of 100.
NEARLY_AS_NEAR: Final = 8.0
#: How much a school of the viewer's own area gains over one elsewhere that fits as well.
AT_HOME: Final = 25.0


@dataclass(frozen=True, slots=True)
class FoundSchool:
    """A school that a search found."""

    urn: str
    name: str
    phase: str
    town: str
    postcode: str
    status: str
    fictitious: bool
    area_code: str
    area_name: str


@dataclass(frozen=True, slots=True)
class FoundArea:
    """A local authority that a search found."""

    code: str
    name: str
    region: str
    closed: bool


@dataclass(frozen=True, slots=True)
class _Memory:
    """The names, sorted with open schools first; each word with the numbers of the names that hold it."""

    stamp: tuple[Any, ...]
    urns: list[str]
    folded: list[str]
    open_until: int
    fictitious: frozenset[int]
    areas: dict[str, frozenset[int]]
    words: list[str]
    holders: dict[str, frozenset[int]]


_lock = threading.Lock()
_memory: _Memory | None = None


def _stamp() -> tuple[Any, ...]:
    seen = Edition.objects.aggregate(newest=Max("id"), loaded=Max("loaded_at"), withdrawn=Max("withdrawn_at"))
    return (seen["newest"], seen["loaded"], seen["withdrawn"], School.objects.aggregate(number=Count("urn"))["number"])


def _build(stamp: tuple[Any, ...]) -> _Memory:
    rows = School.objects.order_by().values_list("urn", "name", "status", "fictitious", "town", "authority_id").iterator(chunk_size=5000)
    named = sorted(
        (status == "closed", spelling.fold(name), urn, fictitious, town, area or "") for urn, name, status, fictitious, town, area in rows
    )
    areas: dict[str, set[int]] = {}
    holders: dict[str, set[int]] = {}
    for number, (_closed, folded, _urn, _invented, town, area) in enumerate(named):
        areas.setdefault(area, set()).add(number)
        for word in {*folded.split(), *spelling.fold(town).split()}:
            holders.setdefault(word, set()).add(number)
    return _Memory(
        stamp=stamp,
        urns=[one[2] for one in named],
        folded=[one[1] for one in named],
        open_until=sum(1 for one in named if not one[0]),
        fictitious=frozenset(number for number, one in enumerate(named) if one[3]),
        areas={area: frozenset(numbers) for area, numbers in areas.items()},
        words=sorted(holders),
        holders={word: frozenset(numbers) for word, numbers in holders.items()},
    )


def _remembered() -> _Memory:
    global _memory
    stamp = _stamp()
    held = _memory
    if held is not None and held.stamp == stamp:
        return held
    with _lock:
        if _memory is None or _memory.stamp != stamp:
            _memory = _build(stamp)
        return _memory


def forget() -> None:
    """Drops the names that this process holds: the next search reads them anew. For tests, which put schools in without an edition."""
    global _memory
    _memory = None


def _spelt(word: str, memory: _Memory, *, last: bool) -> list[str]:
    """The words of the register that this word may mean: itself, what it begins, or what it nearly is."""
    meant = [word] if word in memory.holders else []
    if len(word) >= 3 or (last and len(word) >= 2):
        at = bisect_left(memory.words, word)
        while at < len(memory.words) and memory.words[at].startswith(word) and len(meant) < 40:
            if memory.words[at] != word:
                meant.append(memory.words[at])
            at += 1
    if not meant and len(word) >= 3:
        near = process.extract(word, memory.words, scorer=fuzz.ratio, limit=6, score_cutoff=CLOSE_ENOUGH)
        meant = [found for found, score, _at in near if score >= near[0][1] - NEARLY_AS_NEAR]
    return meant


def _numbers(text: str, memory: _Memory, *, hidden: frozenset[int], home: frozenset[int]) -> list[int]:
    """The numbers of the names that fit, the best first; of those that fit as well, the ones at home."""
    words = list(dict.fromkeys(text.split()))[:WORDS_MAXIMUM]
    sets: list[set[int]] = []
    said: list[str] = []
    for place, word in enumerate(words):
        meant = _spelt(word, memory, last=place == len(words) - 1)
        said.append(meant[0] if meant and word not in meant else word)
        if meant:
            sets.append(set().union(*(memory.holders[one] for one in meant)))
    fitting: set[int] | None = None
    for numbers in sorted(sets, key=len):
        narrowed = numbers if fitting is None else fitting & numbers
        fitting = narrowed or fitting
    if not fitting:
        return []
    asked = " ".join(said)
    ranked = []
    shown = fitting - hidden
    near = sorted(shown & home)[:RANKED_MAXIMUM]
    for number in [*near, *sorted(shown - home)[: RANKED_MAXIMUM - len(near)]]:
        name = memory.folded[number]
        score = (
            fuzz.token_set_ratio(asked, name)
            + 0.5 * fuzz.ratio(asked, name)
            + (10 if name.startswith(asked) else 0)
            + (AT_HOME if number in home else 0)
        )
        ranked.append((number >= memory.open_until, -score, number))
    ranked.sort()
    return [number for _closed, _score, number in ranked]


def _found(schools: Iterable[dict[str, Any]]) -> list[FoundSchool]:
    return [
        FoundSchool(
            urn=one["urn"], name=one["name"], phase=one["phase"], town=one["town"], postcode=one["postcode"], status=one["status"],
            fictitious=one["fictitious"], area_code=one["authority_id"] or "", area_name=one["authority__name"] or "",
        )
        for one in schools
    ]  # fmt: skip


_SHOWN = ("urn", "name", "phase", "town", "postcode", "status", "fictitious", "authority_id", "authority__name")


def _by_number(text: str) -> Q | None:
    """What to ask the database when the text is a URN, a LAESTAB or a postcode; None when it is a name."""
    if found := spelling.laestab(text):
        return Q(laestab=found) | Q(urn=found)
    if found := spelling.urn(text):
        return Q(urn=found)
    if (found := spelling.postcode(text)) and any(letter.isdigit() for letter in found):
        return Q(postcode=found) if " " in found else Q(postcode__startswith=f"{found} ")
    return None


def find_schools(text: str, *, viewer: Any, limit: int = 20) -> list[FoundSchool]:
    """Schools that the text may mean, the likeliest first, open ones before closed; empty when nothing is near.

    A URN, LAESTAB or postcode is looked up as it stands. Fictitious schools are found only by a viewer inside a demonstration.
    """
    text = text.strip()[:TEXT_MAXIMUM]
    if not text:
        return []
    invented = sees_fictitious(viewer)
    exact = _by_number(text)
    if exact is not None:
        schools = School.objects.filter(exact).values(*_SHOWN).order_by("status", "name")
        found = _found(schools[:limit] if invented else schools.filter(fictitious=False)[:limit])
        if found:
            return found
    memory = _remembered()
    home = memory.areas.get(getattr(getattr(viewer, "partnership", None), "area", "") or "none", frozenset())
    hidden = frozenset() if invented else memory.fictitious
    numbers = _numbers(spelling.fold(text), memory, hidden=hidden, home=home)[:limit]
    if not numbers:
        return []
    urns = [memory.urns[number] for number in numbers]
    rows = {one["urn"]: one for one in School.objects.filter(urn__in=urns).values(*_SHOWN)}
    return _found(rows[urn] for urn in urns if urn in rows)


def find_areas(text: str, *, viewer: Any, limit: int = 5) -> list[FoundArea]:
    """Authorities whose name the text may mean, or whose code it is; live ones first."""
    folded = spelling.fold(text[:TEXT_MAXIMUM])
    if not folded:
        return []
    rows = list(LocalAuthority.objects.values_list("code", "name", "region", "closed_on"))
    scored = []
    for code, name, region, closed_on in rows:
        own = spelling.fold(name)
        score = 200.0 if folded in (code, own) else 0.0
        if not score and len(folded) >= 3:
            score = 100.0 if own.startswith(folded) or f" {folded}" in own else fuzz.ratio(folded, own)
        if score >= AREA_CLOSE_ENOUGH:
            scored.append((closed_on is not None, -score, name, FoundArea(code, name, region, closed_on is not None)))
    scored.sort(key=lambda one: one[:3])
    return [found for *_order, found in scored[:limit]]
