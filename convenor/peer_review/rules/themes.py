"""The themes of peer review: what a host asks eyes for, what reviewers know, what evidence, findings and expectations are filed under.

One short list for all of them, so that what was asked, what was seen and what came of it can be laid side by side. Governance and
safeguarding are not among them: peer review does not review governance, and a concern about a child is never written here.
Source: ours; no source that we read gives such a list. The words follow the areas that schools and inspectors both use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its key, the name that pages show, and what belongs under it."""

    key: str
    name: str
    says: str


_LISTED: Final = (
    Theme("reading", "Reading", "Early reading, phonics, reading across the school, a love of books"),
    Theme("writing", "Writing", "Writing, spelling and handwriting, in every subject"),
    Theme("mathematics", "Mathematics", "Number, reasoning and problem solving"),
    Theme("science", "Science", "Science and practical work"),
    Theme("wider-curriculum", "Wider curriculum", "The other subjects: what is taught, in which order and why"),
    Theme("early-years", "Early years", "Nursery and reception"),
    Theme("teaching", "Teaching", "How pupils are taught and learn, lesson by lesson"),
    Theme("assessment", "Assessment", "Knowing what pupils know, and what is done with it"),
    Theme("behaviour", "Behaviour", "Behaviour, attitudes and belonging"),
    Theme("attendance", "Attendance", "Being in school and on time"),
    Theme("inclusion", "SEND and inclusion", "Special educational needs and disabilities, and every pupil's part in school life"),
    Theme("disadvantage", "Disadvantage", "Pupils whom disadvantage could hold back, and what is done about it"),
    Theme("personal-development", "Personal development", "Character, health, citizenship and life beyond lessons"),
    Theme("leadership", "Leadership", "Leaders at every level, and how the school improves itself"),
    Theme("staff", "Staff and workload", "Staff development, well-being and workload"),
    Theme("parents", "Parents and carers", "Working with families and the community"),
    Theme("sixth-form", "Sixth form", "Study and guidance after sixteen"),
)

#: Every theme by its key, in the order in which pages offer them.
THEMES: Final[dict[str, Theme]] = {theme.key: theme for theme in _LISTED}


def name_of(key: str) -> str:
    """The name of a theme; the key itself where an older record holds one that is no longer listed."""
    return THEMES[key].name if key in THEMES else key


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """The known themes among the keys, each once, in the order in which pages offer them."""
    chosen = set(keys)
    return tuple(key for key in THEMES if key in chosen)
