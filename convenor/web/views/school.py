"""One school at a glance, made of panels: each a small dataclass from the feature that knows, and a partial that draws it.

To add a panel, write the query in its feature, a partial in `templates/web/panels/`, and one line in `Glance.panels`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from convenor.intelligence.queries.waiting import at_school
from convenor.intelligence.rules.circle import Sight
from convenor.journal import queries as journal
from convenor.partnership.gate import PUBLIC, Page, Permission, proof_wanted, record_look, record_looks
from convenor.partnership.queries.place import place_of_school
from convenor.peer_review.queries.reviews_of_school import held_reviews, reviews_of_school
from convenor.registers.queries import schools as queries
from convenor.registers.queries.schools import InspectionRow, Link, SchoolFacts
from convenor.registers.rules import inspection_words
from convenor.support.queries.support_of_school import held_support, support_of_school
from convenor.web import moving_parts, reading_panels, review_parts
from convenor.web.addresses import address
from convenor.web.views.registers import edition_lines
from convenor.web.words import day, number


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection as the page shows it, in its own words."""

    when: str
    kind: str
    finding: str
    beside: str
    judgements: list[tuple[str, str]]
    safeguarding: str
    concern: str
    inspected_as: str
    inspected_urn: str
    inspected_known: bool
    note: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a school's history."""

    when: str
    what: str
    urn: str
    name: str
    known: bool = False
    now: bool = False


def visits(rows: Sequence[InspectionRow], links: Mapping[str, Link], urn: str) -> list[Visit]:
    """Inspections as the page shows them, newest first; one made of a predecessor names it."""
    shown = []
    for one in rows:
        finding, beside = inspection_words.finding(
            vocabulary=one.vocabulary, overall=one.overall, outcome=one.outcome, started_on=one.started_on
        )
        other = one.urn_at_inspection if one.urn_at_inspection not in ("", urn) else ""
        shown.append(
            Visit(
                when=day(one.started_on) if one.started_on else f"By {day(one.told_on)}, day not given",
                kind=inspection_words.KINDS.get(one.kind, one.kind),
                finding=finding,
                beside=beside,
                judgements=inspection_words.judgements(one.judgements, vocabulary=one.vocabulary, started_on=one.started_on),
                safeguarding=inspection_words.safeguarding(one.safeguarding),
                concern=inspection_words.concern(one.category_of_concern),
                inspected_as=links[other].name if other in links else "an earlier school",
                inspected_urn=other,
                inspected_known=other in links and links[other].known,
                note="" if one.started_on else one.outcome,
            )
        )
    return shown


def history(school: SchoolFacts, links: Sequence[Link]) -> list[Event]:
    """The school's history from the published links, its opening and its closing, earliest first."""
    events: list[tuple[date, int, Event]] = []
    for link in links:
        what = _link_words(link)
        events.append(
            (
                link.on or date.min,
                1 if link.earlier else 3,
                Event(day(link.on, "date not published"), what, link.urn, link.name, link.known),
            )
        )
    if school.opened_on:
        events.append((school.opened_on, 2, Event(day(school.opened_on), f"Opened as {school.name}", "", "", now=not school.closed)))
    if school.closed_on:
        events.append((school.closed_on, 2, Event(day(school.closed_on), "Closed under this URN", "", "", now=True)))
    return [event for *_when, event in sorted(events, key=lambda one: one[:2])]


def one_before(links: Sequence[Link]) -> list[str]:
    """The one school that this one carried on, whose figures may stand for it in earlier years; none after a merger or a split."""
    before = [link for link in links if link.earlier]
    plain = all(word not in link.kind.lower() for link in before for word in ("merge", "amalgam", "split"))
    return [before[0].urn] if len(before) == 1 and plain else []


def _link_words(link: Link) -> str:
    kind = link.kind.lower()
    if "merge" in kind or "amalgam" in kind:
        return "Formed in a merger with" if link.earlier else "Merged into"
    if "split" in kind:
        return "Split from" if link.earlier else "Split into"
    return "Followed" if link.earlier else "Succeeded by"


def address_of(school: SchoolFacts) -> str:
    """Street, town and postcode on one line; empty when none is known."""
    return ", ".join(part for part in (school.street, school.town, school.postcode) if part)


def _ages(school: SchoolFacts) -> str:
    return f"{school.low_age} to {school.high_age}" if school.low_age is not None and school.high_age is not None else ""


def identity(school: SchoolFacts) -> list[tuple[str, Any]]:
    """What the register says the school is; a fact that no edition gives is left to be said as not known."""
    rows: list[tuple[str, Any]] = [
        ("Type", school.type_name),
        ("Phase and ages", ", ".join(part for part in (school.phase, f"ages {_ages(school)}" if _ages(school) else "") if part)),
        ("Pupils", number(school.pupils) if school.pupils is not None else ""),
        ("Trust", school.trust_name or ("not in a trust" if school.type_group == "maintained" else "")),
        ("Religious character", school.religious_character),
        ("Address", address_of(school)),
        ("URN, LAESTAB", f"{school.urn}, {school.laestab[:3]}/{school.laestab[3:]}" if school.laestab else school.urn),
    ]
    if school.capacity:
        rows.insert(3, ("Capacity", number(school.capacity)))
    if school.federation_name:
        rows.insert(4, ("Federation", school.federation_name))
    return rows


