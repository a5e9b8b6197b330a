"""The pages of addresses, letters to many and invitations: what they show, do, refuse and never tell."""

from collections.abc import Iterator
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from convenor.contacts.actions import begin_practice, note_bounce, set_contact
from convenor.contacts.models import Circular, Contact, LeftOut
from convenor.contacts.queries.circulars import stop_key
from convenor.post.models import Letter
from convenor.post.queries import in_practice
from tests.factories.partnership import AT, SLUG, World, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
PEOPLE = (("990001", "head", "Mrs Ada Example", "head@fernhollow.example"), ("990005", "senco", "Sol Carr", "senco@dunmarsh.example"))


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        found = world()
        for urn, role, name, email in PEOPLE:
            set_contact(slug=SLUG, urn=urn, role=role, name=name, email=email, by="the test", at=AT)
        yield found


def browser(here: World, who: str = "manager") -> Client:
    return signed_in(here.people[who], code=True)


def page(client: Client, name: str, *args: object, **query: str) -> str:
    got = client.get(reverse(name, args=[SLUG, *args], query=query))
    assert got.status_code == 200
    return got.content.decode()


def press(client: Client, name: str, /, *args: object, **given: object) -> tuple[int, str]:
    """The answer's status and, where it leads on, the messages of the page it leads to; else the page."""
    got = client.post(reverse(name, args=[SLUG, *args]), given)
    if got.status_code == 302:
        return 302, client.get(got.headers["Location"]).content.decode()
    return got.status_code, got.content.decode()


def test_list_is_narrowed_by_its_own_address(here: World) -> None:
    client = browser(here)
    everything, asked = page(client, "contacts"), page(client, "contacts", role="senco")
    assert ["senco@dunmarsh.example" in each for each in (everything, asked)] == [True, True]
    assert ["head@fernhollow.example" in each for each in (everything, asked)] == [True, False]


def test_list_needs_few_questions_however_long_it_is(here: World, django_assert_max_num_queries: object) -> None:
    client = browser(here)
    page(client, "contacts")
    for number in range(30):
        set_contact(slug=SLUG, urn="990002", role="other", name=f"Person {number}", email="", by="the test", at=AT)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert page(client, "contacts").count("Person ") == 30


def test_address_is_entered_changed_and_taken_out(here: World) -> None:
    client = browser(here)
    given = {
        "school": "990003",
        "role": "chair",
        "name": "Cy Vane",
        "email": "chair@brookmoor.example",
        "consent": "unknown",
        "checked": "on",
    }
    assert press(client, "contact-add", **given)[0] == 302
    row = Contact.objects.get(role="chair")
    assert (row.verified_on, row.verified_by) == (AT.date(), "Mara Hollis, partnership manager, Fernshire Education Partnership")
    status, said = press(client, "contact-change", row.pk, **given | {"email": "chair at brookmoor"})
    assert (status, "“chair at brookmoor” is not an e-mail address" in said, 'value="chair at brookmoor"' in said) == (422, True, True)
    assert press(client, "contact-change", row.pk, **given | {"email": "cy@brookmoor.example"})[0] == 302
    assert press(client, "contact-remove", row.pk)[0] == 302
    assert Contact.objects.filter(role="chair").count() == 0


def test_school_says_with_one_press_that_its_addresses_are_right(here: World) -> None:
    client = browser(here, "school office")
    note_bounce(address="head@fernhollow.example", why="550 no such user", by="the system", at=AT)
    before = page(client, "school-contacts", "990001")
    assert ("This is right" in before, "A letter to this address came back" in before) == (True, True)
    status, after = press(client, "school-contacts", "990001", do="verify-all")
    assert (status, "Thank you: all of it is verified today." in after, "A letter to this address came back" in after) == (302, True, False)
    assert Contact.objects.get(school="990001").verified_by == "Olu Reed, school office, Fernhollow Primary School"


def test_school_changes_its_own_line_and_no_other_schools(here: World) -> None:
    client = browser(here, "school office")
    own, other = Contact.objects.get(school="990001"), Contact.objects.get(school="990005")
    given = {"role": "head", "name": "Ada Example", "email": "head@fernhollow.example", "consent": "no"}
    assert press(client, "school-contact-change", "990001", own.pk, **given)[0] == 302
    assert Contact.objects.get(pk=own.pk).consent == "no"
    assert client.get(reverse("school-contact-change", args=[SLUG, "990001", other.pk])).status_code == 404
    for do in ("verify", "remove"):
        status, said = press(client, "school-contacts", "990001", do=do, contact=other.pk)
        assert (status, "That line is not there any more" in said) == (422, True)
    assert Contact.objects.filter(pk=other.pk, verified_on=None).count() == 1


