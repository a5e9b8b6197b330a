"""A school joins after a round was opened: whoever runs the round asks it with one button, and nobody is asked twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Body, BodySchool, Membership
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions import answers
from convenor.peer_review.actions import rounds as actions
from convenor.peer_review.models import ReviewRound, RoundSchool
from convenor.peer_review.rules.rounds import RoundRefused
from convenor.peer_review.rules.states import Reach
from convenor.post.models import Letter
from tests.factories.review_rounds import LATER, ON, SLUG, World, open_round, reviewer, rounds_world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
NEW = "990005"


@pytest.fixture
def here() -> World:
    return rounds_world()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=LATER) as now:
        yield now


def opened(here: World, **more: Any) -> ReviewRound:
    """A round that was opened while 990005 was no member; it has joined since."""
    member = Membership.objects.get(school_id=NEW)
    member.from_on = LATER.date() - timedelta(days=2)
    member.save()
    reviewer(here, "other head", urn=NEW)
    reviewer(here, "school leader", urn="990001")
    row = open_round(here, **more)
    Letter.objects.all().delete()
    return row


def ask(here: World, row: ReviewRound, who: str = "manager") -> tuple[str, ...]:
    return actions.ask_newcomers(slug=SLUG, pk=row.pk, by=here[who], at=LATER, site="https://convenor.example")


def asked(row: ReviewRound) -> dict[str, Any]:
    return dict(RoundSchool.objects.filter(round=row).values_list("school_id", "invited_at"))


def test_a_school_that_joined_since_is_asked_and_its_reviewers_with_it(here: World) -> None:
    row = opened(here)
    before = asked(row)
    assert NEW not in before
    assert ask(here, row) == (NEW,)
    assert asked(row) == {**before, NEW: LATER}
    assert sorted(Letter.objects.values_list("to_name", "subject")) == [("Dele Stone", "Peer review: Spring 2027")] * 2
    assert [f"/rounds/{row.pk}/answer/?school={NEW}" in each.body for each in Letter.objects.order_by("pk")] == [True, False]
    entry = Entry.objects.get(verb="round.newcomers-asked")
    assert (entry.subject_label, entry.detail) == ("Spring 2027", {"schools": 1})
    answers.answer_round(slug=SLUG, pk=row.pk, urn=NEW, hosts=True, by=here["other head"], at=LATER)


def test_nobody_is_asked_twice(here: World) -> None:
    row = opened(here)
    ask(here, row)
    Letter.objects.all().delete()
    with pytest.raises(RoundRefused, match="has been asked"):
        ask(here, row)
    assert Letter.objects.count() == 0


def test_only_whoever_runs_an_open_round_asks(here: World) -> None:
    row = opened(here)
    for who in ("head", "cluster lead", "board member", "officer", "somebody with no post"):
        with pytest.raises(NotAllowed):
            ask(here, row, who)
    with pytest.raises(NotThere):
        actions.ask_newcomers(slug=SLUG, pk=row.pk + 9, by=here["manager"], at=LATER)
    ReviewRound.objects.filter(pk=row.pk).update(state="matching")
    with pytest.raises(RoundRefused, match="Only while a round is open"):
        ask(here, row)
    assert (NEW in asked(row), Letter.objects.count()) == (False, 0)


def test_the_page_of_the_round_asks_with_one_button(here: World) -> None:
    row = opened(here)
    client = signed_in(here.people["manager"], code=True)
    page = client.get(reverse("review-round", args=[SLUG, row.pk])).content.decode()
    name = RoundSchool._meta.get_field("school").related_model.objects.get(pk=NEW).name
    assert ("1 school joined after the round was opened" in page, f"Not asked yet: {name}." in page) == (True, True)
    after = client.post(reverse("review-round-newcomers", args=[SLUG, row.pk]), follow=True).content.decode()
    assert ("One school is asked." in after, "joined after the round was opened" in after) == (True, False)
    again = client.post(reverse("review-round-newcomers", args=[SLUG, row.pk]))
    assert (again.status_code, "has been asked" in again.content.decode()) == (422, True)
    other = signed_in(here.people["head"], code=True).get(reverse("review-round", args=[SLUG, row.pk])).content.decode()
    assert "joined after the round was opened" not in other


def test_a_newcomer_in_two_groups_waits_for_a_word(here: World) -> None:
    row = opened(here, reach=Reach.CLUSTER)
    BodySchool.objects.filter(school_id=NEW).delete()
    for key in ("north-cluster", "south-cluster"):
        body = Body.objects.get(partnership=here.partnership, key=key)
        BodySchool.objects.create(partnership=here.partnership, body=body, school_id=NEW, from_on=ON)
    page = signed_in(here.people["manager"], code=True).get(reverse("review-round", args=[SLUG, row.pk])).content.decode()
    assert ("in two groups of this round" in page, reverse("review-round-newcomers", args=[SLUG, row.pk]) in page) == (True, False)
    with pytest.raises(RoundRefused, match="has been asked"):
        ask(here, row)
    ReviewRound.objects.filter(pk=row.pk).update(placed={NEW: "south-cluster"})
    assert ask(here, row) == (NEW,)
    assert RoundSchool.objects.get(round=row, school_id=NEW).body.key == "south-cluster"
