"""The partnership as it stands on a day: its tiers, its bodies, who sits where, and which seats are empty.

What anyone may see: the bodies, their seats, how many are held, and who chairs, since a chair answers in public. Who holds
the other seats is for members of the partnership.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.queries.holdings import PartnershipHere, day_of
from convenor.partnership.queries.whole import SchoolHere, Whole, read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.roll import Holder
from convenor.partnership.rules.structure import BodyNow, SeatNow, describe
from convenor.partnership.rules.vocabulary import CHAIRING_PARTS

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class HolderSeen:
    """Somebody in a seat, as this viewer may see them. `name` is "" and `person_id` None where it is not for them to see.

    `through` is the name of the body whose office brings the seat, "" for a seat of its own; `ends_on` the first day after
    the term, None where nothing tells.
    """

    person_id: int | None
    name: str
    role: str
    school: str
    urn: str
    from_on: date | None
    ends_on: date | None
    through: str


@dataclass(frozen=True, slots=True)
class SeatSeen:
    """A seat as it stands. `empty_since` has a day, or None for not known, for each empty place; `who` may fill it, in words;
    `most` may hold it, None for any number."""

    key: str
    title: str
    part: str
    constituency: str
    places: str
    seats: int
    filled: int
    holders: tuple[HolderSeen, ...]
    empty_since: tuple[date | None, ...]
    who: tuple[str, ...]
    how: str
    by: str
    by_office: bool
    term_months: int | None
    release: str
    note: str
    not_found: tuple[str, ...]
    most: int | None = None


@dataclass(frozen=True, slots=True)
class BodySeen:
    """A body as it stands, with what its drawing and its page need. `key` is its id in the constitution, `reports_to` another's."""

    pk: int
    key: str
    name: str
    kind: str
    kind_name: str
    tier: str
    tier_name: str
    hue: str
    reports_to: str
    depth: int
    purpose: str
    phases: tuple[str, ...]
    meets: str
    quorum: str
    names_no_school: bool
    seats: int
    filled: int
    seat_list: tuple[SeatSeen, ...]
    chairs: tuple[HolderSeen, ...]
    schools: tuple[SchoolHere, ...]
    from_on: date | None
    until_on: date | None
    review_on: date | None
    note: str
    not_found: tuple[str, ...]

    @property
    def empty(self) -> int:
        """How many of its seats are empty."""
        return self.seats - self.filled


@dataclass(frozen=True, slots=True)
class TierSeen:
    """A tier, as people draw it: the list of tiers begins at the top."""

    key: str
    name: str
    hue: str
    purpose: str
    not_found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StructureSeen:
    """The partnership on a day. `proposed` says that the constitution is only put forward."""

    here: PartnershipHere
    kind: str
    purpose: str
    proposed: bool
    on: date
    tiers: tuple[TierSeen, ...]
    bodies: tuple[BodySeen, ...]
    note: str
    not_found: tuple[str, ...]
    sources: tuple[rules.Source, ...]
    changed_at: datetime

    @property
    def seats(self) -> int:
        """Every seat of every body."""
        return sum(body.seats for body in self.bodies)

    @property
    def filled(self) -> int:
        """Every seat held."""
        return sum(body.filled for body in self.bodies)

    def body(self, key: str) -> BodySeen | None:
        """The body of this key, or None."""
        return next((body for body in self.bodies if body.key == key), None)


def sees_names(viewer: Viewer, slug: str) -> bool:
    """Whether they are of this very partnership and may see who sits where."""
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.PARTNERSHIP_SEE)


def structure(slug: str, *, viewer: Viewer, at: date | datetime) -> StructureSeen | None:
    """The partnership as it stands on the day, as this viewer may see it; None when there is no such partnership. Six queries."""
    on = day_of(at)
    whole = read_whole(slug, on=on)
    return structure_of(whole, viewer=viewer, on=on) if whole else None


