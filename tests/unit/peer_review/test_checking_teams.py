"""Teams made by hand are held to the same rules, each named with its reason."""

from typing import Any

import pytest

from convenor.peer_review.rules.matching import Broken, Rule, Team, check, round_from, second_reviews, team_cost, total_cost
from convenor.peer_review.rules.matching.costs import km_between
from tests.unit.peer_review.small_rounds import cluster, person, school

SOUND = (Team("A", "B1", ("B1", "C1")), Team("B", "C1", ("C1", "D1")), Team("C", "D1", ("D1", "A1")), Team("D", "A1", ("A1", "B1")))


def told(raw: dict[str, Any], *teams: Team) -> list[tuple[Rule, str, str | None, str]]:
    return [(each.rule, each.host, each.person, each.says) for each in check(round_from(raw), teams)]


def test_sound_teams_break_nothing() -> None:
    assert check(round_from(cluster(4, 2)), SOUND) == []


def test_each_host_has_one_team_and_nobody_else_has_any() -> None:
    raw = cluster(4, 2)
    raw["schools"][3]["hosts"] = False
    assert told(raw, *SOUND[1:], SOUND[1]) == [
        (Rule.TEAM_SIZE, "A", None, "A has 0 teams; it hosts one."),
        (Rule.TEAM_SIZE, "B", None, "B has 2 teams; it hosts one."),
        (Rule.TEAM_SIZE, "D", None, "D hosts no review in this round."),
    ]


def test_strangers_and_short_teams_are_named() -> None:
    found = told(cluster(4, 2), Team("A", "X9", ("X9",)), *SOUND[1:])
    assert found == [
        (Rule.TEAM_SIZE, "A", "X9", "X9 is nobody of this round."),
        (Rule.TEAM_SIZE, "A", None, "A needs 2 different people; the team has 1."),
    ]


@pytest.mark.parametrize(
    ("school_b", "person_b", "rule", "says"),
    [
        ({"trust": "T"}, {}, Rule.SAME_TRUST, "B1's school, B, is in the same trust as A."),
        ({"federation": "F"}, {}, Rule.FEDERATION, "B1's school, B, is in the same federation as A."),
        ({}, {"declared_interests": ["A"]}, Rule.DECLARED_INTEREST, "B1 declared an interest in A."),
        ({}, {"trained_until": "2026-11-20"}, Rule.TRAINING, "B1's training was valid until 2026-11-20 only."),
        ({}, {"can_lead": False}, Rule.LEAD, "B1 cannot lead yet."),
    ],
)
def test_a_rule_between_one_person_and_one_host_is_told(school_b: dict[str, Any], person_b: dict[str, Any], rule: Rule, says: str) -> None:
    raw = cluster(4, 2)
    raw["schools"][0].update(trust="T", federation="F")
    raw["schools"][1].update(school_b)
    raw["schools"][1]["hosts"] = raw["schools"][3]["hosts"] = False
    raw["people"][1].update(person_b)
    assert told(raw, SOUND[0], SOUND[2]) == [(rule, "A", "B1", says)]


def test_a_waived_rule_is_not_looked_at() -> None:
    raw = cluster(4, 2, waive=["same_trust"])
    for each in raw["schools"]:
        each["trust"] = "T"
    assert told(raw, *SOUND) == []


def test_own_school_objections_and_two_of_one_school_are_told() -> None:
    raw = cluster(4, 2)
    raw["schools"][0]["objects_to"] = ["B"]
    raw["people"].append(person("A2", "A"))
    found = told(raw, Team("A", "B1", ("B1", "A1")), SOUND[1], Team("C", "D1", ("A1", "A2")), SOUND[3])
    assert found == [
        (Rule.OBJECTION, "A", "B1", "A objects to B, B1's school."),
        (Rule.OWN_SCHOOL, "A", "A1", "A1 works at A."),
        (Rule.TWO_SCHOOLS, "C", None, "2 of the team that reviews C come from A; one may."),
        (Rule.LEAD, "C", "D1", "D1 leads at C and is no member of the team."),
        (Rule.SCHOOL_SERVES, "", None, "A serves in 4 teams; at most 3 are allowed."),
    ]


def test_loads_rests_and_swaps_are_told() -> None:
    raw = cluster(4, 2, history=[{"cycles_ago": 1, "host": "A", "lead_school": "B"}, {"cycles_ago": 2, "host": "B", "lead_school": "A"}])
    raw["people"][1]["reviews_left"] = 1
    raw["people"][2]["reviews_left"] = 0
    found = told(raw, SOUND[0], Team("B", "A1", ("A1", "D1")), SOUND[2], SOUND[3])
    assert found == [
        (Rule.REVIEWS_LEFT, "A", "C1", "C1 has no review left to give."),
        (Rule.LEAD_REST, "A", "B1", "B led at A in the last cycle and rests for 2."),
        (Rule.LEAD_REST, "B", "A1", "A led at B 2 cycles ago and rests for 2."),
        (Rule.REVIEWS_LEFT, "", "B1", "B1 is in 2 teams and has reviews left for 1."),
        (Rule.NO_SWAP, "A", None, "B leads at A while A leads at B."),
    ]


def test_an_independent_lead_swaps_with_nobody() -> None:
    raw = cluster(2, 1)
    raw["people"].append(person("I1", None, easting=400_000, northing=200_000))
    assert told(raw, Team("A", "I1", ("I1",)), Team("B", "A1", ("A1",))) == []
    assert check(round_from(raw), [Team("A", "B1", ("B1",)), Team("B", "A1", ("A1",))]) == [
        Broken(Rule.NO_SWAP, "A", None, "B leads at A while A leads at B.")
    ]


def test_a_team_costs_what_the_weights_say() -> None:
    raw = cluster(3, 2)
    raw["schools"][0].update(focus=["reading", "writing"])
    raw["schools"][1].update(easting=402_999)
    raw["schools"][2].update(phase="secondary", easting=406_000)
    raw["people"][2]["expertise"] = ["reading"]
    raw["people"].append(person("I1", None, easting=400_000, northing=201_000))
    found = round_from(raw)
    near, far = Team("A", "B1", ("B1", "C1")), Team("C", "I1", ("I1", "C1"))
    cost = team_cost(found, near)
    assert (cost.travel, cost.phase, cost.focus, cost.competitor) == (pytest.approx(8.999), 0.0, 15.0, 30.0)
    assert team_cost(found, Team("A", "C1", ("C1", "I1"))).phase == 25.0
    assert second_reviews([near, far]) == 1
    assert total_cost(found, [near]) == pytest.approx(cost.total)


def test_distance_needs_two_places() -> None:
    raw = cluster(2, 1)
    raw["schools"].append(school("C", hosts=False, easting=None))
    raw["people"].append(person("C1", "C", reviews_left=0))
    found = round_from(raw)
    with pytest.raises(ValueError, match="C1 has no place to travel from"):
        km_between(found, found.person("C1"), found.school("A"))
    with pytest.raises(ValueError, match="C has no place"):
        km_between(found, found.person("A1"), found.school("C"))
