"""What a coordinator reads of a matching: names, proofs, and never who declared what in private."""

from __future__ import annotations

from typing import Any

import pytest

from convenor.peer_review.rules import team_words as team_words_module
from convenor.peer_review.rules.matching import Broken, Rule, Team, UndecidedError, round_from
from convenor.peer_review.rules.matching.clash import Clash
from convenor.peer_review.rules.matching.clash_words import explain
from convenor.peer_review.rules.team_words import (
    PRIVATE_BROKEN,
    PRIVATE_CLASH,
    clash_told,
    gap_percent,
    refusal,
    status_says,
    told,
    totals,
    whys,
    with_names,
)
from convenor.peer_review.rules.teams import check_teams, match_parts
from tests.unit.peer_review.small_rounds import cluster, person, school

Raw = dict[str, Any]
URNS = ("991001", "991002", "991003", "991004")
NAMES = {"991001": "Ash", "991002": "Beech", "991003": "Cedar", "991004": "Dogwood", "r1": "Una", "r2": "Vic", "r3": "Wes", "r4": "Yan"}


def round_of(**more: Any) -> Raw:
    """Four schools in a row, one person each (r1 from 991001 and so on), who all can lead."""
    schools = [school("A") | {"id": urn, "easting": 400_000 + 4_000 * n, "hosts": True, "circle": "north"} for n, urn in enumerate(URNS)]
    people = [person(f"r{n}", urn) for n, urn in enumerate(URNS, 1)]
    return {"on": "2026-11-21", "team_size": 1, "schools": schools, "people": people} | more


def objecting(raw: Raw, host: str, *others: str) -> Raw:
    for each in raw["schools"]:
        if each["id"] == host:
            each["objects_to"] = list(others)
    return raw


def interested(raw: Raw, host: str, *people: str) -> Raw:
    for each in raw["people"]:
        if each["id"] in people:
            each["declared_interests"] = [host]
    return raw


def clashes(raw: Raw) -> list[dict[str, Any]]:
    found = round_from(raw)
    return clash_told(match_parts(found), found, {"north": "North cluster"})


def test_names_take_the_place_of_ids_and_of_nothing_else() -> None:
    said = "991001 needs r1 and r12, 40 km from 991009, in 2026."
    assert with_names(said, NAMES) == "Ash needs Una and r12, 40 km from 991009, in 2026."


def test_a_clash_of_open_rules_is_told_whole() -> None:
    raw = round_of()
    raw["people"] = raw["people"][:1]
    (said,) = clashes(raw)
    assert said["private"] is False
    assert said["hosts"] == ["991001"]
    assert [(line["rule"], with_names(line["says"], NAMES)) for line in said["lines"]] == [
        ("team_size", "Ash needs a team of 1. Nobody in the round may go there."),
        ("own_school", "Nobody reviews their own school, so Una cannot help there."),
    ]
    assert (said["smallest"], said["irreducible"], said["circle"]) == (True, True, "north")


def test_an_offer_of_a_lead_says_that_a_lead_is_asked_for() -> None:
    raw = round_of()
    for each in raw["people"]:
        each["can_lead"] = False
    (said,) = clashes(raw)
    assert [each["kind"] for each in said["mends"]][:2] == ["person-lead", "independent-lead"]


def test_a_clash_that_rests_on_declarations_names_nobody() -> None:
    (said,) = clashes(objecting(round_of(), "991001", "991002", "991003", "991004"))
    assert said["private"] is True
    assert said["lines"] == [{"rule": "private", "schools": [], "says": PRIVATE_CLASH}]
    assert said["hosts"] == list(URNS)  # all of the circle, not the one school that objects
    assert [each["schools"] for each in said["mends"]] == [[] for _ in said["mends"]]
    assert [with_names(each["says"], NAMES) for each in said["mends"]] == [each["says"] for each in said["mends"]]
    assert said["smallest"] is False


def test_whoever_declared_it_the_same_is_said() -> None:
    """Ash objects to three schools, or three people declare an interest in Ash; nothing that is told lets anybody see which."""
    by_host = clashes(objecting(round_of(), "991001", "991002", "991003", "991004"))
    by_people = clashes(interested(round_of(), "991001", "r2", "r3", "r4"))
    mixed = clashes(interested(objecting(round_of(), "991001", "991002"), "991001", "r3", "r4"))
    assert by_host == by_people == mixed


