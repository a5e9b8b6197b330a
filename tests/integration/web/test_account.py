"""A person's own account: sessions, password; and the demonstration's own door."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from convenor.accounts.actions import add_person, choose_password
from convenor.accounts.models import Person
from convenor.accounts.queries import link_token
from convenor.post.models import Letter
from tests.integration.web.people import in_days, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def ada():
    return add_person(name="Ada Example", email="ada@fernhollow.example", by="test", at=timezone.now())


def enter(person, agent="Firefox on Linux"):
    client = Client(HTTP_USER_AGENT=agent)
    person.refresh_from_db()
    client.post("/sign-in/link/", {"key": link_token(person)})
    return client


def inside(client):
    return client.get("/account/").status_code == 200


def test_sessions_are_listed_by_browser(ada):
    enter(ada, "Chrome/1 (iPhone)")
    page = enter(ada).get("/account/sessions/").content.decode()
    assert (page.count("Chrome on iPhone</h3>"), page.count("Firefox on Linux</h3>")) == (1, 1)


def test_one_other_session_can_be_ended(ada):
    first, second, third = enter(ada), enter(ada), enter(ada)
    key = UserSession.objects.get(session_key=first.session.session_key).pk
    assert third.post("/account/sessions/", {"end": str(key)}).url == "/account/sessions/"
    assert [inside(client) for client in (first, second, third)] == [False, True, True]


def test_all_other_sessions_can_be_ended(ada):
    first, second, third = enter(ada), enter(ada), enter(ada)
    third.post("/account/sessions/", {"end": "others"})
    assert [inside(client) for client in (first, second, third)] == [False, False, True]


def test_sign_out_everywhere_ends_this_one_too(ada):
    first, second = enter(ada), enter(ada)
    assert second.post("/account/sessions/", {"end": "everywhere"}).url == "/"
    assert [inside(client) for client in (first, second)] == [False, False]


def test_nobody_can_end_or_see_anothers_session(ada):
    ben = add_person(name="Ben Example", email="ben@fernhollow.example", by="test", at=timezone.now())
    hers, his = enter(ada, "Chrome/1 (iPhone)"), enter(ben)
    key = UserSession.objects.get(user=ada).pk
    his.post("/account/sessions/", {"end": str(key)})
    assert inside(hers)
    assert "iPhone" not in his.get("/account/sessions/").content.decode()


def test_password_is_chosen_soon_after_a_link_and_ends_other_sessions(ada):
    other, client = enter(ada), enter(ada)
    assert client.post("/account/password/", {"password": "four quiet words here"}).url == "/account/"
    ada.refresh_from_db()
    assert ada.check_password("four quiet words here")
    assert [inside(client), inside(other)] == [True, False]
    assert [letter.kind for letter in Letter.objects.filter(to_address=ada.email)] == ["security-notice"]


def test_password_is_not_chosen_long_after_signing_in(ada):
    client = enter(ada)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 16 * 60
    session.save()
    answer = client.post("/account/password/", {"password": "four quiet words here"})
    assert answer.status_code == 400
    ada.refresh_from_db()
    assert not ada.has_usable_password()


@pytest.mark.parametrize("password", ["short", "ada example", "password1234", "ada@fernhollow.example"])
def test_weak_password_is_refused(ada, password):
    assert enter(ada).post("/account/password/", {"password": password}).status_code == 400


def test_change_of_password_ends_links_sent_before(ada):
    key = link_token(ada)
    choose_password(person=ada, password="four quiet words here", by="test", at=timezone.now())
    assert Client().post("/sign-in/link/", {"key": key}).status_code == 410


def test_person_who_is_closed_is_out_at_once(ada):
    client = enter(ada)
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert not inside(client)


def test_post_that_is_not_held_cannot_be_worked_under(ada):
    there = world()
    there.people["ada"] = ada
    there.post("Ada Example", "head", "Headteacher", school=there.near)
    ended = there.post("Ada Example", "manager", "Partnership manager", until=in_days(-1))
    client = enter(ada)
    assert client.post("/account/post/", {"holding": f"manager.{ended.post_id}.", "partnership": "fernshire"}).status_code == 404
    assert "post" not in client.session


# The demonstration's door


@pytest.fixture
def shown():
    """A demonstration with invented people, and beside it a real partnership with a real person."""
    there = world()
    there.person("Iris Invented", fictitious=True)
    there.person("Otto Invented", fictitious=True)
    there.person("Real Person")
    there.post("Iris Invented", "head", "Headteacher", school=there.near)
    there.post("Otto Invented", "officer", "School improvement officer", authority=there.authority)
    there.post("Real Person", "clerk", "Clerk to the governors", school=there.near)
    other = world("realshire", demonstration=False)
    other.people["iris"] = there.people["iris"]
    other.post("Iris Invented", "manager", "Partnership manager")
    return there


def press(person):
    client = Client()
    answer = client.post("/sign-in/demonstration/", {"person": str(person.pk)})
    return client, answer


def test_demonstration_lists_invented_people_alone(shown, settings, client):
    settings.DEMONSTRATION = True
    page = client.get("/sign-in/").content.decode()
    assert (page.count("Sign in as Iris Invented"), page.count("Sign in as Otto Invented"), page.count("Real Person")) == (1, 1, 0)
    assert "This is a demonstration, and everyone in it is invented." in page


def test_demonstration_signs_in_by_one_press_and_asks_officers_for_no_code(shown, settings):
    settings.DEMONSTRATION = True
    client, answer = press(shown.people["otto"])
    assert answer.url == "/"
    assert client.get("/").status_code == 200


def test_demonstrations_door_does_not_exist_elsewhere(shown, settings):
    settings.DEMONSTRATION = False
    client, answer = press(shown.people["iris"])
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session
    assert "Iris Invented" not in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("wanted", ["real", "nobody"])
def test_demonstrations_door_opens_for_no_real_person(shown, settings, wanted):
    settings.DEMONSTRATION = True
    key = str(shown.people["real"].pk) if wanted == "real" else "x"
    assert Client().post("/sign-in/demonstration/", {"person": key}).status_code == 404


def test_session_by_the_demonstrations_door_is_worth_nothing_once_it_is_none(shown, settings):
    settings.DEMONSTRATION = True
    client, _ = press(shown.people["otto"])
    settings.DEMONSTRATION = False
    assert client.get("/").url == "/account/second-factor/"


def test_demonstrations_door_is_not_opened_by_another_site(shown, settings):
    settings.DEMONSTRATION = True
    answer = Client(enforce_csrf_checks=True).post("/sign-in/demonstration/", {"person": str(shown.people["iris"].pk)})
    assert answer.status_code == 403


def test_what_is_kept_of_a_session_goes_when_it_ends(ada):
    from django.contrib.sessions.models import Session

    from convenor.accounts.actions import forget_ended_sessions

    old, kept = enter(ada), enter(ada)
    Session.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert forget_ended_sessions(by="test", at=timezone.now()) == 1
    assert [row.session_key for row in UserSession.objects.all()] == [kept.session.session_key]
    assert [inside(old), inside(kept)] == [False, True]
