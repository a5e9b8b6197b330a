"""The people of what stands beside packages: whom a letter reaches, whom a head can tell of a call, and heads new to their post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.accounts.models import Person
from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Broker, ChairOfGovernors, Head, Manager, Permission, SystemLeader, TrustLead
from convenor.registers.models import School
from convenor.support.rules.mentors import NewHead, want

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person and, where a letter reaches them, their address."""

    person_id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody whom a head could tell: who they are to the school, and whether they could be the calm colleague."""

    person_id: int
    name: str
    title: str
    group: str
    colleague: bool


def people(person_ids: Iterable[int], *, viewer: Viewer) -> list[Somebody]:
    """The people of these keys who can still sign in, by name: for the letter of an action that has asked whether it may. One query."""
    rows = Person.objects.filter(pk__in=list(person_ids), is_active=True).order_by("name", "pk")
    return [Somebody(pk, name, email or "") for pk, name, email in rows.values_list("pk", "name", "email")]


def speakers_of(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> list[Somebody]:
    """The heads and chairs of a school today: for the letter of an action that has asked whether it may. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug:
        return []
    posts = Tenure.objects.filter(in_force(day_of(at)), partnership_id=viewer.partnership.id, person__is_active=True)
    rows = posts.filter(post__school_id=urn, post__role__in=(Head.key, ChairOfGovernors.key)).order_by("person__name", "id")
    found = rows.values_list("person_id", "person__name", "person__email")
    return list({pk: Somebody(pk, name, email or "") for pk, name, email in found}.values())


OWN, TRUST, NEAR, COLLEAGUES = "Your school", "Your trust", "The partnership", "Heads and leaders of other schools"


def whom_to_tell(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> tuple[ToTell, ...]:
    """Everybody whom the head could tell that the school had the call, but the head themselves; nobody for whoever does not speak for it.

    The school's own people, its trust's, brokers and the manager, and heads and system leaders of other schools. Three queries.
    """
    if viewer.person_id is None or viewer.partnership is None or viewer.partnership.slug != slug:
        return ()
    if not viewer.may(Permission.SCHOOL_SPEAK, urn=urn):
        return ()
    trust = School.objects.filter(urn=urn).values_list("trust_id", flat=True).first()
    posts = Tenure.objects.filter(in_force(day_of(at)), partnership_id=viewer.partnership.id, person__is_active=True)
    posts = posts.exclude(person_id=viewer.person_id)
    wide = Q(post__role__in=(Broker.key, Manager.key, TrustLead.key, Head.key, SystemLeader.key))
    rows = posts.filter(Q(post__school_id=urn) | wide).order_by("person__name", "id")
    fields = ("person_id", "person__name", "post__title", "post__role", "post__school_id", "post__trust_id", "post__school__name")
    found: dict[int, ToTell] = {}
    for person, name, title, role, at_urn, at_trust, place in rows.values_list(*fields):
        group = _group(role, at_urn == urn, bool(at_trust) and at_trust == trust)
        if group:
            words = f"{title}, {place}" if group == COLLEAGUES and place else title
            told = ToTell(person, name, words, group, group == COLLEAGUES)
            if person not in found or found[person].group == COLLEAGUES:
                found[person] = told
    order = (OWN, TRUST, NEAR, COLLEAGUES)
    return tuple(sorted(found.values(), key=lambda each: (order.index(each.group), each.name, each.person_id)))


def _group(role: str, own: bool, own_trust: bool) -> str:
    if own:
        return OWN
    if role == TrustLead.key:
        return TRUST if own_trust else ""
    return NEAR if role in (Broker.key, Manager.key) else COLLEAGUES if role in (Head.key, SystemLeader.key) else ""


@dataclass(frozen=True, slots=True)
class HeadHere:
    """A head who is new to the post or acting, as the rules know them, and as a broker's page names them."""

    head: NewHead
    name: str
    school: str
    fictitious: bool
    from_on: date


def new_heads(*, viewer: Viewer, at: date | datetime) -> tuple[HeadHere, ...]:
    """The partnership's heads who are acting or in their first two years, for brokers; of each the newest post. One query.

    Who is head of which school is told to members; that somebody might like a mentor is told to brokers alone.
    """
    if viewer.partnership is None or not viewer.may(Permission.SUPPORT_BROKER):
        return ()
    on = day_of(at)
    rows = Tenure.objects.filter(in_force(on), partnership_id=viewer.partnership.id, post__role=Head.key, person__is_active=True)
    rows = rows.exclude(post__school=None).select_related("person", "post__school").order_by("-from_on", "-pk")
    found: dict[int, HeadHere] = {}
    for row in rows:
        school, reason = row.post.school, want(row.from_on, acting=row.acting, on=on)
        if reason is None or school is None or row.person_id in found:
            continue
        head = NewHead(
            row.person_id, school.urn, reason, school.phase, school.trust_id or "", school.federation_id or "", school.easting,
            school.northing,
        )  # fmt: skip
        found[row.person_id] = HeadHere(head, row.person.name, school.name, school.fictitious, row.from_on)
    return tuple(sorted(found.values(), key=lambda each: (each.school, each.head.key)))
