"""Questions, tallies and an attacker, for the tests of what was heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from convenor.consultation.rules.disclosure import REST, Table
from convenor.consultation.rules.questions import Option, QuestionAsked
from convenor.consultation.rules.states import QuestionKind
from convenor.consultation.rules.tally import Item, Tally, items

STANCES = ("agree", "unsure", "disagree")


def question(kind: QuestionKind, *options: str, key: str = "q") -> QuestionAsked:
    return QuestionAsked(key, kind, "What do you say?", tuple(Option(each, each.title()) for each in options))


def item(kind: QuestionKind, *options: str) -> Item:
    return items([question(kind, *options)])[0]


def principle(*counts: int) -> Tally:
    """A principle with so many who agree, are unsure, disagree."""
    return Tally(item(QuestionKind.PRINCIPLES, "one"), sum(counts), counts)


def closed(*counts: int) -> Tally:
    return Tally(item(QuestionKind.CLOSED, *(f"option-{place}" for place in range(len(counts)))), sum(counts), counts)


class Attacker:
    """Knows who is in which group, every count and total that is told, and what some schools answered; solves for the rest exactly."""

    def __init__(self, answers: Sequence[int], groupings: Mapping[str, Sequence[str]], told: Sequence[Table], options: int) -> None:
        self.schools, self.options = len(answers), options
        self.groupings = groupings
        rows: list[np.ndarray] = []
        sums: list[float] = []
        for school in range(self.schools):
            rows.append(self._row([school], range(options)))
            sums.append(1)
        for option in range(options):
            rows.append(self._row(range(self.schools), [option]))
            sums.append(sum(each == option for each in answers))
        for table in told:
            for row in table.rows:
                members = self.members(table.grouping, row.names or (row.group,))
                for option, count in enumerate(row.counts):
                    if count is not None:
                        rows.append(self._row(members, [option]))
                        sums.append(count)
        self.matrix, self.sums = np.array(rows), np.array(sums)

    def members(self, grouping: str, names: Sequence[str]) -> list[int]:
        assert REST not in names
        return [school for school, label in enumerate(self.groupings[grouping]) if label in names]

    def _row(self, schools: Sequence[int] | range, options: Sequence[int] | range) -> np.ndarray:
        row = np.zeros((self.schools, self.options))
        row[np.ix_(list(schools), list(options))] = 1
        return row.ravel()

    def bounds(self, schools: Sequence[int], option: int, knows: Mapping[int, int] | None = None) -> tuple[int, int]:
        """The fewest and the most of some schools that can have chosen an option, for somebody who knows what some others answered."""
        aim = self._row(schools, [option])
        least = np.zeros((self.schools, self.options))
        for school, answer in (knows or {}).items():
            least[school, answer] = 1
        found = []
        for sign in (1, -1):
            answer = milp(
                sign * aim,
                integrality=np.ones(len(aim)),
                bounds=Bounds(least.ravel(), np.ones(len(aim))),
                constraints=LinearConstraint(self.matrix, self.sums, self.sums),
            )
            assert answer.success
            found.append(round(sign * answer.fun))
        return found[0], found[1]
