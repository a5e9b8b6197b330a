"""Signing in by link, by password and by the demonstration's own door."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from convenor.accounts.actions import add_person, choose_password, spend_link
from convenor.accounts.models import Person
from convenor.accounts.queries import link_token, person_of_link
from convenor.accounts.rules import LinkRefused
from convenor.post.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch):
    """Each test begins with no attempts counted, and waits for nobody."""
    cache.clear()
    monkeypatch.setattr("convenor.web.views.sign_in.ANSWER_TAKES_SECONDS", 0.0)


@pytest.fixture
def ada():
    return add_person(name="Ada Example", email="ada@fernhollow.example", by="test", at=timezone.now())


def ask_for_link(client, email, **extra):
    return client.post("/sign-in/", {"email": email, **extra})


def link_in_letter():
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]


@pytest.mark.django_db(transaction=True)
def test_link_is_sent_and_signs_in_by_a_press_of_the_button(client, ada):
    assert ask_for_link(client, "  ADA@Fernhollow.example ").url == "/sign-in/sent/"
    assert mail.outbox[0].to == ["ada@fernhollow.example"]
    link = link_in_letter()
    opened = client.get(link)
    assert opened.status_code == 200
    assert "Sign in as Ada Example" in opened.content.decode()
    key = re.search(r"key=([\w-]+)", link)[1]
    assert client.post("/sign-in/link/", {"key": key}).url == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)


@pytest.mark.django_db(transaction=True)
def test_unknown_address_gets_the_same_answer_and_no_letter(client, ada):
    known, unknown = ask_for_link(client, ada.email), ask_for_link(Client(), "nobody@fernhollow.example")
    assert (known.status_code, known.url, known.content) == (unknown.status_code, unknown.url, unknown.content)
    assert [letter.to_address for letter in Letter.objects.all()] == [ada.email]


def test_answer_takes_the_same_least_time_for_unknown_addresses(client, monkeypatch):
    slept = []
    monkeypatch.setattr("convenor.web.views.sign_in.ANSWER_TAKES_SECONDS", 0.35)
    monkeypatch.setattr("convenor.web.views.sign_in.time.sleep", slept.append)
    ask_for_link(client, "nobody@fernhollow.example")
    assert len(slept) == 1
    assert 0.0 < slept[0] <= 0.35


@pytest.mark.django_db(transaction=True)
def test_token_is_not_kept_once_its_letter_is_sent(client, ada):
    ask_for_link(client, ada.email)
    assert "key=" in mail.outbox[0].body
    assert Letter.objects.get().body.count("key=") == 0


def test_scanner_that_opens_the_link_does_not_spend_it(client, ada):
    key = link_token(ada)
    for _ in range(3):
        assert Client(HTTP_USER_AGENT="Mail scanner").get(f"/sign-in/link/?key={key}").status_code == 200
        assert Client().head(f"/sign-in/link/?key={key}").status_code == 200
    assert client.post("/sign-in/link/", {"key": key}).status_code == 302
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_spent_link_is_refused_and_says_what_to_do(client, ada):
    key = link_token(ada)
    client.post("/sign-in/link/", {"key": key})
    for again in (Client().post("/sign-in/link/", {"key": key}), Client().get(f"/sign-in/link/?key={key}")):
        assert again.status_code == 410
        assert "Send me another link" in again.content.decode()
        assert "Ada" not in again.content.decode()


def test_old_link_is_refused(client, ada, monkeypatch):
    key = link_token(ada)
    later = (timezone.now() + timedelta(minutes=21)).timestamp()
    monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: later)
    assert client.post("/sign-in/link/", {"key": key}).status_code == 410
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("key", ["", "x", "AAAAAQAAAAAAAAAAAAAAAAAA", "é" * 24, "a:b:c"])
def test_altered_link_is_refused(client, ada, key):
    assert client.get("/sign-in/link/", {"key": key}).status_code == 410
    assert client.post("/sign-in/link/", {"key": key}).status_code == 410


def test_link_of_another_site_is_refused(client, ada, settings):
    settings.SECRET_KEY = "another-site-" + "y" * 40
    key = link_token(ada)
    settings.SECRET_KEY = "this-site-" + "z" * 40
    assert client.post("/sign-in/link/", {"key": key}).status_code == 410


def test_link_made_for_something_else_does_not_sign_in(ada):
    import sesame.utils

    assert person_of_link(sesame.utils.get_token(ada, scope="calendar")) is None
    assert person_of_link(sesame.utils.get_token(ada)) is None


def test_link_of_somebody_who_has_left_is_refused(client, ada):
    key = link_token(ada)
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.post("/sign-in/link/", {"key": key}).status_code == 410


def test_no_letter_goes_to_somebody_who_has_left(client, ada):
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert ask_for_link(client, ada.email).url == "/sign-in/sent/"
    assert Letter.objects.count() == 0


def test_signing_in_by_one_link_ends_the_others(client, ada):
    first, second = link_token(ada), link_token(ada)
    client.post("/sign-in/link/", {"key": second})
    assert Client().post("/sign-in/link/", {"key": first}).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_link_pressed_twice_at_once_signs_in_once(ada):
    key, ready, results = link_token(ada), threading.Barrier(4), []

    def press():
        try:
            ready.wait(5)
            spend_link(token=key, by="test", at=timezone.now())
            results.append("in")
        except LinkRefused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["in", "refused", "refused", "refused"]


def test_session_key_changes_at_sign_in(client, ada):
    client.get("/sign-in/")
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post("/sign-in/link/", {"key": link_token(ada)})
    assert client.session.session_key != session.session_key


def test_link_of_one_person_opened_by_another_begins_a_clean_session(client, ada):
    ben = add_person(name="Ben Example", email="ben@fernhollow.example", by="test", at=timezone.now())
    client.post("/sign-in/link/", {"key": link_token(ada)})
    session = client.session
    session["post"] = 7
    session.save()
    client.post("/sign-in/link/", {"key": link_token(ben)})
    assert client.session["_auth_user_id"] == str(ben.pk)
    assert "post" not in client.session


def test_links_for_one_address_are_limited(client, ada):
    answers = [ask_for_link(client, ada.email).status_code for _ in range(6)]
    assert answers == [302, 302, 302, 302, 429, 429]


def test_limit_is_the_same_for_unknown_addresses(client):
    answers = [ask_for_link(client, "nobody@fernhollow.example").status_code for _ in range(6)]
    assert answers == [302, 302, 302, 302, 429, 429]


def test_links_from_one_network_are_limited(client):
    answers = [ask_for_link(client, f"somebody{n}@fernhollow.example").status_code for n in range(41)]
    assert answers == [302] * 40 + [429]


def test_wrong_passwords_are_limited_even_when_the_right_one_follows(client, ada):
    choose_password(person=ada, password="four quiet words here", by="test", at=timezone.now())
    for _ in range(5):
        assert client.post("/sign-in/password/", {"login": ada.email, "password": "wrong words entirely"}).status_code == 200
    client.post("/sign-in/password/", {"login": ada.email, "password": "four quiet words here"})
    assert "_auth_user_id" not in client.session


def test_password_signs_in(client, ada):
    choose_password(person=ada, password="four quiet words here", by="test", at=timezone.now())
    assert client.post("/sign-in/password/", {"login": ada.email.upper(), "password": "four quiet words here"}).url == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_wrong_password_and_unknown_address_are_answered_alike(client, ada):
    choose_password(person=ada, password="four quiet words here", by="test", at=timezone.now())

    def answer(email):
        page = Client().post("/sign-in/password/", {"login": email, "password": "not the words"}).content.decode()
        page = re.sub(r'value="[^"]*"|id="[^"]*"', "", page.replace(email, ""))
        return re.sub(r"-\d+", "", page)

    assert answer(ada.email) == answer("nobody@fernhollow.example")


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_outside(client, ada, there):
    assert client.post("/sign-in/link/", {"key": link_token(ada), "next": there}).url == "/"


def test_sign_in_leads_back_to_the_page_asked_for(client, ada):
    assert client.get("/account/").url == "/sign-in/?next=%2Faccount%2F"
    assert client.post("/sign-in/link/", {"key": link_token(ada), "next": "/account/"}).url == "/account/"


def test_link_form_refuses_what_is_no_address(client):
    answer = client.post("/sign-in/", {"email": "ada"})
    assert answer.status_code == 400
    assert "That does not look like an e-mail address" in answer.content.decode()


def test_link_cannot_be_spent_by_another_site(ada):
    strict = Client(enforce_csrf_checks=True)
    key = link_token(ada)
    assert strict.post("/sign-in/link/", {"key": key}).status_code == 403
    assert person_of_link(key) == ada
