"""What a question is: its words, how it is put, and what may be answered. Four kinds: closed, ranked, open, and principles one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from convenor.consultation.rules.refusals import BadProposition
from convenor.consultation.rules.states import QuestionKind, Stance

KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
WORDS_AT_MOST: Final = 400
OPTIONS_AT_MOST: Final = 12
#: What may be said of one principle, in the order of the page.
STANCES: Final[dict[Stance, str]] = {Stance.AGREE: "Agree", Stance.UNSURE: "Unsure", Stance.DISAGREE: "Disagree"}
KINDS: Final[dict[QuestionKind, str]] = {
    QuestionKind.CLOSED: "One of several answers",
    QuestionKind.RANKED: "Put in order",
    QuestionKind.OPEN: "In their own words",
    QuestionKind.PRINCIPLES: "Principles, one by one",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be chosen, put in order, or voted on."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """One question. `about` is the key of the section of the proposition beside which it stands, "" for the whole."""

    key: str
    kind: QuestionKind
    words: str
    options: tuple[Option, ...] = ()
    required: bool = False
    hint: str = ""
    about: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its options, in order."""
        return tuple(each.key for each in self.options)

    def words_of(self, key: str) -> str:
        """The words of one option; the key itself where there is no such option any more."""
        return next((each.words for each in self.options if each.key == key), key)


def question_from(given: Mapping[str, Any], *, sections: Sequence[str], where: str = "") -> QuestionAsked:
    """A question as data, checked. `sections` are the keys of the proposition; `where` begins the message of what is wrong.

    Raises BadProposition, which says what would mend it.
    """
    at = where or f"Question “{given.get('key', '')}”"
    key, words = str(given.get("key", "")), str(given.get("words", "")).strip()
    kind = _kind(given.get("kind", ""), at)
    if not KEY.fullmatch(key):
        raise BadProposition(f"{at}: a key is small letters, figures and hyphens, at most 40, and begins with a letter.")
    if not 0 < len(words) <= WORDS_AT_MOST:
        raise BadProposition(f"{at}: a question has words, at most {WORDS_AT_MOST} letters.")
    about = str(given.get("about", ""))
    if about and about not in sections:
        raise BadProposition(f"{at}: it stands beside “{about}”, which is no section. Sections are: {', '.join(sections)}.")
    options = tuple(_option(each, at) for each in given.get("options", ()))
    _check_options(kind, options, at)
    return QuestionAsked(
        key, kind, words, options, bool(given.get("required", False)), str(given.get("hint", "")).strip()[:WORDS_AT_MOST], about
    )


def options_as_data(question: QuestionAsked) -> list[dict[str, str]]:
    """The options as they are stored."""
    return [{"key": each.key, "words": each.words} for each in question.options]


def option_key(number: int, words: str) -> str:
    """A key for an option that somebody typed: its first words, or its number where they make none."""
    said = "-".join(re.findall(r"[a-z0-9]+", words.lower())[:5])[:36].strip("-")
    return said if KEY.fullmatch(said) else f"option-{number}"


def _kind(given: Any, at: str) -> QuestionKind:
    try:
        return QuestionKind(given)
    except ValueError as error:
        raise BadProposition(f"{at}: “{given}” is no kind of question. Kinds are: {', '.join(QuestionKind)}.") from error


def _option(given: Any, at: str) -> Option:
    key, words = (str(given.get(name, "")).strip() for name in ("key", "words")) if isinstance(given, Mapping) else ("", "")
    if not KEY.fullmatch(key) or not 0 < len(words) <= WORDS_AT_MOST:
        raise BadProposition(f"{at}: an option has a key of small letters and words, at most {WORDS_AT_MOST} letters.")
    return Option(key, words)


def _check_options(kind: QuestionKind, options: tuple[Option, ...], at: str) -> None:
    if kind is QuestionKind.OPEN:
        if options:
            raise BadProposition(f"{at}: an open question has no options. Take them out, or make it a closed one.")
        return
    fewest = 1 if kind is QuestionKind.PRINCIPLES else 2
    if not fewest <= len(options) <= OPTIONS_AT_MOST:
        raise BadProposition(f"{at}: it has {len(options)} options; between {fewest} and {OPTIONS_AT_MOST} can be asked.")
    if len({each.key for each in options}) < len(options):
        raise BadProposition(f"{at}: two options are the same. Take one out.")
