"""What a table writes on a canvas and expects of the months to come, as it is taken from a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from convenor.conditions.rules.agendas import Agenda
from convenor.conditions.rules.foresight import FIRST_MONTHS, LAST_MONTHS, WORDS_AT_MOST, months_after
from convenor.conditions.rules.phone import plain
from convenor.conditions.rules.refusals import NoWords, TooMany, WrongDay
from convenor.conditions.rules.states import StepKind

LINE_AT_MOST: Final = 400
#: Lines of one phone in a workshop: a table that talks for two hours writes a third of it.
LINES_AT_MOST: Final = 60
#: How far off a prediction may be said to be due, in months: the horizon of the source, and its middle.
MONTHS: Final = (FIRST_MONTHS, (FIRST_MONTHS + LAST_MONTHS) // 2, LAST_MONTHS)
#: The three levels of the source, with our words for their headings.
LEVELS: Final[Mapping[str, str]] = {
    "cluster": "School-level clusters",
    "alliance": "Local area or district-level alliances",
    "board": "Strategic partnership",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line on a canvas: the step and its question, and the words."""

    step: str
    prompt: str
    words: str


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that somebody expects: what, the day on which anybody can tell, and how; `about` is a tier, or nothing."""

    words: str
    due_on: date
    told_by: str = ""
    about: str = ""


def check_line(holds: Mapping[str, Any], agenda: Agenda, *, lines: int) -> Line:
    """A line on a canvas of this agenda, beside so many that the phone wrote before.

    Raises NoWords for none, for too many, and for a question that is not asked; TooMany for a phone that writes without end.
    """
    step = agenda.step(str(holds.get("step", "")))
    prompt = step.prompt(str(holds.get("prompt", ""))) if step is not None and step.kind is StepKind.CANVAS else None
    if step is None or prompt is None:
        raise NoWords("That question is not asked in this workshop. Your words are kept on this phone; nothing was changed.")
    words = plain(holds.get("words"))
    if not words:
        raise NoWords("Write a line first. Nothing was changed.")
    if len(words) > LINE_AT_MOST:
        raise NoWords(f"Keep a line within {LINE_AT_MOST} letters; it has {len(words)}. It is kept on this phone; nothing was changed.")
    if lines >= LINES_AT_MOST:
        raise TooMany(f"One phone writes up to {LINES_AT_MOST} lines. This one is kept on the phone; tell it to the facilitator.")
    return Line(step.key, prompt.key, words)


def check_expected(holds: Mapping[str, Any], *, on: date) -> Expected:
    """What somebody expects, said on this day. Raises NoWords for no words or too many, WrongDay for another number of months."""
    words, told_by, about, months = plain(holds.get("words")), plain(holds.get("told_by")), holds.get("about", ""), holds.get("months")
    if not words:
        raise NoWords("Write what you expect. Nothing was changed.")
    if max(len(words), len(told_by)) > WORDS_AT_MOST:
        raise NoWords(f"Keep it within {WORDS_AT_MOST} letters. It is kept on this phone; nothing was changed.")
    if not isinstance(about, str) or (about and about not in LEVELS):
        raise NoWords("Choose the level it is about from the list, or leave it out. Nothing was changed.")
    if isinstance(months, bool) or months not in MONTHS:
        raise WrongDay(f"Say in how many months anybody can tell: {', '.join(map(str, MONTHS[:-1]))} or {MONTHS[-1]}. Nothing was changed.")
    return Expected(words, months_after(on, int(months)), told_by, about)
