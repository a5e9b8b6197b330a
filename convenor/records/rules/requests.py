"""What may be done with a request for information, and what has to be said with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from convenor.records.rules.clock import RequestKind, Stop, StopKind
from convenor.records.rules.refusals import NoWords, OutOfTurn, Undecided, WrongDay
from convenor.records.rules.states import RequestState

MOST_WORDS: Final = 4000
MOST_LETTER: Final = 20_000
#: Shorter words stand in too much to tell anything.
LEAST_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is written down, checked."""

    asker: str
    answer_to: str
    words: str
    own_day: date | None


def check_request(
    kind: RequestKind, *, asker: str, answer_to: str, words: str, received_on: date, own_day: date | None, about_somebody: bool, today: date
) -> Asked:
    """A new request, checked. `about_somebody`: a person known here was chosen.

    Raises NoWords without the asker's name or what was asked; WrongDay for a day of receipt in the future, or a day of our own before it;
    OutOfTurn for a subject access request about nobody we know.
    """
    name, said = asker.strip(), words.strip()
    if not name or not said:
        raise NoWords("Say who asked, and what, as they put it. Nothing was changed.")
    if len(said) > MOST_WORDS:
        raise NoWords(f"At most {MOST_WORDS} letters; what is longer can be kept beside. Nothing was changed.")
    if received_on > today:
        raise WrongDay("It cannot have come in the future. Nothing was changed.")
    if kind is RequestKind.OTHER and own_day is not None and own_day < received_on:
        raise WrongDay("The day by which you want to answer lies before the day it came. Nothing was changed.")
    if kind is RequestKind.SUBJECT_ACCESS and not about_somebody:
        raise OutOfTurn(
            "Choose whom it is about. Somebody who is not in the list is not known here: answer that nothing is held, and write the "
            "request down as another request. Nothing was changed."
        )
    return Asked(name[:200], answer_to.strip()[:300], said, own_day if kind is RequestKind.OTHER else None)


def check_open(state: RequestState) -> None:
    """Raises OutOfTurn for a request that is over."""
    if state is not RequestState.OPEN:
        raise OutOfTurn("This request is over; what was decided on it stands. Nothing was changed.")


def check_stop(kind: RequestKind, stop: StopKind, *, from_on: date, received_on: date, stops: Iterable[Stop], today: date) -> None:
    """Raises OutOfTurn while the clock stands still already or has no such stop; WrongDay before the request came, or in the future."""
    if any(each.until_on is None for each in stops):
        raise OutOfTurn("The clock stands still already. Nothing was changed.")
    if kind is RequestKind.OTHER or (kind is RequestKind.FREEDOM_OF_INFORMATION and stop is StopKind.IDENTITY):
        raise OutOfTurn("No law stops the clock of such a request for that. Nothing was changed.")
    if not received_on <= from_on <= today:
        raise WrongDay("You asked on a day since the request came, and not in the future. Nothing was changed.")


def check_going_on(stop: Stop | None, *, until_on: date, today: date) -> None:
    """Raises OutOfTurn where the clock runs, WrongDay for an answer before it was asked for or in the future."""
    if stop is None:
        raise OutOfTurn("The clock is running. Nothing was changed.")
    if not stop.from_on <= until_on <= today:
        raise WrongDay("The answer came since you asked, and not in the future. Nothing was changed.")


def check_longer(kind: RequestKind, why: str, *, already: bool) -> str:
    """Why two months more are needed. Raises OutOfTurn for a request whose time no law lengthens, or that has them; NoWords without."""
    if kind is not RequestKind.SUBJECT_ACCESS or already:
        raise OutOfTurn("Only a subject access request can have two months more, and only once. Nothing was changed.")
    said = why.strip()
    if not said or len(said) > MOST_WORDS:
        raise NoWords(
            "Say why: it is complex, or one of several by the same person. They are told within the first month. Nothing changed."
        )
    return said


def check_answered(*, ended_on: date, received_on: date, undecided: int, today: date) -> None:
    """Raises Undecided while something found waits for a decision; WrongDay for a day before the request came, or in the future."""
    if undecided:
        raise Undecided(f"Somebody has yet to decide on {undecided} of what was found. Nothing was changed.", left=undecided)
    if not received_on <= ended_on <= today:
        raise WrongDay("It was answered on a day since it came, and not in the future. Nothing was changed.")


def check_complete(undecided: int, stopped: bool) -> None:
    """Whether the archive may be made: raises Undecided while something waits, OutOfTurn while the clock stands still for the asker."""
    if undecided:
        raise Undecided(
            f"Somebody has yet to decide on {undecided} of what was found: the archive holds what is disclosed, and nothing else.",
            left=undecided,
        )
    if stopped:
        raise OutOfTurn("The asker has still to do something: say that the clock goes on first.")


def check_found_elsewhere(title: str, note: str) -> tuple[str, str]:
    """Something that is held elsewhere, such as on paper. Raises NoWords without a name for it."""
    name, said = title.strip(), note.strip()
    if not name or len(name) > 200 or len(said) > MOST_WORDS:
        raise NoWords("Say in a few words what it is and where. Nothing was changed.")
    return name, said


def check_letter(words: str) -> str:
    """The letter's words. Raises NoWords for none, or too many."""
    said = words.replace("\r\n", "\n").strip()
    if not said or len(said) > MOST_LETTER:
        raise NoWords(f"A letter has words, and at most {MOST_LETTER} letters. Nothing was changed.")
    return said
