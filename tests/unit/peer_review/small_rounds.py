"""Small rounds for the tests, as raw JSON objects; and the rules told a second time, plainly, for checking the search by brute force."""

from __future__ import annotations

import itertools
import math
from typing import Any

from hypothesis import strategies as st

Raw = dict[str, Any]
Teams = dict[str, tuple[str, tuple[str, ...]]]


def school(name: str, **changed: Any) -> Raw:
    """A primary school; A, B, C... stand three kilometres and more apart, in one line."""
    return {"id": name, "phase": "primary", "easting": 400_000 + 3_500 * (ord(name[-1]) - ord("A")), "northing": 200_000, **changed}


def person(name: str, at: str | None, **changed: Any) -> Raw:
    """Somebody who can lead, is trained, and has four reviews left."""
    return {"id": name, "school": at, "can_lead": True, "trained_until": "2027-07-31", "reviews_left": 4, **changed}


def cluster(schools: int, team_size: int, **changed: Any) -> Raw:
    """Schools A, B, C... each with one person (A1, B1, C1...)."""
    names = "ABCDEFGHIJKL"[:schools]
    return {
        "on": "2026-11-21",
        "team_size": team_size,
        "schools": [school(name) for name in names],
        "people": [person(f"{name}1", name) for name in names],
        **changed,
    }


@st.composite
def rounds(draw: st.DrawFn, *, most: int = 4) -> Raw:
    """Any small round: two to `most` schools, crowded enough that rules bite."""
    names = "ABCDE"[: draw(st.integers(2, most))]
    some = st.lists(st.sampled_from(names), max_size=1)
    focus = st.lists(st.sampled_from(("reading", "writing")), unique=True, max_size=2)
    kinds = st.sampled_from((None, None, "X"))
    schools = [
        school(
            name,
            phase=draw(st.sampled_from(("primary", "secondary", "all-through", "special"))),
            easting=draw(st.integers(0, 12)) * 1000,
            northing=draw(st.integers(0, 3)) * 1000,
            trust=draw(kinds),
            federation=draw(st.sampled_from((None, None, None, "F"))),
            hosts=draw(st.sampled_from((True, True, True, False))),
            team_size=draw(st.sampled_from((None, None, 1))),
            focus=draw(focus),
            objects_to=draw(some),
        )
        for name in names
    ]
    places = (*names, *names, None)
    people = [
        person(
            f"P{n}",
            draw(st.sampled_from(places)),
            easting=n * 1000,
            northing=0,
            can_lead=draw(st.sampled_from((True, True, False))),
            trained_until=draw(st.sampled_from(("2027-07-31", "2027-07-31", "2027-07-31", "2026-07-31"))),
            reviews_left=draw(st.integers(0, 3)),
            expertise=draw(focus),
            declared_interests=draw(some),
        )
        for n in range(draw(st.integers(2, 6)))
    ]
    led = st.builds(
        lambda ago, host, lead: {"cycles_ago": ago, "host": host, "lead_school": lead},
        st.integers(1, 3),
        st.sampled_from(names),
        st.sampled_from(names),
    )
    return {
        "seed": draw(st.integers(0, 9)),
        "on": "2026-11-21",
        "team_size": draw(st.integers(1, 2)),
        "school_serves_at_most": draw(st.integers(1, 3)),
        "lead_rest_cycles": draw(st.integers(0, 2)),
        "waive": draw(st.sampled_from(([], [], ["same_trust"]))),
        "schools": schools,
        "people": people,
        "history": draw(st.lists(led, max_size=3)),
        "weights": draw(st.sampled_from(({}, {"travel_per_km": 0}, {"second_review": 100, "phase_missing": 0}))),
    }


