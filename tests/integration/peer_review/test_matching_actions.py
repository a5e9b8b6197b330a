"""Teams proposed, changed by hand, planned again and published: what comes of each, who is refused, and what is told to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.actions.matching import (
    GIVEN_UP_AFTER,
    begin_run,
    change_by_hand,
    end_run,
    progress,
    replan_after,
    run_matching,
)
from convenor.peer_review.actions.publishing import drop_out, name_champion, publish_teams
from convenor.peer_review.models import (
    DeclaredInterest,
    Matching,
    MatchingWork,
    Objection,
    PeerReview,
    Reviewer,
    ReviewRound,
    ReviewStep,
    RoundOffer,
    RoundSchool,
    TeamMember,
)
from convenor.peer_review.rules import teams as teams_module
from convenor.peer_review.rules.matching import Team, UndecidedError
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import Part, RoundState, State, Step
from convenor.peer_review.rules.team_words import PRIVATE_BROKEN
from convenor.peer_review.rules.teams import TeamsRefused, reviewer_key, reviewer_pk, team_from
from convenor.post.models import Letter
from convenor.registers.models import School
from tests.factories.partnership import ON, someone
from tests.factories.review_matching import AT, SLUG, County, county, urn

pytestmark = pytest.mark.django_db


def matched(found: County, who: str = "manager", **more: Any) -> Matching:
    return run_matching(slug=SLUG, round_id=found.round.pk, by=found.here[who], at=AT, **more)


def published(found: County) -> tuple[Matching, list[PeerReview]]:
    made = matched(found)
    return made, publish_teams(slug=SLUG, matching_id=made.pk, by=found.here["manager"], at=AT)


def teams_of(made: Matching) -> dict[str, Team]:
    return {each["host"]: team_from(each) for each in made.answer["teams"]}


def now(found: County) -> dict[str, set[tuple[str, str]]]:
    """Who is on each review's team today, by host: (person, part)."""
    rows = TeamMember.objects.filter(review__round=found.round, left_on=None)
    said: dict[str, set[tuple[str, str]]] = {}
    for host, name, part in rows.values_list("review__school_id", "reviewer__person__name", "part"):
        said.setdefault(host, set()).add((name, part))
    return said


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


# Publishing


def test_publishing_makes_a_review_for_every_host_with_its_team() -> None:
    found = county(clusters=2, size=5)
    made, rows = published(found)
    assert [(each.school_id, each.state) for each in rows] == [(urn(c, s), "draft") for c in (1, 2) for s in range(1, 6)]
    for host, team in teams_of(made).items():
        members = TeamMember.objects.filter(review__school_id=host).exclude(part="champion")
        assert {(reviewer_key(each.reviewer_id), each.part) for each in members} == {
            (member, "lead" if member == team.lead else "reviewer") for member in team.members
        }
        assert [each.why[0] for each in members.filter(part="lead")] == [f"You lead the review of {School.objects.get(urn=host).name}."]
    champions = TeamMember.objects.filter(part="champion")
    assert champions.count() == 10
    assert [each for each in champions if reviewer_key(each.reviewer_id) == teams_of(made)[each.review.school_id].lead] == []
    row = ReviewRound.objects.get(pk=found.round.pk)
    assert (row.state, row.published_at, row.version) == ("published", AT, found.round.version + 1)
    assert Matching.objects.get(pk=made.pk).published_at == AT
    entry = Entry.objects.get(verb="teams.published")
    assert (entry.subject_label, entry.detail) == ("Spring 2027, teams 1", {"reviews": 10})


def test_everybody_concerned_gets_one_letter_that_says_nothing() -> None:
    found = county(clusters=1, size=5)
    take_post(
        slug=SLUG, role="head", title="Headteacher", person_id=someone("Hal Host").pk, from_on=ON, by="the test", at=AT, urn=urn(1, 1)
    )
    Letter.objects.all().delete()
    published(found)
    members = set(TeamMember.objects.values_list("reviewer__person__name", flat=True))
    assert sorted(Letter.objects.values_list("to_name", flat=True)) == sorted(members | {"Hal Host"})
    assert set(Letter.objects.values_list("subject", "partnership")) == {("There is something for you in Convenor", "")}
    said = " ".join(Letter.objects.values_list("body", flat=True))
    assert [name for name in ("School", "Cluster", "review", "team") if name in said] == []


