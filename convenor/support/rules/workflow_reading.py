"""Reading a workflow from what a file holds. Each refusal names the entry, its line where that is known, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

from convenor.support.rules.refusals import BadWorkflow
from convenor.support.rules.states import StateKind, Who
from convenor.support.rules.workflow_shape import (
    AGAIN,
    USUALLY,
    Condition,
    Due,
    Field,
    FieldKind,
    Level,
    Move,
    Option,
    State,
    Task,
    Timer,
    Unit,
    Workflow,
)

#: Longest key, as the tables hold them, with room for a repeated task's number.
KEY_AT_MOST: Final = 40
Word = TypeVar("Word", bound=StrEnum)
TOP: Final = frozenset(Workflow.__dataclass_fields__)
KEYS: Final[dict[str, frozenset[str]]] = {
    "states": frozenset(State.__dataclass_fields__),
    "tasks": frozenset(Task.__dataclass_fields__),
    "moves": frozenset(Move.__dataclass_fields__) - {"sources"} | {"from"},
    "levels": frozenset(Level.__dataclass_fields__),
    "timers": frozenset(Timer.__dataclass_fields__),
}
FIELD_KEYS: Final = frozenset(Field.__dataclass_fields__)


class Entry:
    """One entry of a list of the file, with where it stands, so that a refusal can say so."""

    def __init__(self, raw: Any, name: str, place: str) -> None:
        self.place = place
        self.name = name
        if not isinstance(raw, Mapping):
            self.refuse(f"should be a table of keys and values, as “[[{name}]]” begins one")
        self.raw: Mapping[str, Any] = raw

    def refuse(self, words: str) -> NoReturn:
        """Raises BadWorkflow with the place."""
        raise BadWorkflow(f"{self.place}: {words}. Nothing was changed.")

    def known(self, keys: frozenset[str]) -> None:
        """That no key stands there which means nothing."""
        unknown = sorted(set(self.raw) - keys)
        if unknown:
            self.refuse(f"“{unknown[0]}” means nothing here. Take it out, or write one of: {', '.join(sorted(keys))}")

    def text(self, name: str, *, needed: bool = False) -> str:
        """Words."""
        value = self.raw.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.refuse(f"“{name}” should be words in quotation marks")
        return str(value)

    def key(self) -> str:
        """Its own key."""
        found = self.text("key", needed=True)
        if len(found) > KEY_AT_MOST or AGAIN in found or any(letter.isspace() for letter in found):
            self.refuse(f"“key” should have no space and no {AGAIN}, and at most {KEY_AT_MOST} letters; “{found}” does not")
        return found

    def switch(self, name: str) -> bool:
        """Yes or no."""
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            self.refuse(f"“{name}” should be true or false, without quotation marks")
        return bool(value)

    def whole(self, name: str) -> int:
        """A whole number above nought."""
        value = self.raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.refuse(f"“{name}” should be a whole number of at least 1")
        return int(value)

    def word(self, name: str, kind: type[Word], default: Word | None = None) -> Word:
        """One of some words."""
        value = self.raw.get(name, default)
        if value not in [each.value for each in kind]:
            self.refuse(f"“{name}” should be one of: {', '.join(each.value for each in kind)}")
        return kind(value)

    def words(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of words."""
        value = self.raw.get(name, [])
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value) or (needed and not value):
            self.refuse(f'“{name}” should be a list, such as ["one", "two"]')
        return tuple(value)

    def sides(self, name: str, default: tuple[Who, ...] = ()) -> tuple[Who, ...]:
        """A list of who."""
        if name not in self.raw:
            return default
        found = self.words(name)
        for each in found:
            if each not in [who.value for who in Who]:
                self.refuse(f"“{name}” names “{each}”. It should name some of: {', '.join(who.value for who in Who)}")
        return tuple(Who(each) for each in found)

    def within(self, name: str) -> list[Any]:
        """A list of tables."""
        value = self.raw.get(name, [])
        if not isinstance(value, list):
            self.refuse(f"“{name}” should be a list of tables")
        return list(value)

    def due(self, name: str) -> Due | None:
        """A time limit, such as { after = "state:active", days = 7 }."""
        if name not in self.raw:
            return None
        inner = Entry(self.raw[name], name, f"{self.place}, “{name}”")
        units = [each for each in Unit if each.value in inner.raw]
        inner.known(frozenset({"after", *(each.value for each in Unit)}))
        if len(units) != 1:
            inner.refuse(f"say how long in exactly one of: {', '.join(each.value for each in Unit)}")
        return Due(inner.text("after", needed=True), inner.whole(units[0].value), units[0])


