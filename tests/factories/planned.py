"""Sheets and standings for the rules of planning: no database, a handful of invented schools and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_standing import AboutSchool, Brought, Standing
from convenor.moving_in.rules.planning_whole import plan
from convenor.moving_in.rules.planning_work import Plan
from convenor.moving_in.rules.recognising_lines import Line
from convenor.moving_in.rules.schools import KnownSchool, Register
from convenor.partnership.rules.reading import parse
from tests.factories.fernshire import CONSTITUTION

ON = date(2026, 11, 2)
SCHOOLS = (
    KnownSchool("990001", "9982001", "Fernhollow Primary School", "FN1 1AA", "Fernham", "Primary", date(1990, 9, 1)),
    KnownSchool("990002", "9982002", "Ashwater Primary School", "FN1 2BB", "Fernham", "Primary", date(1990, 9, 1)),
    KnownSchool("990003", "9982003", "Brookmoor Church of England Primary School", "FN2 3DD", "Brook", "Primary", date(1990, 9, 1)),
    KnownSchool("990004", "9984004", "Coldbrook Academy", "FN3 4EE", "Cold", "Secondary", date(2023, 9, 1)),
    KnownSchool(
        "980004", "9984004", "Coldbrook School", "FN3 4EE", "Cold", "Secondary", date(1990, 9, 1), date(2023, 8, 31), ("990004",)
    ),
    KnownSchool("770001", "8772001", "Faraway Primary School", "ZZ9 9ZZ", "Faraway", "Primary", date(1990, 9, 1)),
)  # fmt: skip
AREAS = frozenset({"998"})


def standing(**more: Any) -> Standing:
    """Fernshire with its first four schools as members, and whatever else stands."""
    about = {each.urn: AboutSchool(each.urn, each.name, each.phase.lower(), inside=each.laestab.startswith("998")) for each in SCHOOLS}
    here = Standing(
        on=ON, register=Register(SCHOOLS, AREAS), schools=about, members=frozenset({"990001", "990002", "990003", "990004"}),
        constitution=parse(CONSTITUTION),
    )  # fmt: skip
    return replace(here, **more)


def sheet(kind: Kind, *lines: Mapping[str, str], file: str = "list.csv", number: int = 1, **more: Any) -> Brought:
    """A sheet of a kind: its lines begin in row 2."""
    keys = list(dict.fromkeys(key for line in lines for key in line))
    given: dict[str, Any] = {"sure": 1.0, "said": False, "columns": {key: at for at, key in enumerate(keys)}}
    rows = tuple(Line(at, dict(line)) for at, line in enumerate(lines, 2))
    return Brought(number, number, file, "Sheet1", kind, **(given | more), lines=rows)


def planned(*sheets: Brought, said: Mapping[str, str] | None = None, **more: Any) -> Plan:
    """The plan of these sheets in Fernshire; `said` answers by the beginning of a question's key or words."""
    return plan(sheets, standing(**more), _answers(sheets, said or {}, more))


def _answers(sheets: tuple[Brought, ...], said: Mapping[str, str], more: dict[str, Any]) -> dict[str, str]:
    """Answers by key, found by asking until nothing more that they fit is open."""
    found: dict[str, str] = {}
    for _ in range(10):
        asked = plan(sheets, standing(**more), found).shown.open
        new = {each.key: answer for each in asked for start, answer in said.items() if _fits(each, start) and each.key not in found}
        if not new:
            return found
        found |= new
    return found


def _fits(question: Question, start: str) -> bool:
    return question.key.startswith(start) or start in question.words


def changes(found: Plan) -> list[tuple[str, str, str, str, str]]:
    """Kind, verb, words, before and after of every change."""
    return [(str(each.kind), str(each.verb), each.words, each.before, each.after) for each in found.shown.changes]


def asked(found: Plan) -> list[str]:
    """The words of the questions that are open."""
    return [each.words for each in found.shown.open]


def left(found: Plan) -> list[tuple[int, str]]:
    """The lines left out, and why."""
    return [(each.line, each.why) for each in found.shown.left]