def test_publishing_twice_changes_nothing() -> None:
    found = county()
    made, first = published(found)
    letters, parts = Letter.objects.count(), TeamMember.objects.count()
    again = publish_teams(slug=SLUG, matching_id=made.pk, by=found.here["manager"], at=AT + timedelta(hours=1))
    assert ([each.pk for each in again], Letter.objects.count(), TeamMember.objects.count()) == (
        [each.pk for each in first],
        letters,
        parts,
    )


def test_an_older_version_is_not_published_over_a_newer() -> None:
    found = county()
    older = matched(found)
    newer = matched(found)
    with pytest.raises(AlreadyThere, match="number 2"):
        publish_teams(slug=SLUG, matching_id=older.pk, by=found.here["manager"], at=AT)
    publish_teams(slug=SLUG, matching_id=newer.pk, by=found.here["manager"], at=AT)
    with pytest.raises(AlreadyThere):
        publish_teams(slug=SLUG, matching_id=older.pk, by=found.here["manager"], at=AT)


def test_teams_wait_until_the_answers_are_closed() -> None:
    found = county()
    ReviewRound.objects.update(state=RoundState.OPEN.value)
    with pytest.raises(TeamsRefused, match="Close the answers first"):
        published(found)


def test_no_teams_are_not_published() -> None:
    with pytest.raises(TeamsRefused, match="no teams yet for every school"):
        published(county(clusters=1, size=3))


@pytest.mark.parametrize("what", ["host", "offer", "objection"])
def test_what_changed_since_is_heard_before_publishing(what: str) -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    team = teams_of(made)[urn(1, 1)]
    member = Reviewer.objects.get(pk=reviewer_pk(team.members[1]))
    if what == "host":
        RoundSchool.objects.filter(school_id=urn(1, 1)).update(withdrawn_on=AT.date())
    elif what == "offer":
        RoundOffer.objects.filter(reviewer=member).update(withdrawn_on=AT.date())
    else:
        Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=member.school_id, declared_at=AT)
    with pytest.raises(TeamsRefused) as refused:
        publish_teams(slug=SLUG, matching_id=made.pk, by=found.here["manager"], at=AT)
    assert refused.value.problems[0] == "Something has changed since these teams were made. Plan again."
    assert (
        refused.value.problems[1:]
        == {
            "host": ("Cluster 1 School 1 hosts no review in this round.",),
            "offer": refused.value.problems[1:],
            "objection": (PRIVATE_BROKEN,),
        }[what]
    )
    assert (PeerReview.objects.count(), ReviewRound.objects.get().state) == (0, "matching")
    again = replan_after(slug=SLUG, matching_id=made.pk, why="As it is now", by=found.here["manager"], at=AT)
    assert len(publish_teams(slug=SLUG, matching_id=again.pk, by=found.here["manager"], at=AT)) == (5 if what == "host" else 6)


def test_a_way_without_champions_names_none() -> None:
    found = county(clusters=1, size=5)
    ReviewRound.objects.update(way=found.round.way | {"champion": False})
    published(found)
    assert TeamMember.objects.filter(part="champion").count() == 0


# After publishing


def test_a_change_by_hand_reaches_only_the_review_it_concerns() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    before, team = now(found), teams_of(made)[urn(1, 1)]
    Letter.objects.all().delete()
    other = Team(team.host, team.members[1], (team.members[1], team.lead, team.members[2]))
    hand = change_by_hand(slug=SLUG, matching_id=made.pk, teams=[other], why="Better so", by=found.here["manager"], at=AT)
    publish_teams(slug=SLUG, matching_id=hand.pk, by=found.here["manager"], at=AT)
    after = now(found)
    assert {host for host in after if after[host] != before[host]} == {urn(1, 1)}
    assert {name for name, part in after[urn(1, 1)] if part == "lead"} == {Reviewer.objects.get(pk=reviewer_pk(other.lead)).person.name}
    step = ReviewStep.objects.get()
    assert (step.review_id, step.step, step.state, step.why) == (rows[0].pk, Step.TEAM_CHANGED.value, "draft", "")
    assert Letter.objects.count() >= 2


