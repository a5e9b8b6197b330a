"""Who may open which page: one table, asked of the site itself by every role, by nobody in particular and by a manager of elsewhere.

The table is written out by hand and is not made from `roles.py`, so that a slip there is seen here. Every address of the site must
stand in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from convenor.accounts.models import Person
from convenor.partnership.actions import load_constitution, open_call, take_post
from convenor.partnership.models import Appointment, Seat, SeatCall, Tenure
from convenor.registers.models import Edition, Reading
from tests.factories.partnership import AT, SLUG, World, file, someone, world
from tests.integration.web import early_access, entered_access, shared_access
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

# The words of the table. What each means is asked of the site below.
SEES, SIGN_IN, REFUSED, HIDDEN = "sees it", "is led to sign in", "is refused", "is told there is no such page"

ROLES = (
    "head", "school-leader", "chair-of-governors", "clerk", "school-office", "trust-lead", "system-leader",
    "independent-supporter", "reviewer", "cluster-lead", "alliance-lead", "body-member", "board-member", "diocese", "regional-link",
    "officer", "broker", "manager", "auditor",
)  # fmt: skip
OUTSIDE = ("nobody signed in", "somebody with no post", "manager of elsewhere")

ANYONE = frozenset({*ROLES, *OUTSIDE})
SIGNED_IN = ANYONE - {"nobody signed in"}
MEMBERS = frozenset(ROLES)
MANAGER = frozenset({"manager"})
#: Whoever may put somebody forward for a seat.
NOMINATORS = frozenset({
    "head", "school-leader", "chair-of-governors", "clerk", "trust-lead", "system-leader", "cluster-lead", "alliance-lead", "body-member",
    "diocese", "manager",
})  # fmt: skip
#: Whoever sees how much schools take part, in aggregate.
AGGREGATE = frozenset({"cluster-lead", "alliance-lead", "board-member", "diocese", "regional-link", "officer", "manager", "auditor"})

#: name of the page -> who sees it. Everybody else is refused, or, when nobody is signed in, led to the door.
PAGES: dict[str, frozenset[str]] = {
    "home": ANYONE,
    "about": ANYONE,
    "accessibility": ANYONE,
    "privacy": ANYONE,
    "health": ANYONE,
    "areas": ANYONE,
    "area": ANYONE,
    "area-schools": ANYONE,
    "area-map": ANYONE,
    "area-map-data": ANYONE,
    "school": ANYONE,
    "school-held": frozenset({"school-leader", "chair-of-governors"}),  # of this school; for the trust's leader, below
    "give": frozenset({"school-leader", "chair-of-governors", "clerk", "school-office"}),  # of this school
    "search": ANYONE,
    "editions": ANYONE,
    "edition": ANYONE,
    "account": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "account-pin": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "partnership": ANYONE,
    "structure": ANYONE,
    "body": ANYONE,
    "person": ANYONE,  # somebody who chairs; others below
    "members": ANYONE,
    "seats": MEMBERS,
    "seat-call": MEMBERS,
    "seat-call-nominate": NOMINATORS,
    "seat-call-decide": MANAGER,
    "seat-call-withdraw": MANAGER,
    "seat-call-open": MANAGER,
    "seat-appoint": MANAGER,
    "appointment-end": MANAGER,
    "appointment-successor": MANAGER | {"cluster-lead"},  # whose own seat it is
    "appointment-hand-over": MANAGER | {"cluster-lead"},
    "member-join": MANAGER,
    "member-leave": MANAGER,
    "member-place": MANAGER,
    "member-take-out": MANAGER,
    "engagement": AGGREGATE,
    "engagement-note": frozenset({"cluster-lead", "alliance-lead", "manager"}),
    "representation": MEMBERS,
    "posts": MANAGER,
    "post-give": MANAGER,
    "post-leave": MANAGER,
    "rooms": MANAGER,
    "journal": frozenset({"manager", "auditor"}),
    "early": MEMBERS,
    "early-method": ANYONE,
    "early-backtest": MEMBERS,
    "early-school": frozenset({"school-leader", "chair-of-governors", "broker"}),  # of this school, and its broker
}
PAGES |= early_access.PAGES | entered_access.PAGES | dict.fromkeys(entered_access.FOR_MEMBERS, MEMBERS)
PAGES |= shared_access.PAGES | dict.fromkeys(shared_access.FOR_MEMBERS, MEMBERS)
HIDDEN_FROM = early_access.HIDDEN_FROM | entered_access.HIDDEN_FROM
#: Each part of these features tells its own pages, in `<feature>_access_<part>.py`.
PARTS = [
    import_module(f"tests.integration.web.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("*_access_*.py"))
    if not path.stem.startswith("test_")
]
TOLD_TWICE: list[str] = []
for part in PARTS:
    told = part.PAGES | dict.fromkeys(getattr(part, "FOR_MEMBERS", ()), MEMBERS)
    TOLD_TWICE += sorted(set(told) & set(PAGES))
    PAGES |= told
    HIDDEN_FROM |= getattr(part, "HIDDEN_FROM", {})

#: Pages that say "there is no such page" to a member who may not, where others say that it is not for them.
HIDDEN_FROM_MEMBERS = {"appointment-successor", "appointment-hand-over", "early-conversation"}
HIDDEN_FROM_MEMBERS |= {name for part in PARTS for name in getattr(part, "HIDDEN_FROM_MEMBERS", ())}

#: Doors: pages of signing in and out and of confirming who one is, which lead on by one's own state; their tests stand beside them.
DOORS = {
    "sign-in", "sign-in-sent", "sign-in-link", "sign-in-demonstration", "account_login", "mfa_authenticate", "account_inactive",
    "sign-out", "switch-post", "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "sign-in-invited", "mfa_login_webauthn", "openid_connect_login",
    "openid_connect_callback", "prove", "mfa_reauthenticate_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn",
}  # fmt: skip
DOORS |= {name for part in PARTS for name in getattr(part, "DOORS", ())}


@dataclass
class Here:
    """The invented partnership, everybody's browser, and the address of every page."""

    world: World
    browsers: dict[str, Client]
    addresses: dict[str, str]


