"""Needs and offers made from a seed, as a county could have them: for measuring, never for deciding."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.placing import Need, Offer

#: County: metres from corner to corner, schools, towns round which half of them stand.
SIDE_M, SCHOOLS, TOWNS = 70_000, 420, 9
FORMATS = ("coaching", "visits", "modelling", "training", "review", "remote", "hosting", "mentoring")
#: How scarce the offered half days are: "plenty" as a well-stocked county, "scarce" about half of what is asked for. "open" is "tight"
#: where everybody goes everywhere, serves every phase and knows about three times as much: the most pairs, and the hardest.
KINDS = ("plenty", "tight", "scarce", "open")


def _schools(chance: random.Random) -> list[tuple[str, str, str | None, str | None, int, int]]:
    """URN, phase, trust, federation, easting, northing."""
    towns = [(chance.randrange(SIDE_M), chance.randrange(SIDE_M)) for _ in range(TOWNS)]
    made = []
    for number in range(SCHOOLS):
        east, north = chance.choice(towns) if chance.random() < 0.6 else (chance.randrange(SIDE_M), chance.randrange(SIDE_M))
        turn, far = chance.random() * 2 * math.pi, abs(chance.gauss(0, 4_000))
        phase = chance.choices(["Primary", "Secondary", "Special", "All-through", "Nursery"], [76, 15, 5, 2, 2])[0]
        trust = f"T{chance.randrange(30)}" if chance.random() < 0.5 else None
        federation = f"F{chance.randrange(12)}" if trust is None and chance.random() < 0.1 else None
        made.append((str(900_000 + number), phase, trust, federation, int(east + far * math.cos(turn)), int(north + far * math.sin(turn))))
    return made


def make_area(needs: int, offers: int, *, kind: str, seed: int) -> tuple[list[Need], list[Offer]]:
    """An area with so many needs and offers. Every rule has something to bite on: some of the offers are out of assurance, some kept apart
    by declarations, some asked before; budgets, reaches and phases differ."""
    chance = random.Random(seed)
    schools = _schools(chance)
    wanted = list(THEMES)
    popular = [max(1.0, 12.0 - position) for position in range(len(wanted))]
    chance.shuffle(popular)
    asked = [
        Need(
            id=f"n{number:03}", urn=urn, themes=_some(chance, wanted, popular, 3), phase=phase, trust=trust, federation=federation,
            formats=frozenset(chance.sample(FORMATS, chance.randint(0, 2))), half_days=chance.choice([2, 2, 3, 4, 4, 6, 8]),
            budget_pence=chance.choice([None, None, 80_000, 120_000, 200_000]), easting=east, northing=north,
            asked_before=frozenset(f"o{chance.randrange(offers):03}" for _ in range(chance.randint(0, 1))),
        )
        for number, (urn, phase, trust, federation, east, north) in enumerate(chance.choices(schools, k=needs))
    ]  # fmt: skip
    tight = [2, 3, 4, 6, 8]
    days = {"plenty": [8, 12, 16, 20], "tight": tight, "scarce": [0, 0, 1, 2, 2, 3, 4], "open": tight}[kind]
    made = [_offer(number, chance, schools, wanted, days) for number in range(offers)]
    if kind == "open":
        made = [
            replace(
                each, reach_km=None, phases=frozenset(),
                themes=each.themes | made[number * 7 % offers].themes | made[number * 13 % offers].themes,
            )
            for number, each in enumerate(made)
        ]  # fmt: skip
    return asked, made


def _some(chance: random.Random, wanted: list[str], popular: list[float], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chance.choices(wanted, popular, k=chance.randint(1, most))))


def _offer(number: int, chance: random.Random, schools: list[tuple[str, str, str | None, str | None, int, int]], wanted: list[str],
           days: list[int]) -> Offer:  # fmt: skip
    urn, phase, trust, federation, east, north = chance.choice(schools)
    outside = chance.random() < 0.1
    return Offer(
        id=f"o{number:03}", urn=None if outside else urn, trust=None if outside else trust, federation=None if outside else federation,
        organisation="County service" if outside and chance.random() < 0.3 else "",
        themes=frozenset(chance.sample(wanted, chance.randint(1, 4))),
        phases=frozenset() if outside else frozenset({phase}), half_days_left=chance.choice(days),
        day_pence=chance.choice([None, 35_000, 40_000, 50_000, 60_000]), easting=east, northing=north,
        reach_km=chance.choice([None, 12.0, 20.0, 30.0, 45.0]), assured=chance.random() < 0.9,
        interests=frozenset(chance.choice(schools)[0] for _ in range(chance.randint(0, 2))),
        formats=frozenset(chance.sample(FORMATS, chance.randint(1, 4))),
    )  # fmt: skip
