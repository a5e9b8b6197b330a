"""Role addresses: entered once, verified with one press, kept by those who may, and never seen by anybody else."""

from datetime import date, timedelta

import pytest

from convenor.contacts.actions import note_bounce, remove_contact, set_contact, verify_contact, verify_school
from convenor.contacts.models import Contact, LeftOut
from convenor.contacts.queries.contacts import contact, contacts, school_contacts
from convenor.contacts.rules.refusals import NotAContact
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.post.models import Bounce
from tests.factories.partnership import AT, SLUG, World, world

pytestmark = pytest.mark.django_db
HEAD = {"slug": SLUG, "urn": "990001", "role": "head", "name": "Ada Example", "email": "Head@Fernhollow.example"}


@pytest.fixture
def here() -> World:
    return world()


def test_address_is_kept_in_small_letters_and_written_in_the_journal(here: World) -> None:
    row = set_contact(**HEAD, by=here["manager"], at=AT)
    assert (row.email, row.verified_on, row.source) == (
        "head@fernhollow.example",
        None,
        "Mara Hollis, partnership manager, Fernshire Education Partnership",
    )
    entry = Entry.objects.get(verb="contact.set")
    assert (entry.urn, entry.subject_label, entry.detail) == ("990001", "Head, Fernhollow Primary School", {"new": True, "role": "head"})


def test_same_person_given_again_is_completed_and_not_entered_twice(here: World) -> None:
    set_contact(**HEAD, by="the test", at=AT)
    set_contact(**HEAD | {"name": "", "phone": "01234 567890"}, by="the test", at=AT)
    assert list(Contact.objects.values_list("name", "email", "phone")) == [("Ada Example", "head@fernhollow.example", "01234 567890")]


def test_name_without_address_is_completed_by_the_address(here: World) -> None:
    set_contact(**HEAD | {"email": ""}, by="the test", at=AT)
    set_contact(**HEAD, by="the test", at=AT)
    assert list(Contact.objects.values_list("name", "email")) == [("Ada Example", "head@fernhollow.example")]


def test_two_heads_who_share_a_post_stand_beside_each_other(here: World) -> None:
    set_contact(**HEAD, by="the test", at=AT)
    set_contact(**HEAD | {"name": "Bo Other", "email": "bo@fernhollow.example"}, by="the test", at=AT)
    assert Contact.objects.count() == 2


def test_changed_address_is_no_longer_verified(here: World) -> None:
    row = set_contact(**HEAD, verified_on=date(2026, 11, 1), by="the test", at=AT)
    row = set_contact(**HEAD | {"email": "new@fernhollow.example"}, contact_id=row.pk, by="the test", at=AT)
    assert (row.verified_on, row.verified_by) == (None, "")


def test_two_become_one_is_refused(here: World) -> None:
    first = set_contact(**HEAD, by="the test", at=AT)
    set_contact(**HEAD | {"name": "Bo Other", "email": "bo@fernhollow.example"}, by="the test", at=AT)
    with pytest.raises(AlreadyThere, match="with the same name and address already"):
        set_contact(**HEAD | {"name": "Bo Other", "email": "bo@fernhollow.example"}, contact_id=first.pk, by="the test", at=AT)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "head at fernhollow"}, "is not an e-mail address"),
        ({"name": " ", "email": ""}, "Give a name, an address or a telephone number"),
        ({"role": "caretaker"}, "There is no role called caretaker"),
        ({"consent": "perhaps"}, "Consent is yes, no or unknown"),
        ({"verified_on": date(2027, 1, 1)}, "on a day to come"),
    ],
)
def test_what_is_no_contact_is_refused_in_words(here: World, given: dict[str, object], said: str) -> None:
    with pytest.raises(NotAContact, match=said):
        set_contact(**HEAD | given, by="the test", at=AT)
    assert Contact.objects.count() == 0


def test_school_that_is_no_member_is_refused(here: World) -> None:
    with pytest.raises(NotThere, match="is no member of this partnership today"):
        set_contact(**HEAD | {"urn": "990099"}, by="the test", at=AT)


def test_school_keeps_its_own_and_no_other(here: World) -> None:
    row = set_contact(**HEAD, by=here["school office"], at=AT)
    assert verify_contact(slug=SLUG, contact_id=row.pk, by=here["school office"], at=AT).verified_on == AT.date()
    for do in (
        lambda who: set_contact(**HEAD, by=who, at=AT),
        lambda who: verify_contact(slug=SLUG, contact_id=row.pk, by=who, at=AT),
        lambda who: verify_school(slug=SLUG, urn="990001", by=who, at=AT),
        lambda who: remove_contact(slug=SLUG, contact_id=row.pk, by=who, at=AT),
        lambda who: note_bounce(address=row.email, why="gone", by=who, at=AT),
    ):
        for who in ("other head", "auditor", "reviewer", "cluster lead"):
            with pytest.raises(NotAllowed):
                do(here[who])
    assert Contact.objects.count() == 1


