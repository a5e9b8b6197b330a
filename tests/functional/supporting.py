"""What journeys through support share: a school of the demonstration that asks, its package, and letting weeks pass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page

from convenor.england.school_years import school_year_of
from tests.functional.deployment import SLUG, Site, change
from tests.functional.reviewing import head_of, rows

SUPPORT = f"/p/{SLUG}/support/"
#: Where the days of a package stand: table, how its rows belong to the package, days, instants.
DAYS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("support_package", "id = {pk}", ("opened_on", "since_on", "started_on", "ended_on", "next_due_on"), ()),
    ("support_need", "id = (SELECT need_id FROM support_package WHERE id = {pk})", ("ended_on",), ("asked_at",)),
    ("support_choice", "need_id = (SELECT need_id FROM support_package WHERE id = {pk})", (), ("at",)),
    ("support_packagetask", "package_id = {pk}", ("due_on",), ("completed_at",)),
    ("support_packagelog", "package_id = {pk}", (), ("at",)),
    ("support_headagreement", "package_id = {pk}", (), ("at",)),
    ("support_objective", "package_id = {pk}", ("baseline_on",), ()),
    ("support_packagecost", "package_id = {pk}", ("agreed_on",), ()),
    ("support_visit", "package_id = {pk}", ("on", "delivered_on"), ()),
    ("support_noteofvisit", "visit_id IN (SELECT id FROM support_visit WHERE package_id = {pk})", (), ("at",)),
    (
        "support_notemark",
        "note_id IN (SELECT n.id FROM support_noteofvisit n JOIN support_visit v ON v.id = n.visit_id WHERE v.package_id = {pk})",
        (), ("at",),
    ),
    ("support_progressreview", "package_id = {pk}", ("held_on", "next_on"), ("at",)),
    ("support_evaluation", "package_id = {pk}", (), ("at",)),
    ("support_effectstudy", "package_id = {pk}", ("started_on",), ("frozen_at",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """A primary school of the demonstration that has asked for nothing yet, and its head."""

    urn: str
    school: str
    head: str


@dataclass(frozen=True, slots=True)
class OneSupport:
    """A package of the demonstration, and the names of those who take part."""

    pk: int
    need: int
    urn: str
    school: str
    head: str
    supporter: str
    lender: str
    lending: str

    @property
    def path(self) -> str:
        """Its address."""
        return f"{SUPPORT}packages/{self.pk}/"

    def at(self, part: str) -> str:
        """The address of one of its parts."""
        return f"{self.path}{part}/"


def asking_school(site: Site) -> Asking:
    """The first primary school with a head that neither asked for support nor lends any."""
    urn, school = rows(
        site,
        "SELECT s.urn, s.name FROM partnership_tenure t JOIN partnership_post o ON o.id = t.post_id JOIN registers_school s "
        "ON s.urn = o.school_id WHERE o.role = 'head' AND t.until_on IS NULL AND s.phase = 'Primary' "
        "AND s.urn <> '900001' AND s.urn NOT IN (SELECT school_id FROM support_need) "
        "AND s.urn NOT IN (SELECT school_id FROM support_supporter WHERE school_id IS NOT NULL) ORDER BY s.urn",
    )[0]
    return Asking(str(urn), str(school), head_of(site, urn))


def package_of(site: Site, asking: Asking) -> OneSupport:
    """The package of a school, once somebody is chosen."""
    [(pk, need, supporter, lending)] = rows(
        site,
        "SELECT k.id, k.need_id, p.name, w.school_id FROM support_package k JOIN support_supporter w ON w.id = k.supporter_id "
        f"JOIN accounts_person p ON p.id = w.person_id WHERE k.school_id = '{asking.urn}'",
    )
    return OneSupport(
        pk, need, asking.urn, asking.school, asking.head, str(supporter), head_of(site, str(lending)), str(lending)
    )  # fmt: skip


def weeks_pass(site: Site, pk: int, days: int) -> None:
    """Every day of a package lies so many days earlier, as if they had passed; what is planned for later comes nearer."""
    booked = rows(site, f'SELECT id, supporter_id, "on", half_days FROM support_visit WHERE package_id = {pk} AND delivered_on IS NULL')
    for table, which, on, at in DAYS:
        day = "{0} = CAST({0} - {1} AS date)" if site.database else "{0} = date({0}, '-{1} days')"
        instant = "{0} = {0} - interval '{1} days'" if site.database else "{0} = strftime('%Y-%m-%d %H:%M:%f', {0}, '-{1} days')"
        earlier = [day.format(f'"{each}"', days) for each in on] + [instant.format(f'"{each}"', days) for each in at]
        change(site, f"UPDATE {table} SET {', '.join(earlier)} WHERE {which.format(pk=pk)}")
    for visit, supporter, was, half_days in booked:  # days that were booked go with a visit into an earlier school year
        [(now,)] = rows(site, f'SELECT "on" FROM support_visit WHERE id = {visit}')
        years = [school_year_of(date.fromisoformat(str(each))).label for each in (was, now)]
        if years[0] != years[1]:
            for year, more in zip(years, (-half_days, half_days), strict=True):
                change(
                    site,
                    f"UPDATE support_capacityyear SET half_days_booked = half_days_booked + {more} "
                    f"WHERE supporter_id = {supporter} AND year = '{year}'",
                )


def named_in(page: Page, names: set[str]) -> set[str]:
    """Which of these names the page's own part says."""
    said = page.locator("main").inner_text()
    return {each for each in names if re.search(rf"\b{re.escape(each)}\b", said)}