def addresses(everyone: World) -> dict[str, str]:
    """One address for each name in the table."""
    here = everyone.partnership
    seat = Seat.objects.get(partnership=here, body__key="south-cluster", key="lead")
    own = Appointment.objects.get(partnership=here, seat__body__key="north-cluster").pk
    tenure = Tenure.objects.get(partnership=here, post__role="auditor").pk
    call, area, school = SeatCall.objects.get().pk, ["916"], ["990001"]
    given: dict[str, list[Any]] = {
        "area": area, "area-schools": area, "area-map": area, "area-map-data": area, "school": school, "school-held": school,
        "give": [*school, "facts"],
        "edition": ["invented-2026"], "body": [SLUG, "board"], "person": [SLUG, everyone.people["board member"].pk],
        "seat-call-open": [SLUG, seat.body.key, seat.key], "seat-appoint": [SLUG, seat.body.key, seat.key], "post-leave": [SLUG, tenure],
    }  # fmt: skip
    given |= {name: [SLUG, call] for name in ("seat-call", "seat-call-nominate", "seat-call-decide", "seat-call-withdraw")}
    given |= {name: [SLUG, own] for name in ("appointment-end", "appointment-successor", "appointment-hand-over")}
    given |= {name: [SLUG, *school] for name in ("member-leave", "member-place", "member-take-out", "early-school")}
    given |= {name: [SLUG] for name in OF_A_PARTNERSHIP}
    given |= early_access.addresses() | entered_access.addresses() | shared_access.addresses()
    for part in PARTS:
        given |= part.addresses()
    return {name: reverse(name, args=given.get(name)) for name in PAGES}


OF_A_PARTNERSHIP = (
    "partnership", "structure", "seats", "members", "member-join", "engagement", "engagement-note", "representation", "posts", "post-give",
    "rooms", "journal", "early", "early-method", "early-backtest",
)  # fmt: skip


def people(everyone: World) -> dict[str, Person]:
    """One person for each role, each with no other role that would open more."""
    load_constitution(text=file().replace(NORTH, MEMBER_SEAT + NORTH) + MEMBER, by="the test", at=AT)
    found = {key: everyone.people[key.replace("-", " ")] for key in ROLES if key not in ("head", "body-member")}
    return found | {"head": everyone.people["other head"], "body-member": Person.objects.get(name="Bo Lakes")}


NORTH = '[[body]]\nid = "north-cluster"'
MEMBER_SEAT = """[[body.seat]]
id = "members"
title = "Members"
places = "up to 4"
how = "nomination"
term = "2 years"

"""
MEMBER = """
[[appointment]]
body = "alliance"
seat = "members"
person = "Bo Lakes"
role = "headteacher"
school = "990003"
how = "nomination"
from = 2026-11-02
"""


def elsewhere() -> Person:
    """The manager of another partnership, who may do everything there."""
    text = file().replace(f'id = "{SLUG}"', 'id = "othershire"').replace("Fernshire Education", "Othershire Education")
    load_constitution(text=text, by="the test", at=AT, demonstration=True)
    manager = someone("Ottoline Far")
    take_post(
        slug="othershire", role="manager", title="Partnership manager", person_id=manager.pk, from_on=date(2025, 9, 1), by="the test", at=AT
    )
    return manager


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[Here]:
    """Made once for the whole table, on an invented day, and taken back after it. Pages only read."""
    with django_db_blocker.unblock(), transaction.atomic(), patch("django.utils.timezone.now", return_value=AT):
        everyone = world()
        edition = Edition.objects.create(
            key="invented-2026", family="gias", publisher="Nobody", title="Invented", as_at=AT.date(), licence="none", digest="0" * 64,
            file_name="invented.csv", rows_read=0, rows_loaded=0, rows_refused=0, rows_aggregate=0, loaded_at=AT, loaded_by="the test",
        )  # fmt: skip
        Reading.objects.create(edition=edition, urn="990001", measure="pupils", period="2025-26", value=210)
        open_call(
            slug=SLUG, body="south-cluster", seat="lead", places=1, closes_on=date(2026, 12, 1), term_from_on=date(2027, 1, 1),
            by="the test", at=AT,
        )  # fmt: skip
        early_access.begin(everyone)
        entered_access.begin(everyone)
        shared_access.begin(everyone)
        for part in PARTS:
            part.begin(everyone)
        known = people(everyone) | {
            "somebody with no post": everyone.people["somebody with no post"],
            "manager of elsewhere": elsewhere(),
        }
        browsers = {who: signed_in(person, code=True) for who, person in known.items()} | {"nobody signed in": Client()}
        yield Here(everyone, browsers, addresses(everyone))
        transaction.set_rollback(True)


