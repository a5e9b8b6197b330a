"""What a reader may ask of a list of schools, read from an address and written back to one.

Nothing here orders schools by a result: a list is sorted by name, and only by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

#: Size bands by pupils on roll: key, words, smallest, largest (both inclusive; None is open).
SIZES: Final[dict[str, tuple[str, int | None, int | None]]] = {
    "to-100": ("up to 100 pupils", None, 100),
    "101-250": ("101 to 250 pupils", 101, 250),
    "251-500": ("251 to 500 pupils", 251, 500),
    "501-1000": ("501 to 1,000 pupils", 501, 1000),
    "over-1000": ("more than 1,000 pupils", 1001, None),
    "unknown": ("number of pupils not known", None, None),
}

#: The wording of the latest graded inspection, each in its own vocabulary: key, words, vocabulary, overall grade.
INSPECTIONS: Final[dict[str, tuple[str, str, str]]] = {
    "outstanding": ("Outstanding, as judged before September 2024", "overall_effectiveness", "1"),
    "good": ("Good, as judged before September 2024", "overall_effectiveness", "2"),
    "requires-improvement": ("Requires improvement, as judged before September 2024", "overall_effectiveness", "3"),
    "inadequate": ("Inadequate, as judged before September 2024", "overall_effectiveness", "4"),
    "key-judgements": ("Key judgements without an overall grade (2024/25)", "key_judgements", ""),
    "report-card": ("Report card (from November 2025)", "report_card", ""),
    "none": ("No graded inspection published", "", ""),
}

TEXT_MAXIMUM = 100
#: Asks for schools that are in no trust.
NO_TRUST: Final = "none"


@dataclass(frozen=True, slots=True)
class SchoolFilter:
    """What is asked for; an empty field asks for nothing. Unknown words are dropped, never an error."""

    phase: str = ""
    kind: str = ""
    trust: str = ""
    inspection: str = ""
    size: str = ""
    text: str = ""

    @classmethod
    def read(cls, words: Mapping[str, str]) -> SchoolFilter:
        """The filter that an address asks for. `inspection` and `size` must be known keys; text is cut at 100 characters."""
        said = {field.name: (words.get(field.name) or "").strip()[:TEXT_MAXIMUM].strip() for field in fields(cls)}
        if said["inspection"] not in INSPECTIONS:
            said["inspection"] = ""
        if said["size"] not in SIZES:
            said["size"] = ""
        return cls(**said)

    def address(self) -> dict[str, str]:
        """The part of an address that asks for this again: only what is set."""
        return {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}

    @property
    def asks(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.address())

    @property
    def in_words(self) -> list[str]:
        """Each thing asked for, in words, for the page and for a downloaded file."""
        return self.words()

    def words(self, *, trust: str = "") -> list[str]:
        """As `in_words`, with the trust's name in place of its UID where the caller knows it."""
        said = []
        if self.phase:
            said.append(f"phase {self.phase}")
        if self.kind:
            said.append(f"type {self.kind}")
        if self.trust:
            said.append("not in a trust" if self.trust == NO_TRUST else f"trust {trust or self.trust}")
        if self.inspection:
            said.append(f"latest graded inspection: {INSPECTIONS[self.inspection][0]}")
        if self.size:
            said.append(SIZES[self.size][0])
        if self.text:
            said.append(f"text “{self.text}”")
        return said
