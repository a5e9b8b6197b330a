"""Terms and holidays of the area's schools: entered once a year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from convenor.england.school_years import SchoolYear
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.models import DayOff, Partnership, TermDates
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.partnership.rules.terms import Closed, Stretch, check_terms, school_year_of_term


def set_terms(
    *, slug: str, year: SchoolYear, stretches: Iterable[Stretch], closed: Iterable[Closed] = (), authority: str = "", by: Viewer | str,
    at: datetime,
) -> list[TermDates]:  # fmt: skip
    """Sets the terms and days off of one school year, whole, in place of what was entered for it before.

    `authority` is the code of one of the partnership's authorities, or "" for its whole area. Dates of visits already set stay as they
    are; pages say which of them now fall on a day that is none. Raises TermsRefused, or NotThere for an authority of another area.
    """
    allow(by, Permission.TERM_SET, partnership=slug)
    found, off = check_terms(year, stretches, closed)
    with transaction.atomic():
        partnership = Partnership.objects.select_for_update(of=("self",)).get(slug=slug)
        if authority and not partnership.areas.filter(code=authority).exists():
            raise NotThere("That local authority is not one of the partnership's areas. Nothing was changed.")
        code = authority or None
        for term in partnership.term_dates.filter(authority_id=code):
            if school_year_of_term(term.from_on) == year:
                term.delete()
        for single in partnership.days_off.filter(authority_id=code):
            if school_year_of_term(single.on) == year:
                single.delete()
        rows = TermDates.objects.bulk_create(
            TermDates(partnership=partnership, authority_id=code, name=each.name, from_on=each.from_on, until_on=each.until_on)
            for each in found
        )
        DayOff.objects.bulk_create(DayOff(partnership=partnership, authority_id=code, on=each.on, why=each.why) for each in off)
        journal.record(
            by=by, at=at, verb="terms.set", subject_kind="terms", subject_key=f"{year} {authority}".strip(), partnership=slug,
            subject_label=f"Terms of {year}", detail={"authority": authority, "terms": len(found), "days_off": len(off)},
        )  # fmt: skip
    return rows
