"""A person's page: what they hold in this partnership and held before, and nothing personal beyond it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.accounts.queries import person_by_id
from convenor.partnership.models import Tenure
from convenor.partnership.queries.body import holds_seat
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.structure import StructureSeen, sees_names, structure_of
from convenor.partnership.queries.whole import Sitting, Whole, read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules.constitution import Appointment, in_force, months_later
from convenor.partnership.rules.handing_over import may_read_hand_over
from convenor.partnership.rules.structure import SOON_MONTHS

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


#: No row has a larger key, and a database refuses to be asked for one.
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time in a seat or post. `until_on` is the first day without it, or, in a seat held, the day its term ends.

    `body` is the seat's body; `urn` and `school` the school they sit for, or at which the post is. `through` is the body whose office
    brings the seat. `hand_over` is "" for those who may not read it; `appointment_id` is there for whoever may change it.
    """

    title: str
    place: str
    from_on: date | None
    until_on: date | None
    hue: str = ""
    body: str = ""
    urn: str = ""
    school: str = ""
    through: str = ""
    how: str = ""
    acting: bool = False
    over: bool = False
    soon: bool = False
    successor: str = ""
    hand_over: str = ""
    appointment_id: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody in the partnership. `seats` and `posts` are held on the day, `past` were held before: members alone see posts and past.

    `email` is there for themselves and for whoever looks after posts; `own`: it is their own page.
    """

    structure: StructureSeen
    person_id: int
    name: str
    email: str
    seats: tuple[Term, ...]
    posts: tuple[Term, ...]
    past: tuple[Term, ...]
    inside: bool
    own: bool


def person_page(slug: str, person_id: int, *, viewer: Viewer, at: date | datetime) -> PersonPage | None:
    """Somebody's seats and posts in this partnership on the day and before it. At most eight queries.

    Members see all of it. Anyone else sees only somebody who chairs something on the day, and only what they chair; of everybody else
    nothing is said, not even that they exist: the answer is None, as for somebody who holds nothing here.
    """
    on = day_of(at)
    whole = read_whole(slug, on=on) if person_id <= LARGEST_KEY else None
    if whole is None:
        return None
    inside = sees_names(viewer, slug)
    own = inside and viewer.person_id == person_id
    seen = structure_of(whole, viewer=viewer, on=on)
    reading = _Reading(whole, seen, person_id, viewer, on)
    seats = reading.seats()
    posts, left, name = _posts(slug, person_id, viewer, on) if inside else ((), (), "")
    past = (*reading.past(), *left) if inside else ()
    if not (seats or posts or past):
        return None
    reached = person_by_id(person_id) if own or (inside and viewer.may(Permission.PEOPLE_CHANGE)) else None
    return PersonPage(
        structure=seen, person_id=person_id, name=name or reading.name(), email=(reached.email or "") if reached else "", seats=seats,
        posts=posts, past=tuple(sorted(past, key=lambda each: each.until_on or on, reverse=True)), inside=inside, own=own,
    )  # fmt: skip


class _Reading:
    """One person's appointments as one viewer may see them."""

    def __init__(self, whole: Whole, seen: StructureSeen, person_id: int, viewer: Viewer, on: date) -> None:
        self.whole, self.seen, self.person_id, self.viewer, self.on = whole, seen, person_id, viewer, on
        self.inside = sees_names(viewer, whole.here.slug)
        self.bodies = {body.id: body for body in whole.constitution.bodies}
        self.hues = {tier.key: tier.hue.value for tier in whole.constitution.tiers}
        pairs = zip(whole.constitution.appointments, whole.sittings, strict=True)
        self.rows = [pair for pair in pairs if pair[1].person_id == person_id]

    def name(self) -> str:
        return next((each.person.removesuffix(f" ({self.person_id})") for _, each in self.rows), "")

    def seats(self) -> tuple[Term, ...]:
        """The seats they hold on the day, by appointment or by office."""
        found = []
        for body in self.seen.bodies:
            for seat in body.seat_list:
                for holder in seat.holders:
                    if holder.person_id != self.person_id:
                        continue
                    over = holder.ends_on is not None and holder.ends_on <= self.on
                    soon = holder.ends_on is not None and holder.ends_on <= months_later(self.on, SOON_MONTHS)
                    term = Term(
                        seat.title, body.name, holder.from_on, holder.ends_on, hue=body.hue, body=body.key, urn=holder.urn,
                        school=holder.school, through=holder.through, over=over, soon=soon and not holder.through,
                    )  # fmt: skip
                    pair = None if seat.by_office else self._serving(body.key, seat.key)
                    found.append(self._more(term, *pair) if pair and self.inside else term)
        return tuple(found)

    def _serving(self, body: str, seat: str) -> tuple[Appointment, Sitting] | None:
        return next((each for each in self.rows if (each[1].body, each[1].seat) == (body, seat) and in_force(each[0], self.on)), None)

    def _more(self, term: Term, appointment: Appointment, sitting: Sitting) -> Term:
        """The same with who follows, the hand-over note, and how it was filled, for members."""
        follower = self.whole.people.get(appointment.successor)
        change = self.viewer.person_id == self.person_id or self.viewer.may(Permission.SEAT_FILL)
        return replace(
            term, how=appointment.how.value if appointment.how else "", successor=appointment.successor.removesuffix(f" ({follower})"),
            hand_over=self._note(appointment, sitting), appointment_id=sitting.id if change else None,
        )  # fmt: skip

    def _note(self, appointment: Appointment, sitting: Sitting) -> str:
        pk, title = self.whole.body_ids[sitting.body], self._title(sitting)
        may = may_read_hand_over(
            self.viewer.person_id, holder=sitting.person_id, successor=sitting.successor_id, holds_now=holds_seat(self.viewer, pk, title),
            leads=self.viewer.may(Permission.BODY_LEAD, body_id=pk) or self._chairs(sitting.body, pk),
        )  # fmt: skip
        return appointment.handover if may else ""

    def _chairs(self, body: str, pk: int) -> bool:
        """Whether the viewer sits today in a seat that chairs the body."""
        chairing = {seat.title for seat in self.bodies[body].seats if seat.part.value in ("chair", "co-chair", "lead")}
        return any(holds_seat(self.viewer, pk, title) for title in chairing)

    def _title(self, sitting: Sitting) -> str:
        return next((seat.title for seat in self.bodies[sitting.body].seats if seat.id == sitting.seat), sitting.seat)

    def past(self) -> tuple[Term, ...]:
        """Seats they left before the day."""
        found = []
        for appointment, sitting in self.rows:
            if sitting.until_on is not None and sitting.until_on <= self.on:
                body = self.bodies[sitting.body]
                found.append(
                    Term(
                        self._title(sitting), body.name, sitting.from_on, sitting.until_on, hue=self.hues.get(body.tier, ""), body=body.id,
                        urn=sitting.school, school=sitting.school_name, why=sitting.ended_why, hand_over=self._note(appointment, sitting),
                    )
                )  # fmt: skip
        return tuple(found)


