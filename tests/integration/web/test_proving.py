"""Confidential pages ask whoever came by a mailed link; others go straight in."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from convenor.accounts.actions import add_person, check_pin, choose_password, set_first_pin, set_pin, take_off_second_factor
from convenor.accounts.models import Pin
from convenor.accounts.queries import has_pin, invitation_token, link_token
from convenor.accounts.rules.pins import PinClosed, PinRefused
from convenor.post.models import Letter
from tests.integration.web import (
    early_access,
    entered_access,
    review_access_evidence,
    review_access_report,
    review_access_steps,
    support_access_beside,
    support_access_brokerage,
    support_access_deployments,
    support_access_effect,
    support_access_packages,
)  # fmt: skip
from tests.integration.web.people import signed_in, world

pytestmark = pytest.mark.django_db
PIN = "739104"


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def here():
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    return there


@pytest.fixture
def hal(here):
    return here.people["hal"]


@pytest.fixture
def held(here):
    return f"/schools/{here.near.urn}/held/"


def came_by_link(person, *, invited=False):
    client = Client()
    person.refresh_from_db()
    where, key = ("invited", invitation_token(person)) if invited else ("link", link_token(person))
    assert client.post(f"/sign-in/{where}/", {"key": key}).status_code == 302
    return client


def question(path):
    return f"/account/prove/?next={path.replace('/', '%2F')}"


def test_whoever_came_by_a_link_chooses_a_pin_before_what_is_held(hal, held):
    client = came_by_link(hal)
    assert client.get(held).url == question(held)
    page = client.get(question(held)).content.decode()
    assert re.findall(r"<h1[^>]*>([^<]+)", page) == ["Choose a PIN"]
    assert client.post("/account/prove/", {"pin": PIN, "again": PIN, "next": held}).url == held
    assert client.get(held).status_code == 200


def test_whoever_came_by_an_invitation_is_asked_too(hal, held):
    assert came_by_link(hal, invited=True).get(held).url == question(held)


def test_pin_chosen_before_is_asked_for_and_opens_for_half_an_hour(hal, held):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    client = came_by_link(hal)
    assert client.post("/account/prove/", {"pin": "73 91 04", "next": held}).url == held
    assert client.get(held).status_code == 200
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=31)):
        assert client.get(held).url == question(held)


def test_form_begun_before_the_half_hour_ended_is_taken(hal, here):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    client = came_by_link(hal)
    path = f"/p/fernshire/early/schools/{here.near.urn}/reply/"
    asked = client.post(path, {"words": "x"}, HTTP_REFERER=f"http://testserver{path}?from=here")
    assert asked.url == question(path) + "%3Ffrom%3Dhere"
    client.post("/account/prove/", {"pin": PIN})
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=31)):
        assert client.post(path, {"words": "x"}).status_code != 302


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/x", "http://testserver//elsewhere.example/"])
def test_form_from_elsewhere_comes_back_to_the_first_page(hal, here, referer):
    client = came_by_link(hal)
    answer = client.post(f"/p/fernshire/early/schools/{here.near.urn}/reply/", {}, HTTP_REFERER=referer)
    assert answer.url == question("/")


def test_part_of_a_page_sends_the_whole_page_to_the_question(hal, held):
    answer = came_by_link(hal).get(held, HTTP_HX_REQUEST="true")
    assert (answer.headers["HX-Redirect"], answer.content) == (question(held), b"")


def test_demonstrations_door_and_a_password_are_not_asked(hal, held):
    assert signed_in(hal).get(held).status_code == 200
    choose_password(person=hal, password="four quiet words here", by="test", at=timezone.now())
    client = Client()
    client.post("/sign-in/password/", {"login": hal.email, "password": "four quiet words here"})
    assert client.get(held).status_code == 200


def test_second_factor_given_at_the_door_is_not_asked_again(hal, held):
    TOTP.activate(hal, generate_totp_secret())
    codes = RecoveryCodes.activate(hal).get_unused_codes()
    client = came_by_link(hal)
    assert client.post("/sign-in/code/", {"code": codes[0]}).url == "/"
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(hours=3)):
        assert client.get(held).status_code == 200


def test_school_page_is_open_and_keeps_what_is_the_schools_own_until_then(hal, here):
    client, path = came_by_link(hal), f"/schools/{here.near.urn}/"
    page = client.get(path).content.decode()
    assert (page.count("What is held about us"), page.count(f'href="{question(path)}"')) == (0, 1)
    client.post("/account/prove/", {"pin": PIN, "again": PIN})
    page = client.get(path).content.decode()
    assert (page.count("What is held about us"), page.count("Show that it is you")) == (1, 0)


def test_school_page_says_nothing_of_it_to_whoever_would_see_no_more(hal, here):
    page = came_by_link(hal).get(f"/schools/{here.far.urn}/").content.decode()
    assert page.count("Show that it is you") == 0


def test_question_leads_on_whoever_need_not_answer_it(hal, held):
    assert signed_in(hal).get(question(held)).url == held
    assert Client().get("/account/prove/").url == "/sign-in/?next=%2Faccount%2Fprove%2F"
    assert came_by_link(hal).post("/account/prove/", {"pin": PIN, "again": PIN, "next": "https://elsewhere.example/"}).url == "/"


def words(answer):
    return [said.strip() for said in re.findall(r'govuk-visually-hidden">Error:</span> ([^<]+)', answer.content.decode())]


def test_pin_tried_too_often_waits_and_says_for_how_long(hal, held):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    client = came_by_link(hal)
    said = [words(client.post("/account/prove/", {"pin": "200200"})) for _ in range(6)]
    assert said[0] == ["That is not your PIN. 4 tries left before a wait"]
    assert said[3] == ["That is not your PIN. 1 try left before a wait"]
    assert said[4:] == [["Too many tries. Wait 15 minutes, then try again; nothing else of yours is closed"]] * 2
    assert words(client.post("/account/prove/", {"pin": PIN})) == said[4]
    assert client.get(held).status_code == 302
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=16)):
        assert client.post("/account/prove/", {"pin": PIN, "next": held}).url == held
    assert Pin.objects.get().failed == 0


def test_tries_are_counted_for_the_person_whatever_the_browser(hal):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    for _ in range(5):
        came_by_link(hal).post("/account/prove/", {"pin": "200200"})
    assert words(came_by_link(hal).post("/account/prove/", {"pin": PIN}))[0][:15] == "Too many tries."


def test_later_waits_are_an_hour(hal):
    at = timezone.now()
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=at)
    Pin.objects.update(failed=9, last_failed_at=at)
    with pytest.raises(PinClosed, match="Wait about an hour"):
        check_pin(person=hal, pin="200200", by="test", at=at)


def test_try_at_the_same_moment_as_another_is_not_counted_free(hal, monkeypatch):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())

    def meanwhile(**_):
        Pin.objects.update(failed=3, last_failed_at=timezone.now())

    monkeypatch.setattr("convenor.accounts.actions.pins.opens_again_at", meanwhile)
    with pytest.raises(PinRefused, match="at the same moment"):
        check_pin(person=hal, pin=PIN, by="test", at=timezone.now())


def test_pin_that_is_not_there_is_not_checked(hal):
    with pytest.raises(PinRefused, match="no PIN yet"):
        check_pin(person=hal, pin=PIN, by="test", at=timezone.now())


def test_first_pin_is_chosen_once_though_two_choose(hal):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    with pytest.raises(PinRefused, match="a PIN already"):
        set_first_pin(person=hal, pin="204861", again="204861", by="test", at=timezone.now())


def test_pin_is_kept_sealed(hal, settings):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    settings.SECRET_KEY = "another-site-" + "y" * 40
    with pytest.raises(PinRefused, match="not your PIN"):
        check_pin(person=hal, pin=PIN, by="test", at=timezone.now())
    assert str(Pin.objects.get()) == f"PIN of {hal.pk}"


def test_somebody_is_told_by_letter_when_a_pin_is_chosen(hal):
    came_by_link(hal).post("/account/prove/", {"pin": PIN, "again": PIN})
    assert list(Letter.objects.values_list("to_address", "subject")) == [(hal.email, "Your PIN was chosen")]


@pytest.mark.parametrize(("sent", "said"), [
    ({"pin": "123456", "again": "123456"}, "That one is among the first that anybody would try. Choose six digits without such an order"),
    ({"pin": PIN, "again": "739105"}, "The two are not the same. Give the same six digits twice"),
    ({"pin": "12", "again": "12"}, "A PIN is six digits"),
])  # fmt: skip
def test_pin_that_may_not_be_chosen_is_refused_in_words(hal, sent, said):
    assert words(came_by_link(hal).post("/account/prove/", sent)) == [said]
    assert not has_pin(hal.pk)


def test_pin_is_changed_on_the_account_page_by_whoever_knows_it(hal):
    client = came_by_link(hal)
    assert client.post("/account/pin/", {"pin": PIN, "again": PIN}).url == "/account/"
    again = {"pin": "204861", "again": "204861"}
    assert words(client.post("/account/pin/", {**again, "old": "200200"})) == ["That is not your PIN. 4 tries left before a wait"]
    assert client.post("/account/pin/", {**again, "old": PIN}).url == "/account/"
    check_pin(person=hal, pin="204861", by="test", at=timezone.now())


def test_pin_is_changed_without_the_old_one_by_whoever_gave_a_second_factor(hal):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    client = signed_in(hal, code=True)
    assert client.get("/account/pin/").content.decode().count("The PIN you have now") == 0
    assert client.post("/account/pin/", {"pin": "204861", "again": "204861"}).url == "/account/"
    set_pin(person=hal, pin=PIN, again=PIN, old="204861", by="test", at=timezone.now())


GUARDED = ["/account/password/", "/account/pin/", "/account/passkeys/add/", "/account/second-factor/set-up/", "/account/passkeys/1/remove/"]


@pytest.mark.parametrize("path", GUARDED)
def test_mailbox_alone_puts_nothing_beside_a_pin(hal, path):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    assert came_by_link(hal).get(path).url == question(path)


def test_pin_alone_does_not_choose_a_password_later(hal):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    client = came_by_link(hal)
    with patch("time.time", return_value=timezone.now().timestamp() + 1000):
        client.post("/account/prove/", {"pin": PIN})
        client.post("/account/password/", {"password": "four quiet words here"})
    hal.refresh_from_db()
    assert not hal.has_usable_password()


def test_operator_takes_a_pin_off_with_the_second_factor(hal):
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    take_off_second_factor(person=hal, by="test", at=timezone.now())
    assert not has_pin(hal.pk)


def test_pin_of_one_person_is_nothing_to_another(hal):
    ben = add_person(name="Ben Example", email="ben@fernhollow.example", by="test", at=timezone.now())
    set_first_pin(person=hal, pin=PIN, again=PIN, by="test", at=timezone.now())
    set_first_pin(person=ben, pin="204861", again="204861", by="test", at=timezone.now())
    with pytest.raises(PinRefused):
        check_pin(person=ben, pin=PIN, by="test", at=timezone.now())


#: Pages whose looking is written down because they hold a school's own, as the tables of access name them.
TABLES = (
    early_access, entered_access, review_access_evidence, review_access_report, review_access_steps, support_access_beside,
    support_access_brokerage, support_access_deployments, support_access_effect, support_access_packages,
)  # fmt: skip


#: Among them, pages that name no school's own: totals, and who works with whom.
OF_NONE = {"review-themes", "support-effects", "support-ring"}


def pages(patterns):
    for pattern in patterns:
        yield from pages(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


def test_every_page_that_shows_a_schools_own_is_confidential():
    views = {pattern.name: getattr(pattern.callback, "view_class", None) for pattern in pages(get_resolver().url_patterns)}
    assert {name for name in OF_NONE if not views[name].confidential} == OF_NONE
    named = {name for table in TABLES for name in getattr(table, "READ", ())} | {
        "school-held",
        "early-school",
        "review-report",
        "support-note",
    }
    assert sorted(name for name in named - OF_NONE if not views[name].confidential) == []
    assert len(named) > 8
