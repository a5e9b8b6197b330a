"""Soft signals: dated facts about a school that nobody counts, with their source, and what several of them weigh together.

A signal says what somebody saw, was told, or heard at second hand. It is good for a year from the day on which it was so, and is
then set aside unless somebody says that it still is. Second-hand alone never weighs anything; one signal is a note; two of a
kind from sources that do not depend on each other make a medium. What a school notes of itself, and what it disputes, never counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final

from convenor.intelligence.rules.entered import expires_on, fresh
from convenor.intelligence.rules.lines import SOFT_SIGNAL, Level, Line
from convenor.intelligence.rules.wording import Finding, check
from convenor.partnership.rules.refusals import Refused

#: How many fresh signals of one kind, seen or told, from sources that do not depend on each other, make a medium. Ours, by default.
INDEPENDENT_FOR_MEDIUM: Final = 2


class Confidence(StrEnum):
    """How the writer knows."""

    SEEN = "seen"
    TOLD = "told"
    SECOND_HAND = "second-hand"


class Sensitivity(StrEnum):
    """How far it may go inside the circle."""

    CIRCLE = "circle"
    BROKER = "broker"


CONFIDENCE_WORDS: Final = {
    Confidence.SEEN: "I saw it, or the paper that says so",
    Confidence.TOLD: "Somebody who saw it told me",
    Confidence.SECOND_HAND: "I heard it at second hand",
}
SENSITIVITY_WORDS: Final = {
    Sensitivity.CIRCLE: "Whoever the school lets into its conversation",
    Sensitivity.BROKER: "The school and its named broker alone",
}


@dataclass(frozen=True, slots=True)
class SignalKind:
    """A kind of signal. `example` shows how such a fact is written; `counts` says whether it can ever weigh anything."""

    key: str
    name: str
    example: str
    counts: bool = True


#: The kinds follow the triggers that English authorities name in public schemes; safeguarding is not among them, see `rules.wording`.
KINDS: Final[dict[str, SignalKind]] = {
    each.key: each
    for each in (
        SignalKind("posts", "Posts at the top", "The post of deputy head has been vacant since 1 September."),
        SignalKind("staffing", "Staffing", "Two of nine class teachers left in July; both posts were re-advertised in October."),
        SignalKind("governance", "Governance", "The governing board met twice this year without the number needed to decide."),
        SignalKind("places", "Places and admissions", "Seventeen of thirty places in Reception were taken in September."),
        SignalKind("buildings", "Buildings", "The hall was closed by the surveyor on 3 November; lunch is eaten in classrooms."),
        SignalKind("money", "Money", "The budget approved in May shows a deficit of 84,000 pounds."),
        SignalKind("learning", "Curriculum and teaching", "Year 5 has been taught by supply teachers since 4 October."),
        SignalKind("behaviour", "Behaviour and attendance", "Attendance on Fridays fell from 94% to 88% over the autumn."),
        SignalKind("needs", "Special needs and inclusion", "The speech therapist's days at the school ended in July."),
        SignalKind("families", "Families and community", "Families handed in a letter with 62 signatures about buses on 3 October."),
        SignalKind("change", "Change of trust, site or age range", "The trust announced a change of age range on 9 May."),
        SignalKind("strength", "Something that goes well", "Six schools came to see reading taught in October.", counts=False),
    )
}  # fmt: skip

#: Who saw it, where the writer was told: a group, never a name.
SOURCES: Final[dict[str, str]] = {
    "staff": "The school's staff",
    "governors": "The school's governors or trustees",
    "trust": "The school's trust",
    "school": "Another school",
    "authority": "A service of the local authority",
    "diocese": "The diocese",
    "families": "Families",
    "community": "Others in the community",
}


class SignalRefused(Refused):
    """A signal that is not kept. `findings` are what is put back to the writer; nothing was changed."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = (), field: str = "words") -> None:
        self.findings, self.field = findings, field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal as the rule sees it. `writer` is a key of the person, `source` of SOURCES ("" when the writer saw it); `own` says that
    the school noted it of itself."""

    kind: str
    confidence: Confidence
    as_of_on: date
    writer: str
    role: str
    source: str = ""
    own: bool = False
    disputed: bool = False


def refuse_signal(
    *, kind: str, words: str, confidence: str, sensitivity: str, source: str, happened_on: date, today: date, school: str = ""
) -> None:
    """Raises SignalRefused for what cannot be kept: unknown kinds, wrong days, no source, judgement, or a person.

    `school` is the school's own name, which may stand in the words.
    """
    _refuse_choices(kind, confidence, sensitivity, source)
    if happened_on > today:
        raise SignalRefused("A fact cannot lie in the future. When was it seen to be so? Nothing was changed.", field="happened_on")
    if not fresh(happened_on, on=today):
        raise SignalRefused(
            "That was more than a year ago. Note it only if it is still so, with the day on which that was last seen. Nothing was changed.",
            field="happened_on",
        )
    findings = check(words, school=school)
    if findings:
        raise SignalRefused("Not kept yet: something is put back to you. Your words are still in the form.", findings)


def _refuse_choices(kind: str, confidence: str, sensitivity: str, source: str) -> None:
    if kind not in KINDS:
        raise SignalRefused("Choose what kind of fact it is. Nothing was changed.", field="kind")
    if confidence not in set(Confidence):
        raise SignalRefused("Say how you know it. Nothing was changed.", field="confidence")
    if sensitivity not in set(Sensitivity):
        raise SignalRefused("Say who may see it. Nothing was changed.", field="sensitivity")
    if source and source not in SOURCES:
        raise SignalRefused("Choose who saw it from the list. Nothing was changed.", field="source")
    if confidence != Confidence.SEEN and not source:
        raise SignalRefused("Say who saw it: a group, not a name. Nothing was changed.", field="source")


def independent(one: Signal, other: Signal) -> bool:
    """Whether two signals do not depend on each other: two writers, and not told by one and the same group."""
    return one.writer != other.writer and (not one.source or one.source != other.source)


def counts(signal: Signal, *, on: date) -> bool:
    """Whether a signal can weigh anything on a day: fresh, seen or told, undisputed, not the school's own, of a kind that counts."""
    first_hand = signal.confidence is not Confidence.SECOND_HAND
    return KINDS[signal.kind].counts and first_hand and not signal.own and not signal.disputed and fresh(signal.as_of_on, on=on)


