"""The manager's seats: empty ones, terms ending, who follows; and calls for names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from convenor.partnership.models import Appointment, Nomination, SeatCall, Tenure
from convenor.partnership.queries.holdings import PartnershipHere, day_of, in_force
from convenor.partnership.queries.structure import BodySeen, SeatSeen, StructureSeen, structure_of
from convenor.partnership.queries.whole import Sitting, Whole, read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules.structure import SOON_MONTHS, Succession, terms_ending

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call for a seat. `standing` counts those put forward; `open`: names may still be put forward; `due`: it waits to be decided."""

    id: int
    body: str
    body_name: str
    seat: str
    title: str
    places: int
    method: str
    words: str
    opened_on: date
    closes_on: date
    term_from_on: date
    decided_on: date | None
    withdrawn_why: str
    outcome: str
    standing: int
    open: bool
    due: bool


@dataclass(frozen=True, slots=True)
class Vacant:
    """A seat with empty places. `since` is the longest-standing vacancy's first day, None where nobody can tell."""

    body: BodySeen
    seat: SeatSeen
    places: int
    since: date | None
    call: CallSeen | None


@dataclass(frozen=True, slots=True)
class Ending:
    """A term that is over or soon will be, and who follows. `hand_over` is for those who fill seats and for the two people."""

    appointment_id: int
    body: str
    body_name: str
    title: str
    person_id: int
    name: str
    ends_on: date
    overdue: bool
    successor: str
    follows_on: date | None
    hand_over: str


@dataclass(frozen=True, slots=True)
class SeatsSeen:
    """Every seat at a glance. `may_fill` says that this viewer may open calls and appoint.

    `held` gives them the key of each appointment, by body, seat and person.
    """

    structure: StructureSeen
    vacant: tuple[Vacant, ...]
    ending: tuple[Ending, ...]
    calls: tuple[CallSeen, ...]
    may_fill: bool
    held: dict[tuple[str, str, int | None], int]

    @property
    def here(self) -> PartnershipHere:
        """The partnership."""
        return self.structure.here


def seats(slug: str, *, viewer: Viewer, at: date | datetime, within_months: int = SOON_MONTHS) -> SeatsSeen | None:
    """Empty seats, terms over or ending within so many months, and calls, for members of the partnership. Seven queries.

    None when there is no such partnership or the viewer is not of it. Hand-over notes are shown to whoever may fill seats,
    and to the holder of the seat.
    """
    on = day_of(at)
    if not _inside(viewer, slug):
        return None
    whole = read_whole(slug, on=on)
    if whole is None:
        return None
    seen = structure_of(whole, viewer=viewer, on=on)
    may_fill = viewer.may(Permission.SEAT_FILL)
    calls = _calls(SeatCall.objects.filter(partnership_id=whole.here.id), on)
    waiting = {(call.body, call.seat): call for call in calls if call.open or call.due}
    vacant = [
        Vacant(body, seat, len(seat.empty_since), _longest(seat.empty_since), waiting.get((body.key, seat.key)))
        for body in seen.bodies
        for seat in body.seat_list
        if seat.empty_since and not seat.by_office
    ]
    vacant.sort(key=lambda each: (each.since is not None, each.since or date.min))
    ending = tuple(_ending(whole, each, viewer, may_fill) for each in terms_ending(whole.constitution, on, within_months))
    sitting = [row for row in whole.sittings if (row.until_on is None or on < row.until_on) and (row.from_on is None or row.from_on <= on)]
    held: dict[tuple[str, str, int | None], int] = {(row.body, row.seat, row.person_id): row.id for row in sitting if may_fill}
    return SeatsSeen(seen, tuple(vacant), ending, calls, may_fill, held)


def _inside(viewer: Viewer, slug: str) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.PARTNERSHIP_SEE)


def _longest(days: tuple[date | None, ...]) -> date | None:
    """The first day of the longest-standing vacancy; None, not known, is longest of all."""
    return None if None in days else min(day for day in days if day is not None)


def _sitting(whole: Whole, each: Succession) -> Sitting:
    """The appointment of which the rules speak."""
    here = [row for row in whole.sittings if (row.body, row.seat, row.person) == (each.body, each.seat, each.person)]
    return next(row for row in here if row.until_on is None or row.until_on == each.ends_on)


def _ending(whole: Whole, each: Succession, viewer: Viewer, may_fill: bool) -> Ending:
    row = _sitting(whole, each)
    shown = may_fill or viewer.person_id in (row.person_id, row.successor_id)
    return Ending(
        row.id, each.body, each.body_name, each.title, row.person_id, each.person.removesuffix(f" ({row.person_id})"), each.ends_on,
        each.overdue, each.successor, each.follows_on, each.handover if shown else "",
    )  # fmt: skip


