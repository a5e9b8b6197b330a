"""A proposition: what is proposed, section by section, and the questions beside it. Templates are data, in `propositions/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from convenor.consultation.rules.questions import KEY, QuestionAsked, question_from
from convenor.consultation.rules.refusals import BadProposition, NoWords, WrongDay

FOLDER: Final = Path(__file__).parent.parent / "propositions"
#: The templates that come with Convenor, in the order in which pages offer them.
TEMPLATE_KEYS: Final = ("gloucestershire-2018", "before-drafting")
HEADING_AT_MOST: Final = 160
SECTION_AT_MOST: Final = 6000
SECTIONS_AT_MOST: Final = 12
#: A consultation of schools stays open for this many days at least (ours: two working weeks), and not for more than half a year.
FEWEST_DAYS: Final = 10
MOST_DAYS: Final = 183


@dataclass(frozen=True, slots=True)
class Section:
    """One part of what is proposed, shown beside the questions about it."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> str:
        """Its paragraphs as somebody writes them: a line left empty between them."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Template:
    """A proposition that a partnership can begin from, with where it comes from."""

    key: str
    version: int
    name: str
    says: str
    source: str
    sections: tuple[Section, ...]
    questions: tuple[QuestionAsked, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of an answer: a section of the proposition beside its questions, or the questions about the whole."""

    number: int
    section: Section | None
    questions: tuple[QuestionAsked, ...]


def template(key: str) -> Template:
    """A template that comes with Convenor. Raises BadProposition where there is none of this key."""
    if key not in TEMPLATE_KEYS:
        raise BadProposition(f"There is no template “{key}”. There are: {', '.join(TEMPLATE_KEYS)}.")
    return _shipped(key)


def templates() -> tuple[Template, ...]:
    """Every template that comes with Convenor."""
    return tuple(_shipped(key) for key in TEMPLATE_KEYS)


@cache
def _shipped(key: str) -> Template:
    return template_from(tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8")))


def template_from(raw: Mapping[str, Any]) -> Template:
    """The template that a file describes, checked. Raises BadProposition, which says which entry and what would mend it."""
    for name in ("key", "name", "says", "source"):
        if not str(raw.get(name, "")).strip():
            raise BadProposition(f"A template says its {name}. Add it at the top of the file.")
    sections = sections_from(raw.get("section", ()))
    keys = [each.key for each in sections]
    questions = tuple(
        question_from(each, sections=keys, where=f"Question {number}") for number, each in enumerate(raw.get("question", ()), 1)
    )
    check_questions(questions)
    return Template(
        str(raw["key"]), int(raw.get("version", 1)), str(raw["name"]), str(raw["says"]), str(raw["source"]), sections, questions
    )


def sections_from(raw: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """The sections as stored or as a file has them, checked. Raises BadProposition."""
    found = tuple(
        Section(
            str(each.get("key", "")), str(each.get("heading", "")).strip(),
            tuple(str(words).strip() for words in each.get("paragraphs", ()) if str(words).strip()),
        )
        for each in raw
    )  # fmt: skip
    if not 0 < len(found) <= SECTIONS_AT_MOST:
        raise BadProposition(f"A proposition has between one and {SECTIONS_AT_MOST} sections; this one has {len(found)}.")
    for number, each in enumerate(found, 1):
        if not KEY.fullmatch(each.key):
            raise BadProposition(f"Section {number}: a key is small letters, figures and hyphens, and begins with a letter.")
        if not 0 < len(each.heading) <= HEADING_AT_MOST:
            raise BadProposition(f"Section {number}: it has a heading, at most {HEADING_AT_MOST} letters.")
        if not each.paragraphs or len(each.words) > SECTION_AT_MOST:
            raise BadProposition(f"“{each.heading}”: say what is proposed, in at most {SECTION_AT_MOST:,} letters.")
    if len({each.key for each in found}) < len(found):
        raise BadProposition("Two sections have the same key. Change one.")
    return found


def as_data(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """The sections as they are stored."""
    return [{"key": each.key, "heading": each.heading, "paragraphs": list(each.paragraphs)} for each in sections]


def paragraphs_of(words: str) -> tuple[str, ...]:
    """What somebody wrote, paragraph by paragraph: a line left empty parts them."""
    parts = re.split(r"\n\s*\n", words.replace("\r\n", "\n").replace("\x00", ""))
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def check_questions(questions: Sequence[QuestionAsked]) -> None:
    """Raises BadProposition where nothing is asked, or two questions have one key."""
    if not questions:
        raise BadProposition("Ask one question at least: a proposition without one is a letter.")
    if len({each.key for each in questions}) < len(questions):
        raise BadProposition("Two questions have the same key. Change one.")


def check_days(opens_on: Any, closes_on: Any) -> None:
    """Raises WrongDay where schools would have too little time, or the end comes before the beginning."""
    days = (closes_on - opens_on).days
    if days < FEWEST_DAYS:
        raise WrongDay(f"Give schools {FEWEST_DAYS} days at least: this would be {max(days, 0)}. Choose a later last day.")
    if days > MOST_DAYS:
        raise WrongDay("A consultation that stays open for more than half a year is forgotten. Choose an earlier last day.")


def check_change(now: Sequence[Section], then: Sequence[Section], says: str) -> None:
    """Raises BadProposition where nothing is different, and NoWords where it is not said what is, for those who have answered."""
    if list(now) == list(then):
        raise BadProposition("Nothing is different. The version that stands goes on.")
    if not says.strip():
        raise NoWords("Say in a sentence what is different: whoever has answered is told it. What you wrote stands below.")


def steps(sections: Sequence[Section], questions: Sequence[QuestionAsked]) -> tuple[Step, ...]:
    """One screen for each section with questions, read with the sections before it that have none; then the whole."""
    found: list[Step] = []
    for each in sections:
        asked = tuple(one for one in questions if one.about == each.key)
        found.append(Step(len(found) + 1, each, asked))
    whole = tuple(one for one in questions if one.about not in {each.key for each in sections})
    if whole:
        found.append(Step(len(found) + 1, None, whole))
    return tuple(found)
