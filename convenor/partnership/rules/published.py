"""How the phases and types of the public register are called in a constitution."""

from __future__ import annotations

PHASE_KEYS: dict[str, str] = {
    "Nursery": "nursery",
    "Primary": "primary",
    "Secondary": "secondary",
    "All-through": "all-through",
    "Special": "special",
    "PRU": "alternative",
    "16 plus": "post-16",
}
"""The register's phase and the word a constitution uses for it."""

_TYPES = (
    ("free school", "free-school"),
    ("studio school", "studio-school"),
    ("university technical college", "university-technical-college"),
    ("city technology college", "city-technology-college"),
    ("sponsor led", "academy-sponsor-led"),
    ("converter", "academy-converter"),
    ("academy", "academy"),
    ("voluntary aided", "voluntary-aided"),
    ("voluntary controlled", "voluntary-controlled"),
    ("foundation", "foundation"),
    ("pupil referral", "pupil-referral-unit"),
    ("nursery", "maintained-nursery"),
    ("community", "community"),
    ("further education", "further-education"),
    ("sixth form", "further-education"),
)


def phase_key(phase: str) -> str:
    """The constitution's word for a phase of the register; "" for a phase it does not know."""
    return PHASE_KEYS.get(phase, "")


def type_key(type_name: str) -> str:
    """The constitution's word for a type of establishment ("Academy Sponsor Led" is "academy-sponsor-led"); "" where it has none.

    The first words that fit decide: "Free School Special" is a free school, "Foundation Special School" a foundation school.
    """
    words = type_name.lower().replace("schools", "school")
    return next((key for said, key in _TYPES if said in words), "")
