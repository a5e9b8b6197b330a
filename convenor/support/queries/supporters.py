"""What the directory asks beside its entries: designations in use, schools and trusts by name, and one's own entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from convenor.partnership.models import Membership, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ROLES, Permission
from convenor.registers.models import Group, School
from convenor.support.models import LocalDesignation, StandingInterest, Supporter
from convenor.support.rules.designations import Designation, local, with_local
from convenor.support.rules.states import ConflictKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    """A school as the register places it, in metres."""

    urn: str
    name: str
    easting: int | None
    northing: int | None


@dataclass(frozen=True, slots=True)
class InterestSeen:
    """An interest, for whoever declared it. `until_on` is the first day on which it no longer stands."""

    id: int
    urn: str
    school: str
    kind: ConflictKind
    until_on: date | None


@dataclass(frozen=True, slots=True)
class OwnEntries:
    """One's own entries: keys of one's own as a person, and of the schools one speaks for; and what could still be put in.

    `schools` are those of one's own that are not in the directory and that one may put in; `homes` the schools one may come from.
    """

    entries: tuple[int, ...]
    homes: tuple[tuple[str, str], ...]
    schools: tuple[tuple[str, str], ...]
    person: bool


def designations(slug: str, *, viewer: Any) -> dict[str, Designation]:
    """All designations that a partnership uses, its own first. They are public. One query."""
    rows = LocalDesignation.objects.filter(partnership__slug=slug, ended_on=None).values_list("key", "name", "says")
    return with_local(local(*row) for row in rows)


def school_place(urn: str, *, viewer: Any) -> SchoolPlace | None:
    """A school by its URN, as it is published; None where there is none such. One query."""
    row = School.objects.filter(urn=urn).values_list("urn", "name", "easting", "northing").first()
    return SchoolPlace(*row) if row else None


def trust_name(uid: str, *, viewer: Any) -> str | None:
    """The name of a trust, as it is published; None where there is none such. One query."""
    return Group.objects.filter(uid=uid).values_list("name", flat=True).first()


def member_names(*, viewer: Viewer, at: date | datetime) -> tuple[tuple[str, str], ...]:
    """URN and name of the member schools on the day, by name: membership is public. One query."""
    here = viewer.partnership
    if here is None:
        return ()
    rows = Membership.objects.filter(in_force(day_of(at)), partnership_id=here.id).order_by("school__name", "school_id")
    return tuple(rows.values_list("school_id", "school__name"))


def trusts(*, viewer: Viewer, at: date | datetime) -> tuple[tuple[str, str], ...]:
    """UID and name of the trusts of member schools, by name. One query."""
    here = viewer.partnership
    if here is None:
        return ()
    rows = Membership.objects.filter(in_force(day_of(at)), partnership_id=here.id).exclude(school__trust=None)
    return tuple(rows.order_by("school__trust__name").values_list("school__trust_id", "school__trust__name").distinct())


def may_give(person_id: int, *, slug: str, viewer: Any, at: date | datetime) -> bool:
    """Whether a post that somebody holds in a partnership, or is to hold, lets them give support; for whoever keeps its directory. One
    query."""
    rows = Tenure.objects.filter(Q(until_on=None) | Q(until_on__gt=day_of(at)), partnership__slug=slug, person_id=person_id)
    held = (ROLES.get(role) for role in rows.values_list("post__role", flat=True))
    return any(role is not None and Permission.SUPPORT_GIVE in role.permissions for role in held)


def interests(supporter_id: int, *, viewer: Viewer, at: date | datetime) -> tuple[InterestSeen, ...] | None:
    """What a supporter declared, for nobody but them (a school's: those who speak for it); None for everybody else. Two queries."""
    row = Supporter.objects.filter(pk=supporter_id).first()
    here = viewer.partnership
    if row is None or here is None or here.id != row.partnership_id or not is_own(row, viewer=viewer):
        return None
    on = day_of(at)
    rows = StandingInterest.objects.filter(Q(until_on=None) | Q(until_on__gt=on), supporter_id=row.pk).order_by("school__name")
    fields = ("id", "school_id", "school__name", "kind", "until_on")
    return tuple(InterestSeen(each[0], each[1], each[2], ConflictKind(each[3]), each[4]) for each in rows.values_list(*fields))


def is_own(row: Supporter, *, viewer: Viewer) -> bool:
    """Whether an entry is the viewer's own: they are the person, or speak for the school itself. No query."""
    if row.person_id is not None:
        return row.person_id == viewer.person_id and viewer.may(Permission.SUPPORT_GIVE)
    return row.school_id is not None and viewer.may(Permission.SCHOOL_SPEAK, urn=row.school_id)


def own_entries(*, viewer: Viewer, at: date | datetime) -> OwnEntries | None:
    """One's own entries and what could be put in beside them; None for whoever has no part in giving support. Two queries."""
    here = viewer.partnership
    if here is None or not viewer.may(Permission.SUPPORT_GIVE):
        return None
    rows = Supporter.objects.filter(in_force(day_of(at)), partnership_id=here.id)
    rows = rows.filter(Q(person_id=viewer.person_id) | Q(kind="school", school_id__in=viewer.urns))
    mine = [row for row in rows if is_own(row, viewer=viewer)]
    names = tuple(each for each in member_names(viewer=viewer, at=at) if each[0] in viewer.urns)
    homes = tuple(each for each in names if viewer.may(Permission.SUPPORT_GIVE, urn=each[0]))
    taken = {row.school_id for row in mine if row.kind == "school"}
    schools = tuple(each for each in names if each[0] not in taken and viewer.may(Permission.SCHOOL_SPEAK, urn=each[0]))
    return OwnEntries(tuple(row.pk for row in mine), homes, schools, any(row.person_id is not None for row in mine))
