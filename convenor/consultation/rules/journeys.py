"""Set-up journeys: how an area comes from a steering group to pilots, held as data in `journeys/`.

A journey counts in weeks of school: a week in which no school is open is passed over, so that nobody is asked in the holidays.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from convenor.consultation.rules.refusals import BadProposition, NoWords, WrongDay
from convenor.consultation.rules.states import StepState

FOLDER: Final = Path(__file__).parent.parent / "journeys"
#: The journeys that come with Convenor, in the order in which pages offer them.
JOURNEY_KEYS: Final = ("gloucestershire-2018",)
WEEK: Final = timedelta(days=7)
#: What a step may make or look at here.
LEADS_TO: Final = frozenset({"", "body", "context", "structure", "workshop", "consultation", "seats", "round"})
#: A journey is not planned further ahead than this, in calendar weeks: bank holidays and terms are not known so far.
FURTHEST_WEEKS: Final = 104
MOST_WORDS: Final = 2_000
MOST_OWNER: Final = 120

OpenOn = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One step: in which week of school it begins (the first is 1), how many it takes, and what it makes or looks at here."""

    key: str
    name: str
    says: str
    from_week: int
    weeks: int
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """A way from the first meeting to pilots."""

    key: str
    version: int
    name: str
    says: str
    source: str
    steps: tuple[JourneyStep, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with its first and its last day."""

    step: JourneyStep
    starts_on: date
    due_on: date


@cache
def journey(key: str) -> Journey:
    """A journey that comes with Convenor. Raises KeyError for any other."""
    if key not in JOURNEY_KEYS:
        raise KeyError(key)
    return journey_of_text((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


def journey_of_text(text: str) -> Journey:
    """The journey that a TOML file holds. Raises BadProposition with what is wrong and what would mend it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProposition(f"The file is no TOML: {error}. Mend that line; each text stands in quotation marks.") from error
    try:
        steps = tuple(_step(each) for each in raw["steps"])
        found = Journey(raw["key"], int(raw["version"]), raw["name"], raw["says"], raw["source"], steps)
    except (KeyError, TypeError, ValueError) as error:
        raise BadProposition(f"The journey lacks {error}. A journey has key, version, name, says, source and steps.") from error
    for problem in _problems(found):
        raise BadProposition(problem)
    return found


def _step(raw: dict[str, Any]) -> JourneyStep:
    return JourneyStep(raw["key"], raw["name"], raw["says"], int(raw["from_week"]), int(raw["weeks"]), raw.get("leads_to", ""))


def _problems(found: Journey) -> Iterator[str]:
    """What is wrong with a journey, in words."""
    if not found.steps:
        yield "The journey has no step. Give it at least one."
    keys = [each.key for each in found.steps]
    for each in found.steps:
        if keys.count(each.key) > 1:
            yield f"The step '{each.key}' stands there twice. Give each a key of its own."
        if each.from_week < 1 or each.weeks < 1:
            yield f"The step '{each.key}' begins in week {each.from_week} and takes {each.weeks}. Both are 1 or more."
        if each.leads_to not in LEADS_TO:
            yield f"The step '{each.key}' leads to '{each.leads_to}'. It may lead to {', '.join(sorted(LEADS_TO - {''}))}."


def school_weeks(from_on: date, open_on: OpenOn) -> Iterator[date]:
    """The Mondays of the weeks in which schools are open on any day, from the week of a day on, no further than 104 weeks ahead."""
    monday = from_on - timedelta(days=from_on.weekday())
    for ahead in range(FURTHEST_WEEKS):
        week = monday + WEEK * ahead
        if any(open_on(week + timedelta(days=day)) for day in range(5) if week + timedelta(days=day) >= from_on):
            yield week


def planned(way: Journey, starts_on: date, *, open_on: OpenOn) -> tuple[Planned, ...]:
    """Each step with its first and last school day. Raises WrongDay where the known terms do not reach so far."""
    last = max(each.from_week + each.weeks - 1 for each in way.steps)
    weeks = [week for week, _ in zip(school_weeks(starts_on, open_on), range(last), strict=False)]
    if len(weeks) < last:
        raise WrongDay(
            f"The journey takes {last} weeks of school, and only {len(weeks)} are known from that day on. Begin earlier, or enter the "
            "terms of the years that follow. Nothing was changed."
        )
    return tuple(
        Planned(
            each,
            _first_open(max(weeks[each.from_week - 1], starts_on), open_on),
            _last_open(weeks[each.from_week + each.weeks - 2], open_on),
        )
        for each in way.steps
    )


def _first_open(day: date, open_on: OpenOn) -> date:
    """The first school day of a week from a day on."""
    return next(each for each in (day + timedelta(days=ahead) for ahead in range(7)) if open_on(each))


def _last_open(monday: date, open_on: OpenOn) -> date:
    """The last school day of a week."""
    return next(each for each in (monday + timedelta(days=day) for day in (4, 3, 2, 1, 0)) if open_on(each))


def check_start(starts_on: date, today: date) -> None:
    """Raises WrongDay for a first day that lies more than a year away, before or after."""
    if abs((starts_on - today).days) > 366:
        raise WrongDay("Begin within a year of today. Nothing was changed.")


def check_step(*, state: StepState, starts_on: date, due_on: date, done_on: date | None, owner: str, note: str, today: date) -> date | None:
    """The day on which a step was done, None for one that is not. Raises WrongDay and NoWords with what to do."""
    if due_on < starts_on:
        raise WrongDay("The last day lies before the first. Nothing was changed.")
    if len(owner.strip()) > MOST_OWNER:
        raise NoWords(f"Who does it takes {MOST_OWNER} signs at most. Nothing was changed.")
    if len(note) > MOST_WORDS:
        raise NoWords(f"A note takes {MOST_WORDS:,} signs at most. Nothing was changed.")
    if state is StepState.LEFT_OUT and not note.strip():
        raise NoWords("Say in the note why the step is left out: whoever takes over will ask. Nothing was changed.")
    if state is not StepState.DONE:
        return None
    if done_on is not None and done_on > today:
        raise WrongDay("A step is done today or before. Nothing was changed.")
    return done_on or today


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands on a day: steps done of all that are not left out, those late, and the one to do next ("" when all are done)."""

    done: int
    steps: int
    late: tuple[str, ...]
    next_key: str


def standing(steps: list[tuple[str, StepState, date]], *, on: date) -> Standing:
    """How the steps (key, state, last day), in their order, stand on a day."""
    meant = [each for each in steps if each[1] is not StepState.LEFT_OUT]
    waiting = [each for each in meant if each[1] is not StepState.DONE]
    return Standing(
        len(meant) - len(waiting),
        len(meant),
        tuple(key for key, _, due_on in waiting if due_on < on),
        min(waiting, key=lambda each: each[2])[0] if waiting else "",
    )