def lede(school: SchoolFacts) -> str:
    """One sentence on what the school is."""
    what = school.type_name or "School"
    phase = f"{school.phase.lower()}, " if school.phase and school.phase.lower() not in what.lower() else ""
    ages = f"ages {_ages(school)}, " if _ages(school) else ""
    place = ", ".join(dict.fromkeys(part for part in (school.town, school.area.name if school.area else "") if part))
    begin = "A fictitious school for demonstration. " if school.fictitious else ""
    return f"{begin}{what}, {phase}{ages}{place}.".replace(", .", ".")


@dataclass(frozen=True, slots=True)
class KeptForItself:
    """What a school's page shows to some alone: where early identification stands, its reviews, its support, and what is held."""

    early: Any = None
    reviews: Any = ()
    support: Any = None
    held: bool = False


class Glance(Page):
    """What is published of a school, its place in the partnership and, for its own people, what is held and who looked."""

    permission = PUBLIC

    def get(self, request: HttpRequest, urn: str) -> HttpResponse:
        """The page; a URN that no edition knows is not found."""
        school = queries.school(urn, viewer=self.viewer)
        if school is None:
            raise Http404(f"No loaded edition describes a school with the URN {urn}.")
        links = queries.links(urn, viewer=self.viewer)
        later = [link.urn for link in links if not link.earlier] if school.closed else []
        inspections = [one for one in queries.inspections([urn, *later], viewer=self.viewer) if urn in (one.urn, one.urn_at_inspection)]
        readings = reading_panels.panel([urn, *one_before(links)], phase=school.phase, viewer=self.viewer, invented=school.fictitious)
        keys = {*school.edition_keys, *(one.edition for one in inspections), *readings.edition_keys}
        editions = queries.editions(keys, viewer=self.viewer)
        kept = KeptForItself() if proof_wanted(request, at=self.now) else self._kept(urn)
        early = kept.early
        if early is not None and early.sight is not Sight.OWN:
            right = Permission.CONVERSATION_HOLD if early.sight is Sight.HOLDS else Permission.BODY_LEAD
            record_looks(self.viewer, urns=[urn], record="where its early conversation stands", at=self.now, by_right=right)
        return self.page(
            "web/school.jinja",
            school=school,
            trail_links=self._trail(school),
            lede=lede(school),
            identity=identity(school),
            visits=visits(inspections, {link.urn: link for link in links}, urn),
            history=history(school, links),
            successors=[link for link in links if not link.earlier],
            readings=readings,
            places=place_of_school(urn, viewer=self.viewer, at=self.today),
            early=early,
            next_round=review_parts.next_round(self.viewer, self.today, urn) if early is not None and early.peer_review else None,
            reviews=kept.reviews,
            support=kept.support,
            ask_href=self._ask(urn),
            may_see_held=kept.held,
            closed=self._closed(request, urn) if proof_wanted(request, at=self.now) else "",
            edition_lines=edition_lines(editions),
            editions=editions,
        )

    def _kept(self, urn: str) -> KeptForItself:
        """What this viewer may see of what the school keeps for itself."""
        return KeptForItself(
            early=at_school(urn, viewer=self.viewer, at=self.today),
            reviews=reviews_of_school(urn, viewer=self.viewer, at=self.today),
            support=support_of_school(urn, viewer=self.viewer, at=self.today),
            held=self.viewer.sees_record(urn),
        )

    def _closed(self, request: HttpRequest, urn: str) -> str:
        """Where to show who is there, for somebody to whom the page would then show more; "" for others."""
        kept = self._kept(urn)
        more = kept.held or kept.early is not None or kept.reviews or kept.support
        return f"{settings.PROVE_URL}?{urlencode({'next': request.get_full_path()})}" if more else ""

    def _ask(self, urn: str) -> str:
        """Where a school asks for support, for whoever may ask for it."""
        here = self.viewer.partnership
        href = address("support-need-ask", here.slug) if here and self.viewer.may(Permission.SUPPORT_ASK, urn=urn) else ""
        return f"{href}?school={urn}" if href else ""

    def _trail(self, school: SchoolFacts) -> list[tuple[str, str]]:
        if school.area is None:
            return [("Areas", reverse("areas"))]
        code = school.area.code
        return [(school.area.name, reverse("area", args=[code])), ("Schools", reverse("area-schools", args=[code]))]


class Held(Page):
    """What is held about a school and is not public, and who looked: for its own people alone.

    Somebody who may look though they are not of the school itself (its trust's leader) is written down before they see it.
    """

    permission = Permission.SCHOOL_RECORD_SEE
    confidential = True

    def subject(self) -> dict[str, Any]:
        """The school of the address."""
        return {"urn": self.kwargs["urn"]}

    def get(self, request: HttpRequest, urn: str) -> HttpResponse:
        """The page; the school's own page takes the middle of it."""
        school = queries.school(urn, viewer=self.viewer)
        if school is None:
            raise Http404(f"No loaded edition describes a school with the URN {urn}.")
        allowing = [holding for holding in self.viewer.holdings if holding.allows(Permission.SCHOOL_RECORD_SEE, urn=urn)]
        if all(holding.urn != urn for holding in allowing):
            record_look(self.viewer, urn=urn, record="what is held about the school, and who looked", at=self.now)
        return self.page(
            "web/school_held.jinja",
            school=school,
            trail_links=[(school.name, reverse("school", args=[urn]))],
            entries=journal.entries_for_school(urn, viewer=self.viewer),
            looks=journal.looks_at(urn, viewer=self.viewer),
            reviews=held_reviews(urn, viewer=self.viewer),
            support=held_support(urn, viewer=self.viewer),
            set_apart=moving_parts.held(self.viewer, self.now, urn),
        )
