"""The first sentence of the structure's page: how many bodies, how many empty seats, how many terms that end. And who leads a body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

UP_TO_TEN = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
PLURALS = {"consortium": "consortia", "body": "bodies"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the structure comes to, in sentences. A part about which there is nothing to say is ""."""

    bodies: str
    empty: str
    terms: str
    not_described: str


def in_words(number: int) -> str:
    """A count as running text has it: "no", "one" to "ten", then figures."""
    return UP_TO_TEN[number] if 0 <= number < len(UP_TO_TEN) else f"{number:,}"


def plural(noun: str) -> str:
    """The plural of a kind of body: "consortia", "members' meetings", "sub-groups", "academies"."""
    before, _, last = noun.rpartition(" ")
    if last in PLURALS:
        said = PLURALS[last]
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        said = f"{last[:-1]}ies"
    else:
        said = f"{last}es" if last.endswith(("s", "sh", "ch", "x")) else f"{last}s"
    return f"{before} {said}" if before else said


def count_in_words(number: int, noun: str) -> str:
    """ "one alliance", "no seats", "12 clusters"."""
    return f"{in_words(number)} {noun if number == 1 else plural(noun)}"


def and_list(parts: Sequence[str], word: str = "and") -> str:
    """ "a", "a and b", "a, b and c"; "" for nothing."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}" if parts else ""


def finding(
    bodies_by_tier: Iterable[Sequence[tuple[str, str]]], *, seats: int, empty: int, terms: int, over: int, not_described: int
) -> Finding:
    """What the structure comes to.

    ``bodies_by_tier`` has, for each tier from the top, the kind in words ("Alliance") and the name of each of its bodies; a body that
    stands alone in its tier is called by its name. ``seats`` counts all seats, ``empty`` those nobody holds, ``terms`` those that are
    over or end within six months, ``over`` the terms among them that are over while the holder sits on, ``not_described`` the bodies
    whose seats no evidence tells.
    """
    tiers = [bodies for bodies in bodies_by_tier if bodies]
    total = sum(len(bodies) for bodies in tiers)
    said = "; ".join(_tier_in_words(bodies) for bodies in tiers)
    bodies = f"{_capital(count_in_words(total, 'body'))} in {count_in_words(len(tiers), 'tier')}: {said}." if total else ""
    if not seats:
        vacant = ""
    elif empty == seats:
        vacant = "Nobody is recorded in a seat"
    elif empty:
        vacant = f"{_capital(count_in_words(empty, 'seat'))} {'is' if empty == 1 else 'are'} empty"
    else:
        vacant = "Every seat is held"
    ends = f"{count_in_words(terms, 'term')} {'ends' if terms == 1 else 'end'} within six months" if terms else ""
    if over:
        ends += ", it is over already" if over == terms == 1 else f", {in_words(over)} of them over already"
    untold = f"The evidence does not tell the seats of {count_in_words(not_described, 'body')}." if not_described else ""
    return Finding(bodies, vacant, ends, untold)


def _tier_in_words(bodies: Sequence[tuple[str, str]]) -> str:
    """ "the Strategic Board", "51 clusters and one committee"."""
    if len(bodies) == 1:
        name = bodies[0][1]
        return f"the {name[4:] if name.lower().startswith('the ') else name}"
    kinds = Counter(kind[:1].lower() + kind[1:] for kind, _ in bodies)
    return and_list([count_in_words(number, kind) for kind, number in kinds.items()])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def led_by(names: Sequence[str], *, held: int, office: str, recorded: bool) -> str:
    """Who leads a body, as its box in the drawing says it; "" where nothing tells, or where this reader may not see the name.

    ``names`` are those the reader may see, ``held`` how many lead it, ``office`` the seat that does ("chair", "lead"), "" for none.
    ``recorded``: somebody's time in some seat of the partnership is recorded; where nobody's is, an empty seat says nothing of the
    partnership as it is.
    """
    return and_list(names) if held else f"without a {office}" if office and recorded else ""
