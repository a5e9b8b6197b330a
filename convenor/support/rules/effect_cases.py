"""CASE.json into a case, or a refusal that lists everything wrong with it and what to do about each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from convenor.england.identifiers import NotAnIdentifierError, read_urn
from convenor.support.rules.outcomes import OUTCOMES, Outcome, never_measured, outcome_called
from convenor.support.rules.refusals import SupportRefused

_KEYS: Final = ("urn", "started_on", "ended_on", "outcome", "comparators")


class CaseRefused(SupportRefused):
    """A case that cannot be read. `problems`: every reason with its remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it is written. `outcome` is None where what is asked for is never measured, and `never` says why. `comparators` None: the
    similar schools of today. `ignored`: keys that nothing reads."""

    urn: str
    started_on: date
    ended_on: date | None
    outcome: Outcome | None
    comparators: tuple[str, ...] | None
    asked: str
    never: str = ""
    ignored: tuple[str, ...] = ()


def read_case(text: str) -> CaseFile:
    """The case that `text` describes. Raises CaseRefused with all problems at once."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise CaseRefused([f"This is not JSON: {error}. Correct the file at that place."]) from error
    if not isinstance(raw, dict):
        raise CaseRefused(['A case is written as {"urn": ..., "started_on": ..., "ended_on": null, "outcome": ..., "comparators": null}.'])
    problems: list[str] = []
    urn = _urn(raw.get("urn"), "urn", problems)
    started = _day(raw.get("started_on"), "started_on", problems)
    ended = None if raw.get("ended_on") is None else _day(raw["ended_on"], "ended_on", problems)
    outcome, never = _outcome(raw.get("outcome"), problems)
    comparators = _comparators(raw.get("comparators"), problems)
    if problems or started is None:
        raise CaseRefused(problems)
    return CaseFile(
        urn, started, ended, outcome, comparators, str(raw["outcome"]).strip(), never, tuple(key for key in raw if key not in _KEYS)
    )


def _urn(said: Any, where: str, problems: list[str]) -> str:
    try:
        if isinstance(said, bool) or not isinstance(said, str | int):
            raise NotAnIdentifierError("it is missing" if said is None else f"{said!r} is no number")
        return read_urn(str(said))
    except NotAnIdentifierError as error:
        problems.append(f"{where}: {error}. Give the school’s six-digit number, such as 125273.")
        return ""


def _day(said: Any, where: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        problems.append(f"{where}: {said!r} is not a day. Write it as 2017-09-01.")
        return None


def _outcome(said: Any, problems: list[str]) -> tuple[Outcome | None, str]:
    text = said if isinstance(said, str) else ""
    outcome, never = outcome_called(text), never_measured(text)
    if outcome is None and not never:
        problems.append(f"outcome: there is none called {said!r}. There are {', '.join(OUTCOMES)}; --outcomes tells more of them.")
    return outcome, never


def _comparators(said: Any, problems: list[str]) -> tuple[str, ...] | None:
    if said is None:
        return None
    if not isinstance(said, list):
        problems.append("comparators: give a list of URNs, or null for the school’s similar schools.")
        return None
    return tuple(_urn(each, f"comparators, {place}", problems) for place, each in enumerate(said, start=1))
