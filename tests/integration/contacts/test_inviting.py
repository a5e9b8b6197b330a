"""Inviting heads: in practice into letters that are held and open nothing, truly by links of their own; and who has come in."""

from datetime import date, timedelta

import pytest
from django.core import mail

from convenor.accounts.models import Person
from convenor.accounts.queries import person_of_invitation
from convenor.contacts.actions import (
    begin_practice,
    end_practice,
    end_practice_and_invite,
    invite_heads,
    note_bounce,
    prefill_heads,
    set_contact,
)
from convenor.contacts.models import Contact, HeadInvitation
from convenor.contacts.queries.contacts import contacts
from convenor.contacts.queries.inviting import held, invite_page, inviting, link_may_leave
from convenor.contacts.rules.inviting import LINK_OF_PRACTICE
from convenor.contacts.rules.refusals import InPractice, NobodyToWriteTo
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Tenure
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.post.queries import in_practice
from convenor.registers.models import Edition, HeadOfSchool
from tests.factories.partnership import AT, SLUG, World, world

pytestmark = pytest.mark.django_db
SITE = "https://here.example"
LATER = AT + timedelta(days=7)


@pytest.fixture
def here() -> World:
    """Two heads hold their post, one of them without an address of theirs; a third is known by address, a fourth by name alone."""
    found = world()
    for urn, name, email in (
        ("990001", "Mrs Ada Example", "head@fernhollow.example"),
        ("990003", "Nell Ash", "head@brookmoor.example"),
        ("990004", "Oz Lund", ""),
    ):
        set_contact(slug=SLUG, urn=urn, role="head", name=name, email=email, by="the test", at=AT)
    return found


def invite(here: World, **given: object) -> object:
    return invite_heads(**{"slug": SLUG, "site": SITE, "by": here["manager"], "at": AT} | given)


def heads() -> list[str]:
    return sorted(Tenure.objects.filter(post__role="head").values_list("post__school_id", flat=True))


def test_page_says_who_would_be_invited_and_whom_no_letter_reaches(here: World) -> None:
    found = inviting(SLUG, viewer=here["manager"], at=AT)
    assert [(each.name, each.email, each.schools) for each in found.first] == [
        ("Nell Ash", "head@brookmoor.example", ("Brookmoor Church of England Primary School",)),
        ("Dele Stone", "dele.stone@example.org", ("Dunmarsh High School",)),
        ("Ada Example", "head@fernhollow.example", ("Fernhollow Primary School",)),
    ]
    assert [(each.urn, each.name, each.why.value) for each in found.left] == [
        ("990002", "", "nobody known"), ("990004", "Oz Lund", "no address"), ("990006", "", "nobody known"),
    ]  # fmt: skip


def test_invitation_gives_the_post_and_a_link_that_lets_its_holder_in(here: World) -> None:
    done = invite(here)
    assert (done.letters, done.schools, done.held) == (3, 3, False)
    assert heads() == ["990001", "990003", "990005"]
    nell = Person.objects.get(email="head@brookmoor.example")
    letter = Letter.objects.get(to_address=nell.email)
    link = next(line for line in letter.body.splitlines() if "key=" in line)
    assert link.split("key=")[0] == "https://here.example/sign-in/invited/?"
    assert person_of_invitation(link.split("key=")[1]) == nell
    assert Person.objects.get(name="Ada Example").email == "head@fernhollow.example"
    assert Entry.objects.get(verb="heads.invited").detail == {"letters": 3, "schools": 3}


def test_nobody_is_invited_twice_within_a_week_and_whoever_came_in_not_again(here: World) -> None:
    invite(here)
    for again in (False, True):
        with pytest.raises(NobodyToWriteTo, match="There is nobody to invite now"):
            invite(here, again=again)
    Person.objects.filter(name="Ada Example").update(last_login=AT)
    assert invite(here, again=True, at=LATER).letters == 2
    assert sorted(HeadInvitation.objects.values_list("school_id", "times")) == [("990001", 1), ("990003", 2), ("990005", 2)]
    found = inviting(SLUG, viewer=here["manager"], at=LATER)
    assert [[one.name for one in some] for some in (found.waiting, found.inside)] == [["Nell Ash", "Dele Stone"], ["Ada Example"]]


