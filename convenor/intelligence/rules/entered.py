"""What people enter of a school because nobody publishes it: the questions, what an answer may be, and the line it makes.

A question is answered by ticking what is so, and in four places by a number. Nothing asks about a person, why somebody is away,
or what a complaint was about. Thresholds come from `rules.indicators`; an answer is good for a year and is then set aside until
somebody says that it is still so. An answer that the school disputes stays as a note, with the dispute beside it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from convenor.intelligence.rules.indicators import INDICATORS, THRESHOLDS
from convenor.intelligence.rules.lines import Level, Line
from convenor.partnership.rules.refusals import Refused

#: How long something entered, or a soft signal, may be relied on before somebody says that it is still so.
FRESH_MONTHS: Final = 12


class AnswerRefused(Refused):
    """An answer that cannot be so. `field` names the question and part, as "GOV.empty"; nothing was changed."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that may be so. `alone` says that nothing else of the question is; `level` is what it weighs, None for nothing."""

    key: str
    words: str
    level: Level | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """One number, from nought to `most`. `part_of` names the number that it cannot exceed."""

    key: str
    words: str
    most: int
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for one indicator. `own` marks what only the school's own people may say."""

    code: str
    asks: str
    ticks: tuple[Tick, ...]
    numbers: tuple[Number, ...] = ()
    hint: str = ""
    own: bool = False

    @property
    def name(self) -> str:
        """The indicator's name."""
        return INDICATORS[self.code].name


@dataclass(frozen=True, slots=True)
class Answer:
    """What was ticked and which numbers were given, for one question."""

    code: str
    ticks: frozenset[str] = frozenset()
    numbers: tuple[tuple[str, int], ...] = ()

    def number(self, key: str) -> int | None:
        """One number, None where it was not given."""
        return dict(self.numbers).get(key)

    @property
    def empty(self) -> bool:
        """Whether nothing was answered."""
        return not self.ticks and not self.numbers


def _none(words: str) -> Tick:
    return Tick("none", words, alone=True)


#: Surrey's self-assessment names the first seven of its eight areas in public; the eighth is not in our notes and this one is ours.
AREAS: Final[dict[str, str]] = {
    "safeguarding": "Safeguarding arrangements", "governance": "Governance", "leadership": "Leadership", "staffing": "Staffing",
    "education": "Quality of education", "behaviour": "Behaviour", "finance": "Finance", "inclusion": "Special needs and inclusion",
}  # fmt: skip

_MEDIUM: Final = Level.MEDIUM
QUESTIONS: Final[dict[str, Question]] = {
    each.code: each
    for each in (
        Question(
            "HD", "How does the headship stand today?",
            (
                Tick("settled", "A permanent head, more than a year in post", alone=True),
                Tick("first-year", "A permanent head, in their first year", Level.NOTE),
                Tick("acting", "An acting or interim head", _MEDIUM),
                Tick("vacant", "The post is vacant, or will be by the end of term", _MEDIUM),
                Tick("changes", f"The headship changed {THRESHOLDS.head_changes} times or more in the last three years", _MEDIUM),
            ),
            hint="About the post alone: why somebody is away is never asked or kept.",
        ),
        Question(
            "STF", "How do teaching posts stand this term?",
            (
                _none("Neither of these"),
                Tick("unfilled", "A core teaching post has been unfilled for half a term or longer", _MEDIUM),
                Tick("leavers", "Teachers left last year in larger number than in either year before, and not all were replaced", _MEDIUM),
            ),
        ),
        Question(
            "GOV", "How does the governing board stand?",
            (
                _none("Neither of these"),
                Tick("chair", "The chair is vacant", _MEDIUM),
                Tick("inquorate", "A meeting in the last year had too small an attendance to decide", _MEDIUM),
            ),
            (Number("empty", "Places empty now", 60, part_of="places"), Number("places", "Places in all", 60)),
        ),
        Question(
            "ROL", "How many places are filled?",
            (
                _none("First preferences did not fall two years running"),
                Tick("preferences", "First preferences fell two years running", _MEDIUM),
            ),
            (Number("unfilled", "Places unfilled now", 6000, part_of="places"), Number("places", "Places in all", 6000)),
            hint="Pupils on roll are published and not asked for.",
        ),
        Question(
            "FIN", "How does the budget stand?",
            (
                _none("None of these"),
                Tick("deficit", "There is a cumulative deficit", _MEDIUM),
                Tick("two-years", "There was an in-year deficit two years running", _MEDIUM),
                Tick("recovery", f"The plan needs more than {THRESHOLDS.recovery_years} years to balance", _MEDIUM),
            ),
        ),
        Question(
            "CMP", "How many complaints were upheld in the last twelve months, and of what kind?",
            (
                Tick("rising", "There were more than in the twelve months before", _MEDIUM),
                Tick("teaching", "Kind: teaching and curriculum"), Tick("behaviour", "Kind: behaviour and bullying"),
                Tick("send", "Kind: special educational needs"), Tick("communication", "Kind: communication with families"),
                Tick("admissions", "Kind: admissions and attendance"), Tick("other", "Kind: other"),
            ),
            (Number("upheld", "Complaints upheld in the last twelve months", 500),),
            hint="The number and the kind; never what or whom a complaint was about.",
        ),
        Question(
            "SUS", "How many suspensions and exclusions were there?", (),
            (Number("latest", "In the last school year", 9999), Number("before", "In the school year three years before", 9999)),
        ),
        Question(
            "SELF", "In which areas would a conversation help your school?",
            (_none("In none at present"), *(Tick(key, words, Level.NOTE) for key, words in AREAS.items())),
            hint="It counts in your school's favour and adds nothing to any score.", own=True,
        ),
    )
}  # fmt: skip


