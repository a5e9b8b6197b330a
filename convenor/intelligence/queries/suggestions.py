"""What the newest run suggests, as the early conversation needs it: for which schools, by how many lines, and the lines themselves.

The whole assessment is for those whom the circle lets read it; brokers are given a number of lines and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from convenor.intelligence.queries.runs import assessed
from convenor.intelligence.rules.lines import Assessment


@dataclass(frozen=True, slots=True)
class Suggestion:
    """That a conversation is suggested for a school: by how many lines, and by which run."""

    urn: str
    lines: int
    run: str


@dataclass(frozen=True, slots=True)
class LinesNow:
    """A school's lines as they stand today, with the run and the year of the weights that made them."""

    assessment: Assessment
    run: str
    weights_year: str


def suggestions(urns: Iterable[str], *, partnership_id: int, viewer: Any, at: date) -> dict[str, Suggestion]:
    """For which of these schools the newest run suggests a conversation, and by how many lines; never which lines."""
    found = _assessed(urns, partnership_id, viewer, at, True)
    return {urn: Suggestion(urn, len(each.assessment.suggested_by), each.run) for urn, each in found.items() if each.assessment.suggested}


def lines_now(urn: str, *, partnership_id: int, viewer: Any, at: date) -> LinesNow | None:
    """A school's lines today, for freezing when they are shared; None where no run has been made or it is not in it."""
    return _assessed([urn], partnership_id, viewer, at).get(urn)


def _assessed(urns: Iterable[str], partnership_id: int, viewer: Any, at: date, suggested_only: bool = False) -> dict[str, LinesNow]:
    """The newest run's assessments with what was entered; of the suggested alone where that is asked."""
    found = assessed(urns, partnership_id=partnership_id, at=at, viewer=viewer, suggested_only=suggested_only)
    return {urn: LinesNow(each.assessment, each.run.key, str(each.run.weights_year)) for urn, each in found.items()}
