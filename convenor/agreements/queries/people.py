"""Whom a partnership writes to about a school's agreement: its head; where nobody is known as head, its chair; and the trust that leads
it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.roles import ChairOfGovernors, Head, Manager, Permission, TrustLead
from convenor.registers.models import School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who speaks for schools, and for which of those asked about: URN and name."""

    email: str
    name: str
    schools: tuple[tuple[str, str], ...]


def speakers(slug: str, urns: Collection[str], *, viewer: Viewer | str, on: date) -> list[Addressee]:
    """Whom to write to about these schools, each once with all of theirs. For whoever runs agreements, and "the system". Two queries."""
    if not isinstance(viewer, str) and not viewer.may(Permission.AGREEMENT_RUN):
        return []
    schools = {urn: (name, trust) for urn, name, trust in School.objects.filter(urn__in=urns).values_list("urn", "name", "trust_id")}
    trusts = {trust for _, trust in schools.values() if trust}
    held = Tenure.objects.filter(in_force(on), partnership__slug=slug, person__is_active=True).exclude(person__email=None)
    of_school = Q(post__school_id__in=urns, post__role__in=(Head.key, ChairOfGovernors.key))
    held = held.filter(of_school | Q(post__trust_id__in=trusts, post__role=TrustLead.key))
    fields = ("post__school_id", "post__trust_id", "post__role", "person__name", "person__email")
    rows = list(held.order_by("id").values_list(*fields))
    headed = {urn for urn, _, role, _, _ in rows if role == Head.key}
    found: dict[str, tuple[str, set[str]]] = {}
    for urn, trust, role, name, email in rows:
        if role == ChairOfGovernors.key and urn in headed:
            continue
        if not email:
            continue
        theirs = {urn} if urn else {one for one, (_, of) in schools.items() if of == trust}
        found.setdefault(email, (name, set()))[1].update(theirs)
    return [
        Addressee(email, name, tuple(sorted(((urn, schools[urn][0]) for urn in theirs), key=lambda each: each[1])))
        for email, (name, theirs) in found.items()
    ]


def managers(slug: str, *, viewer: Viewer | str, on: date) -> list[Addressee]:
    """Whoever runs agreements, for our own letters. One query; none for anybody else."""
    if not isinstance(viewer, str):
        return []
    held = Tenure.objects.filter(in_force(on), partnership__slug=slug, post__role=Manager.key, person__is_active=True)
    rows = held.exclude(person__email=None).order_by("id").values_list("person__email", "person__name")
    return [Addressee(email, name, ()) for email, name in dict(rows).items() if email]
