"""The structure as its page draws it: the bodies, which seats are empty and which terms end, on any date.

Reading the rows is quick and making sense of them is not, so a page asks in two steps: `structure_page` reads, and says by its
digest whether the same was drawn before; `make` then works it out when it was not.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from convenor.partnership.models import SeatCall
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.structure import BodySeen, SeatSeen, StructureSeen, sees_names, structure_of
from convenor.partnership.queries.whole import Rows, SchoolHere, Whole, read_rows, whole_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.constitution import Constitution, Dated
from convenor.partnership.rules.finding import Finding, finding, led_by
from convenor.partnership.rules.seat_words import how_filled, who_may
from convenor.partnership.rules.structure import terms_ending
from convenor.partnership.rules.vocabulary import CHAIRING_PARTS

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class DrawnBody:
    """A body as the drawing asks for it. `seats` is None where no evidence describes them; `id` is its key."""

    id: str
    name: str
    tier: str
    reports_to: str
    subtitle: str
    seats: int | None
    filled: int


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat with empty places. `since` is the longest-standing vacancy's first day, None where nobody can tell.

    `call` is the number of the call that stands for it, None where there is none or the viewer is not of the partnership. `who` may fill
    it and `how` it is filled, in words.
    """

    body: BodySeen
    seat: SeatSeen
    places: int
    since: date | None
    call: int | None
    who: str
    how: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A term that is over or ends within six months. `name`, `person_id` and `successor` are for those who may see them."""

    body: str
    body_name: str
    title: str
    person_id: int | None
    name: str
    ends_on: date
    overdue: bool
    successor: str
    follows_on: date | None


@dataclass(frozen=True, slots=True)
class StructurePage:
    """All that the structure's page shows to one viewer.

    `schools` has for each body those that sit in it and in no body beneath it, so that each is drawn once. `days` are those on which a
    body or a reporting line began or ended, newest first. `recorded`: somebody's time in some seat is recorded; where nobody's is, empty
    seats say nothing of the partnership as it is. `inside`: the viewer is of this partnership.
    """

    structure: StructureSeen
    finding: Finding
    drawn: tuple[DrawnBody, ...]
    schools: dict[str, tuple[SchoolHere, ...]]
    vacancies: tuple[Vacancy, ...]
    by_office: int
    endings: tuple[Ending, ...]
    constitution_from: date
    recorded: bool
    days: tuple[date, ...]
    inside: bool
    may_fill: bool


@dataclass(frozen=True, slots=True)
class StructureRead:
    """What the tables hold, read but not yet made sense of. `digest` is the same only where `make` gives the same."""

    rows: Rows
    calls: tuple[tuple[Any, ...], ...]
    viewer: Viewer
    on: date

    @property
    def name(self) -> str:
        """The partnership's name."""
        return str(self.rows.version[5])

    @property
    def digest(self) -> str:
        """A fingerprint of the rows, the day, and what this viewer may see of them."""
        seen = (*_sight(self.viewer, self.rows.version[4]), self.on)
        return blake2b(pickle.dumps((_parts(self.rows), self.calls, seen)), digest_size=20).hexdigest()

    def make(self) -> StructurePage:
        """The page's contents. No query."""
        return _page(whole_of(self.rows), self.calls, self.viewer, self.on)


def _parts(rows: Rows) -> tuple[Any, ...]:
    """The parts of the rows, uncopied."""
    return (rows.version, rows.bodies, rows.lines, rows.seats, rows.appointments, rows.placed)


def _sight(viewer: Viewer, slug: str) -> tuple[bool, bool, bool]:
    """All of a viewer on which the page depends: whether they see names, may fill seats, may put names forward."""
    inside = sees_names(viewer, slug)
    return inside, inside and viewer.may(Permission.SEAT_FILL), inside and viewer.may(Permission.SEAT_NOMINATE)


def structure_page(slug: str, *, viewer: Viewer, at: date | datetime) -> StructureRead | None:
    """What the structure's page needs, for anyone; None when there is no such partnership. Six queries, seven for its members.

    Anyone sees the bodies, their seats, who chairs, and which seats are empty. Members also see who holds the other seats, who is to
    follow, and the calls that stand.
    """
    on = day_of(at)
    rows = read_rows(slug, on=on)
    if rows is None:
        return None
    calls: tuple[tuple[Any, ...], ...] = ()
    if sees_names(viewer, slug):
        standing = SeatCall.objects.filter(partnership_id=rows.version[3], decided_on=None, withdrawn_why="", opened_on__lte=on)
        calls = tuple(standing.order_by("-opened_on", "id").values_list("id", "seat__body__key", "seat__key"))
    return StructureRead(rows, calls, viewer, on)


