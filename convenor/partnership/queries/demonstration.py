"""Whom a visitor may try the demonstration as: invented people only, one for each way of taking part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from convenor.partnership.models import Appointment, BodySchool, Partnership, Tenure
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.roles import ROLES, role_of_seat


@dataclass(frozen=True, slots=True)
class DemonstrationPerson:
    """An invented person, by the post that makes them worth trying: `says` is what the role does, in a sentence."""

    person_id: int
    name: str
    role: str
    role_name: str
    title: str
    place: str
    says: str
    partnership: str
    slug: str


def demonstration_people(*, viewer: Any, on: date) -> list[DemonstrationPerson]:
    """One invented person for each role of the demonstration partnerships, in the order of `ROLES`. Two queries.

    Whoever is looking, nobody real is ever among them, nor anybody of a partnership that is not a demonstration.
    """
    found: dict[tuple[str, str], DemonstrationPerson] = {}
    for person_id, name, role, title, school, trust, body, authority, partnership, slug in _posts(on):
        if role in ROLES:
            place = school or trust or body or authority or partnership
            _keep(found, person_id, name, role, title, place, partnership, slug)
    for person_id, name, part, hue, title, body, partnership, slug in _seats(on):
        _keep(found, person_id, name, role_of_seat(part, hue), title, body, partnership, slug)
    order = list(ROLES)
    return sorted(found.values(), key=lambda one: (one.partnership, order.index(one.role)))


def is_built(slug: str, *, viewer: Any = None) -> bool:
    """Whether the demonstration of that name stands already. One query."""
    return Partnership.objects.filter(slug=slug, demonstration=True).exists()


def _keep(
    found: dict[tuple[str, str], DemonstrationPerson],
    person_id: int,
    name: str,
    role: str,
    title: str,
    place: str,
    partnership: str,
    slug: str,
) -> None:
    """The first of each role stands for it; a person already listed does not take a second line."""
    taken = any(one.person_id == person_id for one in found.values())
    if (partnership, role) not in found and not taken:
        kind = ROLES[role]
        found[partnership, role] = DemonstrationPerson(person_id, name, role, kind.name, title, place, kind.says, partnership, slug)


INVENTED = {"person__fictitious": True, "person__is_active": True, "partnership__demonstration": True}


def _posts(on: date) -> Any:
    rows = Tenure.objects.filter(in_force(on), **INVENTED).order_by("partnership_id", "post__role", "acting", "id")
    return rows.values_list(
        "person_id", "person__name", "post__role", "post__title", "post__school__name", "post__trust__name", "post__body__name",
        "post__authority__name", "partnership__name", "partnership__slug",
    )  # fmt: skip


def _seats(on: date) -> Any:
    rows = Appointment.objects.filter(in_force(on), in_force(on, "seat__"), in_force(on, "seat__body__"), **INVENTED)
    leads = Exists(BodySchool.objects.filter(in_force(on), body_id=OuterRef("seat__body_id")))
    rows = rows.annotate(leads=leads).order_by("partnership_id", "-leads", "seat__body__tier__level", "seat__order", "id")
    return rows.values_list(
        "person_id",
        "person__name",
        "seat__part",
        "seat__body__tier__hue",
        "seat__title",
        "seat__body__name",
        "partnership__name",
        "partnership__slug",
    )
