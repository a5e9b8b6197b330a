"""Which school, trust or authority of the register an organisation is, by the identifiers that DfE Sign-in gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from convenor.accounts.rules.organisations import Organisation, agreed
from convenor.registers.models import Group, LocalAuthority, School
from convenor.registers.queries.schools import links

SCHOOL, TRUST, AUTHORITY = "school", "trust", "authority"


@dataclass(frozen=True, slots=True)
class OrganisationHere:
    """What the register knows an organisation as. `urns`: a school, and the one that took its place where it has closed."""

    kind: str
    key: str
    urns: tuple[str, ...] = ()


def organisation_here(said: Organisation, *, viewer: Any) -> OrganisationHere | None:
    """The organisation in the register, or None: for one it does not know, or whose identifiers are those of different ones."""
    by_ukprn = _by_ukprn(said.ukprn) if said.ukprn else []
    if len(by_ukprn) > 1:  # one provider number for a trust and its only school: the other identifier says which
        by_ukprn = [one for one in by_ukprn if one in ((SCHOOL, said.urn), (TRUST, said.uid))]
    found = agreed(
        (SCHOOL, said.urn) if said.urn and School.objects.filter(urn=said.urn).exists() else None,
        (TRUST, said.uid) if said.uid and Group.objects.filter(uid=said.uid).exists() else None,
        (AUTHORITY, said.authority_code)
        if said.authority_code and LocalAuthority.objects.filter(code=said.authority_code).exists()
        else None,
        *by_ukprn,
    )
    if found is None:
        return None
    kind, key = found
    return OrganisationHere(kind, key, _urns(key, viewer) if kind == SCHOOL else ())


def _by_ukprn(ukprn: str) -> list[tuple[str, str]]:
    schools = School.objects.filter(ukprn=ukprn, closed_on=None).values_list("urn", flat=True)[:2]
    groups = Group.objects.filter(ukprn=ukprn).values_list("uid", flat=True)[:2]
    return [*((SCHOOL, urn) for urn in schools), *((TRUST, uid) for uid in groups)]


def _urns(urn: str, viewer: Any) -> tuple[str, ...]:
    later = [link.urn for link in links(urn, viewer=viewer) if not link.earlier and link.known]
    return (urn, later[0]) if len(later) == 1 else (urn,)
