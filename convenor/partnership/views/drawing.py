"""The structure drawn, on any date, and a person's page. A body's page is in `convenor.web`, which asks further rooms about it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from markupsafe import Markup

from convenor.england.dates import NotADateError, read_date
from convenor.partnership.gate import PUBLIC
from convenor.partnership.queries.drawn import StructurePage, StructureRead, structure_page
from convenor.partnership.queries.person import PersonPage, person_page
from convenor.partnership.views.kept import Kept
from convenor.partnership.views.pages import PartnershipPage

#: Two viewers of every one of some two hundred partnerships; about 20 kB each.
DRAWN = Kept(at_most=400)
#: Years that can be asked for.
YEARS = range(1850, 2200)
#: A tier's purpose of so many letters stands beside the drawing; a longer one only beneath it.
SHORT = 48


class DatedPage(PartnershipPage):
    """A page that can be asked for another date with `?on=`. `problem` says why a date could not be read; today is shown then."""

    problem = ""

    def day_asked(self) -> date:
        """The day of the page: the one asked for, or today."""
        asked = self.request.GET.get("on", "").strip()
        try:
            day = read_date(asked) or self.today
            if day.year not in YEARS:  # terms are reckoned from the day, and no calendar goes on for ever
                raise NotADateError(asked)
            return day
        except NotADateError:
            self.problem = f"“{asked[:40]}” is not a date we can read. Write it as 1 September 2026 or 01/09/2026. You see today."
            return self.today

    def on_query(self, on: date) -> str:
        """What to add to an address so that the date stays."""
        return "" if on == self.today else f"?on={on.isoformat()}"


class Structure(DatedPage):
    """Who decides, and who sits where: for anyone, with names of those who chair; for members, with everybody's."""

    permission = PUBLIC
    tab = "structure"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The drawing and its tables."""
        on = self.day_asked()
        read: StructureRead = self.found(structure_page(slug, viewer=self.viewer, at=on))
        drawn = DRAWN.get((read.digest, self.today), lambda: self._drawn(read, on))
        name = read.name
        return self.page("partnership/structure.jinja", drawn=Markup(drawn), partnership_name=name, problem=self.problem)  # noqa: S704 - drawn by our own template

    def _drawn(self, read: StructureRead, on: date) -> str:
        """All of the page that depends on the rows and on what this viewer may see, and on nothing else."""
        page = read.make()
        asked = self.on_query(on)
        bodies = [asdict(body) | {"href": reverse("body", args=[self.slug, body.id]) + asked} for body in page.drawn]
        short = [asdict(tier) | {"purpose": tier.purpose if len(tier.purpose) <= SHORT else ""} for tier in page.structure.tiers]
        said = {"page": page, "tiers": short, "bodies": bodies, "slug": self.slug, "on": on, "asked": asked, "today": self.today}
        return render_to_string("partnership/structure_drawn.jinja", said | self._tables(page, asked))

    def _tables(self, page: StructurePage, asked: str) -> dict[str, Any]:
        empty = [
            {
                "body": each.body.name,
                "href": reverse("body", args=[self.slug, each.body.key]) + asked,
                "seat": each.seat.title + (f" ({each.places} places)" if each.places > 1 else ""),
                "who": each.who,
                "how": each.how,
                "since": each.since,
                "door": self._door(page, each.body.key, each.seat.key, each.call, asked),
            }
            for each in page.vacancies
        ]
        return {"empty_rows": empty}

    def _door(self, page: StructurePage, body: str, seat: str, call: int | None, asked: str) -> tuple[str, str] | None:
        """What this viewer can do about an empty seat today: its call, or, for whoever fills seats, to open one."""
        if asked or not page.inside:
            return None
        if call is not None:
            return "See the call", reverse("seat-call", args=[self.slug, call])
        return ("Call for names", reverse("seat-call-open", args=[self.slug, body, seat])) if page.may_fill else None


class Person(DatedPage):
    """Somebody's seats and posts: for members; for anyone, what somebody chairs."""

    permission = PUBLIC
    tab = "structure"

    def get(self, request: HttpRequest, slug: str, person: int) -> HttpResponse:
        """The page."""
        on = self.day_asked()
        seen: PersonPage = self.found(person_page(slug, person, viewer=self.viewer, at=on))
        standing = {body.key for body in seen.structure.bodies}
        return self.page(
            "partnership/person.jinja", seen=seen, on=on, asked=self.on_query(on), standing=standing, problem=self.problem,
            partnership_name=seen.structure.here.name,
        )  # fmt: skip
