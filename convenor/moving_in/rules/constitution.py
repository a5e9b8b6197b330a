"""The constitution as it would be with the clusters, seats and people that were brought: what stands is kept, nothing ends by silence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from convenor.moving_in.rules.planning_standing import AboutSchool, Standing
from convenor.partnership.rules.checking import check
from convenor.partnership.rules.constitution import (
    Appointment,
    Body,
    Constitution,
    Member,
    Places,
    Seat,
    Tier,
    in_force,
)
from convenor.partnership.rules.vocabulary import BODY_KINDS, CHAIRING_PARTS, Chairing, Hue, Part, Severity

#: Of a body or seat that a list named and no constitution described.
NOT_REVIEWED: Final = "Review date: not in the lists that were brought in"
#: Kinds of body of each tier, by its colour.
HUE_OF_KIND: Final = {"cluster": Hue.CLUSTER, "network": Hue.CLUSTER, "hub": Hue.CLUSTER, "alliance": Hue.ALLIANCE}
TIER_OF_HUE: Final = {Hue.CLUSTER: ("clusters", "Clusters"), Hue.ALLIANCE: ("alliances", "Alliances"), Hue.BOARD: ("board", "Board")}
_ORDER: Final = (Hue.CLUSTER, Hue.ALLIANCE, Hue.BOARD)
_PARTS: Final = (
    (re.compile(r"\bco[- ]?chair"), Part.CO_CHAIR),
    (re.compile(r"\b(vice|deputy)\b"), Part.DEPUTY),
    (re.compile(r"\bchair(man|woman|person)?\b(?!.*\bgovernors?\b)"), Part.CHAIR),
    (re.compile(r"\b(clerk|secretary)\b"), Part.CLERK),
    (re.compile(r"\bobserver\b"), Part.OBSERVER),
    (re.compile(r"\badvis[eo]r\b"), Part.ADVISER),
    (re.compile(r"\b(cluster|alliance) lead\b|^lead$"), Part.LEAD),
)


def key_from(name: str, taken: Iterable[str]) -> str:
    """A short name of small letters, figures and hyphens, that none of the others has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    first = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:50].strip("-") or "body"
    used, number, found = set(taken), 1, first
    while found in used:
        number += 1
        found = f"{first}-{number}"
    return found


def part_of(title: str) -> Part:
    """The part that a seat's title names: its chair, deputy, clerk ...; a member where it names none."""
    said = title.casefold()
    return next((part for words, part in _PARTS if words.search(said)), Part.MEMBER)


def first_day_without(last_day: date | None) -> date | None:
    """Lists name the last day of a term; periods here end on the first day without it."""
    return last_day + timedelta(days=1) if last_day is not None else None


