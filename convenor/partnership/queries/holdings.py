"""What a person holds on a day: the posts and seats from which everything they may do follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery

from convenor.partnership.models import Appointment, Partnership, Tenure
from convenor.post.models import Practice


@dataclass(frozen=True, slots=True)
class PartnershipHere:
    """The partnership in which somebody stands. `area` is the code of its first local authority, "" when it names none.

    In `practice` no letter of it leaves: its manager has invited nobody yet.
    """

    id: int
    slug: str
    name: str
    area: str = ""
    rooms_off: tuple[str, ...] = ()
    demonstration: bool = False
    practice: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post held on the day; for a trust, one row for each of its member schools (`urn`)."""

    partnership: PartnershipHere
    post_id: int
    role: str
    title: str
    acting: bool
    place: str
    urn: str
    trust_uid: str
    body_id: int | None
    authority_code: str


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat held on the day, with one seat of the same partnership that goes with an office, if it has any."""

    partnership: PartnershipHere
    part: str
    title: str
    body_id: int
    body_key: str
    body_name: str
    body_kind: str
    tier: str
    hue: str
    reports_to: str
    office_title: str
    office_rules: dict[str, Any]
    office_body_id: int | None
    office_body_name: str
    office_hue: str


LONDON = ZoneInfo("Europe/London")


def day_of(at: datetime | date) -> date:
    """The day in England on which a moment falls; a day is itself."""
    return at.astimezone(LONDON).date() if isinstance(at, datetime) else at


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose half-open period holds the day; an empty first day means since before anyone wrote it down."""
    began = Q(**{f"{prefix}from_on": None}) | Q(**{f"{prefix}from_on__lte": on})
    lasts = Q(**{f"{prefix}until_on": None}) | Q(**{f"{prefix}until_on__gt": on})
    return began & lasts


def _first_area(outer: str) -> Subquery:
    """The code of the partnership's first local authority, without a query of its own."""
    through = Partnership.areas.through.objects.filter(partnership_id=OuterRef(outer))
    return Subquery(through.order_by("localauthority_id").values("localauthority_id")[:1])


def _practice(outer: str) -> Exists:
    """Whether the partnership is in practice mode, without a query of its own."""
    return Exists(Practice.objects.filter(partnership=OuterRef(outer)))


HERE = (
    "partnership_id", "partnership__slug", "partnership__name", "area", "partnership__rooms_off", "partnership__demonstration", "practice",
)  # fmt: skip

POST_FIELDS = (
    "post_id", "post__role", "post__title", "acting", "post__school_id", "post__school__name", "post__trust_id", "post__trust__name",
    "member__school_id", "post__body_id", "post__body__name", "post__authority_id", "post__authority__name",
)  # fmt: skip
SEAT_FIELDS = (
    "seat__part", "seat__title", "seat__body_id", "seat__body__key", "seat__body__name", "seat__body__kind", "seat__body__tier__key",
    "seat__body__tier__hue", "line__reports_to__key", "office__title", "office__rules", "office__body_id", "office__body__name",
    "office__body__tier__hue", "office__body__until_on", "office__body__from_on",
)  # fmt: skip


def _here(row: tuple[Any, ...]) -> PartnershipHere:
    return PartnershipHere(row[0], row[1], row[2], row[3] or "", tuple(row[4] or ()), bool(row[5]), bool(row[6]))


def posts_of(person_id: int, *, on: date) -> Iterator[PostRow]:
    """The posts somebody holds on the day, in every partnership. One query."""
    member = "post__trust__schools__memberships"
    here = Q(**{f"{member}__partnership": F("post__partnership")})
    rows = Tenure.objects.filter(in_force(on), person_id=person_id).annotate(
        area=_first_area("partnership_id"),
        practice=_practice("partnership__slug"),
        member=FilteredRelation(member, condition=here & in_force(on, f"{member}__")),
    )
    rows = rows.order_by("id", "member__school_id")
    found = rows.values_list(*HERE, *POST_FIELDS)
    for row in found:
        own = row[len(HERE) :]
        post_id, role, title, acting, urn, school, trust, trust_name, trust_urn, body, body_name, authority, authority_name = own
        place = school or trust_name or body_name or authority_name or row[2]
        yield PostRow(_here(row), post_id, role, title, acting, place, urn or trust_urn or "", trust or "", body, authority or "")


def seats_of(person_id: int, *, on: date) -> Iterator[SeatRow]:
    """The seats somebody holds on the day, each beside the seats of its partnership that go with an office. One query."""
    found = (
        Appointment.objects.filter(in_force(on), in_force(on, "seat__"), in_force(on, "seat__body__"), person_id=person_id)
        .annotate(
            area=_first_area("partnership_id"),
            practice=_practice("partnership__slug"),
            line=FilteredRelation("seat__body__reports", condition=in_force(on, "seat__body__reports__")),
            office=FilteredRelation(
                "partnership__seat", condition=Q(partnership__seat__filled_by="ex-officio") & in_force(on, "partnership__seat__")
            ),
        )
        .order_by("id")
        .values_list(*HERE, *SEAT_FIELDS)
    )
    for row in found:
        own = row[len(HERE) :]
        office_body, ends, began = own[11], own[14], own[15]
        stands = office_body is not None and (ends is None or ends > on) and (began is None or began <= on)
        yield SeatRow(
            _here(row), own[0], own[1], own[2], own[3], own[4], own[5], own[6], own[7], own[8] or "",
            own[9] or "", (own[10] or {}) if stands else {}, office_body if stands else None, own[12] or "", own[13] or "",
        )  # fmt: skip


def partnership_here(slug: str) -> PartnershipHere | None:
    """The partnership of this slug, or None. One query."""
    row = Partnership.objects.filter(slug=slug).annotate(area=_first_area("id"), practice=_practice("slug")).values_list(
        "id", "slug", "name", "area", "rooms_off", "demonstration", "practice"
    ).first()  # fmt: skip
    return _here(row) if row else None


__all__ = ["PartnershipHere", "PostRow", "SeatRow", "day_of", "in_force", "partnership_here", "posts_of", "seats_of"]
