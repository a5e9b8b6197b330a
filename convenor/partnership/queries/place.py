"""A body's page, a person's page, and where a school stands in its partnerships."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import FilteredRelation, Q

from convenor.partnership.models import Appointment, Membership, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.queries.structure import BodySeen, StructureSeen, sees_names, structure
from convenor.partnership.roles import Permission
from convenor.partnership.rules.vocabulary import CHAIRING_PARTS

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
class BodyPage:
    """A body with those above and below it. `past` lists earlier holders, for members; `may_lead` says it is theirs to lead."""

    structure: StructureSeen
    body: BodySeen
    above: BodySeen | None
    below: tuple[BodySeen, ...]
    past: tuple[Time, ...]
    may_lead: bool


def body(slug: str, key: str, *, viewer: Viewer, at: date | datetime) -> BodyPage | None:
    """A body as it stands on the day; None when there is none. Seven queries."""
    on = day_of(at)
    whole = structure(slug, viewer=viewer, at=on)
    found = whole.body(key) if whole else None
    if whole is None or found is None:
        return None
    past: tuple[Time, ...] = ()
    if sees_names(viewer, slug):
        rows = Appointment.objects.filter(partnership__slug=slug, seat__body=found.pk, until_on__lte=on).order_by("-until_on", "id")
        fields = ("seat__title", "school__name", "person_id", "person__name", "from_on", "until_on", "school_id", "ended_why")
        past = tuple(
            Time(row[0], row[1] or "", row[2], row[3], row[4], row[5], urn=row[6] or "", ended_why=row[7])
            for row in rows.values_list(*fields)[:60]
        )
    may_lead = sees_names(viewer, slug) and viewer.may(Permission.BODY_LEAD, body_id=found.pk)
    below = tuple(each for each in whole.bodies if each.reports_to == key)
    return BodyPage(whole, found, whole.body(found.reports_to), below, past, may_lead)


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Somebody in the partnership. `seats` and `posts` are held on the day; `past` were held before, for members."""

    person_id: int
    name: str
    seats: tuple[Time, ...]
    posts: tuple[Time, ...]
    past: tuple[Time, ...]


def person(slug: str, person_id: int, *, viewer: Viewer, at: date | datetime) -> PersonSeen | None:
    """Somebody's seats and posts in this partnership, as the viewer may see them. Two queries.

    Members see all of it. Anyone else sees only somebody who chairs something today, and only what they chair; of everybody
    else nothing is said, not even that they exist: the answer is None, as for somebody who holds nothing here.
    """
    on = day_of(at)
    inside = sees_names(viewer, slug) or (
        viewer.person_id == person_id and viewer.partnership is not None and viewer.partnership.slug == slug
    )
    seats = Appointment.objects.filter(Q(from_on=None) | Q(from_on__lte=on), partnership__slug=slug, person=person_id)
    if not inside:
        seats = seats.filter(in_force(on), in_force(on, "seat__"), in_force(on, "seat__body__"), seat__part__in=CHAIRING_PARTS)
    fields = ("seat__title", "seat__body__name", "person__name", "from_on", "until_on", "seat__body__key", "school_id", "ended_why")
    sat = [
        Time(row[0], row[1], person_id, row[2], row[3], row[4], body_key=row[5], urn=row[6] or "", ended_why=row[7] if inside else "")
        for row in seats.order_by("-from_on", "id").values_list(*fields)
    ]
    held = _posts(slug, person_id, on) if inside else []
    if not sat and not held:
        return None

    def now(each: Time) -> bool:
        return each.until_on is None or each.until_on > on

    past = sorted((each for each in (*sat, *held) if not now(each)), key=lambda each: each.until_on or on, reverse=True)
    name = (sat or held)[0].name
    return PersonSeen(person_id, name, tuple(filter(now, sat)), tuple(filter(now, held)), tuple(past))


def _posts(slug: str, person_id: int, on: date) -> list[Time]:
    rows = Tenure.objects.filter(partnership__slug=slug, person=person_id, from_on__lte=on).order_by("-from_on", "id")
    fields = (
        "post__title", "post__school__name", "post__trust__name", "post__body__name", "post__authority__name", "person__name", "from_on",
        "until_on", "acting", "post__school_id",
    )  # fmt: skip
    return [
        Time(row[0], row[1] or row[2] or row[3] or row[4] or "", person_id, row[5], row[6], row[7], acting=row[8], urn=row[9] or "")
        for row in rows.values_list(*fields)
    ]


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
