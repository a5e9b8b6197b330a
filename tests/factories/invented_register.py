"""Schools of a county that is nowhere, as a register holds them: for matching."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from convenor.moving_in.rules.schools import KnownSchool

PLACES_A = (
    "Fern",
    "Ash",
    "Brook",
    "Cold",
    "Dun",
    "Elm",
    "Fox",
    "Glen",
    "Hazel",
    "Ivy",
    "Kings",
    "Lime",
    "Mill",
    "North",
    "Otter",
    "Peb",
    "Quarry",
    "Red",
    "Stone",
    "Wil",
)
PLACES_B = (
    "hollow",
    "water",
    "moor",
    "brook",
    "marsh",
    "scar",
    "ford",
    "bridge",
    "combe",
    "down",
    "gate",
    "hurst",
    "lea",
    "mead",
    "ness",
    "over",
    "pool",
    "stead",
)
_TOWNS = (
    "Ferndon",
    "Ashwick",
    "Lower Stowe",
    "Brackham",
    "Colmere",
    "Dunsey",
    "Elverton",
    "Foxley",
    "Marlbury",
    "Oxhill",
    "Penhurst",
    "Wexcombe",
)
_SAINTS = ("St Mary's", "St John's", "St Peter's", "All Saints", "Holy Trinity", "St Anne's", "Christ Church", "St Joseph's")


def invented_register(seed: int, count: int = 300, *, authority: str = "998") -> tuple[KnownSchool, ...]:
    """`count` open schools of a county that is nowhere, with the closed ones that some of them were.

    Infants stand beside juniors, and many are named after saints.
    """
    chance = random.Random(f"register {seed} {count}")
    places = [a + b for a in PLACES_A for b in PLACES_B]
    chance.shuffle(places)
    found: list[KnownSchool] = []
    number = 0
    while number < count:
        town, code = (
            chance.choice(_TOWNS),
            f"FN{chance.randint(1, 20)} {chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTU')}",
        )
        for name, phase in _names(chance, places):
            if number >= count:
                break
            number += 1
            urn, laestab = f"99{number:04d}", f"{authority}{2000 + number:04d}"
            found.append(KnownSchool(urn, laestab, name, code, town, phase, date(1990, 9, 1), authority=authority))
            if chance.random() < 0.12:
                found[-1] = KnownSchool(urn, laestab, name, code, town, phase, date(2023, 9, 1), authority=authority)
                old = name.replace("Academy", "School").replace("Primary School", "Community Primary School")
                found.append(
                    KnownSchool(
                        f"98{number:04d}", laestab, old, code, town, phase, date(1990, 9, 1), date(2023, 8, 31), (urn,), authority=authority
                    )
                )
    return tuple(found)


def _names(chance: random.Random, places: list[str]) -> Iterator[tuple[str, str]]:
    """The next school, or an infant and a junior school side by side."""
    draw, place = chance.random(), places.pop()
    if draw < 0.16:
        yield f"{place} Infant School", "Primary"
        yield f"{place} Junior School", "Primary"
    elif draw < 0.36:
        faith = chance.choice(("Church of England", "CofE", "Catholic"))
        yield (
            f"{chance.choice(_SAINTS)} {faith} Primary School, {place}" if chance.random() < 0.5 else f"{place} {faith} Primary School",
            "Primary",
        )
    elif draw < 0.5:
        yield f"{place} {chance.choice(('High School', 'Academy', 'Community College'))}", "Secondary"
    elif draw < 0.56:
        yield f"{place} School", "Special"
    else:
        yield f"{place} {chance.choice(('Primary School', 'Primary Academy', 'Community Primary School', 'Primary School'))}", "Primary"
