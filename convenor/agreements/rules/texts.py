"""The text of a data-sharing agreement: sections in plain words, and what it says of each class of record. Templates are data, in
`texts/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.refusals import BadText

FOLDER: Final = Path(__file__).parent.parent / "texts"
#: The templates that come with Convenor, in the order in which pages offer them.
TEMPLATE_KEYS: Final = ("school-data-sharing",)
HEADING_AT_MOST: Final = 120
SECTION_AT_MOST: Final = 3000
SECTIONS_AT_MOST: Final = 20
CLASS_WORDS_AT_MOST: Final = 600
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
#: What stands in a template for the partnership's own name.
OWN_NAME: Final = "{partnership}"


class Part(IntEnum):
    """On which of the two pages of joining a section stands."""

    FOR_WHAT = 1
    AGREEMENT = 2


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the text."""

    key: str
    part: Part
    heading: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> str:
        """Its paragraphs as somebody writes them: a line left empty between them."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class ClassWords:
    """What the text says of one class of record: what it is, what it is used for, who sees it."""

    data_class: DataClass
    items: str
    used_for: str
    seen_by: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where wording or a basis comes from."""

    title: str
    link: str
    taken: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text that a partnership can begin from, with where it comes from."""

    key: str
    version: int
    name: str
    says: str
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]
    classes: tuple[ClassWords, ...]


def template(key: str) -> Template:
    """A template that comes with Convenor. Raises BadText where there is none of this key."""
    if key not in TEMPLATE_KEYS:
        raise BadText(f"There is no template “{key}”. There are: {', '.join(TEMPLATE_KEYS)}.")
    return _shipped(key)


def templates() -> tuple[Template, ...]:
    """Every template that comes with Convenor."""
    return tuple(_shipped(key) for key in TEMPLATE_KEYS)


@cache
def _shipped(key: str) -> Template:
    return template_from(tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8")))


def template_from(raw: Mapping[str, Any]) -> Template:
    """The template that a file describes, checked. Raises BadText, which says which entry and what would mend it."""
    for name in ("key", "name", "says"):
        if not str(raw.get(name, "")).strip():
            raise BadText(f"A template says its {name}. Add it at the top of the file.")
    sources = tuple(Source(str(each["title"]), str(each["link"]), str(each["taken"])) for each in raw.get("source", ()))
    if not sources:
        raise BadText("A template names its sources: no basis and no wording is invented here. Add one at least.")
    return Template(
        str(raw["key"]), int(raw.get("version", 1)), str(raw["name"]), str(raw["says"]), sources,
        sections_from(raw.get("section", ())), classes_from(raw.get("class", ())),
    )  # fmt: skip


def sections_from(raw: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """The sections as stored or as a file has them, checked. Raises BadText."""
    found = tuple(
        Section(
            str(each.get("key", "")), Part.FOR_WHAT if each.get("part") == Part.FOR_WHAT else Part.AGREEMENT,
            str(each.get("heading", "")).strip(),
            tuple(str(words).strip() for words in each.get("paragraphs", ()) if str(words).strip()),
        )
        for each in raw
    )  # fmt: skip
    if len(found) > SECTIONS_AT_MOST or {each.part for each in found} != set(Part):
        raise BadText(
            f"A text says what the partnership is for and what is agreed: one section of each at least, and {SECTIONS_AT_MOST} in all at "
            f"most."
        )
    for number, each in enumerate(found, 1):
        if not KEY.fullmatch(each.key):
            raise BadText(f"Section {number}: a key is small letters, figures and hyphens, and begins with a letter.")
        if not 0 < len(each.heading) <= HEADING_AT_MOST:
            raise BadText(f"Section {number}: it has a heading, at most {HEADING_AT_MOST} letters. What you wrote stands below.")
        if not each.paragraphs or len(each.words) > SECTION_AT_MOST:
            raise BadText(f"“{each.heading}”: say it in at most {SECTION_AT_MOST:,} letters. What you wrote stands below.")
    if len({each.key for each in found}) < len(found):
        raise BadText("Two sections have the same key. Change one.")
    return found


def classes_from(raw: Sequence[Mapping[str, Any]]) -> tuple[ClassWords, ...]:
    """What the text says of each class, checked: all four, each once, in the order of the classes. Raises BadText."""
    found: dict[DataClass, ClassWords] = {}
    for each in raw:
        key = str(each.get("key", ""))
        if key not in set(DataClass) or key in found:
            raise BadText(f"“{key}” is no class of record, or stands twice. There are: {', '.join(DataClass)}.")
        words = ClassWords(DataClass(key), *(str(each.get(name, "")).strip() for name in ("items", "used_for", "seen_by")))
        if any(not 0 < len(said) <= CLASS_WORDS_AT_MOST for said in (words.items, words.used_for, words.seen_by)):
            raise BadText(
                f"Of each class the text says what it is, what it is used for and who sees it, each in at most {CLASS_WORDS_AT_MOST} "
                f"letters: "
                f"mend “{key}”. What you wrote stands below."
            )
        found[words.data_class] = words
    left = [each.value for each in DataClass if each not in found]
    if left:
        raise BadText(f"The text says nothing of {' and '.join(left)}. Add it.")
    return tuple(found[each] for each in DataClass)


def named(sections: Sequence[Section], partnership: str) -> tuple[Section, ...]:
    """The sections with the partnership's own name where the template leaves room for it."""
    return tuple(
        Section(
            each.key, each.part, each.heading.replace(OWN_NAME, partnership),
            tuple(words.replace(OWN_NAME, partnership) for words in each.paragraphs),
        )
        for each in sections
    )  # fmt: skip


def sections_as_data(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """The sections as they are stored."""
    return [{"key": each.key, "part": each.part.value, "heading": each.heading, "paragraphs": list(each.paragraphs)} for each in sections]


def classes_as_data(classes: Iterable[ClassWords]) -> list[dict[str, str]]:
    """What is said of the classes, as it is stored."""
    return [{"key": each.data_class.value, "items": each.items, "used_for": each.used_for, "seen_by": each.seen_by} for each in classes]


def paragraphs_of(words: str) -> tuple[str, ...]:
    """What somebody wrote, paragraph by paragraph: a line left empty parts them."""
    parts = re.split(r"\n\s*\n", words.replace("\r\n", "\n").replace("\x00", ""))
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def section_key(heading: str, taken: Iterable[str]) -> str:
    """A key for a new section, made of its heading, that none of the others has."""
    made = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")[:30] or "section"
    made = made if made[0].isalpha() else f"s-{made}"[:30]
    known = set(taken)
    return next(key for key in (made, *(f"{made}-{number}" for number in range(2, 99))) if key not in known)
