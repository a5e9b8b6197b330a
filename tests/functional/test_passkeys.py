"""Passkeys in a real browser, with an authenticator that Chromium plays; and signing in by another service, run by the tests.

The site is served by the tests themselves, at localhost: a passkey belongs to a name, and never to a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page

from convenor.accounts.models import Person
from convenor.accounts.queries import invitation_token
from convenor.accounts.rules.providers import providers_of
from tests.factories.vouching import Voucher, vouching
from tests.functional.conftest import Door
from tests.functional.deployment import Site
from tests.functional.looking import unmet
from tests.functional.test_signing_in import PIN, ask_for_a_link, heading
from tests.integration.web.people import World, world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> World:
    """A partnership with a head and a manager."""
    cache.clear()
    monkeypatch.setattr("convenor.web.views.sign_in.ANSWER_TAKES_SECONDS", 0.0)
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    there.post("Mia Manager", "manager", "Partnership manager")
    return there


@pytest.fixture
def served(live_server: Any, tmp_path: Path, here: World) -> Site:
    """Where it is served, by name. The first page of a process is the slow one, and no browser waits for it."""
    Client().get("/sign-in/")
    return Site(live_server.url.replace("127.0.0.1", "localhost"), tmp_path, {})


def authenticator(page: Page) -> None:
    """A device that asks for its owner and keeps keys, as telephones and laptops are."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable", {"enableUI": False})
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def by_letter(page: Page, email: str) -> None:
    """Ask for a link, open it, press the button."""
    ask_for_a_link(page, email)
    found = re.search(r"http://[^/]+(/sign-in/link/\S+)", str(mail.outbox[-1].body))
    assert found
    page.goto(found[1])
    page.get_by_role("button", name=re.compile("^Sign in as ")).click()
    page.wait_for_url(lambda url: "/sign-in/link/" not in url)


def sign_out(page: Page) -> None:
    """Leave."""
    page.goto("/account/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")


