"""What may be written into the fields of a task, and what may be asked of a package beside its way. Pure.

Values are kept as text, as they stand in a form: a day as 2026-11-22, money in whole pence, yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from convenor.england.identifiers import is_urn
from convenor.support.rules.refusals import Missing, NotYours, NoWords, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import Met, StateKind, Who
from convenor.support.rules.tasks import DONE, FINISHED, YES, TaskNow, lacking
from convenor.support.rules.tasks import Standing as StandingHere
from convenor.support.rules.workflow_shape import Field, FieldKind, Level, Move, Task, Workflow

NOTHING: Final = "Nothing was changed."
#: The longest text in a field, and the longest reason, in characters.
TEXT_AT_MOST: Final = 4000
REASON_AT_MOST: Final = 500
NUMBER_AT_MOST: Final = 1_000_000
PENCE_AT_MOST: Final = 100_000_000
#: Years in which a day that is written down can lie.
YEARS: Final = (2010, 2060)

#: Whose hands a task may be done by: a supporter's own tasks also by whoever lends them.
DONE_BY: Final[dict[Who, frozenset[Who]]] = {who: frozenset({who}) for who in Who} | {
    Who.SUPPORTER: frozenset({Who.SUPPORTER, Who.SUPPLYING})
}
WHO_SAYS: Final[dict[Who, str]] = {
    Who.RECEIVING: "the receiving school",
    Who.SUPPLYING: "the school that lends the supporter",
    Who.SUPPORTER: "the supporter",
    Who.BROKER: "the broker",
    Who.COORDINATOR: "the partnership’s manager",
    Who.SIGN_OFF: "whoever signs off",
}


def cleaned(task: Task, values: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of what was typed into a task: every field of it that was sent, as text.

    Raises NoWords, WrongDay or WrongSum for a value that cannot be, naming the field; OutOfTurn for a field that the task has not.
    """
    if not task.fields:
        return {DONE: YES if values.get(DONE) in (YES, True) else ""}
    fields = {each.key: each for each in task.fields}
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise OutOfTurn(f"“{task.name}” has no field “{unknown[0]}”. {NOTHING}")
    return {key: _one(fields[key], "" if value is None else str(value).strip()) for key, value in values.items()}


def _one(field: Field, text: str) -> str:
    return READ[field.kind](field, text) if text else ""


def _text(field: Field, text: str) -> str:
    if len(text) > TEXT_AT_MOST:
        raise NoWords(f"“{field.label}” has {len(text)} characters; {TEXT_AT_MOST} fit. {NOTHING}")
    return text


