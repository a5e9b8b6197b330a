"""What the cells of a plan's lines say: read where they can be, and where not the line says so and goes without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from convenor.england.phases import ALL_THROUGH, NURSERY, PHASES, PRIMARY, PRU, SECONDARY, SIXTEEN_PLUS, SPECIAL
from convenor.moving_in.rules.kinds import folded
from convenor.moving_in.rules.planning_desk import Desk, Where
from convenor.moving_in.rules.refusals import NotReadable
from convenor.moving_in.rules.values import read_day, read_half_days, read_pence, read_role, read_year, read_yes
from convenor.peer_review.rules.themes import THEMES, in_order

#: Words in what people write of their expertise, and the theme that each means. Beginnings of words count.
THEME_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "reading": ("reading", "phonics", "english", "literacy", "book"),
    "writing": ("writing", "spelling", "handwriting", "english", "literacy", "grammar"),
    "mathematics": ("math", "numeracy", "number", "arithmetic"),
    "science": ("science", "stem", "physics", "chemistry", "biology"),
    "wider-curriculum": (
        "curriculum", "history", "geograph", "art", "music", "language", "mfl", "computing", "ict", "pe", "re", "technology", "subject",
        "foundation", "humanities", "sport",
    ),
    "early-years": ("early years", "eyfs", "nursery", "reception", "foundation stage"),
    "teaching": ("teaching", "learning", "pedagog", "lesson", "coaching", "metacognition"),
    "assessment": ("assessment", "data", "moderation", "tracking", "feedback", "marking"),
    "behaviour": ("behavio", "relational", "exclusion", "suspension", "restorative", "semh"),
    "attendance": ("attendance", "absence", "punctuality"),
    "inclusion": ("send", "sen", "senco", "inclusion", "inclusive", "autism", "speech", "eal", "special"),
    "disadvantage": ("disadvantage", "pupil premium", "pp", "ppg", "poverty", "vulnerable"),
    "personal-development": (
        "personal development", "pshe", "rshe", "character", "wellbeing of pupils", "smsc", "mental health", "careers",
    ),
    "leadership": (
        "leader", "leadership", "headship", "middle leaders", "governance", "self evaluation", "school improvement", "sef", "ofsted",
    ),
    "staff": ("staff", "workload", "cpd", "professional development", "ect", "recruit", "retention", "wellbeing"),
    "parents": ("parent", "famil", "communit", "carer"),
    "sixth-form": ("sixth form", "post 16", "ks5", "a level"),
}  # fmt: skip
#: The words by which phases go, and the phases that each means.
PHASE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    NURSERY: ("nursery", "early years", "eyfs"),
    PRIMARY: ("primary", "infant", "junior", "ks1", "ks2", "key stage 1", "key stage 2", "first", "eyfs"),
    SECONDARY: ("secondary", "ks3", "ks4", "key stage 3", "key stage 4", "high", "upper"),
    ALL_THROUGH: ("all through",),
    SIXTEEN_PLUS: ("ks5", "sixth", "post 16", "16 plus"),
    SPECIAL: ("special",),
    PRU: ("alternative", "pru", "ap"),
}  # fmt: skip


def themes_in(text: str) -> tuple[str, ...]:
    """The themes that free words mean, in the order of pages; empty where none is known."""
    said = f" {folded(text)} "
    exact = [key for key, theme in THEMES.items() if folded(theme.name) in said]
    found = [key for key, words in THEME_WORDS.items() if any(_begins(word, said) for word in words)]
    return in_order((*exact, *found))


def phases_in(text: str) -> tuple[str, ...]:
    """The phases that free words mean; empty for all, or where none is known."""
    said = f" {folded(text)} "
    found = {key for key, words in PHASE_WORDS.items() if any(_begins(word, said) for word in words)}
    return tuple(each for each in PHASES if each in found)


def _begins(word: str, said: str) -> bool:
    """Whether a word, or one that begins so, stands there; words of three letters and fewer stand by themselves."""
    return f" {word} " in said or (len(word) > 3 and f" {word}" in said)


@dataclass(frozen=True, slots=True)
class Cells:
    """Reads cells for one plan."""

    desk: Desk
    on: date

    def day(self, text: str, where: Where, called: str, *, end: bool = False) -> date | None:
        """The day of a cell; None for nothing, and for what cannot be read, which is told."""
        try:
            found = read_day(text, end=end)
        except NotReadable as error:
            self._tell(where, called, error)
            return None
        return found.on if found is not None else None

    def pence(self, text: str, where: Where, called: str) -> int | None:
        """Money in pence; None for nothing, and for what cannot be read."""
        try:
            return read_pence(text)
        except NotReadable as error:
            self._tell(where, called, error)
            return None

    def half_days(self, text: str, where: Where, called: str) -> int | None:
        """Days as half days; None for nothing, and for what cannot be read."""
        try:
            return read_half_days(text)
        except NotReadable as error:
            self._tell(where, called, error)
            return None

    def yes(self, text: str) -> bool | None:
        """Yes or no; None for nothing, and for anything else."""
        try:
            return read_yes(text)
        except NotReadable:
            return None

    def year(self, text: str) -> str:
        """The school year of a cell as 2026-27; "" for nothing and for what cannot be read."""
        try:
            found = read_year(text)
        except NotReadable:
            return ""
        return found.label if found is not None else ""

    def role(self, text: str) -> str:
        """The key of a contact's role; "other" for what is none of them."""
        return read_role(text) or "other"

    def months(self, text: str) -> int | None:
        """The length of a term of office in months: "3 years" is 36, "3" too; None for anything else."""
        found = re.fullmatch(r"(\d{1,2})(?:\s*-?\s*(years?|yrs?|months?|mths?))?", text.strip().lower())
        if found is None or not int(found[1]):
            return None
        return int(found[1]) * (1 if (found[2] or "").startswith("m") else 12)

    def _tell(self, where: Where, called: str, error: NotReadable) -> None:
        self.desk.tell(f"{where[0]}, line {where[1]}: {called}: {error} The rest of the line is brought.")
