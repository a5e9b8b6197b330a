"""A seat in the words that a head would use: who may fill it, and how it comes to be filled."""

from __future__ import annotations

from collections.abc import Mapping

from convenor.partnership.rules.constitution import Seat
from convenor.partnership.rules.finding import and_list
from convenor.partnership.rules.vocabulary import PHASES, SCHOOL_TYPES, How

FILLED = {
    How.ELECTION: "elected",
    How.NOMINATION: "nominated",
    How.SELF_NOMINATION: "puts themselves forward",
    How.APPOINTMENT: "appointed",
    How.CO_OPTION: "co-opted",
    How.INVITATION: "invited",
}


def who_may(seat: Seat, roles: Mapping[str, str]) -> str:
    """Who may fill a seat: "Headteacher of a primary school", "Somebody independent of the schools"; "" where nothing is said.

    ``roles`` gives the words for the seat's roles.
    """
    if seat.ex_officio is not None:
        return "Comes with an office"
    if seat.post:
        return seat.post
    first, *others = [roles.get(role, role) for role in seat.who] or [""]
    said = and_list([first, *(_inside(other) for other in others)], "or")
    if seat.independent:
        who = "" if seat.who == ("independent",) else said
        return f"{who}, independent of the schools" if who else "Somebody independent of the schools"
    kinds = [PHASES.get(phase, phase).lower() for phase in seat.phases] or [SCHOOL_TYPES.get(kind, kind).lower() for kind in seat.types]
    if kinds:
        of = and_list([_one(kind) for kind in kinds], "or")
        return f"{said} of {of}" if said else f"From {of}"
    return said


def _inside(words: str) -> str:
    """Words as they stand inside a sentence: "Trust leader" loses its capital, "DfE" keeps it."""
    return words[:1].lower() + words[1:] if words[1:2].islower() and words[2:3].islower() else words


def _one(kind: str) -> str:
    """One school of a phase or type: "a primary school", "an academy", "alternative provision", "a post-16 provider"."""
    if kind.endswith("provision"):
        return kind
    noun = "" if kind.endswith(("school", "college", "academy", "unit", "nursery")) else " provider" if kind == "post-16" else " school"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}{noun}"


def how_filled(seat: Seat) -> str:
    """How a seat comes to be filled: "elected by primary headteachers"; "" where no evidence tells."""
    said = FILLED.get(seat.how, "") if seat.how is not None else ""
    if seat.by and seat.how is not How.SELF_NOMINATION:
        return f"{said or 'chosen'} by {seat.by}"
    return f"{said} ({seat.by})" if seat.by else said


def term_in_words(months: int | None) -> str:
    """A term: "2 years", "18 months"; "" where none is known."""
    if not months:
        return ""
    years, rest = divmod(months, 12)
    return f"{months} {'month' if months == 1 else 'months'}" if rest else f"{years} {'year' if years == 1 else 'years'}"