def _page(whole: Whole, calls: Iterable[tuple[Any, ...]], viewer: Viewer, on: date) -> StructurePage:
    seen = structure_of(whole, viewer=viewer, on=on)
    inside, may_fill, _ = _sight(viewer, whole.here.slug)
    recorded = whole.records_holders(on)
    call_of = {(body, seat): pk for pk, body, seat in calls}
    rules_of = {(body.id, seat.id): seat for body in whole.constitution.bodies for seat in body.seats}
    vacancies = [
        Vacancy(
            body, seat, len(seat.empty_since), longest(seat.empty_since), call_of.get((body.key, seat.key)),
            who_may(rules_of[body.key, seat.key], whole.roles), how_filled(rules_of[body.key, seat.key]),
        )
        for body in seen.bodies
        for seat in body.seat_list
        if seat.empty_since and not seat.by_office
    ]  # fmt: skip
    by_office = sum(len(seat.empty_since) for body in seen.bodies for seat in body.seat_list if seat.by_office)
    endings = tuple(_endings(whole, seen, on, inside))
    kinds = [[(body.kind_name, body.name) for body in seen.bodies if body.tier == tier.key] for tier in seen.tiers]
    described = [body for body in seen.bodies if body.seats or body.seat_list]
    told = finding(
        kinds, seats=seen.seats, empty=sum(each.places for each in vacancies) + by_office, terms=len(endings),
        over=sum(each.overdue for each in endings), not_described=len(seen.bodies) - len(described),
    )  # fmt: skip
    return StructurePage(
        structure=seen, finding=told, drawn=tuple(_drawn(body, recorded) for body in seen.bodies), schools=_schools_once(seen.bodies),
        vacancies=tuple(vacancies), by_office=by_office, endings=endings, constitution_from=whole.version_from_on,
        recorded=recorded, days=_days(whole.constitution), inside=inside, may_fill=may_fill,
    )  # fmt: skip


def longest(days: Iterable[date | None]) -> date | None:
    """The first day of the longest-standing vacancy; None, not known, is longest of all."""
    known = list(days)
    return None if None in known or not known else min(day for day in known if day is not None)


def _drawn(body: BodySeen, recorded: bool) -> DrawnBody:
    leading = [seat for seat in body.seat_list if seat.part in CHAIRING_PARTS]
    names = [holder.name for holder in body.chairs if holder.name]
    office = next(("lead" if seat.part == "lead" else "chair" for seat in leading if seat.seats), "")
    subtitle = led_by(names, held=len(body.chairs), office=office, recorded=recorded)
    described = body.seats or body.seat_list
    return DrawnBody(body.key, body.name, body.tier, body.reports_to, subtitle, body.seats if described else None, body.filled)


def _schools_once(bodies: Iterable[BodySeen]) -> dict[str, tuple[SchoolHere, ...]]:
    """Each body's schools without those that sit in a body beneath it too."""
    by_key = {body.key: body for body in bodies}
    beneath: dict[str, set[str]] = {key: set() for key in by_key}
    for body in by_key.values():
        urns = {school.urn for school in body.schools}
        seen, above = {body.key}, body.reports_to
        while above in by_key and above not in seen:
            beneath[above] |= urns
            seen.add(above)
            above = by_key[above].reports_to
    return {key: tuple(each for each in body.schools if each.urn not in beneath[key]) for key, body in by_key.items()}


def _endings(whole: Whole, seen: StructureSeen, on: date, inside: bool) -> Iterable[Ending]:
    """Terms over or ending soon. A member sees of whom; anyone else sees who chairs, and nobody's successor."""
    parts = {(body.key, seat.key): seat.part for body in seen.bodies for seat in body.seat_list}
    for each in terms_ending(whole.constitution, on):
        follower = whole.people.get(each.successor)
        named = inside or parts.get((each.body, each.seat)) in CHAIRING_PARTS
        person = whole.people.get(each.person)
        yield Ending(
            body=each.body, body_name=each.body_name, title=each.title, person_id=person if named else None,
            name=each.person.removesuffix(f" ({person})") if named else "", ends_on=each.ends_on, overdue=each.overdue,
            successor=each.successor.removesuffix(f" ({follower})") if inside else "", follows_on=each.follows_on,
        )  # fmt: skip


def _days(constitution: Constitution) -> tuple[date, ...]:
    dated: list[Dated] = [*constitution.bodies, *(line for body in constitution.bodies for line in body.reporting_lines)]
    return tuple(sorted({day for each in dated for day in (each.from_on, each.until_on) if day is not None}, reverse=True))
