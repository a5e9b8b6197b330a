"""The pages of rounds: opened, answered and kept through the browser; nothing typed is lost; a county asks few queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.partnership.models import Body, BodySchool, Membership
from convenor.peer_review.actions import answers
from convenor.peer_review.actions import rounds as actions
from convenor.peer_review.models import DeclaredInterest, Objection, Reviewer, ReviewRound, RoundOffer, RoundSchool, Training
from convenor.peer_review.queries import answers as answer_queries
from convenor.peer_review.queries import register as register_queries
from convenor.peer_review.queries import rounds as queries
from convenor.peer_review.queries.scopes import planning, preview
from convenor.registers.models import School
from tests.factories.review_rounds import AT, PLAN, SLUG, World, open_round, plan, reviewer, rounds_world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
OWN, OTHER = "990001", "990005"


@pytest.fixture
def here() -> World:
    return rounds_world()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def page(name: str, *parts: object, **query: str) -> str:
    return reverse(name, args=[SLUG, *parts], query=query or None)


def browser(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def boxes(**more: Any) -> dict[str, Any]:
    """The form of a round as the page sends it."""
    given = {
        "name": PLAN.name, "way": PLAN.way, "body": "", "reach": "area", "answers_by_on": "2026-11-27", "visits_from_on": "2027-01-11",
        "last_visit_on": "2027-03-26", "words": "Bring your question.", "do": "open",
    }  # fmt: skip
    return given | more


def test_a_coordinator_opens_a_round_on_one_page(here: World) -> None:
    client = browser(here, "manager")
    shown = client.get(page("review-round-open")).content.decode()
    assert "<strong>6 schools</strong>: North cluster 3, South cluster 3." in shown
    done = client.post(page("review-round-open"), boxes())
    row = ReviewRound.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, page("review-round", row.pk))
    assert (row.state, row.visits_until_on, row.team_size, row.school_serves_at_most) == ("open", date(2027, 3, 27), 3, 4)
    assert RoundSchool.objects.filter(round=row).count() == 6


def test_a_draft_is_kept_and_opened_later(here: World) -> None:
    client = browser(here, "manager")
    client.post(page("review-round-open"), boxes(do="keep"))
    row = ReviewRound.objects.get()
    assert (row.state, RoundSchool.objects.count()) == ("draft", 0)
    again = client.get(page("review-round-change", row.pk)).content.decode()
    assert ("Open the round" in again, 'value="Spring 2027"' in again) == (True, True)
    client.post(page("review-round-change", row.pk), boxes(version="1", words="Come."))
    row.refresh_from_db()
    assert (row.state, row.words, row.version) == ("open", "Come.", 2)


def test_what_is_wrong_is_said_at_its_box_and_nothing_typed_is_lost(here: World) -> None:
    client = browser(here, "manager")
    got = client.post(page("review-round-open"), boxes(answers_by_on="2026-11-03", words="Keep these words."))
    shown = got.content.decode()
    assert got.status_code == 422
    assert [each for each in ("That is too short for answers", "Keep these words.", 'href="#id_answers_by_on"') if each not in shown] == []
    unread = client.post(page("review-round-open"), boxes(answers_by_on="soon"))
    assert (unread.status_code, "Fill in the boxes above" in unread.content.decode()) == (422, True)
    assert ReviewRound.objects.count() == 0


def test_a_school_in_two_clusters_is_asked_about_on_the_page(here: World) -> None:
    south = Body.objects.get(partnership=here.partnership, key="south-cluster")
    BodySchool.objects.create(partnership=here.partnership, body=south, school_id=OWN, from_on=AT.date())
    client = browser(here, "manager")
    got = client.post(page("review-round-open"), boxes(reach="cluster"))
    assert (got.status_code, f'name="place_{OWN}"' in got.content.decode()) == (422, True)
    placed = boxes(reach="cluster") | {f"place_{OWN}": "south-cluster"}
    looked = client.get(page("review-round-open"), placed).content.decode()
    assert '<option value="south-cluster" selected>South cluster</option>' in looked
    client.post(page("review-round-open"), placed)
    assert RoundSchool.objects.get(school_id=OWN).body.key == "south-cluster"


def test_a_preview_keeps_nothing(here: World) -> None:
    client = browser(here, "manager")
    got = client.get(page("review-round-open"), boxes(phases="Primary"))
    assert (got.status_code, "<strong>3 schools</strong>: North cluster 3." in got.content.decode()) == (200, True)
    assert ReviewRound.objects.count() == 0


def test_the_second_coordinator_sees_both_and_saves_again(here: World) -> None:
    row = open_round(here)
    client = browser(here, "manager")
    actions.keep_round(slug=SLUG, plan=plan(answers_by_on=date(2026, 12, 4)), by=here["manager"], at=AT, pk=row.pk, version=1)
    mine = boxes(version="1", words="Two questions.", do="keep")
    got = client.post(page("review-round-change", row.pk), mine)
    shown = got.content.decode()
    assert got.status_code == 422
    assert "answers by: 4 December 2026; your words: Bring your question." in shown
    assert 'name="version" value="2"' in shown
    assert "Two questions." in shown
    assert client.post(page("review-round-change", row.pk), mine | {"version": "2"}).status_code == 302
    row.refresh_from_db()
    assert (row.version, row.words, row.answers_by_on) == (3, "Two questions.", date(2026, 11, 27))


def test_a_round_is_reminded_closed_reopened_and_withdrawn_on_its_pages(here: World, clock: Any) -> None:
    row = open_round(here)
    answers.answer_round(slug=SLUG, pk=row.pk, urn=OWN, hosts=True, by=here["head"], at=AT)
    client = browser(here, "manager")
    assert client.post(page("review-round-remind", row.pk)).status_code == 422
    steps = (("close", {"version": "1"}, "matching"), ("reopen", {"version": "2"}, "open"), ("close", {"version": "3"}, "matching"))
    for name, sent, state in steps:
        assert client.post(page(f"review-round-{name}", row.pk), sent).status_code == 302
        row.refresh_from_db()
        assert row.state == state
    assert client.post(page("review-round-end", row.pk), {"version": "4"}).status_code == 422
    assert client.post(page("review-round-withdraw", row.pk), {"version": "4", "why": ""}).status_code == 422
    assert client.post(page("review-round-withdraw", row.pk), {"version": "4", "why": "Snow."}).status_code == 302
    assert "Snow." in browser(here, "head").get(page("review-round", row.pk)).content.decode()


def test_a_head_answers_on_one_page(here: World) -> None:
    deputy = reviewer(here, "school leader", urn=OWN)
    row = open_round(here)
    client = browser(here, "head")
    address = page("review-round-answer", row.pk)
    assert "Host this time?" in client.get(address).content.decode()
    sent = {
        "hosts": "yes",
        "focus": ["reading"],
        "which": "not",
        "marked": ["2027-01-12"],
        "weeks": ["2027-01-18"],
        f"offer_{deputy.pk}": "2",
    }
    assert client.post(address, sent | {"read_at": ""}).headers["Location"] == page("review-round", row.pk)
    kept = RoundSchool.objects.get(round=row, school_id=OWN)
    assert (kept.hosts, kept.focus, kept.any_day, "2027-01-12" in kept.days, "2027-01-20" in kept.days) == (
        True, ["reading"], False, False, False,
    )  # fmt: skip
    assert (kept.days[:2], RoundOffer.objects.get().reviews) == (["2027-01-11", "2027-01-13"], 2)
    again = client.post(address, sent | {"read_at": "", "focus": ["science"]})
    shown = again.content.decode()
    assert (again.status_code, "answered for your school while you had this open" in shown) == (422, True)
    assert f'name="read_at" value="{AT.isoformat()}"' in shown
    assert client.post(address, sent | {"read_at": AT.isoformat(), "focus": ["science"]}).status_code == 302


def test_an_answer_that_cannot_be_kept_says_so_at_its_box(here: World) -> None:
    row = open_round(here)
    client = browser(here, "head")
    address = page("review-round-answer", row.pk)
    for sent, said in (
        ({"which": "only"}, "Mark at least one day, or choose any school day"),
        ({"which": "any", "focus": ["reading", "writing", "science", "teaching"]}, "Choose at most 3 themes"),
    ):
        got = client.post(address, {"hosts": "yes", "read_at": "", **sent})
        assert (got.status_code, said in got.content.decode()) == (422, True)
    assert client.post(address, {"hosts": "yes", "which": "any", "read_at": "yesterday"}).status_code == 302


def test_a_deputy_prepares_and_is_not_asked_whether_the_school_hosts(here: World) -> None:
    row = open_round(here)
    client = browser(here, "school leader")
    address = page("review-round-answer", row.pk, school=OWN)
    shown = client.get(address).content.decode()
    assert ("Whether your school hosts, your head or chair says" in shown, 'name="hosts"' in shown) == (True, False)
    assert client.post(address, {"hosts": "yes", "which": "any", "focus": ["reading"], "read_at": ""}).status_code == 302
    kept = RoundSchool.objects.get(round=row, school_id=OWN)
    assert (kept.hosts, kept.focus) == (None, ["reading"])


def test_a_leader_of_several_schools_goes_from_one_to_the_next(here: World) -> None:
    row = open_round(here)
    client = browser(here, "trust lead")
    first = client.post(page("review-round-answer", row.pk), {"hosts": "yes", "which": "any", "read_at": ""})
    assert first.headers["Location"] == page("review-round-answer", row.pk, school="990004")
    assert client.get(page("review-round-answer", row.pk, school=OWN)).status_code == 403


def test_a_closed_round_shows_what_was_answered(here: World) -> None:
    row = open_round(here)
    answers.answer_round(slug=SLUG, pk=row.pk, urn=OWN, hosts=True, by=here["head"], at=AT)
    actions.close_answers(slug=SLUG, pk=row.pk, version=1, by=here["manager"], at=AT)
    client = browser(here, "head")
    shown = client.get(page("review-round-answer", row.pk, school=OWN)).content.decode()
    assert [each for each in ("yes, this time", "We cannot host this time after all") if each not in shown] == []
    assert 'name="hosts"' not in shown
    done = client.post(page("review-round-withdraw-host", row.pk, school=OWN), {"why": "Ill"})
    assert done.headers["Location"] == page("review-round-answer", row.pk, school=OWN)
    assert client.get(page("review-round-withdraw-host", row.pk, school=OWN)).status_code == 404


def test_a_reviewer_offers_and_takes_it_back(here: World) -> None:
    person = reviewer(here, "reviewer")
    row = open_round(here)
    client = browser(here, "reviewer")
    assert client.get(page("review-offer-withdraw", row.pk)).status_code == 404
    assert client.post(page("review-offer", row.pk), {"reviews": "2", "which": "only", "marked": ["2027-01-12"]}).status_code == 302
    kept = RoundOffer.objects.get(reviewer=person)
    assert (kept.reviews, kept.any_day, kept.days) == (2, False, ["2027-01-12"])
    assert client.post(page("review-offer-withdraw", row.pk), {"why": ""}).status_code == 302
    kept.refresh_from_db()
    assert kept.withdrawn_on == AT.date()


def test_whoever_is_not_on_the_register_is_led_there(here: World) -> None:
    row = open_round(here)
    client = browser(here, "head")
    assert client.get(page("review-offer", row.pk)).headers["Location"] == page("reviewer-me")
    assert client.post(page("reviewer-me"), {"urn": OWN}).status_code == 302
    assert Reviewer.objects.get().school_id == OWN
    assert client.get(page("review-offer", row.pk)).status_code == 200
    outside = browser(here, "reviewer")
    assert outside.post(page("reviewer-me"), {"near": OTHER}).status_code == 302
    assert outside.post(page("reviewer-me"), {"expertise": ["science"], "days_a_year": "4"}).status_code == 302
    assert list(Reviewer.objects.filter(school=None).values_list("expertise", "days_a_year")) == [(["science"], 4)]


def test_the_register_is_kept_on_its_pages(here: World) -> None:
    client = browser(here, "manager")
    person = here.people["school leader"]
    choice = {"person": str(person.pk), "urn": OWN, "can_lead": "on"}
    assert client.post(page("reviewer-add"), choice).status_code == 302
    assert client.post(page("reviewer-add"), choice).status_code == 422
    assert client.post(page("reviewer-add"), {"urn": OWN}).status_code == 422
    new = {"name": "Ines Vale", "email": "ines@example.org", "near": OTHER}
    assert client.post(page("reviewer-add"), new).status_code == 302
    rows = list(Reviewer.objects.order_by("person__name"))
    sent = {"kind": "initial", "trained_on": "2026-10-05", "reviewers": [str(each.pk) for each in rows]}
    assert client.post(page("reviewer-training"), sent | {"trained_on": "2026-12-05"}).status_code == 422
    assert client.post(page("reviewer-training"), sent).status_code == 302
    assert Training.objects.count() == 2
    shown = client.get(page("reviewers", training="in date", text="fernhollow")).content.decode()
    assert ("Sia Brook" in shown, "Ines Vale" in shown) == (True, False)
    assert client.post(page("reviewer-change", rows[1].pk), {"urn": OWN, "can_champion": "on"}).status_code == 302
    assert client.post(page("reviewer-end", rows[0].pk)).status_code == 302
    assert client.get(page("reviewer-end", rows[0].pk)).status_code == 404


def test_private_declarations_are_made_and_taken_back_on_their_pages(here: World) -> None:
    reviewer(here, "school leader", urn=OWN)
    deputy, head = browser(here, "school leader"), browser(here, "head")
    assert deputy.post(page("reviewer-interest"), {"urn": OTHER, "kind": "family"}).status_code == 302
    assert deputy.post(page("reviewer-interest"), {"urn": OTHER, "kind": "family", "until_on": "2020-01-01"}).status_code == 422
    assert "Dunmarsh High School" in deputy.get(page("reviewer-me")).content.decode()
    assert head.post(page("review-objections", OWN), {"objects_to": OTHER}).status_code == 302
    assert "Dunmarsh High School" in head.get(page("review-objections", OWN)).content.decode()
    for who, name in (("manager", "reviewers"), ("other head", "review-rounds"), ("head", "reviewer-me")):
        shown = browser(here, who).get(page(name)).content.decode()
        assert [each for each in ("Family or friends", "Take it back") if each in shown] == []
    assert deputy.post(page("reviewer-interest-end", DeclaredInterest.objects.get().pk)).status_code == 302
    assert head.post(page("review-objection-end", OWN, Objection.objects.get().pk)).status_code == 302
    assert (DeclaredInterest.objects.count(), Objection.objects.filter(withdrawn_at=None).count()) == (0, 0)
    assert deputy.post(page("reviewer-leave")).status_code == 302
    assert Reviewer.objects.get().until_on == AT.date()


def test_the_schools_of_a_round_are_downloaded_as_they_stand(here: World) -> None:
    School.objects.filter(urn=OWN).update(name="=Fernhollow")
    row = open_round(here)
    answers.answer_round(slug=SLUG, pk=row.pk, urn=OWN, hosts=True, by=here["head"], at=AT)
    got = browser(here, "manager").get(page("review-round-csv", row.pk, answer="hosts"))
    lines = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert lines[1:] == [
        [OWN, "'=Fernhollow", "Primary", "North cluster", "hosts", "3", "yes", "", "2026-11-02", "2026-11-02", "", ""]
    ]  # fmt: skip


def test_a_room_that_is_off_has_no_pages(here: World) -> None:
    here.partnership.rooms_off = ["peer-review"]
    here.partnership.save()
    assert browser(here, "manager").get(page("review-rounds")).status_code == 404


@pytest.fixture
def county(here: World) -> World:
    """Two hundred and fifty schools more, in the two clusters, half of whose reviewers are on the register."""
    bodies = list(Body.objects.filter(partnership=here.partnership, tier__hue="cluster"))
    schools = School.objects.bulk_create(
        School(urn=f"98{n:04}", name=f"School {n}", phase="Primary", status="open", fictitious=True, easting=400000 + n, northing=200000)
        for n in range(250)
    )
    Membership.objects.bulk_create(Membership(partnership=here.partnership, school=each, from_on=AT.date()) for each in schools)
    BodySchool.objects.bulk_create(
        BodySchool(partnership=here.partnership, body=bodies[n % 2], school=each, from_on=AT.date()) for n, each in enumerate(schools)
    )
    return here


def asked(count: int, ask: Any) -> Any:
    """What a query answers, having asked the database so often at the most."""
    with CaptureQueriesContext(connection) as seen:
        found = ask()
    assert len(seen) <= count, [each["sql"][:120] for each in seen]
    return found


def test_a_county_asks_few_queries(county: World) -> None:
    here = county
    reviewer(here, "school leader", urn=OWN)
    row = asked(40, lambda: open_round(here))
    assert RoundSchool.objects.filter(round=row).count() == 256
    manager, head = here["manager"], here["head"]
    asked(7, lambda: planning(viewer=manager, at=AT))
    asked(7, lambda: preview(plan(name="Next"), viewer=manager, at=AT))
    seen = asked(1, lambda: queries.round_here(SLUG, row.pk, viewer=manager, at=AT))
    assert len(asked(1, lambda: queries.asked_schools(seen, viewer=manager, at=AT))) == 256
    asked(3, lambda: queries.offers(seen, viewer=manager, at=AT))
    asked(2, lambda: queries.rounds(viewer=manager, at=AT))
    asked(12, lambda: answer_queries.answer_page(SLUG, row.pk, OWN, viewer=head, at=AT))
    asked(9, lambda: answer_queries.offer_page(SLUG, row.pk, viewer=here["school leader"], at=AT))
    asked(4, lambda: answer_queries.rounds_waiting(viewer=here["school leader"], at=AT))
    asked(3, lambda: register_queries.register(viewer=manager, at=AT))
    asked(5, lambda: register_queries.reviewer_me(viewer=here["school leader"], at=AT))
    asked(2, lambda: register_queries.objections(OWN, viewer=head, at=AT))
    client = browser(here, "manager")
    client.get(page("review-round", row.pk))
    got = asked(20, lambda: client.get(page("review-round", row.pk)))
    assert (got.status_code, "256 schools, by name" in got.content.decode()) == (200, True)
