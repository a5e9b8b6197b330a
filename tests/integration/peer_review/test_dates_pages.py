"""The pages of dates: by week and cluster for whoever runs or follows a round, one visit set or moved by hand."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from convenor.england.school_years import SchoolYear
from convenor.partnership import actions as partnership
from convenor.partnership.models import Body
from convenor.partnership.rules.terms import Stretch
from convenor.peer_review.models import DateProposal, PeerReview, ReviewRound, ReviewStep, RoundSchool
from convenor.peer_review.rules.states import State
from tests.factories.partnership import AT, SLUG, World
from tests.factories.peer_review import HOST, QUESTION, SECRETS, review, review_round, reviewing

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def here(settings: Any) -> Any:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SecondFactor" not in each]
    with patch("django.utils.timezone.now", return_value=AT):
        found = reviewing()
        partnership.set_terms(
            slug=SLUG, year=SchoolYear(2026), stretches=[Stretch(date(2026, 11, 2), date(2026, 12, 19), "Autumn, second half")],
            by="the test", at=AT,
        )  # fmt: skip
        row = review_round(found)
        row.way = row.way | {"visit_days": 1}
        row.save()
        yield found


def signed_in(here: World, who: str) -> Client:
    client = Client()
    client.force_login(here.people[who])
    return client


def waiting(school: str, here: World) -> PeerReview:
    row = review(here, until=State.DRAFT, school=school)
    cluster = Body.objects.get(partnership=here.partnership, key="north-cluster")
    RoundSchool.objects.create(round=row.round, school_id=school, body=cluster, hosts=True, answered_at=AT)
    return row


def page(row: PeerReview | None = None) -> str:
    return reverse("review-dates", args=[SLUG, (row.round if row else ReviewRound.objects.get()).pk])


def one(row: PeerReview) -> str:
    return reverse("review-date", args=[SLUG, row.pk])


def test_dates_are_proposed_seen_and_set(here: World) -> None:
    first, second = waiting(HOST, here), waiting("990002", here)
    client = signed_in(here, "manager")
    assert client.post(page(), {"do": "propose"}).status_code == 302
    shown = client.get(page()).content.decode()
    assert (shown.count("2 dates are proposed."), shown.count('<span class="tag">proposed</span>'), shown.count("that is proved")) == (
        1,
        2,
        1,
    )
    client.post(page(), {"do": "take"})
    after = client.get(page()).content.decode()
    assert (after.count("The dates are set."), after.count("2 visits</dd>"), after.count("proposed</span>")) == (1, 1, 0)
    assert {PeerReview.objects.get(pk=each.pk).state for each in (first, second)} == {"scheduled"}


def test_many_dates_are_set_some_at_a_time_with_a_word_on_how_far(here: World) -> None:
    waiting(HOST, here), waiting("990002", here)
    client = signed_in(here, "manager")
    client.post(page(), {"do": "propose"})
    with patch("convenor.peer_review.actions.dates.take_dates.__kwdefaults__", {"site": "", "at_once": 1}):
        more = client.post(page(), {"do": "take"}, headers={"HX-Request": "true"})
        shown = client.get(more["Location"]).content.decode()
        done = client.post(page(), {"do": "take"}, headers={"HX-Request": "true"})
    assert (more.status_code, shown.count("1 date still to be set."), done.status_code, done["HX-Redirect"]) == (302, 1, 200, page())


def test_what_cannot_be_set_any_more_is_told_with_why(here: World) -> None:
    first, second = waiting(HOST, here), waiting("990002", here)
    client = signed_in(here, "manager")
    client.post(page(), {"do": "propose"})
    taken = DateProposal.objects.get().days[str(second.pk)]
    client.post(one(first), {"from_on": taken, "version": "1"})
    client.post(page(), {"do": "take"})
    shown = client.get(page()).content.decode()
    assert (shown.count("1 could not be set any more"), shown.count("Nobody can be on two visits on one day.")) == (1, 1)


def test_nothing_to_propose_is_said(here: World) -> None:
    review(here)
    client = signed_in(here, "manager")
    client.post(page(), {"do": "propose"})
    client.post(page(), {"do": "take"})
    shown = client.get(page()).content.decode()
    assert (shown.count("No visit of this round waits for a date."), shown.count("There is no proposal of dates to take.")) == (1, 1)


def test_a_round_in_which_nothing_can_be_placed_says_so(here: World) -> None:
    row = waiting(HOST, here)
    RoundSchool.objects.filter(school_id=HOST).update(any_day=False, days=["2026-12-25"])
    client = signed_in(here, "manager")
    client.post(page(row), {"do": "propose"})
    shown = client.get(page()).content.decode()
    assert (shown.count("No visit could be placed."), shown.count("Fernhollow Primary School can host on none of the school days")) == (
        1,
        1,
    )


def test_the_list_narrows_to_a_week_and_a_cluster(here: World) -> None:
    row = review(here)
    RoundSchool.objects.create(
        round=row.round, school_id=HOST, body=Body.objects.get(partnership=here.partnership, key="north-cluster"), hosts=True
    )
    client = signed_in(here, "manager")
    empty = client.get(page(), {"week": "2026-11-09"}).content.decode()
    full = client.get(page(), {"week": "2026-11-30", "cluster": "North cluster"}).content.decode()
    assert [text.count(">Fernhollow Primary School</a>") for text in (empty, full)] == [0, 1]
    assert full.count("Show all") == 1


def test_a_lead_sees_dates_of_their_schools_and_may_not_propose(here: World, django_assert_max_num_queries: Any) -> None:
    review(here, until=State.DATA_SHARED)
    review(here, until=State.SCHEDULED, school="990004")
    client = signed_in(here, "cluster lead")
    with django_assert_max_num_queries(24):
        shown = client.get(page()).content.decode()
    assert (shown.count(">Fernhollow Primary School</a>"), shown.count(">Coldbrook Academy</a>"), shown.count("Propose dates")) == (1, 0, 0)
    assert [words for words in (QUESTION, *SECRETS.values()) if words in shown] == []
    assert client.post(page(), {"do": "propose"}).status_code in (403, 404)
    assert DateProposal.objects.count() == 0


def test_the_page_takes_no_more_queries_for_more_visits(here: World, django_assert_max_num_queries: Any) -> None:
    for urn in (HOST, "990002", "990006"):
        waiting(urn, here)
    client = signed_in(here, "manager")
    client.post(page(), {"do": "propose"})
    with django_assert_max_num_queries(22):
        client.get(page())


def test_without_terms_the_page_says_what_is_not_known(here: World) -> None:
    review(here)
    here.partnership.term_dates.all().delete()
    assert "Nobody has entered the terms of 2026-27." in signed_in(here, "manager").get(page()).content.decode()


def test_one_visit_is_set_by_hand_from_a_day_that_suits_everybody(here: World) -> None:
    row = waiting(HOST, here)
    client = signed_in(here, "manager")
    shown = client.get(one(row)).content.decode()
    assert shown.count("?day=2026-11-") > 2
    done = client.post(one(row), {"from_on": TUESDAY.isoformat(), "version": "1"})
    row.refresh_from_db()
    assert (done.status_code, done["Location"], row.visit_from_on, row.state) == (302, page(), TUESDAY, "scheduled")


def test_a_visit_is_moved_with_a_reason_and_the_host_comes_back_to_its_review(here: World) -> None:
    row = review(here)
    host = signed_in(here, "head")
    refused = host.post(one(row), {"from_on": TUESDAY.isoformat(), "version": str(row.version)})
    done = host.post(one(row), {"from_on": TUESDAY.isoformat(), "why": "Inspection", "version": str(row.version)})
    assert (refused.status_code, done.status_code, done["Location"]) == (422, 302, reverse("review", args=[SLUG, row.pk]))
    assert ReviewStep.objects.filter(review=row, step="moved").get().why == "Inspection"


def test_a_day_that_cannot_be_is_told_and_nothing_typed_is_lost(here: World) -> None:
    row = waiting(HOST, here)
    answer = signed_in(here, "manager").post(one(row), {"from_on": "2026-11-28", "version": "1"})
    text = answer.content.decode()
    assert (answer.status_code, "is no school day: a weekend" in text, 'value="2026-11-28"' in text) == (422, True, True)


def test_a_visit_moved_by_another_meanwhile_is_told(here: World) -> None:
    row = review(here)
    PeerReview.objects.filter(pk=row.pk).update(version=row.version + 1)
    answer = signed_in(here, "manager").post(one(row), {"from_on": TUESDAY.isoformat(), "why": "x", "version": str(row.version)})
    assert (answer.status_code, "Somebody changed this review" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("who", ["lead", "school office", "officer", "board member", "other head"])
def test_who_neither_runs_nor_hosts_finds_no_such_page(here: World, who: str) -> None:
    row = review(here)
    assert signed_in(here, who).get(one(row)).status_code in (403, 404)


def test_a_host_does_not_set_its_own_first_date(here: World) -> None:
    row = waiting(HOST, here)
    assert signed_in(here, "head").get(one(row)).status_code == 404


def test_a_visit_that_has_begun_has_no_such_page(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    assert signed_in(here, "manager").get(one(row)).status_code == 404


def test_a_postponed_review_gets_its_new_days_here(here: World) -> None:
    row = review(here, until=State.POSTPONED, resumes=State.SCHEDULED)
    client = signed_in(here, "head")
    client.post(one(row), {"from_on": (TUESDAY + timedelta(days=1)).isoformat(), "why": "New day", "version": str(row.version)})
    row.refresh_from_db()
    shown = client.get(one(row)).content.decode()
    assert (row.visit_from_on, row.state, shown.count("It is now on <strong>25 November 2026")) == (date(2026, 11, 25), "postponed", 1)


def test_no_day_that_suits_everybody_is_said(here: World) -> None:
    row = waiting(HOST, here)
    RoundSchool.objects.filter(school_id=HOST).update(any_day=False, days=[])
    assert "No day in the coming months suits everybody" in signed_in(here, "manager").get(one(row)).content.decode()


def test_an_order_that_is_none_changes_nothing(here: World) -> None:
    waiting(HOST, here)
    assert signed_in(here, "manager").post(page(), {"do": "neither"}).status_code == 302
    assert DateProposal.objects.count() == 0


def test_the_review_leads_its_host_to_moving_the_visit(here: World) -> None:
    row = review(here)
    text = signed_in(here, "head").get(reverse("review", args=[SLUG, row.pk])).content.decode()
    assert text.count(one(row)) == 1
