"""Planning again after a drop-out; and why each person was matched."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from convenor.peer_review.rules.matching import NoTeamsError, Team, Work, changes_between, check, replan, round_from, solve, total_cost, why
from tests.unit.peer_review.small_rounds import cluster, cost_of, everything, person, rounds


def teams_of(way: dict[str, tuple[str, tuple[str, ...]]]) -> list[Team]:
    return [Team(host, lead, members) for host, (lead, members) in way.items()]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(rounds())
def test_the_new_plan_has_the_fewest_changes_and_then_the_least_cost(raw: dict[str, Any]) -> None:
    try:
        before = solve(round_from(raw)).teams
    except NoTeamsError:
        assume(False)
    assume(len(before) > 1)
    gone = before[0].lead
    after = {**raw, "people": [each for each in raw["people"] if each["id"] != gone]}
    ways = everything(after)
    if not ways:
        with pytest.raises(NoTeamsError):
            replan(round_from(after), before)
        return
    plan = replan(round_from(after), before)
    changes = [changes_between(before, teams_of(way)) for way in ways]
    assert check(round_from(after), plan.teams) == []
    assert (plan.fewest, plan.changes) == (True, min(changes))
    assert plan.cost == pytest.approx(min(cost_of(after, way) for way, n in zip(ways, changes, strict=True) if n == min(changes)), abs=1e-6)
    assert plan.cheapest


def test_nothing_changes_where_nobody_left() -> None:
    found = round_from(cluster(5, 2))
    before = solve(found)
    plan = replan(found, before.teams)
    assert (plan.changes, plan.cost, plan.fewest, plan.cheapest) == (0, before.cost, True, True)
    assert changes_between(before.teams, plan.teams) == 0


def test_a_host_that_withdrew_frees_its_team() -> None:
    raw = cluster(5, 2)
    before = solve(round_from(raw)).teams
    raw["schools"][0]["hosts"] = False
    plan = replan(round_from(raw), before)
    assert (plan.changes, {team.host for team in plan.teams}) == (0, set("BCDE"))


def test_little_work_still_gives_a_sound_plan() -> None:
    raw = cluster(8, 2)
    before = solve(round_from(raw)).teams
    raw["people"] = [each for each in raw["people"] if each["id"] != before[0].lead]
    found = round_from(raw)
    work = Work(first_columns_per_host=3, first_nodes=1, first_near=0.9, teams_at_least=0, teams_per_host=0, nodes=1, columns=1)
    plan = replan(found, before, work=work)
    assert check(found, plan.teams) == []
    assert plan.cost == total_cost(found, plan.teams)


def test_each_person_is_told_why() -> None:
    raw = cluster(3, 2)
    raw["schools"][0].update(focus=["reading", "writing"], trust="T")
    raw["schools"][1].update(easting=402_000)
    raw["schools"][2].update(phase="secondary", trust="T", easting=410_000)
    raw["people"][1]["expertise"] = ["reading", "writing"]
    raw["people"].append(person("I1", None, easting=405_000, northing=200_000, expertise=["writing"]))
    found = round_from(raw)
    teams = [Team("A", "B1", ("B1", "I1")), Team("B", "A1", ("A1", "I1")), Team("C", "I1", ("I1", "B1"))]
    first, second = why(found, teams, "B1")
    assert (first.host, first.leads, first.only_of_phase, first.focus, first.only_focus, first.competitor) == (
        "A",
        True,
        True,
        ("reading", "writing"),
        ("reading",),
        True,
    )
    assert first.says == (
        "You lead the review of A.",
        "Nobody else in the team works in the primary phase.",
        "Nobody else in the team brings reading, which the host asked for.",
        "You bring writing, which the host asked for.",
        "The school is 2 km away in a straight line.",
        "One host nearer to you may not be reviewed by you: your own, your trust's or federation's, or kept apart by a declaration.",
        "Your schools are near each other and of one phase; that was weighed, and the rest of the round outweighs it.",
    )
    assert second.says == (
        "You are a member of the team that reviews C.",
        "The school is 8 km away in a straight line.",
        "One host nearer to you may not be reviewed by you: your own, your trust's or federation's, or kept apart by a declaration.",
    )
    assert [reason.says[-1] for reason in why(found, teams, "I1")] == [
        "The school is 5 km away in a straight line.",
        "The school is 3 km away in a straight line.",
        "The school is 5 km away in a straight line.",
    ]
    assert why(found, teams, "C1") == []
    with pytest.raises(KeyError):
        why(found, teams, "nobody")


def test_a_shared_phase_and_several_bars_are_told() -> None:
    raw = cluster(4, 2)
    raw["people"][1]["declared_interests"] = ["A"]
    found = round_from(raw)
    (only,) = why(found, [Team("D", "C1", ("C1", "B1"))], "B1")
    assert only.says == (
        "You are a member of the team that reviews D.",
        "Your school is of the host's phase (primary).",
        "The school is 7 km away in a straight line.",
        "2 hosts nearer to you may not be reviewed by you: your own, your trust's or federation's, or kept apart by a declaration.",
    )
