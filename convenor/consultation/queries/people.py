"""Whom a consultation writes to: for each school its head; where nobody is known as head, its chair, else its office."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.models import BodySchool, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ChairOfGovernors, Head, Permission, SchoolOffice

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Who is written to for a school, the first whom a letter reaches.
ORDER = (Head.key, ChairOfGovernors.key, SchoolOffice.key)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody of a school whom a letter reaches."""

    urn: str
    role: str
    name: str
    email: str


def addressees(partnership_id: int, urns: Collection[str], *, viewer: Viewer | str, on: date) -> dict[str, tuple[Addressee, ...]]:
    """For each of these schools, whom to write to; a school that no letter reaches is not among them. One query.

    For whoever runs consultations or follows up, and "the system".
    """
    if not isinstance(viewer, str) and not (
        viewer.partnership is not None
        and viewer.partnership.id == partnership_id
        and (viewer.may(Permission.CONSULTATION_RUN) or viewer.may(Permission.ENGAGEMENT_FOLLOW_UP))
    ):
        return {}
    held = Tenure.objects.filter(in_force(on), partnership_id=partnership_id, post__school_id__in=urns, post__role__in=ORDER)
    held = held.filter(person__is_active=True).exclude(person__email=None).order_by("id")
    found: dict[str, list[Addressee]] = {}
    for urn, role, name, email in held.values_list("post__school_id", "post__role", "person__name", "person__email"):
        if email:
            found.setdefault(urn, []).append(Addressee(urn, role, name, email))
    return {urn: _first(some) for urn, some in found.items()}


def reach(*, viewer: Viewer, at: date | datetime) -> frozenset[str] | None:
    """The schools whose names this viewer may see beside whether they were heard from: of bodies they lead; None for all. One query."""
    if any(each.allows(Permission.ENGAGEMENT_FOLLOW_UP) and each.body_id is None for each in viewer.holdings):
        return None
    led = viewer.bodies(Permission.ENGAGEMENT_FOLLOW_UP)
    if not led:
        return frozenset()
    return frozenset(BodySchool.objects.filter(in_force(day_of(at)), body__in=led).values_list("school_id", flat=True))


def _first(some: list[Addressee]) -> tuple[Addressee, ...]:
    role = min((each.role for each in some), key=ORDER.index)
    return tuple(each for each in some if each.role == role)