def test_the_team_of_a_visit_that_has_begun_stays() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    PeerReview.objects.filter(pk=rows[0].pk).update(state=State.ON_SITE.value)
    team = teams_of(made)[urn(1, 1)]
    known: dict[str, Any] = {"slug": SLUG, "by": found.here["manager"], "at": AT}
    with pytest.raises(TeamsRefused, match="That visit has begun"):
        change_by_hand(matching_id=made.pk, teams=[team], why="x", **known)
    before = now(found)
    again = replan_after(matching_id=made.pk, people=[reviewer_pk(team.lead)], why="Away", **known)
    publish_teams(matching_id=again.pk, **known)
    after = now(found)
    assert after[urn(1, 1)] == before[urn(1, 1)]
    name = Reviewer.objects.get(pk=reviewer_pk(team.lead)).person.name
    assert [
        host for host, members in after.items() if host != urn(1, 1) and name in {who for who, part in members if part != "champion"}
    ] == []
    with pytest.raises(TeamsRefused, match="visit has begun or that review has ended"):
        drop_out(review_id=rows[0].pk, reviewer_id=reviewer_pk(team.lead), why="Ill", **known)


def test_somebody_drops_out_and_the_fewest_places_change() -> None:
    found = county(clusters=2, size=6)
    made, rows = published(found)
    team, before = teams_of(made)[urn(1, 1)], now(found)
    Letter.objects.all().delete()
    out = drop_out(
        slug=SLUG, review_id=rows[0].pk, reviewer_id=reviewer_pk(team.members[1]), why="Broke a leg", by=found.here["manager"], at=AT
    )
    assert (out.short, out.matching.number, out.matching.kind, out.matching.published_at) == ((), 2, "replanned", AT)
    assert 1 <= out.changes <= 3
    gone = Reviewer.objects.get(pk=reviewer_pk(team.members[1])).person.name
    after = now(found)
    assert gone not in {name for name, part in after[urn(1, 1)] if part != "champion"}
    assert sum(part != "champion" for _, part in after[urn(1, 1)]) == 3
    assert {host: after[host] for host in after if host.startswith("99104")} == {
        host: before[host] for host in before if host.startswith("99104")
    }
    left = TeamMember.objects.get(review=rows[0], reviewer__person__name=gone, part="reviewer")
    assert (left.left_on, left.left_why) == (AT.date(), "Broke a leg")
    others = TeamMember.objects.exclude(left_on=None).exclude(pk=left.pk).exclude(reviewer=left.reviewer)
    assert set(others.values_list("left_why", flat=True)) <= {""}
    assert "Broke a leg" not in " ".join(map(str, Entry.objects.values_list("why", "detail", "subject_label")))
    assert Letter.objects.count() >= 2


def test_who_left_a_team_is_not_put_back_when_it_is_planned_again() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    team = teams_of(made)[urn(1, 1)]
    known: dict[str, Any] = {"slug": SLUG, "by": found.here["manager"], "at": AT}
    out = drop_out(review_id=rows[0].pk, reviewer_id=reviewer_pk(team.lead), why="Cannot", **known)
    again = replan_after(
        matching_id=out.matching.pk, people=[reviewer_pk(each) for each in teams_of(out.matching)[urn(1, 1)].members[1:]], why="Two more",
        **known,
    )  # fmt: skip
    assert again.status == "optimal"
    assert team.lead not in teams_of(again)[urn(1, 1)].members


def test_who_leaves_altogether_is_on_no_team_any_more() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    lead = teams_of(made)[urn(1, 1)].lead
    name = Reviewer.objects.get(pk=reviewer_pk(lead)).person.name
    out = drop_out(
        slug=SLUG,
        review_id=rows[0].pk,
        reviewer_id=reviewer_pk(lead),
        why="Left the county",
        by=found.here["manager"],
        at=AT,
        altogether=True,
    )
    assert out.short == ()
    assert name not in {who for members in now(found).values() for who, part in members if part != "champion"}


def test_where_nobody_can_take_the_place_the_team_is_short_and_says_so() -> None:
    found = county(clusters=1, size=4, people=1)
    RoundOffer.objects.update(reviews=3)
    made, rows = published(found)
    team = teams_of(made)[urn(1, 1)]
    before = now(found)
    out = drop_out(slug=SLUG, review_id=rows[0].pk, reviewer_id=reviewer_pk(team.lead), why="Ill", by=found.here["manager"], at=AT)
    assert (out.short, out.matching.status, out.matching.answer["short"]) == ((urn(1, 1),), "infeasible", [urn(1, 1)])
    after = now(found)
    assert {
        host for host in after if {m for m in after[host] if m[1] != "champion"} != {m for m in before[host] if m[1] != "champion"}
    } == {urn(1, 1)}
    assert "lead" not in {part for _, part in after[urn(1, 1)]}


