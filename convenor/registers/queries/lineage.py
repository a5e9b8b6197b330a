"""What a school was before and became after, by the published links."""

from __future__ import annotations

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
