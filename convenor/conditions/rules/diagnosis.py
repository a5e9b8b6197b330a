"""The system read by two sides, heads and officers, by the questions of a framework that is data. Pure.

Both readings stand side by side so that a difference can be talked about; none is computed into a verdict, and every page says that they
are indicative. Nothing is told before five of each side have read. After that people are counted in fives, in the order in which they sent:
between two tellings of a question lie the answers of five people at least, and who was counted changes no answer any more. So nothing comes
of subtracting one telling from another.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from convenor.conditions.rules.refusals import BadAgenda, NotOpen, NoWords
from convenor.conditions.rules.self_assessment import Segment, segments
from convenor.conditions.rules.states import Reading

#: People of one side are counted in so many; of fewer nothing is told.
FIVES: Final = 5
#: The framework that is read.
STANDARD: Final = "local-systems"
FRAMEWORKS: Final = Path(__file__).parent.parent / "frameworks"
SIDE_SAYS: Final[Mapping[Reading, str]] = {Reading.HEADS: "Heads", Reading.OFFICERS: "Officers of the authority"}
#: On which side a holder of a role reads.
_SIDES: Final[Mapping[str, Reading]] = {"officer": Reading.OFFICERS, "head": Reading.HEADS, "trust-lead": Reading.HEADS}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question."""

    key: str
    name: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what is asked about, what it means, and its options in their order."""

    key: str
    words: str
    means: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions of one source."""

    key: str
    name: str
    says: str
    source: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework as its file has it. `label` is what a reading keeps."""

    key: str
    version: int
    name: str
    says: str
    sections: tuple[Section, ...]

    @property
    def label(self) -> str:
        """Key and version, such as local-systems-1."""
        return f"{self.key}-{self.version}"

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in order."""
        return tuple(question for section in self.sections for question in section.questions)


def framework_from(row: Mapping[str, Any]) -> Framework:
    """A framework from its file. Raises BadAgenda, which says where something is missing, twice or unknown, and what would mend it."""
    try:
        scales = {scale["key"]: _options(scale["options"]) for scale in row.get("scale", ())}
        sections = tuple(
            Section(each["key"], each["name"], each["says"], each["source"], tuple(_question(asked, scales) for asked in each["question"]))
            for each in row["section"]
        )
        found = Framework(row["key"], row["version"], row["name"], row["says"], sections)
    except KeyError as error:
        raise BadAgenda(f"The framework lacks {error}. Give it, or a scale of that key.") from error
    keys = Counter(each.key for each in found.questions)
    twice = next((key for key, count in keys.items() if count > 1), None)
    if twice is not None:
        raise BadAgenda(f"The question {twice} is there twice. Give each a key of its own.")
    few = next((each.key for each in found.questions if len({option.key for option in each.options}) < max(2, len(each.options))), None)
    if few is not None:
        raise BadAgenda(f"The question {few} needs two options or more, each with a key of its own.")
    return found


def _options(rows: Iterable[Sequence[str]]) -> tuple[Option, ...]:
    return tuple(Option(*each) for each in rows)


def _question(row: Mapping[str, Any], scales: Mapping[str, tuple[Option, ...]]) -> Question:
    options = _options(row["options"]) if "options" in row else scales[row["scale"]]
    return Question(row["key"], row["words"], row.get("means", ""), options)


@cache
def framework(key: str = STANDARD) -> Framework:
    """A framework that Convenor brings along."""
    return framework_from(tomllib.loads((FRAMEWORKS / f"{key}.toml").read_text(encoding="utf-8")))


def side_of(roles: Iterable[str]) -> Reading | None:
    """On which side a holder of these roles reads, an officer's first; None for whoever is neither head nor officer."""
    sides = {_SIDES[each] for each in roles if each in _SIDES}
    return next((each for each in (Reading.OFFICERS, Reading.HEADS) if each in sides), None)


def check_answers(answers: Mapping[str, str], asked: Framework) -> dict[str, str]:
    """The answers as they are kept: those given. Raises NoWords for none, and for a question or an option that is not asked."""
    given = {key: option for key, option in answers.items() if option}
    if not given:
        raise NoWords("Answer at least one question; leave out those that you cannot. Nothing was changed.")
    options = {each.key: {option.key for option in each.options} for each in asked.questions}
    if any(option not in options.get(key, ()) for key, option in given.items()):
        raise NoWords("That is no question, or no answer, of this framework. Nothing was changed.")
    return given


def counted(people: int) -> int:
    """How many of so many people are counted: full fives.

    >>> [counted(people) for people in (4, 5, 9, 10)]
    [0, 5, 5, 10]
    """
    return people // FIVES * FIVES


def refuse_counted(place: int, people: int) -> None:
    """Raises NotOpen for a reading that is counted already: `place` (from 0) among `people` of its side, in the order of sending."""
    if place < counted(people):
        raise NotOpen("Your reading of this year is counted and stands, so that nobody can tell from a change whose it was.")


@dataclass(frozen=True, slots=True)
class SideTold:
    """What one side said of a question: how many chose each option in its order, of `said` people; None where too few answered it."""

    counts: tuple[int, ...] | None

    @property
    def said(self) -> int:
        """How many are counted here."""
        return sum(self.counts or ())

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The counts as a bar."""
        return segments(self.counts or ())


@dataclass(frozen=True, slots=True)
class Told:
    """Both readings. `read` is how many of each side have read, `needed` how many more each needs before anything is told.

    `questions` is empty until then.
    """

    read: Mapping[Reading, int]
    questions: Mapping[str, Mapping[Reading, SideTold]]

    @property
    def needed(self) -> dict[Reading, int]:
        """How many more readings each side needs before anything is told."""
        return {side: max(0, FIVES - self.read[side]) for side in Reading}

    @property
    def enough(self) -> bool:
        """Whether both sides have enough."""
        return not any(self.needed.values())


def tell(readings: Mapping[Reading, Sequence[Mapping[str, str]]], asked: Framework) -> Told:
    """What is told of the readings of each side, each in the order of sending."""
    sides = {side: list(readings.get(side, ())) for side in Reading}
    told = Told({side: len(rows) for side, rows in sides.items()}, {})
    if not told.enough:
        return told
    questions = {each.key: {side: SideTold(_counts(rows, each)) for side, rows in sides.items()} for each in asked.questions}
    return Told(told.read, questions)


def _counts(rows: Sequence[Mapping[str, str]], question: Question) -> tuple[int, ...] | None:
    """Full fives of people, and of those again only as far as five more have answered this question."""
    told: list[str] = []
    fresh: list[str] = []
    for start in range(0, counted(len(rows)), FIVES):
        fresh += [row[question.key] for row in rows[start : start + FIVES] if question.key in row]
        if len(fresh) >= FIVES:
            told, fresh = [*told, *fresh], []
    chosen = Counter(told)
    return tuple(chosen[option.key] for option in question.options) if told else None
