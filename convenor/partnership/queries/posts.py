"""Posts and who holds them, for those who say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from convenor.accounts.queries import person_to_sign_in
from convenor.partnership.models import Body, Membership, Partnership, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ROLES, Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class PostSeen:
    """A post and its holder today. `place` is where it is held, in words."""

    tenure_id: int
    person_id: int
    name: str
    role: str
    role_name: str
    title: str
    place: str
    acting: bool
    from_on: date
    until_on: date | None


def _may(viewer: Viewer, slug: str) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.PEOPLE_CHANGE)


def posts(slug: str, *, viewer: Viewer, at: date | datetime, text: str = "", limit: int = 500) -> list[PostSeen]:
    """Who holds which post on the day, for those who give posts; empty for anyone else. One query.

    `text` narrows by name, title or place. In the order of the roles, then by place and name.
    """
    if not _may(viewer, slug):
        return []
    rows = Tenure.objects.filter(in_force(day_of(at)), partnership__slug=slug)
    if text.strip():
        asked = text.strip()
        rows = rows.filter(
            Q(person__name__icontains=asked) | Q(post__title__icontains=asked) | Q(post__school__name__icontains=asked)
            | Q(post__trust__name__icontains=asked)
        )  # fmt: skip
    order = list(ROLES)
    return sorted(_seen(rows)[:limit], key=lambda each: (order.index(each.role) if each.role in order else 99, each.place, each.name))


def _seen(rows: QuerySet[Tenure]) -> list[PostSeen]:
    fields = (
        "id", "person_id", "person__name", "post__role", "post__title", "post__school__name", "post__trust__name", "post__body__name",
        "post__authority__name", "acting", "from_on", "until_on",
    )  # fmt: skip
    return [
        PostSeen(
            row[0], row[1], row[2], row[3], ROLES[row[3]].name if row[3] in ROLES else row[3], row[4],
            row[5] or row[6] or row[7] or row[8] or "", row[9], row[10], row[11],
        )
        for row in rows.values_list(*fields)
    ]  # fmt: skip


def tenure(slug: str, tenure_id: int, *, viewer: Viewer, at: date | datetime) -> PostSeen | None:
    """One post held on the day, for those who give posts; None for anyone else."""
    if not _may(viewer, slug):
        return None
    return next(iter(_seen(Tenure.objects.filter(in_force(day_of(at)), partnership__slug=slug, pk=tenure_id))), None)


def places(slug: str, *, viewer: Viewer, at: date | datetime) -> dict[str, list[tuple[str, str]]]:
    """Where posts may be held: key and name of the member schools, their trusts, the bodies and the authorities. Four queries."""
    if not _may(viewer, slug):
        return {}
    on = day_of(at)
    members = Membership.objects.filter(in_force(on), partnership__slug=slug).order_by("school__name")
    schools = list(members.values_list("school_id", "school__name", "school__trust_id", "school__trust__name"))
    trusts = {row[2]: row[3] for row in schools if row[2]}
    bodies = Body.objects.filter(in_force(on), partnership__slug=slug).order_by("order").values_list("key", "name")
    areas = Partnership.areas.through.objects.filter(partnership__slug=slug).values_list("localauthority_id", "localauthority__name")
    return {
        "school": [(row[0], row[1]) for row in schools],
        "trust": sorted(trusts.items(), key=lambda each: each[1]),
        "body": list(bodies),
        "authority": list(areas),
    }


def person_with(email: str, *, viewer: Viewer) -> int | None:
    """The key of somebody with this address whom the partnership may know already, for those who give posts; else None."""
    if not email or not viewer.may(Permission.PEOPLE_CHANGE):
        return None
    found = person_to_sign_in(email)
    return found.pk if found is not None else None