def read_answer(code: str, *, ticks: Iterable[str], numbers: Mapping[str, int | None]) -> Answer:
    """An answer to one question, as it may be kept. Raises AnswerRefused, with what to do, for one that cannot be so."""
    question = QUESTIONS.get(code)
    if question is None:
        raise AnswerRefused(code, f"{code} is not something that is entered: it is worked out from what is published. Nothing was changed.")
    chosen = frozenset(ticks)
    known = {tick.key: tick for tick in question.ticks}
    if chosen - known.keys():
        raise AnswerRefused(code, f"{question.name} has no such answer. Nothing was changed.")
    if len(chosen) > 1 and any(known[key].alone for key in chosen):
        alone = next(known[key].words for key in chosen if known[key].alone)
        raise AnswerRefused(code, f"“{alone}” cannot stand together with another answer. Untick one. Nothing was changed.")
    given = {key: number for key, number in numbers.items() if number is not None}
    if given.keys() - {number.key for number in question.numbers}:
        raise AnswerRefused(code, f"{question.name} asks for no such number. Nothing was changed.")
    for number in question.numbers:
        _refuse_number(code, number, given)
    if code == "SUS" and len(given) == 1:
        raise AnswerRefused(
            f"{code}.before", "One year alone says nothing about a change. Give both years or neither. Nothing was changed."
        )
    return Answer(code, chosen, tuple(sorted(given.items())))


