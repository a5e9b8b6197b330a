"""What peer review adds to homes, to School-at-a-glance and to what is held about a school: for those who take part, and nobody else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from convenor.intelligence import actions as early
from convenor.intelligence.rules.conversation import Outcome, ReplyKind
from convenor.partnership.gate import ANYONE, navigation, viewer_for
from convenor.partnership.models import Partnership
from convenor.peer_review.models import (
    AccuracyReply,
    Activity,
    Expectation,
    Grant,
    PeerReview,
    Report,
    ReviewRound,
    RoundOffer,
    RoundSchool,
)
from convenor.peer_review.queries.reviews_home import reviews_home
from convenor.peer_review.queries.reviews_of_school import held_reviews, reviews_of_school
from convenor.peer_review.queries.turns import followed_turns, own_turns
from convenor.peer_review.queries.waiting import as_coordinator, mine
from convenor.peer_review.rules.states import RoundState, State
from convenor.web.review_parts import coordinator_things, engine_door, next_round, personal_things
from convenor.web.todo import Weight, choose
from tests.factories.partnership import SLUG, World
from tests.factories.peer_review import AT, HOST, MOMENTS, SECRETS, after, review, review_round, reviewers, reviewing
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return reviewing()


def open_round(here: World, **more: Any) -> ReviewRound:
    """A round of spring 2027 that asks all six schools, open until 29 January."""
    row = review_round(
        here, name="Spring 2027", state=RoundState.OPEN.value, published_at=None, answers_by_on=date(2027, 1, 29),
        visits_from_on=date(2027, 3, 1), visits_until_on=date(2027, 4, 3), **more,
    )  # fmt: skip
    for n in range(1, 7):
        RoundSchool.objects.create(round=row, school_id=f"99000{n}", invited_at=MOMENTS[State.DRAFT])
    return row


def things(here: World, who: str, at: datetime | date, urns: tuple[str, ...] = (HOST,)) -> list[str]:
    """The titles of what waits for somebody."""
    found, _ = personal_things(here[who], at if not isinstance(at, datetime) else at.date(), urns)
    return [each.title for each in found]


def page(here: World, who: str, path: str, at: datetime) -> Any:
    """A page as somebody gets it at a moment."""
    with patch("django.utils.timezone.now", return_value=at):
        client = signed_in(here.people[who], code=True) if who else Client()
        return client.get(path)


def body(answer: Any) -> str:
    return str(answer.content.decode().split("<main")[1].split("</main>")[0])


def test_head_is_asked_once_whether_to_host(here: World) -> None:
    row = open_round(here)
    assert things(here, "head", date(2027, 1, 10)) == ["Say whether you host a peer review: Spring 2027"]
    [thing], _ = personal_things(here["head"], date(2027, 1, 10), (HOST,))
    assert (thing.weight, thing.by_on, thing.minutes, thing.delegable) == (Weight.DATED, date(2027, 1, 29), 2, False)
    RoundSchool.objects.filter(round=row, school_id=HOST).update(hosts=False, answered_at=MOMENTS[State.DRAFT])
    assert things(here, "head", date(2027, 1, 10)) == []


def test_round_that_closed_its_answers_asks_nobody(here: World) -> None:
    row = open_round(here)
    assert things(here, "head", date(2027, 2, 12)) == ["Say whether you host a peer review: Spring 2027"]
    assert things(here, "head", date(2027, 2, 13)) == []
    ReviewRound.objects.filter(pk=row.pk).update(state=RoundState.MATCHING.value)
    assert things(here, "head", date(2027, 1, 10)) == []


def test_reviewers_are_asked_what_they_offer_where_their_school_is_asked_or_they_are_independent(here: World) -> None:
    row, team = open_round(here), reviewers(here)
    asked = "Say how many reviews you could do: Spring 2027"
    on = date(2027, 1, 10)
    assert [things(here, who, on, ()) for who in ("lead", "second", "champion")] == [[asked], [asked], [asked]]
    RoundOffer.objects.create(round=row, reviewer=team["champion"], reviews=0, answered_at=MOMENTS[State.DRAFT])
    RoundSchool.objects.filter(round=row, school_id="990003").delete()
    assert [things(here, who, on, ()) for who in ("lead", "second", "champion", "head")] == [[asked], [], [], []]


HOSTS = {
    State.SCHEDULED: "Say what the team should look into",
    State.FOCUS_AGREED: "Share your self-review with the team",
    State.REPORT_DRAFT: "Check the facts in the draft report",
    State.WORKSHOP_DONE: "Agree one to three priorities",
    State.IMPACT_REVIEWED: "Say how the review ends",
}


@pytest.mark.parametrize("state", list(HOSTS))
def test_host_is_told_what_to_do_next(here: World, state: State) -> None:
    review(here, until=state)
    assert things(here, "head", MOMENTS[state])[0] == HOSTS[state]
    assert things(here, "school leader", MOMENTS[state])[0] == HOSTS[state]


TEAM = {
    State.DATA_SHARED: (date(2026, 12, 1), "lead", "Begin the visit"),
    State.ON_SITE: (date(2026, 12, 2), "lead", "Note that you told the school what you found"),
    State.FED_BACK: (date(2026, 12, 3), "lead", "Write the draft report"),
    State.REPORT_FINAL: (date(2026, 12, 12), "champion", "Lead the improvement workshop"),
    State.ACTIONS_AGREED: (date(2027, 5, 10), "lead", "Go back to see what has changed"),
}


@pytest.mark.parametrize("state", list(TEAM))
def test_team_is_told_what_to_do_next(here: World, state: State) -> None:
    review(here, until=state)
    on, who, title = TEAM[state]
    assert things(here, who, on, ()) == [title]
    assert things(here, "second", on, ()) == []


def test_visit_begins_on_its_first_day_and_the_impact_visit_a_month_before_its_own(here: World) -> None:
    row = review(here, until=State.DATA_SHARED, expectations=True)
    assert things(here, "lead", date(2026, 11, 30), ()) == []
    PeerReview.objects.filter(pk=row.pk).update(state=State.ACTIONS_AGREED.value)
    assert (things(here, "lead", date(2027, 5, 2), ()), things(here, "lead", date(2027, 5, 3), ())) == (
        [],
        ["Go back to see what has changed"],
    )


def test_host_and_team_are_asked_for_what_they_expect_in_the_weeks_before(here: World) -> None:
    row = review(here, until=State.DATA_SHARED)
    on = date(2026, 11, 20)
    assert things(here, "head", on) == ["Name three things you expect to be found"]
    assert things(here, "second", on, ()) == ["Name three things you expect at Fernhollow Primary School"]
    Expectation.objects.create(review=row, side="host", findings=[], named_at=MOMENTS[State.DATA_SHARED], by=here.people["head"])
    assert (things(here, "head", on), things(here, "second", on, ())) == ([], ["Name three things you expect at Fernhollow Primary School"])
    assert (things(here, "second", date(2026, 11, 9), ()), things(here, "second", date(2026, 12, 1), ())) == ([], [])


def test_day_without_activities_is_to_be_planned(here: World) -> None:
    review(here, until=State.DATA_SHARED, expectations=True)
    Activity.objects.all().update(removed_at=MOMENTS[State.DATA_SHARED])
    on = date(2026, 11, 20)
    assert things(here, "head", on) == ["Plan the day of the visit"]
    assert things(here, "lead", on, ()) == ["Plan the day at Fernhollow Primary School"]
    assert things(here, "second", on, ()) == []


def test_lead_may_make_the_report_final_once_the_school_was_silent(here: World) -> None:
    review(here, until=State.REPORT_DRAFT)
    assert (things(here, "lead", date(2026, 12, 15), ()), things(here, "lead", date(2026, 12, 16), ())) == ([], ["Make the report final"])


def test_what_is_late_stands_first_and_is_said_quietly(here: World) -> None:
    review(here, until=State.SCHEDULED)
    found, _ = personal_things(here["head"], date(2026, 11, 18), (HOST,))
    thing = choose(found).things[0]
    assert (thing.weight, thing.why) == (Weight.OVERDUE, "It was planned for 17 November 2026.")


def test_priority_is_spoken_of_near_its_day_to_the_host_alone(here: World) -> None:
    review(here, until=State.ACTIONS_AGREED)
    title = f"How is it going: {SECRETS['priority']}"
    days = [date(2027, 5, 13), date(2027, 5, 14), date(2027, 6, 11), date(2027, 6, 12)]
    assert [title in things(here, "head", day) for day in days] == [False, True, True, False]
    assert [title in things(here, who, days[1], ()) for who in ("lead", "second", "champion")] == [False] * 3


def test_days_to_come_are_told_to_host_and_team(here: World) -> None:
    review(here, until=State.FOCUS_AGREED)
    on = date(2026, 11, 5)
    _, days = personal_things(here["head"], on, (HOST,))
    assert [(each.on, each.label) for each in days] == [(date(2026, 12, 1), "Peer review visit at your school")]
    _, days = personal_things(here["second"], on, ())
    assert [each.label for each in days] == ["Peer review visit at Fernhollow Primary School"]
    PeerReview.objects.update(state=State.REPORT_FINAL.value)
    assert [each.label for each in personal_things(here["head"], date(2026, 12, 11), (HOST,))[1]] == [
        "Improvement workshop at your school, by then"
    ]
    PeerReview.objects.update(state=State.ACTIONS_AGREED.value)
    assert [each.label for each in personal_things(here["head"], date(2026, 12, 18), (HOST,))[1]] == [
        "Impact visit at your school, about then"
    ]
    PeerReview.objects.update(state=State.POSTPONED.value, resumes=State.SCHEDULED.value)
    assert personal_things(here["head"], on, (HOST,))[1] == []


def test_several_schools_of_one_leader_are_told_apart(here: World) -> None:
    review(here, school="990002")
    [thing], _ = personal_things(here["trust lead"], date(2026, 11, 3), ("990002",))
    assert thing.why == "Ashwater Primary School. By 17 November 2026."


@pytest.mark.parametrize("who", ["other head", "clerk", "school office", "broker", "officer", "board member", "manager", "auditor"])
def test_nobody_else_is_told_anything(here: World, who: str) -> None:
    review(here, until=State.DATA_SHARED)
    here.people["lead"] = here.people["second"]
    found = personal_things(here[who], date(2026, 11, 20), (HOST,))
    assert found == ([], []) if who != "other head" else [each.key[:6] for each in found[0]] == ["expect"]


def test_switched_off_room_hides_everything(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    open_round(here)
    Partnership.objects.update(rooms_off=["peer-review"])
    head, manager = (viewer_for(here.people[who], on=date(2026, 11, 3)) for who in ("head", "manager"))
    on = date(2026, 11, 3)
    assert personal_things(head, on, (HOST,)) == ([], [])
    assert coordinator_things(manager, on) == ([], [])
    assert (reviews_of_school(HOST, viewer=head, at=on), held_reviews(HOST, viewer=head)) == ((), None)
    assert (followed_turns(viewer=manager, at=on), own_turns(viewer=head, at=on), engine_door(manager)) == ((), (), "")
    at = MOMENTS[State.SCHEDULED]
    assert [page(here, "head", path, at).status_code for path in (f"/p/{SLUG}/reviews/", f"/p/{SLUG}/reviews/{row.pk}/")] == [404, 404]
    for path in ("/", f"/schools/{HOST}/", f"/schools/{HOST}/held/", f"/p/{SLUG}/structure/"):
        assert "/reviews/" not in page(here, "head", path, at).content.decode()


def test_whoever_runs_rounds_is_told_what_waits_without_a_schools_name(here: World) -> None:
    row = open_round(here)
    manager, on = here["manager"], date(2027, 2, 1)
    [thing], days = coordinator_things(manager, on)
    assert (thing.title, thing.weight) == ("Close the answers: Spring 2027", Weight.OVERDUE)
    assert thing.why == "0 of 6 schools have answered. Answers were asked for by 29 January 2027."
    assert [each.label for each in days] == ["answers close: Spring 2027", "visits begin: Spring 2027"]
    assert coordinator_things(manager, date(2027, 1, 10))[0] == []
    RoundSchool.objects.update(answered_at=MOMENTS[State.DRAFT], hosts=True)
    assert [(each.title, each.weight) for each in coordinator_things(manager, date(2027, 1, 10))[0]] == [
        ("Close the answers: Spring 2027", Weight.OPEN)
    ]
    ReviewRound.objects.filter(pk=row.pk).update(state=RoundState.MATCHING.value)
    assert [(each.title, each.why) for each in coordinator_things(manager, on)[0]] == [
        ("Match the teams: Spring 2027", "6 schools host; 0 reviews are offered.")
    ]


def test_visits_without_a_day_and_late_reviews_wait_for_whoever_runs_rounds(here: World) -> None:
    review(here, until=State.DRAFT)
    review(here, until=State.SCHEDULED, school="990003")
    found, days = coordinator_things(here["manager"], date(2026, 11, 20))
    assert [(each.title, each.why) for each in found] == [
        ("Set the days of visits: Autumn 2026", "1 of 2 visits have no date yet."),
        ("One review is past a planned day", "Of 2 under way. Often a call is all it takes."),
    ]
    assert [each.label for each in days] == ["visits begin: Autumn 2026"]
    seen = as_coordinator(viewer=here["manager"], at=date(2026, 11, 20))
    assert seen is not None
    assert [(each.school, each.due_on) for each in seen.late] == [("Brookmoor Church of England Primary School", date(2026, 11, 17))]


def test_lead_of_a_cluster_has_the_reviews_of_its_schools_and_no_round_of_others(here: World) -> None:
    review(here, until=State.SCHEDULED)
    review(here, until=State.SCHEDULED, school="990006")
    on = date(2026, 11, 20)
    assert [each.urn for each in followed_turns(viewer=here["cluster lead"], at=on)] == [HOST]
    assert [each.urn for each in followed_turns(viewer=here["alliance lead"], at=on)] == ["990006", HOST]
    assert followed_turns(viewer=here["board member"], at=on) == ()
    assert [each.title for each in coordinator_things(here["cluster lead"], on)[0]] == ["One review is past a planned day"]
    assert [len(each.rounds) for who in ("manager", "cluster lead") if (each := as_coordinator(viewer=here[who], at=on))] == [1, 0]


def test_whoever_follows_days_learns_nothing_of_a_correction(here: World) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    AccuracyReply.objects.create(
        report=Report.objects.get(review=row),
        accurate=False,
        words=SECRETS["correction"],
        at=MOMENTS[State.REPORT_FINAL],
        by=here.people["head"],
    )
    on = date(2026, 12, 10)
    [followed] = followed_turns(viewer=here["manager"], at=on)
    [lead] = own_turns(viewer=here["lead"], at=on)
    assert [each.next.step if each.next else "" for each in (followed, lead)] == ["report_final", "mended"]
    assert things(here, "lead", on, ()) == ["Answer the school’s corrections"]


# The page of the room


def test_page_begins_with_what_is_ones_own(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    open_round(here)
    seen = body(page(here, "head", f"/p/{SLUG}/reviews/", MOMENTS[State.SCHEDULED]))
    order = [seen.index(words) for words in ("You are asked", "Your school", "More")]
    assert order == sorted(order)
    assert seen.count(f'href="/p/{SLUG}/reviews/{row.pk}/"') == 1
    assert "<strong>Your turn.</strong> Say what you would like the team to look into." in seen


def test_page_shows_reviewers_their_visits_and_nothing_of_others(here: World) -> None:
    review(here, until=State.DATA_SHARED)
    other = review(here, until=State.DATA_SHARED, school="990006")
    other.team.all().delete()
    seen = body(page(here, "second", f"/p/{SLUG}/reviews/", MOMENTS[State.DATA_SHARED]))
    assert ("Review of Fernhollow Primary School" in seen, "Elmscar" in seen) == (True, False)


@pytest.mark.parametrize("who", ["board member", "officer", "diocese", "regional link", "auditor", "clerk", "school office", "broker"])
def test_page_names_no_school_to_those_who_take_no_part(here: World, who: str) -> None:
    review(here, until=State.DATA_SHARED)
    answer = page(here, who, f"/p/{SLUG}/reviews/", MOMENTS[State.DATA_SHARED])
    assert (answer.status_code, "Fernhollow" in body(answer), "Dele" in body(answer)) == (200, False, False)


def test_page_shows_whoever_runs_rounds_what_is_late_and_whose_turn_it_is(here: World) -> None:
    review(here, until=State.SCHEDULED)
    seen = body(page(here, "manager", f"/p/{SLUG}/reviews/", datetime(2026, 11, 20, 9, tzinfo=UTC)))
    assert ("1 review of 1 waits for a step" in seen, "The school" in seen, SECRETS["question"] in seen) == (True, True, False)
    assert [each for each in SECRETS.values() if each in seen] == []


def test_review_that_ended_is_kept_for_the_host_and_gone_for_the_team(here: World) -> None:
    review(here, until=State.CLOSED)
    at = datetime(2027, 6, 10, 9, tzinfo=UTC)
    host, team = (reviews_home(SLUG, viewer=here[who], at=at) for who in ("head", "second"))
    assert host is not None
    assert team is not None
    assert ([each.urn for each in host.past], host.own, team.past, team.teams) == ([HOST], (), (), ())


def test_page_costs_as_many_queries_for_many_reviews_as_for_one(here: World, django_assert_max_num_queries: Any) -> None:
    for urn in ("990001", "990002", "990003", "990004", "990006"):
        review(here, until=State.SCHEDULED, school=urn)
    open_round(here)
    for who in ("head", "manager", "alliance lead", "lead"):
        with django_assert_max_num_queries(11):
            reviews_home(SLUG, viewer=here[who], at=date(2026, 11, 20))


def test_home_of_a_head_with_a_review_keeps_to_its_budget(here: World, django_assert_max_num_queries: Any) -> None:
    review(here, until=State.ACTIONS_AGREED)
    open_round(here)
    client = signed_in(here.people["other head"], code=True)
    with patch("django.utils.timezone.now", return_value=datetime(2027, 1, 10, 9, tzinfo=UTC)), django_assert_max_num_queries(18):
        assert client.get("/").status_code == 200


# School-at-a-glance and what is held


def glance(here: World, who: str, at: datetime = MOMENTS[State.FOCUS_AGREED]) -> bool:
    """Whether somebody learns on the school's page that it has a review."""
    return "/reviews/" in body(page(here, who, f"/schools/{HOST}/", at))


