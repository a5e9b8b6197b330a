"""Teams proposed, changed by hand, planned again and published: what comes of each, who is refused, and what is told to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions.matching import (
    GIVEN_UP_AFTER,
    begin_run,
    change_by_hand,
    end_run,
    progress,
    replan_after,
    run_matching,
)
from convenor.peer_review.actions.publishing import publish_teams
from convenor.peer_review.models import (
    DeclaredInterest,
    Matching,
    MatchingWork,
    Objection,
    Reviewer,
    ReviewRound,
    RoundSchool,
)
from convenor.peer_review.rules import teams as teams_module
from convenor.peer_review.rules.matching import Team, UndecidedError
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import RoundState
from convenor.peer_review.rules.team_words import PRIVATE_BROKEN
from convenor.peer_review.rules.teams import TeamsRefused, reviewer_key, reviewer_pk, team_from
from convenor.registers.models import School
from tests.factories.review_matching import AT, SLUG, County, county, urn

pytestmark = pytest.mark.django_db


def matched(found: County, who: str = "manager", **more: Any) -> Matching:
    return run_matching(slug=SLUG, round_id=found.round.pk, by=found.here[who], at=AT, **more)


def teams_of(made: Matching) -> dict[str, Team]:
    return {each["host"]: team_from(each) for each in made.answer["teams"]}


# Proposing


def test_a_matching_is_kept_with_what_it_proves(django_assert_max_num_queries: Any) -> None:
    found = county(clusters=6, size=10)
    with django_assert_max_num_queries(14):
        made = matched(found, timer=iter((10.0, 10.25)).__next__)
    assert (made.number, made.kind, made.status, made.objective, made.seconds) == (1, "solved", "optimal", made.bound, 0.25)
    assert [(part["hosts"], part["optimal"]) for part in made.answer["parts"]] == [(10, True)] * 6
    assert len(made.answer["teams"]) == 60
    entry = Entry.objects.get(verb="matching.solved")
    assert (entry.subject_key, entry.detail, entry.partnership) == (str(found.round.pk), {"status": "optimal", "changes": None}, SLUG)


def test_the_same_round_gives_the_same_teams_under_the_next_number() -> None:
    found = county()
    first, second = matched(found), matched(found)
    assert (first.number, second.number, second.after_id) == (1, 2, None)
    assert first.answer["teams"] == second.answer["teams"]


def test_nobody_of_another_cluster_a_trust_or_an_objecting_school_is_matched() -> None:
    found = county(clusters=2, size=6)
    School.objects.filter(urn__in=[urn(1, 1), urn(1, 2)]).update(trust_id="T1")
    Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 3), objects_to_id=urn(1, 4), declared_at=AT)
    DeclaredInterest.objects.create(reviewer=found.reviewer(1, 5, 1), school_id=urn(1, 3), kind="family", declared_at=AT)
    made = matched(found)
    home = {reviewer_key(each.pk): each.school_id for each in Reviewer.objects.all()}
    teams = {host: {home[member] for member in team.members} for host, team in teams_of(made).items()}
    for host, homes in teams.items():
        assert {key[:5] for key in homes} <= {host[:5]}
        assert host not in homes
    assert urn(1, 2) not in teams[urn(1, 1)]
    assert urn(1, 1) not in teams[urn(1, 2)]
    assert urn(1, 4) not in teams[urn(1, 3)]
    assert reviewer_key(found.reviewer(1, 5, 1).pk) not in teams_of(made)[urn(1, 3)].members


def test_a_round_with_too_few_leads_says_so_and_what_would_mend_it() -> None:
    found = county(clusters=2, size=4, people=3)
    Reviewer.objects.filter(school__urn__startswith="99102").exclude(pk=found.reviewer(1, 1, 1).pk).update(can_lead=False)
    made = matched(found)
    assert (made.status, made.objective, made.bound) == ("infeasible", None, None)
    (clash,) = made.answer["infeasible"]
    assert (clash["circle"], clash["private"]) == (str(found.clusters[0].pk), False)
    assert "lead" in {line["rule"] for line in clash["lines"]}
    assert {each["kind"] for each in clash["mends"]} >= {"person-lead", "independent-lead", "reach"}
    assert {each["host"] for each in made.answer["teams"]} == {urn(2, n) for n in (1, 2, 3, 4)}


def test_a_round_of_two_schools_cannot_be() -> None:
    made = matched(county(clusters=1, size=2, people=4, team_size=1))
    assert [line["rule"] for line in made.answer["infeasible"][0]["lines"]] == ["lead", "own_school", "no_direct_swap"]


def test_what_was_declared_is_in_no_answer() -> None:
    found = county(clusters=1, size=4)
    for number in (2, 3, 4):
        Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=urn(1, number), declared_at=AT)
    made = matched(found)
    (clash,) = made.answer["infeasible"]
    assert (clash["private"], clash["hosts"]) == (True, [urn(1, n) for n in (1, 2, 3, 4)])
    assert [each["schools"] for each in (*clash["lines"], *clash["mends"])] == [[]] * (len(clash["lines"]) + len(clash["mends"]))


def test_a_round_that_cannot_be_read_is_refused_by_name() -> None:
    found = county()
    School.objects.filter(urn=urn(1, 2)).update(easting=None)
    with pytest.raises(TeamsRefused) as refused:
        matched(found)
    assert refused.value.problems == (
        "School Cluster 1 School 2: it hosts and has no easting and northing. Give both, or set hosts to false.",
        "School Cluster 1 School 2: no easting and northing, and Person 1.2.1 could be matched from there. "
        "Give both, or set reviews_left to 0.",
    )
    assert Matching.objects.count() == 0


def test_nothing_undecided_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(*_: Any, **__: Any) -> None:
        raise UndecidedError

    found = county()
    monkeypatch.setattr(teams_module, "solve", undecided)
    with pytest.raises(TeamsRefused, match="did not tell whether teams exist"):
        matched(found)


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.PUBLISHED, RoundState.ENDED, RoundState.WITHDRAWN])
def test_a_round_is_matched_only_while_it_is_open_or_closed(state: RoundState) -> None:
    found = county()
    ReviewRound.objects.update(state=state.value)
    with pytest.raises(TeamsRefused, match="cannot be changed so now"):
        matched(found)


def test_a_round_that_ended_while_it_was_matched_gets_no_teams() -> None:
    found = county()

    def withdraw(_: str) -> None:
        ReviewRound.objects.update(state=RoundState.WITHDRAWN.value)

    with pytest.raises(TeamsRefused, match="went on meanwhile"):
        matched(found, watch=withdraw)


@pytest.mark.parametrize("who", ["head", "reviewer", "broker", "board member", "somebody with no post"])
def test_only_whoever_runs_rounds_matches(who: str) -> None:
    found = county()
    made = matched(found)
    for act in (
        lambda: matched(found, who),
        lambda: replan_after(slug=SLUG, matching_id=made.pk, why="x", by=found.here[who], at=AT),
        lambda: change_by_hand(slug=SLUG, matching_id=made.pk, teams=[], why="x", by=found.here[who], at=AT),
        lambda: publish_teams(slug=SLUG, matching_id=made.pk, by=found.here[who], at=AT),
        lambda: begin_run(slug=SLUG, round_id=found.round.pk, by=found.here[who], at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Matching.objects.count() == 1


def test_the_lead_of_a_body_matches_rounds_of_that_body_alone() -> None:
    found = county()
    lead = found.here["cluster lead"]
    with pytest.raises(NotThere):
        run_matching(slug=SLUG, round_id=found.round.pk, by=lead, at=AT)
    ReviewRound.objects.update(body_id=lead.bodies(Permission.ROUND_RUN)[0])
    assert run_matching(slug=SLUG, round_id=found.round.pk, by=lead, at=AT).status == "optimal"


# One matching at a time


def test_two_coordinators_never_begin_two_matchings() -> None:
    found = county()
    known = {"slug": SLUG, "round_id": found.round.pk, "by": found.here["manager"]}
    begin_run(**known, at=AT)
    with pytest.raises(TeamsRefused, match="has begun a matching of this round"):
        begin_run(**known, at=AT + timedelta(minutes=1))
    begin_run(**known, at=AT + GIVEN_UP_AFTER)  # the first one's process is gone
    progress(found.round.pk, by=found.here["manager"], at=AT)("finding a first good round")
    assert MatchingWork.objects.get().says == "Finding a first good round"
    end_run(**known, at=AT, problems=["One.", "Two."])
    work = MatchingWork.objects.get()
    assert (work.running, work.says, work.problem) == (False, "", "One.\nTwo.")
    begin_run(**known, at=AT + GIVEN_UP_AFTER)
    assert MatchingWork.objects.get().problem == ""


# By hand


def test_a_change_by_hand_is_a_new_version_held_against_the_rules() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    team = teams_of(made)[urn(1, 1)]
    other = Team(team.host, team.members[1], (team.members[1], team.lead, team.members[2]))
    hand = change_by_hand(slug=SLUG, matching_id=made.pk, teams=[other], why=" She led there  lately. ", by=found.here["manager"], at=AT)
    assert (hand.number, hand.kind, hand.status, hand.after_id, hand.changes, hand.why) == (
        2,
        "by-hand",
        "checked",
        made.pk,
        1,
        "She led there lately.",
    )
    assert teams_of(hand) == teams_of(made) | {team.host: other}
    assert (hand.bound, hand.objective) == (made.bound, pytest.approx(made.objective))
    assert made.answer["teams"] == Matching.objects.get(pk=made.pk).answer["teams"]


def outsider(found: County, host: str, taken: Team) -> Team:
    """A team in which a second person of one school joins: a rule broken that anybody may read."""
    home = Reviewer.objects.get(pk=reviewer_pk(taken.members[1])).school_id
    twin = Reviewer.objects.filter(school_id=home).exclude(pk=reviewer_pk(taken.members[1])).get()
    return Team(host, taken.lead, (taken.lead, taken.members[1], reviewer_key(twin.pk)))


def test_a_change_by_hand_that_breaks_a_rule_is_refused_by_name() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    broken = outsider(found, urn(1, 1), teams_of(made)[urn(1, 1)])
    with pytest.raises(TeamsRefused) as refused:
        change_by_hand(slug=SLUG, matching_id=made.pk, teams=[broken], why="Try", by=found.here["manager"], at=AT)
    home = Reviewer.objects.get(pk=reviewer_pk(broken.members[1])).school
    assert home is not None
    assert refused.value.problems[0] == f"2 of the team that reviews Cluster 1 School 1 come from {home.name}; one may."
    assert (Matching.objects.count(), Entry.objects.filter(verb="matching.refused").count()) == (1, 0)


@pytest.mark.parametrize("whose", ["host", "person"])
def test_a_declaration_refuses_in_the_same_words_whoever_made_it(whose: str) -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    team = teams_of(made)[urn(1, 1)]
    member = Reviewer.objects.get(pk=reviewer_pk(team.members[1]))
    if whose == "host":
        Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=member.school_id, declared_at=AT)
    else:
        DeclaredInterest.objects.create(reviewer=member, school_id=urn(1, 1), kind="family", declared_at=AT)
    same = Team(team.host, team.lead, team.members)
    with pytest.raises(TeamsRefused) as refused:
        change_by_hand(slug=SLUG, matching_id=made.pk, teams=[same], why="Try", by=found.here["manager"], at=AT)
    assert refused.value.problems == (PRIVATE_BROKEN,)
    entry = Entry.objects.get(verb="matching.refused")
    assert (entry.subject_label, entry.detail, entry.urn) == ("Spring 2027: a change by hand against a private declaration", {}, "")


def test_only_the_rule_of_one_trust_is_waived_and_the_version_says_so() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    team = teams_of(made)[urn(1, 1)]
    School.objects.filter(urn__in=[urn(1, 1), Reviewer.objects.get(pk=reviewer_pk(team.lead)).school_id]).update(trust_id="T1")
    known: dict[str, Any] = {"slug": SLUG, "teams": [team], "why": "Agreed by both", "by": found.here["manager"], "at": AT}
    with pytest.raises(TeamsRefused, match="is in the same trust as Cluster 1 School 1"):
        change_by_hand(matching_id=made.pk, **known)
    hand = change_by_hand(matching_id=made.pk, waive_same_trust=True, **known)
    assert (hand.answer["waived"], hand.asked["waive"]) == (["same_trust"], ["same_trust"])
    again = change_by_hand(matching_id=hand.pk, **known)  # what was waived stays so in what follows
    assert again.answer["waived"] == ["same_trust"]


def test_of_two_coordinators_the_second_is_told_of_the_firsts_version() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    team = list(teams_of(made).values())[:1]
    change_by_hand(slug=SLUG, matching_id=made.pk, teams=team, why="First", by=found.here["manager"], at=AT)
    with pytest.raises(ChangedMeanwhile) as refused:
        change_by_hand(slug=SLUG, matching_id=made.pk, teams=team, why="Second", by=found.here["manager"], at=AT)
    assert refused.value.now == 2
    with pytest.raises(ChangedMeanwhile):
        replan_after(slug=SLUG, matching_id=made.pk, why="Second", by=found.here["manager"], at=AT)


def test_a_change_asks_for_a_reason_and_for_teams_that_are_there() -> None:
    found = county()
    made = matched(found)
    with pytest.raises(TeamsRefused, match="Say why you change it by hand"):
        change_by_hand(slug=SLUG, matching_id=made.pk, teams=[], why=" ", by=found.here["manager"], at=AT)
    with pytest.raises(NotThere):
        change_by_hand(slug=SLUG, matching_id=made.pk + 9, teams=[], why="x", by=found.here["manager"], at=AT)


# Planning again


def test_planning_again_changes_only_what_it_must() -> None:
    found = county(clusters=3, size=6)
    made = matched(found)
    gone = teams_of(made)[urn(1, 1)].members[1]
    again = replan_after(
        slug=SLUG, matching_id=made.pk, people=[reviewer_pk(gone)], why="On leave", by=found.here["manager"], at=AT,
        timer=iter((1.0, 1.5)).__next__,
    )  # fmt: skip
    served = sum(gone in team.members for team in teams_of(made).values())
    assert gone not in {member for team in teams_of(again).values() for member in team.members}
    assert (again.kind, again.status, again.seconds) == ("replanned", "optimal", 0.5)
    assert served <= (again.changes or 0) <= served + 1
    assert {host: team for host, team in teams_of(again).items() if not host.startswith("99102")} == {
        host: team for host, team in teams_of(made).items() if not host.startswith("99102")
    }


def test_a_host_that_withdrew_is_left_out_by_itself() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    RoundSchool.objects.filter(school_id=urn(1, 1)).update(withdrawn_on=AT.date())
    again = replan_after(slug=SLUG, matching_id=made.pk, hosts=[urn(1, 2)], why="Two fewer", by=found.here["manager"], at=AT)
    assert set(teams_of(again)) == {urn(1, n) for n in (3, 4, 5, 6)}
    assert again.changes == 0


def test_planning_again_where_nobody_can_says_what_clashes() -> None:
    found = county(clusters=1, size=3)
    made = matched(found, who="manager")
    assert made.status == "infeasible"  # a triad has only two other schools, and a team is three
    again = replan_after(slug=SLUG, matching_id=made.pk, why="Try", by=found.here["manager"], at=AT)
    assert (again.status, len(again.answer["infeasible"])) == ("infeasible", 1)