def structure_of(whole: Whole, *, viewer: Viewer, on: date) -> StructureSeen:
    """The same, from what has been read already. No query."""
    now = describe(whole.constitution, on)
    names = sees_names(viewer, whole.here.slug)
    shown = _Showing(whole, names, {body.id: body.name for body in now.bodies})
    own = {body.id: body for body in whole.constitution.bodies}
    tiers = {tier.key: tier.name for tier in whole.constitution.tiers}
    constitution = whole.constitution
    return StructureSeen(
        here=whole.here,
        kind=constitution.kind.value,
        purpose=constitution.purpose,
        proposed=constitution.status.value == "proposed",
        on=on,
        tiers=tuple(TierSeen(each.key, each.name, each.hue.value, each.purpose, each.not_found) for each in reversed(constitution.tiers)),
        bodies=tuple(shown.body(body, own[body.id], tiers.get(body.tier, ""), on) for body in now.bodies),
        note=constitution.note,
        not_found=constitution.not_found,
        sources=constitution.sources,
        changed_at=whole.loaded_at,
    )


class _Showing:
    """Turns what the rules know into what one viewer may see."""

    def __init__(self, whole: Whole, names: bool, bodies: dict[str, str]) -> None:
        self.whole, self.names, self.bodies = whole, names, bodies
        self.school_names = whole.school_names | {each.school: each.school_name for each in whole.sittings if each.school}

    def body(self, now: BodyNow, own: rules.Body, tier_name: str, on: date) -> BodySeen:
        seats = {seat.id: seat for seat in own.seats}
        schools = tuple(
            each
            for each in self.whole.schools.get(now.id, ())
            if (each.from_on is None or each.from_on <= on) and (each.until_on is None or on < each.until_on)
        )
        seat_list = tuple(self.seat(seat, seats[seat.id]) for seat in now.seat_list)
        quorum = str(own.quorum) if own.quorum else (f"{own.quorum_percent} per cent" if own.quorum_percent else "")
        return BodySeen(
            pk=self.whole.body_ids[now.id], key=now.id, name=now.name, kind=now.kind,
            kind_name=self.whole.kinds.get(now.kind, now.kind), tier=now.tier,
            tier_name=tier_name, hue=now.hue.value, reports_to=now.reports_to, depth=now.depth, purpose=now.purpose, phases=now.phases,
            meets=own.meets or (f"{own.meetings_a_year} times a year" if own.meetings_a_year else ""), quorum=quorum,
            names_no_school=own.no_individual_schools, seats=now.seats, filled=now.filled, seat_list=seat_list,
            chairs=tuple(holder for seat in seat_list if seat.part in CHAIRING_PARTS for holder in seat.holders), schools=schools,
            from_on=own.from_on, until_on=own.until_on, review_on=own.review_on, note=own.note, not_found=now.not_found,
        )  # fmt: skip

    def seat(self, now: SeatNow, own: rules.Seat) -> SeatSeen:
        return SeatSeen(
            key=now.id, title=now.title, part=now.part.value, constituency=now.constituency, places=str(now.places), seats=now.seats,
            filled=now.filled, holders=tuple(self.holder(each) for each in now.holders), empty_since=now.empty_since,
            who=tuple(self.whole.roles.get(each, each) for each in now.who), how=now.how.value if now.how else "", by=now.by,
            by_office=now.derived, term_months=own.term_months, release=own.release or ("funded" if own.release_funded else ""),
            note=own.note, not_found=own.not_found, most=now.places.maximum,
        )  # fmt: skip

    def holder(self, holder: Holder) -> HolderSeen:
        """A chair is named to anyone; everyone else in the partnership is named to its members."""
        through = self.bodies.get(holder.through, "")
        if not (self.names or holder.part in CHAIRING_PARTS):
            return HolderSeen(None, "", "", "", "", holder.from_on, holder.ends_on, through)
        school = self.school_names.get(holder.school, "")
        return HolderSeen(
            person_id=self.whole.people.get(holder.person), name=_plain(holder.person, self.whole.people.get(holder.person)),
            role=self.whole.roles.get(holder.role, holder.role), school=school, urn=holder.school, from_on=holder.from_on,
            ends_on=holder.ends_on, through=through,
        )  # fmt: skip


def _plain(name: str, person_id: int | None) -> str:
    """The name without the number that tells two people of one name apart."""
    return name.removesuffix(f" ({person_id})")
