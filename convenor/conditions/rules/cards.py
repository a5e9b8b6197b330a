"""The cards that a room puts in order: by default the nine conditions of an effective local school improvement system.

The wording is the source's own; the short names, for a phone and a chart, are ours. Any other nine cards can take their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Where the nine conditions, and the two ends of the diamond, come from.
SOURCE: Final = "Isos Partnership, workshop for the South East sector-led improvement network, 7 June 2019, activity 1"
#: What the ends of the diamond mean, in the source's words.
TOP_MEANS: Final = "Areas of strength for your local system"
BOTTOM_MEANS: Final = "Areas where most improvement is needed in your local system"


@dataclass(frozen=True, slots=True)
class Card:
    """One card: its lasting key, its short name, its whole wording, and where the wording comes from."""

    key: str
    name: str
    wording: str
    source: str = SOURCE


#: In the source's order, which is no order of merit.
NINE_CONDITIONS: Final[tuple[Card, ...]] = (
    Card("vision", "Vision", "A clear and compelling vision for the local school improvement system"),
    Card("trust", "Trust", "Trust and high social capital between schools, the local authority, and partners"),
    Card("engagement", "Engagement", "Strong engagement from the majority of schools and academies"),
    Card("leadership", "System leaders", "Leadership from key system leaders"),
    Card("authority", "Local authority", "A crucial empowering and facilitative role for the local authority"),
    Card("capacity", "Capacity", "Sufficient capacity for school-to-school support"),
    Card("links", "Regional links", "Effective links with regional partners"),
    Card("contributions", "Contributions", "Sufficient financial contributions (from schools and the local authority)"),
    Card("structures", "Structures", "Structures to enable partnership activity"),
)
