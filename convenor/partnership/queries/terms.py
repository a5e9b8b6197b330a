"""Terms and holidays of the area's schools, as entered: published dates, which every member may read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.england.school_years import SchoolYear, school_year_of
from convenor.partnership.models import DayOff, Partnership, TermDates
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.terms import Closed, Known, SchoolCalendar, Stretch, school_year_of_term, suggested

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True)
class Calendars:
    """The school days of a partnership's area, one calendar for each authority that has terms of its own."""

    by_authority: dict[str, SchoolCalendar]
    area: SchoolCalendar

    def of(self, authority: str) -> SchoolCalendar:
        """The calendar by which the schools of an authority (its code) live; the area's where none is entered for it."""
        return self.by_authority.get(authority, self.area)


@dataclass(frozen=True, slots=True)
class YearOfTerms:
    """One school year's terms, of the area or of one authority of it; `authority` is its code and "" for the area."""

    year: SchoolYear
    authority: str
    authority_name: str
    stretches: tuple[Stretch, ...]
    closed: tuple[Closed, ...]


@dataclass(frozen=True, slots=True)
class TermsSeen:
    """The page of terms: the years entered, newest first, and those that a manager may enter."""

    years: tuple[YearOfTerms, ...]
    may_enter: bool
    this_year: SchoolYear
    missing: tuple[SchoolYear, ...]
    authorities: tuple[tuple[str, str], ...]


def calendars(slug: str, *, viewer: object) -> Calendars:
    """The school days of a partnership's area, whoever asks: terms are published. Two queries.

    An authority for which a school year was entered has its own; the area's terms stand in for its other years.
    """
    terms, closed = _entered(slug)
    whole = _calendar(terms.get("", {}), closed.get("", {}), Known.PARTNERSHIP)
    own = {}
    for code in (set(terms) | set(closed)) - {""}:
        mine = _calendar(terms.get(code, {}), closed.get(code, {}), Known.AUTHORITY)
        mixed = {day: why for day, why in whole.closed.items() if school_year_of_term(day).start_year not in mine.stretches}
        own[code] = SchoolCalendar(
            {**whole.stretches, **mine.stretches}, {**mixed, **mine.closed}, {**whole.known, **mine.known}
        )  # fmt: skip
    return Calendars(own, whole)


def terms_seen(slug: str, *, viewer: Viewer, at: date | datetime) -> TermsSeen | None:
    """The terms as entered; None for somebody outside the partnership. Three queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    areas = _areas(slug)
    names = dict(areas)
    terms, closed = _entered(slug)
    found = [
        YearOfTerms(SchoolYear(year), code, names.get(code, code), tuple(sorted(rows)), _closed_in(closed.get(code, {}), year))
        for code, years in terms.items()
        for year, rows in years.items()
    ]
    found.sort(key=lambda each: (-each.year.start_year, each.authority_name))
    now = school_year_of(day_of(at))
    entered = {each.year for each in found if not each.authority}
    missing = tuple(year for year in (now, SchoolYear(now.start_year + 1)) if year not in entered)
    return TermsSeen(tuple(found), viewer.may(Permission.TERM_SET), now, missing, areas)


def terms_to_correct(slug: str, year: SchoolYear, authority: str, *, viewer: Viewer) -> tuple[YearOfTerms, bool]:
    """What the form opens with: the year as entered, or last year's terms on the same weekdays (then True), or nothing at all."""
    terms, closed = _entered(slug)
    names = dict(_areas(slug))
    mine = terms.get(authority, {})
    rows = mine.get(year.start_year)
    if rows:
        off = _closed_in(closed.get(authority, {}), year.start_year)
        return YearOfTerms(year, authority, names.get(authority, ""), tuple(sorted(rows)), off), False
    before = mine.get(year.start_year - 1) or terms.get("", {}).get(year.start_year - 1, [])
    return YearOfTerms(year, authority, names.get(authority, ""), tuple(suggested(before)), ()), bool(before)


def _entered(slug: str) -> tuple[dict[str, dict[int, list[Stretch]]], dict[str, dict[date, str]]]:
    """Terms by authority and school year, days off by authority; "" for the whole area."""
    terms: dict[str, dict[int, list[Stretch]]] = defaultdict(lambda: defaultdict(list))
    for code, name, from_on, until_on in TermDates.objects.filter(partnership__slug=slug).values_list(
        "authority_id", "name", "from_on", "until_on"
    ):
        terms[code or ""][school_year_of_term(from_on).start_year].append(Stretch(from_on, until_on, name))
    closed: dict[str, dict[date, str]] = defaultdict(dict)
    for code, on, why in DayOff.objects.filter(partnership__slug=slug).values_list("authority_id", "on", "why"):
        closed[code or ""][on] = why
    return terms, closed


def _calendar(terms: dict[int, list[Stretch]], closed: dict[date, str], known: Known) -> SchoolCalendar:
    return SchoolCalendar({year: tuple(sorted(rows)) for year, rows in terms.items()}, closed, dict.fromkeys(terms, known))


def _closed_in(closed: dict[date, str], year: int) -> tuple[Closed, ...]:
    return tuple(Closed(day, why) for day, why in sorted(closed.items()) if school_year_of_term(day).start_year == year)


def _areas(slug: str) -> tuple[tuple[str, str], ...]:
    rows = Partnership.objects.filter(slug=slug, areas__isnull=False).order_by("areas__name")
    return tuple(rows.values_list("areas__code", "areas__name"))