def test_letter_is_written_looked_through_and_sent(here: World) -> None:
    client = browser(here)
    given = {"subject": "The autumn conference", "words": "Come on Friday.", "roles": ["senco"]}
    status, through = press(client, "circular-write", **given)
    assert (status, "1 letter to 1 school" in through, "SENCO of Dunmarsh High School" in through, "@" in through.split("<main")[1]) == (
        302, True, True, False,
    )  # fmt: skip
    letter = Circular.objects.get()
    status, after = press(client, "circular", letter.pk, version=letter.version)
    assert (status, "1 letter sent." in after, Letter.objects.get().to_address) == (302, True, "senco@dunmarsh.example")
    status, again = press(client, "circular", letter.pk, version=letter.version)
    assert (status, "This letter has left already" in again) == (422, True)


def test_letter_that_carries_a_concern_is_refused_and_nothing_typed_is_lost(here: World) -> None:
    given = {"subject": "About you", "words": "Your school is in special measures.", "roles": ["head"]}
    status, said = press(browser(here), "circular-write", **given)
    assert (status, "A letter never carries a concern" in said, "Your school is in special measures." in said) == (422, True, True)


def test_opening_ones_own_link_changes_nothing_and_its_button_stops_letters_without_an_account(here: World) -> None:
    key = stop_key(SLUG, "senco@dunmarsh.example", viewer="the system")
    client = Client()
    opened = client.get(f"{reverse('circulars-stop', args=[SLUG])}?key={quote(key)}")
    assert (opened.status_code, opened.headers["Cache-Control"], LeftOut.objects.count()) == (200, "no-store, private", 0)
    status, said = press(client, "circulars-stop", key=key)
    assert (status, "Done. This address gets no more letters" in said, LeftOut.objects.get().address) == (
        200,
        True,
        "senco@dunmarsh.example",
    )


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_altered_link_says_what_to_do(here: World, key: str) -> None:
    status, said = press(Client(), "circulars-stop", key=key)
    assert (status, "This link is not whole" in said, LeftOut.objects.count()) == (410, True, 0)


@pytest.mark.django_db(transaction=True)
def test_heads_are_invited_in_practice_and_then_truly(here: World) -> None:
    client = browser(here)
    assert "Practice has begun" in press(client, "invite-heads", do="begin-practice")[1]
    assert "2 letters written and held: nothing left." in press(client, "invite-heads", do="invite")[1]
    held = page(client, "held-letters")
    assert (held.count("your way in"), held.count("key="), mail.outbox) == (2, 0, [])
    said = press(client, "invite-heads", do="end-and-invite")[1]
    assert "Practice has ended, 2 letters of it deleted. 2 letters sent to heads." in said
    assert (in_practice(SLUG), sorted(each.to[0] for each in mail.outbox)) == (False, ["dele.stone@example.org", "head@fernhollow.example"])
    status, said = press(client, "invite-heads", do="again")
    assert (status, "There is nobody to invite now" in said) == (422, True)


def test_invited_head_comes_in_by_their_link(here: World) -> None:
    press(browser(here), "invite-heads", do="invite")
    link = next(line for line in Letter.objects.get(to_address="head@fernhollow.example").body.splitlines() if "key=" in line)
    client = Client()
    assert client.get(link.removeprefix("http://testserver")).status_code == 200
    client.post(reverse("sign-in-invited"), {"key": link.split("key=")[1]})
    assert client.session["_auth_user_id"] == str(here.people["head"].pk)


def test_unknown_button_changes_nothing(here: World) -> None:
    assert press(browser(here), "invite-heads", do="burn")[0] == 422


def test_words_of_letters_between_others_are_not_shown_in_practice(here: World) -> None:
    begin_practice(slug=SLUG, by="the test", at=AT)
    Letter.objects.create(
        partnership=SLUG,
        to_address="x@example.org",
        kind="package-agreed",
        subject="Between us",
        body="Not for you",
        queued_at=AT,
        practice=True,
    )
    said = page(browser(here), "held-letters")
    assert [each in said for each in ("x@example.org", "Between us", "Not for you")] == [True, False, False]


def ask_for_link(address: str) -> tuple[int, str]:
    got = Client().post(reverse("sign-in"), {"email": address})
    return got.status_code, got.headers.get("Location", "")


def test_in_practice_a_link_leaves_for_the_manager_alone_and_the_page_says_the_same(here: World) -> None:
    begin_practice(slug=SLUG, by="the test", at=AT)
    answers = {ask_for_link(f"{who}@example.org") for who in ("mara.hollis", "dele.stone", "nobody")}
    assert answers == {(302, reverse("sign-in-sent"))}
    assert list(Letter.objects.values_list("to_address", flat=True)) == ["mara.hollis@example.org"]


def test_home_asks_a_schools_own_people_to_look_at_old_addresses_until_they_have(here: World) -> None:
    said = "Say how Fernhollow Primary School is reached"
    homes = {who: browser(here, who).get("/").content.decode().count(said) for who in ("head", "other head", "manager")}
    assert homes == {"head": 1, "other head": 0, "manager": 0}
    press(browser(here, "head"), "school-contacts", "990001", do="verify-all")
    assert browser(here, "head").get("/").content.decode().count(said) == 0