def _date(field: Field, text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise WrongDay(f"“{field.label}” should be a day, such as 2026-11-22. {NOTHING}") from error
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise WrongDay(f"“{field.label}” lies in {found.year}; that cannot be meant. {NOTHING}")
    return found.isoformat()


def _choice(field: Field, text: str) -> str:
    if text not in {each.key for each in field.options}:
        raise NoWords(f"“{field.label}” should be one of: {', '.join(each.label for each in field.options)}. {NOTHING}")
    return text


def _yes_no(field: Field, text: str) -> str:
    if text not in (YES, "no"):
        raise NoWords(f"“{field.label}” should be yes or no. {NOTHING}")
    return text


def _whole(most: int) -> Callable[[Field, str], str]:
    def read(field: Field, text: str) -> str:
        if not text.isdecimal() or int(text) > most:
            raise WrongSum(f"“{field.label}” should be a whole number from 0 to {most}. {NOTHING}")
        return str(int(text))

    return read


def _school(field: Field, text: str) -> str:
    if not is_urn(text):
        raise NoWords(f"“{field.label}” should be a school’s URN of six digits. {NOTHING}")
    return text


READ: Final[dict[FieldKind, Callable[[Field, str], str]]] = {
    FieldKind.TEXT: _text,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.NUMBER: _whole(NUMBER_AT_MOST),
    FieldKind.PENCE: _whole(PENCE_AT_MOST),
    FieldKind.SCHOOL: _school,
}


def check_task(now: TaskNow, who: frozenset[Who]) -> None:
    """Whether somebody who takes these parts may write into a task now. Raises NotYours or OutOfTurn, saying what it waits for."""
    if not DONE_BY[now.task.who] & who:
        raise NotYours(f"“{now.task.name}” is for {WHO_SAYS[now.task.who]} to do. {NOTHING}")
    if now.task.fact:
        raise OutOfTurn(f"“{now.task.name}” is done on a page of its own, and is complete by itself then. {NOTHING}")
    if not now.open:
        waits = f"It waits for “{now.lacks[0]}”." if now.lacks else "The package is not at that point."
        raise OutOfTurn(f"“{now.task.name}” cannot be done now. {waits} {NOTHING}")


def check_move(workflow: Workflow, move: Move, here: StandingHere, who: frozenset[Who], *, why: str, offered: bool) -> None:
    """Whether somebody may take a move now. `offered`: it leaves the state in which the package stands, and its conditions hold.

    Raises NotYours, OutOfTurn, Missing with every sentence on what it still rests on, or NoWords where a reason is needed.
    """
    if not offered:
        raise OutOfTurn(f"“{move.name}” does not follow from where the package stands. {NOTHING}")
    if not set(move.who) & who:
        raise NotYours(f"“{move.name}” is for {' or '.join(WHO_SAYS[each] for each in move.who)} to do. {NOTHING}")
    lacks = lacking(workflow, move, here)
    if lacks:
        raise Missing(f"{' '.join(lacks)} {NOTHING}")
    check_reason(why, needed=move.reason)


def check_reason(why: str, *, needed: bool) -> str:
    """A reason as it is kept. Raises NoWords where one is needed and none is given, or where there are too many."""
    text = why.strip()
    if needed and not text:
        raise NoWords(f"Say why, in a sentence; both schools can read it. {NOTHING}")
    if len(text) > REASON_AT_MOST:
        raise NoWords(f"The reason has {len(text)} characters; {REASON_AT_MOST} fit. {NOTHING}")
    return text


def met_needed(workflow: Workflow, move: Move, *, started: bool, met: str) -> bool:
    """Whether a move ends support that had begun, so that it must be said how far it came."""
    return started and not met and workflow.state(move.to).kind in (StateKind.AFTER, StateKind.ENDED)


def check_met(value: str, *, needed: bool) -> str:
    """How far it came, as it is kept: met, partly or not met. Raises NoWords."""
    if not needed:
        return ""
    if value not in (Met.MET.value, Met.PARTLY.value, Met.NOT_MET.value):
        raise NoWords(f"Say how far what was agreed came about: met, partly, or not met. None of them is a fault. {NOTHING}")
    return value


def check_open(workflow: Workflow, here: StandingHere) -> None:
    """Raises OutOfTurn for a package that has ended."""
    if here.stopped or workflow.state(here.state).kind is StateKind.ENDED:
        raise OutOfTurn(f"The package has ended. {NOTHING}")


def beside(listed: tuple[Who, ...], who: frozenset[Who], speaks: bool, doing: str) -> Who:
    """As which part somebody pauses or stops a package: a school by whoever speaks for it, others by themselves. Raises NotYours."""
    for each in listed:
        if each in who and (speaks or each not in (Who.RECEIVING, Who.SUPPLYING)):
            return each
    raise NotYours(
        f"{doing} is for {' or '.join(WHO_SAYS[each] for each in listed)}; a school’s word is its head’s or its chair’s. {NOTHING}"
    )


def stepped(levels: tuple[Level, ...], level: str, by: int) -> Level:
    """The level one above or below. Raises OutOfTurn where there is none."""
    keys = [each.key for each in levels]
    at = keys.index(level) + by if level in keys else -1
    if not 0 <= at < len(keys):
        raise OutOfTurn(f"There is no level {'above' if by > 0 else 'below'} this one. {NOTHING}")
    return levels[at]


def finished(now: TaskNow) -> bool:
    """Whether a task asks nothing more of anybody."""
    return now.status in FINISHED