def level_of(signals: Iterable[Signal], *, on: date) -> Level | None:
    """What signals of one kind about one school weigh together on a day; None where none of them is fresh."""
    held = [each for each in signals if fresh(each.as_of_on, on=on)]
    if not held:
        return None
    counting = [each for each in held if counts(each, on=on)]
    groups = combinations(counting, INDEPENDENT_FOR_MEDIUM)
    return Level.MEDIUM if any(all(independent(a, b) for a, b in combinations(group, 2)) for group in groups) else Level.NOTE


def lines_of(signals: Sequence[Signal], *, on: date) -> tuple[Line, ...]:
    """One line for each kind of which a fresh signal is held, in the order of `KINDS`. What is expired is set aside."""
    found = []
    for key in KINDS:
        held = [each for each in signals if each.kind == key and fresh(each.as_of_on, on=on)]
        level = level_of(held, on=on)
        if level is not None:
            found.append(_line(key, held, level, on))
    return tuple(found)


def _line(key: str, held: Sequence[Signal], level: Level, on: date) -> Line:
    days = sorted(each.as_of_on for each in held)
    period = f"on {days[0]:%-d %B %Y}" if days[0] == days[-1] else f"{days[0]:%-d %B %Y} to {days[-1]:%-d %B %Y}"
    return Line(
        code=SOFT_SIGNAL, level=level, value=float(len(held)), unit="signals", period=period, cohort=None, low=None, high=None,
        comparator=None, comparator_says="", contribution=0.0, maximum=0, edition="", measure="",
        says=f"{KINDS[key].name}: {_why(key, held, level, on)}",
    )  # fmt: skip


def _why(key: str, held: Sequence[Signal], level: Level, on: date) -> str:
    number = "one signal" if len(held) == 1 else f"{len(held)} signals"
    if level is Level.MEDIUM:
        return f"{number}, {INDEPENDENT_FOR_MEDIUM} of them from sources that do not depend on each other."
    if not KINDS[key].counts:
        return f"{number} of something that goes well; it never weighs against a school."
    if all(each.confidence is Confidence.SECOND_HAND for each in held):
        return f"{number} at second hand: a note, which never counts by itself."
    if any(each.disputed for each in held) and not any(counts(each, on=on) for each in held):
        return f"{number}, disputed by the school: a note, which never counts by itself."
    if all(each.own for each in held):
        return f"{number} from the school itself: a note, which never counts against it."
    return f"{number}: a note until a second source that does not depend on the first says the same."


def stale_on(as_of_on: date) -> date:
    """The day from which a signal is set aside unless somebody says that it is still so."""
    return expires_on(as_of_on)