def test_glance_shows_a_review_to_those_who_take_part_or_follow(here: World) -> None:
    review(here, until=State.FOCUS_AGREED)
    who = ("", "head", "school leader", "lead", "second", "champion", "manager", "cluster lead", "alliance lead")
    assert {each: glance(here, each) for each in who} == {each: each != "" for each in who}


@pytest.mark.parametrize(
    "who", ["clerk", "school office", "trust lead", "board member", "officer", "diocese", "regional link", "broker", "auditor"]
)
def test_glance_shows_nobody_else_that_there_is_one(here: World, who: str) -> None:
    review(here, until=State.FOCUS_AGREED)
    assert not glance(here, who)


def test_glance_shows_a_reader_the_review_while_the_host_lets_them(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = after(State.REPORT_FINAL)
    grant = Grant.objects.create(review=row, person=here.people["broker"], granted_at=at, granted_by="Ada Example")
    [seen] = reviews_of_school(HOST, viewer=here["broker"], at=at)
    assert (seen.reports, seen.host, glance(here, "broker", at)) == (True, False, True)
    Grant.objects.filter(pk=grant.pk).update(withdrawn_at=at)
    assert (reviews_of_school(HOST, viewer=here["broker"], at=at), glance(here, "broker", at)) == ((), False)


def test_glance_costs_nothing_for_anyone(here: World, django_assert_num_queries: Any) -> None:
    review(here, until=State.FOCUS_AGREED)
    with django_assert_num_queries(0):
        assert reviews_of_school(HOST, viewer=ANYONE, at=date(2026, 11, 20)) == ()


def test_what_is_held_lists_each_kind_as_far_as_the_school_sees_it(here: World) -> None:
    row = review(here, until=State.FED_BACK)
    seen = held_reviews(HOST, viewer=here["head"])
    assert seen is not None
    assert [(each.pk, each.kinds) for each in seen.reviews] == [(row.pk, ("1 enquiry question", "1 activity"))]
    later = review(here, until=State.ACTIONS_AGREED, school="990002", round=review_round(here, name="Another"))
    trust = held_reviews("990002", viewer=here["trust lead"])
    assert trust is not None
    assert [(each.pk, each.kinds) for each in trust.reviews] == [
        (later.pk, ("1 enquiry question", "1 activity", "2 writings of the report", "1 agreed priority"))
    ]
    assert [held_reviews(HOST, viewer=here[who]) for who in ("manager", "lead", "trust lead", "auditor")] == [None] * 4
    assert "1 enquiry question and 1 activity" in body(page(here, "head", f"/schools/{HOST}/held/", MOMENTS[State.FED_BACK]))


def test_answers_to_rounds_are_among_what_is_held(here: World) -> None:
    assert held_reviews(HOST, viewer=here["head"]) is None
    row = open_round(here)
    RoundSchool.objects.filter(round=row, school_id=HOST).update(hosts=True, answered_at=MOMENTS[State.SCHEDULED])
    seen = held_reviews(HOST, viewer=here["head"])
    assert seen is not None
    assert seen.answers == (("Spring 2027", date(2026, 10, 22)),)


def test_door_from_an_early_conversation_leads_to_the_round_that_asks(here: World) -> None:
    row, on = open_round(here), date(2027, 1, 10)
    door = next_round(here["head"], on, HOST)
    assert door is not None
    assert (door.label, door.href) == ("Say that you host: Spring 2027", f"/p/{SLUG}/reviews/rounds/{row.pk}/answer/?school={HOST}")
    RoundSchool.objects.update(answered_at=MOMENTS[State.SCHEDULED])
    later = next_round(here["head"], on, HOST)
    assert later is not None
    assert later.href == f"/p/{SLUG}/reviews/"
    assert next_round(here["manager"], on, HOST) is None


def agreed_on_a_review(here: World) -> None:
    """An early conversation of the school that ended with a peer review as what comes next."""
    known = {"slug": SLUG, "conversation_id": early.refer_self(slug=SLUG, urn=HOST, by=here["head"], at=AT).pk}
    early.take_up(slug=SLUG, urn=HOST, by=here["broker"], at=AT)
    early.share(**known, by=here["broker"], at=AT + timedelta(minutes=1))
    early.reply(slug=SLUG, urn=HOST, kind=ReplyKind.COMMENT, words="We know.", by=here["head"], at=AT + timedelta(minutes=2))
    early.triage(**known, outcome=Outcome.PEER_REVIEW, why="Reading.", by=here["broker"], at=AT + timedelta(minutes=3))


def test_conversation_that_agreed_on_a_review_leads_its_school_to_the_round(here: World) -> None:
    row = open_round(here)
    door = f"/p/{SLUG}/reviews/rounds/{row.pk}/answer/?school={HOST}"
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert door not in body(page(here, "head", f"/schools/{HOST}/", at))
    agreed_on_a_review(here)
    seen = {who: door in body(page(here, who, f"/schools/{HOST}/", at)) for who in ("head", "broker", "manager", "")}
    assert seen == {"head": True, "broker": False, "manager": False, "": False}
    talk = here.partnership.early_conversations.get()
    path = f"/p/{SLUG}/early/conversations/{talk.pk}/"
    link = "Peer reviews: the round that asks you stands first"
    assert {who: link in body(page(here, who, path, at)) for who in ("head", "broker")} == {"head": True, "broker": False}


def test_engine_has_a_door_on_the_boards_home(here: World) -> None:
    assert [engine_door(here[who]) for who in ("board member", "head", "clerk")] == [
        f"/p/{SLUG}/reviews/engine/", f"/p/{SLUG}/reviews/engine/", "",
    ]  # fmt: skip


def test_mine_is_for_those_who_host_or_review(here: World) -> None:
    on = date(2026, 11, 3)
    assert [mine(viewer=here[who], at=on) is None for who in ("head", "reviewer", "manager", "clerk", "officer")] == [
        False,
        False,
        True,
        True,
        True,
    ]


# The frame


def current(answer: Any, label: str) -> list[str]:
    """The words of the links that are marked as current in the navigation or the tabs."""
    nav = answer.content.decode().split(f'aria-label="{label}"')[1].split("</nav>")[0]
    return re.findall(r'aria-current="[a-z]+"[^>]*>([^<]+)<', nav)


def test_reviews_stand_in_the_navigation_and_their_tabs_say_where_one_is(here: World) -> None:
    row = review(here, until=State.SCHEDULED)
    at, tabs = MOMENTS[State.SCHEDULED], "Rooms of the partnership"
    for path, tab in (("", "Reviews"), (f"{row.pk}/", "Reviews"), ("rounds/", "Rounds"), ("engine/", "How it goes")):
        assert current(page(here, "manager", f"/p/{SLUG}/reviews/{path}", at), tabs) == [tab]
    rooms = navigation(here["manager"], f"/p/{SLUG}/reviews/engine/")
    assert [(each.label, each.current) for each in rooms if each.current] == [("Reviews", True)]
    rooms = navigation(here["manager"], f"/p/{SLUG}/members/")
    assert [(each.label, each.current) for each in rooms if each.current] == [("Partnership", True)]
    assert "Reviews" not in [each.label for each in navigation(ANYONE)]