def test_a_drop_out_is_refused_for_whoever_is_not_on_the_team_or_before_publishing() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    on = {reviewer_pk(each) for each in teams_of(made)[urn(1, 1)].members}
    stranger = Reviewer.objects.filter(school__urn__startswith="9910").exclude(pk__in=on).values_list("pk", flat=True)[0]
    known: dict[str, Any] = {"slug": SLUG, "why": "x", "by": found.here["manager"], "at": AT}
    with pytest.raises(TeamsRefused, match="not on that team"):
        drop_out(review_id=rows[0].pk, reviewer_id=stranger, **known)
    with pytest.raises(NotThere):
        drop_out(review_id=rows[-1].pk + 99, reviewer_id=stranger, **known)
    with pytest.raises(TeamsRefused, match="Say why they leave"):
        drop_out(review_id=rows[0].pk, reviewer_id=stranger, **known | {"why": ""})
    ReviewRound.objects.update(state=RoundState.MATCHING.value)
    with pytest.raises(TeamsRefused, match="not published"):
        drop_out(review_id=rows[0].pk, reviewer_id=min(on), **known)


def test_a_school_that_became_another_keeps_its_team() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    PeerReview.objects.filter(pk=rows[0].pk).update(school_id="990001")
    lead = reviewer_pk(teams_of(made)[urn(1, 1)].lead)
    with pytest.raises(TeamsRefused, match="no longer the one that answered"):
        drop_out(slug=SLUG, review_id=rows[0].pk, reviewer_id=lead, why="x", by=found.here["manager"], at=AT)


def test_a_withdrawn_review_frees_its_team_and_changes_nobody_elses() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    before = now(found)
    PeerReview.objects.filter(pk=rows[0].pk).update(state=State.WITHDRAWN.value)
    again = replan_after(slug=SLUG, matching_id=made.pk, why="One fewer", by=found.here["manager"], at=AT)
    assert again.changes == 0
    publish_teams(slug=SLUG, matching_id=again.pk, by=found.here["manager"], at=AT)
    assert now(found) == before


# Champions


def test_a_coordinator_names_another_champion_who_did_not_lead() -> None:
    found = county(clusters=1, size=6)
    made, rows = published(found)
    team = teams_of(made)[urn(1, 1)]
    old = TeamMember.objects.get(review=rows[0], part="champion")
    able = Reviewer.objects.filter(can_champion=True, school__urn__startswith="9910").exclude(
        pk__in=[reviewer_pk(team.lead), old.reviewer_id]
    )
    new = able.exclude(school_id=urn(1, 1))[0]
    known: dict[str, Any] = {"slug": SLUG, "review_id": rows[0].pk, "by": found.here["manager"], "at": AT}
    made_row = name_champion(reviewer_id=new.pk, **known)
    old.refresh_from_db()
    assert (old.left_on, made_row.part, made_row.reviewer_id) == (AT.date(), Part.CHAMPION.value, new.pk)
    for wrong in (reviewer_pk(team.lead), found.reviewer(1, 1, 1).pk, found.reviewer(1, 2, 2).pk):
        with pytest.raises(TeamsRefused, match="cannot lead this workshop"):
            name_champion(reviewer_id=wrong, **known)
    PeerReview.objects.filter(pk=rows[0].pk).update(state=State.CLOSED.value)
    with pytest.raises(TeamsRefused, match="has ended"):
        name_champion(reviewer_id=new.pk, **known)
    with pytest.raises(NotThere):
        name_champion(reviewer_id=new.pk, **known | {"review_id": 99_999})


def test_a_viewer_of_another_partnership_finds_nothing() -> None:
    found = county()
    made = matched(found)
    nobody = viewer_for(someone("Nell Elsewhere"), on=ON)
    with pytest.raises(NotAllowed):
        publish_teams(slug=SLUG, matching_id=made.pk, by=nobody, at=AT)
    with pytest.raises(NotAllowed):
        publish_teams(slug="elsewhere", matching_id=made.pk, by=found.here["manager"], at=AT)
