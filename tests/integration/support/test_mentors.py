"""Mentors for new and acting heads: the head is told first, the mentor after the head agreed, and a broker never places their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models import Tenure
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.post.models import Letter
from convenor.support.actions.mentors import agree_mentoring, end_mentoring, offer_mentor
from convenor.support.models import Assurance, Mentoring, StandingInterest
from convenor.support.queries.beside_people import new_heads
from convenor.support.queries.mentors import mentoring as one
from convenor.support.queries.mentors import mentors
from convenor.support.rules.mentors import LASTS, Why
from convenor.support.rules.refusals import Conflict, OutOfTurn
from tests.factories.support_beside import AT, ON, RECEIVER, SLUG, World, beside, mentor, mentoring
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
HEAD = "head"


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        found = beside()
        Tenure.objects.exclude(person=found.people[HEAD]).filter(post__role="head").update(from_on=date(2010, 9, 1))
        yield found


def offer(here: World, by: str = "broker") -> Mentoring:
    return offer_mentor(slug=SLUG, head_id=here.people[HEAD].pk, supporter_id=mentor(here).pk, by=here[by], at=AT)


def sees(here: World, row: Mentoring) -> set[str]:
    return {who for who, viewer in here.viewers.items() if one(SLUG, row.pk, viewer=viewer) is not None}


def test_new_and_acting_heads_are_named_to_brokers_alone(here: World) -> None:
    Tenure.objects.filter(person=here.people["lender"]).update(acting=True)
    found = new_heads(viewer=here["broker"], at=ON)
    assert [(each.name, each.head.urn, each.head.why) for each in found] == [
        ("Hal Rivers", "990003", Why.ACTING), ("Ada Example", RECEIVER, Why.NEW),
    ]  # fmt: skip
    assert [new_heads(viewer=here[who], at=ON) for who in ("head", "manager", "board member")] == [(), (), ()]


def test_a_broker_is_shown_who_could_be_whose_mentor_and_why(here: World) -> None:
    row = mentor(here)
    seen = mentors(SLUG, viewer=here["broker"], at=ON)
    assert seen is not None
    [waits] = seen.suggested
    assert (waits.head.name, waits.mentor.mentor.key if waits.mentor else None) == ("Ada Example", row.pk)
    assert waits.why == ("Knows primary schools.", "Is of another school and trust, so that you can speak freely.")
    page = signed_in(here.people["broker"], code=True).get(reverse("support-mentors", args=[SLUG])).content.decode()
    assert ("Ada Example" in page, "Sol Carr" in page) == (True, True)
    assert mentors("elsewhere", viewer=here["broker"], at=ON) is None


def test_the_head_is_told_first_and_the_mentor_learns_of_it_once_the_head_agreed(here: World) -> None:
    row = offer(here)
    assert (sees(here, row), Letter.objects.filter(to_name="Sol Carr").count()) == ({"head", "broker"}, 0)
    with pytest.raises(NotThere):
        agree_mentoring(slug=SLUG, mentoring_id=row.pk, by=here["supporter"], at=AT)
    agree_mentoring(slug=SLUG, mentoring_id=row.pk, by=here["head"], at=AT)
    assert sees(here, row) == {"head", "broker", "supporter", "system leader"}
    letter = Letter.objects.get()
    assert (letter.to_name, letter.kind, "Ada" in letter.body, "Fernhollow" in letter.body) == ("Sol Carr", "something-waits", False, False)
    later = AT + timedelta(days=3)
    agree_mentoring(slug=SLUG, mentoring_id=row.pk, by=here["supporter"], at=later)
    row.refresh_from_db()
    assert (row.from_on, row.until_on, row.head_agreed_at, row.mentor_agreed_at) == (
        later.date(), later.date() + LASTS, AT, later,
    )  # fmt: skip
    seen = one(SLUG, row.pk, viewer=here["head"])
    assert seen is not None
    assert (seen.runs, seen.my_turn) == (True, False)
    assert list(Entry.objects.filter(subject_kind="mentoring").values_list("verb", flat=True).order_by("pk")) == [
        "mentoring.offered", "mentoring.agreed", "mentoring.agreed",
    ]  # fmt: skip


def test_agreeing_twice_changes_nothing_more(here: World) -> None:
    row = mentoring(here, head_agreed_at=AT, mentor_agreed_at=AT)
    for who in ("head", "supporter"):
        agree_mentoring(slug=SLUG, mentoring_id=row.pk, by=here[who], at=AT + timedelta(days=9))
    row.refresh_from_db()
    assert (row.head_agreed_at, row.mentor_agreed_at, row.from_on, Letter.objects.count()) == (AT, AT, ON, 0)


def test_either_ends_it_no_reason_asked_and_the_broker_may_offer_another(here: World) -> None:
    row = offer(here)
    for who in ("other head", "supporter", "manager"):
        with pytest.raises(NotThere):
            end_mentoring(slug=SLUG, mentoring_id=row.pk, by=here[who], at=AT)
    end_mentoring(slug=SLUG, mentoring_id=row.pk, by=here["head"], at=AT)
    with pytest.raises(OutOfTurn):
        end_mentoring(slug=SLUG, mentoring_id=row.pk, by=here["head"], at=AT)
    again = offer(here)
    agree_mentoring(slug=SLUG, mentoring_id=again.pk, by=here["head"], at=AT)
    with pytest.raises(NotThere):  # a broker takes an offer back before the head has said anything, not after
        end_mentoring(slug=SLUG, mentoring_id=again.pk, by=here["broker"], at=AT)
    end_mentoring(slug=SLUG, mentoring_id=again.pk, by=here["supporter"], at=AT)
    third = offer(here)
    end_mentoring(slug=SLUG, mentoring_id=third.pk, by=here["broker"], at=AT)
    assert Mentoring.objects.filter(ended_on=ON).count() == 3


def test_a_head_has_one_offer_at_a_time(here: World) -> None:
    offer(here)
    with pytest.raises(AlreadyThere):
        offer(here)
    seen = mentors(SLUG, viewer=here["broker"], at=ON)
    assert seen is not None
    assert (seen.suggested, [each.head for each in seen.offered]) == ((), ["Ada Example"])


def test_nobody_is_offered_whom_a_rule_stands_against(here: World) -> None:
    row = mentor(here)
    with pytest.raises(NotAllowed):
        offer(here, by="manager")
    with pytest.raises(NotThere):
        offer_mentor(slug=SLUG, head_id=here.people["other head"].pk, supporter_id=row.pk, by=here["broker"], at=AT)
    with pytest.raises(NotThere):
        offer_mentor(slug=SLUG, head_id=here.people[HEAD].pk, supporter_id=row.pk + 99, by=here["broker"], at=AT)
    StandingInterest.objects.create(supporter=row, school_id=RECEIVER, kind="family", declared_at=AT)
    with pytest.raises(Conflict, match="cannot be matched with this school"):
        offer(here)
    seen = mentors(SLUG, viewer=here["broker"], at=ON)
    assert seen is not None
    assert (seen.suggested[0].mentor, seen.suggested[0].why_not, seen.suggested[0].others) == (None, (), ())  # never told why
    StandingInterest.objects.all().delete()
    Assurance.objects.update(valid_until_on=date(2026, 10, 1))
    with pytest.raises(Conflict, match="Nothing vouches for them in date"):
        offer(here)
    assert Mentoring.objects.count() == 0


@pytest.mark.parametrize("own", [RECEIVER, "990003"])
def test_a_broker_never_places_their_own_organisation(here: World, own: str) -> None:
    broker = here.people["broker"]
    take_post(slug=SLUG, role="school-leader", title="Deputy", person_id=broker.pk, urn=own, from_on=ON, by="the test", at=AT)
    here.viewers["broker"] = viewer_for(broker, on=ON)
    with pytest.raises(Conflict, match="never places their own organisation"):
        offer(here)
    seen = mentors(SLUG, viewer=here["broker"], at=ON)
    assert seen is not None
    assert (seen.own_left, [each.mentor for each in seen.suggested]) == ((1, []) if own == RECEIVER else (0, [None]))


def test_the_pages_offer_agree_and_end(here: World) -> None:
    row = mentor(here)
    broker, head, supporter = (signed_in(here.people[who], code=who == "broker") for who in ("broker", "head", "supporter"))
    back = reverse("support-mentors", args=[SLUG])
    made = broker.post(reverse("support-mentor-offer", args=[SLUG, here.people[HEAD].pk, row.pk]))
    pk = Mentoring.objects.get().pk
    agree, end = (reverse(f"support-mentor-{what}", args=[SLUG, pk]) for what in ("agree", "end"))
    assert (made.headers["Location"], supporter.get(agree).status_code, head.get(agree).status_code) == (back, 404, 200)
    assert [head.post(agree).headers["Location"], supporter.post(agree).headers["Location"]] == [back, back]
    assert (head.get(agree).status_code, "until 2 November 2027" in head.get(back).content.decode()) == (404, True)
    assert (supporter.post(end).headers["Location"], Mentoring.objects.get().ended_on) == (back, ON)
    assert broker.get(reverse("support-mentor-offer", args=[SLUG, 10**6, row.pk])).status_code == 404


def test_a_member_whom_it_does_not_concern_sees_nothing_of_it(here: World) -> None:
    mentoring(here)
    for who in ("manager", "other head", "school leader", "cluster lead", "board member"):
        seen = mentors(SLUG, viewer=here[who], at=ON)
        assert seen is not None
        assert (seen.own, seen.offered, seen.suggested) == ((), (), ())