@pytest.mark.parametrize("host", URNS)
def test_whichever_school_it_concerns_the_same_is_said(host: str) -> None:
    others = [urn for urn in URNS if urn != host]
    assert clashes(objecting(round_of(), host, *others)) == clashes(objecting(round_of(), "991001", "991002", "991003", "991004"))


def test_a_clash_of_open_rules_is_told_as_if_nothing_were_declared() -> None:
    """Otherwise somebody's absence from a list of who may go would tell that a declaration keeps them away."""
    raw = round_of(team_size=4)
    (plain,) = clashes(raw)
    (secret,) = clashes(interested(objecting(round_of(team_size=4), "991001", "991003"), "991001", "r4"))
    assert plain["private"] is False
    assert secret == plain


def test_a_change_by_hand_is_refused_in_the_same_words_whoever_declared_it() -> None:
    teams = [Team("991001", "r2", ("r2",)), Team("991002", "r3", ("r3",)), Team("991003", "r4", ("r4",)), Team("991004", "r1", ("r1",))]
    said = {
        tuple(refusal(check_teams(round_from(raw), teams), NAMES))
        for raw in (objecting(round_of(), "991001", "991002"), interested(round_of(), "991001", "r2"))
    }
    assert said == {(PRIVATE_BROKEN,)}
    assert refusal(check_teams(round_from(round_of()), teams), NAMES) == []


def test_a_refusal_names_each_rule_once() -> None:
    broken = [Broken(Rule.LEAD, "991001", "r1", "r1 cannot lead yet."), Broken(Rule.LEAD, "991001", "r1", "r1 cannot lead yet.")]
    assert refusal(broken, NAMES) == ["Una cannot lead yet."]


def test_a_wider_reach_is_offered_where_it_would_do() -> None:
    raw = round_of()
    raw["people"] = [each for each in raw["people"] if each["id"] == "r1"]
    raw["schools"].append(school("A") | {"id": "991005", "easting": 430_000, "hosts": False, "circle": "south"})
    raw["people"] += [person(f"r{n}", "991005", reviews_left=9) for n in (5, 6, 7, 8)]
    (said,) = clashes(raw)
    assert said["mends"][-1] == {
        "kind": "reach", "schools": [], "says": "Let teams come from beyond North cluster: change how far people may come from.",
    }  # fmt: skip


def test_no_wider_reach_is_offered_to_a_round_without_bounds() -> None:
    raw = round_of()
    raw["people"] = raw["people"][:1]
    for each in raw["schools"]:
        each["circle"] = None
    found = round_from(raw)
    (answer,) = match_parts(found)
    assert "reach" not in {each["kind"] for each in told(answer, found)["mends"]}


@pytest.mark.parametrize(
    ("status", "objective", "bound", "kind", "says"),
    [
        ("optimal", 10.0, 10.0, "solved", "Proved: no better teams exist"),
        ("feasible", 200.0, 199.0, "solved", "Good teams; at most 0.5% better ones could exist"),
        ("feasible", 200.0, 199.99, "solved", "Good teams; at most 0.1% better ones could exist"),
        ("feasible", 200.0, None, "solved", "Good teams"),
        ("feasible", 0.0, 0.0, "solved", "Good teams; at most 0.1% better ones could exist"),
        ("infeasible", None, None, "solved", "No teams keep every rule"),
        ("checked", 210.0, 200.0, "by-hand", "Changed by hand; every rule holds"),
        ("optimal", 210.0, None, "replanned", "Planned again; proved: no plan changes fewer places"),
        ("feasible", 210.0, None, "replanned", "Planned again with few changes"),
        ("infeasible", None, None, "replanned", "No teams keep every rule"),
    ],
)
def test_what_is_proved_is_said(status: str, objective: float | None, bound: float | None, kind: str, says: str) -> None:
    assert status_says(status, objective, bound, kind) == says


def test_the_gap_is_never_below_nothing() -> None:
    assert gap_percent(100.0, 100.0000001) == 0.0
    assert gap_percent(None, 1.0) is None


def test_totals_add_up_what_is_missing() -> None:
    raw = round_of()
    raw["schools"][0] |= {"focus": ["reading", "writing"], "phase": "secondary"}
    found = round_from(raw)
    teams = [Team("991001", "r2", ("r2",)), Team("991002", "r3", ("r3",)), Team("991003", "r2", ("r2",))]
    assert totals(found, teams) == {"km": 12.0, "phase_missing": 1, "focus_missing": 2, "near_rivals": 0, "second_reviews": 1}


