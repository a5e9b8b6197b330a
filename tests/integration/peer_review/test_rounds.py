"""Rounds: planned, opened, changed by two at once, reminded, closed, withdrawn; what is wrong said with its remedy, and nothing changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import leave_post, take_out_of_body
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Body, BodySchool, Tenure
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions import answers
from convenor.peer_review.actions import rounds as actions
from convenor.peer_review.models import ReviewRound, RoundSchool
from convenor.peer_review.queries import rounds as queries
from convenor.peer_review.queries.scopes import candidates, planning, preview
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.rounds import OutOfTurnRound, RoundRefused
from convenor.peer_review.rules.states import Reach, RoundState
from convenor.peer_review.rules.ways import way
from convenor.post.models import Letter
from tests.factories.review_rounds import AT, LATER, ON, PLAN, SLUG, World, open_round, plan, reviewer, rounds_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return rounds_world()


def keep(here: World, by: str = "manager", **more: Any) -> ReviewRound:
    given = {name: more.pop(name) for name in ("pk", "version", "opens") if name in more}
    return actions.keep_round(slug=SLUG, plan=plan(**more), by=here[by], at=AT, site="https://convenor.example", **given)


def in_two_clusters(here: World) -> None:
    """Fernhollow sits in the south cluster too, as its record may have it from elsewhere: the constitution allows one."""
    body = Body.objects.get(partnership=here.partnership, key="south-cluster")
    BodySchool.objects.create(partnership=here.partnership, body=body, school_id="990001", from_on=ON)


def refused(here: World, **more: Any) -> list[tuple[str, str]]:
    """What opening this plan is refused for."""
    with pytest.raises(RoundRefused) as refusal:
        keep(here, opens=True, **more)
    assert ReviewRound.objects.count() == 0
    assert Letter.objects.count() == 0
    return [(each.field, each.message) for each in refusal.value.problems]


def test_opening_asks_every_school_of_the_scope_once(here: World) -> None:
    reviewer(here, "school leader", urn="990001")
    row = open_round(here)
    assert (row.state, row.version, row.opened_at, row.way["key"]) == ("open", 1, AT, "clusters")
    asked = RoundSchool.objects.filter(round=row).order_by("school_id").values_list("school_id", "body__key", "invited_at", "hosts")
    assert list(asked) == [
        ("990001", "north-cluster", AT, None),
        ("990002", "north-cluster", AT, None),
        ("990003", "north-cluster", AT, None),
        ("990004", "south-cluster", AT, None),
        ("990005", "south-cluster", AT, None),
        ("990006", "south-cluster", AT, None),
    ]
    letters = dict(Letter.objects.values_list("to_name", "body"))
    link = f"https://convenor.example/p/{SLUG}/reviews/rounds/{row.pk}"
    assert sorted(letters) == ["Ada Example", "Dele Stone", "Sia Brook", "Tess Moor"]
    assert letters["Ada Example"] == (
        "Dear Ada Example,\n\nA round of peer review is open, and your school is asked whether it hosts a review this time. Please answer "
        "by 27 November 2026; it takes about three minutes, and “not this time” needs no reason.\n\n"
        f"Fernhollow Primary School: {link}/answer/?school=990001\n"
    )
    assert [line for line in letters["Tess Moor"].splitlines() if "?school=" in line] == [
        f"Ashwater Primary School: {link}/answer/?school=990002",
        f"Coldbrook Academy: {link}/answer/?school=990004",
    ]
    assert letters["Sia Brook"].count(f"{link}/offer/") == 1
    assert set(Letter.objects.values_list("kind", "partnership")) == {("review-round", SLUG)}
    told = Entry.objects.filter(verb__startswith="round.").order_by("id").values_list("verb", flat=True)
    assert list(told) == ["round.drafted", "round.opened"]


def test_the_coordinators_words_are_in_no_letter(here: World) -> None:
    open_round(here, words="Inadequate rooms? Ring us.")
    assert Letter.objects.filter(body__contains="rooms").count() == 0


def test_a_round_keeps_the_way_as_it_was_opened(here: World) -> None:
    row = open_round(here, way="triads", team_size=2)
    seen = queries.round_here(SLUG, row.pk, viewer=here["head"], at=AT)
    assert seen is not None
    assert (seen.way, seen.runs, seen.follows, seen.plan.way) == (way("triads"), False, False, "triads")


def test_a_round_too_short_for_its_answers_is_refused(here: World) -> None:
    said = "That is too short for answers: give schools at least 5 working days."
    assert refused(here, answers_by_on=ON + timedelta(days=4)) == [("answers_by_on", said)]


def test_visits_before_answers_end_are_refused(here: World) -> None:
    said = "Visits would begin before answers end. Begin them later, or end answers earlier."
    assert refused(here, visits_from_on=PLAN.answers_by_on) == [("visits_from_on", said)]


def test_visits_in_the_holidays_are_refused(here: World) -> None:
    said = "There are too few school days between these two days for one visit: they lie in the holidays."
    assert refused(here, visits_from_on=date(2027, 8, 2), visits_until_on=date(2027, 8, 14)) == [("visits_from_on", said)]


def test_a_scope_without_schools_is_refused(here: World) -> None:
    said = "No member school is in this scope, so nobody would be asked. Choose a wider scope or more phases."
    assert refused(here, phases=("Nursery",)) == [("body", said)]


def test_two_rounds_of_one_name_are_refused(here: World) -> None:
    open_round(here)
    with pytest.raises(RoundRefused) as refusal:
        keep(here, name=" spring 2027 ")
    said = "There is a round called “spring 2027” already. Give this one another name."
    assert [(each.field, each.message) for each in refusal.value.problems] == [("name", said)]
    assert ReviewRound.objects.count() == 1


def test_a_school_in_two_clusters_waits_for_the_coordinators_word(here: World) -> None:
    in_two_clusters(here)
    said = "Fernhollow Primary School sits in North cluster and South cluster. Say in which of them it takes part in this round."
    assert refused(here, reach=Reach.CLUSTER) == [("placed", said)]
    row = keep(here, reach=Reach.CLUSTER, placed={"990001": "south-cluster"}, opens=True)
    assert RoundSchool.objects.get(round=row, school_id="990001").body.key == "south-cluster"
    assert RoundSchool.objects.filter(round=row, school_id="990001").count() == 1


def test_a_school_in_two_clusters_counts_once_where_teams_come_from_anywhere(here: World) -> None:
    in_two_clusters(here)
    row = open_round(here)
    assert RoundSchool.objects.get(round=row, school_id="990001").body.key == "north-cluster"


def test_a_draft_may_be_unfinished_and_asks_nobody(here: World) -> None:
    row = keep(here, phases=("Nursery",), answers_by_on=ON)
    assert (row.state, RoundSchool.objects.count(), Letter.objects.count()) == ("draft", 0, 0)
    assert queries.round_here(SLUG, row.pk, viewer=here["head"], at=AT) is None
    assert queries.rounds(viewer=here["head"], at=AT) == ()
    assert [each.round.pk for each in queries.rounds(viewer=here["manager"], at=AT)] == [row.pk]
    opened = actions.keep_round(slug=SLUG, plan=PLAN, by=here["manager"], at=AT, pk=row.pk, version=1, opens=True)
    assert (opened.pk, opened.state, opened.version) == (row.pk, "open", 2)


def test_a_draft_is_opened_as_it_stands(here: World) -> None:
    row = keep(here)
    assert actions.open_round(slug=SLUG, pk=row.pk, version=1, by=here["manager"], at=AT).state == "open"
    with pytest.raises(OutOfTurnRound):
        actions.open_round(slug=SLUG, pk=row.pk, version=2, by=here["manager"], at=AT)


def test_of_two_coordinators_the_second_is_told_what_the_first_changed(here: World) -> None:
    row = open_round(here)
    keep(here, by="manager", pk=row.pk, version=1, answers_by_on=date(2026, 12, 4))
    with pytest.raises(ChangedMeanwhile) as refusal:
        keep(here, pk=row.pk, version=1, words="Bring two questions.")
    assert str(refusal.value) == (
        "Mara Hollis, partnership manager, Fernshire Education Partnership changed this round while you had it open. Where yours differs, "
        "it now says: answers by: 4 December 2026; your words: Bring your question.. Nothing of yours was saved: it still stands below. "
        "Look at both, then save again."
    )
    row.refresh_from_db()
    assert (row.version, row.words, row.answers_by_on) == (2, "Bring your question.", date(2026, 12, 4))
    keep(here, pk=row.pk, version=2, words="Bring two questions.", answers_by_on=date(2026, 12, 4))
    row.refresh_from_db()
    assert (row.version, row.words) == (3, "Bring two questions.")


def test_whom_an_open_round_asks_stays_as_it_was(here: World) -> None:
    row = open_round(here)
    with pytest.raises(RoundRefused) as refusal:
        keep(here, pk=row.pk, version=1, phases=("Primary",), way="triads")
    assert [each.field for each in refusal.value.problems] == ["way", "phases"]


def test_once_teams_are_published_only_the_last_day_and_the_words_change(here: World) -> None:
    row = open_round(here)
    ReviewRound.objects.filter(pk=row.pk).update(state=RoundState.PUBLISHED.value)
    with pytest.raises(RoundRefused):
        keep(here, pk=row.pk, version=1, team_size=2)
    keep(here, pk=row.pk, version=1, visits_until_on=date(2027, 4, 1))
    row.refresh_from_db()
    assert (row.visits_until_on, row.version) == (date(2027, 4, 1), 2)
    actions.end_round(slug=SLUG, pk=row.pk, version=2, by=here["manager"], at=LATER)
    with pytest.raises(RoundRefused):
        keep(here, pk=row.pk, version=3, words="Again")


def test_the_lead_of_a_body_runs_rounds_of_that_body_alone(here: World) -> None:
    row = keep(here, by="cluster lead", body="north-cluster", opens=True)
    assert list(row.schools.order_by("school_id").values_list("school_id", flat=True)) == ["990001", "990002", "990003"]
    for body in ("", "south-cluster"):
        with pytest.raises(NotAllowed):
            keep(here, by="cluster lead", body=body, name=f"Another {body}")
    whole = open_round(here, name="The whole county")
    for refuse in ("cluster lead", "head", "board member", "broker", "somebody with no post"):
        with pytest.raises(NotAllowed):
            actions.close_answers(slug=SLUG, pk=whole.pk, version=1, by=here[refuse], at=AT)


def test_what_is_not_there_is_not_there(here: World) -> None:
    with pytest.raises(NotThere):
        actions.remind(slug=SLUG, pk=1, by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        actions.open_round(slug=SLUG, pk=1, version=1, by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        keep(here, body="west-cluster")
    with pytest.raises(RoundRefused):
        keep(here, way="../settings")


def test_a_reminder_goes_to_those_not_yet_heard_from_and_not_within_a_week(here: World) -> None:
    reviewer(here, "school leader", urn="990001")
    row = open_round(here)
    answers.answer_round(slug=SLUG, pk=row.pk, urn="990005", hosts=False, by=here["other head"], at=AT)
    with pytest.raises(RoundRefused):
        actions.remind(slug=SLUG, pk=row.pk, by=here["manager"], at=AT + timedelta(days=6))
    before = Letter.objects.count()
    assert actions.remind(slug=SLUG, pk=row.pk, by=here["manager"], at=LATER) == (2, 1)
    assert Letter.objects.count() == before + 3
    assert set(RoundSchool.objects.filter(reminded_at=LATER).values_list("school_id", flat=True)) == {
        "990001", "990002", "990003", "990004", "990006",
    }  # fmt: skip
    with pytest.raises(RoundRefused):
        actions.remind(slug=SLUG, pk=row.pk, by=here["manager"], at=LATER + timedelta(days=1))


def test_answers_close_and_open_again_until_teams_are_published(here: World) -> None:
    row = open_round(here)
    with pytest.raises(RoundRefused, match=r"^No school hosts yet"):
        actions.close_answers(slug=SLUG, pk=row.pk, version=1, by=here["manager"], at=LATER)
    answers.answer_round(slug=SLUG, pk=row.pk, urn="990005", hosts=True, by=here["other head"], at=AT)
    with pytest.raises(ChangedMeanwhile):
        actions.close_answers(slug=SLUG, pk=row.pk, version=7, by=here["manager"], at=LATER)
    assert actions.close_answers(slug=SLUG, pk=row.pk, version=1, by=here["manager"], at=LATER).state == "matching"
    with pytest.raises(RoundRefused, match=r"^Only while a round is open"):
        actions.remind(slug=SLUG, pk=row.pk, by=here["manager"], at=LATER)
    assert actions.reopen_answers(slug=SLUG, pk=row.pk, version=2, by=here["manager"], at=LATER).state == "open"
    with pytest.raises(OutOfTurnRound):
        actions.end_round(slug=SLUG, pk=row.pk, version=3, by=here["manager"], at=LATER)


def test_a_draft_is_not_opened_by_taking_answers_again(here: World) -> None:
    row = keep(here)
    with pytest.raises(RoundRefused, match=r"^This round is a draft"):
        actions.reopen_answers(slug=SLUG, pk=row.pk, version=1, by=here["manager"], at=AT)
    assert actions.withdraw_round(slug=SLUG, pk=row.pk, version=1, why="", by=here["manager"], at=AT).state == "withdrawn"
    assert Letter.objects.count() == 0


def test_a_round_is_withdrawn_with_a_reason_that_its_schools_read(here: World) -> None:
    row = open_round(here)
    with pytest.raises(RoundRefused):
        actions.withdraw_round(slug=SLUG, pk=row.pk, version=1, why="  ", by=here["manager"], at=LATER)
    before = Letter.objects.count()
    actions.withdraw_round(slug=SLUG, pk=row.pk, version=1, why="Snow, and two mergers.", by=here["manager"], at=LATER)
    seen = queries.round_here(SLUG, row.pk, viewer=here["head"], at=LATER)
    assert seen is not None
    assert (seen.state, seen.ended_why, seen.ended_on) == (RoundState.WITHDRAWN, "Snow, and two mergers.", LATER.date())
    assert Letter.objects.count() == before + 3
    assert Letter.objects.filter(body__contains="mergers").count() == 0


def test_a_school_without_a_head_is_reached_by_another_of_its_leaders(here: World) -> None:
    for tenure in Tenure.objects.filter(person=here.people["head"], post__role="head"):
        leave_post(slug=SLUG, tenure_id=tenure.pk, until_on=ON, by="the test", at=AT)
    open_round(here, body="north-cluster")
    assert sorted(Letter.objects.values_list("to_name", flat=True)) == ["Gwen Ford", "Tess Moor"]


def test_schools_moved_between_clusters_are_placed_again_by_a_change(here: World) -> None:
    in_two_clusters(here)
    row = keep(here, reach=Reach.CLUSTER, placed={"990001": "south-cluster"}, opens=True)
    keep(here, pk=row.pk, version=1, reach=Reach.CLUSTER, placed={"990001": "north-cluster"})
    assert RoundSchool.objects.get(round=row, school_id="990001").body.key == "north-cluster"


def test_planning_begins_with_what_is_usual(here: World) -> None:
    usual = planning(viewer=here["manager"], at=AT)
    assert usual is not None
    assert [key for key, _ in usual.scopes] == ["", "alliance", "north-cluster", "south-cluster"]
    assert (usual.phases, usual.usual.name) == (("Primary", "Secondary", "Special"), "Peer review 2026/27")
    assert (usual.usual.answers_by_on, usual.usual.visits_from_on) == (date(2026, 11, 23), date(2026, 12, 14))
    lead = planning(viewer=here["cluster lead"], at=AT)
    assert lead is not None
    assert (lead.scopes, lead.usual.body) == ((("north-cluster", "North cluster"),), "north-cluster")
    assert planning(viewer=here["head"], at=AT) is None


def test_a_preview_says_whom_a_plan_asks_and_what_to_know(here: World) -> None:
    seen = preview(plan(reach=Reach.CLUSTER, phases=("Primary", "Special")), viewer=here["manager"], at=AT)
    assert seen.by_cluster == (("North cluster", 3), ("South cluster", 1))
    assert seen.problems == ()
    assert [each.split(":")[0] for each in seen.warnings] == [
        "Fewer than 3 schools in South cluster", "Nobody has entered the terms of 2026-27",
    ]  # fmt: skip


def test_candidates_of_an_alliance_are_those_of_its_clusters(here: World) -> None:
    found = candidates("alliance", viewer=here["manager"], on=ON)
    assert [(each.urn, each.clusters) for each in found][:2] == [
        ("990002", (("north-cluster", "alliance"),)), ("990003", (("north-cluster", "alliance"),)),
    ]  # fmt: skip
    assert len(found) == 6
    assert candidates("board", viewer=here["manager"], on=ON) == found


def test_a_school_in_no_cluster_is_named_and_not_asked(here: World) -> None:
    take_out_of_body(slug=SLUG, urn="990006", body="south-cluster", until_on=ON, by="the test", at=AT)
    row = keep(here, reach=Reach.CLUSTER, opens=True)
    assert row.schools.count() == 5
    seen = preview(plan(reach=Reach.CLUSTER, name="Next"), viewer=here["manager"], at=AT)
    assert seen.warnings[0] == "1 in no cluster, and so not asked: Elmscar School. Place them first, or choose a wider reach."
    assert preview(plan(name="Next"), viewer=here["manager"], at=AT).asked.schools == 6


def test_numbers_tell_what_is_needed_and_what_is_offered(here: World) -> None:
    lead = reviewer(here, "school leader", urn="990001", can_lead=True)
    fresh = reviewer(here, "reviewer", trained=False)
    row = open_round(here)
    answers.answer_round(slug=SLUG, pk=row.pk, urn="990005", hosts=True, by=here["other head"], at=AT)
    answers.answer_round(slug=SLUG, pk=row.pk, urn="990001", hosts=False, by=here["head"], at=AT)
    answers.offer_reviews(slug=SLUG, pk=row.pk, reviewer_id=lead.pk, reviews=2, by=here["school leader"], at=AT)
    answers.offer_reviews(slug=SLUG, pk=row.pk, reviewer_id=fresh.pk, reviews=3, by=here["reviewer"], at=AT)
    seen = queries.round_here(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert seen is not None
    schools = queries.asked_schools(seen, viewer=here["manager"], at=AT)
    offered = queries.offers(seen, viewer=here["manager"], at=AT)
    told = queries.numbers(seen, schools, offered, viewer=here["manager"])
    assert (told.asked, told.answered, told.hosting, told.needed, told.offered) == (6, 2, 1, 3, 2)
    assert (told.leads_needed, told.leads_offered, told.reviewers, told.reviewers_answered, told.untrained_offers) == (1, 2, 2, 2, 1)
    assert told.short == ("Teams need 3 places; 2 reviews are offered.",)


def test_who_sees_who_answered(here: World) -> None:
    row = open_round(here)
    seen = {}
    for who in here.viewers:
        found = queries.round_here(SLUG, row.pk, viewer=here[who], at=AT)
        seen[who] = [each.urn for each in queries.asked_schools(found, viewer=here[who], at=AT)] if found else None
        assert queries.offers(found, viewer=here[who], at=AT) == () if found else True
    assert {who for who, each in seen.items() if each is None} == {"somebody with no post"}
    assert {who: len(each) for who, each in seen.items() if each} == {"manager": 6, "cluster lead": 3, "alliance lead": 6}
