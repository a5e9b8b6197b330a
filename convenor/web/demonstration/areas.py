"""The areas that can be shown: each rests on a constitution that the project ships."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Area:
    """A demonstration area. `number` sets the range of its invented URNs.

    `sizes` says how many schools a cluster named by the evidence has, where the evidence tells: 39 primaries in the Gloucester Schools'
    Partnership (gloucesterschoolspartnership.co.uk).
    """

    key: str
    name: str
    constitution: str
    authorities: tuple[str, ...]
    number: int
    sizes: tuple[tuple[str, int], ...] = ()


AREAS: Final[dict[str, Area]] = {
    area.key: area
    for area in (
        Area("gloucestershire", "Gloucestershire", "gloucestershire", ("916",), 0, (("gloucester-schools-partnership", 39),)),
        Area("bexley", "Bexley", "bexley", ("303",), 1),
        Area("cumbria", "Cumbria", "cumbria", ("942", "943"), 2),
        Area("east-sussex", "East Sussex", "east-sussex", ("845",), 3),
        Area("hampshire", "Hampshire", "hampshire", ("850",), 4),
        Area("portsmouth", "Portsmouth", "portsmouth", ("851",), 5),
        Area("warwickshire", "Warwickshire", "warwickshire", ("937",), 6),
        Area("wigan", "Wigan", "wigan", ("359",), 7),
    )
}


class UnknownAreaError(LookupError):
    """No demonstration area has this name; the message lists those that there are."""


def area_named(words: str) -> Area:
    """The demonstration area of that name, however it is cased or spaced. Raises UnknownAreaError."""
    key = "-".join(words.lower().replace("_", " ").replace("-", " ").split())
    if key not in AREAS:
        raise UnknownAreaError(f"There is no demonstration of “{words}”. There is one of each of: {', '.join(sorted(AREAS))}.")
    return AREAS[key]
