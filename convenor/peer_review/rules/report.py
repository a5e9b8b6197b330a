"""The report of a review: what stands in it, what it rests on, and when it may be shared.

A report has a summary, strengths and even-better-ifs, each resting on notes of the evidence log, and it may name one area of
excellence. It gives no grade, unless the host chose a scale of its own words. Source: the requirements H2 of the field notes.
The counts and lengths below are ours, set so that a report is read in a few minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from convenor.peer_review.rules.refusals import Missing, NoWords
from convenor.peer_review.rules.themes import THEMES

#: The most findings on each side.
FINDINGS_AT_MOST: Final = 6
#: The longest finding and the longest summary, in characters.
FINDING_AT_MOST: Final = 1000
SUMMARY_AT_MOST: Final = 3000
#: The longest word of the host on what is not accurate, in characters.
CHECK_AT_MOST: Final = 4000
NOTHING: Final = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its theme (a key of `rules.themes`), what is said, and the notes of the log that it rests on (their uids)."""

    theme: str = ""
    words: str = ""
    evidence: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As the report keeps it."""
        return {"theme": self.theme, "words": self.words, "evidence": list(self.evidence)}


@dataclass(frozen=True, slots=True)
class Writing:
    """What a report says. `excellence` rests on nothing but its own words; `grade` is a word of the host's scale, "" for none."""

    summary: str = ""
    strengths: tuple[Finding, ...] = ()
    even_better: tuple[Finding, ...] = ()
    excellence: Finding | None = None
    grade: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As a working copy keeps it; `writing_from` reads it back unchanged."""
        return {
            "summary": self.summary,
            "strengths": [each.as_dict() for each in self.strengths],
            "even_better": [each.as_dict() for each in self.even_better],
            "excellence": {"theme": self.excellence.theme, "words": self.excellence.words} if self.excellence else {},
            "grade": self.grade,
        }


def writing_from(raw: Mapping[str, Any]) -> Writing:
    """What was kept, read back; what is absent is empty."""
    named = raw.get("excellence") or {}
    return Writing(
        str(raw.get("summary", "")),
        tuple(_finding(each) for each in raw.get("strengths", ())),
        tuple(_finding(each) for each in raw.get("even_better", ())),
        Finding(str(named.get("theme", "")), str(named.get("words", ""))) if named else None,
        str(raw.get("grade", "")),
    )


def _finding(raw: Mapping[str, Any]) -> Finding:
    return Finding(str(raw.get("theme", "")), str(raw.get("words", "")), tuple(str(each) for each in raw.get("evidence", ())))


def kept(writing: Writing, *, known: Collection[str]) -> Writing:
    """A writing as it is kept: words without space around them, findings that say nothing and rest on nothing left out.

    `known` are the uids of the log; whatever else a finding names is dropped. Raises NoWords for what is too long and Missing
    for more findings than six on a side.
    """
    return Writing(
        words_of(writing.summary, "the summary", SUMMARY_AT_MOST),
        _side(writing.strengths, "strengths", known),
        _side(writing.even_better, "even-better-ifs", known),
        _excellence(writing.excellence),
        " ".join(writing.grade.split()),
    )


def _side(findings: Iterable[Finding], name: str, known: Collection[str]) -> tuple[Finding, ...]:
    found = []
    for each in findings:
        words = words_of(each.words, f"one of the {name}", FINDING_AT_MOST)
        evidence = tuple(uid for uid in dict.fromkeys(each.evidence) if uid in known)
        if words or evidence:
            found.append(Finding(each.theme if each.theme in THEMES else "", words, evidence))
    if len(found) > FINDINGS_AT_MOST:
        raise Missing(f"A report has at most {FINDINGS_AT_MOST} {name}: choose those that matter most. {NOTHING}")
    return tuple(found)


def _excellence(named: Finding | None) -> Finding | None:
    if named is None or not (named.words.strip() or named.theme):
        return None
    return Finding(named.theme if named.theme in THEMES else "", words_of(named.words, "the area of excellence", FINDING_AT_MOST))


def words_of(words: str, what: str, at_most: int, *, needed: bool = False) -> str:
    """Words without space around them. Raises NoWords where they are needed and absent, or longer than `at_most` characters."""
    plain = words.replace("\x00", "").replace("\r\n", "\n").strip()
    if needed and not plain:
        raise NoWords(f"Write {what} first. {NOTHING}")
    if len(plain) > at_most:
        raise NoWords(f"{what[:1].upper()}{what[1:]} is {len(plain) - at_most:,} characters too long; {at_most:,} at most. {NOTHING}")
    return plain


def check_ready(writing: Writing, *, known: Collection[str], scale: Sequence[str]) -> None:
    """Whether a report may be shared with the school. Raises Missing with the first thing that is not there.

    A summary; at least one strength and one even-better-if; each with a theme, words and a note of the log that stands; a grade
    only where the host chose a scale, and then one of its words.
    """
    if not writing.summary:
        raise Missing(f"The summary is empty: say in a few sentences what was asked and what you found. {NOTHING}")
    for name, side in (("strength", writing.strengths), ("even better if", writing.even_better)):
        if not side:
            raise Missing(f"There is no {name} yet. A report has at least one. {NOTHING}")
        for number, each in enumerate(side, 1):
            lacking = _lacking(each, known)
            if lacking:
                raise Missing(f"The {name} number {number} {lacking}. {NOTHING}")
    if writing.excellence is not None and not (writing.excellence.theme and writing.excellence.words):
        raise Missing(f"The area of excellence needs a theme and words, or leave both empty. {NOTHING}")
    if writing.grade and writing.grade not in scale:
        raise Missing(f"The school chose no such word for a grade. {NOTHING}")
    if scale and not writing.grade:
        raise Missing(f"The school asked for a word of its own scale: choose one. {NOTHING}")


def _lacking(finding: Finding, known: Collection[str]) -> str:
    if not finding.theme:
        return "has no theme yet"
    if not finding.words:
        return "has no words yet"
    if not [uid for uid in finding.evidence if uid in known]:
        return "rests on no evidence: tick the notes that it rests on"
    return ""


def with_notes(writing: Writing, notes: Sequence[tuple[str, str, str]], *, strength: bool) -> Writing:
    """The writing with one more finding that rests on these notes: (uid, theme, words). Its theme is the first that a note names.

    The words of the notes are its first words, to be written over. Without notes nothing is added.
    """
    if not notes:
        return writing
    theme = next((each for _, each, _ in notes if each), "")
    words = "\n".join(words for _, _, words in notes)[:FINDING_AT_MOST]
    added = Finding(theme, words, tuple(uid for uid, _, _ in notes))
    if strength:
        return replace(writing, strengths=(*writing.strengths, added))
    return replace(writing, even_better=(*writing.even_better, added))


def findings(writing: Writing) -> list[tuple[str, bool]]:
    """The findings of a report by theme and side (true for a strength), as the mirror and the themes count them: never their words."""
    return [*((each.theme, True) for each in writing.strengths), *((each.theme, False) for each in writing.even_better)]
