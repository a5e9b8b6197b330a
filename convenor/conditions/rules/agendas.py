"""Agendas: what a room does, step by step, as data.

An agenda is a file in `conditions/agendas/`; a workshop keeps the agenda as it stood when it was planned, so that a later edition changes
no workshop of before. A file that cannot be read is refused with the line and what would mend it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from convenor.conditions.rules.refusals import BadAgenda
from convenor.conditions.rules.states import StepKind

FOLDER: Final = Path(__file__).resolve().parent.parent / "agendas"
#: In the order in which a facilitator is offered them.
AGENDAS: Final = ("south-east-2019", "diamond-alone", "by-post")
KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MINUTES_AT_MOST: Final = 480
#: Where a prompt may belong: a tier, or nowhere in particular.
ABOUT: Final = frozenset({"", "cluster", "alliance", "board"})
#: Steps in which people send something.
ASKING: Final = frozenset({StepKind.PICK, StepKind.DIAMOND, StepKind.CANVAS, StepKind.FORESIGHT})
#: Steps that need questions of their own.
PROMPTED: Final = frozenset({StepKind.CANVAS})
PICK: Final = {
    "key": "pick",
    "kind": "pick",
    "name": "Nine of these cards",
    "says": "Pick the nine that matter most here. The room then places the same nine.",
    "minutes": 5,
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question of a step. `about` is the tier it asks about, "" for none."""

    key: str
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an agenda. `minutes` is what it is given; 0: no set time."""

    key: str
    kind: StepKind
    name: str
    says: str
    minutes: int
    prompts: tuple[Prompt, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether people send something in it."""
        return self.kind in ASKING

    def prompt(self, key: str) -> Prompt | None:
        """One of its questions; None where it has no such one."""
        return next((each for each in self.prompts if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a room does, in order. `together`: all steps stand open at once, as in a workshop by post."""

    key: str
    version: int
    name: str
    says: str
    source: str
    steps: tuple[Step, ...]
    together: bool = False

    @property
    def minutes(self) -> int:
        """How long it takes in all; 0 where it has no set times."""
        return sum(step.minutes for step in self.steps)

    def step(self, key: str) -> Step | None:
        """The step of that key; None where there is none."""
        return next((each for each in self.steps if each.key == key), None)

    def after(self, key: str) -> Step | None:
        """The step that follows; the first where `key` is "", None after the last and for a key that is not there."""
        if not key:
            return self.steps[0]
        keys = [each.key for each in self.steps]
        return self.steps[keys.index(key) + 1] if key in keys[:-1] else None

    def before(self, key: str) -> Step | None:
        """The step that comes before; None before the first."""
        keys = [each.key for each in self.steps]
        return self.steps[keys.index(key) - 1] if key in keys[1:] else None

    def now_open(self, key: str) -> tuple[Step, ...]:
        """What a phone may do while the room is at this step: that step, or every asking step where all stand open at once."""
        if self.together:
            return tuple(each for each in self.steps if each.asks)
        here = self.step(key)
        return (here,) if here is not None else ()

    def first_of(self, kind: StepKind) -> Step | None:
        """The first step of a kind; None where there is none."""
        return next((each for each in self.steps if each.kind is kind), None)

    def as_dict(self) -> dict[str, Any]:
        """As a workshop keeps it; `agenda_from` reads it back."""
        return {
            "key": self.key, "version": self.version, "name": self.name, "says": self.says, "source": self.source,
            "together": self.together,
            "steps": [
                {
                    "key": each.key, "kind": each.kind.value, "name": each.name, "says": each.says, "minutes": each.minutes,
                    "prompts": [{"key": one.key, "words": one.words, "about": one.about} for one in each.prompts],
                }
                for each in self.steps
            ],
        }  # fmt: skip


@cache
def agenda(key: str) -> Agenda:
    """An agenda of the house by its key. Raises BadAgenda for a key it does not have, and for a file that cannot be read."""
    if key not in AGENDAS:
        raise BadAgenda(f"There is no agenda “{key}”. Choose one of: {', '.join(AGENDAS)}. Nothing was changed.")
    return read_agenda((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


def read_agenda(text: str) -> Agenda:
    """An agenda from the text of a file. Raises BadAgenda with the line and what would mend it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadAgenda(f"The agenda cannot be read: {error}. Mend that line and give it again. Nothing was changed.") from error
    return agenda_from(raw, lines=[number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[steps]]"])


def agenda_from(raw: Mapping[str, Any], *, lines: Sequence[int] = ()) -> Agenda:
    """An agenda from what a file or a workshop holds. `lines` says where each step begins, so that a refusal can name the line."""
    top = _Table(raw, "The agenda")
    top.known({"key", "version", "name", "says", "source", "together", "steps"})
    steps = top.tables("steps", lines)
    if not steps:
        top.refuse("has no step. Begin one with “[[steps]]”")
    found = Agenda(
        top.key(),
        top.whole("version", 1, 9_999),
        top.text("name", 160),
        top.text("says", 400),
        top.text("source", 400),
        tuple(_step(each) for each in steps),
        top.switch("together"),
    )
    check(found, lines=lines)
    return found


def as_text(found: Agenda) -> str:
    """The agenda as the text of a file, to be changed by hand and read again by `read_agenda`."""
    top: dict[str, str | int] = {"key": found.key, "version": found.version, "name": found.name, "says": found.says, "source": found.source}
    blocks = [_lines(top | ({"together": True} if found.together else {}))]
    for step in found.steps:
        words: dict[str, str | int] = {"key": step.key, "kind": step.kind.value, "name": step.name, "says": step.says}
        named = words | {"minutes": step.minutes}
        blocks.append(f"[[steps]]\n{_lines(named)}")
        for one in step.prompts:
            asked = {"key": one.key, "words": one.words} | ({"about": one.about} if one.about else {})
            blocks.append(f"[[steps.prompts]]\n{_lines(asked)}")
    return "\n".join(blocks)


def _lines(values: Mapping[str, str | int]) -> str:
    """Keys and values, one on a line; a text of JSON is a text of TOML."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def _step(table: _Table) -> Step:
    table.known({"key", "kind", "name", "says", "minutes", "prompts"})
    kinds = [each.value for each in StepKind]
    kind = table.text("kind", 20)
    if kind not in kinds:
        table.refuse(f"has the kind “{kind}”. Write one of: {', '.join(kinds)}")
    prompts = []
    for each in table.tables("prompts"):
        each.known({"key", "words", "about"})
        about = each.text("about", 20, needed=False)
        if about not in ABOUT:
            each.refuse(f"is about “{about}”. Write cluster, alliance or board, or leave “about” out")
        prompts.append(Prompt(each.key(), each.text("words", 300), about))
    return Step(
        table.key(),
        StepKind(kind),
        table.text("name", 160),
        table.text("says", 400),
        table.whole("minutes", 0, MINUTES_AT_MOST),
        tuple(prompts),
    )


def check(found: Agenda, *, lines: Sequence[int] = ()) -> None:
    """That a room can follow it: keys that differ, questions where a canvas is filled in, one diamond at most, cards picked before they are
    placed, nothing after the close. Raises BadAgenda with the line, where known, and what would mend it."""
    kinds = [each.kind for each in found.steps]
    for number, each in enumerate(found.steps):
        place = _place(number, lines)
        if each.key in [other.key for other in found.steps[:number]]:
            raise BadAgenda(f"{place}: the key “{each.key}” stands twice. Give each step its own. Nothing was changed.")
        if len({one.key for one in each.prompts}) < len(each.prompts):
            raise BadAgenda(f"{place}: two of its questions have the same key. Give each its own. Nothing was changed.")
        if each.kind in PROMPTED and not each.prompts:
            raise BadAgenda(f"{place}: a canvas needs a question. Add “[[steps.prompts]]” beneath it. Nothing was changed.")
        if each.kind in (StepKind.DIAMOND, StepKind.PICK) and each.kind in kinds[:number]:
            raise BadAgenda(f"{place}: a workshop has one step of the kind “{each.kind}”. Take one out. Nothing was changed.")
        if each.kind is StepKind.PICK and StepKind.DIAMOND in kinds[:number]:
            raise BadAgenda(f"{place}: cards are picked before they are placed. Move it up. Nothing was changed.")
        if StepKind.CLOSE in kinds[:number]:
            raise BadAgenda(f"{place}: it comes after the close. Move it up. Nothing was changed.")
    if not ASKING & set(kinds):
        raise BadAgenda("The agenda asks nothing of anybody. Add a diamond, a canvas or foresight. Nothing was changed.")


def for_cards(found: Agenda, number: int) -> Agenda:
    """The agenda for so many cards: where there are more than nine and a diamond, the room picks nine of them first."""
    kinds = [each.kind for each in found.steps]
    if StepKind.DIAMOND not in kinds:
        return found
    if number <= 9:
        return replace(found, steps=tuple(each for each in found.steps if each.kind is not StepKind.PICK))
    if StepKind.PICK in kinds:
        return found
    if found.together:
        raise BadAgenda("A workshop by post places exactly nine cards: there is no room that could pick them first. Nothing was changed.")
    here = kinds.index(StepKind.DIAMOND)
    return replace(found, steps=(*found.steps[:here], _step(_Table(PICK, "The pick")), *found.steps[here:]))


def _place(number: int, lines: Sequence[int]) -> str:
    """Where a step stands, in words."""
    return f"Step {number + 1}, line {lines[number]}" if number < len(lines) else f"Step {number + 1}"


class _Table:
    """One table of the file, with where it stands."""

    def __init__(self, raw: Any, place: str) -> None:
        self.place = place
        if not isinstance(raw, Mapping):
            self.refuse("should be a table of keys and values")
        self.raw: Mapping[str, Any] = raw

    def refuse(self, words: str) -> None:
        """Raises BadAgenda with the place."""
        raise BadAgenda(f"{self.place} {words}. Nothing was changed.")

    def known(self, keys: set[str]) -> None:
        """That nothing stands there which means nothing."""
        unknown = sorted(set(self.raw) - keys)
        if unknown:
            self.refuse(f"holds “{unknown[0]}”, which means nothing here. Take it out, or write one of: {', '.join(sorted(keys))}")

    def text(self, name: str, most: int, *, needed: bool = True) -> str:
        """Words of at most so many letters."""
        value = self.raw.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()) or len(value) > most:
            self.refuse(f"should have “{name}”: words in quotation marks, at most {most} letters")
        return str(value)

    def key(self) -> str:
        """Its key."""
        value = self.raw.get("key")
        if not isinstance(value, str) or not KEY.fullmatch(value):
            self.refuse("should have a “key” of small letters, digits and hyphens, at most 40")
        return str(value)

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number."""
        value = self.raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(f"should have “{name}”: a whole number from {least} to {most}")
        return int(value or 0)

    def switch(self, name: str) -> bool:
        """True or false; false where it is left out."""
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            self.refuse(f"should have “{name}” as true or false, without quotation marks")
        return bool(value)

    def tables(self, name: str, lines: Sequence[int] = ()) -> list[_Table]:
        """A list of tables beneath this one."""
        value = self.raw.get(name, [])
        if not isinstance(value, list):
            self.refuse(f"should have “{name}” as a list, each begun with “[[{name}]]”")
        if name == "prompts":
            return [_Table(each, f"{self.place}, question {number}") for number, each in enumerate(value, 1)]
        return [_Table(each, _place(number, lines)) for number, each in enumerate(value)]
