"""Passkeys without a browser: who may open which page, and answers that no browser made. The ceremony itself is in tests/functional."""

import base64
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.accounts.actions import choose_password
from convenor.accounts.models import Person
from convenor.accounts.queries import link_token
from convenor.web.adapters import SecondFactorAdapter
from tests.integration.web.people import signed_in, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def hal():
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    return there.people["hal"]


def title(answer):
    return re.findall(r"<h1[^>]*>([^<]+)", answer.content.decode())


def test_question_to_a_passkey_names_nobody_and_no_key(client, hal):
    asked = client.get("/sign-in/passkey/", HTTP_ACCEPT="application/json").json()["publicKey"]
    assert (asked.get("allowCredentials") or [], "user" in asked) == ([], False)
    assert (asked["rpId"], asked["userVerification"]) == ("testserver", "required")


def test_address_of_the_ceremony_opened_by_itself_leads_to_the_button(client):
    assert client.get("/sign-in/passkey/").url == "/sign-in/"
    page = client.get("/sign-in/").content.decode()
    assert page.count('data-options-at="/sign-in/passkey/"') == 1


NOBODY = {"type": "public-key", "id": "AAAA", "rawId": "AAAA", "clientExtensionResults": {}}
ANSWERS = [
    "", "x", "null", "[]", "7", "{}", '{"response": null}', json.dumps(NOBODY), json.dumps(NOBODY | {"response": {}}),
    json.dumps(NOBODY | {"response": {"userHandle": "MQ"}}), json.dumps(NOBODY | {"response": {"userHandle": "!!"}}),
    json.dumps(NOBODY | {"response": {
        "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}}),
    json.dumps(NOBODY | {"response": {"clientDataJSON": "e30", "authenticatorData": "A" * 60, "signature": "", "userHandle": "_w"}}),
]  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
def test_answer_that_no_browser_made_signs_nobody_in_and_says_what_to_do(client, hal, answer):
    client.get("/sign-in/passkey/", HTTP_ACCEPT="application/json")
    told = client.post("/sign-in/passkey/", {"credential": answer, "next": "//elsewhere.example/"})
    assert (told.status_code, title(told)) == (400, ["That passkey was not accepted"])
    assert (told.content.decode().count("elsewhere"), client.session.get("_auth_user_id")) == (0, None)


def test_refusal_is_the_same_for_somebody_known_and_for_nobody(client, hal):
    def told(handle):
        answer = client.post("/sign-in/passkey/", {"credential": json.dumps(NOBODY | {"response": {"userHandle": handle}})})
        return re.sub(r'value="[^"]*"', "", answer.content.decode())

    known = re.sub("=+$", "", base64.urlsafe_b64encode(str(hal.pk).encode()).decode())
    assert told(known) == told("OTk5OQ")


@pytest.mark.parametrize("part", ["rawId", "id"])
def test_number_in_place_of_a_key_takes_no_memory(part):
    told = Client().post("/sign-in/passkey/", {"credential": json.dumps(NOBODY | {part: 50_000_000_000, "response": {"userHandle": "MQ"}})})
    assert (told.status_code, title(told)) == (400, ["That passkey was not accepted"])


@pytest.mark.parametrize("part", ["signature", "userHandle", "authenticatorData", "clientDataJSON"])
def test_number_in_place_of_a_signature_takes_no_memory(part):
    told = Client().post("/sign-in/passkey/", {"credential": json.dumps(NOBODY | {"response": {part: 50_000_000_000}})})
    assert (told.status_code, title(told)) == (400, ["That passkey was not accepted"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.recursive(st.none() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature", "userHandle"]), inner),
    max_leaves=10))  # fmt: skip
def test_whatever_is_sent_is_refused_in_words(said):
    cache.clear()
    told = Client().post("/sign-in/passkey/", {"credential": json.dumps(said)})
    assert (told.status_code, title(told)) == (400, ["That passkey was not accepted"])


def test_tries_from_one_network_are_limited(client):
    answers = {client.post("/sign-in/passkey/", {"credential": "x"}).status_code for _ in range(121)}
    assert answers == {400, 429}


@pytest.mark.parametrize("answer", ANSWERS[:9])
def test_passkey_that_no_browser_made_is_not_added(hal, answer):
    client = signed_in(hal)
    client.get("/account/passkeys/add/")
    told = client.post("/account/passkeys/add/", {"name": "Mine", "credential": answer})
    assert (told.status_code, title(told), Authenticator.objects.count()) == (200, ["Add a passkey"], 0)


@pytest.mark.parametrize("key", [7, 10, 22, 41, 123_456])
def test_person_of_a_passkey_is_found_again_whatever_their_key(key):
    person = Person.objects.create(pk=key, name="Hal Head", email="hal@example.org", created_at=timezone.now())
    handle = base64.urlsafe_b64encode(SecondFactorAdapter().get_public_key_credential_user_entity(person)["id"]).decode().rstrip("=")
    assert extract_user_from_response({"response": {"userHandle": handle}}) == person


def test_passkey_that_is_added_asks_for_its_owner_and_lies_on_the_device(hal):
    page = signed_in(hal).get("/account/passkeys/add/").content.decode()
    options = json.loads(re.findall(r'data-options="([^"]+)"', page)[0].replace("&#34;", '"'))["publicKey"]
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert (options["rp"], options["user"]["displayName"]) == ({"id": "testserver", "name": "Convenor"}, "Hal Head")


def test_whoever_has_an_app_and_no_passkey_is_led_to_the_code(hal):
    TOTP.activate(hal, generate_totp_secret())
    answer = signed_in(hal).post("/account/confirm/passkey/?next=/account/passkeys/", {"credential": ANSWERS[7]})
    assert answer.url == "/account/confirm/code/?next=%2Faccount%2Fpasskeys%2F"


def test_nobody_takes_off_anothers_passkey(hal):
    there = world("otherton")
    there.post("Ben Example", "head", "Headteacher", school=there.near)
    key = Authenticator.objects.create(user=there.people["ben"], type="webauthn", data={"name": "Ben's", "credential": {}})
    assert signed_in(hal).get(f"/account/passkeys/{key.pk}/remove/").status_code == 404
    assert signed_in(hal).get("/account/passkeys/").content.decode().count("Ben") == 0


@pytest.mark.parametrize(
    "path", ["/account/passkeys/", "/account/passkeys/add/", "/account/confirm/passkey/", "/account/passkeys/1/remove/"]
)
def test_pages_of_passkeys_are_for_those_signed_in(client, path):
    assert client.get(path).url.startswith("/sign-in/?next=")


def test_password_is_asked_for_before_a_passkey_is_added(hal):
    choose_password(person=hal, password="four quiet words here", by="test", at=timezone.now())
    hal.refresh_from_db()
    client = Client()
    client.post("/sign-in/link/", {"key": link_token(hal)})
    assert client.get("/account/passkeys/add/").url == "/account/confirm/?next=%2Faccount%2Fpasskeys%2Fadd%2F"
