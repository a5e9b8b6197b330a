"""Rounds that cannot be matched: the clash is real, nothing in it is idle, and what is offered mends it."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from convenor.peer_review.rules.matching import Rule, match, round_from, shape
from convenor.peer_review.rules.matching import clash as clash_module
from convenor.peer_review.rules.matching import mending as mending_module
from convenor.peer_review.rules.matching.clash import find_clash
from convenor.peer_review.rules.matching.clash_words import named
from convenor.peer_review.rules.matching.mending import mends
from convenor.peer_review.rules.matching.solving import UndecidedError, can_be_kept
from tests.unit.peer_review.small_rounds import cluster, everything, person, rounds, school


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(rounds(most=3))
def test_a_clash_is_truly_one_and_holds_nothing_idle(raw: dict[str, Any]) -> None:
    assume(not everything(raw))
    found = round_from(raw)
    clash = find_clash(found)
    assert everything(raw, clash.hosts) == []
    assert clash.irreducible
    for rule in clash.rules:
        assert can_be_kept(found, rules=clash.rules - {rule}, hosts=frozenset(clash.hosts))
    for host in clash.hosts:
        assert can_be_kept(found, rules=clash.rules, hosts=frozenset(clash.hosts) - {host})


def said(raw: dict[str, Any]) -> dict[str, Any]:
    answer = shape(match(round_from(raw)), seconds=0)
    assert (answer["status"], answer["teams"], answer["objective"], answer["bound"]) == ("infeasible", [], None, None)
    return answer


def lines(answer: dict[str, Any]) -> dict[str, tuple[list[str], str]]:
    return {line["rule"]: (line["schools"], line["explanation"]) for line in answer["infeasible"]}


def offers(answer: dict[str, Any]) -> list[tuple[str, tuple[str, ...], bool | None, str]]:
    return [(mend["offer"], tuple(mend["schools"]), mend["mends_all"], mend["says"]) for mend in answer["mends"]]


def test_two_schools_cannot_lead_at_each_other() -> None:
    answer = said(cluster(2, 1))
    assert lines(answer) == {
        "lead": (["A", "B"], "A and B need a lead each. 2 people (A1 and B1) may lead there, with 4 reviews between them."),
        "own_school": (["A", "B"], "Nobody reviews their own school, so A1 and B1 cannot help there."),
        "no_direct_swap": (
            ["A", "B"],
            "No two schools lead at each other: among A and B each pair can be led one way only. "
            "Two schools alone can never do this; with a third school, or a lead from outside, they can.",
        ),
    }
    assert answer["clash"] == {"hosts": ["A", "B"], "irreducible": True, "smallest": True}
    assert answer["empty_seats_at_least"] == 1
    assert offers(answer) == [
        ("independent", (), True, "One more person who can lead, for one review, from outside the schools."),
        ("postpone", ("A", "B"), True, "Any of A and B hosts in a later round."),
    ]


def test_a_smallest_clash_has_none_smaller() -> None:
    found = round_from(cluster(5, 5))
    clash = find_clash(found)
    assert (clash.rules, len(clash.hosts), clash.smallest) == (frozenset({Rule.TEAM_SIZE, Rule.OWN_SCHOOL}), 1, True)
    for pair in itertools.combinations([*Rule, *(host.id for host in found.hosts)], 2):
        rules = frozenset(each for each in pair if isinstance(each, Rule))
        assert can_be_kept(found, rules=rules, hosts=frozenset(each for each in pair if not isinstance(each, Rule)))


def test_teams_larger_than_the_cluster_are_explained() -> None:
    answer = said(cluster(3, 3))
    host = answer["clash"]["hosts"][0]
    others = [name for name in "ABC" if name != host]
    assert lines(answer)["team_size"] == (
        [host],
        f"{host} needs a team of 3. 2 people ({others[0]}1 and {others[1]}1) may go there, with 2 reviews between them.",
    )
    assert ("team_size", (host,), False, f"{host} takes a team smaller by one.") in offers(answer)


def test_a_missing_lead_is_asked_of_the_schools_that_could_send_one() -> None:
    raw = cluster(4, 1, school_serves_at_most=3)
    for each in raw["people"][1:]:
        each["can_lead"] = False
    raw["schools"][0]["hosts"] = False
    raw["schools"][0]["trust"] = raw["schools"][1]["trust"] = "T"
    raw["schools"].append(school("E", hosts=False, easting=None))
    answer = said(raw)
    assert lines(answer) == {
        "lead": (["B"], "B needs a lead. Nobody in the round may lead there."),
        "same_trust": (["A", "B"], "A and B share a trust, and nobody reviews a school of their own trust."),
    }
    assert ("person", ("C", "D"), True, "One more person who can lead, for one review, from any of C and D.") in offers(answer)
    assert (
        "waive",
        (),
        True,
        "Waive the rule that nobody reviews a school of their own trust (the answer will say so).",
    ) in offers(answer)


def test_objections_interests_and_federations_are_told_with_who_could_withdraw() -> None:
    raw = cluster(4, 1)
    raw["schools"][0].update(objects_to=["B", "A"], federation="F")
    raw["schools"][2].update(federation="F")
    raw["people"][3]["declared_interests"] = ["A"]
    raw["people"].append(person("I1", None, easting=400_000, northing=200_000, declared_interests=["A"], can_lead=False))
    found = lines(said(raw))
    assert found["objection"] == (["A", "B"], "A objects to B.")
    assert found["federation"] == (["A", "C"], "A and C share a federation, and nobody reviews a school of their own federation.")
    assert found["declared_interest"] == (["A", "D"], "An interest was declared by D1 in A and I1 in A.")
    assert ("objection", ("A", "B"), True, "A withdraws its objection to B.") in offers(said(raw))


def test_lapsed_training_is_told_with_who_could_renew() -> None:
    raw = cluster(3, 1)
    for each in raw["people"][1:]:
        each["trained_until"] = "2026-10-01"
    raw["schools"][1]["hosts"] = raw["schools"][2]["hosts"] = False
    answer = said(raw)
    assert lines(answer)["training"] == (["B", "C"], "On 2026-11-21 the training of B1 and C1 is no longer valid.")
    assert ("training", ("B", "C"), True, "Any of B1 and C1 renews their training.") in offers(answer)


def test_too_few_reviews_are_told_with_who_could_give_one_more() -> None:
    raw = cluster(3, 1)
    raw["people"] = [person("A1", "A", reviews_left=1, can_lead=True), person("I1", None, easting=0, northing=0, reviews_left=1)]
    answer = said(raw)
    assert lines(answer)["reviews_left"] == (["A"], "A1 has 1 review left and I1 has 1 review left.")
    assert [each for each in offers(answer) if each[0] == "reviews_left"] == [
        ("reviews_left", ("A",), True, "Any of A1 and I1 gives one review more.")
    ]


def test_a_single_school_that_serves_too_often_is_told() -> None:
    raw = cluster(4, 1, school_serves_at_most=2, people=[person("A1", "A"), person("A2", "A")])
    raw["schools"][0]["hosts"] = False
    answer = said(raw)
    assert lines(answer)["school_serves_at_most"] == (
        ["A"],
        "The people of one school serve in at most 2 teams, and those for here come from A.",
    )
    assert ("school_serves_at_most", (), True, "Let a school serve in 3 teams.") in offers(answer)


def test_resting_leads_are_told() -> None:
    history = [{"cycles_ago": n, "host": "A", "lead_school": name} for n, name in ((1, "B"), (2, "C"), (2, "D"))]
    raw = cluster(4, 1, history=history)
    answer = said(raw)
    assert lines(answer)["lead_rest"] == (
        ["A", "B", "C", "D"],
        "In the last 2 cycles B led at A, C led at A and D led at A, and may not lead there again yet.",
    )
    assert ("lead_rest_cycles", (), True, "Let a lead school rest for one cycle less (1).") in offers(answer)
    triad = lines(said(cluster(3, 1, history=[{"cycles_ago": 1, "host": "A", "lead_school": name} for name in "BC"])))
    assert triad["lead_rest"][1] == "In the last cycle B led at A and C led at A, and may not lead there again yet."


def test_a_swap_among_three_is_told_without_the_remark_on_two() -> None:
    history = [{"cycles_ago": 1, "host": host, "lead_school": lead} for host, lead in (("A", "B"), ("B", "C"), ("C", "B"))]
    found = lines(said(cluster(3, 2, history=history)))
    assert found["no_direct_swap"] == (["A", "C"], "No two schools lead at each other: among A and C each pair can be led one way only.")


def test_two_people_of_one_school_are_not_a_team() -> None:
    raw = cluster(2, 2, people=[person("B1", "B"), person("B2", "B")])
    raw["schools"][1]["hosts"] = False
    found = lines(said(raw))
    assert found["two_schools"] == (["A", "B"], "Two people of one team come from two schools, and people for A come from B only.")
    nobody = lines(said(cluster(1, 2, people=[person("A1", "A")])))
    assert nobody["team_size"] == (["A"], "A needs a team of 2. Nobody in the round may go there.")


def test_one_who_may_go_alone_is_named() -> None:
    raw = cluster(2, 2)
    raw["schools"][1]["hosts"] = False
    assert lines(said(raw))["team_size"][1] == "A needs a team of 2. Only B1 may go there, with 1 review between them."


def test_a_round_that_can_be_matched_has_no_clash() -> None:
    with pytest.raises(ValueError, match="does not clash"):
        find_clash(round_from(cluster(4, 1)))


@pytest.mark.parametrize(("questions", "irreducible", "smallest"), [(1, False, False), (16, False, False), (45, True, False)])
def test_questions_that_run_out_are_owned_up_to(questions: int, irreducible: bool, smallest: bool) -> None:
    raw = cluster(10, 3)
    for each in raw["people"]:
        each["reviews_left"] = 2
    clash = find_clash(round_from(raw), questions=questions)
    assert (clash.irreducible, clash.smallest) == (irreducible, smallest)
    assert not can_be_kept(round_from(raw), rules=clash.rules, hosts=frozenset(clash.hosts))


def test_large_rounds_are_not_proved_smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clash_module, "PROVED_UP_TO_HOSTS", 1)
    monkeypatch.setattr(mending_module, "WHOLE_UP_TO_HOSTS", 1)
    answer = said(cluster(2, 1))
    assert answer["clash"] == {"hosts": ["A", "B"], "irreducible": True, "smallest": False}
    assert {mend["mends_all"] for mend in answer["mends"]} == {None}


def test_what_stays_undecided_is_never_called_a_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    found = round_from(cluster(2, 1))
    clash = find_clash(found)

    def undecided(*given: Any, **more: Any) -> bool:
        raise UndecidedError

    monkeypatch.setattr(mending_module, "can_be_kept", undecided)
    assert mends(found, clash) == []
    monkeypatch.setattr(clash_module, "can_be_kept", undecided)
    with pytest.raises(ValueError, match="does not clash"):
        find_clash(found)


def test_long_lists_are_cut_with_the_number_of_the_rest() -> None:
    assert named([]) == ""
    assert named(["A"]) == "A"
    assert named(list("ABCDEFGH")) == "A, B, C, D, E, F, G and H"
    assert named(list("ABCDEFGHIJ")) == "A, B, C, D, E, F, G and 3 more"
