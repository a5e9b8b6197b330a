"""Facts, not judgements, and never a person: what a soft signal may say, and what is put back to its writer.

A signal that speaks of a person, of anybody's health, or of harm to a child is refused and not stored. A judging word is put
back as a question, with what to write instead. The check is a help to a writer of good will: it knows words, not meanings,
and errs towards asking. The lists are data in `wording_words`.

Source of the rule: "factual wording rules" and "never a person" in the requirements of our field notes (H3); the lists are
ours, and a wrong refusal, which costs a rewording, was preferred to a name kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from convenor.intelligence.rules import wording_words as words

#: A signal says one thing; a paragraph of them is several signals.
SHORTEST: Final = 15
LONGEST: Final = 500


class Kind(StrEnum):
    """Why something is put back to the writer."""

    PERSON = "person"
    HEALTH = "health"
    SAFEGUARDING = "safeguarding"
    JUDGEMENT = "judgement"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing put back to the writer: the very words, where they stand in the tidied text, a question and what to write instead."""

    kind: Kind
    word: str
    start: int
    end: int
    question: str
    instead: str


INSTEAD: Final[dict[Kind, str]] = {
    Kind.PERSON: (
        "Write it of the school: “Two of nine class teachers left in July.” A post may be named where it stands empty: “The post of "
        "deputy head has been vacant since 1 September.”"
    ),
    Kind.HEALTH: "Write what it means for the school, if anything: “Year 5 has been taught by supply teachers since 4 October.”",
    Kind.SAFEGUARDING: (
        "Speak to the school's designated safeguarding lead or to the council's children's services today; in an emergency call 999. "
        "If it concerns the head, speak to the council's designated officer (LADO). Nothing of it is stored here."
    ),
    Kind.JUDGEMENT: "Write what somebody standing there would have seen: a number, a day, a thing done or not done.",
    Kind.LENGTH: f"One fact, in {SHORTEST} to {LONGEST} characters: what, how many, since when.",
}

QUESTION: Final[dict[Kind, str]] = {
    Kind.PERSON: "This seems to be about a person. What is it about the school?",
    Kind.HEALTH: "A person's health or absence is never recorded here, whoever is meant. What is it about the school?",
    Kind.SAFEGUARDING: "This may be about the safety of a child or adult, which does not belong here and must not wait.",
}


def tidy(text: str) -> str:
    """The text as it is checked and stored: composed letters, plain spaces and apostrophes, nothing invisible, no blank ends."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")
    seen = "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    lines = (re.sub(r"\s+", " ", line).strip() for line in re.split(r"[\n\r]+", seen))
    return "\n".join(line for line in lines if line)


def check(text: str, *, school: str = "") -> tuple[Finding, ...]:
    """What is put back to the writer of this text, in the order in which it stands there; nothing when it may be kept.

    The text is tidied first, and places in it count from there. `school` is the school's own name, in which a person's name may
    stand without being one.
    """
    said = tidy(text)
    found = [*_people(said, school), *_listed(said, _HEALTH, Kind.HEALTH), *_listed(said, _SAFEGUARDING, Kind.SAFEGUARDING)]
    found += _judgements(said)
    if not SHORTEST <= len(said) <= LONGEST:
        question = f"This has {len(said)} characters. What is the one fact?"
        found.append(Finding(Kind.LENGTH, "", 0, len(said), question, INSTEAD[Kind.LENGTH]))
    return tuple(sorted(_outermost(found), key=lambda each: (each.start, each.end)))


def about_a_person(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings means that nothing may be kept: a person, health, or harm."""
    return any(each.kind in (Kind.PERSON, Kind.HEALTH, Kind.SAFEGUARDING) for each in findings)


# How it is done


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{'|'.join(sorted(patterns, key=len, reverse=True))})(?!\w)", re.IGNORECASE)


_PLAIN_TITLE = re.compile(r"(?<!\w)(?:mr|mrs|ms|mx|dr)(?:\.\s?|\s+)[A-Za-z]\w*(?:['-]\w+)*", re.IGNORECASE)
_TITLE = re.compile(
    rf"(?<!\w)(?:{'|'.join(each.capitalize() for each in words.TITLES)})(?:\.\s?|\s+)[A-Z]\w*(?:['-]\w+)*(?: [A-Z]\w*(?:['-]\w+)*)*"
)
_PRONOUN = re.compile(rf"(?<![\w'/])(?:{'|'.join(map(re.escape, words.PRONOUNS))})(?![\w'])", re.IGNORECASE)
_HOLDER = _any(words.ROLE_HOLDERS)
_ONE = _any(words.ONE_PERSON)
_POST = _any(words.ABOUT_THE_POST)
_HEALTH = _any(words.HEALTH)
_SAFEGUARDING = _any(words.SAFEGUARDING)
_RECORD = _any(words.OF_RECORD)
_JUDGING = tuple((_any((pattern,)), question) for pattern, question in words.JUDGING.items())
_REACH = re.compile(r"[\w.+-]+@[\w-]+[\w.-]*|(?<!\w)@\w{2,}|(?<!\d)(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)")
_INITIAL = re.compile(r"(?<!\w)(?:[A-Z]\.\s?){1,3}[A-Z][a-z]\w*")
_RUN = re.compile(r"[A-Z][\w-]*(?:'\w+)?(?: [A-Z][\w-]*(?:'\w+)?)*")
_WORD = re.compile(r"[A-Za-z][\w-]*")
_CLAUSE = re.compile(r"[.!?;:\n]+|,? (?:but|while|because|although|whereas)\b|,? and(?= (?:the|a|an|its|it|our|they)\b)", re.IGNORECASE)
_START = re.compile(r"(?:^|[.!?\n]['\")]*\s*)$")


