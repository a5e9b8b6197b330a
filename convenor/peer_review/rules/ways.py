"""The ways of review: models of peer review held as data, one file each in `review_ways/`.

A way says how large a team is, how long it stays, what is due when, and which headings its documents have. A round keeps a copy of the
way as it stood on the day it was opened, so that changing a file never changes a round that runs. What no source states is named in
the file under `proposed`, and pages say so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent.parent / "review_ways"

#: The ways that come with Convenor, in the order in which pages offer them.
WAY_KEYS: Final = ("clusters", "triads", "lead-and-support", "two-reviewers-one-day", "three-days-independent-lead")
#: A team is a lead and one to three others (the requirements H2 of the field notes).
SMALLEST_TEAM: Final = 2
LARGEST_TEAM: Final = 4
#: A visit takes one to three school days (the same).
LONGEST_VISIT_DAYS: Final = 3
#: Whether two leads may review each other's schools in one round.
SWAPS: Final = ("lead", "none")
#: The documents that a review can make.
DOCUMENTS: Final = ("agenda", "evidence", "report")


class WayRefusedError(ValueError):
    """A file or a kept copy that is no way of review; the message names the key and what it should be."""


@dataclass(frozen=True, slots=True)
class Timings:
    """What is due when. Days are calendar days unless they are called working days."""

    data_shared_days_before: int = 14
    draft_working_days: int = 10
    check_working_days: int = 5
    workshop_within_days: int = 14
    impact_after_months: int = 6
    impact_give_days: int = 30


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a document, with a prompt for whoever fills it in."""

    key: str
    title: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class SuggestedActivity:
    """An activity that a visit of this way often holds, with how long it takes, minutes."""

    title: str
    kind: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way of review. `school_serves_at_most` is the most places on teams that one school fills in a round; `no_swap` "lead" bars
    two leads from reviewing each other's schools. `proposed` names what no source states."""

    key: str
    name: str
    says: str
    source: str
    team_size: int
    visit_days: int
    school_serves_at_most: int
    lead_rest_cycles: int
    independent_lead: bool
    no_swap: str
    champion: bool
    timings: Timings
    self_review: tuple[Heading, ...]
    report: tuple[Heading, ...]
    activities: tuple[SuggestedActivity, ...]
    documents: tuple[str, ...]
    proposed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The way as a round keeps it, in JSON; `way_from` reads it back unchanged."""
        found = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


_KEYS: Final = frozenset(Way.__dataclass_fields__)


def way_from(raw: Mapping[str, Any]) -> Way:
    """The way that a file or a round's kept copy describes. Raises WayRefusedError, naming the first key that is wrong."""
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise WayRefusedError(f"“{unknown[0]}” is no key of a way of review. Take it out, or write one of: {', '.join(sorted(_KEYS))}.")
    no_swap = _text(raw, "no_swap")
    if no_swap not in SWAPS:
        raise WayRefusedError("“no_swap” should be “lead” or “none”.")
    documents = tuple(str(each) for each in raw.get("documents", ()))
    if not set(documents) <= set(DOCUMENTS):
        raise WayRefusedError(f"“documents” should name some of: {', '.join(DOCUMENTS)}.")
    return Way(
        key=_text(raw, "key"),
        name=_text(raw, "name"),
        says=_text(raw, "says"),
        source=_text(raw, "source"),
        team_size=_number(raw, "team_size", SMALLEST_TEAM, LARGEST_TEAM),
        visit_days=_number(raw, "visit_days", 1, LONGEST_VISIT_DAYS),
        school_serves_at_most=_number(raw, "school_serves_at_most", 0, 99),
        lead_rest_cycles=_number(raw, "lead_rest_cycles", 0, 9),
        independent_lead=_switch(raw, "independent_lead"),
        no_swap=no_swap,
        champion=_switch(raw, "champion"),
        timings=_timings(raw.get("timings", {})),
        self_review=_headings(raw, "self_review"),
        report=_headings(raw, "report"),
        activities=tuple(
            SuggestedActivity(_text(each, "title"), _text(each, "kind"), _number(each, "minutes", 5, 600))
            for each in raw.get("activities", ())
        ),
        documents=documents,
        proposed=tuple(str(each) for each in raw.get("proposed", ())),
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise WayRefusedError(f"“{name}” should be words.")
    return value


def _number(raw: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise WayRefusedError(f"“{name}” should be a whole number from {least} to {most}.")
    return value


def _switch(raw: Mapping[str, Any], name: str) -> bool:
    value = raw.get(name)
    if not isinstance(value, bool):
        raise WayRefusedError(f"“{name}” should be true or false.")
    return value


def _timings(raw: Mapping[str, Any]) -> Timings:
    known = tuple(Timings.__dataclass_fields__)
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise WayRefusedError(f"“{unknown[0]}” is no timing. The timings are: {', '.join(known)}.")
    return Timings(**{name: _number(raw, name, 0, 730) for name in raw})


def _headings(raw: Mapping[str, Any], name: str) -> tuple[Heading, ...]:
    found = tuple(Heading(_text(each, "key"), _text(each, "title"), str(each.get("prompt", ""))) for each in raw.get(name, ()))
    if not found or len({each.key for each in found}) != len(found):
        raise WayRefusedError(f"“{name}” should have at least one heading, and no key twice.")
    return found


@cache
def way(key: str) -> Way:
    """A way that comes with Convenor. Raises KeyError for a key that is none of WAY_KEYS."""
    if key not in WAY_KEYS:
        raise KeyError(key)
    return way_from(tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8")))


def ways() -> tuple[Way, ...]:
    """Every way that comes with Convenor, in the order in which pages offer them."""
    return tuple(way(key) for key in WAY_KEYS)


def kept_way(raw: Mapping[str, Any], key: str = WAY_KEYS[0]) -> Way:
    """The way as a round keeps it; what an older copy lacks is as the file of its key says it. Raises WayRefusedError or KeyError."""
    return way_from(way(str(raw.get("key", key))).as_dict() | dict(raw))
