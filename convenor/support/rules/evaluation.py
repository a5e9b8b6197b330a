"""What both sides say at the end, and again six and twelve months after: how far each objective came, what the support was worth, and what
others could learn from it.

A lesson goes into the directory only in words to which both heads agree. "It did not help" is an answer as good as any. Source: East
Sussex's evaluation by area with evidence, effectiveness and value for money (field notes C); six and twelve months (partnerships.md, 8,
row 23).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from convenor.partnership.rules.terms import said
from convenor.peer_review.rules.report import words_of
from convenor.support.rules.refusals import Missing, OutOfTurn, WrongSum
from convenor.support.rules.states import Met, Who

NOTHING: Final = "Nothing was changed."
EVIDENCE_AT_MOST: Final = 1000
WORDS_AT_MOST: Final = 3000
LESSON_AT_MOST: Final = 1200
SCALE: Final = range(1, 6)
SIDES: Final = (Who.RECEIVING, Who.SUPPLYING)

#: How far an objective came; a package that stopped says so by itself.
MET_SAYS: Final[dict[Met, str]] = {Met.MET: "It came about", Met.PARTLY: "Partly", Met.NOT_MET: "It did not come about"}
USEFUL_SAYS: Final = {1: "No use to us", 2: "Of little use", 3: "Of some use", 4: "Useful", 5: "Very useful"}
WORTH_SAYS: Final = {1: "Not worth it", 2: "Hardly worth it", 3: "Worth it in part", 4: "Worth it", 5: "Worth far more"}


class Moment(StrEnum):
    """When somebody evaluates."""

    END = "end"
    SIX = "six-months"
    TWELVE = "twelve-months"


MOMENT_SAYS: Final[dict[Moment, str]] = {Moment.END: "At the end", Moment.SIX: "Six months after", Moment.TWELVE: "Twelve months after"}
_MONTHS: Final[dict[Moment, int]] = {Moment.END: 0, Moment.SIX: 6, Moment.TWELVE: 12}


@dataclass(frozen=True, slots=True)
class Came:
    """How far one objective came, and what shows it."""

    number: int
    met: Met
    evidence: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As an evaluation keeps it."""
        return {"number": self.number, "met": self.met.value, "evidence": self.evidence}


def came_from(raw: Mapping[str, Any]) -> Came:
    """What was kept, read back."""
    return Came(int(raw["number"]), Met(raw["met"]), str(raw.get("evidence", "")))


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says. `useful` and `worth` are asked of the school that received, from 1 to 5."""

    came: tuple[Came, ...] = ()
    useful: int | None = None
    worth: int | None = None
    words: str = ""
    lesson: str = ""


def opens_on(moment: Moment, ended_on: date | None) -> date | None:
    """The day from which a side may evaluate at a moment; None for the end itself, and before anything has ended."""
    months = _MONTHS[moment]
    if ended_on is None or not months:
        return None
    year, month = divmod(ended_on.month - 1 + months, 12)
    first = date(ended_on.year + year, month + 1, 1)
    return date(first.year, first.month, min(ended_on.day, 28))


def check_moment(moment: Moment, *, closing: bool, ended_on: date | None, today: date) -> None:
    """Whether a side may evaluate now. `closing`: support comes to its end or has ended. Raises OutOfTurn, saying from when."""
    if moment is Moment.END:
        if not closing and ended_on is None:
            raise OutOfTurn(f"Support still goes on. Evaluate once a review has decided to bring it to its end, or it stops. {NOTHING}")
        return
    opens = opens_on(moment, ended_on)
    if opens is None:
        raise OutOfTurn(f"Support has not ended yet. {NOTHING}")
    if today < opens:
        raise OutOfTurn(f"That is asked from {said(opens)} on. {NOTHING}")


def check_said(given: Said, *, side: Who, objectives: Sequence[int], moment: Moment) -> Said:
    """What a side says, as it is kept.

    The school that received says how far each objective came, with what shows it where it did, how useful the support was and what it was
    worth; the other side comments. Raises Missing, WrongSum for a mark off the scale, NoWords.
    """
    words = words_of(given.words, "your words", WORDS_AT_MOST, needed=side is Who.SUPPLYING)
    lesson = words_of(given.lesson, "what others could learn", LESSON_AT_MOST)
    came = _came(given.came, objectives, needed=side is Who.RECEIVING)
    if side is Who.SUPPLYING:
        return Said(came, None, None, words, lesson)
    for mark, what in ((given.useful, "how useful it was"), (given.worth, "what it was worth")):
        if mark is None and moment is Moment.END:
            raise Missing(f"Say {what}. {NOTHING}")
        if mark is not None and mark not in SCALE:
            raise WrongSum(f"Say {what} from 1 to 5. {NOTHING}")
    return Said(came, given.useful, given.worth, words, lesson)


def _came(given: Iterable[Came], objectives: Sequence[int], *, needed: bool) -> tuple[Came, ...]:
    by_number = {each.number: each for each in given if each.number in objectives and each.met in MET_SAYS}
    lacking = [number for number in objectives if number not in by_number]
    if needed and lacking:
        raise Missing(f"Say how far objective {lacking[0]} came. {NOTHING}")
    return tuple(
        Came(
            number, each.met,
            words_of(
                each.evidence, f"what shows that objective {number} came about", EVIDENCE_AT_MOST,
                needed=needed and each.met is not Met.NOT_MET,
            ),
        )
        for number, each in sorted(by_number.items())
    )  # fmt: skip


def overall(came: Sequence[Came]) -> Met | None:
    """How far a plan came in all: met where each was, not met where none came any way, partly between; None without objectives."""
    if not came:
        return None
    if all(each.met is Met.MET for each in came):
        return Met.MET
    return Met.NOT_MET if all(each.met is Met.NOT_MET for each in came) else Met.PARTLY


@dataclass(frozen=True, slots=True)
class Lesson:
    """The lesson of a package: its words, which sides agree to them, and whether the directory shows it."""

    words: str
    agreed: frozenset[Who]

    @property
    def shared(self) -> bool:
        """Whether the directory shows it: both agree to these very words."""
        return bool(self.words) and self.agreed == frozenset(SIDES)


def lesson_of(said_by: Mapping[Who, tuple[str, bool]]) -> Lesson:
    """The lesson that stands. `said_by`: for each side its words and whether it would share them.

    The words that are put forward are those somebody would share, the receiving school's first; the other side agrees to those very words.
    """
    offered = next((said_by[side][0] for side in SIDES if side in said_by and said_by[side][1] and said_by[side][0]), "")
    kept = offered or next((said_by[side][0] for side in SIDES if side in said_by and said_by[side][0]), "")
    return Lesson(kept, frozenset(side for side, (words, shared) in said_by.items() if offered and shared and words == offered))


def check_lesson(words: str, *, evaluated: bool, read: str, stands: str) -> str:
    """The words to which a side agrees. `read` are those they had before them, `stands` those that stand now, "" for none yet.

    Raises OutOfTurn before their own evaluation, or where the words were changed after they were read; NoWords without any.
    """
    if not evaluated:
        raise OutOfTurn(f"Write your own side’s evaluation first. {NOTHING}")
    if read != stands:
        raise OutOfTurn(f"The other side changed the words after you read them. Look at them again. {NOTHING}")
    return words_of(words, "what others could learn", LESSON_AT_MOST, needed=True)
