"""Every page of the site, as each role that may see it: axe, 320 px, weight, a quiet console, nothing the policy had to stop.

Two roles often get the same page but for a name. A page is looked at again for a further role only where it is made of anything
that was not looked at before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser

from tests.functional.conditions_pages import CONDITIONS, CONDITIONS_ELSEWHERE, CONDITIONS_PICTURES, CONSULTATION
from tests.functional.conftest import Watched
from tests.functional.deployment import AREA, ROLE_NAMES, SLUG, Site, kept
from tests.functional.keeping_pages import KEEPING, KEEPING_ELSEWHERE
from tests.functional.looking import LIGHT, WITH_CHARTS, Met, Visitor, Window, shapes, sideways, unmet
from tests.functional.support_pages import SUPPORT, SUPPORT_ELSEWHERE, SUPPORT_PICTURES, Kept

HERE = f"/p/{SLUG}"
MANAGER, HEAD = "Partnership manager", "Headteacher"


@dataclass(frozen=True, slots=True)
class Linked:
    """A page found as a reader finds it: the first link of this form on that page."""

    start: str
    link: str
    role: str = MANAGER


def of_review(state: str, path: str = "", school: str = "") -> Kept:
    """A page of a review that stands there, or goes on from there."""
    of = f" AND school_id = '{school}'" if school else ""
    return Kept(f"SELECT id FROM peer_review_peerreview WHERE state = '{state}'{of} ORDER BY id", f"{HERE}/reviews/{{}}/{path}")


def of_round(state: str, path: str = "") -> Kept:
    """A page of a round that stands there."""
    return Kept(f"SELECT id FROM peer_review_reviewround WHERE state = '{state}'", f"{HERE}/reviews/rounds/{{}}/{path}")


#: The school of whoever tries the demonstration; its review waits for it to check the draft.
OWN = "900001"
DRAFT, OPEN, PUBLISHED = "report_draft", "open", "published"

#: name of the page -> where it is
ADDRESSES: dict[str, str | Linked | Kept] = {
    "home": "/",
    "about": "/about/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "sign-in": "/sign-in/",
    "sign-in-sent": "/sign-in/sent/",
    "sign-in-link": "/sign-in/link/?key=spent",
    "sign-in-invited": "/sign-in/invited/?key=spent",
    "account_login": "/sign-in/password/",
    "account_inactive": "/sign-in/closed/",
    "sign-out": "/sign-out/",
    "account": "/account/",
    "account_change_password": "/account/password/",
    "mfa_index": "/account/second-factor/",
    "usersessions_list": "/account/sessions/",
    "account-pin": "/account/pin/",
    "mfa_list_webauthn": "/account/passkeys/",
    "mfa_add_webauthn": "/account/passkeys/add/",
    "areas": "/areas/",
    "area": f"/areas/{AREA}/",
    "area-schools": f"/areas/{AREA}/schools/",
    "area-map": f"/areas/{AREA}/map/",
    "school": Linked(f"/areas/{AREA}/schools/", r"/schools/1\d{5}/"),
    "school, one's own": Linked("/", r"/schools/9\d{5}/", HEAD),
    "school-held": Linked("/", r"/schools/9\d{5}/", HEAD),
    "give": f"/give/{OWN}/facts/",
    "search": "/search/?q=gloster",
    "search, nothing asked": "/search/",
    "editions": "/editions/",
    "edition": Linked("/editions/", r"/editions/[a-z0-9-]+/"),
    "partnership": f"{HERE}/",
    "structure": f"{HERE}/structure/",
    "structure, another day": f"{HERE}/structure/?on=2023-09-01",
    "body": Linked(f"{HERE}/structure/", rf"{HERE}/bodies/[a-z-]+-cluster/"),
    "body, the board": f"{HERE}/bodies/shadow-board/",
    "person": Linked(f"{HERE}/bodies/shadow-board/", rf"{HERE}/people/\d+/"),
    "members": f"{HERE}/members/",
    "seats": f"{HERE}/seats/",
    "seat-call": Linked(f"{HERE}/seats/", rf"{HERE}/seats/calls/\d+/"),
    "seat-call-nominate": Linked(f"{HERE}/seats/", rf"{HERE}/seats/calls/\d+/"),
    "seat-call-decide": Linked(f"{HERE}/seats/", rf"{HERE}/seats/calls/\d+/"),
    "seat-call-withdraw": Linked(f"{HERE}/seats/", rf"{HERE}/seats/calls/\d+/"),
    "seat-call-open": Linked(f"{HERE}/seats/", rf"{HERE}/seats/[a-z-]+/[a-z-]+/call/"),
    "seat-appoint": Linked(f"{HERE}/seats/", rf"{HERE}/seats/[a-z-]+/[a-z-]+/appoint/"),
    "appointment-end": Linked(f"{HERE}/seats/", rf"{HERE}/seats/appointments/\d+/end/"),
    "appointment-successor": Linked(f"{HERE}/seats/", rf"{HERE}/seats/appointments/\d+/successor/"),
    "appointment-hand-over": Linked(f"{HERE}/seats/", rf"{HERE}/seats/appointments/\d+/hand-over/"),
    "member-join": f"{HERE}/members/join/",
    "member-leave": Linked(f"{HERE}/members/", rf"{HERE}/members/\d+/leave/"),
    "member-place": Linked(f"{HERE}/members/", rf"{HERE}/members/\d+/place/"),
    "member-take-out": Linked(f"{HERE}/members/", rf"{HERE}/members/\d+/take-out/"),
    "engagement": f"{HERE}/engagement/",
    "engagement-note": f"{HERE}/engagement/note/",
    "representation": f"{HERE}/representation/",
    "posts": f"{HERE}/posts/",
    "post-give": f"{HERE}/posts/give/",
    "post-leave": Linked(f"{HERE}/posts/", rf"{HERE}/posts/\d+/leave/"),
    "rooms": f"{HERE}/rooms/",
    "journal": f"{HERE}/journal/",
    "early": f"{HERE}/early/",
    "early-method": f"{HERE}/early/method/",
    "early-school": Linked(f"{HERE}/early/", rf"{HERE}/early/schools/\d+/", HEAD),
    "early-conversations": f"{HERE}/early/conversations/",
    "early-conversation": Linked(f"{HERE}/early/conversations/", rf"{HERE}/early/conversations/\d+/", HEAD),
    "early-conversation, its broker's": Linked(f"{HERE}/early/conversations/", rf"{HERE}/early/conversations/\d+/", "Broker"),
    "early-refer": Linked(f"{HERE}/early/", rf"{HERE}/early/schools/\d+/", "Trust leader"),
    "early-reply": Linked(f"{HERE}/early/", rf"{HERE}/early/schools/\d+/", HEAD),
    "early-take-up": Linked(f"{HERE}/early/conversations/", rf"{HERE}/early/schools/\d+/take-up/", "Broker"),
    "early-backtest": f"{HERE}/early/backtest/",
    "early-long-ago": f"{HERE}/early/long-ago/",
    "early-shared": f"{HERE}/early/shared-problems/",
    "early-shared-priority": f"{HERE}/early/shared-problems/primary/absence_overall/priority/",
    "early-records": f"{HERE}/early/records/",
    "early-similar": Linked(f"{HERE}/early/", rf"{HERE}/early/schools/\d+/", HEAD),
    "early-enter": Linked(f"{HERE}/early/", rf"{HERE}/early/schools/\d+/", HEAD),
    "early-signals": Linked(f"{HERE}/early/", rf"{HERE}/early/schools/\d+/", HEAD),
    "early-signal-note": Linked(f"{HERE}/early/", rf"{HERE}/early/schools/\d+/", HEAD),
    "categories": f"{HERE}/categories/",
    "categories-switch-on": Linked(f"{HERE}/categories/", rf"{HERE}/categories/switch-on/[a-z-]+/"),
    "terms": f"{HERE}/terms/",
    "reviews": f"{HERE}/reviews/",
    "review-engine": f"{HERE}/reviews/engine/",
    "review-fairness": f"{HERE}/reviews/fairness/",
    "review-rounds": f"{HERE}/reviews/rounds/",
    "review-round-open": f"{HERE}/reviews/rounds/open/",
    "review-themes": f"{HERE}/reviews/themes/",
    "review-excellence": f"{HERE}/reviews/excellence/",
    "reviewers": f"{HERE}/reviews/reviewers/",
    "reviewer-add": f"{HERE}/reviews/reviewers/add/",
    "reviewer-training": f"{HERE}/reviews/reviewers/training/",
    "reviewer-me": f"{HERE}/reviews/me/",
    "reviewer-interest": f"{HERE}/reviews/me/declare/",
    "calendar": f"{HERE}/reviews/calendar/",
    "review": of_review(DRAFT, school=OWN),
    "review, before its visit": of_review("focus_agreed"),
    "review, on the visit": of_review("on_site"),
    "review, put off": of_review("postponed"),
    "review-report": of_review(DRAFT, "report/", OWN),
    "review-check": of_review(DRAFT, "report/check/", OWN),
    "review-evidence": of_review("on_site", "evidence/"),
    "review-evidence, the host's": of_review(DRAFT, "evidence/", OWN),
    "review-evidence-offline": of_review("on_site", "evidence/offline/"),
    "review-self": of_review(DRAFT, "self-review/", OWN),
    "review-self, the team's": of_review("on_site", "self-review/"),
    "review-activities": of_review(DRAFT, "agenda/", OWN),
    "review-expect": of_review(DRAFT, "expect/", OWN),
    "review-access": of_review(DRAFT, "access/", OWN),
    "review-withdraw": of_review(DRAFT, "withdraw/", OWN),
    "review-postpone": of_review("focus_agreed", "postpone/"),
    "review-resume": of_review("postponed", "resume/"),
    "review-date": of_review("focus_agreed", "date/"),
    "review-why": of_review("on_site", "why/"),
    "review-team-leave": of_review("focus_agreed", "team/leave/"),
    "review-champion": of_review("focus_agreed", "team/champion/"),
    "review-round": of_round(OPEN),
    "review-round, its teams published": of_round(PUBLISHED),
    "review-round, ended": of_round("ended"),
    "review-round-change": of_round(OPEN, "change/"),
    "review-round-remind": of_round(OPEN, "remind/"),
    "review-round-newcomers": of_round(OPEN, "newcomers/"),
    "review-round-close": of_round(OPEN, "close/"),
    "review-round-reopen": of_round(OPEN, "reopen/"),
    "review-round-withdraw": of_round(OPEN, "withdraw/"),
    "review-round-end": of_round(PUBLISHED, "end/"),
    "review-round-answer": of_round(OPEN, f"answer/?school={OWN}"),
    "review-round-withdraw-host": of_round(PUBLISHED, f"answer/withdraw/?school={OWN}"),
    "review-offer": of_round(OPEN, "offer/"),
    "review-offer-withdraw": of_round(OPEN, "offer/withdraw/"),
    "review-dates": of_round(PUBLISHED, "dates/"),
    "review-matching": of_round(PUBLISHED, "teams/"),
    "review-matching-run": of_round(OPEN, "teams/run/"),
    "review-matching-replan": of_round(PUBLISHED, "teams/replan/"),
    "review-matching-publish": of_round(PUBLISHED, "teams/publish/"),
    "review-matching-change": of_round(PUBLISHED, f"teams/{OWN}/change/"),
    "reviewer-change": Linked(f"{HERE}/reviews/reviewers/", rf"{HERE}/reviews/reviewers/\d+/change/"),
    "reviewer-end": Linked(f"{HERE}/reviews/reviewers/", rf"{HERE}/reviews/reviewers/\d+/leaves/"),
    "reviewer-leave": f"{HERE}/reviews/me/leave/",
    "review-objections": f"{HERE}/reviews/rather-not/{OWN}/",
    "terms-set": Linked(f"{HERE}/terms/", rf"{HERE}/terms/\d+/"),
    **SUPPORT,
    **CONDITIONS,
    **CONSULTATION,
    **KEEPING,
    "no such page": "/nowhere/",
}
#: What is added to a link's address to come to the page meant.
BEYOND = {
    "early-enter": "enter/",
    "early-similar": "similar/",
    "early-signals": "signals/",
    "early-signal-note": "signals/note/",
    "early-refer": "refer/",
    "early-reply": "reply/",
    "seat-call-nominate": "put-forward/",
    "seat-call-decide": "decide/",
    "seat-call-withdraw": "withdraw/",
    "school-held": "held/",
}
WITH_PICTURES = {
    "home",
    "area",
    "area-map",
    "school",
    "school, one's own",
    "structure",
    "structure, another day",
    "representation",
    "engagement",
    "early-school",
    "early-backtest",
    "early-shared",
    "early-similar",
    "review-engine",
    "review-dates",
    *SUPPORT_PICTURES,
    *CONDITIONS_PICTURES,
}
#: Addresses at which nobody finds a page, on purpose: none is there, or the link was spent.
NOBODYS = {"no such page", "sign-in-link", "sign-in-invited"}
#: Pages looked at in the journeys that lead to them, pages that are only posted to, and files.
ELSEWHERE = {
    # tests/functional/test_passkeys.py, with a passkey, a PIN or a service
    "mfa_login_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn", "prove", "openid_connect_login", "openid_connect_callback",
    "mfa_authenticate", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp",
    "account_reauthenticate", "mfa_reauthenticate",  # tests/functional/test_signing_in.py
    "early-share", "early-answer", "early-agree", "early-review", "early-hand-over", "early-step-aside", "early-cluster",
    "early-withdraw",  # tests/functional/test_early_conversation.py
    "early-signal-answer", "early-signal-renew", "early-signal-withdraw", "early-entered-answer", "early-entered-renew",
    "early-entered-withdraw", "categories-draw", "categories-switch-off", "category-school",
    "category-judge",  # tests/functional/test_noting_and_entering.py
    "review-round-csv", "reviewer-interest-end", "review-objection-end", "terms-set-authority", "review-focus", "review-self-save",
    "review-share", "review-activity-add", "review-activities-suggest", "review-activity-change", "review-activity-remove",
    "review-start", "review-fed-back", "review-follow", "review-end-closed", "review-draft", "review-draft-save", "review-final",
    "review-scale", "review-workshop", "review-priorities", "review-impact", "review-close", "review-access-give", "review-access-back",
    "review-excellence-offer", "review-excellence-back", "review-themes-tell",
    "review-document",  # tests/functional/test_peer_review_*.py, test_evidence_offline.py
    "review-evidence-sync", "review-evidence-worker", "calendar-feed",  # for machines
    "sign-in-demonstration", "switch-post",  # a button on another page
    "health", "area-map-data",  # for machines
    *SUPPORT_ELSEWHERE,
    *CONDITIONS_ELSEWHERE,
    *KEEPING_ELSEWHERE,
}  # fmt: skip


def named() -> set[str]:
    """The name of every address of the site."""

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns)
            else:
                yield str(each.name)

    return set(walk(get_resolver().url_patterns))


@pytest.fixture(scope="session")
def visitors(site: Site) -> dict[str, Visitor]:
    """One of every role, and nobody in particular under ""."""
    return {role: Visitor(site, role) for role in ("", *ROLE_NAMES)}


def path_of(name: str, visitors: dict[str, Visitor], site: Site) -> str:
    """The address of a page."""
    where = ADDRESSES[name]
    if isinstance(where, str):
        return where
    if isinstance(where, Kept):
        found = kept(site, where.asked)
        assert found is not None, where.asked
        return where.address.format(found)
    _, _, html = visitors[where.role].get(where.start)
    link = re.search(rf'href="({where.link})"', html)
    assert link, f"no link to {where.link} on {where.start}"
    return link[1] + BEYOND.get(name, "")


def test_every_address_is_looked_at() -> None:
    assert named() == {name for name in ADDRESSES if name in named()} | ELSEWHERE


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Met:
    """The kinds of thing that this walk has looked at."""
    base = tmp_path_factory.getbasetemp()
    return Met((base if worker_id == "master" else base.parent) / "met")


@pytest.fixture(scope="session")
def standing(site: Site, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[tuple[Window, Watched]]:
    """The window through which this walk looks, and what it complained of."""
    window, heard = Window(browser, **{**browser_context_args, "base_url": site.address}), Watched()
    heard.watch(window.page)
    yield window, heard
    window.context.close()


@pytest.fixture
def window(standing: tuple[Window, Watched]) -> Iterator[Window]:
    """The window, and fails the page that made the browser complain."""
    window, heard = standing
    heard.wrong.clear()
    heard.refused.clear()
    yield window
    assert heard.wrong == []


@pytest.mark.parametrize("name", ADDRESSES)
def test_page_is_for_everybody_light_and_quiet(name: str, visitors: dict[str, Visitor], site: Site, window: Window, met: Met) -> None:
    path, seen, wrong, looks, opened = path_of(name, visitors, site), set[str](), [], 0, False
    for role, visitor in visitors.items():
        status, ended, html = visitor.get(path)
        if status == 500:
            wrong.append(f"{role or 'nobody signed in'}: went wrong")
        opened |= status == 200 and ended == path
        # Whoever is led on is led to a page that stands in the table. A page is looked at once, and again for whoever is shown a kind of
        # thing that no look at any page has met.
        new = shapes(html) - seen if ended == path else set()
        if looks and new:
            new -= met.so_far()
        if not new:
            continue
        seen |= new
        met.add(new)
        looks += 1
        window.empty_for(visitor)
        page = window.page
        page.goto(path, wait_until="networkidle" if 'hx-trigger="load"' in html else "load")
        most = WITH_CHARTS if name in WITH_PICTURES else LIGHT
        told = [*unmet(page), *([f"weighs {window.scales.bytes:,} bytes"] if window.scales.bytes > most else []), sideways(page)]
        wrong += [f"{role or 'nobody signed in'}: {each}" for each in told if each]
    assert looks > 0
    assert opened is (name not in NOBODYS)  # a page that nobody can open was not looked at
    assert wrong == []