@dataclass(slots=True)
class Draft:
    """A constitution while it is added to. `changed` says whether anything was."""

    standing: Standing
    made: Constitution
    changed: bool = False
    fresh: dict[str, tuple[str, ...]] = field(default_factory=dict)
    new_bodies: set[str] = field(default_factory=set)
    new_seats: set[tuple[str, str]] = field(default_factory=set)

    def bodies(self) -> tuple[Body, ...]:
        """The bodies in force on the day."""
        return tuple(each for each in self.made.bodies if in_force(each, self.standing.on))

    def body(self, body_id: str) -> Body:
        """A body by its id."""
        return next(each for each in self.made.bodies if each.id == body_id)

    def add_body(self, name: str, kind: str, reports_to: str = "") -> str:
        """A new body of a kind, in the tier of that kind; the id that it was given."""
        hue = HUE_OF_KIND.get(kind, Hue.BOARD)
        tier = self._tier(hue)
        body_id = key_from(name, (each.id for each in self.made.bodies))
        above = reports_to or self._above(hue, body_id)
        new = Body(
            id=body_id, name=name, kind=kind if kind in BODY_KINDS else "panel", tier=tier, reports_to=above, not_found=(NOT_REVIEWED,)
        )  # fmt: skip
        self.made = replace(self.made, bodies=(*self.made.bodies, new))
        self.new_bodies.add(body_id)
        self.changed = True
        return body_id

    def _tier(self, hue: Hue) -> str:
        found = next((each for each in self.made.tiers if each.hue is hue), None)
        if found is not None:
            return found.key
        key, name = TIER_OF_HUE[hue]
        new = Tier(key_from(key, (each.key for each in self.made.tiers)), name, hue)
        before = [each for each in self.made.tiers if _ORDER.index(each.hue) < _ORDER.index(hue)]
        after = [each for each in self.made.tiers if each not in before]
        self.made = replace(self.made, tiers=(*before, new, *after))
        return new.key

    def _above(self, hue: Hue, body_id: str) -> str:
        """Whom a new body reports to where nothing says it: those like it where they all report to one, else the body at the top."""
        tiers = {each.key: each.hue for each in self.made.tiers}
        alike = {each.reports_to for each in self.bodies() if tiers.get(each.tier) is hue and each.reports_to}
        if len(alike) == 1:
            return next(iter(alike))
        top = next((each.id for each in self.bodies() if tiers.get(each.tier) is Hue.BOARD and not each.reports_to), "")
        return top if top != body_id else ""

    def add_seat(self, body_id: str, title: str, places: int, constituency: str = "") -> str:
        """A new seat on a body, with as many places as it has holders; its id."""
        body = self.body(body_id)
        part = part_of(title)
        seat = Seat(
            id=key_from(title, (each.id for each in body.seats)), title=title[:120], part=part,
            places=Places(min(1, places), max(places, 1)), constituency=constituency,
            not_found=("How it is filled: not in the lists that were brought in",),
        )  # fmt: skip
        self._with_seats(body, (*body.seats, seat))
        self.new_seats.add((body_id, seat.id))
        return seat.id

    def widen_seat(self, body_id: str, seat_id: str, places: int) -> None:
        """Makes room for so many in a seat."""
        body = self.body(body_id)
        seats = tuple(replace(each, places=Places(each.places.minimum, places)) if each.id == seat_id else each for each in body.seats)
        self._with_seats(body, seats)

    def _with_seats(self, body: Body, seats: tuple[Seat, ...]) -> None:
        leads = any(each.part in CHAIRING_PARTS for each in seats)
        chair = body.chair if leads or body.chair is not Chairing.REQUIRED else Chairing.NOT_FOUND
        new = replace(body, seats=seats, chair=chair)
        self.made = replace(self.made, bodies=tuple(new if each.id == body.id else each for each in self.made.bodies))
        self.changed = True

    def appoint(self, appointment: Appointment) -> None:
        """Adds somebody in a seat, or gives those who sit there already the days that a list names."""
        self.made = replace(self.made, appointments=(*self.made.appointments, appointment))
        self.changed = True

    def change_appointment(self, old: Appointment, new: Appointment) -> None:
        """Puts one appointment in place of another."""
        self.made = replace(self.made, appointments=tuple(new if each is old else each for each in self.made.appointments))
        self.changed = True

    def bodies_of(self, urn: str) -> tuple[str, ...]:
        """The bodies in which a school sits on the day, as far as the draft goes."""
        if urn in self.fresh:
            return self.fresh[urn]
        return next((each.bodies for each in self.made.members if each.school == urn and in_force(each, self.standing.on)), ())

    def place(self, urn: str, bodies: tuple[str, ...]) -> None:
        """Says in which bodies a school sits from the day, as a member."""
        self.fresh[urn] = bodies
        self.changed = True

    def finished(self) -> Constitution:
        """The whole constitution, its members placed from the day on."""
        on, members = self.standing.on, []
        left = dict(self.fresh)
        for each in self.made.members:
            if each.school not in self.fresh or not in_force(each, on):
                members.append(each)
                continue
            bodies = left.pop(each.school, None)
            if bodies is None or set(bodies) == set(each.bodies):
                members.append(each)
            elif each.from_on is None or each.from_on < on:
                members += [replace(each, until_on=on), replace(each, bodies=bodies, from_on=on)]
            else:
                members.append(replace(each, bodies=bodies))
        for urn, bodies in left.items():
            about = self.standing.schools.get(urn) or AboutSchool(urn, "")
            members.append(
                Member(urn, about.name, about.phase, about.type, about.trust, about.federation, bodies, from_on=on)
            )  # fmt: skip
        return replace(self.made, members=tuple(members), bodies=tuple(self._begun(each) for each in self.made.bodies))

    def _begun(self, body: Body) -> Body:
        """A new body or seat begins with the first whose days in it are known, or on the day where none lies before."""
        days: dict[str, list[date]] = {}
        for each in self.made.appointments:
            if each.body == body.id and each.from_on is not None:
                days.setdefault(each.seat, []).append(each.from_on)
        on = self.standing.on
        first = self.made.from_on
        seats = tuple(
            replace(seat, from_on=min([*days.get(seat.id, []), on])) if (body.id, seat.id) in self.new_seats else seat
            for seat in body.seats
        )
        if body.id not in self.new_bodies:
            return replace(body, seats=seats)
        begun = min([*(day for each in days.values() for day in each), on])
        return replace(body, seats=seats, from_on=max(begun, first) if first is not None else begun)


def problems_of(before: Constitution | None, after: Constitution, on: date) -> tuple[str, ...]:
    """The errors that the new constitution would have and the one that stands has not, in words; empty when it is sound."""
    stood = {each.message for each in check(before, on)} if before is not None else set()
    return tuple(
        each.message for each in check(after, on) if each.severity is Severity.ERROR and each.message not in stood
    )  # fmt: skip
