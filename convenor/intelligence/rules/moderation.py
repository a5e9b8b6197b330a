"""Which schools' own judgements are moderated: a random third, drawn once a school year, so that anybody can repeat the draw.

It is drawn from all member schools, whose list is public, and not from those that have judged themselves: a draw that anybody
can repeat would else tell who has. The order follows from a seed and the URNs alone, by SHA-256. Who draws brings a seed that
nobody chose; the digest of the list says of which schools the draw was made. It is drawn once and never again to taste.
Source: Surrey's public practice, where every school judges itself and a random third is moderated by a system leader.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from convenor.partnership.rules.refusals import Refused

#: One school in so many is moderated; a part of a school counts as one.
ONE_IN: Final = 3
#: A seed has at least so many characters: none that somebody would hit upon.
SHORTEST_SEED: Final = 16


class DrawRefused(Refused):
    """A draw that cannot be made. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: its seed, the SHA-256 of the list it was made of, how many schools that holds, and who was drawn, by URN."""

    seed: str
    digest: str
    schools: int
    drawn: tuple[str, ...]


def list_digest(urns: Iterable[str]) -> str:
    """The SHA-256 of the URNs, each once, sorted, one to a line."""
    return hashlib.sha256("\n".join(sorted(set(urns))).encode()).hexdigest()


def draw(urns: Iterable[str], *, seed: str) -> Draw:
    """A random third of these schools, rounded up. The same schools, in whatever order, and seed give the same draw.

    Raises DrawRefused when there is nothing to draw from, or the seed is too short to be one that nobody chose.
    """
    schools = sorted(set(urns))
    if not schools:
        raise DrawRefused("The partnership has no member school. Nothing was drawn.")
    if len(seed) < SHORTEST_SEED:
        raise DrawRefused(f"A seed of at least {SHORTEST_SEED} characters is needed. Nothing was drawn.")
    ordered = sorted(schools, key=lambda urn: hashlib.sha256(f"{seed}\n{urn}".encode()).hexdigest())
    number = -(-len(schools) // ONE_IN)
    return Draw(seed, list_digest(schools), len(schools), tuple(sorted(ordered[:number])))
