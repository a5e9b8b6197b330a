"""The cards that a room puts in order: by default the nine conditions of an effective local school improvement system.

The wording is the source's own; the short names, for a phone and a chart, are ours. Any other nine cards can take their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from convenor.conditions.rules.refusals import BadCards

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

#: A room places nine; it may first pick them of up to twelve.
CARDS_AT_LEAST: Final = 9
CARDS_AT_MOST: Final = 12
NAME_AT_MOST: Final = 40
WORDING_AT_MOST: Final = 200


def as_dicts(cards: Sequence[Card]) -> list[dict[str, str]]:
    """Cards as a workshop keeps them."""
    return [{"key": each.key, "name": each.name, "wording": each.wording, "source": each.source} for each in cards]


def cards_from(rows: Sequence[Mapping[str, str]]) -> tuple[Card, ...]:
    """The cards that a workshop keeps."""
    return tuple(Card(row["key"], row["name"], row["wording"], row.get("source", "")) for row in rows)


def check_cards(cards: Sequence[Card]) -> None:
    """That a room can place these. Raises BadCards, which says what is wrong and with which card."""
    if not CARDS_AT_LEAST <= len(cards) <= CARDS_AT_MOST:
        raise BadCards(f"There are {len(cards)} cards. A room places nine, or picks nine of up to twelve. Nothing was changed.")
    for number, card in enumerate(cards, 1):
        if not card.name.strip() or len(card.name) > NAME_AT_MOST or len(card.wording) > WORDING_AT_MOST:
            raise BadCards(
                f"Card {number} needs a name of at most {NAME_AT_MOST} letters, and a wording of at most {WORDING_AT_MOST}. "
                "Nothing was changed."
            )
    for what in ("key", "name"):
        held = Counter(getattr(card, what).strip().casefold() for card in cards)
        twice = next((card.name for card in cards if held[getattr(card, what).strip().casefold()] > 1), None)
        if twice is not None:
            raise BadCards(f"The card “{twice}” is there twice. Give each card a name of its own. Nothing was changed.")


def cards_typed(text: str, *, source: str = "") -> tuple[Card, ...]:
    """Cards written one on a line, “Name: its whole wording” or a name alone. Keys are made of their order. Raises BadCards."""
    found = []
    for number, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), 1):
        name, colon, wording = line.partition(":")
        found.append(Card(f"card-{number}", name.strip(), (wording.strip() if colon else "") or name.strip(), source))
    check_cards(found)
    return tuple(found)