def _calls(rows: QuerySet[SeatCall], on: date) -> tuple[CallSeen, ...]:
    fields = (
        "id", "seat__body__key", "seat__body__name", "seat__key", "seat__title", "places", "method", "words", "opened_on", "closes_on",
        "term_from_on", "decided_on", "withdrawn_why", "outcome", "standing",
    )  # fmt: skip
    found = []
    for row in rows.annotate(standing=Count("nominations")).order_by("closes_on", "id").values_list(*fields):
        unsettled = row[11] is None and not row[12]
        state = (unsettled and on <= row[9], unsettled and on > row[9])
        found.append(CallSeen(*(*row, *state)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class StandingSeen:
    """Somebody put forward. `votes` are shown once the call is decided, and to whoever counts them."""

    id: int
    person_id: int
    name: str
    school: str
    statement: str
    put_forward_by: str
    votes: int | None
    chosen: bool | None


@dataclass(frozen=True, slots=True)
class CallPage:
    """A call with those who stand. `may_nominate` and `may_fill` say what this viewer may do."""

    structure: StructureSeen
    seat: SeatSeen
    body: BodySeen
    call: CallSeen
    standing: tuple[StandingSeen, ...]
    may_nominate: bool
    may_fill: bool


def call(slug: str, call_id: int, *, viewer: Viewer, at: date | datetime) -> CallPage | None:
    """One call, for members of the partnership; None for anyone else, or when there is none. Eight queries."""
    on = day_of(at)
    if not _inside(viewer, slug):
        return None
    found = _calls(SeatCall.objects.filter(partnership__slug=slug, pk=call_id), on)
    whole = read_whole(slug, on=on) if found else None
    if whole is None:
        return None
    seen = structure_of(whole, viewer=viewer, on=on)
    body = seen.body(found[0].body)
    seat = next((each for each in body.seat_list if each.key == found[0].seat), None) if body else None
    if body is None or seat is None:
        return None
    may_fill = viewer.may(Permission.SEAT_FILL)
    counted = may_fill or found[0].decided_on is not None
    rows = Nomination.objects.filter(call=call_id).order_by("at", "id")
    standing = tuple(
        StandingSeen(row[0], row[1], row[2], row[3] or "", row[4], row[5], row[6] if counted else None, row[7])
        for row in rows.values_list("id", "person_id", "person__name", "school__name", "statement", "put_forward_by", "votes", "chosen")
    )
    may_nominate = found[0].open and viewer.may(Permission.SEAT_NOMINATE)
    return CallPage(seen, seat, body, found[0], standing, may_nominate, may_fill)


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody who may be put forward or appointed, with what they hold, to tell them from others of the name. `urn` is their school."""

    person_id: int
    name: str
    said: str
    urn: str
    role: str


#: The constitution's role that a post of this kind brings, where it brings one.
ROLE_OF_POST = {
    "head": "headteacher", "school-leader": "senior-leader", "chair-of-governors": "chair-of-governors", "trust-lead": "trust-leader",
    "diocese": "diocese", "regional-link": "dfe-region", "officer": "officer", "manager": "partnership-staff",
}  # fmt: skip


def people_to_choose(slug: str, *, viewer: Viewer, at: date | datetime) -> list[PersonChoice]:
    """People this viewer may put forward: the manager anyone who holds a post or seat here, others those of their own schools.

    Each post is a choice of its own, since the post says for which school and in which role they would sit. Two queries.
    """
    on = day_of(at)
    if not _inside(viewer, slug):
        return []
    tenures = Tenure.objects.filter(in_force(on), partnership__slug=slug, person__is_active=True)
    if not viewer.may(Permission.SEAT_FILL):
        tenures = tenures.filter(post__school__in=viewer.urns) | tenures.filter(person=viewer.person_id)
    fields = ("person_id", "person__name", "post__title", "post__school__name", "post__trust__name", "post__school_id", "post__role")
    found: dict[tuple[int, str, str], PersonChoice] = {}
    for row in tenures.values_list(*fields):
        role = ROLE_OF_POST.get(row[6], "")
        place = row[3] or row[4] or ""
        found[row[0], row[5] or "", role] = PersonChoice(row[0], row[1], f"{row[2]}, {place}" if place else row[2], row[5] or "", role)
    if viewer.may(Permission.SEAT_FILL):
        seated = Appointment.objects.filter(in_force(on), partnership__slug=slug, person__is_active=True)
        for row in seated.values_list("person_id", "person__name", "seat__title", "seat__body__name", "school_id", "role"):
            choice = PersonChoice(row[0], row[1], f"{row[2]}, {row[3]}", row[4] or "", row[5])
            found.setdefault((row[0], row[4] or "", row[5]), choice)
    return sorted(found.values(), key=lambda each: (each.name, each.said))


@dataclass(frozen=True, slots=True)
class AppointmentSeen:
    """One appointment, for whoever may change it. `may_write` says that the viewer is its holder or may fill seats."""

    id: int
    title: str
    body_name: str
    person_id: int
    name: str
    from_on: date | None
    until_on: date | None
    successor: str
    hand_over: str
    may_write: bool


def appointment(slug: str, appointment_id: int, *, viewer: Viewer, at: date | datetime) -> AppointmentSeen | None:
    """One appointment that has not ended, for members of the partnership; the hand-over note only for holder and manager. One query."""
    on = day_of(at)
    if not _inside(viewer, slug):
        return None
    rows = Appointment.objects.filter(in_force(on), partnership__slug=slug, pk=appointment_id)
    fields = ("id", "seat__title", "seat__body__name", "person_id", "person__name", "from_on", "until_on", "successor__name", "hand_over")
    row = rows.values_list(*fields).first()
    if row is None:
        return None
    may_write = viewer.may(Permission.SEAT_FILL) or viewer.person_id == row[3]
    return AppointmentSeen(*(*row[:7], row[7] or "", row[8] if may_write else "", may_write))