def _finding(kind: Kind, match_start: int, word: str, question: str = "") -> Finding:
    return Finding(kind, word, match_start, match_start + len(word), question or QUESTION[kind], INSTEAD[kind])


def _masked(said: str, *patterns: re.Pattern[str] | None) -> str:
    """The text with what the patterns find blotted out by full stops' worth of underscores, every other letter in its place."""
    for pattern in patterns:
        if pattern is not None:
            said = pattern.sub(lambda each: "_" * len(each.group()), said)
    return said


def _listed(said: str, pattern: re.Pattern[str], kind: Kind) -> list[Finding]:
    return [_finding(kind, each.start(), each.group()) for each in pattern.finditer(_masked(said, _RECORD))]


def _judgements(said: str) -> list[Finding]:
    left = _masked(said, _RECORD)
    return [
        _finding(Kind.JUDGEMENT, each.start(), each.group(), question) for pattern, question in _JUDGING for each in pattern.finditer(left)
    ]


def _people(said: str, school: str) -> list[Finding]:
    own = _any((re.escape(tidy(school)),)) if tidy(school) else None
    left = _masked(said, own)
    found = [each for pattern in (_PLAIN_TITLE, _TITLE, _PRONOUN, _REACH, _INITIAL, _ONE) for each in pattern.finditer(left)]
    people = [_finding(Kind.PERSON, each.start(), each.group()) for each in found if not _an_institution(each.group())]
    return [*people, *_holders(_masked(left, _RECORD)), *_names(left)]


def _holders(left: str) -> list[Finding]:
    """Single holders of a role, in clauses that do not speak of the post."""
    found, begin = [], 0
    for end in [*(each.end() for each in _CLAUSE.finditer(left)), len(left)]:
        clause = left[begin:end]
        if not _POST.search(clause):
            found += [_finding(Kind.PERSON, begin + each.start(), each.group()) for each in _HOLDER.finditer(clause)]
        begin = end
    return found


def _an_institution(name: str) -> bool:
    """Whether a run of capitalised words ends in what it is: a school, a road, a trust; or in a hall or a hill, and no person begins it."""
    parts = [part.removesuffix("'s").rstrip(".") for part in name.split()]
    if len(parts) < 2 or parts[-1] in words.INSTITUTIONS:
        return len(parts) > 1
    begins = parts[0].lower() in words.TITLES or any(part in words.GIVEN_NAMES for part in parts)
    return parts[-1] in words.CAPITALISED and not begins


def _names(left: str) -> list[Finding]:
    """Runs of capitalised words that end like a name, and given names wherever they stand."""
    found = []
    for run in _RUN.finditer(left):
        if _an_institution(run.group()):
            left = left[: run.start()] + "_" * len(run.group()) + left[run.end() :]
            continue
        parts = [(each.start(), each.group().removesuffix("'s")) for each in re.finditer(r"\S+", run.group())]
        while parts and (parts[0][1] in words.CAPITALISED or _opens(left, run.start() + parts[0][0], parts[0][1])):
            parts.pop(0)
        tail = [part for number, part in enumerate(parts) if not any(name in words.CAPITALISED for _, name in parts[number:])]
        if len(tail) > 1 and any(any(letter.islower() for letter in name) for _, name in tail):
            begin = run.start() + tail[0][0]
            found.append(_finding(Kind.PERSON, begin, left[begin : run.end()]))
    found += [
        _finding(Kind.PERSON, each.start(), each.group())
        for each in _WORD.finditer(left)
        if _a_given_name(left, each.start(), each.group())
    ]
    return found


def _opens(left: str, at: int, word: str) -> bool:
    """Whether an ordinary word has its capital only because the sentence begins with it."""
    return word.lower() in words.OPENERS and _START.search(left[:at]) is not None


def _a_given_name(left: str, at: int, word: str) -> bool:
    if word.capitalize() not in words.GIVEN_NAMES:
        return False
    if word.lower() not in words.ALSO_WORDS:
        return True
    return word[0].isupper() and _START.search(left[:at]) is None


def _outermost(found: Iterable[Finding]) -> list[Finding]:
    """Without those that lie wholly inside another of their kind, each place once."""
    kept: list[Finding] = []
    for each in sorted(set(found), key=lambda one: (one.start - one.end, one.start, one.question)):
        if not any(
            one.kind is each.kind and one.start <= each.start and each.end <= one.end for one in kept if one.kind is not Kind.LENGTH
        ):
            kept.append(each)
    return kept
