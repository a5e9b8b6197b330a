"""One search over schools, areas, bodies, people and pages, which forgives spelling and shows only what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from rapidfuzz import fuzz

from convenor.partnership.gate import PUBLIC, Page, Viewer
from convenor.partnership.queries import search as partnership_search
from convenor.registers.queries import search as register_search
from convenor.registers.rules import spelling

TEXT_MAXIMUM = 100
SCHOOLS_MAXIMUM = 20
PAGE_CLOSE_ENOUGH = 82.0


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of the site that a search found."""

    label: str
    href: str
    says: str


#: Pages that a search can find: name of the address, whether it needs the partnership, what it is called, what else it is known by.
PAGES = (
    ("areas", False, "Areas", "local authorities councils regions context list"),
    ("editions", False, "Editions: what is loaded", "data sources files editions publisher licence what is loaded"),
    ("structure", True, "Structure: who decides, and who sits where", "structure board alliance cluster tiers chairs bodies who decides"),
    ("seats", True, "Seats and elections", "seats vacancies elections nominations terms empty seats"),
    ("members", True, "Members", "members membership schools join leave"),
    ("engagement", True, "Engagement", "engagement taking part not yet heard from invitations"),
    ("journal", True, "Journal", "journal who did what audit"),
    ("accessibility", False, "Accessibility statement", "accessibility statement"),
    ("privacy", False, "Privacy", "privacy data protection gdpr what is held"),
)


def find_pages(text: str, viewer: Viewer) -> list[FoundPage]:
    """The site's pages whose name or other words the text comes near; those of a partnership only for someone inside one."""
    folded = spelling.fold(text)
    found = []
    for name, inside, label, known_by in PAGES:
        if inside and viewer.partnership is None:
            continue
        if len(folded) < 3 or max(fuzz.ratio(folded, spelling.fold(label)), fuzz.token_set_ratio(folded, known_by)) < PAGE_CLOSE_ENOUGH:
            continue
        try:
            href = reverse(name, args=[viewer.partnership.slug] if inside and viewer.partnership else [])
        except NoReverseMatch:
            continue
        found.append(FoundPage(label, href, viewer.partnership.name if inside and viewer.partnership else ""))
    return found[:5]


class Search(Page):
    """What a few words may mean. An empty search shows how to search."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The answers, by kind; none of a kind is left out, none at all is said in words."""
        text = request.GET.get("q", "").strip()[:TEXT_MAXIMUM]
        schools = register_search.find_schools(text, viewer=self.viewer, limit=SCHOOLS_MAXIMUM) if text else []
        areas = register_search.find_areas(text, viewer=self.viewer) if text else []
        bodies = partnership_search.find_bodies(text, viewer=self.viewer, on=self.today) if text else []
        people = partnership_search.find_people(text, viewer=self.viewer, on=self.today) if text else []
        pages = find_pages(text, self.viewer) if text else []
        return self.page(
            "web/search.jinja",
            text=text,
            schools=schools,
            areas=areas,
            bodies=bodies,
            people=people,
            pages=pages,
            number=len(schools) + len(areas) + len(bodies) + len(people) + len(pages),
            most=len(schools) == SCHOOLS_MAXIMUM,
        )
