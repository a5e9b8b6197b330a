"""What a plan is: the questions that are left, every change that saving would make, and every line that is left out, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from convenor.moving_in.rules.states import Verb


@dataclass(frozen=True, slots=True)
class Question:
    """Something the machine will not guess. Like lines are asked of once: `lines` are all that wait for the answer, file and line.

    `choices` are what may be said and its words; `free`: other words may be said too. `said` is the answer, where there is one.
    """

    key: str
    words: str
    why: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    free: bool = False
    lines: tuple[tuple[str, int], ...] = ()
    said: str = ""

    def takes(self, said: str) -> bool:
        """Whether this may be the answer."""
        return bool(said.strip()) and (self.free or said in dict(self.choices))

    @property
    def said_words(self) -> str:
        """The answer as it reads."""
        return dict(self.choices).get(self.said, self.said)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that saving would do, or finds done already. `kind` is a kind of sheet; `before` and `after` are words for a reader."""

    kind: str
    verb: Verb
    words: str
    before: str = ""
    after: str = ""
    file: str = ""
    line: int = 0
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A line that is not brought in, and why."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as it is shown and kept: what stands in `open` waits for an answer, and nothing can be saved before it is there."""

    open: tuple[Question, ...] = ()
    answered: tuple[Question, ...] = ()
    changes: tuple[Change, ...] = ()
    left: tuple[Left, ...] = ()
    told: tuple[str, ...] = field(default=())

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each kind are new, changed, the same."""
        found: dict[str, dict[str, int]] = {}
        for each in self.changes:
            of_kind = found.setdefault(each.kind, {verb.value: 0 for verb in Verb if verb is not Verb.LEFT})
            of_kind[each.verb.value] = of_kind.get(each.verb.value, 0) + 1
        return found

    @property
    def brings(self) -> int:
        """How many things are new or changed."""
        return sum(each.verb in (Verb.NEW, Verb.CHANGED) for each in self.changes)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def shown_from(kept: Mapping[str, Any]) -> Shown:
    """The plan that `Shown.as_json` gave. An empty mapping gives an empty plan."""
    return Shown(
        open=tuple(_question(each) for each in kept.get("open", ())),
        answered=tuple(_question(each) for each in kept.get("answered", ())),
        changes=tuple(Change(**{**each, "verb": Verb(each["verb"])}) for each in kept.get("changes", ())),
        left=tuple(Left(**each) for each in kept.get("left", ())),
        told=tuple(kept.get("told", ())),
    )


def _question(kept: Mapping[str, Any]) -> Question:
    pairs = tuple((str(value), str(words)) for value, words in kept["choices"])
    lines = tuple((str(file), int(line)) for file, line in kept["lines"])
    return Question(kept["key"], kept["words"], kept["why"], pairs, bool(kept["free"]), lines, kept["said"])