def read(raw: Mapping[str, Any], lines: Mapping[tuple[str, int], int]) -> Workflow:
    """The workflow as it is written, each entry for itself. Raises BadWorkflow. Whether its parts fit together is checked apart."""
    top = Entry(raw, "workflow", "The workflow")
    top.known(TOP)
    return Workflow(
        key=top.key(),
        version=top.whole("version"),
        name=top.text("name", needed=True),
        says=top.text("says", needed=True),
        source=top.text("source", needed=True),
        states=tuple(_state(each) for each in _entries(top, "states", lines)),
        tasks=tuple(_task(each) for each in _entries(top, "tasks", lines)),
        moves=tuple(_move(each) for each in _entries(top, "moves", lines)),
        levels=tuple(Level(each.key(), each.text("name", needed=True), each.text("says")) for each in _entries(top, "levels", lines)),
        timers=tuple(_timer(each) for each in _entries(top, "timers", lines)),
        chosen=top.text("chosen"),
        concerns=top.switch("concerns"),
        stops=top.sides("stops", USUALLY),
        pauses=top.sides("pauses", USUALLY),
        phases=top.words("phases"),
        proposed=top.words("proposed"),
    )


def place_of(name: str, index: int, key: str, lines: Mapping[tuple[str, int], int]) -> str:
    """Where an entry stands, in words: "Line 40, task “contact”", or without the line where it is not known."""
    singular = name.removesuffix("s")
    said = f"{singular} “{key}”" if key else f"{singular} number {index + 1}"
    line = lines.get((name, index))
    return f"Line {line}, {said}" if line else f"{said[0].upper()}{said[1:]}"


def _entries(top: Entry, name: str, lines: Mapping[tuple[str, int], int]) -> Iterable[Entry]:
    for index, raw in enumerate(top.within(name)):
        key = str(raw.get("key", "")) if isinstance(raw, Mapping) else ""
        entry = Entry(raw, name, place_of(name, index, key, lines))
        entry.known(KEYS[name])
        yield entry


def _state(entry: Entry) -> State:
    return State(entry.key(), entry.text("name", needed=True), entry.word("kind", StateKind), entry.text("says"))


def _task(entry: Entry) -> Task:
    return Task(
        key=entry.key(),
        name=entry.text("name", needed=True),
        who=entry.word("who", Who),
        says=entry.text("says"),
        phase=entry.text("phase"),
        states=entry.words("states"),
        needs=entry.words("needs"),
        fields=tuple(_field(each, entry) for each in entry.within("fields")),
        fact=entry.text("fact"),
        not_required_when=_conditions(entry, "not_required_when"),
        due=entry.due("due"),
        repeat=entry.switch("repeat"),
        again=entry.due("again"),
        optional=entry.switch("optional"),
    )


def _field(raw: Any, task: Entry) -> Field:
    key = str(raw.get("key", "")) if isinstance(raw, Mapping) else ""
    entry = Entry(raw, "fields", f"{task.place}, field “{key}”")
    entry.known(FIELD_KEYS)
    options = []
    for each in entry.within("options"):
        option = Entry(each, "options", f"{entry.place}, an option")
        option.known(frozenset({"key", "label"}))
        options.append(Option(option.key(), option.text("label", needed=True)))
    kind = entry.word("kind", FieldKind, FieldKind.TEXT)
    if (kind is FieldKind.CHOICE) != bool(options):
        entry.refuse('a choice, and nothing else, has “options”, such as [{ key = "match", label = "Match" }]')
    return Field(
        key=entry.key(),
        label=entry.text("label", needed=True),
        kind=kind,
        required=entry.switch("required") if "required" in entry.raw else True,
        options=tuple(options),
        hint=entry.text("hint"),
        must=entry.switch("must"),
        initial=entry.text("initial"),
    )


def _conditions(entry: Entry, name: str) -> tuple[Condition, ...]:
    found = []
    for raw in entry.within(name):
        inner = Entry(raw, name, f"{entry.place}, “{name}”")
        inner.known(frozenset({"task", "field", "is"}))
        found.append(Condition(inner.text("task", needed=True), inner.text("field", needed=True), inner.words("is", needed=True)))
    return tuple(found)


def _move(entry: Entry) -> Move:
    return Move(
        key=entry.key(),
        name=entry.text("name", needed=True),
        to=entry.text("to", needed=True),
        sources=entry.words("from", needed=True),
        who=entry.sides("who"),
        says=entry.text("says"),
        needs=entry.words("needs"),
        gates=entry.words("gates"),
        when=_conditions(entry, "when"),
        reason=entry.switch("reason"),
        level=entry.text("level"),
        releases=entry.switch("releases"),
    )


def _timer(entry: Entry) -> Timer:
    due = entry.due("due")
    if due is None:
        entry.refuse('a timer has a “due”, such as { after = "day:reviewed", months = 4 }')
    return Timer(entry.key(), entry.text("name", needed=True), entry.word("who", Who), due, entry.words("states"), entry.text("until"))
