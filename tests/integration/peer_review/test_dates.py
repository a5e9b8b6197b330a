"""Dates of visits: set, moved, proposed and taken; refused in words that name the day and who is in the way."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from convenor.england.school_years import SchoolYear
from convenor.journal.models import Entry
from convenor.partnership import actions as partnership
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.partnership.rules.terms import Closed, Stretch
from convenor.peer_review import actions
from convenor.peer_review.models import DateProposal, PeerReview, ReviewRound, ReviewStep, RoundOffer, RoundSchool, TeamMember
from convenor.peer_review.queries.dates import round_dates
from convenor.peer_review.rules.dates import NotOffered
from convenor.peer_review.rules.refusals import ChangedMeanwhile, Clash, Missing, NotYours, NoWords, OutOfTurn, WrongDay
from convenor.peer_review.rules.states import Part, State
from convenor.post.models import Letter
from tests.factories.partnership import AT, SLUG, World
from tests.factories.peer_review import HOST, review, review_round, reviewers, reviewing

pytestmark = pytest.mark.django_db
#: Days of the window: half-term ended on 1 November, term goes until 18 December.
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)
TERMS = [
    Stretch(date(2026, 9, 2), date(2026, 10, 24), "Autumn, first half"),
    Stretch(date(2026, 11, 2), date(2026, 12, 19), "Autumn, second half"),
    Stretch(date(2027, 1, 4), date(2027, 2, 13), "Spring, first half"),
]


@pytest.fixture
def here() -> World:
    found = reviewing()
    partnership.set_terms(
        slug=SLUG, year=SchoolYear(2026), stretches=TERMS, closed=[Closed(date(2026, 11, 27), "training day")], by="the test", at=AT
    )
    return found


def waiting(here: World, school: str = HOST, **more: Any) -> PeerReview:
    return review(here, until=State.DRAFT, school=school, **more)


def set_it(here: World, row: PeerReview, day: date = TUESDAY, who: str = "manager", **more: Any) -> PeerReview:
    return actions.set_visit(slug=SLUG, review_id=row.pk, from_on=day, by=here[who], at=AT, **more)


def move_it(here: World, row: PeerReview, day: date = WEDNESDAY, who: str = "manager", **more: Any) -> PeerReview:
    given = {"why": "The head is called away"} | more
    return actions.move_visit(slug=SLUG, review_id=row.pk, from_on=day, by=here[who], at=AT, **given)


def stands(row: PeerReview) -> tuple[str, date | None, date | None]:
    row.refresh_from_db()
    return (row.state, row.visit_from_on, row.visit_until_on)


def steps(row: PeerReview) -> list[tuple[str, str]]:
    return list(ReviewStep.objects.filter(review=row).order_by("id").values_list("step", "why"))


def test_setting_a_date_schedules_the_review_and_says_who(here: World) -> None:
    row = waiting(here)
    set_it(here, row)
    assert stands(row) == ("scheduled", TUESDAY, TUESDAY + timedelta(days=length(row)))
    assert steps(row) == [("scheduled", "")]
    assert Entry.objects.get(verb="review.scheduled").urn == HOST


def length(row: PeerReview) -> int:
    return int(row.round.way["visit_days"])


def long_round(here: World, days: int) -> ReviewRound:
    row = review_round(here)
    row.way = row.way | {"visit_days": days}
    row.save()
    return row


def test_a_visit_of_three_days_takes_them_one_after_another(here: World) -> None:
    row = waiting(here, round=long_round(here, 3))
    with pytest.raises(WrongDay) as refused:
        set_it(here, row, THURSDAY)
    assert str(refused.value) == (
        "Friday 27 November 2026 is no school day: training day. A visit of three school days takes days one after another. "
        "The nearest days on which it could begin: Tuesday 24 November 2026 and Monday 30 November 2026. Nothing was changed."
    )
    set_it(here, row, TUESDAY)
    assert stands(row) == ("scheduled", TUESDAY, date(2026, 11, 27))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (
            date(2026, 12, 28),
            "Monday 28 December 2026 is no school day: a bank holiday. The nearest days on which it could begin: Friday 18 December 2026 "
            "and Monday 4 January 2027. Nothing was changed.",
        ),
        (
            date(2026, 11, 28),
            "Saturday 28 November 2026 is no school day: a weekend. The nearest days on which it could begin: Thursday 26 November 2026 "
            "and Monday 30 November 2026. Nothing was changed.",
        ),
        (
            date(2027, 2, 16),
            "Tuesday 16 February 2027 is no school day: in the holidays. The nearest day on which it could begin: "
            "Friday 12 February 2027. Nothing was changed.",
        ),
        (date(2026, 10, 30), "Friday 30 October 2026 has passed. Nothing was changed."),
    ],
)
def test_a_day_that_is_none_is_refused_with_the_nearest_that_are(here: World, day: date, words: str) -> None:
    row = waiting(here, round=long_round(here, 1))
    with pytest.raises(WrongDay) as refused:
        set_it(here, row, day)
    assert (str(refused.value), stands(row)) == (words, ("draft", None, None))


def second_host(here: World) -> PeerReview:
    """Another review, of Ashwater, with the same team."""
    return waiting(here, "990002")


def test_nobody_is_on_two_visits_on_one_day(here: World) -> None:
    long_round(here, 1)
    first, second = waiting(here), second_host(here)
    set_it(here, first)
    with pytest.raises(Clash) as refused:
        set_it(here, second)
    assert str(refused.value) == (
        "Dele Stone is at Fernhollow Primary School on Tuesday 24 November 2026. Rae Holt is at Fernhollow Primary School on "
        "Tuesday 24 November 2026. Sol Carr is at Fernhollow Primary School on Tuesday 24 November 2026. Nobody can be on two visits on "
        "one day. Nothing was changed."
    )
    set_it(here, second, WEDNESDAY)
    assert stands(second) == ("scheduled", WEDNESDAY, THURSDAY)


def test_who_left_the_team_is_in_nobodys_way(here: World) -> None:
    long_round(here, 1)
    first, second = waiting(here), second_host(here)
    set_it(here, first)
    TeamMember.objects.filter(review=first).update(left_on=date(2026, 11, 2))
    set_it(here, second)
    assert stands(second)[0] == "scheduled"


def offered(here: World, row: PeerReview, *days: date) -> None:
    RoundOffer.objects.create(
        round=row.round, reviewer=reviewers(here)["second"], any_day=False, days=[day.isoformat() for day in days], answered_at=AT
    )


def hosts(row: PeerReview, *days: date) -> None:
    RoundSchool.objects.create(
        round=row.round, school_id=row.school_id, hosts=True, any_day=not days, days=[day.isoformat() for day in days], answered_at=AT
    )


def test_a_day_that_somebody_did_not_offer_is_asked_about_first(here: World) -> None:
    long_round(here, 1)
    row = waiting(here)
    offered(here, row, WEDNESDAY)
    hosts(row, THURSDAY)
    with pytest.raises(NotOffered) as refused:
        set_it(here, row)
    assert str(refused.value) == (
        "Fernhollow Primary School has not offered Tuesday 24 November 2026. Sol Carr has not offered Tuesday 24 November 2026. "
        "Ask them first; then tick that you have. Nothing was changed."
    )
    set_it(here, row, asked=True)
    assert stands(row)[0] == "scheduled"


def test_a_reviewer_whose_own_school_hosts_is_asked_first(here: World) -> None:
    long_round(here, 1)
    at_home = waiting(here, "990003")
    TeamMember.objects.filter(review=at_home, reviewer=reviewers(here)["second"]).delete()
    TeamMember.objects.filter(review=at_home, reviewer=reviewers(here)["lead"]).delete()
    TeamMember.objects.create(review=at_home, reviewer=reviewers(here)["third"], part="lead", from_on=AT.date())
    TeamMember.objects.filter(review=at_home, reviewer=reviewers(here)["champion"]).delete()
    PeerReview.objects.filter(pk=at_home.pk).update(visit_from_on=TUESDAY, visit_until_on=WEDNESDAY, state="scheduled")
    row = waiting(here)
    with pytest.raises(NotOffered, match=r"^Sol Carr is needed at their own school on Tuesday 24 November 2026: it hosts a visit\."):
        set_it(here, row)
    set_it(here, row, WEDNESDAY)
    with pytest.raises(NotOffered, match=r"^Sol Carr of Brookmoor .* School is on another visit on Wednesday 25 November 2026\."):
        move_it(here, at_home, WEDNESDAY)


def test_a_team_without_others_is_not_scheduled_and_nobody_is_invited(here: World) -> None:
    row = waiting(here)
    TeamMember.objects.filter(review=row, part=Part.REVIEWER.value).delete()
    with pytest.raises(Missing):
        set_it(here, row)
    assert (stands(row), Letter.objects.count()) == (("draft", None, None), 0)


@pytest.mark.parametrize("who", ["head", "lead", "school office", "board member", "officer", "somebody with no post", "auditor"])
def test_nobody_but_the_coordinator_sets_a_date(here: World, who: str) -> None:
    row = waiting(here)
    with pytest.raises((NotYours, NotThere, NotAllowed)):
        set_it(here, row, who=who)
    assert stands(row) == ("draft", None, None)


def test_two_coordinators_never_overwrite_each_other_unseen(here: World) -> None:
    row = waiting(here)
    set_it(here, row, version=1)
    with pytest.raises(ChangedMeanwhile):
        move_it(here, row, version=1)
    assert stands(row)[1] == TUESDAY


def test_a_visit_moves_for_a_reason_and_keeps_its_state(here: World) -> None:
    long_round(here, 1)
    row = waiting(here)
    set_it(here, row)
    move_it(here, row, WEDNESDAY)
    assert (stands(row), steps(row)) == (
        ("scheduled", WEDNESDAY, THURSDAY),
        [("scheduled", ""), ("moved", "The head is called away")],
    )
    assert Entry.objects.get(verb="review.moved").why == ""


def test_the_host_may_move_its_visit_and_the_team_may_not(here: World) -> None:
    long_round(here, 1)
    row = waiting(here)
    set_it(here, row)
    move_it(here, row, WEDNESDAY, who="head")
    with pytest.raises(NotYours):
        move_it(here, row, THURSDAY, who="lead")
    assert stands(row)[1] == WEDNESDAY


@pytest.mark.parametrize("why", ["", "  ", "x" * 301])
def test_a_move_needs_a_reason(here: World, why: str) -> None:
    row = review(here)
    with pytest.raises(NoWords):
        move_it(here, row, why=why)


def test_a_visit_that_has_begun_is_not_moved(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    with pytest.raises(OutOfTurn):
        move_it(here, row)


def test_a_date_set_already_is_moved_and_not_set_again(here: World) -> None:
    row = review(here)
    with pytest.raises(OutOfTurn):
        set_it(here, row)


def test_a_postponed_review_gets_its_new_day_before_it_goes_on_and_calendars_hear_of_it_then(here: World) -> None:
    long_round(here, 1)
    row = review(here, until=State.POSTPONED, resumes=State.SCHEDULED)
    move_it(here, row)
    assert (stands(row), Letter.objects.count()) == (("postponed", WEDNESDAY, THURSDAY), 0)


def propose(here: World, who: str = "manager", at: datetime = AT) -> DateProposal:
    return actions.propose_dates(slug=SLUG, round_id=ReviewRound.objects.get().pk, by=here[who], at=at)


def take(here: World, **more: Any) -> Any:
    return actions.take_dates(slug=SLUG, round_id=ReviewRound.objects.get().pk, by=here["manager"], at=AT, **more)


def test_dates_are_proposed_beside_those_that_are_set_and_nobody_is_told(here: World) -> None:
    long_round(here, 1)
    first, second = waiting(here), second_host(here)
    set_it(here, first)
    Letter.objects.all().delete()
    found = propose(here)
    assert (found.status, list(found.days), found.unplaced, Letter.objects.count()) == ("optimal", [str(second.pk)], {}, 0)
    day = date.fromisoformat(found.days[str(second.pk)])
    assert (day >= date(2026, 11, 16), day != TUESDAY, stands(second)) == (True, True, ("draft", None, None))


def test_the_same_round_gets_the_same_dates(here: World) -> None:
    waiting(here), second_host(here)
    assert propose(here).days == propose(here).days


def test_a_visit_that_finds_no_date_says_why_and_what_would_place_it(here: World) -> None:
    long_round(here, 1)
    first, second = waiting(here), second_host(here)
    hosts(first, TUESDAY)
    hosts(second, TUESDAY)
    found = propose(here)
    assert (len(found.days), list(found.unplaced.values())) == (
        1,
        [
            "On each day that all of them offered, one of them is on another visit, or at their own. It could begin on "
            "Monday 16 November 2026 if Ashwater Primary School could host then."
        ]
        if str(first.pk) in found.days
        else [
            "On each day that all of them offered, one of them is on another visit, or at their own. It could begin on "
            "Monday 16 November 2026 if Fernhollow Primary School could host then."
        ],
    )


def test_a_proposal_is_taken_some_at_a_time_until_none_is_left(here: World) -> None:
    long_round(here, 1)
    first, second = waiting(here), second_host(here)
    propose(here)
    went = [take(here, at_once=1), take(here, at_once=1)]
    assert [(each.taken, each.left, each.refused) for each in went] == [(1, 1, ()), (1, 0, ())]
    assert {stands(first)[0], stands(second)[0], DateProposal.objects.get().taken_at == AT} == {"scheduled", True}
    with pytest.raises(Refused, match=r"There is no proposal of dates to take\. Nothing was changed\."):
        take(here)


def test_a_date_that_no_longer_fits_is_left_out_and_told(here: World) -> None:
    long_round(here, 1)
    first, second = waiting(here), second_host(here)
    days = propose(here).days
    set_it(here, first, date.fromisoformat(days[str(second.pk)]))
    told = take(here)
    assert (told.taken, told.left, len(told.refused), stands(second)) == (0, 0, 1, ("draft", None, None))
    assert told.refused[0].startswith("Ashwater Primary School: Dele Stone is at Fernhollow Primary School on")


def test_a_date_that_another_coordinator_sets_this_very_moment_stands(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = waiting(here)
    propose(here)
    seen = round_dates(SLUG, row.round_id, viewer=here["manager"], at=AT)
    take(here)
    monkeypatch.setattr("convenor.peer_review.actions.dates.round_dates", lambda *_, **__: seen)
    told = take(here)
    assert (told.refused, told.left_out, DateProposal.objects.get().unplaced, stands(row)[0]) == ((), 0, {}, "scheduled")


def test_nothing_is_proposed_where_no_visit_waits(here: World) -> None:
    review(here)
    with pytest.raises(Refused, match=r"No visit of this round waits for a date\. Nothing was changed\."):
        propose(here)


def test_nothing_is_proposed_so_soon_that_data_could_not_be_shared(here: World) -> None:
    row = waiting(here)
    found = propose(here, at=datetime(2026, 12, 10, 9, 0, tzinfo=UTC))
    assert (found.days, list(found.unplaced)) == ({}, [str(row.pk)])
    assert found.unplaced[str(row.pk)].startswith("The window holds no run of")


@pytest.mark.parametrize("who", ["head", "cluster lead", "board member", "lead", "somebody with no post"])
def test_nobody_else_proposes_dates_for_the_partnerships_round(here: World, who: str) -> None:
    waiting(here)
    with pytest.raises((NotAllowed, NotThere)):
        propose(here, who=who)
    assert DateProposal.objects.count() == 0


def test_who_follows_sees_the_dates_of_their_own_schools_only(here: World, django_assert_max_num_queries: Any) -> None:
    waiting(here), review(here, school="990004", round=ReviewRound.objects.get())
    pk = ReviewRound.objects.get().pk
    with django_assert_max_num_queries(14):
        led = round_dates(SLUG, pk, viewer=here["cluster lead"], at=AT)
    whole = round_dates(SLUG, pk, viewer=here["manager"], at=AT)
    assert led is not None
    assert whole is not None
    assert ([each.urn for each in led.visits], len(whole.visits), led.proposal) == ([HOST], 2, None)
    assert [round_dates(SLUG, pk, viewer=here[who], at=AT) for who in ("head", "board member", "somebody with no post")] == [None] * 3


def test_a_visit_on_a_day_that_became_a_holiday_says_so(here: World) -> None:
    row = review(here)
    partnership.set_terms(
        slug=SLUG, year=SchoolYear(2026), stretches=[Stretch(date(2026, 9, 2), date(2026, 11, 28), "Autumn")], by="the test", at=AT
    )
    found = round_dates(SLUG, row.round_id, viewer=here["manager"], at=AT)
    assert found is not None
    assert [each.closed for each in found.visits] == ["in the holidays"]


def test_a_host_is_not_told_at_which_other_school_a_reviewer_is(here: World) -> None:
    long_round(here, 1)
    first, second = waiting(here), second_host(here)
    set_it(here, first)
    set_it(here, second, WEDNESDAY)
    with pytest.raises(Clash) as refused:
        move_it(here, first, WEDNESDAY, who="head")
    told = str(refused.value)
    assert (told.startswith("Dele Stone is on another visit on Wednesday 25 November 2026."), told.count("Ashwater")) == (True, 0)


def test_dates_are_not_proposed_before_a_round_is_opened(here: World) -> None:
    review_round(here, state="draft")
    with pytest.raises(NotThere):
        propose(here)
