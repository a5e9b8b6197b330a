"""Invented schools of every type, in the proportions of a county: pure, from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.names import places

#: Invented URNs lie from here upward, a thousand to an area. Published URNs have never come near it.
FIRST_URN = 900_000
#: One primary school in so many, the first among them, has slipped since it was last inspected; it is no tiny one, so that it can be told.
SLIPPING_EACH, SLIPPING_PUPILS = 31, 240
PRIMARIES, SECONDARIES, ALL_THROUGH, SPECIALS, NURSERIES, UNITS = 250, 36, 2, 10, 4, 3

PRIMARY_TYPES = (
    ("Community school", 34), ("Voluntary controlled school", 18), ("Voluntary aided school", 12), ("Foundation school", 4),
    ("Academy converter", 24), ("Academy sponsor led", 6), ("Free schools", 2),
)  # fmt: skip
SECONDARY_TYPES = (
    ("Community school", 8), ("Foundation school", 6), ("Voluntary aided school", 6), ("Academy converter", 55),
    ("Academy sponsor led", 17), ("Free schools", 5), ("University technical college", 3),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InventedGroup:
    """A trust or a federation that does not exist."""

    uid: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class InventedSchool:
    """A school that does not exist. Coordinates are metres of the national grid, near where schools of the area stand."""

    urn: str
    laestab: str
    name: str
    authority: str
    phase: str
    type_name: str
    low_age: int
    high_age: int
    religious_character: str
    diocese: str
    pupils: int
    capacity: int
    trust: str
    federation: str
    easting: int
    northing: int
    opened_on: date | None
    disadvantage: float  # share of pupils ever eligible for free school meals, 0 to 1: shapes its readings
    strength: float  # standard deviations from the average school of its intake: shapes its readings
    slipping: bool = False  # good when last inspected, long ago, and quietly slipping since: somebody should talk with it early


def groups(area: Area) -> list[InventedGroup]:
    """Ten multi-academy trusts, two single-academy trusts and six federations."""
    names = list(places(f"{area.key} groups"))
    base = FIRST_URN + area.number * 1000
    kinds = ["Multi-academy trust"] * 10 + ["Single-academy trust"] * 2 + ["Federation"] * 6
    words = {"Multi-academy trust": "Learning Trust", "Single-academy trust": "Academy Trust", "Federation": "Federation"}
    return [
        InventedGroup(uid=f"F{base + number}", name=f"{names[number]} {words[kind]}", kind=kind)
        for number, kind in enumerate(kinds)
    ]  # fmt: skip


def schools(area: Area, stand: Sequence[tuple[int, int]], taken: frozenset[str] = frozenset()) -> list[InventedSchool]:
    """The area's invented schools. `stand` are places where schools stand, to scatter them near; `taken` are real schools' names."""
    chance = Random(f"schools {area.key}")
    words_taken = {word for real in taken for word in real.split()}
    names = (name for name in places(area.key) if name.lower() not in words_taken)
    phases = (
        ["Primary"] * PRIMARIES
        + ["Secondary"] * (SECONDARIES + ALL_THROUGH)
        + ["Special"] * SPECIALS
        + ["Nursery"] * NURSERIES
        + ["PRU"] * UNITS
    )
    made = []
    for number, phase in enumerate(phases):
        all_through = PRIMARIES + SECONDARIES <= number < PRIMARIES + SECONDARIES + ALL_THROUGH
        made.append(_school(area, number, phase, next(names), stand, chance, all_through))
    return made


def _school(
    area: Area, number: int, phase: str, place: str, stand: Sequence[tuple[int, int]], chance: Random, all_through: bool
) -> InventedSchool:
    type_name = _type(phase, chance)
    academy = type_name.startswith(("Academy", "Free", "University"))
    church = type_name.startswith("Voluntary") or (academy and phase == "Primary" and chance.random() < 0.25)
    catholic = church and type_name == "Voluntary aided school" and chance.random() < 0.5
    character = "Roman Catholic" if catholic else "Church of England" if church else "Does not apply"
    slipping = phase == "Primary" and number % SLIPPING_EACH == 0
    pupils = max(_pupils(phase, chance), SLIPPING_PUPILS if slipping else 0)
    trust = (
        f"F{FIRST_URN + area.number * 1000 + chance.choices(range(12), weights=[9, 8, 7, 6, 5, 5, 4, 4, 3, 3, 1, 1])[0]}" if academy else ""
    )
    federated = not academy and phase == "Primary" and pupils < 130 and chance.random() < 0.35
    federation = f"F{FIRST_URN + area.number * 1000 + 12 + chance.randrange(6)}" if federated else ""
    easting, northing = stand[chance.randrange(len(stand))] if stand else (400_000, 250_000)
    low, high = {"Primary": (4, 11), "Secondary": (11, 16 if number % 2 else 18), "Special": (4, 19), "Nursery": (2, 4), "PRU": (5, 16)}[
        phase
    ]
    if all_through:
        low = 4
    authority = area.authorities[number % len(area.authorities)]
    return InventedSchool(
        urn=str(FIRST_URN + area.number * 1000 + number + 1),
        laestab=f"{authority}{9000 + number:04d}",
        name=f"{place} {_kind_of_school(phase, type_name, character, all_through)}",
        authority=authority,
        phase=phase,
        type_name=type_name,
        low_age=low,
        high_age=high,
        religious_character=character,
        diocese=f"Diocese of {'Rowanholt' if catholic else 'Larchmere'}" if church else "",
        pupils=pupils,
        capacity=round(pupils * chance.uniform(1.0, 1.28) / 5) * 5 + 5,
        trust=trust,
        federation=federation,
        easting=max(0, easting + chance.randint(-1800, 1800)),
        northing=max(0, northing + chance.randint(-1800, 1800)),
        opened_on=date(chance.randint(2012, 2023), chance.choice((1, 4, 9)), 1) if academy else None,
        disadvantage=min(0.75, max(0.03, chance.betavariate(2, 6.5))),
        strength=chance.gauss(0, 1),
        slipping=slipping,
    )


def _type(phase: str, chance: Random) -> str:
    if phase in ("Primary", "Secondary"):
        names, weights = zip(*(PRIMARY_TYPES if phase == "Primary" else SECONDARY_TYPES), strict=True)
        return str(chance.choices(names, weights=weights)[0])
    if phase == "Special":
        return chance.choice(("Community special school", "Academy special converter"))
    return {"Nursery": "Local authority nursery school", "PRU": "Pupil referral unit"}[phase]


def _pupils(phase: str, chance: Random) -> int:
    if phase == "Primary":  # many small rural schools, some of three forms of entry
        return int(min(680, max(24, chance.lognormvariate(5.15, 0.62))))
    spread = {"Secondary": (420, 1650), "Special": (48, 210), "Nursery": (52, 130), "PRU": (20, 90)}[phase]
    return chance.randint(*spread)


def _kind_of_school(phase: str, type_name: str, character: str, all_through: bool) -> str:
    faith = {"Church of England": "Church of England ", "Roman Catholic": "Catholic "}.get(character, "")
    if all_through:
        return f"{faith}All-through School"
    if phase == "Primary":
        return f"{faith}Primary {'Academy' if type_name.startswith('Academy') else 'School'}"
    if phase == "Secondary":
        return (
            "Technical College"
            if type_name.startswith("University")
            else f"{faith}{'Academy' if type_name.startswith('Academy') else 'High School'}"
        )
    return {"Special": "Special School", "Nursery": "Nursery School", "PRU": "Centre"}[phase]
