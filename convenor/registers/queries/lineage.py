"""What a school was before and became after, by the published links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from convenor.registers.models import SchoolLink
from convenor.registers.rules import lineage as rule

#: Chains longer than this do not exist in the register; it bounds the number of queries.
MOST_STEPS = 6


def lineage(urn: str, *, viewer: Any) -> rule.Lineage:
    """The school's predecessors and successors, nearest first; empty for a school without links.

    Published, so open to every viewer. One query for each link of the chain, at most 6.
    """
    links: set[rule.Link] = set()
    seen: set[str] = set()
    edge = {urn}
    for _ in range(MOST_STEPS):
        rows = SchoolLink.objects.filter(Q(urn__in=edge) | Q(linked_urn__in=edge))
        found = rows.values_list("urn", "linked_urn", "kind", "established_on")
        links |= {rule.Link(*row) for row in found if rule.direction(row[2])}
        seen |= edge
        edge = {each for link in links for each in (link.urn, link.linked_urn)} - seen
        if not edge:
            break
    return rule.lineage(urn, sorted(links, key=lambda link: (link.urn, link.linked_urn, link.kind)))


def converted_from(urns: Iterable[str], *, viewer: Any) -> dict[str, str]:
    """For each school that was plainly converted (one school became it, and became nothing else) the URN it had before, old to new.

    One step back: what stands of the school under the former URN may be shown as its own. Two queries.
    """
    wanted = set(urns)
    came = _before(SchoolLink.objects.filter(Q(urn__in=wanted) | Q(linked_urn__in=wanted)))
    single = {after: next(iter(before)) for after, before in came.items() if after in wanted and len(before) == 1}
    former = set(single.values())
    became: dict[str, set[str]] = defaultdict(set)
    for after, before in _before(SchoolLink.objects.filter(Q(urn__in=former) | Q(linked_urn__in=former))).items():
        for each in before:
            became[each].add(after)
    return {before: after for after, before in single.items() if became[before] == {after} and before not in wanted}


def _before(links: Any) -> dict[str, set[str]]:
    """What each school was before, by the links given."""
    found: dict[str, set[str]] = defaultdict(set)
    for urn, linked, kind in links.values_list("urn", "linked_urn", "kind"):
        way = rule.direction(kind)
        if way and urn != linked:
            before, after = (urn, linked) if way > 0 else (linked, urn)
            found[after].add(before)
    return found
