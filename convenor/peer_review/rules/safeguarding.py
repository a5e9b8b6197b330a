"""What a reviewer does who is worried about a child: whom they tell, today, by word of mouth. Nothing about it is written here.

Source: the requirements H2 of the field notes, after Keeping children safe in education (Department for Education), part one
(tell the designated safeguarding lead) and part four (an allegation about the head goes to the chair or to the local
authority's designated officer). No number of anybody is invented: who they are, the school and the authority say.
https://www.gov.uk/government/publications/keeping-children-safe-in-education--2
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Worried:
    """The panel that stands on every page for the team: a heading, what to do line by line, and what is never written here."""

    title: str
    lines: tuple[str, ...]
    never: str


def worried(authority: str) -> Worried:
    """The panel for a school of this local authority, by name; "" where it is not known, and then it says "the local authority"."""
    of = f" of {authority}" if authority else " of the local authority"
    return Worried(
        "If you are worried about a child",
        (
            "Tell the school’s designated safeguarding lead or the head today, before you leave. Any member of staff takes you to them.",
            f"If it concerns the head, tell the designated officer (LADO){of}. The authority’s own page says how to reach them.",
            "If a child is in danger now, ring 999.",
        ),
        "Write nothing about it here: Convenor keeps no record of it, and nobody would read it in time.",
    )