def named() -> set[str]:
    """The name of every address of the site."""

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns)
            else:
                yield str(each.name)

    return set(walk(get_resolver().url_patterns))


def answer(client: Client, address: str, *, post: bool = False) -> str:
    """What the site says, in the words of the table."""
    got = client.post(address) if post else client.get(address)
    if got.status_code == 302:
        return SIGN_IN if got.headers["Location"].startswith("/sign-in/?next=") else f"is led to {got.headers['Location']}"
    return {200: SEES, 403: REFUSED, 404: HIDDEN}.get(got.status_code, f"is answered {got.status_code}")


def expected(name: str, who: str) -> str:
    """What the table says."""
    if who in PAGES[name]:
        return SEES
    if who == "nobody signed in":
        return SIGN_IN
    hidden = (name in HIDDEN_FROM_MEMBERS and who in ROLES) or who in HIDDEN_FROM.get(name, ())
    return HIDDEN if hidden else REFUSED


def test_every_address_stands_in_the_table() -> None:
    assert named() == set(PAGES) | DOORS


def test_no_page_stands_in_the_table_twice() -> None:
    assert (set(PAGES) & DOORS, TOLD_TWICE) == (set(), [])


@pytest.mark.parametrize("name", PAGES)
def test_page_is_seen_by_those_of_the_table_and_by_nobody_else(here: Here, name: str) -> None:
    said = {who: answer(client, here.addresses[name]) for who, client in here.browsers.items()}
    assert said == {who: expected(name, who) for who in here.browsers}


#: Pages that are only read, by few.
READ = ("posts", "journal", "early-school", *early_access.READ, *entered_access.READ, *shared_access.READ)
READ += tuple(name for part in PARTS for name in getattr(part, "READ", ()))
#: Pages at which something can be done.
DOING = sorted(name for name, who in PAGES.items() if who not in (ANYONE, SIGNED_IN, MEMBERS, AGGREGATE) and name not in READ)


@pytest.mark.parametrize("name", DOING)
def test_nothing_can_be_done_there_by_anybody_else(here: Here, name: str) -> None:
    kept_out = [who for who in here.browsers if who not in PAGES[name]]
    said = {who: answer(here.browsers[who], here.addresses[name], post=True) for who in kept_out}
    assert said == {who: expected(name, who) for who in kept_out}


#: Somebody who sits on a body without chairing it is no public matter.
def test_a_member_of_a_body_is_shown_to_the_partnership_alone(here: Here) -> None:
    address = reverse("person", args=[SLUG, here.world.people["head"].pk])
    said = {who: answer(client, address) for who, client in here.browsers.items()}
    assert said == {who: SEES if who in MEMBERS else HIDDEN for who in here.browsers}


@pytest.mark.parametrize(
    ("urn", "own"),
    [("990001", {"school-leader", "chair-of-governors"}), ("990002", {"trust-lead"}), ("990005", {"head"}), ("990006", set())],
)
def test_what_is_held_about_a_school_is_for_its_own_people(here: Here, urn: str, own: set[str]) -> None:
    address = reverse("school-held", args=[urn])
    said = {who: answer(client, address) for who, client in here.browsers.items() if who != "nobody signed in"}
    assert said == {who: SEES if who in own else REFUSED for who in said}


SECOND_FACTOR = {"regional-link", "officer", "broker", "manager", "auditor"}


def test_whoever_can_change_or_see_much_gets_nowhere_without_a_second_factor(here: Here) -> None:
    everybody = people_signed_in_without_a_code(here)
    said = {who: client.get("/").headers.get("Location", SEES) for who, client in everybody.items()}
    assert said == {who: reverse("mfa_index") if who in SECOND_FACTOR else SEES for who in ROLES}


def people_signed_in_without_a_code(here: Here) -> dict[str, Client]:
    """The same people, by link or password alone."""
    known = {key: here.world.people[key.replace("-", " ")] for key in ROLES if key not in ("head", "body-member")}
    known |= {"head": here.world.people["other head"], "body-member": Person.objects.get(name="Bo Lakes")}
    return {who: signed_in(person) for who, person in known.items()}
