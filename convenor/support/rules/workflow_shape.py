"""What a workflow is made of: states, tasks with their fields and time limits, moves with their gates, levels, timers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

from convenor.support.rules.states import StateKind, Who

#: What separates a repeated task's key from its number.
AGAIN: Final = "#"
#: Who may stop or pause a package where its workflow does not say.
USUALLY: Final = (Who.RECEIVING, Who.SUPPLYING, Who.BROKER)


class Unit(StrEnum):
    """What a time limit is counted in. Hours are rounded up to whole days: a list shows days."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    SCHOOL_DAYS = "school_days"
    MONTHS = "months"


class FieldKind(StrEnum):
    """What may be written into a field of a task."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes-no"
    NUMBER = "number"
    PENCE = "pence"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class State:
    """Where a package can stand. `kind` is what it means to every list and total, whatever it is called."""

    key: str
    name: str
    kind: StateKind
    says: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a choice offers."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a task asks for. `must` is for yes-no: only a yes completes it. `initial` stands in it before anybody writes."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    options: tuple[Option, ...] = ()
    hint: str = ""
    must: bool = False
    initial: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """That a field of a task says one of some things."""

    task: str
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A time limit: so much after a state was entered ("state:KEY"), a task was completed ("task:KEY") or a day ("day:NAME")."""

    after: str
    count: int
    unit: Unit

    @property
    def anchor(self) -> tuple[str, str]:
        """What it is counted from: "state", "task" or "day", and which."""
        kind, _, key = self.after.partition(":")
        return kind, key


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done by one side. It is complete when its required fields are filled or, where `fact` is named, when that fact holds.

    It can be done in the states of `states` (empty: in all) once the tasks of `needs` are complete. `every` (months) asks for it again.
    """

    key: str
    name: str
    who: Who
    says: str = ""
    phase: str = ""
    states: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    fact: str = ""
    not_required_when: tuple[Condition, ...] = ()
    due: Due | None = None
    repeat: bool = False
    again: Due | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A way from some states to another: whose it is, and the tasks and gates it rests on. `level` steps up or down besides;
    `releases` lets the supporter go, so that another can be chosen."""

    key: str
    name: str
    to: str
    sources: tuple[str, ...]
    who: tuple[Who, ...]
    says: str = ""
    needs: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    reason: bool = False
    level: str = ""
    releases: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """How much support there is; levels stand from least to most."""

    key: str
    name: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """A time limit that belongs to no task: it runs in some states from its anchor until a fact of `until` holds."""

    key: str
    name: str
    who: Who
    due: Due
    states: tuple[str, ...] = ()
    until: str = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """How a package goes. The first state is where it begins; `chosen` the one where it begins with a supporter.

    `concerns`: concerns about taking part may be raised; only a workflow with them may keep a head from stopping (`stops` says who may
    stop it, `pauses` who may pause). `proposed` names what no source states.
    """

    key: str
    version: int
    name: str
    says: str
    source: str
    states: tuple[State, ...]
    tasks: tuple[Task, ...]
    moves: tuple[Move, ...]
    levels: tuple[Level, ...] = ()
    timers: tuple[Timer, ...] = ()
    chosen: str = ""
    concerns: bool = False
    stops: tuple[Who, ...] = USUALLY
    pauses: tuple[Who, ...] = USUALLY
    phases: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()

    @property
    def first(self) -> State:
        """Where a package begins."""
        return self.states[0]

    def state(self, key: str) -> State:
        """The state of a key. Raises KeyError."""
        return next((each for each in self.states if each.key == key), None) or _none(key)

    def task(self, key: str) -> Task:
        """The task of a key, a repeated one's number left away. Raises KeyError."""
        base = base_of(key)
        return next((each for each in self.tasks if each.key == base), None) or _none(key)

    def move(self, key: str) -> Move:
        """The move of a key. Raises KeyError."""
        return next((each for each in self.moves if each.key == key), None) or _none(key)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """The moves that leave a state, in the order of the file."""
        return tuple(each for each in self.moves if state in each.sources)

    def as_dict(self) -> dict[str, Any]:
        """The workflow as a package keeps it and as a file says it; `workflow_from` reads it back unchanged."""
        found = _plain(asdict(self))
        assert isinstance(found, dict)
        for task in found.get("tasks", ()):
            _spoken_due(task)
        for timer in found.get("timers", ()):
            _spoken_due(timer)
        for move in found["moves"]:
            move["from"] = move.pop("sources")
        for each in (*found.get("tasks", ()), *found["moves"]):
            for name in ("not_required_when", "when"):
                for condition in each.get(name, ()):
                    condition["is"] = condition.pop("values")
        return {each.name: found[each.name] for each in fields(self) if each.name in found}


def _none(key: str) -> Any:
    raise KeyError(key)


def base_of(key: str) -> str:
    """The key of a task without the number that a repeated one has: "review" of "review#2"."""
    return key.partition(AGAIN)[0]


def number_of(key: str) -> int:
    """Which time of a repeated task a key means; 1 for the first."""
    _, _, number = key.partition(AGAIN)
    return int(number) if number.isdecimal() else 1


def nth(key: str, number: int) -> str:
    """The key of the n-th time of a repeated task."""
    return key if number == 1 else f"{key}{AGAIN}{number}"


def _plain(value: Any) -> Any:
    """Lists for tuples and words for enums; what is empty is left out, as it is in a file."""
    if isinstance(value, dict):
        kept = {name: _plain(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value


def _spoken_due(row: dict[str, Any]) -> None:
    for name in ("due", "again"):
        if name in row:
            due = row[name]
            row[name] = {"after": due["after"], due["unit"]: due["count"]}
