"""Support rings: a broker proposes, every head agrees, no money moves; who declines is nobody's business."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.registers.models import School
from convenor.support.actions.rings import agree_ring, end_ring, leave_ring, propose_ring, reckon_rings, say_what_came
from convenor.support.models import CapacityYear, PackageCost, Ring, RingLink, RingPlan, SchoolAnswer, StandingInterest, Supporter
from convenor.support.queries.rings import asked_for, rings
from convenor.support.queries.rings import ring as one
from convenor.support.rules.refusals import ChangedMeanwhile, Conflict, Missing, NoWords, OutOfTurn
from convenor.support.rules.rings import LeftOut
from tests.factories.support_beside import AT, ON, RECEIVER, SLUG, World, answer, beside, plan, ring
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
THREE = (RECEIVER, "990003", "990005")
HEADS = {RECEIVER: "head", "990003": "lender", "990005": "other head"}
CAME = "Our teachers now plan reading together."


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        yield beside()


def answers(here: World) -> None:
    """Three schools that come round, and two that do not."""
    answer(here, RECEIVER, "reading", "science")
    answer(here, "990003", "writing", "reading")
    answer(here, "990005", "science", "writing")
    answer(here, "990006", "parents", "staff")
    answer(here, "990004", "reading", "science", ring=False)


def reckoned(here: World, by: str = "broker") -> RingPlan:
    return reckon_rings(slug=SLUG, by=here[by], at=AT)


def proposed(here: World) -> Ring:
    answers(here)
    return propose_ring(slug=SLUG, plan_id=reckoned(here).pk, number=1, by=here["broker"], at=AT)


def test_the_rings_that_serve_the_most_schools_are_reckoned_and_nobody_is_asked_yet(here: World) -> None:
    answers(here)
    row = RingPlan.objects.get(pk=reckoned(here).pk)
    [found] = row.answer["rings"]
    assert [(each["giver"], each["receiver"], each["theme"]) for each in found] == [
        (RECEIVER, "990003", "reading"), ("990003", "990005", "writing"), ("990005", RECEIVER, "science"),
    ]  # fmt: skip
    assert (row.answer["served"], row.answer["of"], row.answer["left"]) == (3, 4, [[LeftOut.NOBODY_ASKS.value, 1]])
    entry = Entry.objects.get(verb="rings.reckoned")
    assert (entry.detail, entry.urn) == ({"schools": 4, "served": 3, "status": "optimal"}, "")
    assert (Ring.objects.count(), Letter.objects.count()) == (0, 0)
    seen = rings(SLUG, viewer=here["broker"], at=ON)
    assert seen is not None and seen.plan is not None  # noqa: PT018
    assert (seen.joining, seen.plan.served, seen.plan.optimal, len(seen.plan.rings), seen.plan.rings[0].asked) == (4, 3, True, 1, False)


@pytest.mark.parametrize("who", ["manager", "head", "cluster lead"])
def test_nobody_but_a_broker_reckons_or_proposes(here: World, who: str) -> None:
    answers(here)
    with pytest.raises(NotAllowed):
        reckoned(here, by=who)
    row = plan(here, "broker", *THREE)
    with pytest.raises(NotAllowed):
        propose_ring(slug=SLUG, plan_id=row.pk, number=1, by=here[who], at=AT)
    assert asked_for(viewer=here[who], at=ON) is None
    assert Ring.objects.count() == 0


def test_with_fewer_than_two_schools_there_is_nothing_to_reckon(here: World) -> None:
    answer(here, RECEIVER, "reading", "science")
    with pytest.raises(Missing):
        reckoned(here)


def test_a_broker_never_places_their_own_school_or_its_trust(here: World) -> None:
    answers(here)
    broker = here.people["broker"]
    before = plan(here, "broker", RECEIVER, "990003")
    take_post(slug=SLUG, role="school-leader", title="Deputy", person_id=broker.pk, urn="990003", from_on=ON, by="the test", at=AT)
    here.viewers["broker"] = viewer_for(broker, on=ON)
    asked = asked_for(viewer=here["broker"], at=ON)
    assert asked is not None
    assert ([each.urn for each in asked.members], asked.left_out) == ([RECEIVER, "990005", "990006"], 1)
    with pytest.raises(Conflict, match="never places their own"):
        propose_ring(slug=SLUG, plan_id=before.pk, number=1, by=here["broker"], at=AT)
    School.objects.filter(urn__in=("990003", RECEIVER)).update(trust_id="T1")
    asked = asked_for(viewer=viewer_for(broker, on=ON), at=ON)
    assert asked is not None
    assert asked.left_out == 2


def test_closed_schools_and_pairs_that_should_be_apart_are_kept_out(here: World) -> None:
    answers(here)
    own = Supporter.objects.create(partnership=here.partnership, kind="school", name="Fernhollow", school_id=RECEIVER, from_on=ON)
    StandingInterest.objects.create(supporter=own, school_id="990003", kind="other", declared_at=AT)
    School.objects.filter(urn="990006").update(status="closed")
    asked = asked_for(viewer=here["broker"], at=ON)
    assert asked is not None
    assert ([each.urn for each in asked.members], asked.apart) == (list(THREE), frozenset({frozenset({RECEIVER, "990003"})}))
    assert reckoned(here).answer["served"] == 0


def test_every_head_is_asked_at_once_and_it_begins_with_the_last_word(here: World) -> None:
    row = proposed(here)
    assert [each.subject for each in Letter.objects.all()] == ["There is something for you in Convenor about your school"] * 3
    for number, urn in enumerate(THREE, 1):
        agree_ring(slug=SLUG, ring_id=row.pk, urn=urn, by=here[HEADS[urn]], at=AT, version=number)
        seen = one(SLUG, row.pk, viewer=here["head"])
        assert seen is not None
        assert (seen.agreed, seen.begun_on) == (number, ON if number == 3 else None)
    with pytest.raises(OutOfTurn, match="begun already"):
        agree_ring(slug=SLUG, ring_id=row.pk, urn=RECEIVER, by=here["head"], at=AT)
    verbs = Entry.objects.filter(subject_kind="support-ring").order_by("pk").values_list("verb", "urn", "subject_label")
    assert list(verbs) == [(verb, "", "Support ring") for verb in ("ring.proposed", "ring.agreed", "ring.agreed", "ring.begun")]
    assert (PackageCost.objects.count(), CapacityYear.objects.count()) == (0, 0)  # no money moves, and no days of the directory


def test_whoever_does_not_speak_for_a_school_of_the_ring_says_nothing_for_it(here: World) -> None:
    row = proposed(here)
    for who, urn in (("school leader", RECEIVER), ("head", "990003"), ("broker", RECEIVER), ("trust lead", RECEIVER)):
        with pytest.raises((NotAllowed, NotThere)):
            agree_ring(slug=SLUG, ring_id=row.pk, urn=urn, by=here[who], at=AT)
        with pytest.raises((NotAllowed, NotThere)):
            leave_ring(slug=SLUG, ring_id=row.pk, urn=urn, by=here[who], at=AT)
    with pytest.raises(ChangedMeanwhile):
        agree_ring(slug=SLUG, ring_id=row.pk, urn=RECEIVER, by=here["head"], at=AT, version=9)
    assert RingLink.objects.exclude(giver_agreed_at=None).count() == 0


def test_a_ring_ends_with_one_schools_no_and_nobody_is_told_whose(here: World) -> None:
    row = proposed(here)
    leave_ring(slug=SLUG, ring_id=row.pk, urn="990005", by=here["other head"], at=AT)
    entry = Entry.objects.get(verb="ring.ended")
    assert (entry.by_label, entry.by_key, entry.urn, entry.detail) == ("the system", "", "", {})
    with pytest.raises(OutOfTurn):
        agree_ring(slug=SLUG, ring_id=row.pk, urn=RECEIVER, by=here["head"], at=AT)
    again = reckoned(here)  # its schools can stand in another
    assert again.answer["served"] == 3


def test_a_school_stands_in_one_ring_at_a_time(here: World) -> None:
    row = proposed(here)
    first = RingPlan.objects.get()
    with pytest.raises(OutOfTurn, match="asked about another"):
        propose_ring(slug=SLUG, plan_id=first.pk, number=1, by=here["broker"], at=AT)
    with pytest.raises(Missing):
        reckoned(here)
    for number in (0, 2):
        with pytest.raises(NotThere):
            propose_ring(slug=SLUG, plan_id=first.pk, number=number, by=here["broker"], at=AT)
    end_ring(slug=SLUG, ring_id=row.pk, by=here["broker"], at=AT)
    with pytest.raises(OutOfTurn):
        end_ring(slug=SLUG, ring_id=row.pk, by=here["broker"], at=AT)
    with pytest.raises(NotThere):
        end_ring(slug=SLUG, ring_id=row.pk + 1, by=here["broker"], at=AT)
    SchoolAnswer.objects.filter(school_id=RECEIVER).update(ring=False)
    with pytest.raises(OutOfTurn, match="would no longer join"):
        propose_ring(slug=SLUG, plan_id=first.pk, number=1, by=here["broker"], at=AT)


def test_only_the_schools_in_a_ring_and_its_broker_see_it(here: World) -> None:
    row = ring(here, *THREE)
    seeing = {who for who, viewer in here.viewers.items() if one(SLUG, row.pk, viewer=viewer) is not None}
    assert seeing == {"head", "school leader", "chair of governors", "lender", "other head", "broker"}
    for who in ("manager", "cluster lead", "board member"):
        seen = rings(SLUG, viewer=here[who], at=ON)
        assert seen is not None
        assert (seen.own, seen.proposed, seen.plan) == ((), (), None)
    assert (rings("elsewhere", viewer=here["head"], at=ON), one("elsewhere", row.pk, viewer=here["head"])) == (None, None)


def test_what_came_of_it_is_said_by_whoever_was_helped_and_read_by_the_two_alone(here: World) -> None:
    row = ring(here, *THREE)
    link = RingLink.objects.get(ring=row, receiver_id="990003")
    given = {"slug": SLUG, "link_id": link.pk, "at": AT}
    with pytest.raises(OutOfTurn):
        say_what_came(words=CAME, by=here["lender"], **given)
    Ring.objects.update(begun_on=ON)
    with pytest.raises(NoWords):
        say_what_came(words=" ", by=here["lender"], **given)
    for who in ("head", "other head"):
        with pytest.raises(NotThere):
            say_what_came(words=CAME, by=here[who], **given)
    say_what_came(words=CAME, by=here["lender"], **given)
    words = {}
    for who in ("head", "lender", "other head", "broker"):
        seen = one(SLUG, row.pk, viewer=here[who])
        assert seen is not None
        words[who] = "".join(each.words for each in seen.links)
    assert words == {"head": CAME, "lender": CAME, "other head": "", "broker": ""}
    assert [each.to_name for each in Letter.objects.all()] == ["Gwen Ford"]


def test_the_pages_reckon_propose_agree_tell_and_leave(here: World) -> None:
    answers(here)
    broker, page = signed_in(here.people["broker"], code=True), reverse("support-rings", args=[SLUG])
    assert broker.post(page, {"far_km": ""}).status_code == 422
    assert (broker.post(page, {"far_km": "40"}).headers["Location"], signed_in(here.people["head"]).post(page).status_code) == (page, 403)
    found = RingPlan.objects.get()
    propose = reverse("support-ring-propose", args=[SLUG, found.pk, 1])
    assert "Fernhollow Primary School helps Brookmoor" in " ".join(broker.get(propose).content.decode().split())
    assert (broker.post(propose).headers["Location"], broker.get(propose).status_code) == (page, 404)
    row = Ring.objects.get()
    for urn, who in HEADS.items():
        client = signed_in(here.people[who])
        assert "A ring waits for your word" in client.get(page).content.decode()
        agree = reverse("support-ring-agree", args=[SLUG, row.pk, urn])
        assert (client.post(agree).status_code, client.get(agree).status_code) == (302, 404)
    assert Ring.objects.get().begun_on == ON
    head = signed_in(here.people["head"])
    mine, others = (RingLink.objects.get(receiver_id=urn).pk for urn in (RECEIVER, "990003"))
    told = reverse("support-ring-told", args=[SLUG, row.pk, mine])
    assert head.post(told, {"words": CAME}).headers["Location"] == reverse("support-ring", args=[SLUG, row.pk])
    assert head.get(reverse("support-ring-told", args=[SLUG, row.pk, others])).status_code == 404
    assert CAME in head.get(reverse("support-ring", args=[SLUG, row.pk])).content.decode()
    assert head.post(reverse("support-ring-leave", args=[SLUG, row.pk, RECEIVER])).headers["Location"] == page
    assert broker.get(reverse("support-ring-end", args=[SLUG, row.pk])).status_code == 404
    assert Ring.objects.get().ended_on == ON
