"""A body's page: what it is for, who sits on it and until when, who follows, and how it came to be so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.models import SeatCall
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.structure import BodySeen, SeatSeen, StructureSeen, sees_names, structure_of
from convenor.partnership.queries.whole import Sitting, Whole, read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.handing_over import may_read_hand_over
from convenor.partnership.rules.seat_words import how_filled, term_in_words, who_may
from convenor.partnership.rules.structure import Succession, succession
from convenor.partnership.rules.vocabulary import CHAIRING_PARTS

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody in a seat, as this viewer may see them: `name` is "" where it is not for them. `through` is the body whose office brings it.

    `appointment_id` is there for whoever may change it. `hand_over` is "" for everybody who may not read it.
    """

    person_id: int | None
    name: str
    role: str
    place: str
    urn: str
    from_on: date | None
    ends_on: date | None
    over: bool
    how: str
    through: str
    appointment_id: int | None = None
    successor: str = ""
    follows_on: date | None = None
    hand_over: str = ""
    may_hand_over: bool = False


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """A seat with its holders. `who` may fill it, `how` it is filled and for how long, in words; `call` stands for it, for members."""

    seat: SeatSeen
    who: str
    how: str
    term: str
    held: tuple[Held, ...]
    call: int | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Somebody's time in a seat that is over. For members of the partnership only."""

    title: str
    person_id: int
    name: str
    place: str
    from_on: date | None
    until_on: date
    why: str
    hand_over: str


@dataclass(frozen=True, slots=True)
class Line:
    """To whom it reported over a period; `key` is "" for a body that is gone on the day of the page."""

    key: str
    name: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class BodyPage:
    """A body as it stands on the day, with those above and beneath it.

    `lines` are earlier and later reporting lines, `replaces` the bodies it took over from, `past` earlier holders. `recorded`:
    somebody's time in some seat of the partnership is recorded; where nobody's is, an empty seat says nothing of it as it is.
    `inside`: the viewer is of this partnership; `may_lead`, `may_fill`, `may_place`: they lead it, fill seats, place schools.
    """

    structure: StructureSeen
    body: BodySeen
    above: BodySeen | None
    below: tuple[BodySeen, ...]
    seats: tuple[SeatHeld, ...]
    lines: tuple[Line, ...]
    replaces: tuple[tuple[str, str], ...]
    past: tuple[Earlier, ...]
    recorded: bool
    inside: bool
    may_lead: bool
    may_fill: bool
    may_place: bool


def body_page(slug: str, key: str, *, viewer: Viewer, at: date | datetime) -> BodyPage | None:
    """A body as it stands on the day, for anyone; None when there is none then. Six queries, seven for members.

    Anyone sees its seats, who chairs, and the terms. Members also see who else sits, earlier holders and standing calls. Hand-over
    notes: see `rules.handing_over`.
    """
    on = day_of(at)
    whole = read_whole(slug, on=on)
    seen = structure_of(whole, viewer=viewer, on=on) if whole else None
    body = seen.body(key) if seen else None
    if whole is None or seen is None or body is None:
        return None
    inside = sees_names(viewer, slug)
    leads = inside and _leads(viewer, body)
    own = next(each for each in whole.constitution.bodies if each.id == key)
    reading = _Reading(whole, body, own, viewer, on, leads)
    return BodyPage(
        structure=seen,
        body=body,
        above=seen.body(body.reports_to),
        below=tuple(each for each in seen.bodies if each.reports_to == key),
        seats=reading.seats(_calls(slug, key, on) if inside else {}),
        lines=_lines(own, seen, whole, on),
        replaces=tuple((each.id, each.name) for each in whole.constitution.bodies if each.id in own.replaces),
        past=reading.past() if inside else (),
        recorded=whole.records_holders(on),
        inside=inside,
        may_lead=leads,
        may_fill=inside and viewer.may(Permission.SEAT_FILL),
        may_place=inside and viewer.may(Permission.MEMBER_ADMIT),
    )


def _leads(viewer: Viewer, body: BodySeen) -> bool:
    """Whether they lead this body by what they hold today: by permission, or by one of its seats that chair it."""
    titles = {seat.title for seat in body.seat_list if seat.part in CHAIRING_PARTS}
    chairs = any(each.post_id is None and each.body_id == body.pk and each.title in titles for each in viewer.holdings)
    return chairs or viewer.may(Permission.BODY_LEAD, body_id=body.pk)


def holds_seat(viewer: Viewer, body_pk: int, title: str) -> bool:
    """Whether they sit in the seat of this title on the body today."""
    return any(each.post_id is None and each.body_id == body_pk and each.title == title for each in viewer.holdings)


