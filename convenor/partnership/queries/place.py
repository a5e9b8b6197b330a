"""Where a school stands in its partnerships."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import FilteredRelation

from convenor.partnership.models import Appointment, Membership, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.queries.structure import sees_names
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Time:
    """Somebody's time in a seat or post. `until_on` is the first day without it. `ended_why` is for members."""

    title: str
    place: str
    person_id: int | None
    name: str
    from_on: date | None
    until_on: date | None
    acting: bool = False
    body_key: str = ""
    urn: str = ""
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class BodyOfSchool:
    """A body in which a school sits."""

    key: str
    name: str
    hue: str
    since: date | None


@dataclass(frozen=True, slots=True)
class PlaceOfSchool:
    """A school in one partnership. `people` are those of the school who sit somewhere, and who holds its posts: for members only."""

    slug: str
    name: str
    since: date | None
    bodies: tuple[BodyOfSchool, ...]
    people: tuple[Time, ...]


def place_of_school(urn: str, *, viewer: Viewer, at: date | datetime) -> list[PlaceOfSchool]:
    """The partnerships in which a school is a member on the day, each with its bodies there; empty for none. At most three queries.

    Membership and bodies are public. Who of the school sits where is for members of that partnership; who holds the school's
    posts is for the school's own people and the manager.
    """
    on = day_of(at)
    here = viewer.partnership
    placed = FilteredRelation("school__bodies", condition=in_force(on, "school__bodies__"))
    rows = (
        Membership.objects.filter(in_force(on), school=urn)
        .annotate(placed=placed)
        .order_by("partnership__name", "-placed__body__tier__level", "placed__body__name")
        .values_list(
            "partnership_id", "partnership__slug", "partnership__name", "from_on", "placed__partnership_id", "placed__body__key",
            "placed__body__name", "placed__body__tier__hue", "placed__from_on", "placed__body__from_on", "placed__body__until_on",
        )
    )  # fmt: skip
    found: dict[int, tuple[str, str, date | None]] = {}
    bodies: dict[int, list[BodyOfSchool]] = {}
    for pk, slug, name, member_since, placed_in, key, body_name, hue, since, begun, ends in rows:
        found[pk] = (slug, name, member_since)
        if placed_in == pk and (begun is None or begun <= on) and (ends is None or ends > on):
            bodies.setdefault(pk, []).append(BodyOfSchool(key, body_name, hue, since))
    if not found:
        return []
    people = _people_of_school(urn, here.id, viewer, on) if here is not None and sees_names(viewer, here.slug) else ()
    return [
        PlaceOfSchool(slug, name, since, tuple(bodies.get(pk, ())), people if here is not None and here.id == pk else ())
        for pk, (slug, name, since) in found.items()
    ]


def _people_of_school(urn: str, partnership_id: int, viewer: Viewer, on: date) -> tuple[Time, ...]:
    seats = Appointment.objects.filter(in_force(on), in_force(on, "seat__body__"), partnership=partnership_id, school=urn)
    fields = ("seat__title", "seat__body__name", "person_id", "person__name", "from_on", "until_on", "seat__body__key")
    people = [
        Time(row[0], row[1], row[2], row[3], row[4], row[5], body_key=row[6], urn=urn)
        for row in seats.order_by("seat__body__tier__level", "id").values_list(*fields)
    ]
    if viewer.may(Permission.SCHOOL_RECORD_SEE, urn=urn) or viewer.may(Permission.PEOPLE_CHANGE):
        posts = Tenure.objects.filter(in_force(on), partnership=partnership_id, post__school=urn).order_by("id")
        for row in posts.values_list("post__title", "post__school__name", "person_id", "person__name", "from_on", "until_on", "acting"):
            people.append(Time(*row[:6], acting=row[6], urn=urn))
    return tuple(people)
