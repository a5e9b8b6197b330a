"""What schools and reviewers answer: who may say what, filled as last time, days as they suit, and nothing of it in the journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Engagement
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions import answers
from convenor.peer_review.actions import rounds as actions
from convenor.peer_review.models import ReviewRound, RoundOffer, RoundSchool
from convenor.peer_review.queries import answers as queries
from convenor.peer_review.rules.answers import AnswerRefused, Days
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import RoundState
from tests.factories.review_rounds import AT, LATER, SLUG, World, open_round, reviewer, rounds_world

pytestmark = pytest.mark.django_db
OWN = "990001"
DAY = date(2027, 1, 12)


@pytest.fixture
def here() -> World:
    return rounds_world()


@pytest.fixture
def row(here: World) -> ReviewRound:
    return open_round(here)


def answer(here: World, row: ReviewRound, by: str = "head", urn: str = OWN, **more: object) -> RoundSchool:
    return answers.answer_round(slug=SLUG, pk=row.pk, urn=urn, by=here[by], at=AT, **more)  # type: ignore[arg-type]


def test_a_head_answers_and_it_counts_as_taking_part(here: World, row: ReviewRound) -> None:
    kept = answer(here, row, hosts=True, focus=["writing", "reading"], days=Days(False, (DAY,)))
    assert (kept.hosts, kept.focus, kept.any_day, kept.days) == (True, ["reading", "writing"], False, ["2027-01-12"])
    assert (kept.answered_at, kept.answered_by) == (AT, "Ada Example, headteacher, Fernhollow Primary School")
    told = Entry.objects.filter(verb="round.answered").values_list("urn", "why", "detail", "subject_label")
    assert list(told) == [(OWN, "", {}, "Fernhollow Primary School")]
    answer(here, row, hosts=False)
    took_part = Engagement.objects.filter(school_id=OWN).values_list("kind", "what", "source")
    assert list(took_part) == [("answered", "Spring 2027", f"review-round-{row.pk}")]


def test_whether_a_school_hosts_is_for_whoever_speaks_for_it(here: World, row: ReviewRound) -> None:
    with pytest.raises(NotAllowed):
        answer(here, row, by="school leader", hosts=True)
    prepared = answer(here, row, by="school leader", focus=["reading"])
    assert (prepared.hosts, prepared.focus, prepared.answered_at) == (None, ["reading"], None)
    answer(here, row, by="chair of governors", hosts=True, focus=["reading"])
    later = answer(here, row, by="school leader", hosts=True, focus=["science"])
    assert (later.hosts, later.focus) == (True, ["science"])


def test_nobody_answers_for_another_school(here: World, row: ReviewRound) -> None:
    for who in ("head", "manager", "clerk", "cluster lead", "reviewer", "somebody with no post"):
        with pytest.raises(NotAllowed):
            answer(here, row, by=who, urn="990005", hosts=True)
    assert RoundSchool.objects.filter(round=row).exclude(answered_at=None).count() == 0


def test_a_school_that_is_not_asked_cannot_answer(here: World) -> None:
    south = open_round(here, body="south-cluster")
    with pytest.raises(NotThere):
        answer(here, south, hosts=True)
    assert queries.answer_page(SLUG, south.pk, OWN, viewer=here["head"], at=AT) is None


def test_of_two_of_a_school_the_second_is_told(here: World, row: ReviewRound) -> None:
    answer(here, row, hosts=True)
    with pytest.raises(ChangedMeanwhile, match=r"^Ada Example, headteacher, Fernhollow Primary School answered"):
        answer(here, row, by="chair of governors", hosts=False, read_at=None, checked=True)
    assert RoundSchool.objects.get(round=row, school_id=OWN).hosts is True


def test_answers_are_closed_with_the_round(here: World, row: ReviewRound) -> None:
    person = reviewer(here, "school leader", urn=OWN)
    answer(here, row, hosts=True)
    actions.close_answers(slug=SLUG, pk=row.pk, version=1, by=here["manager"], at=LATER)
    with pytest.raises(AnswerRefused, match=r"^Answers to this round are closed"):
        answer(here, row, hosts=False)
    with pytest.raises(AnswerRefused, match=r"^Answers to this round are closed"):
        answers.offer_reviews(slug=SLUG, pk=row.pk, reviewer_id=person.pk, reviews=1, by=here["school leader"], at=LATER)


def test_a_host_takes_it_back_and_the_reason_stays_with_it(here: World, row: ReviewRound) -> None:
    with pytest.raises(AnswerRefused, match=r"^Your school does not host"):
        answers.withdraw_host(slug=SLUG, pk=row.pk, urn=OWN, by=here["head"], at=AT)
    answer(here, row, hosts=True)
    answer(here, row, by="other head", urn="990005", hosts=True)
    actions.close_answers(slug=SLUG, pk=row.pk, version=1, by=here["manager"], at=LATER)
    with pytest.raises(NotAllowed):
        answers.withdraw_host(slug=SLUG, pk=row.pk, urn=OWN, by=here["school leader"], at=LATER)
    gone = answers.withdraw_host(slug=SLUG, pk=row.pk, urn=OWN, why="A new head in May.", by=here["head"], at=LATER)
    assert (gone.hosts, gone.withdrawn_on, gone.withdrawn_why) == (False, LATER.date(), "A new head in May.")
    assert Entry.objects.filter(why__contains="new head").count() == 0
    ReviewRound.objects.filter(pk=row.pk).update(state=RoundState.PUBLISHED.value)
    with pytest.raises(AnswerRefused, match=r"^Teams are published"):
        answers.withdraw_host(slug=SLUG, pk=row.pk, urn="990005", by=here["other head"], at=LATER)


def test_the_page_is_filled_with_what_was_said_last_time(here: World, row: ReviewRound) -> None:
    answer(here, row, hosts=True, focus=["reading"], days=Days(False, (DAY,)))
    again = open_round(here, name="Summer 2027")
    page = queries.answer_page(SLUG, again.pk, OWN, viewer=here["head"], at=AT)
    assert page is not None
    assert (page.hosts, page.focus, page.days, page.from_before, page.answered_at) == (True, ("reading",), Days(), "Spring 2027", None)
    own = queries.answer_page(SLUG, row.pk, OWN, viewer=here["school leader"], at=AT)
    assert own is not None
    assert (own.days, own.from_before, own.may_speak) == (Days(False, (DAY,)), "", False)
    assert own.school_days[0] == date(2027, 1, 11)
    assert [each.monday for each in own.weeks][:2] == [date(2027, 1, 11), date(2027, 1, 18)]


def test_a_reviewer_offers_for_themselves_and_a_head_for_their_people(here: World, row: ReviewRound) -> None:
    deputy = reviewer(here, "school leader", urn=OWN)
    outside = reviewer(here, "reviewer")
    offer = {"slug": SLUG, "pk": row.pk, "at": AT}
    own = answers.offer_reviews(**offer, reviewer_id=deputy.pk, reviews=2, days=Days(False, (DAY,)), by=here["school leader"])
    assert (own.reviews, own.any_day, own.days) == (2, False, ["2027-01-12"])
    by_head = answers.offer_reviews(**offer, reviewer_id=deputy.pk, reviews=1, by=here["head"])
    assert (by_head.pk, by_head.reviews, by_head.days) == (own.pk, 1, ["2027-01-12"])
    for who in ("other head", "manager", "reviewer", "clerk"):
        with pytest.raises(NotAllowed):
            answers.offer_reviews(**offer, reviewer_id=deputy.pk, reviews=0, by=here[who])
    with pytest.raises(NotAllowed):
        answers.offer_reviews(**offer, reviewer_id=outside.pk, reviews=1, by=here["head"])
    with pytest.raises(AnswerRefused):
        answers.offer_reviews(**offer, reviewer_id=deputy.pk, reviews=7, by=here["head"])


def test_a_round_of_another_scope_asks_no_reviewer_of_ours(here: World) -> None:
    deputy = reviewer(here, "school leader", urn=OWN)
    south = open_round(here, body="south-cluster")
    with pytest.raises(NotThere):
        answers.offer_reviews(slug=SLUG, pk=south.pk, reviewer_id=deputy.pk, reviews=1, by=here["school leader"], at=AT)
    assert queries.offer_page(SLUG, south.pk, viewer=here["school leader"], at=AT) is None


def test_an_offer_is_taken_back(here: World, row: ReviewRound) -> None:
    deputy = reviewer(here, "school leader", urn=OWN)
    with pytest.raises(NotThere):
        answers.withdraw_offer(slug=SLUG, pk=row.pk, reviewer_id=deputy.pk, by=here["school leader"], at=AT)
    answers.offer_reviews(slug=SLUG, pk=row.pk, reviewer_id=deputy.pk, reviews=1, by=here["school leader"], at=AT)
    gone = answers.withdraw_offer(slug=SLUG, pk=row.pk, reviewer_id=deputy.pk, why="Ill", by=here["school leader"], at=LATER)
    assert (gone.withdrawn_on, gone.withdrawn_why, Entry.objects.filter(why="Ill").count()) == (LATER.date(), "Ill", 0)
    again = answers.offer_reviews(slug=SLUG, pk=row.pk, reviewer_id=deputy.pk, reviews=1, by=here["school leader"], at=LATER)
    assert (again.withdrawn_on, again.withdrawn_why) == (None, "")


def test_a_whole_answer_is_kept_together_or_not_at_all(here: World, row: ReviewRound) -> None:
    deputy = reviewer(here, "school leader", urn=OWN)
    given = {"slug": SLUG, "pk": row.pk, "urn": OWN, "at": AT, "hosts": True, "focus": [], "days": Days(), "read_at": None}
    with pytest.raises(AnswerRefused):
        answers.answer_with_colleagues(**given, by=here["head"], offered=[(deputy.pk, 99)])  # type: ignore[arg-type]
    assert RoundSchool.objects.get(round=row, school_id=OWN).hosts is None
    answers.answer_with_colleagues(**given, by=here["head"], offered=[(deputy.pk, 2)])  # type: ignore[arg-type]
    assert RoundOffer.objects.get(round=row).reviews == 2
    before = Entry.objects.filter(verb="round.offered").count()
    read = RoundSchool.objects.get(round=row, school_id=OWN).answered_at
    answers.answer_with_colleagues(**(given | {"read_at": read}), by=here["head"], offered=[(deputy.pk, 2)])  # type: ignore[arg-type]
    assert Entry.objects.filter(verb="round.offered").count() == before


def test_what_waits_for_somebody(here: World, row: ReviewRound) -> None:
    reviewer(here, "school leader", urn=OWN)
    reviewer(here, "reviewer")
    waits = {who: [(each.urn, each.name) for each in queries.rounds_waiting(viewer=here[who], at=AT)] for who in here.viewers}
    assert waits["head"] == [(OWN, "Spring 2027")]
    assert waits["school leader"] == [(OWN, "Spring 2027"), ("", "Spring 2027")]
    assert waits["trust lead"] == [("990002", "Spring 2027"), ("990004", "Spring 2027")]
    assert waits["reviewer"] == [("", "Spring 2027")]
    assert {who for who, each in waits.items() if each} == {
        "head", "chair of governors", "school leader", "other head", "trust lead", "reviewer",
    }  # fmt: skip
    answer(here, row, hosts=False)
    assert queries.rounds_waiting(viewer=here["head"], at=AT) == ()


def test_an_offer_page_is_filled_with_the_last_offer(here: World, row: ReviewRound) -> None:
    person = reviewer(here, "reviewer")
    answers.offer_reviews(slug=SLUG, pk=row.pk, reviewer_id=person.pk, reviews=3, by=here["reviewer"], at=AT)
    again = open_round(here, name="Summer 2027", at=AT + timedelta(days=1))
    page = queries.offer_page(SLUG, again.pk, viewer=here["reviewer"], at=AT)
    assert page is not None
    assert (page.reviews, page.usual, page.days, page.weeks[0].monday) == (None, 3, Days(), date(2027, 1, 11))
