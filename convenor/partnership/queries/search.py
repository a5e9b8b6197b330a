"""Finding a body or a person of a partnership by a name half remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from convenor.partnership.models import Appointment, Body, Partnership, Tenure
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.roles import Permission
from convenor.registers.rules import spelling

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

CLOSE_ENOUGH = 78.0


@dataclass(frozen=True, slots=True)
class FoundBody:
    """A body that a search found, or (when `key` is empty) a partnership."""

    slug: str
    key: str
    name: str
    partnership: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person that a search found; `says` names one thing they hold."""

    slug: str
    id: int
    name: str
    says: str


def _near(text: str, names: dict[int, str], limit: int) -> list[int]:
    """The keys of the names that the text comes near, the nearest first."""
    asked = spelling.fold(text)
    if len(asked) < 2:
        return []
    scored = [(_nearness(asked, name), key) for key, name in names.items()]
    return [key for how_near, key in sorted(scored, key=lambda one: -one[0]) if how_near >= CLOSE_ENOUGH][:limit]


def _nearness(asked: str, name: str) -> float:
    """How near: every word asked for must come near a word of the name."""
    words = name.split()
    if not words:
        return 0.0
    each = [max(max(fuzz.ratio(word, own), 100.0 if own.startswith(word) else 0.0) for own in words) for word in asked.split()]
    return sum(each) / len(each) if min(each) >= CLOSE_ENOUGH else 0.0


def find_bodies(text: str, *, viewer: Viewer, on: date, limit: int = 10) -> list[FoundBody]:
    """Bodies in force on the day, and partnerships, whose name the text comes near. One query, or two for somebody outside.

    Inside a partnership only its own bodies are found; anyone else finds those of every partnership's public structure.
    """
    here = viewer.partnership
    bodies = Body.objects.filter(in_force(on))
    if here is not None:
        bodies = bodies.filter(partnership_id=here.id)
    rows = [FoundBody(*values) for values in bodies.order_by("name").values_list("partnership__slug", "key", "name", "partnership__name")]
    if here is None:
        rows += [FoundBody(slug, "", name, "Partnership") for slug, name in Partnership.objects.values_list("slug", "name")]
    names = {number: spelling.fold(one.name) for number, one in enumerate(rows)}
    return [rows[number] for number in _near(text, names, limit)]


def find_people(text: str, *, viewer: Viewer, on: date, limit: int = 10) -> list[FoundPerson]:
    """People who hold a seat or post in the viewer's own partnership on the day. Two queries; none, and nobody, for anyone else.

    Who may not see who sits where finds nobody.
    """
    here = viewer.partnership
    if here is None or not viewer.may(Permission.PARTNERSHIP_SEE):
        return []
    people: dict[int, FoundPerson] = {}
    seats = Appointment.objects.filter(in_force(on), partnership_id=here.id)
    for person, name, title, body in seats.values_list("person_id", "person__name", "seat__title", "seat__body__name"):
        people.setdefault(person, FoundPerson(here.slug, person, name, f"{title}, {body}"))
    posts = Tenure.objects.filter(in_force(on), partnership_id=here.id)
    for person, name, title, school in posts.values_list("person_id", "person__name", "post__title", "post__school__name"):
        people.setdefault(person, FoundPerson(here.slug, person, name, f"{title}, {school}" if school else title))
    names = {key: spelling.fold(one.name) for key, one in people.items()}
    return [people[key] for key in _near(text, names, limit)]
