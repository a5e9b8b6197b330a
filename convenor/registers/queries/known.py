"""Which of the keys that somebody names the register knows. All of it is published, so every viewer gets the same answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from convenor.registers.models import Group, LocalAuthority, School


def known_urns(urns: Iterable[str], *, viewer: Any) -> frozenset[str]:
    """Those of the URNs that belong to a school, open or closed, of any loaded edition or of a demonstration."""
    return frozenset(School.objects.filter(urn__in=set(urns)).values_list("urn", flat=True))


def knows_any_school(*, viewer: Any) -> bool:
    """Whether any edition with schools has been loaded, or a demonstration begun. One query."""
    return School.objects.exists()


def known_authorities(codes: Iterable[str], *, viewer: Any) -> frozenset[str]:
    """Those of the three-digit codes that belong to a local authority, live or abolished."""
    return frozenset(LocalAuthority.objects.filter(code__in=set(codes)).values_list("code", flat=True))


def known_groups(uids: Iterable[str], *, viewer: Any) -> frozenset[str]:
    """Those of the UIDs that belong to a trust, federation or other group."""
    return frozenset(Group.objects.filter(uid__in=set(uids)).values_list("uid", flat=True))


def groups_called(names: Iterable[str], *, viewer: Any) -> dict[str, str]:
    """The UID of each trust or other group that a name, or a UID, means; names that mean none are absent."""
    asked = set(names)
    found = Group.objects.filter(Q(name__in=asked) | Q(uid__in=asked)).order_by("uid").values_list("uid", "name") if asked else ()
    return {key: uid for uid, name in found for key in (name, uid) if key in asked}


@dataclass(frozen=True, slots=True)
class SchoolInShort:
    """What of a school matters to where it belongs. `trust` and `federation` are UIDs, "" for none."""

    urn: str
    name: str
    phase: str
    type_name: str
    trust: str
    federation: str


def school_in_short(urn: str, *, viewer: Any) -> SchoolInShort | None:
    """The school of this URN in short, or None. One query."""
    row = School.objects.filter(urn=urn).values_list("urn", "name", "phase", "type_name", "trust_id", "federation_id").first()
    return SchoolInShort(*row[:4], row[4] or "", row[5] or "") if row else None


def names_of(urns: Iterable[str], *, viewer: Any) -> dict[str, tuple[str, str]]:
    """The name of each school, and of its authority ("" where none is known), by URN; unknown URNs are absent. One query."""
    rows = School.objects.filter(urn__in=set(urns)).values_list("urn", "name", "authority__name")
    return {urn: (name, authority or "") for urn, name, authority in rows}


def open_schools(codes: Iterable[str], *, viewer: Any, fictitious: bool = False) -> list[tuple[str, str]]:
    """URN and name of the open state-funded schools of these authorities, by name; of a demonstration, only its invented ones."""
    rows = School.objects.filter(authority__in=set(codes), status__startswith="open", fictitious=fictitious)
    return list(rows.exclude(type_group__in=("independent", "other")).order_by("name").values_list("urn", "name"))