def _refuse_number(code: str, number: Number, given: Mapping[str, int]) -> None:
    value = given.get(number.key)
    whole = given.get(number.part_of) if number.part_of else None
    where = f"{code}.{number.key}"
    if value is not None and not 0 <= value <= number.most:
        raise AnswerRefused(where, f"{number.words}: enter a whole number from 0 to {number.most}. Nothing was changed.")
    if number.part_of and (value is None) != (whole is None):
        raise AnswerRefused(where, f"{number.words}: a share needs both numbers. Give both or neither. Nothing was changed.")
    if value is not None and whole is not None and (value > whole or whole == 0):
        raise AnswerRefused(where, f"{number.words}: {value} of {whole} cannot be. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer weighs and says. `value` is in `unit`, held against `comparator` where there is one."""

    level: Level | None
    says: str
    value: float | None = None
    unit: str = ""
    comparator: float | None = None
    comparator_says: str = ""


def judge(answer: Answer) -> Judged:
    """The level of an answer by the thresholds of `rules.indicators`, and why, in one sentence."""
    question = QUESTIONS[answer.code]
    flagged = [tick for tick in question.ticks if tick.key in answer.ticks and tick.level]
    said = [tick.words for tick in question.ticks if tick.key in answer.ticks and (tick.level or tick.alone)]
    numbers = _NUMBERS[answer.code](answer) if answer.code in _NUMBERS else Judged(None, "")
    levels = [tick.level for tick in flagged if tick.level] + ([numbers.level] if numbers.level else [])
    level = _MEDIUM if _MEDIUM in levels else (levels[0] if levels else None)
    says = ". ".join(part.rstrip(".") for part in (*said, numbers.says) if part)
    return Judged(level, f"{says}." if says else "", numbers.value, numbers.unit, numbers.comparator, numbers.comparator_says)


def _share(answer: Answer, part: str, bound: float, says: str) -> Judged:
    few, whole = answer.number(part), answer.number("places")
    if few is None or whole is None:
        return Judged(None, "")
    share = 100 * few / whole
    level = _MEDIUM if share > bound else None
    return Judged(level, f"{few} of {whole} {says}", round(share, 1), "%", bound, f"{bound:.0f} %, our threshold")


def _governors(answer: Answer) -> Judged:
    return _share(answer, "empty", THRESHOLDS.governor_vacancies_percent, "places on the board are empty")


def _places(answer: Answer) -> Judged:
    return _share(answer, "unfilled", THRESHOLDS.places_unfilled_percent, "places are unfilled")


def _complaints(answer: Answer) -> Judged:
    upheld = answer.number("upheld")
    if upheld is None:
        return Judged(None, "")
    bound = THRESHOLDS.complaints_in_year
    level = _MEDIUM if upheld >= bound else None
    return Judged(level, f"{upheld} upheld in twelve months", upheld, "complaints", bound, f"{bound} or more, our threshold")


def _suspensions(answer: Answer) -> Judged:
    latest, before = answer.number("latest"), answer.number("before")
    if latest is None or before is None:
        return Judged(None, "")
    doubled = latest >= 2 * before and latest >= THRESHOLDS.suspensions_events
    says = f"{latest} in the last school year, {before} three years before"
    return Judged(_MEDIUM if doubled else None, says, latest, "suspensions", before, "the school three years before")


_NUMBERS: Final = {"GOV": _governors, "ROL": _places, "CMP": _complaints, "SUS": _suspensions}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with who gave it and when. `own` says that the school gave it itself; `role` names the source's role; `disputed` that
    the school says otherwise and nobody has said since that it is still so."""

    answer: Answer
    as_of_on: date
    role: str
    own: bool
    disputed: bool = False


def expires_on(as_of_on: date) -> date:
    """The day from which something that was so on a day is set aside: the same day of the next year, 1 March after a 29 February."""
    if as_of_on.month == 2 and as_of_on.day == 29 and not calendar.isleap(as_of_on.year + 1):
        return date(as_of_on.year + 1, 3, 1)
    return as_of_on.replace(year=as_of_on.year + 1)


def fresh(as_of_on: date, *, on: date) -> bool:
    """Whether something that was so on one day may still be relied on another."""
    return as_of_on <= on < expires_on(as_of_on)


def lines_of(given: Iterable[Given], *, on: date) -> tuple[Line, ...]:
    """The lines that the answers about one school make on a day, in the order of the catalogue.

    What is a year old is set aside, and an empty answer says nothing. The school's own newest answer stands first. Another's newest
    stands beside it, if it weighs more: as a note where the school has disputed it or answered since, at its own level otherwise.
    """
    ordered = sorted((each for each in given if fresh(each.as_of_on, on=on) and not each.answer.empty), key=lambda each: each.as_of_on)
    found: list[Line] = []
    for code in QUESTIONS:
        own = next((each for each in reversed(ordered) if each.answer.code == code and each.own), None)
        other = next((each for each in reversed(ordered) if each.answer.code == code and not each.own), None)
        if own is not None:
            found.append(_line(own))
        if other is not None and (own is None or judge(other.answer).level not in (None, judge(own.answer).level)):
            answered = own is not None and own.as_of_on >= other.as_of_on
            found.append(_line(other, noted=other.disputed or answered, disputed=other.disputed))
    return tuple(found)


def _line(given: Given, *, noted: bool = False, disputed: bool = False) -> Line:
    judged = judge(given.answer)
    level = Level.NOTE if noted and judged.level else judged.level
    beside = " The school disputes this." if disputed else (" The school has answered otherwise since." if noted and level else "")
    source = "the school" if given.own else given.role
    return Line(
        code=given.answer.code, level=level, value=judged.value, unit=judged.unit, period=f"on {given.as_of_on:%-d %B %Y}",
        cohort=None, low=None, high=None, comparator=judged.comparator, comparator_says=judged.comparator_says,
        contribution=0.0, maximum=0, edition="", measure="", says=f"{judged.says} Entered by {source}.{beside}".strip(),
    )  # fmt: skip