POST_FIELDS = (
    "post_id", "post__title", "post__school__name", "post__trust__name", "post__body__name", "post__authority__name", "post__school_id",
    "person__name", "from_on", "until_on", "acting", "hand_over",
)  # fmt: skip


def _posts(slug: str, person_id: int, viewer: Viewer, on: date) -> tuple[tuple[Term, ...], tuple[Term, ...], str]:
    """Posts held on the day, posts left before it, and the person's name. One query.

    The hand-over note of a post is for its holder, whoever holds that post now, and whoever looks after posts.
    """
    rows = (
        Tenure.objects.filter(partnership__slug=slug, person=person_id, from_on__lte=on)
        .order_by("-from_on", "id")
        .values_list(*POST_FIELDS)
    )
    mine = {each.post_id for each in viewer.holdings if each.post_id is not None}
    held: list[Term] = []
    left: list[Term] = []
    name = ""
    for post, title, school, trust, body, authority, urn, name, from_on, until_on, acting, note in rows:  # noqa: B007 - the name is the same in all
        place = school or trust or body or authority or ""
        may = may_read_hand_over(
            viewer.person_id, holder=person_id, successor=None, holds_now=post in mine, leads=viewer.may(Permission.PEOPLE_CHANGE)
        )
        term = Term(title, place, from_on, until_on, urn=urn or "", acting=acting, hand_over=note if may else "")
        (left if until_on is not None and until_on <= on else held).append(term)
    return tuple(held), tuple(left), name
