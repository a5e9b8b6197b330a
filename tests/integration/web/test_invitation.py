"""Coming in by an invitation: fourteen days, once, by a tap."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from convenor.accounts.actions import add_person, choose_password, spend_invitation
from convenor.accounts.models import Person
from convenor.accounts.queries import invitation_token, link_token, person_of_invitation, person_of_link
from convenor.accounts.rules import LinkRefused

pytestmark = pytest.mark.django_db
WORDS = "This invitation no longer works"


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def ada():
    return add_person(name="Ada Example", email="ada@fernhollow.example", by="test", at=timezone.now())


def later(monkeypatch, **age):
    moment = (timezone.now() + timedelta(**age)).timestamp()
    monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: moment)


def press(client, key, **more):
    return client.post("/sign-in/invited/", {"key": key, **more})


def test_invitation_is_opened_by_a_scanner_and_then_lets_its_person_in(client, ada):
    key = invitation_token(ada)
    for _ in range(2):
        assert Client().get(f"/sign-in/invited/?key={key}").content.decode().count("Come in as Ada Example") == 1
    assert press(client, key, next="/account/").url == "/account/"
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert [record["method"] for record in client.session["account_authentication_methods"]] == ["invitation"]


def test_invitation_works_to_the_end_of_its_fourteen_days(client, ada, monkeypatch):
    key = invitation_token(ada)
    later(monkeypatch, days=13, hours=23)
    assert press(client, key).url == "/"


def as_told(answer):
    page = answer.content.decode()
    return answer.status_code, page.count(WORDS) > 0, page.count("Ada"), page.count("Send me a link")


def test_spent_invitation_is_refused_and_says_what_to_do(client, ada):
    key = invitation_token(ada)
    press(client, key)
    assert as_told(press(Client(), key)) == (410, True, 0, 1)
    assert as_told(Client().get(f"/sign-in/invited/?key={key}")) == (410, True, 0, 1)


def test_old_invitation_is_as_told(client, ada, monkeypatch):
    key = invitation_token(ada)
    later(monkeypatch, days=14, seconds=1)
    assert as_told(press(client, key)) == (410, True, 0, 1)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("key", ["", "x", "AAAAAQAAAAAAAAAAAAAAAAAA", "é" * 24])
def test_altered_invitation_is_as_told(client, ada, key):
    assert as_told(press(client, key)) == (410, True, 0, 1)


def test_invitation_altered_in_one_letter_is_as_told(client, ada):
    key = invitation_token(ada)
    assert as_told(press(client, key[:-2] + ("A" if key[-2] != "A" else "B") + key[-1])) == (410, True, 0, 1)


def test_link_and_invitation_are_not_taken_for_each_other(ada):
    assert (person_of_invitation(link_token(ada)), person_of_link(invitation_token(ada))) == (None, None)
    assert (person_of_link(link_token(ada)), person_of_invitation(invitation_token(ada))) == (ada, ada)


def test_invitation_of_somebody_who_has_left_is_as_told(client, ada):
    key = invitation_token(ada)
    Person.objects.update(is_active=False)
    assert as_told(press(client, key)) == (410, True, 0, 1)


@pytest.mark.parametrize("address", ["put.right@fernhollow.example", None])
def test_invitation_to_a_mistaken_address_ends_when_the_address_is_put_right(client, ada, address):
    key = invitation_token(ada)
    Person.objects.update(email=address)
    assert as_told(press(client, key)) == (410, True, 0, 1)


def test_invitation_ends_with_a_password_chosen_meanwhile(ada):
    key = invitation_token(ada)
    choose_password(person=ada, password="four quiet words here", by="test", at=timezone.now())
    assert person_of_invitation(key) is None


def test_being_invited_again_leaves_the_first_letter_good_until_one_is_used(ada):
    first, second = invitation_token(ada), invitation_token(ada)
    assert (person_of_invitation(first), person_of_invitation(second)) == (ada, ada)
    spend_invitation(token=second, by="test", at=timezone.now())
    with pytest.raises(LinkRefused):
        spend_invitation(token=first, by="test", at=timezone.now())


def test_invitation_that_another_press_has_spent_meanwhile_is_as_told(ada, monkeypatch):
    key = invitation_token(ada)
    seen = person_of_invitation(key)
    monkeypatch.setattr("convenor.accounts.actions.person_of_invitation", lambda token: seen)
    Person.objects.update(last_login=timezone.now())
    with pytest.raises(LinkRefused):
        spend_invitation(token=key, by="test", at=timezone.now())


def test_somebody_signed_in_who_opens_a_spent_invitation_is_led_to_their_page(client, ada):
    key = invitation_token(ada)
    press(client, key)
    assert client.get(f"/sign-in/invited/?key={key}").content.decode().count('<a href="/">go to your own page</a>') == 1


def test_invitation_leads_nowhere_outside(client, ada):
    assert press(client, invitation_token(ada), next="https://elsewhere.example/").url == "/"
