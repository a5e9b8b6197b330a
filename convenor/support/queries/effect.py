"""Cases of effect: what can be said of a package, from what is published, or from what was fixed at its start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from convenor.intelligence.queries.similar import CONVENOR, similar_to
from convenor.support.queries.series import Life, lines, lives
from convenor.support.rules.effect import Answer, Case, check_comparators, judge
from convenor.support.rules.effect_years import check_days
from convenor.support.rules.outcomes import Outcome
from convenor.support.rules.refusals import Missing

#: How many similar schools stand beside a school where nobody named any.
SIMILAR: Final = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """A school's similar schools as the newest run has them, nearest first, and what they rest on. `why_none`: in words."""

    members: tuple[tuple[str, float], ...]
    basis: Mapping[str, Any]
    why_none: str = ""


def alike(life: Life, *, viewer: Any, n: int = SIMILAR) -> Alike:
    """The similar schools of today of a school. Four queries."""
    found = similar_to(life.urn, n=n, viewer=viewer)
    if found is None:
        return Alike(
            (), {}, "It has no similar schools: they are worked out for state-funded schools that are open, from the school census."
        )
    if not found.schools:
        return Alike((), {}, "Too little is published of the school to find similar ones: load a school census that holds it.")
    basis = {"method": CONVENOR, "run": found.run, "editions": list(found.editions), "variables": [axis.name for axis in found.axes]}
    return Alike(tuple((each.urn, each.distance) for each in found.schools), basis)


def answer_now(
    urn: str, outcome: Outcome, started_on: date, ended_on: date | None, comparators: Sequence[str] | None, *, viewer: Any, today: date
) -> Answer:
    """What can be said on a day of a case that nobody froze. `comparators` None: the similar schools of the newest run.

    Raises Missing for a school that no edition knows, Conflict for comparators given twice or the school itself, and WrongDay. At most
    sixteen queries.
    """
    check_days(started_on, ended_on, today)
    own = lives([urn], viewer=viewer, on=today).get(urn)
    if own is None:
        raise Missing(f"No loaded edition knows a school with the URN {urn}. Check the number, or load a register with it.")
    why, distances = "", {}
    if comparators is None:
        found = alike(own, viewer=viewer)
        distances, why = dict(found.members), found.why_none
        comparators = list(distances)
    check_comparators(urn, comparators, tuple(own.urns))
    others = lives(comparators, viewer=viewer, on=today)
    unknown = [each for each in comparators if each not in others]
    if unknown:
        raise Missing(f"No loaded edition knows {', '.join(unknown)}. Check the comparators’ numbers, or load a register with them.")
    _one_school_each(comparators, others)
    every = lines([own, *(others[each] for each in comparators)], outcome, viewer=viewer, on=today, distances=distances)
    answer = judge(Case(outcome, started_on, ended_on, today, every[0], tuple(every[1:])))
    return _with_note(answer, why)


def _one_school_each(comparators: Sequence[str], others: Mapping[str, Life]) -> None:
    """Refuses two numbers of one school among the comparators."""
    by_school: dict[str, str] = {}
    for each in comparators:
        first = by_school.setdefault(others[each].urn, each)
        if first != each:
            check_comparators("", [first, first])


def _with_note(answer: Answer, why: str) -> Answer:
    from dataclasses import replace

    return replace(answer, why=f"{answer.why} {why}", notes=answer.notes) if why and not answer.comparators else answer
