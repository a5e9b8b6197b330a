"""What somebody might try in peer review who wants to know more than is theirs, or who acts at the same moment as another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.journal.actions import look
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, Viewer, viewer_for
from convenor.partnership.models import Tenure
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions.access import let_read
from convenor.peer_review.actions.dates import move_visit, set_visit
from convenor.peer_review.actions.documents import import_document
from convenor.peer_review.actions.matching import change_by_hand, replan_after, run_matching
from convenor.peer_review.actions.publishing import drop_out, name_champion, publish_teams
from convenor.peer_review.actions.register import add_reviewer
from convenor.peer_review.actions.reports import check_draft, save_working, share_draft
from convenor.peer_review.actions.steps import withdraw
from convenor.peer_review.models import DeclaredInterest, Matching, Objection, PeerReview, TeamMember
from convenor.peer_review.queries.access import access
from convenor.peer_review.queries.calendar import own_entries
from convenor.peer_review.queries.documents import document
from convenor.peer_review.queries.matchings import why_matched
from convenor.peer_review.queries.overlap import overlap
from convenor.peer_review.queries.reports import after as what_came
from convenor.peer_review.queries.reviews import ReviewPage
from convenor.peer_review.queries.reviews import review as review_page
from convenor.peer_review.queries.reviews_of_school import reviews_of_school
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.queries.themes import round_table
from convenor.peer_review.queries.turns import own_turns
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.refusals import NotYours, WrongDay
from convenor.peer_review.rules.states import Part, State, Step
from convenor.peer_review.rules.teams import TeamsRefused, team_from
from tests.factories.partnership import ON
from tests.factories.peer_review import AT, HOST, MOMENTS, SECRETS, SLUG, World, review, reviewing
from tests.factories.review_matching import AT as MATCHED_AT
from tests.factories.review_matching import County, county, urn
from tests.factories.review_reports import WHOLE, ended_round, notes
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
FINAL = MOMENTS[State.REPORT_FINAL]
AGREED = MOMENTS[State.ACTIONS_AGREED]
STATES_AND_TEAM = frozenset({Sight.STATES, Sight.TEAM})


@pytest.fixture
def here() -> World:
    return reviewing()


@pytest.fixture
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=MOMENTS[State.REPORT_DRAFT]) as now:
        yield now


def standing(here: World, row: PeerReview, who: str, at: Any) -> ReviewHere:
    found = review_here(SLUG, row.pk, viewer=here[who], at=at)
    assert found is not None
    return found


def paged(here: World, row: PeerReview, who: str, at: Any) -> ReviewPage:
    found = review_page(SLUG, row.pk, viewer=here[who], at=at)
    assert found is not None
    return found


# Somebody who follows states and dates, and would like to know what the school said


def corrected(here: World) -> PeerReview:
    """A review whose school said that the draft is not accurate."""
    row = review(here, until=State.FED_BACK)
    notes(row, here)
    at = MOMENTS[State.REPORT_DRAFT]
    save_working(slug=SLUG, review_id=row.pk, writing=WHOLE, working_version=0, by=here["lead"], at=at)
    share_draft(slug=SLUG, review_id=row.pk, by=here["lead"], at=at)
    check_draft(slug=SLUG, review_id=row.pk, accurate=False, words=SECRETS["correction"], by=here["head"], at=at)
    return row


@pytest.mark.parametrize("who", ["cluster lead", "alliance lead", "manager"])
def test_a_lead_does_not_learn_that_the_school_disputed_the_draft(here: World, who: str) -> None:
    row, at = corrected(here), MOMENTS[State.REPORT_DRAFT]
    own, theirs = paged(here, row, "head", at), paged(here, row, who, at)
    assert own.coming is not None
    assert theirs.coming is not None
    assert (own.coming.step, theirs.coming.step) == (Step.MENDED, Step.REPORT_FINAL)
    assert [each.step for each in own.steps if each.step is Step.CHECKED] == [Step.CHECKED]
    assert [each.step for each in theirs.steps if each.step in (Step.CHECKED, Step.MENDED)] == []
    assert theirs.facts.accurate is None


def test_the_page_of_a_neighbours_review_is_the_same_whether_it_was_disputed_or_not(here: World, clock: Any) -> None:
    row = corrected(here)
    words = signed_in(here.people["cluster lead"], code=True).get(reverse("review", args=[SLUG, row.pk])).content.decode()
    assert [said for said in ("The school checked the draft", "corrections", "new draft") if said in words] == []


# Somebody of a team who is one no more


def without_a_post(here: World, who: str, role: str = "clerk") -> Viewer:
    """The same person once the posts by which they reviewed have ended; they are the clerk of a school now."""
    person = here.people[who]
    Tenure.objects.filter(person=person).update(until_on=ON)
    take_post(slug=SLUG, role=role, title="Clerk", person_id=person.pk, from_on=ON, urn="990005", by="the test", at=FINAL)
    return viewer_for(person, partnership_slug=SLUG, on=FINAL.date())


def test_a_reviewer_whose_post_has_ended_reads_no_more_of_the_review(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    before = standing(here, row, "lead", FINAL)
    assert Sight.REPORT in before.sights
    left = without_a_post(here, "lead")
    assert left.partnership is not None
    assert review_here(SLUG, row.pk, viewer=left, at=FINAL) is None
    assert own_turns(viewer=left, at=FINAL, ended=True) == ()
    assert own_entries(viewer=left, at=FINAL) == []
    assert reviews_of_school(HOST, viewer=left, at=FINAL) == ()
    assert why_matched(SLUG, row.pk, viewer=left, at=FINAL) is None


def test_a_reviewer_whose_post_has_ended_sends_and_reads_no_evidence(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    notes(row, here)
    clock.return_value = MOMENTS[State.ON_SITE]
    address = reverse("review-evidence-sync", args=[SLUG, row.pk])
    assert SECRETS["evidence"] in signed_in(here.people["lead"], code=True).get(address).content.decode()
    without_a_post(here, "lead")
    answer = signed_in(here.people["lead"], code=True).get(address)
    assert (answer.status_code, SECRETS["evidence"] in answer.content.decode()) == (404, False)


def test_somebody_of_the_register_whose_posts_let_nobody_review_can_take_part(here: World) -> None:
    member, by = here.people["board member"], here["manager"]
    assert here["board member"].may(Permission.REVIEW_OFFER) is False
    made = add_reviewer(slug=SLUG, person_id=member.pk, urn="990002", by=by, at=AT)
    head = add_reviewer(slug=SLUG, person_id=here.people["head"].pk, urn=HOST, by=by, at=AT)
    given = Tenure.objects.filter(post__role="reviewer", person__in=[made.person_id, head.person_id])
    assert list(given.values_list("person_id", "post__title", "from_on")) == [(member.pk, "Peer reviewer", ON)]
    row = review(here, until=State.SCHEDULED)
    TeamMember.objects.create(review=row, reviewer=made, part=Part.REVIEWER.value, from_on=ON)
    seen = review_here(SLUG, row.pk, viewer=viewer_for(member, on=ON), at=AT)
    assert (seen is not None and Sight.PLAN in seen.sights) is True


# Somebody who would like to read what a school took back


def test_after_the_school_took_its_review_back_nobody_else_reads_a_final_report(here: World) -> None:
    row = review(here, until=State.WORKSHOP_DONE)
    at = MOMENTS[State.WORKSHOP_DONE]
    let_read(slug=SLUG, review_id=row.pk, person_id=here.people["board member"].pk, by=here["head"], at=at)
    assert Sight.REPORT in standing(here, row, "board member", at).sights
    assert Sight.REPORT in standing(here, row, "lead", at).sights
    withdraw(slug=SLUG, review_id=row.pk, by=here["head"], at=at)
    assert review_here(SLUG, row.pk, viewer=here["board member"], at=at) is None
    assert standing(here, row, "lead", at).sights == STATES_AND_TEAM
    own = standing(here, row, "head", at)
    assert Sight.REPORT in own.sights
    told = access(own, viewer=here["head"], at=at)
    assert told is not None
    assert (told.team_reads, [each.stands for each in told.grants]) == (False, [False])


def test_the_page_of_access_says_that_the_team_of_a_withdrawn_review_reads_nothing(here: World, clock: Any) -> None:
    row = review(here, until=State.WITHDRAWN, resumes=State.REPORT_FINAL)
    clock.return_value = FINAL
    words = signed_in(here.people["head"], code=True).get(reverse("review-access", args=[SLUG, row.pk])).content.decode()
    assert ("now they see only that they took part, and when" in words, "They read it until" in words) == (True, False)


def test_a_review_that_was_taken_back_counts_in_no_theme(here: World) -> None:
    row = ended_round(here, reports=12, reading=6)
    before = round_table(row, viewer=here["manager"], at=AT)
    taken_back = PeerReview.objects.filter(round=row, school_id="980000")
    taken_back.update(state=State.WITHDRAWN.value, resumes=State.REPORT_FINAL.value)
    now = round_table(row, viewer=here["manager"], at=AT)
    assert (before.reports, now.reports) == (12, 11)


# Somebody whom the school let back in, and what is for the school alone


def test_what_the_workshop_worked_out_stays_with_the_school_when_the_lead_is_let_back_in(here: World) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    late = MOMENTS[State.IMPACT_REVIEWED]
    let_read(slug=SLUG, review_id=row.pk, person_id=here.people["lead"].pk, by=here["head"], at=AGREED)
    own, theirs = standing(here, row, "head", late), standing(here, row, "lead", late)
    seen = [what_came(each, viewer=here[who]) for each, who in ((own, "head"), (theirs, "lead"))]
    assert [each is not None and each.workshop_words for each in seen] == [SECRETS["workshop"], ""]
    assert [each is not None and each.priorities[0].title for each in seen] == [SECRETS["priority"]] * 2
    copies = [document(each, "report", viewer=here[who]) for each, who in ((own, "head"), (theirs, "lead"))]
    assert [SECRETS["workshop"] in str(each) for each in copies] == [True, False]
    copy = copies[1]
    assert copy is not None
    assert import_document(slug=SLUG, document=copy, by="the test", at=late) == 0


def test_the_printed_report_of_somebody_let_back_in_leaves_the_workshop_out(here: World, clock: Any) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    let_read(slug=SLUG, review_id=row.pk, person_id=here.people["lead"].pk, by=here["head"], at=AGREED)
    clock.return_value = AGREED
    address = reverse("review-document", args=[SLUG, row.pk, "report", "html"])
    answer = signed_in(here.people["lead"], code=True).get(address)
    words = answer.content.decode()
    assert (answer.status_code, SECRETS["priority"] in words, SECRETS["workshop"] in words) == (200, True, False)


# The two sides of the mirror


def test_the_school_never_reads_in_what_words_the_team_expected_something(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL, expectations=True)
    seen = overlap(standing(here, row, "head", FINAL), viewer=here["head"])
    assert seen is not None
    words = {side: {each["words"] for each in seen.rows() if each["side"] == side} for side in ("Your school", "The team")}
    assert words == {"Your school": {SECRETS["host expects"]}, "The team": {""}}
    assert overlap(standing(here, row, "lead", FINAL), viewer=here["lead"]) is None


# Somebody who asks an action for what its page would refuse


@pytest.mark.parametrize("who", ["second", "board member"])
def test_a_refused_date_tells_nobodys_days_to_somebody_who_may_not_set_it(here: World, who: str) -> None:
    row = review(here, until=State.DATA_SHARED)
    at = MOMENTS[State.DATA_SHARED]
    sunday = date(2026, 12, 6)
    given: dict[str, Any] = {"slug": SLUG, "review_id": row.pk, "from_on": sunday, "at": at}
    wanted = NotYours if who == "second" else NotThere
    with pytest.raises(wanted):
        move_visit(**given, why="Why not?", by=here[who])
    with pytest.raises(wanted):
        set_visit(**given, by=here[who])
    with pytest.raises(WrongDay):
        move_visit(**given, why="Why not?", by=here["head"])


def test_numbers_of_reviews_are_not_told_by_how_an_action_refuses(here: World) -> None:
    row = review(here, until=State.DATA_SHARED)
    by: dict[str, Any] = {"slug": SLUG, "by": here["head"], "at": FINAL, "reviewer_id": 1}
    for pk in (row.pk, row.pk + 1):
        with pytest.raises(NotAllowed):
            name_champion(review_id=pk, **by)
        with pytest.raises(NotAllowed):
            drop_out(review_id=pk, why="Why not?", **by)


# The school would like to know who looked


def test_the_host_still_sees_who_read_its_report_after_many_other_looks(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    given = {"role": "Headteacher", "partnership": SLUG, "urn": HOST}
    look(by=here["champion"], at=FINAL, record="peer review: report", **given)
    for number in range(60):
        record = "peer review: plan" if number % 2 else "early: lines"
        look(by=here["second"], at=FINAL + timedelta(minutes=number), record=record, **given)
    told = access(standing(here, row, "head", FINAL), viewer=here["head"], at=FINAL)
    assert told is not None
    assert [each.record for each in told.looks if "plan" not in each.record] == ["peer review: report"]
    assert len(told.looks) == 31


# A coordinator who would like to know who declared what, or to read a report


def declared(found: County) -> None:
    """An objection and an interest, as their owners declared them in private."""
    Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 3), objects_to_id=urn(1, 4), declared_at=MATCHED_AT)
    DeclaredInterest.objects.create(reviewer=found.reviewer(1, 5, 1), school_id=urn(1, 3), kind="family", declared_at=MATCHED_AT)


def kept(row: Matching) -> list[list[str]]:
    """Every declaration that a matching keeps."""
    asked = row.asked
    return [each["objects_to"] for each in asked["schools"] if each["objects_to"]] + [
        each["declared_interests"] for each in asked["people"] if each["declared_interests"]
    ]


def test_no_matching_keeps_what_was_declared_once_it_is_taken_back(here: World) -> None:
    found = county(here=here, size=6)
    declared(found)
    by: dict[str, Any] = {"slug": SLUG, "by": found.here["manager"], "at": MATCHED_AT}
    made = run_matching(round_id=found.round.pk, **by)
    hosts = {each["host"]: {*each["members"]} for each in made.answer["teams"]}
    assert f"r{found.reviewer(1, 5, 1).pk}" not in hosts[urn(1, 3)]
    again = replan_after(matching_id=made.pk, why="One fell ill.", people=[found.reviewer(1, 1, 1).pk], **by)
    hand = change_by_hand(matching_id=again.pk, teams=[team_from(again.answer["teams"][0])], why="As it was.", **by)
    publish_teams(matching_id=hand.pk, **by)
    member = TeamMember.objects.filter(review__school_id=urn(1, 1)).exclude(part=Part.CHAMPION.value).order_by("pk")[0]
    drop_out(review_id=member.review_id, reviewer_id=member.reviewer_id, why="They fell ill.", **by)
    assert {each.number: kept(each) for each in Matching.objects.all()} == {number: [] for number in range(1, 5)}


def test_a_coordinator_cannot_name_themselves_champion_to_read_a_report(here: World) -> None:
    found = county(here=here, size=6)
    by: dict[str, Any] = {"slug": SLUG, "by": found.here["manager"], "at": MATCHED_AT}
    publish_teams(matching_id=run_matching(round_id=found.round.pk, **by).pk, **by)
    row = PeerReview.objects.get(school_id=urn(1, 1))
    row.state = State.REPORT_FINAL.value
    row.save()
    lead = TeamMember.objects.get(review=row, part=Part.LEAD.value).reviewer_id
    able = [each for each in found.reviewers.values() if each.can_champion and each.pk != lead and each.school_id[:5] == urn(1, 1)[:5]]
    wanted = next(each for each in able if each.school_id != urn(1, 1))
    wanted.person_id = found.here.people["manager"].pk
    wanted.save()
    before = set(TeamMember.objects.filter(review=row, left_on=None).values_list("pk", flat=True))
    with pytest.raises(TeamsRefused, match="Nobody names themselves"):
        name_champion(review_id=row.pk, reviewer_id=wanted.pk, **by)
    assert set(TeamMember.objects.filter(review=row, left_on=None).values_list("pk", flat=True)) == before


# Somebody who guesses

GUESSED: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("review", ()), ("review-focus", ()), ("review-self", ()), ("review-activities", ()), ("review-expect", ()), ("review-evidence", ()),
    ("review-evidence-sync", ()), ("review-report", ()), ("review-draft", ()), ("review-access", ()), ("review-why", ()),
    ("review-document", ("report", "json")), ("review-document", ("evidence", "html")), ("review-access-give", (1,)),
)  # fmt: skip


@pytest.mark.parametrize("number", [10**19, 2**63, 2**31, 0])
def test_a_number_that_is_no_review_is_not_found_and_breaks_nothing(here: World, clock: Any, number: int) -> None:
    review(here, until=State.REPORT_DRAFT)
    browser = signed_in(here.people["head"], code=True)
    got = {name: browser.get(reverse(name, args=[SLUG, number, *more])).status_code for name, more in GUESSED}
    assert got == dict.fromkeys(got, 404)


@pytest.mark.parametrize("name", ["review-round", "review-matching", "review-dates", "review-round-csv", "review-offer"])
def test_a_number_that_is_no_round_is_not_found_and_breaks_nothing(here: World, clock: Any, name: str) -> None:
    browser = signed_in(here.people["manager"], code=True)
    got = [browser.get(reverse(name, args=[SLUG, number])).status_code for number in (10**19, 2**63, 0)]
    assert set(got) <= {403, 404}