def test_practice_writes_letters_that_open_nothing_and_gives_no_post(here: World) -> None:
    assert [begin_practice(slug=SLUG, by=here["manager"], at=AT) for _ in range(2)] == [True, False]
    people = Person.objects.count()
    assert [invite(here).held for _ in range(2)] == [True, True]
    seen = held(SLUG, viewer=here["manager"])
    assert [each.body.count(LINK_OF_PRACTICE) for each in seen] == [1, 1, 1]
    assert [each.body.count("key=") for each in seen] == [0, 0, 0]
    assert (heads(), Person.objects.count(), HeadInvitation.objects.count()) == (["990001", "990005"], people, 0)
    assert invite_page(SLUG, viewer=here["manager"], at=AT, site=SITE).practice.held == 3


@pytest.mark.django_db(transaction=True)
def test_end_of_practice_deletes_what_was_held_and_sends_truly(here: World) -> None:
    begin_practice(slug=SLUG, by=here["manager"], at=AT)
    invite(here)
    assert mail.outbox == []
    done = end_practice_and_invite(slug=SLUG, site=SITE, by=here["manager"], at=AT)
    assert (done.deleted, done.letters, in_practice(SLUG)) == (3, 3, False)
    assert sorted(each.to[0] for each in mail.outbox) == ["dele.stone@example.org", "head@brookmoor.example", "head@fernhollow.example"]
    assert [LINK_OF_PRACTICE in each.body for each in mail.outbox] == [False] * 3
    with pytest.raises(InPractice, match="does not practise"):
        end_practice_and_invite(slug=SLUG, site=SITE, by=here["manager"], at=AT)


def test_practice_that_nobody_can_be_invited_from_goes_on(here: World) -> None:
    begin_practice(slug=SLUG, by=here["manager"], at=AT)
    Person.objects.update(last_login=AT)
    Contact.objects.exclude(school="990001").delete()
    with pytest.raises(NobodyToWriteTo):
        end_practice_and_invite(slug=SLUG, site=SITE, by=here["manager"], at=AT)
    assert in_practice(SLUG) is True
    assert end_practice(slug=SLUG, by=here["manager"], at=AT) == 0


def test_address_of_somebody_else_known_is_held_back(here: World) -> None:
    set_contact(slug=SLUG, urn="990006", role="head", name="Quite Another", email="mara.hollis@example.org", by="the test", at=AT)
    found = inviting(SLUG, viewer=here["manager"], at=AT)
    assert [(each.urn, each.why.value) for each in found.left][-1] == ("990006", "one address, two names")


def test_letters_that_come_back_are_told_and_not_sent_again(here: World) -> None:
    invite(here)
    note_bounce(address="head@brookmoor.example", why="550 no such user", by="the system", at=AT)
    found = inviting(SLUG, viewer=here["manager"], at=LATER)
    assert [each.why.value for each in found.left if each.urn == "990003"] == ["letters come back"]
    assert [each.name for each in found.again] == ["Dele Stone", "Ada Example"]


def test_nobody_else_invites_practises_or_sees_it(here: World) -> None:
    begin_practice(slug=SLUG, by="the test", at=AT)
    invite(here)
    for who, viewer in here.viewers.items():
        if who == "manager":
            continue
        assert (inviting(SLUG, viewer=viewer, at=AT), invite_page(SLUG, viewer=viewer, at=AT, site=SITE), held(SLUG, viewer=viewer)) == (
            None,
        ) * 3
        for do in (begin_practice, end_practice):
            with pytest.raises(NotAllowed):
                do(slug=SLUG, by=viewer, at=AT)
        for do in (invite_heads, end_practice_and_invite):
            with pytest.raises(NotAllowed):
                do(slug=SLUG, site=SITE, by=viewer, at=AT)
    assert (in_practice(SLUG), Letter.objects.count()) == (True, 3)


