"""Signing in by another service: a real exchange with a provider on this machine, and each way in which it goes wrong."""

import dataclasses
import re

import jwt
import pytest
import requests
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from convenor.accounts.models import Person
from convenor.accounts.rules.providers import providers_of
from convenor.partnership.models import Tenure
from convenor.post.models import Letter
from convenor.registers.models import Group, LocalAuthority, School, SchoolLink
from tests.factories.registers import edition
from tests.factories.vouching import Voucher, altered, vouching
from tests.integration.web.people import signed_in, world

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
DFE = "/sign-in/with/dfe/"


@pytest.fixture(scope="module")
def service():
    with vouching() as found:
        yield found


@pytest.fixture(autouse=True)
def set_to(service, settings):
    """This site is set to two services, both of them that one: one as DfE Sign-in is, one plain."""
    cache.clear()
    told = {"CONVENOR_OIDC": "dfe,council", "CONVENOR_OIDC_DFE_KIND": "dfe-sign-in"}
    for key in ("DFE", "COUNCIL"):
        told |= {f"CONVENOR_OIDC_{key}_{name}": value for name, value in (("SERVER", service.address), ("CLIENT", "us"), ("SECRET", "s"))}
    settings.OIDC_PROVIDERS = providers_of(told)
    apps = [
        {"provider_id": one.key, "name": one.name, "client_id": one.client, "secret": one.secret,
         "settings": {"server_url": one.server, "scope": list(one.scopes)}}
        for one in settings.OIDC_PROVIDERS
    ]  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


@pytest.fixture
def here():
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    return there


@pytest.fixture
def hal(here):
    return here.people["hal"]


def come(client: Client, service: Voucher, sub: str = "hal", *, by: str = DFE, back: dict[str, str] | None = None, **changed: str):
    """To the service, through its door, and back."""
    door = client.get(by).url
    return client.get(altered(service.let_in(door, sub, **changed), **(back or {})))


def title(answer):
    return re.findall(r"<h1[^>]*>([^<]+)", answer.content.decode())


def who(client):
    return client.session.get("_auth_user_id")


def test_service_is_offered_and_its_button_leads_to_its_door(client, service):
    page = client.get("/sign-in/?next=/account/").content.decode()
    assert re.findall(r'href="(/sign-in/with/[^"]+)">Sign in with ([^<]+)<', page) == [
        ("/sign-in/with/dfe/?next=%2Faccount%2F", "DfE Sign-in"), ("/sign-in/with/council/?next=%2Faccount%2F", "Council"),
    ]  # fmt: skip
    door = client.get(DFE).url
    assert door.startswith(f"{service.address}/oauth2/authorize?client_id=us&")
    assert re.findall(r"(nonce|state|code_challenge_method)=", door) == ["state", "nonce", "code_challenge_method"]
    assert "redirect_uri=http%3A%2F%2Ftestserver%2Fsign-in%2Fwith%2Fdfe%2Fback%2F&" in door


def test_somebody_known_by_an_address_that_was_made_sure_of_is_in(client, service, hal):
    service.knows("hal", email="HAL@example.example", email_verified=True)
    assert come(client, service).url == "/"
    assert who(client) == str(hal.pk)
    kept = SocialAccount.objects.get()
    assert (kept.user_id, kept.provider, kept.uid, kept.extra_data) == (hal.pk, "dfe", "hal", {})
    assert list(Letter.objects.values_list("to_address", "subject")) == [(hal.email, "You can sign in another way")]


