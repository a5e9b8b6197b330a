"""The search against brute force, and the properties that every answer must have."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bench.rounds import KINDS, make_round
from convenor.peer_review.rules.matching import NoTeamsError, Team, UndecidedError, Work, check, match, round_from, shape, solve, total_cost
from convenor.peer_review.rules.matching import solving as solving_module
from convenor.peer_review.rules.matching import team_search as team_search_module
from convenor.peer_review.rules.matching.rows import SolverError, run, solver
from tests.unit.peer_review.small_rounds import cluster, cost_of, everything, person, rounds, school

SEARCHED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
#: So little work that the later parts of the search are reached by small rounds too.
LITTLE = Work(first_columns_per_host=2, first_nodes=1, first_near=0.5)


def plainly(teams: tuple[Team, ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {team.host: (team.lead, team.members) for team in teams}


@SEARCHED
@given(rounds())
def test_the_optimum_is_that_of_brute_force(raw: dict[str, Any]) -> None:
    ways = everything(raw)
    found = round_from(raw)
    if not ways:
        with pytest.raises(NoTeamsError):
            solve(found)
        return
    for work in (Work(), replace(LITTLE, first_columns_per_host=8), replace(LITTLE, teams_at_least=0, teams_per_host=0)):
        solution = solve(found, work=work)
        assert solution.optimal
        assert solution.bound == solution.cost
        assert solution.cost == pytest.approx(min(cost_of(raw, way) for way in ways), abs=1e-6)
        assert cost_of(raw, plainly(solution.teams)) == pytest.approx(solution.cost, abs=1e-6)


@SEARCHED
@given(rounds(most=5))
def test_teams_keep_every_rule(raw: dict[str, Any]) -> None:
    found = round_from(raw)
    try:
        solution = solve(found)
    except NoTeamsError:
        assume(False)
    assert check(found, solution.teams) == []
    people = {each["id"]: each for each in raw["people"]}
    leads = {(team.host, people[team.lead]["school"]) for team in solution.teams}
    for team in solution.teams:
        homes = [people[each]["school"] for each in team.members]
        host = next(each for each in raw["schools"] if each["id"] == team.host)
        assert team.host not in homes
        assert not set(homes) & set(host["objects_to"])
        assert not [each for each in team.members if team.host in people[each]["declared_interests"]]
        assert (people[team.lead]["school"], team.host) not in leads or people[team.lead]["school"] is None
    served = [each for team in solution.teams for each in team.members]
    assert [each for each in people if served.count(each) > people[each]["reviews_left"]] == []


@settings(max_examples=10, deadline=None)
@given(rounds(), st.integers(0, 5))
def test_the_same_input_and_seed_give_the_same_teams(raw: dict[str, Any], seed: int) -> None:
    first, second = (match(round_from({**raw, "seed": seed})) for _ in range(2))
    assert shape(first, seconds=0) == shape(second, seconds=0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_county_of_made_schools_is_matched_to_the_optimum(kind: str) -> None:
    found = round_from(make_round(30, kind=kind, seed=5))
    solution = solve(found)
    assert solution.optimal
    assert check(found, solution.teams) == []
    for work in (
        replace(LITTLE, first_columns_per_host=12),
        replace(LITTLE, first_columns_per_host=12, teams_at_least=0, teams_per_host=0),
    ):
        assert solve(found, work=work).cost == pytest.approx(solution.cost, abs=1e-6)


def test_a_search_cut_short_gives_an_honest_gap() -> None:
    found = round_from(make_round(30, kind="scattered", seed=1))
    best = solve(found)
    short = solve(found, work=replace(LITTLE, first_columns_per_host=10, teams_at_least=0, teams_per_host=0, columns=0, nodes=1))
    assert check(found, short.teams) == []
    assert short.bound <= best.cost + 1e-6 <= short.cost + 2e-6
    assert shape(match(found, work=LITTLE), seconds=1.5)["seconds"] == 1.5


def test_a_gap_that_stays_is_called_feasible(monkeypatch: pytest.MonkeyPatch) -> None:
    found = round_from(cluster(5, 2))
    real = solving_module._choose
    monkeypatch.setattr(solving_module, "_choose", lambda *given: replace(real(*given), bound=0.0))
    answer = match(found)
    said = shape(answer, seconds=0.0)
    assert (said["status"], said["bound"]) == ("feasible", 0.0)
    assert said["objective"] == total_cost(found, answer.solution.teams if answer.solution else ())


def test_the_answer_has_the_fixed_shape() -> None:
    raw = cluster(4, 1, waive=["same_trust"])
    raw["schools"][0]["name"] = "invented"
    said = shape(match(round_from(raw)), seconds=0.25)
    assert {key: said[key] for key in ("status", "seconds", "second_reviews", "waived", "infeasible", "ignored")} == {
        "status": "optimal",
        "seconds": 0.25,
        "second_reviews": 0,
        "waived": ["same_trust"],
        "infeasible": [],
        "ignored": ["School A: name"],
    }
    # A-B-C-D stand in a line; without swaps each is led from one or two doors away.
    assert said["objective"] == said["bound"] == sum(sum(team["cost"].values()) for team in said["teams"])
    assert {frozenset(team["cost"]) for team in said["teams"]} == {frozenset({"travel", "phase", "focus", "competitor"})}


def test_no_host_needs_no_team() -> None:
    raw = cluster(2, 1)
    for each in raw["schools"]:
        each["hosts"] = False
    solution = solve(round_from(raw))
    assert (solution.teams, solution.cost, solution.optimal) == ((), 0.0, True)


def test_nobody_at_all_is_infeasible() -> None:
    with pytest.raises(NoTeamsError):
        solve(round_from({**cluster(2, 1), "people": []}))


def test_reviews_go_round_among_like_people() -> None:
    raw = {
        "on": "2026-11-21",
        "team_size": 1,
        "schools": [school(name, hosts=name != "A") for name in "ABCD"],
        "people": [person("A1", "A", reviews_left=1), person("A2", "A", reviews_left=4)],
    }
    said = shape(match(round_from({**raw, "school_serves_at_most": 3})), seconds=0)
    members = sorted(team["lead"] for team in said["teams"])
    assert (members, said["second_reviews"]) == (["A1", "A2", "A2"], 1)


def test_an_empty_seat_is_made_dearer_until_it_is_filled() -> None:
    found = round_from(make_round(30, kind="scattered", seed=5))
    usual = solve(found)
    assert solve(found, work=Work(first_columns_per_host=1, first_nodes=1)).cost == pytest.approx(usual.cost, abs=1e-6)


def test_what_stays_open_is_said_to_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    found = round_from(cluster(6, 2))
    real = solving_module.search
    monkeypatch.setattr(solving_module, "search", lambda *given, **more: replace(real(*given, **more), empty_seats=1, bound=0.0))
    with pytest.raises(UndecidedError):
        solve(found)
    monkeypatch.setattr(solving_module, "shortfall", lambda *given, **more: 0)
    with pytest.raises(UndecidedError):
        solve(found)
    monkeypatch.setattr(solving_module, "shortfall", lambda *given, **more: 1)
    with pytest.raises(NoTeamsError):
        solve(found)


def many_focuses(raw: dict[str, Any]) -> dict[str, Any]:
    """Three focuses of ten at each host, two known to each person: where people in parts look much better than whole ones."""
    chance, focuses = random.Random(1), [f"focus {n}" for n in range(10)]
    for each in raw["schools"]:
        each["focus"] = chance.sample(focuses, 3)
    for each in raw["people"]:
        each["expertise"] = chance.sample(focuses, 2)
    return raw


@pytest.mark.parametrize(("kind", "seed"), [("scattered", 2), ("scattered", 3), ("tight", 8)])
def test_whole_teams_close_the_gap_that_people_leave(kind: str, seed: int) -> None:
    raw = many_focuses(make_round(24, kind=kind, seed=seed))
    solution = solve(round_from(raw))
    assert solution.optimal
    other = solve(round_from(raw), work=Work(first_columns_per_host=40, first_nodes=100, teams_at_least=0, teams_per_host=0))
    assert other.optimal
    assert other.cost == pytest.approx(solution.cost, abs=1e-6)


def test_a_first_round_that_no_team_betters_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    found = round_from(make_round(24, kind="tight", seed=3))
    usual = solve(found)
    monkeypatch.setattr(team_search_module._Master, "search", lambda *given: None)
    assert (solve(found).cost, usual.optimal) == (pytest.approx(usual.cost, abs=1e-6), True)


def test_teams_that_make_no_round_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    found = round_from(make_round(24, kind="tight", seed=3))
    real, ends = team_search_module.run, []

    def last_fails(highs: Any, allowed: tuple[str, ...] = ()) -> str:
        ends.append(real(highs, allowed))
        return "infeasible" if "infeasible" in allowed else ends[-1]

    monkeypatch.setattr(team_search_module, "run", last_fails)
    assert solve(found).optimal
    assert ends == ["optimal", "optimal"]


def test_a_solver_that_fails_is_not_believed() -> None:
    import highspy

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 1, 0
    model.col_cost_, model.col_lower_, model.col_upper_ = [-1.0], [0.0], [float("inf")]
    highs = solver()
    highs.passModel(model)
    with pytest.raises(SolverError):
        run(highs)
