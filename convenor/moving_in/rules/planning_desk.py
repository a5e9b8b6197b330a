"""The desk on which a plan is made: what was said is looked up here, what is asked, changed and left is laid down here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from convenor.moving_in.rules.kinds import folded
from convenor.moving_in.rules.planning import Change, Left, Question, Shown
from convenor.moving_in.rules.states import Verb

LEAVE: Final = "leave"
#: The answer that asks for each case of a group by itself.
EACH: Final = "one-by-one"
#: From so many like cases on, one question is asked for all of them.
TOGETHER_FROM: Final = 2

Where = tuple[str, int]


def key_of(kind: str, *words: str) -> str:
    """The key of a question: its kind, and a digest of what it is about, so that it is the same the next time."""
    said = "\x1f".join(folded(each) for each in words)
    return f"{kind}:{hashlib.sha256(said.encode()).hexdigest()[:24]}"


@dataclass(slots=True)
class _Case:
    """One of several like cases, each of which could be asked of by itself."""

    question: Question
    lines: list[Where] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """Like cases that one answer may settle: `words` with {count} in it, what may be said for all, and why it is asked."""

    key: str
    words: str
    why: str
    choices: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Desk:
    """One plan while it is made, from what was said."""

    said: Mapping[str, str]
    asked: dict[str, Question] = field(default_factory=dict)
    lines: dict[str, list[Where]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    cases: dict[str, dict[str, _Case]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    told: dict[str, None] = field(default_factory=dict)

    def ask(self, question: Question, where: Iterable[Where] = ()) -> str:
        """What was said to a question, "" while nothing was; the lines that wait for it, or hung on it, stand beside it."""
        known = self.asked.setdefault(question.key, question)
        self.lines.setdefault(question.key, []).extend(where)
        said = self.said.get(question.key, "")
        return said if said and known.takes(said) else ""

    def ask_like(self, group: Group, question: Question, where: Iterable[Where] = ()) -> str:
        """What was said to one of several like cases: to it alone, or else to all of them; "" while nothing was."""
        self.groups.setdefault(group.key, group)
        case = self.cases.setdefault(group.key, {}).setdefault(question.key, _Case(question))
        case.lines.extend(where)
        own = self.said.get(question.key, "")
        if own and question.takes(own):
            return own
        whole = self.said.get(group.key, "")
        return whole if whole != EACH and whole in dict(group.choices) else ""

    def note(self, key: str, where: Where) -> None:
        """One more line that hangs on a question that was asked."""
        for cases in self.cases.values():
            if key in cases:
                cases[key].lines.append(where)
                return
        self.lines.setdefault(key, []).append(where)

    def again(self, key: str, why: str) -> None:
        """Asks a question anew whose answer cannot be used, and says why."""
        self.refused.add(key)
        if key in self.asked:
            self.asked[key] = replace(self.asked[key], why=why, free=True)
        for cases in self.cases.values():
            if key in cases:
                cases[key].question = replace(cases[key].question, why=why, free=True)

    refused: set[str] = field(default_factory=set)

    def change(self, kind: str, verb: Verb, words: str, where: Where, *, before: str = "", after: str = "", urn: str = "") -> None:
        """Lays down one change, or what stands already."""
        self.changes.append(Change(kind, verb, words, before, after, where[0], where[1], urn))

    def leave(self, where: Where, why: str) -> None:
        """Leaves one line out, with the reason."""
        self.left.append(Left(where[0], where[1], why))

    def tell(self, words: str) -> None:
        """Something to know that asks nothing; said once."""
        if words:
            self.told[words] = None

    def shown(self) -> Shown:
        """The plan as it is shown, like cases put together."""
        for key, group in self.groups.items():
            self._settle(group, self.cases[key])
        every = [
            replace(each, lines=tuple(dict.fromkeys(self.lines.get(key, ()))), said=self._said(key)) for key, each in self.asked.items()
        ]
        every.sort(key=lambda each: -len(each.lines))
        return Shown(
            open=tuple(each for each in every if not each.said),
            answered=tuple(each for each in every if each.said),
            changes=tuple(self.changes), left=tuple(sorted(self.left, key=lambda each: (each.file, each.line))), told=tuple(self.told),
        )  # fmt: skip

    def _said(self, key: str) -> str:
        said = self.said.get(key, "")
        return said if said and key not in self.refused and self.asked[key].takes(said) else ""

    def _settle(self, group: Group, cases: Mapping[str, _Case]) -> None:
        """One question for many like cases, or each by itself where that was asked for, or where there is only one."""
        alone = {key for key, each in cases.items() if self.said.get(key) and each.question.takes(self.said[key])}
        alone |= self.refused & cases.keys()
        others = [key for key in cases if key not in alone]
        one_by_one = self.said.get(group.key) == EACH
        if len(others) >= TOGETHER_FROM or self.said.get(group.key):
            where = [line for key in others for line in cases[key].lines]
            names = tuple(cases[key].question.words for key in others[:3])
            more = f" For one: {names[0]}" if names else ""
            words = group.words.format(count=len(others)) + more
            self.asked[group.key] = Question(group.key, words, group.why, (*group.choices, (EACH, "Ask me of each")))
            self.lines[group.key] = where
        for key, each in cases.items():
            if key in alone or one_by_one or (len(others) < TOGETHER_FROM and not self.said.get(group.key)):
                self.asked[key], self.lines[key] = each.question, each.lines
