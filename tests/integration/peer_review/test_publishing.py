"""Teams published, changed afterwards, somebody who leaves, and the champion: what comes of each, and what is told to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.actions.matching import (
    change_by_hand,
    replan_after,
    run_matching,
)
from convenor.peer_review.actions.publishing import drop_out, name_champion, publish_teams
from convenor.peer_review.models import (
    Matching,
    Objection,
    PeerReview,
    Reviewer,
    ReviewRound,
    ReviewStep,
    RoundOffer,
    RoundSchool,
    TeamMember,
)
from convenor.peer_review.rules.matching import Team
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
        Objection.objects.create(
            partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=str(member.school_id), declared_at=AT
        )
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