def allowed(raw: Raw, person: Raw, host: Raw) -> bool:
    """The specification's sentence on who may review whom, once more."""
    if person["trained_until"] < raw["on"] or person["reviews_left"] < 1 or host["id"] in person.get("declared_interests", ()):
        return False
    home = next((s for s in raw["schools"] if s["id"] == person["school"]), None)
    if home is None:
        return True
    same_trust = home.get("trust") is not None and home.get("trust") == host.get("trust") and "same_trust" not in raw.get("waive", ())
    federated = home.get("federation") is not None and home.get("federation") == host.get("federation")
    return home is not host and not same_trust and not federated and home["id"] not in host.get("objects_to", ())


def teams_for(raw: Raw, host: Raw) -> list[tuple[str, tuple[str, ...]]]:
    """Every team that could review one host, whatever happens elsewhere."""
    rest = min(raw.get("lead_rest_cycles", 2), 1 if len(raw["schools"]) == 3 else 99)
    tired = {h["lead_school"] for h in raw.get("history", ()) if h["host"] == host["id"] and h["cycles_ago"] <= rest}
    people = [p for p in raw["people"] if allowed(raw, p, host)]
    found = []
    for team in itertools.combinations(people, host.get("team_size") or raw["team_size"]):
        homes = [p["school"] for p in team if p["school"]]
        if len(set(homes)) == len(homes):
            found += [(lead["id"], tuple(p["id"] for p in team)) for lead in team if lead["can_lead"] and lead["school"] not in tired]
    return found


def cost_of(raw: Raw, teams: Teams) -> float:
    """The objective, once more."""
    weights = {"travel_per_km": 1, "phase_missing": 25, "focus_missing": 15, "competitor": 30, "second_review": 10} | raw.get("weights", {})
    schools, people = ({each["id"]: each for each in raw[key]} for key in ("schools", "people"))
    both = {"all-through": {"primary", "secondary"}}
    total, served = 0.0, []
    for name, (_, members) in teams.items():
        host = schools[name]
        wanted = both.get(host["phase"], {host["phase"]})
        of_phase = False
        for each in members:
            served.append(each)
            home = schools.get(people[each]["school"])
            place = home or people[each]
            km = math.hypot(place["easting"] - host["easting"], place["northing"] - host["northing"]) / 1000
            same = home is not None and bool(both.get(home["phase"], {home["phase"]}) & wanted)
            near = km < {"primary": 3, "secondary": 8, "all-through": 8}.get(host["phase"], 0)
            of_phase |= same
            total += km * weights["travel_per_km"] + (weights["competitor"] if same and near else 0)
        total += 0 if of_phase else weights["phase_missing"]
        for focus in host.get("focus", ()):
            total += 0 if any(focus in people[each].get("expertise", ()) for each in members) else weights["focus_missing"]
    return total + weights["second_review"] * (len(served) - len(set(served)))


def everything(raw: Raw, hosts: tuple[str, ...] | None = None) -> list[Teams]:
    """Every way in which the round (or only these hosts of it) can be matched."""
    listed = [s for s in raw["schools"] if s.get("hosts", True) and (hosts is None or s["id"] in hosts)]
    people = {p["id"]: p for p in raw["people"]}
    ways: list[Teams] = [{}]
    for host in listed:
        teams = teams_for(raw, host)
        ways = [{**way, host["id"]: team} for way in ways for team in teams if fits(raw, people, way, host["id"], team)]
    return ways


def fits(raw: Raw, people: dict[str, Raw], way: Teams, host: str, team: tuple[str, tuple[str, ...]]) -> bool:
    """Whether a further team keeps the loads and swaps no leads."""
    home = people[team[0]]["school"]
    if home in way and people[way[home][0]]["school"] == host:
        return False
    served = [*team[1], *(each for _, members in way.values() for each in members)]
    if any(served.count(each) > people[each]["reviews_left"] for each in team[1]):
        return False
    homes = [people[each]["school"] for each in served]
    most = raw.get("school_serves_at_most", raw["team_size"] + 1)
    return all(homes.count(people[each]["school"]) <= most for each in team[1] if people[each]["school"])
