"""New faces, and what there is to see of power: in words, with the numbers, and nobody scored."""

from __future__ import annotations

from convenor.peer_review.rules.fairness import Ground, Met, NewFaces, Observation, new_faces, power

GROUND = Ground(trust_of={}, trust_schools={}, can_lead=frozenset(), several_schools=frozenset(), cluster_led_from={})


def team(round_: int, review: int, host: str, lead: tuple[int, str], *others: tuple[int, str]) -> list[Met]:
    """A lead and others at a host; each by key and home."""
    rows = [Met(round_, review, host, *lead, leads=True)]
    return rows + [Met(round_, review, host, *each, leads=False) for each in others]


def of(key: str, met: list[Met], rounds: list[int], ground: Ground = GROUND) -> Observation:
    """One of the observations."""
    return next(each for each in power(met, rounds, ground) if each.key == key)


def six(leads: list[tuple[int, str]], round_: int = 1) -> list[Met]:
    """Six reviews of schools H0 to H5, each with one of these leads, in turn, and somebody of its own beside."""
    rows = [team(round_, 10 * round_ + n, f"H{n}", leads[n % len(leads)], (90 + n, f"S{n}")) for n in range(6)]
    return [each for row in rows for each in row]


def test_new_faces_are_told_from_the_second_round_on() -> None:
    met = team(1, 1, "A", (1, "B"), (2, "C")) + team(2, 2, "A", (1, "B"), (3, "D")) + team(3, 3, "A", (4, "E"), (3, "D"), (2, "C"))
    assert new_faces(met, [1, 2, 3]) == (NewFaces(2, 2, 1), NewFaces(3, 3, 1))
    assert new_faces(met, [1, 2, 3])[0].says == "1 of 2"


def test_round_without_teams_is_left_out() -> None:
    met = team(1, 1, "A", (1, "B"))
    assert new_faces(met, [1, 2]) == ()
    assert new_faces(met, []) == ()
    assert new_faces([*met, *team(9, 9, "A", (1, "B"))], [1]) == ()


def test_nothing_is_observed_before_there_are_teams() -> None:
    assert power([], [1], GROUND) == ()
    assert power([], [], GROUND) == ()


def test_leads_from_larger_trusts_at_single_schools_are_told_with_the_trusts() -> None:
    ground = Ground({"X": "T1", "Y": "T2", "H0": "T3"}, {"T1": 5, "T2": 3, "T3": 4}, frozenset(), frozenset(), {})
    seen = of("larger-trusts", six([(1, "X"), (2, "Y")]), [1], ground)
    assert seen.says == "In 5 of 6 reviews the lead comes from a trust of 3 schools or more and the host is in no trust."
    assert (seen.stands_out, seen.trusts, seen.could != "") == (True, ("T2", "T1"), True)


def test_leads_from_small_trusts_and_single_schools_do_not_stand_out() -> None:
    ground = Ground({"X": "T1"}, {"T1": 2}, frozenset(), frozenset(), {})
    seen = of("larger-trusts", six([(1, "X"), (2, "Y")]), [1], ground)
    assert (seen.says[:9], seen.stands_out, seen.trusts, seen.could) == ("In 0 of 6", False, (), "")


def test_a_third_or_fewer_is_the_exception() -> None:
    ground = Ground({"X": "T1"}, {"T1": 9}, frozenset(), frozenset(), {})
    assert not of("larger-trusts", six([(1, "X"), (2, "Y"), (3, "Z")]), [1], ground).stands_out


def test_few_who_lead_are_told_beside_those_who_can() -> None:
    can = frozenset(range(1, 9))
    seen = of("few-lead", six([(1, "X"), (2, "Y")]), [1], Ground({}, {}, can, frozenset(), {}))
    assert (seen.says, seen.stands_out) == ("6 reviews were led by 2 people; 8 people on the register can lead.", True)
    assert not of("few-lead", six([(n, "X") for n in range(1, 5)]), [1], Ground({}, {}, can, frozenset(), {})).stands_out


def test_of_few_reviews_nothing_stands_out() -> None:
    ground = Ground({"X": "T1"}, {"T1": 9}, frozenset(range(20)), frozenset({1}), {})
    seen = power(team(1, 1, "A", (1, "X"), (2, "B")), [1], ground)
    assert [(each.key, each.stands_out) for each in seen] == [
        ("larger-trusts", False), ("few-lead", False), ("executive-heads", False), ("sends-only", False),
    ]  # fmt: skip
    assert seen[1].says == "1 review was led by one person; 20 people on the register can lead."


def test_executive_heads_who_lead_many_are_told() -> None:
    seen = of("executive-heads", six([(1, "X"), (2, "Y")]), [1], Ground({}, {}, frozenset(), frozenset({1}), {}))
    assert (seen.says, seen.stands_out) == ("3 of 6 reviews are led by somebody who heads more than one school.", True)
    one = of("executive-heads", six([(n, "X") for n in range(6)]), [1], Ground({}, {}, frozenset(), frozenset({1}), {}))
    assert (one.says, one.stands_out) == ("1 of 6 reviews is led by somebody who heads more than one school.", False)


def test_school_that_sends_in_two_rounds_and_hosts_in_none_is_named() -> None:
    met = team(1, 1, "A", (1, "B"), (2, "C")) + team(2, 2, "A", (1, "B"), (4, "D")) + team(2, 3, "C", (1, "B"), (5, ""))
    seen = of("sends-only", met, [1, 2])
    assert (seen.schools, seen.stands_out) == (("B",), True)
    assert seen.says == "One school sent reviewers and was not reviewed: in 2 rounds running, or though its head leads the cluster."


def test_school_whose_head_leads_the_cluster_is_named_in_the_first_round_already() -> None:
    met = team(1, 1, "A", (1, "B"), (2, "C"))
    ground = Ground({}, {}, frozenset(), frozenset(), {"B": "North cluster", "A": "South cluster"})
    assert of("sends-only", met, [1], ground).schools == ("B",)
    assert of("sends-only", met, [1]).says == "No school sent reviewers round after round without being reviewed itself."


def test_several_schools_that_only_send_are_told_together() -> None:
    met = team(1, 1, "A", (1, "B"), (2, "C")) + team(2, 2, "A", (1, "B"), (4, "C"))
    seen = of("sends-only", met, [1, 2])
    assert (seen.schools, seen.says[:46]) == (("B", "C"), "2 schools sent reviewers and were not reviewed")
