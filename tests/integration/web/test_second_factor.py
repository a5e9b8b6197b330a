"""Whoever's post asks for a second factor reaches nothing without it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import get_resolver, reverse
from django.utils import timezone

from convenor.accounts.actions import choose_password
from convenor.accounts.queries import link_token
from tests.integration.web.people import signed_in, world

pytestmark = pytest.mark.django_db

OPEN_BEFORE = {
    "sign-in", "sign-in-sent", "sign-in-link", "sign-in-invited", "sign-in-demonstration", "account_login", "mfa_authenticate",
    "account_inactive", "sign-out", "account_reauthenticate", "mfa_reauthenticate", "mfa_index", "mfa_activate_totp", "health",
    "openid_connect_login", "openid_connect_callback", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_add_webauthn",
}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def here():
    there = world()
    there.post("Mia Manager", "manager", "Partnership manager")
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    return there


def code_of(secret, ahead=0):
    counter = next(iter(yield_hotp_counters_from_time())) + ahead
    return format_hotp_value(hotp_value(secret, counter))


def set_up(client):
    page = client.get("/account/second-factor/set-up/").content.decode()
    secret = re.search(r"<strong[^>]*>([A-Z2-7 ]+)</strong>", page)[1].replace(" ", "")
    return secret, client.post("/account/second-factor/set-up/", {"code": code_of(secret)})


@pytest.mark.parametrize(
    "path", ["/", "/about/", "/account/", "/account/password/", "/account/sessions/", "/p/fernshire/", "/account/second-factor/remove/"]
)
def test_manager_without_second_factor_is_led_to_its_set_up(here, path):
    assert signed_in(here.people["mia"]).get(path).url == "/account/second-factor/"


def test_only_these_pages_open_before_the_second_factor():
    named = {
        pattern.name for pattern in get_resolver().url_patterns
        if getattr(getattr(getattr(pattern, "callback", None), "view_class", None), "before_second_factor", False)
    }  # fmt: skip
    assert named == OPEN_BEFORE


def test_head_needs_no_second_factor(here):
    assert signed_in(here.people["hal"]).get("/").status_code == 200


def test_manager_who_sets_it_up_is_let_in_and_gets_recovery_codes(here):
    client = signed_in(here.people["mia"])
    _, answer = set_up(client)
    assert answer.url == "/account/second-factor/recovery-codes/"
    codes = re.findall(r"<li>(\d{8})</li>", client.get(answer.url).content.decode())
    assert len(codes) == 10
    assert client.get("/").status_code == 200


def test_wrong_code_sets_nothing_up(here):
    client = signed_in(here.people["mia"])
    client.get("/account/second-factor/set-up/")
    answer = client.post("/account/second-factor/set-up/", {"code": "000000"})
    assert answer.status_code == 200
    assert Authenticator.objects.count() == 0


def test_secrets_are_sealed_in_the_database(here):
    secret, _ = set_up(signed_in(here.people["mia"]))
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert stored != secret
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_link_alone_does_not_sign_in_whoever_has_a_second_factor(here, client):
    secret, _ = set_up(signed_in(here.people["mia"]))
    answer = client.post("/sign-in/link/", {"key": link_token(here.people["mia"])})
    assert answer.url == "/sign-in/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/account/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code_of(secret, ahead=1)}).url == "/"
    assert client.get("/").status_code == 200


def test_password_alone_does_not_sign_in_whoever_has_a_second_factor(here, client):
    mia = here.people["mia"]
    choose_password(person=mia, password="four quiet words here", by="test", at=timezone.now())
    mia.refresh_from_db()
    session = signed_in(mia)
    session.post("/account/confirm/", {"password": "four quiet words here"})
    secret, _ = set_up(session)
    answer = client.post("/sign-in/password/", {"login": mia.email, "password": "four quiet words here"})
    assert answer.url == "/sign-in/code/"
    assert client.post("/sign-in/code/", {"code": code_of(secret, ahead=1)}).url == "/"


def test_recovery_code_works_once(here, client):
    first = signed_in(here.people["mia"])
    _, answer = set_up(first)
    code = re.findall(r"<li>(\d{8})</li>", first.get(answer.url).content.decode())[0]
    client.post("/sign-in/link/", {"key": link_token(here.people["mia"])})
    assert client.post("/sign-in/code/", {"code": code}).url == "/"
    client.post("/sign-out/")
    here.people["mia"].refresh_from_db()
    client.post("/sign-in/link/", {"key": link_token(here.people["mia"])})
    assert client.post("/sign-in/code/", {"code": code}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_codes_cannot_be_guessed_without_end(here, client):
    set_up(signed_in(here.people["mia"]))
    client.post("/sign-in/link/", {"key": link_token(here.people["mia"])})
    pages = [client.post("/sign-in/code/", {"code": f"{n:06}"}).content.decode() for n in range(7)]
    assert "Too many tries" in pages[-1]
    assert "Too many tries" not in pages[0]


def test_session_older_than_the_second_factor_must_give_a_code(here):
    old = signed_in(here.people["mia"])
    set_up(signed_in(here.people["mia"]))
    assert old.get("/").url == "/account/second-factor/"
    assert "Give a code to go on" in old.get("/account/second-factor/").content.decode()
    assert old.get("/account/second-factor/recovery-codes/").status_code == 302


def test_head_who_becomes_manager_is_asked_at_the_next_page(here):
    client = signed_in(here.people["hal"])
    assert client.get("/").status_code == 200
    here.post("Hal Head", "manager", "Partnership manager")
    assert client.get("/").url == "/account/second-factor/"


def test_manager_elsewhere_is_asked_when_they_go_there(here):
    there = world("otherton")
    there.people["hal"] = here.people["hal"]
    there.post("Hal Head", "manager", "Partnership manager")
    client = signed_in(here.people["hal"])
    assert client.get("/p/otherton/structure/").url == "/account/second-factor/"


def test_sign_out_is_open_before_the_second_factor(here):
    client = signed_in(here.people["mia"])
    assert client.post(reverse("sign-out")).url == "/"
    assert "_auth_user_id" not in client.session
