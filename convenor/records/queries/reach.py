"""By which keys a row of any table belongs to a partnership, to a school or to a person."""

from __future__ import annotations

from functools import cache

from django.apps import apps

from convenor.archive.queries.tables import table
from convenor.archive.rules.belonging import Belongs

#: Tables at which a path ends: what lies beyond them is shared by everybody.
ENDS = frozenset(
    {"partnership.Partnership", "registers.School", "accounts.Person", "registers.Group", "registers.LocalAuthority", "registers.Edition"}
)
#: How many keys a path follows at most.
LONGEST = 6


@cache
def belongs_to(label: str) -> str:
    """The path from a table to the short name of the partnership whose rows it holds; "" for one that belongs to no single one."""
    found = table(label.lower())
    if found.belongs is Belongs.ITSELF:
        return "slug"
    if found.belongs is Belongs.NAME:
        return found.by_name
    if found.path:
        return "__".join((*found.path, "slug"))
    # the archive leaves some tables behind, which are somebody's all the same
    return next((f"{path}__slug" for path in paths_to(label, "partnership.Partnership")), "")


@cache
def paths_to(label: str, end: str) -> tuple[str, ...]:
    """Every path of keys from a table up to schools or people, shortest first: rows that lie beneath what is theirs are theirs too."""
    found: list[str] = []
    waiting: list[tuple[str, str, tuple[str, ...]]] = [(label, "", (label,))]
    while waiting:
        here, path, passed = waiting.pop(0)
        for field in apps.get_model(here)._meta.concrete_fields:
            related = field.related_model
            if not field.is_relation or related is None or isinstance(related, str):
                continue
            there = related._meta.label
            step = f"{path}__{field.name}" if path else field.name
            if there == end:
                found.append(step)
            elif there not in ENDS and there not in passed and len(passed) < LONGEST:
                waiting.append((there, step, (*passed, there)))
    return tuple(found)