def test_link_leaves_in_practice_for_whoever_holds_a_post_of_the_partnership_itself(here: World) -> None:
    asked = {who: person.pk for who, person in here.people.items()}
    assert {who for who, key in asked.items() if not link_may_leave(key, viewer="the system", on=AT.date())} == set()
    begin_practice(slug=SLUG, by="the test", at=AT)
    leaves = {who for who, key in asked.items() if link_may_leave(key, viewer="the system", on=AT.date())}
    itself = {"manager", "auditor", "independent supporter", "reviewer", "diocese", "regional link", "broker"}
    assert leaves == itself | {"somebody with no post"}


@pytest.fixture
def published(here: World) -> None:
    edition = Edition.objects.create(
        key="invented-2026", family="gias", publisher="Nobody", title="Invented register", as_at=date(2026, 11, 1), licence="none",
        digest="0" * 64, file_name="invented.csv", rows_read=0, rows_loaded=0, rows_refused=0, rows_aggregate=0, loaded_at=AT,
        loaded_by="the test",
    )  # fmt: skip
    for urn in ("990001", "990002", "990004", "990099"):
        HeadOfSchool.objects.create(edition=edition, urn=urn, title="Ms", first_name="Una", last_name=f"Published {urn}")


def test_published_names_are_taken_over_where_nobody_stands_and_overwrite_nothing(here: World, published: None) -> None:
    assert contacts(SLUG, viewer=here["manager"], at=AT).to_prefill == 1
    assert [prefill_heads(slug=SLUG, by=here["manager"], at=AT) for _ in range(2)] == [1, 0]
    rows = Contact.objects.order_by("school_id").values_list("school_id", "name", "source")
    assert list(rows) == [
        ("990001", "Mrs Ada Example", "the test"),
        ("990002", "Ms Una Published 990002", "Invented register, 1 November 2026"),
        ("990003", "Nell Ash", "the test"),
        ("990004", "Oz Lund", "the test"),
    ]
    with pytest.raises(NotAllowed):
        prefill_heads(slug=SLUG, by=here["auditor"], at=AT)


def test_published_name_is_used_for_an_address_without_one(here: World, published: None) -> None:
    set_contact(slug=SLUG, urn="990002", role="head", name="", email="head@ashwater.example", by="the test", at=AT)
    assert next(each.name for each in inviting(SLUG, viewer=here["manager"], at=AT).first) == "Ms Una Published 990002"


def test_somebody_known_otherwise_who_is_entered_as_head_is_given_the_post(here: World) -> None:
    Person.objects.filter(name="Bea Marlow").update(last_login=AT)
    set_contact(slug=SLUG, urn="990006", role="head", name="Bea Marlow", email="bea.marlow@example.org", by="the test", at=AT)
    invite(here)
    assert heads() == ["990001", "990003", "990005", "990006"]
    assert [each.name for each in inviting(SLUG, viewer=here["manager"], at=AT).inside] == ["Bea Marlow"]


def test_two_managers_at_once_send_one_letter_to_each(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = inviting(SLUG, viewer=here["manager"], at=AT)
    invite(here)
    monkeypatch.setattr("convenor.contacts.actions.inviting.inviting", lambda *_, **__: stale)
    with pytest.raises(NobodyToWriteTo, match="There is nobody to invite now"):
        invite(here)
    assert (Letter.objects.count(), heads()) == (3, ["990001", "990003", "990005"])


def test_address_that_is_somebody_elses_by_now_gets_no_letter_and_the_others_do(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = inviting(SLUG, viewer=here["manager"], at=AT)
    Person.objects.create(name="Quite Another", email="head@fernhollow.example", created_at=AT)
    monkeypatch.setattr("convenor.contacts.actions.inviting.inviting", lambda *_, **__: stale)
    assert invite(here).letters == 2
    assert Person.objects.get(name="Ada Example").email is None


def test_partnership_that_there_is_not_is_said(here: World) -> None:
    with pytest.raises(NotThere, match="There is no such partnership"):
        invite(here, slug="nowhere", by="the test")
