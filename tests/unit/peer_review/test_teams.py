"""A round in its circles: each matched by itself, together as good as one; planned again, checked, told apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.peer_review.rules.matching import NoTeamsError, Round, Rule, Team, check, round_from, solve
from convenor.peer_review.rules.team_rounds import frozen, going_on, joined, read, reason
from convenor.peer_review.rules.teams import (
    Change,
    Matched,
    TeamsRefused,
    champions,
    check_teams,
    circle_of,
    circles,
    cost_of,
    count_changes,
    differences,
    match_parts,
    open_view,
    parts,
    replan_parts,
    reviewer_key,
    reviewer_pk,
    shape,
    short_of,
    team_from,
    weigh,
    wider_would_do,
)
from tests.unit.peer_review.small_rounds import cluster, everything, person, rounds, school

SEARCHED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
Raw = dict[str, Any]


@st.composite
def in_circles(draw: st.DrawFn) -> Raw:
    """Any small round whose schools stand in one or two circles; a third circle is that of nobody."""
    raw = draw(rounds(most=4))
    for each in raw["schools"]:
        each["circle"] = draw(st.sampled_from(("north", "north", "south")))
    return raw | {"lead_rest_cycles": draw(st.integers(0, 1))}


def kept_apart(raw: Raw) -> Raw:
    """The same round without circles, in which everybody declares an interest in every host of another circle."""
    circle = {each["id"]: each["circle"] for each in raw["schools"]}
    people = [
        each
        | {
            "declared_interests": sorted(
                {*each["declared_interests"], *(s for s in circle if each["school"] and circle[s] != circle[each["school"]])}
            )
        }
        for each in raw["people"]
    ]
    return raw | {"people": people, "schools": [each | {"circle": None} for each in raw["schools"]]}


@SEARCHED
@given(in_circles())
def test_circles_are_matched_as_well_as_all_at_once(raw: Raw) -> None:
    found, plain = round_from(raw), round_from(kept_apart(raw))
    answers = match_parts(found)
    try:
        best = solve(plain)
    except NoTeamsError:
        assert any(not each.possible for each in answers)
        assert everything(kept_apart(raw)) == []
        return
    assert all(each.possible and each.optimal for each in answers)
    assert sum(each.cost or 0.0 for each in answers) == pytest.approx(best.cost, abs=1e-6)
    teams = [team for each in answers for team in each.teams]
    assert check_teams(found, teams) == []
    home = {each["id"]: each["school"] for each in raw["people"]}
    circle = {each["id"]: each["circle"] for each in raw["schools"]}
    assert {circle[team.host] for team in teams for m in team.members if home[m] and circle[home[m]] != circle[team.host]} == set()


@SEARCHED
@given(in_circles(), st.data())
def test_planning_again_keeps_every_rule_and_leaves_what_stands(raw: Raw, data: st.DataObject) -> None:
    found = round_from(raw)
    before = [team for each in match_parts(found) for team in each.teams]
    gone = data.draw(st.sampled_from([each["id"] for each in raw["people"]]))
    people = [each | {"reviews_left": 0 if each["id"] == gone else each["reviews_left"]} for each in raw["people"]]
    now = round_from(raw | {"people": people})
    answers = replan_parts(now, before)
    teams = [team for each in answers for team in each.teams]
    if all(each.possible for each in answers):
        assert check_teams(now, teams) == []
        assert sum(each.changes for each in answers) == count_changes(before, teams)
    assert gone not in {member for team in teams for member in team.members}


def two_circles(**more: Any) -> Raw:
    """Two circles of three schools, each with one person; teams of one."""
    raw = cluster(6, 1, **more)
    for n, each in enumerate(raw["schools"]):
        each["circle"] = "north" if n < 3 else "south"
    return raw


def test_parts_are_the_circles_and_one_where_independents_join_them() -> None:
    found = round_from(two_circles())
    assert circles(found) == ("north", "south")
    assert [(key, [each.id for each in part.schools]) for key, part in parts(found)] == [
        ("north", ["A", "B", "C"]), ("south", ["D", "E", "F"]),
    ]  # fmt: skip
    raw = two_circles()
    raw["people"].append(person("X", None, easting=400_000, northing=200_000))
    assert [key for key, _ in parts(round_from(raw))] == [""]
    raw["people"][-1]["reviews_left"] = 0
    assert [key for key, _ in parts(round_from(raw))] == ["north", "south"]


def test_parts_are_one_for_a_round_without_bounds() -> None:
    found = round_from(cluster(4, 1))
    assert parts(found) == (("", found),)


def test_circle_holds_nothing_of_another() -> None:
    raw = two_circles(history=[{"cycles_ago": 1, "host": "A", "lead_school": "B"}, {"cycles_ago": 1, "host": "D", "lead_school": "E"}])
    raw["schools"][0]["objects_to"] = ["B", "D"]
    raw["people"][0]["declared_interests"] = ["C", "F"]
    part = circle_of(round_from(raw), "north")
    assert part.school("A").objects_to == {"B"}
    assert part.person("A1").declared_interests == {"C"}
    assert [led.host for led in part.history] == ["A"]


def test_the_circle_that_fails_is_named_alone_though_an_independent_joins_all() -> None:
    raw = two_circles()
    raw["people"] = [each for each in raw["people"] if each["id"] not in ("D1", "E1", "F1")]
    raw["people"].append(person("X", None, easting=400_000, northing=200_000, reviews_left=1))
    answers = match_parts(round_from(raw))
    assert [(each.circle, each.possible) for each in answers] == [("south", False)]


def test_the_whole_is_named_where_each_circle_alone_could_be_matched() -> None:
    raw = two_circles()
    raw["people"] = [each for each in raw["people"] if each["id"] in ("A1", "B1", "D1", "E1")]
    for each in raw["people"]:
        each["reviews_left"] = 1
    raw["people"].append(person("X", None, easting=400_000, northing=200_000, reviews_left=1))
    answers = match_parts(round_from(raw))
    assert [(each.circle, each.possible) for each in answers] == [("", False)]


def test_matching_says_how_far_it_is() -> None:
    said: list[str] = []
    match_parts(round_from(two_circles()), watch=said.append)
    assert said == ["Matching 1 of 2 groups of schools.", "Matching 2 of 2 groups of schools."]


def test_a_triad_rests_one_cycle_within_its_circle() -> None:
    """Three schools cannot do with more: the check by hand asks the same as the matching."""
    led = [{"cycles_ago": 2, "host": "A", "lead_school": "B"}]
    found = round_from(two_circles(history=led, lead_rest_cycles=2))
    teams = [Team("A", "B1", ("B1",)), Team("B", "C1", ("C1",)), Team("C", "A1", ("A1",))]
    south = [Team("D", "E1", ("E1",)), Team("E", "F1", ("F1",)), Team("F", "D1", ("D1",))]
    assert check_teams(found, teams + south) == []
    assert [each.rule for each in check(found, teams + south)] == [Rule.LEAD_REST]


def test_check_refuses_somebody_of_another_circle() -> None:
    found = round_from(two_circles())
    teams = [Team("A", "D1", ("D1",)), *(t for each in match_parts(found) for t in each.teams if t.host != "A")]
    assert [(each.rule, each.host, each.person) for each in check_teams(found, teams) if each.rule is Rule.REACH] == [("reach", "A", "D1")]


def test_open_view_holds_no_declaration() -> None:
    raw = cluster(3, 1)
    raw["schools"][0]["objects_to"], raw["people"][0]["declared_interests"] = ["B"], ["C"]
    seen = open_view(round_from(raw))
    assert {each.objects_to for each in seen.schools} | {each.declared_interests for each in seen.people} == {frozenset()}


def test_differences_name_who_joins_who_leaves_and_another_lead() -> None:
    before = [Team("A", "p", ("p", "q")), Team("B", "r", ("r",)), Team("C", "s", ("s",))]
    after = [Team("A", "q", ("q", "t")), Team("B", "r", ("r",)), Team("D", "u", ("u",))]
    assert differences(before, after) == (
        Change("A", ("t",), ("p",), "p", "q"), Change("D", ("u",), (), "", "u"), Change("C", (), ("s",), "s", ""),
    )  # fmt: skip


def test_a_champion_is_able_never_the_lead_and_of_the_team_where_that_can_be() -> None:
    raw = cluster(4, 2)
    found = round_from(raw)
    teams = [Team("A", "B1", ("B1", "C1")), Team("B", "C1", ("C1", "D1")), Team("C", "D1", ("D1", "A1")), Team("D", "A1", ("A1", "B1"))]
    assert champions(found, teams, frozenset({"B1", "C1"})) == {"A": "C1", "C": "B1", "D": "B1"}
    assert champions(found, teams[:1], frozenset({"B1"})) == {}
    assert champions(found, teams, frozenset()) == {}


def test_who_the_rules_keep_from_a_school_is_not_its_champion() -> None:
    raw = cluster(3, 1)
    raw["people"][2]["declared_interests"] = ["A"]
    assert champions(round_from(raw), [Team("A", "B1", ("B1",))], frozenset({"A1", "C1"})) == {}


def test_ids_of_reviewers_go_both_ways() -> None:
    assert (reviewer_key(17), reviewer_pk("r17")) == ("r17", 17)
    with pytest.raises(ValueError, match="invalid"):
        reviewer_pk("somebody")


def test_weighing_a_team_counts_kilometres_and_what_is_missing() -> None:
    raw = cluster(3, 1)
    raw["schools"][0]["focus"] = ["reading", "writing"]
    raw["people"][1]["expertise"] = ["reading"]
    raw["schools"][1]["easting"] = raw["schools"][0]["easting"] + 1000
    seen = weigh(round_from(raw), Team("A", "B1", ("B1",)))
    assert (seen.km, seen.phase_missing, seen.focus_missing, seen.near_rivals, seen.cost) == (1.0, False, ("writing",), 1, 46.0)
    assert weigh(round_from(raw | {"weights": {"competitor": 0}}), Team("A", "B1", ("B1",))).near_rivals == 0


def matched(raw: Raw) -> tuple[Round, tuple[Matched, ...]]:
    found = round_from(raw)
    return found, match_parts(found)


def test_the_answer_joins_the_parts() -> None:
    found, answers = matched(two_circles())
    said = shape(found, answers, [])
    assert (said["status"], said["objective"], said["bound"]) == (
        "optimal", pytest.approx(cost_of(found, [team for each in answers for team in each.teams])), pytest.approx(said["objective"]),
    )  # fmt: skip
    assert [each["host"] for each in said["teams"]] == ["A", "B", "C", "D", "E", "F"]
    assert team_from(said["teams"][0]) == answers[0].teams[0]
    assert [(each["circle"], each["hosts"], each["optimal"]) for each in said["parts"]] == [("north", 3, True), ("south", 3, True)]


def test_the_answer_is_as_bad_as_its_worst_part() -> None:
    found, (north, south) = matched(two_circles())
    assert shape(found, [north, Matched("south", south.found)], [{"circle": "south"}])["status"] == "infeasible"
    near = Matched("south", south.found, south.teams, south.cost, 1.0, False)
    said = shape(found, [north, near], [])
    assert (said["status"], said["bound"]) == ("feasible", pytest.approx((north.bound or 0) + 1.0))


def test_a_wider_reach_would_do_where_others_can_come() -> None:
    raw = two_circles()
    raw["people"] = [each for each in raw["people"] if each["id"] not in ("A1", "B1")]
    found = round_from(raw)
    assert wider_would_do(found, ["A", "B"]) is True
    assert wider_would_do(round_from(raw | {"people": raw["people"][:1]}), ["A", "B", "C"]) is False


def test_a_team_without_a_lead_or_with_too_few_is_short() -> None:
    found = round_from(cluster(3, 2))
    teams = [Team("A", "", ("B1", "C1")), Team("B", "C1", ("C1",)), Team("C", "A1", ("A1", "B1"))]
    assert short_of(found, teams) == ("A", "B")


def test_a_round_that_cannot_be_read_is_refused_by_name() -> None:
    raw = cluster(2, 1)
    raw["schools"] = [school("991001", easting=None), school("991002")]
    raw["people"] = [person("r1", "991002")]
    with pytest.raises(TeamsRefused) as refused:
        read(raw, {"991001": "Fernhollow Primary School"})
    assert refused.value.problems == (
        "School Fernhollow Primary School: it hosts and has no easting and northing. Give both, or set hosts to false.",
    )


def test_a_round_without_hosts_is_refused() -> None:
    raw = cluster(2, 1)
    for each in raw["schools"]:
        each["hosts"] = False
    with pytest.raises(TeamsRefused, match="No school hosts"):
        read(raw, {})


def test_a_reason_is_asked_for_and_kept_short() -> None:
    assert reason("  Away \n in March ", "why") == "Away in March"
    assert len(reason("x" * 400, "why")) == 300
    with pytest.raises(TeamsRefused, match="Say why they leave, in a sentence"):
        reason(" ", "why they leave")


def test_what_was_given_to_a_visit_that_has_begun_is_given() -> None:
    raw = cluster(4, 1, school_serves_at_most=2)
    for each in raw["schools"]:
        each["hosts"] = True
    for each in raw["people"]:
        each["reviews_left"] = 2
    teams = [Team("A", "B1", ("B1",)), Team("B", "C1", ("C1",)), Team("C", "B1", ("B1",)), Team("D", "A1", ("A1",))]
    found, moving, standing = frozen(raw, teams, frozenset({"A"}), {})
    assert [each.host for each in standing] == ["A"]
    assert [each.host for each in moving] == ["B", "C", "D"]
    assert [each.id for each in found.hosts] == ["B", "C", "D"]
    # B1 gave one and keeps one: their school serves as often as it may, and nobody of it takes on more.
    assert {each.id: each.reviews_left for each in found.people} == {"A1": 2, "B1": 1, "C1": 2, "D1": 2}
    whole, everybody, none = frozen(raw, teams, frozenset(), {})
    assert (len(whole.hosts), len(everybody), none) == (4, 4, [])


def test_teams_that_stand_are_joined_to_those_planned_again() -> None:
    found = round_from(cluster(4, 1))
    teams = [Team("A", "B1", ("B1",)), Team("B", "C1", ("C1",)), Team("C", "D1", ("D1",)), Team("D", "A1", ("A1",))]
    part = shape(found, [Matched("", found, tuple(teams[1:]), cost_of(found, teams[1:]))], [])
    whole = joined(part, teams[:1], found)
    assert [each["host"] for each in whole["teams"]] == ["A", "B", "C", "D"]
    assert (whole["objective"], whole["bound"]) == (pytest.approx(cost_of(found, teams)), None)
    assert joined(part, [], found) == part
    assert joined(part | {"objective": None}, teams[:1], found)["objective"] is None


def test_after_publishing_only_going_reviews_host_and_nobody_returns_to_a_team_they_left() -> None:
    raw = cluster(3, 1)
    for each in raw["people"]:
        each["declared_interests"] = ["B"] if each["id"] == "A1" else []
    now = going_on(raw, frozenset({"A", "B"}), [["A1", "C"], ["B1", ""]], ["same_trust"])
    assert [each["hosts"] for each in now["schools"]] == [True, True, False]
    assert [(each["declared_interests"], each["reviews_left"]) for each in now["people"]] == [(["B", "C"], 4), ([], 0), ([], 4)]
    assert (now["left"], now["waive"]) == ([["A1", "C"], ["B1", ""]], ["same_trust"])
    assert round_from(now).ignored == ("The round: left",)
    assert raw["people"][0]["declared_interests"] == ["B"]


def test_an_independents_visits_fill_no_school() -> None:
    raw = cluster(3, 1, school_serves_at_most=1)
    for each in raw["schools"]:
        each["hosts"] = True
    raw["people"].append(person("X", None, easting=400_000, northing=200_000, reviews_left=3))
    teams = [Team("A", "X", ("X",)), Team("B", "C1", ("C1",)), Team("C", "B1", ("B1",))]
    found, _, _ = frozen(raw, teams, frozenset({"A"}), {})
    assert {each.id: each.reviews_left for each in found.people} == {"A1": 4, "B1": 1, "C1": 1, "X": 2}
