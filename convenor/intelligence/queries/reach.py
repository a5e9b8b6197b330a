"""For which schools somebody may enter a figure, note a signal or speak as a peer: their own, those of the body they lead, their area's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.models import BodySchool, Membership, ReportingLine, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ROLES, ChairOfGovernors, Head, HeldAt, Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Holding, Viewer


@dataclass(frozen=True, slots=True)
class Member:
    """A member school, as pages about it name it."""

    urn: str
    name: str
    phase: str
    authority_code: str
    fictitious: bool


@dataclass(frozen=True, slots=True)
class Standpoint:
    """From where somebody may do a thing about a school. `role` is their role as its source is told; `own` that they are of the school.

    `body_id` is the body that they lead, None for others.
    """

    role: str
    own: bool
    body_id: int | None = None


def member(urn: str, *, slug: str, viewer: Viewer | str | None, at: date | datetime) -> Member | None:
    """The school, where it is a member of the partnership on the day; None for any other URN. Membership is public. One query."""
    rows = Membership.objects.filter(in_force(day_of(at)), partnership__slug=slug, school_id=urn)
    row = rows.values_list("school_id", "school__name", "school__phase", "school__authority_id", "school__fictitious").first()
    return Member(row[0], row[1], row[2] or "", row[3] or "", row[4]) if row else None


def member_list(slug: str, *, viewer: Viewer | str | None, at: date | datetime) -> list[Member]:
    """Every member school on the day, by name. Membership is public. One query."""
    rows = Membership.objects.filter(in_force(day_of(at)), partnership__slug=slug).order_by("school__name", "school_id")
    fields = ("school_id", "school__name", "school__phase", "school__authority_id", "school__fictitious")
    return [Member(row[0], row[1], row[2] or "", row[3] or "", row[4]) for row in rows.values_list(*fields)]


def standpoint(school: Member, *, viewer: Viewer, permission: Permission, at: date | datetime) -> Standpoint | None:
    """From where this viewer may do what the permission allows about a member school; None where they may not. At most two queries.

    Their own school comes first; then a body that they lead and in which the school sits, directly or through bodies beneath; then
    a local authority that looks after it; then a role of the whole partnership.
    """
    holdings = [each for each in viewer.holdings if permission in ROLES[each.role].permissions]
    own = next((each for each in holdings if _kind(each) in (HeldAt.SCHOOL, HeldAt.TRUST) and school.urn in each.urns), None)
    if own is not None:
        return Standpoint(ROLES[own.role].name, own=True)
    leads = [each for each in holdings if _kind(each) is HeldAt.BODY]
    if leads:
        above = _bodies_above(school.urn, leads[0].partnership_id, day_of(at))
        lead = next((each for each in leads if each.body_id in above), None)
        if lead is not None:
            return Standpoint(ROLES[lead.role].name, own=False, body_id=lead.body_id)
    wide = [each for each in holdings if _kind(each) is HeldAt.PARTNERSHIP]
    area = [each for each in holdings if _kind(each) is HeldAt.AUTHORITY and each.authority_code == school.authority_code]
    found = next(iter([*area, *wide]), None)
    return Standpoint(ROLES[found.role].name, own=False) if found is not None else None


def _kind(holding: Holding) -> HeldAt:
    return ROLES[holding.role].held_at


def _bodies_above(urn: str, partnership_id: int, on: date) -> frozenset[int]:
    """The bodies in which a school sits on the day, and every body above them. Two queries."""
    found = set(BodySchool.objects.filter(in_force(on), partnership_id=partnership_id, school_id=urn).values_list("body_id", flat=True))
    above: dict[int, list[int]] = defaultdict(list)
    for body, upper in ReportingLine.objects.filter(in_force(on), partnership_id=partnership_id).values_list("body_id", "reports_to_id"):
        above[body].append(upper)
    waiting = list(found)
    while waiting:
        for upper in above[waiting.pop()]:
            if upper not in found:
                found.add(upper)
                waiting.append(upper)
    return frozenset(found)


def schools_led(viewer: Viewer, *, permission: Permission, at: date | datetime) -> frozenset[str]:
    """URNs of the schools in the bodies that this viewer leads by a role with the permission, and in every body beneath. Two queries."""
    bodies = set(viewer.bodies(permission))
    if not bodies or viewer.partnership is None:
        return frozenset()
    on, key = day_of(at), viewer.partnership.id
    below: dict[int, list[int]] = defaultdict(list)
    for body, upper in ReportingLine.objects.filter(in_force(on), partnership_id=key).values_list("body_id", "reports_to_id"):
        below[upper].append(body)
    waiting = list(bodies)
    while waiting:
        new = [body for body in below[waiting.pop()] if body not in bodies]
        bodies.update(new)
        waiting += new
    sits = BodySchool.objects.filter(in_force(on), partnership_id=key, body_id__in=bodies)
    return frozenset(sits.values_list("school_id", flat=True))


def addressees(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> list[tuple[int, str, str]]:
    """Key, name and address of a school's heads and chair today, for the letter that something waits. One query.

    Only for somebody of this partnership who may note or enter something; nobody else gets an address.
    """
    here = viewer.partnership
    writes = (Permission.FIGURE_ENTER, Permission.SIGNAL_NOTE, Permission.CATEGORY_PROPOSE, Permission.CATEGORY_MODERATE)
    if here is None or here.slug != slug or not any(viewer.may(each) for each in writes):
        return []
    posts = Tenure.objects.filter(in_force(day_of(at)), partnership_id=here.id, person__is_active=True)
    rows = posts.filter(post__school_id=urn, post__role__in=(Head.key, ChairOfGovernors.key)).exclude(person__email=None)
    found = {row[0]: row for row in rows.order_by("person__name", "id").values_list("person_id", "person__name", "person__email")}
    return [(row[0], row[1], row[2]) for row in found.values() if row[2]]
