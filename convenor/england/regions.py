"""The nine regions of England, and England itself, with the names and codes that publishers give them.

Sources: the Department's region_la_hierarchy.csv (ONS codes and names, July 2026); la_code_list.xlsx of the Local Authority
Interactive Tool (its own codes 970 to 990); Ofsted's management information ("Region").
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """One region by its ONS code; `tool_code` is the interactive tool's."""

    code: str
    name: str
    tool_code: str


REGIONS: dict[str, Region] = {
    region.code: region
    for region in (
        Region("E12000001", "North East", "980"),
        Region("E12000002", "North West", "981"),
        Region("E12000003", "Yorkshire and the Humber", "982"),
        Region("E12000004", "East Midlands", "983"),
        Region("E12000005", "West Midlands", "984"),
        Region("E12000006", "East of England", "985"),
        Region("E12000007", "London", "986"),
        Region("E12000008", "South East", "989"),
        Region("E12000009", "South West", "990"),
    )
}
ENGLAND_CODE = "E92000001"
ENGLAND_TOOL_CODE = "970"
#: The interactive tool also gives Inner and Outer London; they are parts of a region, not regions.
PARTS_OF_LONDON = {"987": "Inner London", "988": "Outer London"}

_SPELLINGS = {"yorkshire and humberside": "E12000003", "eastern": "E12000006", "east": "E12000006", "greater london": "E12000007"}


def region_of(text: str) -> Region | None:
    """The region that a name, an ONS code or the interactive tool's code means, however it is capitalised; None for no region.

    Inner and Outer London, written either way round, are both London.
    """
    plain = " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("&", " and ")))
    if plain in {"london inner", "london outer", "inner london", "outer london", "987", "988"}:
        return REGIONS["E12000007"]
    for region in REGIONS.values():
        if plain in {region.name.lower(), region.code.lower(), region.tool_code}:
            return region
    code = _SPELLINGS.get(plain)
    return REGIONS[code] if code else None
