"""What journeys through a peer review share: who takes part in one of the demonstration's reviews, and letting weeks pass."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page

from tests.functional.deployment import SLUG, Site, change
from tests.functional.looking import sideways, unmet

REVIEWS = f"/p/{SLUG}/reviews/"
#: The days of a review that move when weeks pass.
DAYS = ("visit_from_on", "visit_until_on", "shared_on", "draft_on", "final_on", "workshop_on", "impact_on")


def rows(site: Site, words: str) -> list[tuple[Any, ...]]:
    """What a site's own database answers."""
    if site.database:
        import psycopg

        with psycopg.connect(site.database, autocommit=True) as served:
            return list(served.execute(words))  # type: ignore[arg-type]
    with closing(sqlite3.connect(site.folder / "convenor.sqlite3", timeout=20)) as kept:
        return list(kept.execute(words))


@dataclass(frozen=True, slots=True)
class OneReview:
    """A review of the demonstration, and the names of those who take part."""

    pk: int
    urn: str
    school: str
    head: str
    lead: str
    others: tuple[str, ...]
    champion: str

    @property
    def path(self) -> str:
        """Its address."""
        return f"{REVIEWS}{self.pk}/"

    def at(self, part: str) -> str:
        """The address of one of its parts."""
        return f"{self.path}{part}/"


def one_review(site: Site, state: str, number: int = 0) -> OneReview:
    """One of the demonstration's reviews that stand there, the oldest first."""
    pk, urn, school = rows(
        site,
        "SELECT r.id, r.school_id, s.name FROM peer_review_peerreview r JOIN registers_school s ON s.urn = r.school_id "
        f"WHERE r.state = '{state}' ORDER BY r.id",
    )[number]
    team = rows(
        site,
        "SELECT p.name, m.part FROM peer_review_teammember m JOIN peer_review_reviewer w ON w.id = m.reviewer_id "
        f"JOIN accounts_person p ON p.id = w.person_id WHERE m.review_id = {pk} AND m.left_on IS NULL ORDER BY m.id",
    )
    named = {part: [name for name, its in team if its == part] for part in ("lead", "reviewer", "champion")}
    return OneReview(
        pk, urn, school, head_of(site, urn), named["lead"][0], tuple(named["reviewer"]), next(iter(named["champion"]), "")
    )  # fmt: skip


def head_of(site: Site, urn: str) -> str:
    """The name of a school's head today."""
    found = rows(
        site,
        "SELECT p.name FROM partnership_tenure t JOIN partnership_post o ON o.id = t.post_id JOIN accounts_person p ON p.id = t.person_id "
        f"WHERE o.school_id = '{urn}' AND o.role = 'head' AND t.until_on IS NULL ORDER BY t.id",
    )
    return str(found[0][0])


def visited_on(site: Site, pk: int, day: date) -> None:
    """The days of a review, and its agenda, moved together so that its visit begins on this day: as if weeks had passed, or none."""
    [kept] = rows(site, f"SELECT {', '.join(DAYS)} FROM peer_review_peerreview WHERE id = {pk}")
    stood = {name: date.fromisoformat(str(value)) for name, value in zip(DAYS, kept, strict=True) if value is not None}
    by = day - stood["visit_from_on"]
    moved = ", ".join(f"{name} = '{each + by}'" for name, each in stood.items())
    change(site, f"UPDATE peer_review_peerreview SET {moved} WHERE id = {pk}")
    for key, on in rows(site, f'SELECT id, "on" FROM peer_review_activity WHERE review_id = {pk}'):
        change(site, f"UPDATE peer_review_activity SET \"on\" = '{date.fromisoformat(str(on)) + by}' WHERE id = {key}")


def weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def months_ago(months: int) -> date:
    """A weekday so many months of thirty and a half days ago."""
    return weekday(date.today() - timedelta(days=round(30.5 * months)))


def calm(page: Page) -> None:
    """Nothing that axe minds, and no sideways scroll on a narrow telephone."""
    size = page.viewport_size
    assert (page.url, unmet(page), sideways(page)) == (page.url, [], "")
    if size:
        page.set_viewport_size(size)


def from_home(page: Page, review: OneReview) -> None:
    """From the first page after signing in to the review, by the shortest way that is offered."""
    page.goto("/")
    link = page.locator(f"main a[href^='{review.path}']")
    if link.count() == 0:
        page.goto(REVIEWS)
    link.first.click()
    page.wait_for_url(f"**{review.path}**")


def presses(page: Page, name: str, said: str = "") -> None:
    """Presses the page's own button, and waits for what it says."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()
    if said:
        page.get_by_text(said).first.wait_for()
