"""Notes of contact, and who else is in there: the head reads first, the dispute is kept, nobody reads what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.journal.models import Entry, Look
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models.lasting import StandsForEver
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.registers.models import LocalAuthority, School
from convenor.support.actions.contact import end_other, enter_other, mark_contact, write_contact
from convenor.support.models import ContactMark, ContactNote, OtherSupport
from convenor.support.queries.contacts import contact, contacts, school_to_note, schools_to_note
from convenor.support.queries.others import others_about, others_at, others_of_school
from convenor.support.rules.contact import Marked
from convenor.support.rules.refusals import ChangedMeanwhile, NotYours, NoWords, OutOfTurn
from convenor.support.rules.states import Accuracy, ContactKind, OtherKind
from tests.factories.support import package
from tests.factories.support_beside import AT, NOTE, ON, RECEIVER, SLUG, World, beside, note, other
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
GIVEN = {"slug": SLUG, "urn": RECEIVER, "kind": ContactKind.CALL, "on": ON, "words": NOTE, "next_step": "", "at": AT}


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        yield beside()


def readers(here: World, row: ContactNote) -> set[str]:
    return {who for who, viewer in here.viewers.items() if contact(SLUG, row.pk, viewer=viewer, at=ON) is not None}


def test_a_note_is_kept_its_head_is_told_that_something_waits_and_the_journal_says_no_word_of_it(here: World) -> None:
    row = write_contact(by=here["broker"], **GIVEN)
    assert (row.school_id, row.kind, row.words, row.by_id) == (RECEIVER, "call", NOTE, here.people["broker"].pk)
    letter = Letter.objects.get()  # the head of the factory has no address
    told = ("Gwen Ford", "something-waits", "There is something for you in Convenor about your school", "")
    assert (letter.to_name, letter.kind, letter.subject, letter.partnership) == told
    entry = Entry.objects.get(verb="contact.noted")
    assert (entry.urn, entry.why, entry.detail) == (RECEIVER, "", {})
    assert (NOTE in letter.body, "Fernhollow" in letter.body) == (False, False)


@pytest.mark.parametrize("who", ["cluster lead", "alliance lead", "broker", "manager"])
def test_whoever_works_for_the_partnership_may_write_one(here: World, who: str) -> None:
    assert write_contact(by=here[who], **GIVEN).by_label == here[who].label


@pytest.mark.parametrize("who", ["head", "other head", "auditor", "board member", "officer", "clerk", "somebody with no post"])
def test_nobody_else_writes_one(here: World, who: str) -> None:
    """The officer is of an authority that does not look after this school; schools write no notes of other schools."""
    if who == "officer":
        School.objects.filter(urn=RECEIVER).update(authority=LocalAuthority.objects.create(code="997", name="Elsewhere"))
    with pytest.raises(NotAllowed):
        write_contact(by=here[who], **GIVEN)
    assert ContactNote.objects.count() == 0


def test_a_note_is_about_a_member_school_and_never_about_ones_own(here: World) -> None:
    with pytest.raises(NotThere):
        write_contact(by=here["broker"], **GIVEN | {"urn": "100000"})
    heads_it = here.people["cluster lead"]
    take_post(slug=SLUG, role="head", title="Headteacher", person_id=heads_it.pk, urn="990002", from_on=ON, by="the test", at=AT)
    with pytest.raises(NotYours):
        write_contact(by=viewer_for(heads_it, on=ON), **GIVEN | {"urn": "990002"})


def test_only_its_writer_and_its_school_read_a_note_before_the_school_has_marked_it(here: World) -> None:
    package(here)  # held by the broker, so that there is somebody who may read it later
    row = note(here, by="manager")
    own = {"head", "school leader", "chair of governors"}
    assert readers(here, row) == own | {"manager"}
    mark_contact(slug=SLUG, note_id=row.pk, accuracy=Accuracy.ACCURATE, words="", by=here["head"], at=AT)
    assert readers(here, row) == own | {"manager", "broker"}


def test_a_dispute_is_kept_beside_the_note_for_ever(here: World) -> None:
    row = note(here)
    for accuracy, words in ((Accuracy.NOT_ACCURATE, "We had two schemes."), (Accuracy.ACCURATE, "Mended on the phone.")):
        mark_contact(slug=SLUG, note_id=row.pk, accuracy=accuracy, words=words, by=here["chair of governors"], at=AT)
    seen = contact(SLUG, row.pk, viewer=here["broker"], at=ON)
    assert seen is not None
    assert [(each.accurate, each.words) for each in seen.marks] == [(False, "We had two schemes."), (True, "Mended on the phone.")]
    assert seen.state is Marked.ACCURATE
    assert Entry.objects.filter(verb="contact.marked", why="", detail={}).count() == 2
    for change in (lambda: ContactMark.objects.update(words=""), lambda: row.save(), lambda: row.delete()):
        with pytest.raises(StandsForEver):
            change()


@pytest.mark.parametrize("who", ["broker", "other head", "manager", "clerk"])
def test_nobody_but_the_school_says_whether_a_note_is_accurate(here: World, who: str) -> None:
    row = note(here)
    with pytest.raises((NotAllowed, NotThere)):
        mark_contact(slug=SLUG, note_id=row.pk, accuracy=Accuracy.ACCURATE, words="", by=here[who], at=AT)
    with pytest.raises(NoWords):
        mark_contact(slug=SLUG, note_id=row.pk, accuracy=Accuracy.NOT_ACCURATE, words="", by=here["head"], at=AT)
    assert ContactMark.objects.count() == 0


def test_whoever_coordinates_sees_that_there_was_contact_and_no_word_of_it(here: World) -> None:
    note(here)
    seen = contacts(SLUG, viewer=here["manager"], at=ON)
    assert seen is not None
    assert ([(each.urn, each.on) for each in seen.followed], seen.notes) == ([(RECEIVER, ON)], ())
    page = signed_in(here.people["manager"], code=True).get(reverse("support-contacts", args=[SLUG])).content.decode()
    assert (NOTE in page, "Fernhollow Primary School" in page) == (False, True)
    assert contacts("elsewhere", viewer=here["manager"], at=ON) is None


def test_schools_to_write_about_are_those_that_ones_post_reaches(here: World) -> None:
    def reached(who: str) -> list[str]:
        return sorted(urn for urn, _ in schools_to_note(SLUG, viewer=here[who], at=ON))

    every = [f"99000{number}" for number in range(1, 7)]
    assert [reached(who) for who in ("broker", "officer", "cluster lead", "head")] == [every, every, every[:3], []]
    able = [urn for urn in every if school_to_note(SLUG, urn, viewer=here["cluster lead"], at=ON) is not None]
    assert able == every[:3]
    assert school_to_note(SLUG, "100000", viewer=here["broker"], at=ON) is None
    assert school_to_note("elsewhere", RECEIVER, viewer=here["broker"], at=ON) is None


def test_a_note_is_written_and_marked_on_the_page_and_each_look_from_outside_is_written_down(here: World) -> None:
    broker, head = signed_in(here.people["broker"], code=True), signed_in(here.people["head"])
    page = broker.get(reverse("support-contact-new", args=[SLUG]), {"school": RECEIVER}).content.decode()
    assert [f'value="{filled}"' in page for filled in (RECEIVER, ON.isoformat())] == [True, True]
    on = ON
    given = {"urn": RECEIVER, "kind": "annual", "words": NOTE, "next_step": "", "on": on.isoformat()}
    assert broker.post(reverse("support-contact-new", args=[SLUG]), given).headers["Location"] == reverse("support-contacts", args=[SLUG])
    row = ContactNote.objects.get()
    address = reverse("support-contact", args=[SLUG, row.pk])
    assert head.get(address).status_code == 200
    assert Look.objects.count() == 0
    assert broker.get(address).status_code == 200
    assert list(Look.objects.values_list("urn", "record", "role")) == [(RECEIVER, "note of contact", "Broker")]
    wrong = head.post(reverse("support-contact-mark", args=[SLUG, row.pk]), {"accuracy": "not-accurate", "words": ""})
    assert (wrong.status_code, ContactMark.objects.count()) == (422, 0)
    head.post(reverse("support-contact-mark", args=[SLUG, row.pk]), {"accuracy": "not-accurate", "words": "It was two calls."})
    assert [each.words for each in ContactMark.objects.all()] == ["It was two calls."]
    refused = broker.post(reverse("support-contact-new", args=[SLUG]), given | {"on": (on + timedelta(days=2)).isoformat()})
    assert (refused.status_code, "has not come yet" in refused.content.decode()) == (422, True)


# Who else is in there


def test_who_else_is_there_is_told_from_the_register_and_from_what_was_entered(here: World) -> None:
    School.objects.filter(urn=RECEIVER).update(trust_id="T1", diocese="Diocese of Fernshire")
    other(here)
    other(here, name="Long gone", until_on=ON)
    other(here, name="Not yet", from_on=ON + timedelta(days=1))
    seen = others_at(RECEIVER, viewer=here["broker"], at=ON)
    assert [(each.kind, each.name, each.standing) for each in seen] == [
        (OtherKind.TRUST, "Waterside Trust", True), (OtherKind.DIOCESE, "Diocese of Fernshire", True),
        (OtherKind.HUB, "Invented Maths Hub", False),
    ]  # fmt: skip
    assert [each.name for each in others_about(RECEIVER, ("mathematics",), viewer=here["broker"], at=ON)] == ["Invented Maths Hub"]
    assert others_about(RECEIVER, ("reading",), viewer=here["broker"], at=ON) == ()


def test_the_school_brokers_and_whoever_coordinates_see_it_and_nobody_else(here: World) -> None:
    other(here)
    seeing = {who for who, viewer in here.viewers.items() if others_at(RECEIVER, viewer=viewer, at=ON)}
    assert seeing == {"head", "school leader", "chair of governors", "broker", "manager"}
    words = {who: others_at(RECEIVER, viewer=here[who], at=ON)[0].words for who in ("head", "broker", "manager")}
    assert words == {"head": "Two teachers a term", "broker": "Two teachers a term", "manager": ""}
    assert others_of_school(SLUG, "100000", viewer=here["broker"], at=ON) is None
    assert others_of_school("elsewhere", RECEIVER, viewer=here["broker"], at=ON) is None


def test_many_at_once_are_pointed_out(here: World) -> None:
    def page() -> bool:
        seen = others_of_school(SLUG, RECEIVER, viewer=here["head"], at=ON)
        assert seen is not None
        return seen.crowded

    for name in ("one", "two"):
        other(here, name=name)
    assert page() is False
    other(here, name="three")
    assert page() is True


ENTERED = {
    "slug": SLUG, "urn": RECEIVER, "kind": OtherKind.RISE, "name": "Regional team", "about": ["leadership", "unknown"], "words": "",
    "source": "the head", "from_on": ON, "until_on": None, "at": AT,
}  # fmt: skip


@pytest.mark.parametrize(("who", "letters"), [("head", 0), ("broker", 1), ("manager", 1)])
def test_others_are_entered_and_the_school_is_told_where_it_did_not_do_it_itself(here: World, who: str, letters: int) -> None:
    row = enter_other(by=here[who], **ENTERED)
    assert (row.kind, row.about, row.source) == ("rise", ["leadership"], "the head")
    assert (Letter.objects.count(), Entry.objects.filter(verb="others.entered", urn=RECEIVER).count()) == (letters, 1)


def test_others_are_entered_by_nobody_else_and_for_member_schools_alone(here: World) -> None:
    for who in ("other head", "clerk", "auditor", "supporter"):
        with pytest.raises(NotAllowed):
            enter_other(by=here[who], **ENTERED)
    with pytest.raises(NotThere):
        enter_other(by=here["broker"], **ENTERED | {"urn": "100000"})
    assert OtherSupport.objects.count() == 0


def test_a_line_ends_once_on_a_day_after_it_began_and_is_kept(here: World) -> None:
    row = other(here)
    with pytest.raises(ChangedMeanwhile):
        end_other(slug=SLUG, other_id=row.pk, until_on=ON, by=here["head"], at=AT, version=9)
    with pytest.raises(OutOfTurn, match="before it began"):
        end_other(slug=SLUG, other_id=row.pk, until_on=row.from_on, by=here["head"], at=AT)
    with pytest.raises(NotThere):
        end_other(slug=SLUG, other_id=row.pk, until_on=ON, by=here["other head"], at=AT)
    end_other(slug=SLUG, other_id=row.pk, until_on=ON, by=here["head"], at=AT, version=1)
    with pytest.raises(OutOfTurn, match="ended already"):
        end_other(slug=SLUG, other_id=row.pk, until_on=ON, by=here["head"], at=AT)
    seen = others_of_school(SLUG, RECEIVER, viewer=here["head"], at=ON)
    assert seen is not None
    assert ([each.name for each in seen.others], [each.name for each in seen.ended]) == ([], ["Invented Maths Hub"])


def test_the_pages_of_others_enter_and_end_a_line(here: World) -> None:
    head = signed_in(here.people["head"])
    enter = reverse("support-other-enter", args=[SLUG, RECEIVER])
    on = ON
    given = {"kind": "hub", "name": "A hub", "about": ["reading"], "words": "", "source": "we asked them", "from_on": on.isoformat()}
    assert head.post(enter, given).headers["Location"] == reverse("support-others", args=[SLUG, RECEIVER])
    row = OtherSupport.objects.get()
    end = reverse("support-other-end", args=[SLUG, RECEIVER, row.pk])
    assert head.post(end, {"until_on": on.isoformat()}).status_code == 422  # the day on which it began
    OtherSupport.objects.update(from_on=on - timedelta(days=7))
    assert head.post(end, {"until_on": on.isoformat()}).status_code == 302
    assert (OtherSupport.objects.get().until_on, head.get(end).status_code) == (on, 404)
    signed_in(here.people["broker"], code=True).get(reverse("support-others", args=[SLUG, RECEIVER]))
    assert list(Look.objects.values_list("urn", "record", "role")) == [(RECEIVER, "who else works with the school", "Broker")]
