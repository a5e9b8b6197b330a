"""Which sources there are, and which of them knows a file: found in this folder, asked one by one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from convenor.registers import sources
from convenor.registers.sources import Header, Refused, Sheet, Source

UNKNOWN = (
    "This kind of file is not known: no reader recognises its columns ({columns}). See docs/sources.md for what can be loaded; "
    "if its publisher renamed columns, its reader needs the new names."
)


@cache
def all_sources() -> tuple[Source, ...]:
    """Every source of the folder, in the order of stages and families."""
    found: list[Source] = []
    for module in pkgutil.iter_modules(sources.__path__):
        if not module.name.startswith("_"):
            found += getattr(importlib.import_module(f"{sources.__name__}.{module.name}"), "SOURCES", ())
    return tuple(sorted(found, key=lambda source: (source.stage, source.family)))


def source_named(family: str) -> Source:
    """The source of a family."""
    return next(source for source in all_sources() if source.family == family)


def sources_for(header: Header) -> list[Source]:
    """Every source that says it knows this header."""
    return [source for source in all_sources() if source.recognise(header)]


def source_for(header: Header) -> Source:
    """The one source that knows this header. Raises `Refused` when none does, or more than one."""
    found = sources_for(header)
    if not found:
        names = [name for name in header.columns if name][:6]
        raise Refused(UNKNOWN.format(columns=", ".join(names)[:200] if names else "it has none"))
    if len(found) > 1:
        families = " and ".join(source.family for source in found)
        raise Refused(f"The file is of mixed kinds: {families}. Load them as separate files.")
    return found[0]


def is_header(cells: tuple[str, ...]) -> bool:
    """Whether a row of cells is itself the header of a published file."""
    return bool(sources_for(Header("csv", (Sheet("", cells, (cells,)),))))
