"""An entry of the directory: what somebody says of what they offer, and what cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from convenor.england.phases import PHASES
from convenor.peer_review.rules import themes
from convenor.support.rules.designations import DESIGNATIONS, Designation
from convenor.support.rules.designations import in_order as designations_in_order
from convenor.support.rules.refusals import NoWords, WrongSum
from convenor.support.rules.states import SupporterKind, SupportFormat

SAYS_AT_MOST: Final = 2000
NAME_AT_MOST: Final = 200
#: Farther than any local area is wide.
REACH_AT_MOST_KM: Final = 300


@dataclass(frozen=True, slots=True)
class Offering:
    """What stands in an entry, beside who they are. `phases` empty: all; `reach_km` None: the whole area.

    `published`: they agree to stand in the published directory, a person without their name.
    """

    expertise: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    says: str = ""
    reach_km: int | None = None
    published: bool = False


def check_offering(offering: Offering) -> Offering:
    """The entry as it is kept: known terms alone, in their order. Raises NoWords without a theme or for too many words, WrongSum."""
    expertise = themes.in_order(offering.expertise)
    if not expertise:
        raise NoWords("Tick at least one thing that you know well: that is how schools find you. Nothing was changed.")
    says = offering.says.strip()
    if len(says) > SAYS_AT_MOST:
        raise NoWords(f"Keep it within {SAYS_AT_MOST:,} characters. Nothing was changed.")
    if offering.reach_km is not None and not 1 <= offering.reach_km <= REACH_AT_MOST_KM:
        raise WrongSum(f"Give from 1 to {REACH_AT_MOST_KM} km, or nothing for the whole area. Nothing was changed.")
    phases = tuple(each for each in PHASES if each in offering.phases)
    formats = tuple(each.value for each in SupportFormat if each.value in offering.formats)
    return replace(offering, expertise=expertise, phases=phases, formats=formats, says=says)


def check_designations(keys: tuple[str, ...], kind: SupporterKind, known: Mapping[str, Designation] = DESIGNATIONS) -> tuple[str, ...]:
    """The designations as they are kept. Raises NoWords for one that is never given to supporters of this kind."""
    kept = designations_in_order(keys, known)
    for key in kept:
        if kind not in known[key].kinds:
            raise NoWords(f"“{known[key].name}” is not given to a {kind.value}. Nothing was changed.")
    return kept


def check_name(name: str, kind: SupporterKind) -> str:
    """The name of a body, or of somebody of no school. Raises NoWords for none, or one too long."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_AT_MOST:
        raise NoWords(f"Give the {kind.value} a name of at most {NAME_AT_MOST} characters. Nothing was changed.")
    return name


def published_name(kind: SupporterKind, name: str, designation: str, organisation: str) -> str:
    """How an entry is named where anybody may read it: a person by what they are and where they come from, never by their name."""
    if kind is not SupporterKind.PERSON:
        return name
    what = designation or "Supporter of schools"
    return f"{what}, {organisation}" if organisation else what
