"""A round's plan: what is wrong with it, said all at once; what is only worth a word; whom it asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.partnership.rules.terms import Known, SchoolCalendar, Stretch
from convenor.peer_review.rules.rounds import (
    NEXT,
    Candidate,
    Numbers,
    OutOfTurnRound,
    Plan,
    RoundRefused,
    asked_by,
    check_reason,
    check_step,
    differences,
    due_for_reminder,
    newcomers,
    problems,
    usual_days,
    usual_name,
    warnings,
)
from convenor.peer_review.rules.states import Reach, RoundState
from convenor.peer_review.rules.ways import way

ON = date(2026, 11, 2)
TERMS = SchoolCalendar(
    {2026: (Stretch(date(2026, 9, 2), date(2026, 12, 19), "Autumn"), Stretch(date(2027, 1, 4), date(2027, 3, 26), "Spring"))},
    {},
    {2026: Known.PARTNERSHIP},
)
PLAN = Plan(
    name="Spring 2027", way="clusters", reach=Reach.CLUSTER, answers_by_on=date(2026, 11, 27), visits_from_on=date(2027, 1, 11),
    visits_until_on=date(2027, 3, 20), team_size=3,
)  # fmt: skip
NAMES = {"north": "North cluster", "south": "South cluster"}
NORTH, SOUTH = ("north", "east-alliance"), ("south", "west-alliance")
SCHOOLS = (
    Candidate("1", "Ashwater", "Primary", (NORTH,)),
    Candidate("2", "Brookmoor", "Primary", (NORTH,)),
    Candidate("3", "Coldbrook", "Secondary", (NORTH,)),
)


def found(plan: Plan = PLAN, schools: tuple[Candidate, ...] = SCHOOLS, **more: Any) -> list[tuple[str, str]]:
    given: dict[str, Any] = {"on": ON, "way": way(plan.way), "calendar": TERMS, "cluster_names": NAMES, "other_names": ()}
    return [(each.field, each.message) for each in problems(plan, asked_by(plan, schools), **(given | more))]


def told(plan: Plan = PLAN, schools: tuple[Candidate, ...] = SCHOOLS) -> tuple[str, ...]:
    return warnings(plan, asked_by(plan, schools), way=way(plan.way), calendar=TERMS, cluster_names=NAMES)


def test_a_good_plan_has_no_problem_and_nothing_to_know() -> None:
    assert (found(), told()) == ([], ())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"team_size": 5}, "team_size"),
        ({"waive_same_trust": True, "waive_why": " "}, "waive_why"),
        ({"answers_by_on": ON + timedelta(days=6)}, "answers_by_on"),
        ({"visits_from_on": date(2026, 11, 27)}, "visits_from_on"),
        ({"visits_until_on": date(2027, 1, 11)}, "visits_until_on"),
        ({"visits_until_on": date(2028, 3, 1)}, "visits_until_on"),
        ({"visits_from_on": date(2026, 12, 19), "visits_until_on": date(2027, 1, 4)}, "visits_from_on"),
        ({"visits_until_on": date(2029, 3, 1)}, "visits_until_on"),
        ({"phases": ("Nursery",)}, "body"),
    ],
)
def test_each_problem_is_said_at_its_box(change: dict[str, Any], field: str) -> None:
    assert [each for each, _ in found(replace(PLAN, **change))] == [field]


def test_all_problems_are_said_at_once() -> None:
    several = replace(PLAN, name="", team_size=1, answers_by_on=ON, phases=("Nursery",))
    assert sorted(each for each, _ in found(several)) == ["answers_by_on", "body", "name", "team_size"]


def test_a_name_in_use_is_refused_however_it_is_written() -> None:
    assert [each for each, _ in found(other_names=("SPRING 2027 ",))] == ["name"]


def test_the_closing_day_of_an_open_round_may_stay_in_the_past_and_move_to_today() -> None:
    late = date(2026, 12, 10)
    assert found(on=late, answers_before=PLAN.answers_by_on) == []
    assert found(replace(PLAN, answers_by_on=late), on=late, answers_before=PLAN.answers_by_on) == []
    moved = replace(PLAN, answers_by_on=date(2026, 12, 1))
    assert found(moved, on=late, answers_before=PLAN.answers_by_on) == [
        ("answers_by_on", "That day has passed. Choose today or a later day.")
    ]


def test_a_school_in_two_clusters_waits_where_that_matters() -> None:
    both = (*SCHOOLS, Candidate("4", "Dunmarsh", "Primary", (NORTH, SOUTH)))
    assert found(schools=both) == [
        ("placed", "Dunmarsh sits in North cluster and South cluster. Say in which of them it takes part in this round.")
    ]
    for reach, waits in ((Reach.CLUSTER, 1), (Reach.ALLIANCE, 1), (Reach.AREA, 0)):
        asked = asked_by(replace(PLAN, reach=reach), both)
        assert (len(asked.two), asked.schools) == (waits, 4)
    placed = asked_by(replace(PLAN, placed={"4": "south"}), both)
    assert (placed.two, placed.by_cluster) == ((), {"north": 3, "south": 1})
    same_alliance = Candidate("5", "Elmscar", "Primary", (NORTH, ("mid", "east-alliance")))
    assert asked_by(replace(PLAN, reach=Reach.ALLIANCE), (same_alliance,)).two == ()


def test_a_place_that_is_none_of_its_clusters_is_no_answer() -> None:
    both = (Candidate("4", "Dunmarsh", "Primary", (NORTH, SOUTH)),)
    assert len(asked_by(replace(PLAN, placed={"4": "elsewhere"}), both).two) == 1


def test_a_school_in_no_group_is_named_and_not_asked() -> None:
    lone = (*SCHOOLS, Candidate("4", "Dunmarsh", "Primary"))
    assert told(schools=lone) == (
        "1 in no cluster, and so not asked: Dunmarsh. Place them first, or choose a wider reach.",
    )  # fmt: skip
    many = (*SCHOOLS, *(Candidate(f"9{n}", f"School {n}", "Primary", (("x", ""),)) for n in range(6)))
    assert told(replace(PLAN, reach=Reach.ALLIANCE), many)[0] == (
        "6 in no alliance, and so not asked: School 0, School 1, School 2, School 3 and School 4 and others. "
        "Place them first, or choose a wider reach."
    )
    assert asked_by(replace(PLAN, reach=Reach.AREA), lone).placed[3] == (lone[3], "")


def test_small_clusters_and_small_rounds_are_worth_a_word() -> None:
    few = (*SCHOOLS, Candidate("4", "Dunmarsh", "Primary", (SOUTH,)))
    assert told(schools=few) == (
        "Fewer than 3 schools in South cluster: they could only review each other. A wider reach mends it.",
    )  # fmt: skip
    assert told(replace(PLAN, reach=Reach.AREA), SCHOOLS[:2]) == ("Fewer than 3 schools: they could only review each other.",)


def test_hurried_rounds_and_unknown_terms_are_worth_a_word() -> None:
    hurried = told(replace(PLAN, answers_by_on=date(2026, 12, 22)))
    assert [each.split(":")[0] for each in hurried] == ["The first hosts share their data 14 days before a visit"]
    later = replace(PLAN, visits_from_on=date(2027, 9, 13), visits_until_on=date(2027, 11, 13))
    assert told(later) == ("Nobody has entered the terms of 2027-28: half-terms are not known, and dates may fall in them.",)
    assert told(replace(PLAN, visits_until_on=PLAN.visits_from_on)) == ()


def test_a_usual_plan_lies_in_school_days() -> None:
    usual = usual_days(ON, way("clusters"), TERMS)
    assert (usual.answers_by_on, usual.visits_from_on, usual.visits_until_on) == (date(2026, 11, 23), date(2026, 12, 14), date(2027, 3, 6))


def test_a_usual_plan_made_where_no_school_day_is_known_still_runs_forward() -> None:
    usual = usual_days(date(2028, 12, 20), way("clusters"), TERMS)
    assert usual.answers_by_on < usual.visits_from_on < usual.visits_until_on


@given(st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 1, 1)), st.sampled_from(["clusters", "three-days-independent-lead"]))
def test_a_usual_plan_is_always_a_good_one(on: date, key: str) -> None:
    usual = usual_days(on, way(key), SchoolCalendar({}, {}, {}))
    plan = replace(
        PLAN, way=key, team_size=way(key).team_size, answers_by_on=usual.answers_by_on, visits_from_on=usual.visits_from_on,
        visits_until_on=usual.visits_until_on,
    )  # fmt: skip
    assert found(plan, on=on, calendar=SchoolCalendar({}, {}, {})) == []


def test_a_usual_name_is_one_that_nobody_has_used() -> None:
    taken = ["peer review 2026/27"]
    assert usual_name(ON, []) == "Peer review 2026/27"
    assert usual_name(ON, taken) == "Peer review 2026/27, second round"
    every = ["Peer review 2026/27", *(f"Peer review 2026/27, {nth} round" for nth in ("second", "third", "fourth", "fifth"))]
    assert usual_name(ON, every) == "Peer review 2026/27"


def test_a_round_goes_only_where_it_can_go() -> None:
    allowed = {(each, to) for each in RoundState for to in NEXT[each]}
    for each in RoundState:
        for to in RoundState:
            if (each, to) in allowed:
                check_step(each, to)
            else:
                with pytest.raises(OutOfTurnRound):
                    check_step(each, to)
    assert (len(allowed), NEXT[RoundState.WITHDRAWN]) == (9, frozenset())


def test_a_withdrawal_gives_a_reason() -> None:
    assert check_reason("  Snow\nand mergers ") == "Snow and mergers"
    with pytest.raises(RoundRefused):
        check_reason(" ")


def test_differences_are_said_in_words() -> None:
    other = replace(
        PLAN, name="Summer", visits_until_on=date(2027, 3, 27), waive_same_trust=True, phases=("Primary",), placed={"4": "south"},
        words="Hello",
    )  # fmt: skip
    assert differences(PLAN, other) == (
        "name: Summer", "last day of visits: 26 March 2027", "phases: Primary", "your words: Hello", "reviews within a trust: yes",
        "schools in two clusters: 1 placed",
    )  # fmt: skip
    assert differences(other, PLAN)[2:4] == ("phases: all", "your words: none")
    assert differences(PLAN, replace(PLAN, reach=Reach.AREA)) == ("reach: area",)
    assert differences(PLAN, PLAN) == ()


def numbers(**more: int) -> Numbers:
    given = {
        "asked": 250, "answered": 240, "hosting": 240, "needed": 750, "offered": 760, "leads_needed": 240, "leads_offered": 260,
        "reviewers": 400, "reviewers_answered": 380, "untrained_offers": 0,
    }  # fmt: skip
    return Numbers(**(given | more))


def test_numbers_say_what_is_short() -> None:
    assert (numbers().short, numbers().not_heard) == ((), 10)
    assert numbers(offered=690, leads_offered=200).short == (
        "Teams need 750 places; 690 reviews are offered.", "240 teams need a lead; reviews by people who can lead: 200.",
    )  # fmt: skip
    assert numbers(needed=3, offered=1, leads_needed=1, leads_offered=0).short == (
        "Teams need 3 places; 1 review is offered.", "1 team needs a lead; reviews by people who can lead: 0.",
    )  # fmt: skip


def test_a_reminder_waits_a_week() -> None:
    assert [due_for_reminder(each, ON) for each in (None, ON, ON - timedelta(days=6), ON - timedelta(days=7))] == [True, False, False, True]


def test_a_school_placed_by_hand_can_be_placed_again() -> None:
    both = Candidate("4", "Dunmarsh", "Primary", (NORTH, SOUTH))
    assert asked_by(replace(PLAN, placed={"4": "south"}), (*SCHOOLS, both)).by_hand == (both,)


def test_whoever_joined_since_is_asked_besides_and_nobody_twice() -> None:
    both = Candidate("4", "Dunmere", "Primary", (NORTH, SOUTH))
    lone = Candidate("5", "Elmhurst", "Primary")
    new = newcomers(PLAN, (*SCHOOLS, both, lone), {"1", "3"})
    assert (new.placed, new.two, new.nowhere) == (((SCHOOLS[1], "north"),), (both,), (lone,))
    assert newcomers(PLAN, SCHOOLS, {"1", "2", "3"}).schools == 0
    assert newcomers(replace(PLAN, phases=("Secondary",)), SCHOOLS, {"3"}).placed == ()
