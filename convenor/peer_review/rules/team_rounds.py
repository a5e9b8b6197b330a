"""A round as it is taken up again: read for the matching, and held still where visits have begun. Works on the shape of ROUND.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from convenor.peer_review.rules.matching import Round, RoundRefusedError, Team, round_from
from convenor.peer_review.rules.team_words import with_names
from convenor.peer_review.rules.teams import Matched, TeamsRefused, cost_of, shape, team_from

LONGEST_WHY: Final = 300


def read(asked: Mapping[str, Any], names: Mapping[str, str]) -> Round:
    """The gathered round as the matching knows it. Raises TeamsRefused naming everything that is wrong, by name."""
    try:
        found = round_from(asked)
    except RoundRefusedError as error:
        raise TeamsRefused(*(with_names(each, names) for each in error.problems)) from error
    if not found.hosts:
        raise TeamsRefused("No school hosts a review in this round yet. Once schools have answered, teams can be matched.")
    return found


def reason(why: str, what: str) -> str:
    """The reason for a change, in one line. Raises TeamsRefused without one."""
    said = " ".join(why.split())
    if not said:
        raise TeamsRefused(f"Say {what}, in a sentence. Nothing was changed.")
    return said[:LONGEST_WHY]


def frozen(
    asked: dict[str, Any], before: Sequence[Team], begun: frozenset[str], names: Mapping[str, str]
) -> tuple[Round, list[Team], list[Team]]:  # fmt: skip
    """The round without the hosts whose visits have begun, the teams that may change, and those that stay.

    What people give to a visit that has begun counts against the reviews they have left. A school whose people already serve in as
    many teams as they may takes on no more than they have.
    """
    stay, move = [team for team in before if team.host in begun], [team for team in before if team.host not in begun]
    if not stay:
        return read(asked, names), move, []
    given, kept = _times(stay), _times(move)
    home = {each["id"]: each["school"] for each in asked["people"]}
    serves: dict[str, int] = {}
    for person, times in (*given.items(), *kept.items()):
        school = home.get(person)
        if school:
            serves[school] = serves.get(school, 0) + times
    full = {school for school, times in serves.items() if times >= asked["school_serves_at_most"]}
    people = []
    for each in asked["people"]:
        left = max(0, each["reviews_left"] - given.get(each["id"], 0))
        people.append(each | {"reviews_left": min(left, kept.get(each["id"], 0)) if each["school"] in full else left})
    schools = [each | {"hosts": each["hosts"] and each["id"] not in begun} for each in asked["schools"]]
    return read(asked | {"people": people, "schools": schools}, names), move, stay


def undeclared(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The round as a matching is kept with it: without anything declared in private, so that what is taken back is gone."""
    schools = [each | {"objects_to": []} for each in asked["schools"]]
    people = [each | {"declared_interests": []} for each in asked["people"]]
    return dict(asked) | {"schools": schools, "people": people}


def _times(teams: Iterable[Team]) -> dict[str, int]:
    found: dict[str, int] = {}
    for team in teams:
        for member in team.members:
            found[member] = found.get(member, 0) + 1
    return found


def joined(answer: dict[str, Any], standing: Sequence[Team], found: Round) -> dict[str, Any]:
    """An answer with the teams that stay as they are beside it."""
    if not standing:
        return answer
    kept = shape(found, [Matched("", found, tuple(standing), cost_of(found, standing))], [])
    teams = [*kept["teams"], *answer["teams"]]
    objective = None if answer["objective"] is None else cost_of(found, [team_from(each) for each in teams])
    return answer | {"teams": teams, "objective": objective, "bound": None}


def going_on(
    asked: dict[str, Any], hosts: frozenset[str], left: Sequence[Sequence[str]], waive: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """The round after its teams were published: only schools whose review goes on host, and nobody returns to a team that they left.

    `waive` is what those teams waived. `left` are pairs of a reviewer's id and a host, "" for all of them; the round keeps them.
    """
    schools = [each | {"hosts": each["id"] in hosts} for each in asked["schools"]]
    away: dict[str, set[str]] = {}
    for key, host in left:
        away.setdefault(key, set()).add(host)
    people = []
    for each in asked["people"]:
        gone = away.get(each["id"], set())
        at = sorted({*each["declared_interests"], *(gone - {""})})
        people.append(each | {"declared_interests": at, "reviews_left": 0 if "" in gone else each["reviews_left"]})
    return asked | {"schools": schools, "people": people, "left": [list(pair) for pair in left], "waive": list(waive)}