def _calls(slug: str, key: str, on: date) -> dict[str, int]:
    """The call that stands for each seat of a body. One query."""
    calls = SeatCall.objects.filter(partnership__slug=slug, seat__body__key=key, decided_on=None, withdrawn_why="", opened_on__lte=on)
    return dict(calls.order_by("opened_on", "id").values_list("seat__key", "id"))


def _lines(own: rules.Body, seen: StructureSeen, whole: Whole, on: date) -> tuple[Line, ...]:
    """Reporting lines that are not in force on the day, latest first."""
    names = {each.id: each.name for each in whole.constitution.bodies}
    now = {each.key for each in seen.bodies}
    other = [line for line in own.reporting_lines if not rules.in_force(line, on)]
    other.sort(key=lambda line: line.from_on or date.min, reverse=True)
    return tuple(Line(line.to if line.to in now else "", names.get(line.to, line.to), line.from_on, line.until_on) for line in other)


class _Reading:
    """Turns one body's appointments into what one viewer may see."""

    def __init__(self, whole: Whole, body: BodySeen, own: rules.Body, viewer: Viewer, on: date, leads: bool) -> None:
        self.whole, self.body, self.viewer, self.on, self.leads = whole, body, viewer, on, leads
        self.inside = sees_names(viewer, whole.here.slug)
        self.rules = {seat.id: seat for seat in own.seats}
        self.rows = [
            (appointment, sitting)
            for appointment, sitting in zip(whole.constitution.appointments, whole.sittings, strict=True)
            if sitting.body == body.key
        ]
        self.follow = {(each.seat, each.person): each for each in succession(whole.constitution, on) if each.body == body.key}

    def seats(self, calls: dict[str, int]) -> tuple[SeatHeld, ...]:
        return tuple(
            SeatHeld(
                seat=seat, who=who_may(self.rules[seat.key], self.whole.roles), how=how_filled(self.rules[seat.key]),
                term=term_in_words(seat.term_months), held=self._held(seat), call=calls.get(seat.key),
            )
            for seat in self.body.seat_list
        )  # fmt: skip

    def _held(self, seat: SeatSeen) -> tuple[Held, ...]:
        """A seat's holders; those by appointment stand in the order of the rows, as the rules read them."""
        serving = [each for each in self.rows if each[1].seat == seat.key and rules.in_force(each[0], self.on)]
        pairs: list[tuple[rules.Appointment, Sitting] | None] = [*serving] if not seat.by_office else [None] * len(seat.holders)
        found = []
        for seen, pair in zip(seat.holders, pairs, strict=True):
            over = seen.ends_on is not None and seen.ends_on <= self.on
            place = seen.school or (pair[1].organisation if pair and seen.name else "")
            held = Held(
                seen.person_id, seen.name, seen.role, place, seen.urn, seen.from_on, seen.ends_on, over,
                pair[0].how.value if pair and pair[0].how else "", seen.through,
            )  # fmt: skip
            found.append(self._with_hand_over(held, seat, *pair) if pair and self.inside else held)
        return tuple(found)

    def _with_hand_over(self, held: Held, seat: SeatSeen, appointment: rules.Appointment, sitting: Sitting) -> Held:
        """The same with who follows and, for those who may read it, the hand-over note."""
        follow: Succession | None = self.follow.get((seat.key, appointment.person))
        name = follow.successor if follow else appointment.successor
        mine = self.viewer.person_id == sitting.person_id
        change = mine or self.viewer.may(Permission.SEAT_FILL)
        return Held(
            held.person_id, held.name, held.role, held.place, held.urn, held.from_on, held.ends_on, held.over, held.how, held.through,
            appointment_id=sitting.id if change else None,
            successor=name.removesuffix(f" ({self.whole.people.get(name)})"),
            follows_on=follow.follows_on if follow else None,
            hand_over=appointment.handover if self._may_read(sitting, seat.title) else "",
            may_hand_over=change,
        )  # fmt: skip

    def _may_read(self, sitting: Sitting, title: str) -> bool:
        return may_read_hand_over(
            self.viewer.person_id, holder=sitting.person_id, successor=sitting.successor_id,
            holds_now=holds_seat(self.viewer, self.body.pk, title), leads=self.leads,
        )  # fmt: skip

    def past(self, at_most: int = 60) -> tuple[Earlier, ...]:
        """Times that were over by the day, the latest first."""
        found = []
        for appointment, sitting in self.rows:
            if sitting.until_on is None or sitting.until_on > self.on:
                continue
            title = self.rules[sitting.seat].title if sitting.seat in self.rules else sitting.seat
            note = appointment.handover if self._may_read(sitting, title) else ""
            name = sitting.person.removesuffix(f" ({sitting.person_id})")
            place = sitting.school_name or sitting.organisation
            found.append(Earlier(title, sitting.person_id, name, place, sitting.from_on, sitting.until_on, sitting.ended_why, note))
        return tuple(sorted(found, key=lambda each: each.until_on, reverse=True)[:at_most])