def test_bounce_is_noted_and_gone_once_the_address_is_verified(here: World) -> None:
    row = set_contact(**HEAD, by="the test", at=AT)
    assert note_bounce(address="HEAD@fernhollow.example ", why="550 no such\n mailbox", by="the system", at=AT) == 1
    assert note_bounce(address="HEAD@fernhollow.example ", why="550 again", by="the system", at=AT) == 0
    seen = contact(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert (seen.came_back, seen.came_back_at) == ("550 again", AT)
    assert [each.key for each in contacts(SLUG, viewer=here["manager"], at=AT, standing="bounced").shown] == [row.pk]
    verify_school(slug=SLUG, urn="990001", by=here["head"], at=AT)
    assert Bounce.objects.count() == 0


def test_bounce_of_an_address_that_nobody_keeps_is_not_kept(here: World) -> None:
    assert (note_bounce(address="stranger@elsewhere.example", why="gone", by="the system", at=AT), Bounce.objects.count()) == (0, 0)


def test_no_outlives_the_contact_and_a_yes_takes_it_back(here: World) -> None:
    row = set_contact(**HEAD, consent="no", by="the test", at=AT)
    remove_contact(slug=SLUG, contact_id=row.pk, by=here["manager"], at=AT)
    row = set_contact(**HEAD, by="the test", at=AT)
    assert contact(SLUG, row.pk, viewer=here["manager"], at=AT).consent == "no"
    set_contact(**HEAD, consent="yes", by="the test", at=AT)
    assert (LeftOut.objects.count(), contact(SLUG, row.pk, viewer=here["manager"], at=AT).consent) == (0, "yes")


def test_list_is_for_its_keeper_and_a_schools_own_lines_for_its_own_people(here: World) -> None:
    row = set_contact(**HEAD, by="the test", at=AT)
    told = {
        who: (contacts(SLUG, viewer=each, at=AT) is not None, contact(SLUG, row.pk, viewer=each, at=AT) is not None)
        for who, each in here.viewers.items()
    }
    own = {"head", "school leader", "chair of governors", "clerk", "school office"}
    assert told == {who: (who == "manager", who == "manager" or who in own) for who in here.viewers}


def test_list_narrows_by_role_standing_and_words(here: World) -> None:
    set_contact(**HEAD, verified_on=AT.date() - timedelta(days=365), by="the test", at=AT)
    set_contact(
        **HEAD | {"role": "clerk", "name": "Cass Wood", "email": "clerk@fernhollow.example"}, verified_on=AT.date(), by="the test", at=AT
    )
    set_contact(**HEAD | {"urn": "990005", "role": "chair", "name": "Cy Vane", "email": ""}, by="the test", at=AT)

    def shown(**asked: str) -> list[str]:
        return [each.role for each in contacts(SLUG, viewer=here["manager"], at=AT, **asked).shown if each.key]

    assert (shown(), shown(role="clerk"), shown(text="cass")) == (["chair", "head", "clerk"], ["clerk"], ["clerk"])
    assert [shown(standing=each) for each in ("old", "never", "no-address")] == [["head"], ["chair"], ["chair"]]
    seen = contacts(SLUG, viewer=here["manager"], at=AT)
    assert [each.urn for each in seen.without_head] == ["990002", "990003", "990004", "990006"]


def test_holders_of_posts_stand_in_the_list_once(here: World) -> None:
    set_contact(**HEAD | {"role": "clerk", "name": "Ms Cass Wood", "email": "clerk@fernhollow.example"}, by="the test", at=AT)
    set_contact(**HEAD | {"role": "chair", "name": "", "email": "gwen.ford@example.org"}, by="the test", at=AT)
    seen = contacts(SLUG, viewer=here["manager"], at=AT).shown
    assert [(each.role, each.name, each.standing) for each in seen] == [
        ("head", "Dele Stone", "signs in with it"),
        ("chair", "", "never verified"),
        ("clerk", "Ms Cass Wood", "never verified"),
        ("business-manager", "Olu Reed", "signs in with it"),
    ]


def test_own_page_names_the_roles_that_are_missing(here: World) -> None:
    set_contact(**HEAD, by="the test", at=AT)
    seen = school_contacts(SLUG, "990001", viewer=here["school office"], at=AT)
    assert ([each.role for each in seen.to_verify], [key for key, _ in seen.missing]) == (
        ["head"],
        ["chair", "clerk", "senco", "business-manager"],
    )


def test_line_that_is_gone_is_said_and_nothing_is_entered_in_its_place(here: World) -> None:
    for do in (
        lambda: set_contact(**HEAD, contact_id=99, by=here["manager"], at=AT),
        lambda: verify_contact(slug=SLUG, contact_id=99, by=here["manager"], at=AT),
        lambda: remove_contact(slug=SLUG, contact_id=99, by=here["manager"], at=AT),
    ):
        with pytest.raises(NotThere, match="There is no such address"):
            do()
    assert Contact.objects.count() == 0


def test_school_of_which_nothing_stands_has_nothing_to_verify(here: World) -> None:
    assert (verify_school(slug=SLUG, urn="990001", by=here["head"], at=AT), Entry.objects.filter(verb="contact.verified").count()) == (0, 0)


def test_where_an_address_is_from_is_kept(here: World) -> None:
    assert set_contact(**HEAD, source=" a telephone call ", by="the test", at=AT).source == "a telephone call"
