"""What a person's own page needs of the partnership: what waits for them, what falls due, who has not yet been heard from.

Light reads, one query each, for a page that everybody opens first. None names a school to a viewer who may not see it named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from convenor.partnership.models import Appointment, BodySchool, Engagement, Membership, Nomination, Seat, SeatCall, Tenure
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.roles import Permission
from convenor.partnership.rules.constitution import months_later


@dataclass(frozen=True, slots=True)
class TermEnding:
    """A seat whose holder's term ends: where, when, and whether a hand-over and a successor are there."""

    appointment_id: int
    body_key: str
    body: str
    seat_key: str
    title: str
    holder: str
    ends_on: date
    handed_over: bool
    successor: str


@dataclass(frozen=True, slots=True)
class CallNow:
    """A call that stands: for which seat, until when, how many names so far, and whether the viewer put one forward."""

    id: int
    body_key: str
    body: str
    seat_key: str
    title: str
    phases: tuple[str, ...]
    who: tuple[str, ...]
    closes_on: date
    names: int
    mine: bool
    has_schools: bool


@dataclass(frozen=True, slots=True)
class EmptySeat:
    """A seat with fewer holders than it must have, and whether a call for it stands."""

    body_key: str
    body: str
    seat_key: str
    title: str
    empty: int
    called: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """How many member schools have taken part this school year, of how many."""

    heard: int
    members: int

    @property
    def not_yet(self) -> int:
        """Member schools that have not yet been heard from."""
        return self.members - self.heard


@dataclass(frozen=True, slots=True)
class SchoolToInvite:
    """A member school of a body, and whether it has taken part this school year."""

    urn: str
    name: str
    phase: str
    fictitious: bool
    heard: bool


def _place(viewer: Any) -> int:
    """The partnership in which the viewer stands; 0, which is none, where they stand in none."""
    return int(viewer.partnership.id) if viewer.partnership is not None else 0


def terms_ending(*, viewer: Any, on: date, within_days: int = 183, own: bool = False) -> list[TermEnding]:
    """Seats of the viewer's partnership whose holders' terms end soon or have just run out, the earliest first. One query.

    `own` gives the viewer's own seats alone; otherwise only somebody who may fill seats gets any.
    """
    if not _place(viewer) or not (own or viewer.may(Permission.SEAT_FILL)):
        return []
    held = Appointment.objects.filter(in_force(on), in_force(on, "seat__"), in_force(on, "seat__body__"), partnership_id=_place(viewer))
    if own:
        held = held.filter(person_id=viewer.person_id)
    fields = (
        "id", "seat__body__key", "seat__body__name", "seat__key", "seat__title", "person__name", "from_on", "until_on", "seat__term_months",
        "hand_over", "successor__name",
    )  # fmt: skip
    found = []
    for pk, body_key, body, seat_key, title, holder, from_on, until_on, months, hand_over, successor in held.values_list(*fields):
        ends_on = until_on or (months_later(from_on, months) if from_on and months else None)
        if ends_on is not None and ends_on <= on + timedelta(days=within_days):
            found.append(TermEnding(pk, body_key, body, seat_key, title, holder, ends_on, bool(hand_over), successor or ""))
    return sorted(found, key=lambda one: (one.ends_on, one.body, one.title))


def calls_now(*, viewer: Any, on: date) -> list[CallNow]:
    """Calls of the viewer's partnership that are open or wait for their outcome, the first to close first. One query.

    Those that have closed are for somebody who may decide them; a viewer who may not put names forward gets none.
    """
    if not _place(viewer) or not (viewer.may(Permission.SEAT_NOMINATE) or viewer.may(Permission.SEAT_FILL)):
        return []
    calls = SeatCall.objects.filter(partnership_id=_place(viewer), decided_on=None, withdrawn_why="", opened_on__lte=on)
    if not viewer.may(Permission.SEAT_FILL):
        calls = calls.filter(closes_on__gte=on)
    mine = Nomination.objects.filter(call=OuterRef("pk")).filter(Q(person_id=viewer.person_id) | Q(put_forward_by=viewer.label))
    schools = BodySchool.objects.filter(in_force(on), body_id=OuterRef("seat__body_id"))
    rows = calls.annotate(names=Count("nominations"), mine=Exists(mine), schools=Exists(schools)).order_by("closes_on", "id")
    fields = (
        "id", "seat__body__key", "seat__body__name", "seat__key", "seat__title", "seat__rules", "seat__body__phases",
        "closes_on", "names", "mine", "schools",
    )  # fmt: skip
    return [
        CallNow(pk, body_key, body, seat_key, title, _words(rules, "phases") or tuple(phases or ()), _words(rules, "who"), *rest)
        for pk, body_key, body, seat_key, title, rules, phases, *rest in rows.values_list(*fields)
    ]


