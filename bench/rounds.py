"""Review rounds made from a seed, for measuring and testing the matching: invented schools, invented people, three kinds of county.

`scattered`: schools anywhere, trusts at random. `towns`: schools gather in towns, trusts too, phases mixed in every town.
`tight`: as towns, with hardly more leads and days than the round needs, long histories, objections and interests.
"""

from __future__ import annotations

import math
import random
from typing import Any

KINDS = ("scattered", "towns", "tight")
FOCUSES = ("reading", "writing", "mathematics", "attendance", "early years", "inclusion", "behaviour", "curriculum")
#: Square kilometres to a school, about that of a shire county.
KM2_PER_SCHOOL = 9.0


def make_round(schools: int, *, kind: str = "towns", seed: int = 1, team_size: int = 3) -> dict[str, Any]:
    """A round in the shape of ROUND.json, always the same for the same arguments. Raises KeyError for an unknown kind."""
    chance = random.Random(f"{kind} {schools} {seed}")
    side_m = 1000 * math.sqrt(schools * KM2_PER_SCHOOL)
    places = {"scattered": _anywhere, "towns": _in_towns, "tight": _in_towns}[kind](schools, side_m, chance)
    listed = [_school(number, place, chance) for number, place in enumerate(places)]
    _give_trusts(listed, chance, gathered=kind != "scattered")
    tight = kind == "tight"
    people = [person for school in listed for person in _people(school, chance, tight=tight)]
    people += [_independent(number, side_m, chance) for number in range(schools // 30)]
    _give_objections(listed, people, chance, often=0.5 if tight else 0.15)
    return {
        "seed": seed,
        "on": "2026-11-21",
        "team_size": team_size,
        "school_serves_at_most": team_size + 1,
        "lead_rest_cycles": 2,
        "waive": [],
        "schools": listed,
        "people": people,
        "history": _history(listed, chance, per_school=2 if tight else 1),
        "weights": {"travel_per_km": 1, "phase_missing": 25, "focus_missing": 15, "competitor": 30, "second_review": 10},
    }


def _anywhere(count: int, side_m: float, chance: random.Random) -> list[tuple[int, int]]:
    return [(round(chance.uniform(0, side_m)), round(chance.uniform(0, side_m))) for _ in range(count)]


def _in_towns(count: int, side_m: float, chance: random.Random) -> list[tuple[int, int]]:
    """Two schools in three stand within some kilometres of one of the towns, one for every twenty schools."""
    towns = _anywhere(max(2, count // 20), side_m, chance)
    places = []
    for place in _anywhere(count, side_m, chance):
        if chance.random() < 0.67:
            town = chance.choice(towns)
            place = (round(town[0] + chance.gauss(0, 2500)), round(town[1] + chance.gauss(0, 2500)))
        places.append(place)
    return places


def _school(number: int, place: tuple[int, int], chance: random.Random) -> dict[str, Any]:
    phases = ("primary", "secondary", "all-through", "special", "nursery", "alternative")
    return {
        "id": f"S{number:04}",
        "phase": chance.choices(phases, (74, 14, 2, 5, 3, 2))[0],
        "trust": None,
        "federation": None,
        "easting": 400_000 + place[0],
        "northing": 200_000 + place[1],
        "hosts": True,
        "team_size": None,
        "focus": chance.sample(FOCUSES, chance.choice((1, 1, 2))),
        "objects_to": [],
    }


def _give_trusts(schools: list[dict[str, Any]], chance: random.Random, *, gathered: bool) -> None:
    """About half of the schools stand in trusts of two to eight, one in twenty-five in a federation of two."""
    free = list(schools)
    number = 0
    while len(free) > len(schools) * 0.5:
        first = free.pop(chance.randrange(len(free)))
        if gathered:
            free.sort(key=lambda s: math.hypot(s["easting"] - first["easting"], s["northing"] - first["northing"]))
        else:
            chance.shuffle(free)
        size = chance.randint(1, 7)
        for school in (first, *free[:size]):
            school["trust"] = f"T{number}"
        free = free[size:]
        number += 1
    for pair in range(len(schools) // 50):
        for school in chance.sample(free, 2) if len(free) > 1 else ():
            school["federation"] = f"F{pair}"


def _people(school: dict[str, Any], chance: random.Random, *, tight: bool) -> list[dict[str, Any]]:
    count = 2 if tight else chance.choice((1, 2, 2, 3, 3))
    people = []
    for number in range(count):
        can_lead = number == 0 if tight else (number == 0 and chance.random() < 0.85) or chance.random() < 0.3
        people.append(
            {
                "id": f"{school['id']}-{number}",
                "school": school["id"],
                "easting": None,
                "northing": None,
                "can_lead": can_lead,
                "trained_until": "2027-07-31" if chance.random() < 0.96 else "2026-07-31",
                "reviews_left": 2 if tight else chance.choice((1, 2, 2, 3)),
                "expertise": chance.sample(FOCUSES, chance.choice((1, 2, 2, 3))),
                "declared_interests": [],
            }
        )
    return people


def _independent(number: int, side_m: float, chance: random.Random) -> dict[str, Any]:
    return {
        "id": f"I{number:03}",
        "school": None,
        "easting": 400_000 + round(chance.uniform(0, side_m)),
        "northing": 200_000 + round(chance.uniform(0, side_m)),
        "can_lead": True,
        "trained_until": "2027-07-31",
        "reviews_left": chance.choice((2, 3, 4)),
        "expertise": chance.sample(FOCUSES, 3),
        "declared_interests": [],
    }


def _give_objections(schools: list[dict[str, Any]], people: list[dict[str, Any]], chance: random.Random, *, often: float) -> None:
    """Objections and interests fall on near schools, as they do."""
    for school in schools:
        if chance.random() < often:
            school["objects_to"] = [_near(school, schools, chance)]
    for person in people:
        home = next((s for s in schools if s["id"] == person["school"]), None)
        if chance.random() < often:
            person["declared_interests"] = [_near(home, schools, chance) if home else chance.choice(schools)["id"]]


def _near(school: dict[str, Any], schools: list[dict[str, Any]], chance: random.Random) -> str:
    others = [s for s in schools if s is not school]
    others.sort(key=lambda s: (s["easting"] - school["easting"]) ** 2 + (s["northing"] - school["northing"]) ** 2)
    return str(chance.choice(others[:6])["id"])


def _history(schools: list[dict[str, Any]], chance: random.Random, *, per_school: int) -> list[dict[str, Any]]:
    """Who led where in the cycles before: near schools, as a matching would have had it."""
    return [
        {"cycles_ago": ago, "host": school["id"], "lead_school": _near(school, schools, chance)}
        for school in schools
        for ago in range(1, per_school + 2)
    ]