def test_page_asked_for_is_reached_afterwards_and_never_one_elsewhere(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    door = client.get(f"{DFE}?next=/account/").url
    assert client.get(service.let_in(door, "hal")).url == "/account/"
    other = Client()
    door = other.get(f"{DFE}?next=https://elsewhere.example/").url
    assert other.get(service.let_in(door, "hal")).url == "/"


def test_somebody_who_came_before_is_known_though_their_address_there_changed(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    come(Client(), service)
    service.knows("hal", email="other@example.example")
    assert come(client, service).url == "/"
    assert who(client) == str(hal.pk)


def test_stranger_gets_no_account_and_is_told_what_to_do(client, service, here):
    service.knows("sam", email="sam@fernhollow.example", email_verified=True, organisation={"name": "Fern School", "urn": here.near.urn})
    answer = come(client, service, "sam")
    page = answer.content.decode()
    assert (answer.status_code, title(answer), who(client)) == (403, ["Nobody is known here by that address"], None)
    assert (page.count("sam@fernhollow.example"), page.count("You came for Fern School."), Person.objects.count()) == (1, 1, 1)
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("claim", [{}, {"email_verified": False}, {"email_verified": "true"}])
def test_address_that_nobody_made_sure_of_opens_nothing(client, service, hal, claim):
    service.knows("eve", email=hal.email, **claim)
    answer = come(client, service, "eve")
    assert (answer.status_code, title(answer)) == (403, ["DfE Sign-in has not made sure of your e-mail address"])
    assert (who(client), SocialAccount.objects.count()) == (None, 0)


def test_address_of_a_service_that_vouches_is_believed(client, service, hal, settings):
    settings.OIDC_PROVIDERS = tuple(dataclasses.replace(one, vouches=True) for one in settings.OIDC_PROVIDERS)
    service.knows("eve", email=hal.email)
    assert come(client, service, "eve").url == "/"


def test_service_that_gives_no_address_is_said_so(client, service):
    service.knows("non")
    assert title(come(client, service, "non")) == ["DfE Sign-in gave no e-mail address"]


def test_somebody_who_has_left_is_not_let_in(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    come(Client(), service)
    Person.objects.update(is_active=False)
    assert come(client, service).url == "/sign-in/closed/"
    SocialAccount.objects.all().delete()
    assert title(come(client, service)) == ["Nobody is known here by that address"]
    assert who(client) is None


def test_second_factor_is_asked_for_after_the_service(client, service, hal):
    TOTP.activate(hal, generate_totp_secret())
    code = RecoveryCodes.activate(hal).get_unused_codes()[0]
    service.knows("hal", email=hal.email, email_verified=True, organisation={"name": "Near", "urn": "990001"})
    assert come(client, service).url == "/sign-in/code/"
    assert who(client) is None
    assert client.post("/sign-in/code/", {"code": code}).url == "/"
    assert client.session["home"] != ""


def test_session_by_a_service_is_not_asked_again_for_what_is_held(client, service, hal, here):
    service.knows("hal", email=hal.email, email_verified=True)
    come(client, service)
    assert client.get(f"/schools/{here.near.urn}/held/").status_code == 200


WRONG = ["The answer of DfE Sign-in could not be trusted"]


def test_answer_with_another_nonce_is_not_trusted(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    answer = come(client, service, nonce="another")
    assert (answer.status_code, title(answer), who(client)) == (502, WRONG, None)


def test_answer_without_a_nonce_is_not_trusted(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    assert title(come(client, service, nonce="")) == WRONG


@pytest.mark.parametrize("state", ["another", ""])
def test_answer_to_what_this_browser_did_not_ask_is_refused(client, service, hal, state):
    service.knows("hal", email=hal.email, email_verified=True)
    answer = come(client, service, back={"state": state})
    assert (answer.status_code, title(answer), who(client)) == (403, ["That took too long"], None)


def test_answer_carried_into_another_browser_is_refused(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    back = service.let_in(Client().get(DFE).url, "hal")
    assert title(client.get(back)) == ["That took too long"]


def test_answer_of_one_service_is_not_taken_for_anothers(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    back = service.let_in(client.get(DFE).url, "hal")
    assert title(client.get(back.replace("/with/dfe/", "/with/council/"))) == ["That took too long"]


def test_answer_is_taken_once(client, service, hal):
    service.knows("hal", email=hal.email, email_verified=True)
    back = service.let_in(client.get(DFE).url, "hal")
    assert client.get(back).url == "/"
    client.post("/sign-out/")
    assert title(client.get(back)) == ["That took too long"]


def test_code_that_the_service_never_gave_is_not_trusted(client, service):
    client_door = client.get(DFE).url
    back = service.let_in(client_door, "hal")
    assert title(client.get(altered(back, code="invented"))) == WRONG


def test_answer_signed_by_another_key_is_not_trusted(client, service, hal, monkeypatch):
    service.knows("hal", email=hal.email, email_verified=True)
    from cryptography.hazmat.primitives.asymmetric import rsa

    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()

    def others(said):
        keys = [jwt.algorithms.RSAAlgorithm.to_jwk(other, as_dict=True) | {"kid": one.get("kid"), "alg": "RS256"} for one in said["keys"]]
        return jwt.PyJWKSet(keys)

    monkeypatch.setattr("convenor.web.views.exchange.jwt.PyJWKSet.from_dict", others)
    assert title(come(client, service)) == WRONG


def test_tale_of_another_subject_is_not_trusted(client, service, hal, monkeypatch):
    service.knows("hal", email=hal.email, email_verified=True)
    monkeypatch.setattr("convenor.web.views.exchange.Exchange._fetch_user_info", lambda *_: {"sub": "mia", "email": "mia@example.example"})
    assert title(come(client, service)) == WRONG


def test_somebody_who_changes_their_mind_is_told_nothing_happened(client, service):
    door = client.get(DFE).url
    state = re.findall(r"state=(\w+)", door)[0]  # which a service sends back with its refusal too
    answer = client.get(altered(service.refuse(door), state=state))
    assert (answer.status_code, title(answer)) == (403, ["You came back without signing in"])


AWAY = ["DfE Sign-in does not answer"]


def test_service_that_does_not_answer_at_its_door_is_said_so(client, settings, monkeypatch):
    def away(*_, **__):
        raise requests.ConnectionError("nobody there")

    monkeypatch.setattr("requests.Session.get", away)
    answer = client.get(DFE)
    assert (answer.status_code, title(answer), answer.content.decode().count("Send me a link")) == (502, AWAY, 1)


def test_service_that_stops_answering_on_the_way_back_is_said_so(client, service, hal, monkeypatch):
    service.knows("hal", email=hal.email, email_verified=True)
    back = service.let_in(client.get(DFE).url, "hal")

    def away(*_, **__):
        raise requests.Timeout("no end")

    monkeypatch.setattr("requests.Session.request", away)
    assert title(client.get(back)) == AWAY


@pytest.mark.parametrize("said", [{"issuer": "https://another.example"}, {"token_endpoint": "http://open.example/token"}, {}])
def test_service_that_says_it_is_another_or_speaks_openly_is_not_gone_to(client, monkeypatch, service, said):
    whole = {"issuer": service.address, "token_endpoint": "https://x.example/t", "jwks_uri": "https://x.example/j"} | said
    monkeypatch.setattr("requests.Response.json", lambda _: whole if said else [])
    assert title(client.get(DFE)) == AWAY


def test_service_that_this_site_is_not_set_to_is_not_found(client):
    assert (client.get("/sign-in/with/other/").status_code, client.get("/sign-in/with/other/back/").status_code) == (404, 404)


def test_somebody_signed_in_needs_no_service(hal):
    assert signed_in(hal).get(f"{DFE}?next=/account/").url == "/account/"


def home_of(client):
    return client.session.get("home", "")


def message(client):
    return re.findall(r'role="status"><p>([^<]+)', client.get("/account/").content.decode())


@pytest.fixture
def two_posts(here):
    """Hal leads the trust of the far school too, and is an officer of the authority."""
    here.trust = Group.objects.create(uid="99001", name="Number Trust", kind="Multi-academy trust", ukprn="10099001")
    School.objects.filter(pk=here.far.pk).update(trust=here.trust)
    School.objects.filter(pk=here.near.pk).update(ukprn="10099002")
    here.post("Hal Head", "trust-lead", "Trust leader", trust=here.trust)
    here.post("Hal Head", "officer", "Officer", authority=here.authority)
    return here


@pytest.mark.parametrize(("said", "place"), [
    (lambda there: {"urn": there.near.urn}, "school"),
    (lambda there: {"ukprn": "10099002"}, "school"),
    (lambda there: {"urn": there.near.urn, "ukprn": "10099002"}, "school"),
    (lambda there: {"urn": there.far.urn}, "trust"),
    (lambda there: {"uid": there.trust.uid}, "trust"),
    (lambda there: {"ukprn": "10099001"}, "trust"),
    (lambda there: {"category": {"id": "002"}, "establishmentNumber": there.authority.code}, "authority"),
])  # fmt: skip
def test_organisation_leads_to_the_post_held_there(client, service, hal, two_posts, said, place):
    service.knows("hal", email=hal.email, email_verified=True, organisation={"name": "x", **said(two_posts)})
    come(client, service)
    chosen = Tenure.objects.get(person=hal, post=client.session["post"]).post
    assert {"head": "school", "trust-lead": "trust", "officer": "authority"}[chosen.role] == place


def test_organisation_that_has_closed_leads_to_the_school_that_took_its_place(client, service, hal, here):
    old = School.objects.create(urn="990099", name="Old School", authority=LocalAuthority.objects.first(), status="closed", fictitious=True)
    SchoolLink.objects.create(edition=edition(), urn=old.urn, linked_urn=here.near.urn, kind="Successor")
    service.knows("hal", email=hal.email, email_verified=True, organisation={"name": "Old School", "urn": old.urn})
    come(client, service)
    assert (client.session["in"], message(client)) == ("fernshire", [])


def test_organisation_where_the_partnership_gave_no_post_gives_none(client, service, hal, here):
    service.knows("hal", email=hal.email, email_verified=True, organisation={"name": "Far School", "urn": here.far.urn})
    come(client, service)
    assert message(client) == [
        "DfE Sign-in says that you come from Far School. You hold no post there here; your partnership manager can record one."
    ]
    assert client.get(f"/schools/{here.far.urn}/held/").status_code == 403


@pytest.mark.parametrize("said", [{"urn": "123456"}, {"uid": "424242"}, {"ukprn": "10000001"}, {}])
def test_organisation_that_no_register_describes_is_said_so_and_closes_nothing(client, service, hal, here, said):
    service.knows("hal", email=hal.email, email_verified=True, organisation={"name": "Some Nursery", **said})
    come(client, service)
    assert message(client) == [
        "DfE Sign-in says that you come from Some Nursery, which no register here describes. What you hold stays open to you."
    ]
    assert client.get(f"/schools/{here.near.urn}/held/").status_code == 200


def test_organisation_whose_identifiers_are_of_two_leads_to_neither(client, service, hal, here):
    School.objects.filter(pk=here.far.pk).update(ukprn="10099003")
    both = {"name": "Muddled", "urn": here.near.urn, "ukprn": "10099003"}
    service.knows("hal", email=hal.email, email_verified=True, organisation=both)
    come(client, service)
    assert message(client)[0].startswith("DfE Sign-in says that you come from Muddled, which no register")


def test_organisation_of_a_plain_service_is_not_read(client, service, hal, here):
    service.knows("hal", email=hal.email, email_verified=True, organisation={"name": "Far School", "urn": here.far.urn})
    assert come(client, service, by="/sign-in/with/council/").url == "/"
    assert message(client) == []