def test_each_person_reads_why() -> None:
    raw = round_of(team_size=2)
    raw["schools"][0]["focus"] = ["reading", "inclusion", "attendance"]
    raw["people"][1]["expertise"] = ["reading", "inclusion", "attendance"]
    raw["people"][2]["expertise"] = ["attendance"]
    raw["schools"][2]["phase"] = "secondary"
    said = whys(round_from(raw), [Team("991001", "r2", ("r2", "r3"))], NAMES, {"inclusion": "SEND and inclusion", "reading": "Reading"})
    assert said == {
        ("991001", "r2"): [
            "You lead the review of Ash.",
            "Nobody else on the team comes from a school of its phase.",
            "Nobody else on the team brings what it asked for in reading and SEND and inclusion.",
            "You know attendance, which it asked for.",
            "It is 4 km away in a straight line.",
        ],
        ("991001", "r3"): [
            "You are on the team that reviews Ash.",
            "You know attendance, which it asked for.",
            "It is 8 km away in a straight line.",
        ],
    }


def test_why_tells_nothing_of_an_objection() -> None:
    """Una goes to Dogwood past two nearer schools; that one of them objects to hers must not be hers to count."""
    teams = [Team("991004", "r1", ("r1",))]
    plain = whys(round_from(round_of()), teams, NAMES, {})
    kept = whys(round_from(interested(objecting(round_of(), "991002", "991001"), "991003", "r1")), teams, NAMES, {})
    assert kept == plain
    assert plain["991004", "r1"] == [
        "You lead the review of Dogwood.",
        "Your school is of its phase.",
        "It is 12 km away in a straight line.",
    ]


def test_why_speaks_of_nearer_schools_of_ones_own_trust() -> None:
    raw = round_of()
    for each in raw["schools"][:2]:
        each["trust"] = "T1"
    said = whys(round_from(raw), [Team("991003", "r1", ("r1",))], NAMES, {})
    assert said["991003", "r1"][-1] == "Nearer ones are of your own trust or federation, whose schools you do not review."


def test_why_says_that_a_near_school_was_weighed() -> None:
    raw = round_of()
    raw["schools"][1]["easting"] = 401_000
    said = whys(round_from(raw), [Team("991001", "r2", ("r2",))], NAMES, {})
    assert said["991001", "r2"][-1] == (
        "Your two schools are near each other and of one phase. That was weighed, and the rest of the round outweighs it."
    )


def test_the_cluster_helper_holds_as_the_rules_say() -> None:
    assert [each.possible for each in match_parts(round_from(cluster(4, 1)))] == [True]


def test_a_clash_of_the_reach_counts_who_may_not_come() -> None:
    raw = round_of()
    raw["schools"][2]["circle"] = raw["schools"][3]["circle"] = "south"
    raw["people"].append(person("r5", "991004"))
    said = {
        host: explain(round_from(raw), Clash(frozenset({Rule.REACH}), (host,), True, True))[0].explanation for host in ("991001", "991003")
    }
    assert {host: with_names(each, NAMES) for host, each in said.items()} == {
        "991001": "Teams stay within their circle: 3 people of other circles cannot help Ash.",
        "991003": "Teams stay within their circle: 2 people of other circles cannot help Cedar.",
    }
    raw["people"] = raw["people"][:1]
    assert explain(round_from(raw), Clash(frozenset({Rule.REACH}), ("991003",), True, True))[0].explanation == (
        "Teams stay within their circle: 1 person of other circles cannot help 991003."
    )


def test_only_parts_without_teams_are_told_of() -> None:
    raw = round_of()
    raw["schools"] += [
        school("A") | {"id": urn, "easting": 500_000 + 4_000 * n, "hosts": True, "circle": "south"}
        for n, urn in enumerate(("991005", "991006"))
    ]
    raw["people"] += [person("r5", "991005"), person("r6", "991006")]
    assert [(each["circle"], each["private"]) for each in clashes(raw)] == [("south", False)]


def test_a_wider_reach_that_stays_undecided_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(*_: Any) -> bool:
        raise UndecidedError

    monkeypatch.setattr(team_words_module, "wider_would_do", undecided)
    raw = round_of()
    raw["people"] = raw["people"][:1]
    (said,) = clashes(raw)
    assert "reach" not in {each["kind"] for each in said["mends"]}
