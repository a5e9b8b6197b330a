"""What may be answered to each kind of question, and what a response is once it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from convenor.consultation.rules.questions import QuestionAsked
from convenor.consultation.rules.refusals import BadAnswer, NotOpen, NoWords
from convenor.consultation.rules.states import ConsultationState, QuestionKind, ResponseKind, Stance

#: An option's key (closed), keys in order (ranked), words (open), a stance by the key of the principle (principles).
Answer = str | list[str] | dict[str, str]
Answers = dict[str, Answer]
LETTERS_AT_MOST: Final = 3000
#: Who says a view, in words that fit nobody in particular; each may leave it out.
VIEW_ROLES: Final = (
    "Parent or carer", "Works in a school", "Governor or trustee", "Works for the local authority, a diocese or a hub", "Somebody else",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentResponse:
    """A response that was sent: what it says, to which version, and to which groups its sender belongs.

    `strata` of a school are its phase, type, trust, cluster and size on the day of opening; of a view, what its sender told: role, phase.
    """

    id: int
    kind: ResponseKind
    school_urn: str
    strata: Mapping[str, str]
    proposition_number: int
    answers: Mapping[str, Answer]


def checked(question: QuestionAsked, given: Any) -> Answer | None:
    """The answer as it is kept; None where nothing was said. Raises BadAnswer and NoWords, in words for whoever answers."""
    if given is None or given in ("", [], {}):
        return None
    if question.kind is QuestionKind.OPEN:
        return _words(question, given)
    if question.kind is QuestionKind.CLOSED:
        if given not in question.keys:
            raise BadAnswer(f"“{question.words}”: choose one of the answers offered. Nothing was sent.")
        return str(given)
    return _order(question, given) if question.kind is QuestionKind.RANKED else _stances(question, given)


def checked_all(questions: Sequence[QuestionAsked], given: Mapping[str, Any]) -> Answers:
    """Every answer that says something, by the key of its question; what answers no question is left out. Raises as `checked`."""
    found = {each.key: checked(each, given.get(each.key)) for each in questions}
    return {key: answer for key, answer in found.items() if answer is not None}


def missing(questions: Sequence[QuestionAsked], answers: Mapping[str, Any]) -> tuple[QuestionAsked, ...]:
    """The questions that must be answered and are not: of principles, each must have its stance."""

    def done(each: QuestionAsked) -> bool:
        answer = answers.get(each.key)
        return bool(answer) and (each.kind is not QuestionKind.PRINCIPLES or set(each.keys) <= set(answer or ()))

    return tuple(each for each in questions if each.required and not done(each))


def check_complete(questions: Sequence[QuestionAsked], answers: Mapping[str, Any]) -> None:
    """Raises BadAnswer where something that must be answered is not, or where nothing at all is said."""
    left = missing(questions, answers)
    if left:
        said = "; ".join(each.words for each in left)
        raise BadAnswer(f"Still to answer: {said}. What you wrote is kept.")
    if not answers:
        raise BadAnswer("Nothing is answered yet: say something to one question at least.")


def print_of(answer: Any) -> str:
    """A short print of an answer, by which a page knows whether somebody changed it since it was read."""
    return hashlib.sha256(json.dumps(answer or None, sort_keys=True).encode()).hexdigest()[:12]


def day_in_words(on: date) -> str:
    """A day as running text has it: 21 November 2026."""
    return f"{on.day} {on:%B %Y}"


def takes_answers(state: ConsultationState, *, opens_on: date, closes_on: date, on: date) -> bool:
    """Whether answers are taken on the day, whether or not anybody has yet closed what is past its last day."""
    return state is ConsultationState.OPEN and opens_on <= on <= closes_on


def refuse_unless_open(state: ConsultationState, *, opens_on: date, closes_on: date, on: date) -> None:
    """Raises NotOpen on a day on which answers are not taken."""
    if takes_answers(state, opens_on=opens_on, closes_on=closes_on, on=on):
        return
    if state is ConsultationState.DRAFT or on < opens_on:
        raise NotOpen("This consultation has not opened yet. What you wrote is kept as a draft, and nothing was sent.")
    raise NotOpen(
        f"The last day of answers was {day_in_words(closes_on)}. What you wrote is kept as a draft; it was not sent. "
        "Tell the partnership manager if it should still be heard."
    )


def _words(question: QuestionAsked, given: Any) -> str | None:
    if not isinstance(given, str):
        raise BadAnswer(f"“{question.words}”: answer in words.")
    said = given.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(said) > LETTERS_AT_MOST:
        raise NoWords(
            f"“{question.words}”: {len(said):,} letters are too many to read; say it in {LETTERS_AT_MOST:,}. What you wrote stands below."
        )
    return said or None


def _order(question: QuestionAsked, given: Any) -> list[str] | None:
    if not isinstance(given, list | tuple):
        raise BadAnswer(f"“{question.words}”: put the options in order.")
    kept = [str(each) for each in given if each]
    if not set(kept) <= set(question.keys) or len(set(kept)) < len(kept):
        raise BadAnswer(f"“{question.words}”: each may stand once in the order, and only what is offered.")
    return kept or None


def _stances(question: QuestionAsked, given: Any) -> dict[str, str] | None:
    if not isinstance(given, Mapping):
        raise BadAnswer(f"“{question.words}”: say of each principle whether you agree.")
    kept = {key: str(given[key]) for key in question.keys if given.get(key)}
    if not set(given) <= set(question.keys) or not set(kept.values()) <= set(Stance):
        raise BadAnswer(f"“{question.words}”: of each principle, agree, unsure or disagree.")
    return kept or None