def test_a_head_adds_a_passkey_signs_in_with_it_alone_and_takes_it_off(served: Site, here: World, door: Door) -> None:
    held = f"/schools/{here.near.urn}/held/"
    page = door(served, width=360)
    authenticator(page)
    wrong: list[str] = []
    by_letter(page, str(here.people["hal"].email))
    page.goto("/account/passkeys/")
    wrong += unmet(page)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("What to call it").fill("My telephone")
    wrong += unmet(page)
    page.get_by_role("button", name="Add it on this device").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()

    sign_out(page)
    page.goto(f"/sign-in/?next={held}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(served.at(held))  # a passkey is two factors at once, so what is held opens unasked
    page.goto("/account/passkeys/")
    assert page.locator("main h2").all_inner_texts() == ["My telephone"]
    wrong += unmet(page)

    sign_out(page)
    by_letter(page, str(here.people["hal"].email))
    assert heading(page) == "One more thing: your passkey"  # from now on a mailbox alone opens nothing
    wrong += unmet(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(served.at("/"))
    page.goto("/account/passkeys/")
    page.get_by_role("link", name=re.compile(r"^Take it off\s*: My telephone")).click()
    assert heading(page) == "Is it you?"  # a link and a passkey at the door are not yet a word about the account
    wrong += unmet(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Take it off").click()
    page.get_by_text("You have no passkey here yet").wait_for()
    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="That passkey was not accepted").wait_for()
    wrong += unmet(page)
    assert [letter.subject for letter in mail.outbox if "passkey" in letter.subject] == ["You have a new passkey", "A passkey was removed"]
    assert wrong == []


def test_a_manager_uses_a_passkey_as_the_second_factor(served: Site, here: World, door: Door) -> None:
    page = door(served)
    authenticator(page)
    by_letter(page, str(here.people["mia"].email))
    assert heading(page) == "Second factor"
    page.get_by_role("link", name="add a passkey").click()
    page.get_by_role("button", name="Add it on this device").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.goto("/account/")
    assert heading(page) == "Mia Manager"
    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(served.at("/"))
    assert page.get_by_text("Second factor").count() == 0


def test_a_passkey_of_somebody_who_left_opens_nothing(served: Site, here: World, door: Door) -> None:
    page = door(served)
    authenticator(page)
    by_letter(page, str(here.people["hal"].email))
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Add it on this device").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    sign_out(page)
    Person.objects.filter(pk=here.people["hal"].pk).update(is_active=False)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(served.at("/sign-in/closed/"))
    page.goto("/account/")
    assert page.url.startswith(served.at("/sign-in/"))


def test_a_head_comes_in_by_an_invitation_and_chooses_a_pin_before_what_is_held(served: Site, here: World, door: Door) -> None:
    held = f"/schools/{here.near.urn}/held/"
    plain = door(served, width=360, java_script_enabled=False)
    plain.goto(f"/sign-in/invited/?key={invitation_token(here.people['hal'])}")
    plain.get_by_role("button", name="Come in as Hal Head").click()
    plain.wait_for_url(served.at("/"))
    plain.goto(f"/schools/{here.near.urn}/")
    plain.get_by_role("link", name="Show that it is you").click()
    assert heading(plain) == "Choose a PIN"
    for label in ("Six digits for you alone", "The same six digits again"):
        plain.get_by_label(label, exact=True).fill(PIN)
    plain.get_by_role("button", name="Keep it and go on").click()
    plain.wait_for_url(served.at(f"/schools/{here.near.urn}/"))
    plain.goto(held)
    assert plain.url == served.at(held)

    page = door(served, width=360)
    wrong: list[str] = []
    by_letter(page, str(here.people["hal"].email))
    page.goto(held)
    assert heading(page) == "Is it you?"
    page.get_by_label("Your PIN").fill("200200")
    page.get_by_role("button", name="Go on").click()
    assert (
        " ".join(page.locator("main .govuk-error-message").inner_text().split())
        == "Error: That is not your PIN. 4 tries left before a wait"
    )
    wrong += unmet(page)
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(served.at(held))
    page.goto("/account/pin/")
    wrong += unmet(page)
    assert wrong == []


@pytest.fixture
def service(settings: Any) -> Iterator[Voucher]:
    """A service as DfE Sign-in is, to which this site is set."""
    with vouching() as found:
        told = {"CONVENOR_OIDC": "dfe", "CONVENOR_OIDC_DFE_KIND": "dfe-sign-in", "CONVENOR_OIDC_DFE_SERVER": found.address}
        settings.OIDC_PROVIDERS = providers_of(told | {"CONVENOR_OIDC_DFE_CLIENT": "us", "CONVENOR_OIDC_DFE_SECRET": "hush"})
        app = {"provider_id": "dfe", "name": "DfE Sign-in", "client_id": "us", "secret": "hush"}
        app |= {"settings": {"server_url": found.address, "scope": ["openid", "profile", "email", "organisation"]}}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield found


def at_its_door(page: Page, sub: str) -> None:
    """As the service asks who is there."""
    page.route(re.compile("^https://"), lambda asked: asked.fulfill(body=""))  # the service's page would fetch its looks from elsewhere
    page.get_by_role("link", name="Sign in with DfE Sign-in").or_(page.get_by_role("button", name="Sign in with DfE Sign-in")).click()
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name=re.compile("authori[sz]e", re.IGNORECASE)).click()


def test_a_head_signs_in_by_dfe_sign_in_and_a_stranger_is_told_what_to_do(served: Site, here: World, door: Door, service: Voucher) -> None:
    near = {"name": here.near.name, "urn": here.near.urn, "category": {"id": "001", "name": "Establishment"}}
    service.knows("hal", email=here.people["hal"].email, email_verified=True, organisation=near)
    service.knows("sam", email="sam@fernhollow.example", email_verified=True, organisation=near)
    page = door(served, width=360)
    page.goto(f"/sign-in/?next=/schools/{here.near.urn}/held/")
    at_its_door(page, "hal")
    page.wait_for_url(served.at(f"/schools/{here.near.urn}/held/"))
    stranger = door(served)
    stranger.goto("/sign-in/")
    at_its_door(stranger, "sam")
    stranger.get_by_role("heading", name="Nobody is known here by that address").wait_for()
    assert stranger.locator("main").get_by_text(f"You came for {here.near.name}").count() == 1
    assert unmet(stranger) == []