def _words(rules: Any, key: str) -> tuple[str, ...]:
    """A list of words among a seat's own rules, however it was written."""
    value = (rules or {}).get(key) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def empty_seats(*, viewer: Any, on: date) -> list[EmptySeat]:
    """Seats of the viewer's partnership with too few holders, for somebody who may fill them. One query.

    Seats that go with an office are not among them: they are empty when the office is.
    """
    if not _place(viewer) or not viewer.may(Permission.SEAT_FILL):
        return []
    seats = Seat.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=_place(viewer)).exclude(filled_by="ex-officio")
    held = Count("appointments", filter=in_force(on, "appointments__"), distinct=True)
    standing = SeatCall.objects.filter(seat=OuterRef("pk"), decided_on=None, withdrawn_why="")
    rows = seats.annotate(held=held, called=Exists(standing)).order_by("body__tier__level", "body__name", "order", "id")
    fields = ("body__key", "body__name", "key", "title", "places_minimum", "held", "called")
    return [
        EmptySeat(body_key, body, key, title, least - now, called)
        for body_key, body, key, title, least, now, called in rows.values_list(*fields)
        if now < least
    ]


def heard_from(*, viewer: Any, on: date, since: date) -> Heard | None:
    """How many member schools have taken part since the day, to the very school; None for anyone who may not know which. One query.

    For whoever follows up across the whole partnership. To everybody else an exact count, watched from day to day, would tell of
    single schools: they are given what `members.engagement` gives, rounded or withheld.
    """
    everywhere = any(each.allows(Permission.ENGAGEMENT_FOLLOW_UP) and each.body_id is None for each in viewer.holdings)
    if not _place(viewer) or not everywhere:
        return None
    members = Membership.objects.filter(in_force(on), partnership_id=_place(viewer)).annotate(took_part=_took_part(viewer, on, since))
    counted = members.aggregate(members=Count("pk"), heard=Count("pk", filter=Q(took_part=True)))
    return Heard(counted["heard"], counted["members"])


def schools_to_invite(*, viewer: Any, on: date, since: date, body_id: int) -> list[SchoolToInvite]:
    """The schools of a body by name, with whether they took part since the day; for whoever may invite them there. One query."""
    if not _place(viewer) or not viewer.may(Permission.ENGAGEMENT_FOLLOW_UP, body_id=body_id):
        return []
    placed = BodySchool.objects.filter(in_force(on), partnership_id=_place(viewer), body_id=body_id)
    rows = placed.annotate(took_part=_took_part(viewer, on, since)).order_by("school__name")
    return [
        SchoolToInvite(*row) for row in rows.values_list("school_id", "school__name", "school__phase", "school__fictitious", "took_part")
    ]


def _took_part(viewer: Any, on: date, since: date) -> Exists:
    acts = Engagement.objects.filter(partnership_id=_place(viewer), school_id=OuterRef("school_id"), on__gte=since, on__lte=on)
    return Exists(acts)


@dataclass(frozen=True, slots=True)
class OwnSchool:
    """One of the viewer's schools: its place in the partnership, and whether it is a member."""

    urn: str
    name: str
    phase: str
    fictitious: bool
    trust: str
    member: bool
    bodies: tuple[tuple[str, str], ...]


def own_schools(*, viewer: Any, on: date) -> list[OwnSchool]:
    """The schools that the viewer acts for, by name, with membership and the bodies they sit in. Two queries, or none."""
    if not _place(viewer) or not viewer.urns:
        return []
    from convenor.registers.models import School

    member = Membership.objects.filter(in_force(on), partnership_id=_place(viewer), school_id=OuterRef("pk"))
    schools = School.objects.filter(urn__in=viewer.urns).annotate(member=Exists(member)).order_by("name")
    sits = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=_place(viewer), school_id__in=viewer.urns)
    bodies: dict[str, list[tuple[str, str]]] = {}
    for urn, key, name in sits.order_by("body__tier__level", "body__name").values_list("school_id", "body__key", "body__name"):
        bodies.setdefault(urn, []).append((key, name))
    rows = schools.values_list("urn", "name", "phase", "fictitious", "trust__name", "member")
    return [
        OwnSchool(urn, name, phase, made_up, trust or "", member, tuple(bodies.get(urn, ())))
        for urn, name, phase, made_up, trust, member in rows
    ]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who acts for the same school, and so may be given a thing to do."""

    person_id: int
    name: str
    title: str
    email: str


def colleagues(*, viewer: Any, on: date, urn: str) -> list[Colleague]:
    """Others who hold a post at a school that the viewer acts for, and whom a letter reaches. One query; none for anyone else."""
    if not _place(viewer) or not viewer.may(Permission.SCHOOL_ACT, urn=urn):
        return []
    held = Tenure.objects.filter(in_force(on), partnership_id=_place(viewer), post__school_id=urn, person__is_active=True)
    held = held.exclude(person_id=viewer.person_id).exclude(person__email=None).order_by("person__name", "id")
    rows = held.values_list("person_id", "person__name", "post__title", "person__email")
    found = {pk: Colleague(pk, name, title, email or "") for pk, name, title, email in rows}
    return list(found.values())
