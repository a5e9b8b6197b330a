"""Reads of letters to many: who would get one, who is left out and why. No query here gives an address to a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core import signing

from convenor.contacts.models import Circular, Contact
from convenor.contacts.queries.contacts import beside_entered, holders, member_schools, said_no
from convenor.contacts.rules.roles import CONTACT_ROLES, role_word
from convenor.contacts.rules.writing import WHY_SAYS, Consent, Reach, Reachable, chosen, reach_of, standing_for
from convenor.partnership.models import BodySchool
from convenor.partnership.queries.holdings import PartnershipHere, day_of, in_force, partnership_here
from convenor.partnership.roles import Permission
from convenor.post.queries import bounces, in_practice

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

SALT = "contacts.no-more-circulars"


@dataclass(frozen=True, slots=True)
class CircularSeen:
    """One letter to many. `may_change` until it has left; `roles`, `phases` and `clusters` are keys, `says` the filter in words."""

    key: int
    subject: str
    words: str
    roles: tuple[str, ...]
    phases: tuple[str, ...]
    clusters: tuple[str, ...]
    says: str
    version: int
    written_at: datetime
    written_by: str
    sent_at: datetime | None
    letters: int
    schools: int
    left: tuple[tuple[str, int], ...]

    @property
    def may_change(self) -> bool:
        """Whether it has not left yet."""
        return self.sent_at is None


@dataclass(frozen=True, slots=True)
class ReaderSeen:
    """Somebody who gets it: by name, and in which roles of which schools. Never by address."""

    name: str
    standing_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftSeen:
    """Somebody who gets none, and why, in words."""

    name: str
    standing_for: str
    urn: str
    why: str


@dataclass(frozen=True, slots=True)
class CircularPage:
    """A letter with who would get it now. After it has left only its counts are kept."""

    circular: CircularSeen
    readers: tuple[ReaderSeen, ...]
    schools: int
    left: tuple[LeftSeen, ...]
    practice: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """By what a letter may be narrowed: key and words of each."""

    roles: tuple[tuple[str, str], ...]
    phases: tuple[tuple[str, str], ...]
    clusters: tuple[tuple[str, str], ...]


def _may(viewer: Viewer | str, slug: str) -> bool:
    if isinstance(viewer, str):
        return True
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.CIRCULAR_SEND)


def filters(slug: str, *, viewer: Viewer, at: date | datetime) -> Filters | None:
    """The roles, phases and bodies by which a letter is narrowed; None for whoever may not write one. Three queries."""
    if not _may(viewer, slug):
        return None
    on = day_of(at)
    schools = member_schools(slug, viewer=viewer, at=at)
    phases = sorted({each.phase for each in schools.values() if each.phase})
    rows = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership__slug=slug).order_by("body__order", "body__name")
    bodies = dict(rows.values_list("body__key", "body__name"))
    return Filters(tuple(CONTACT_ROLES.items()), tuple((each, each) for each in phases), tuple(bodies.items()))


def reach(
    slug: str, *, roles: tuple[str, ...], phases: tuple[str, ...], clusters: tuple[str, ...], viewer: Viewer | str, at: date | datetime
) -> Reach | None:
    """Who would get a letter narrowed so, with the addresses: for the action that sends it. None for whoever may not. Seven queries."""
    if not _may(viewer, slug):
        return None
    on = day_of(at)
    schools = member_schools(slug, viewer=viewer, at=at)  # type: ignore[arg-type]
    sits: dict[str, list[str]] = {}
    rows = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership__slug=slug)
    for urn, key in rows.values_list("school_id", "body__key"):
        sits.setdefault(urn, []).append(key)
    lines = []
    found = Contact.objects.filter(partnership__slug=slug, school__in=schools, role__in=roles).order_by("school__name", "school", "id")
    for pk, urn, role, name, email, consent in found.values_list("id", "school_id", "role", "name", "email", "consent"):
        school = schools[urn]
        lines.append(Reachable(pk, urn, school.name, role, name, email, consent, school.phase, tuple(sits.get(urn, ()))))
    for one in beside_entered(holders(slug, viewer=viewer, at=at), lines):
        if one.urn in schools and one.role in roles:
            school, bodies = schools[one.urn], tuple(sits.get(one.urn, ()))
            lines.append(Reachable(0, one.urn, school.name, one.role, one.name, one.email, Consent.UNKNOWN.value, school.phase, bodies))
    lines.sort(key=lambda each: (each.school, each.urn))
    picked = chosen(lines, roles=roles, phases=phases, clusters=clusters)
    return reach_of(picked, said_no=said_no(slug, viewer=viewer), come_back=bounces(slug, viewer=viewer))


def circulars(slug: str, *, viewer: Viewer, at: date | datetime, limit: int = 100) -> list[CircularSeen] | None:
    """The letters to many, drafts first, then the newest; None for whoever may not write one. Two queries."""
    if not _may(viewer, slug):
        return None
    rows = list(Circular.objects.filter(partnership__slug=slug)[:limit])
    names = _names(slug, at)
    return sorted((_seen(row, names) for row in rows), key=lambda each: each.sent_at is not None)


def circular(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> CircularPage | None:
    """One letter, with who gets it and who does not as things stand; None for whoever may not write one. At most ten queries."""
    row = Circular.objects.filter(partnership__slug=slug, pk=pk).first() if _may(viewer, slug) else None
    if row is None:
        return None
    seen = _seen(row, _names(slug, at))
    still = in_practice(slug)
    if not seen.may_change:
        return CircularPage(seen, (), seen.schools, (), still)
    found = reach(slug, roles=seen.roles, phases=seen.phases, clusters=seen.clusters, viewer=viewer, at=at)
    assert found is not None
    readers = tuple(ReaderSeen(each.name, tuple(standing_for(line) for line in each.lines)) for each in found.readers)
    left = tuple(LeftSeen(line.name, standing_for(line), line.urn, WHY_SAYS[why]) for line, why in found.left)
    return CircularPage(seen, readers, found.schools, left, still)


def _names(slug: str, at: date | datetime) -> dict[str, str]:
    on = day_of(at)
    rows = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership__slug=slug)
    return dict(rows.values_list("body__key", "body__name"))


def _seen(row: Circular, names: dict[str, str]) -> CircularSeen:
    roles = tuple(row.roles) or ("head",)
    parts = [", ".join(role_word(each) for each in roles), ", ".join(row.phases), ", ".join(names.get(each, each) for each in row.clusters)]
    left = tuple((WHY_SAYS.get(why, why), count) for why, count in row.left.items())
    says = "; ".join(each for each in parts if each)
    return CircularSeen(
        row.pk, row.subject, row.words, roles, tuple(row.phases), tuple(row.clusters), says, row.version,
        row.written_at, row.written_by, row.sent_at, row.letters, row.schools, left,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stop:
    """What a reader's own link says: of which partnership they want no more letters to many, and at which address."""

    here: PartnershipHere
    address: str


def stop_key(slug: str, address: str, *, viewer: Viewer | str) -> str:
    """The signed key of a reader's own page, for their own letter; "" for whoever may not write to many."""
    return signing.dumps([slug, address.lower()], salt=SALT) if _may(viewer, slug) else ""


def stop_of(key: str, *, viewer: Viewer | None = None) -> Stop | None:
    """Whose key this is; None when it is altered, or its partnership is gone. It does not grow old. One query."""
    try:
        slug, address = signing.loads(key, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    here = partnership_here(slug)
    return Stop(here, address) if here else None
