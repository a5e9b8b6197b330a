""" "We’ve had the call": an inspection was announced. One button; who knows is for the head alone to say.

What gives way: reviews at the school and support visits to it, in the weeks in which the inspection lies, that have not begun. They are
put off by the school as anybody may put off anything, for a reason in words that say nothing of it; nothing that a page, total, calendar,
letter or journal shows differs from any other week in which something came up.

Who knows: whoever pressed the button, those whom they told, and the calm colleague they named. The outcome is locked: until the report
is published nobody but its writer reads it here, not even those who know of the call. Source: ours, from what heads ask of one another;
an inspection's length and notice differ by framework, so the days are the head's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.partnership.rules.terms import DAY, SchoolCalendar
from convenor.support.rules.refusals import Missing, NoWords, OutOfTurn, WrongDay

NOTHING: Final = "Nothing was changed."
#: An inspection takes one to five days; most take two.
DAYS_USUALLY: Final = 2
DAYS_AT_MOST: Final = 5
#: How far ahead an announced inspection can begin.
AHEAD_AT_MOST: Final = timedelta(days=21)
#: How many people a head can tell.
TOLD_AT_MOST: Final = 20
OUTCOME_AT_MOST: Final = 2000
#: Those told read of a call for this long where nobody ended it.
OPEN_FOR: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Dated:
    """Something at the school on some days: half-open. `begun`: it cannot give way any more."""

    kind: str
    key: int
    from_on: date
    until_on: date
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it stands: who pressed the button, who was told, and where its outcome is."""

    by: int
    knows: frozenset[int]
    colleague: int | None
    called_on: date
    until_on: date
    published_on: date | None = None
    ended_on: date | None = None


def knows(call: Call, person: int | None, *, on: date) -> bool:
    """Whether somebody may learn that there was a call at all: they pressed the button, or were told and it is not over.

    What is published is published: whoever was told still reads it until the call is ended.
    """
    if person is None:
        return False
    if person == call.by:
        return True
    return (person in call.knows or person == call.colleague) and call.ended_on is None and on < call.until_on + OPEN_FOR


def reads_outcome(call: Call, person: int | None, *, on: date) -> bool:
    """Whether somebody reads what the outcome was: whoever wrote it down; those who know only from the day it was published."""
    if person is not None and person == call.by:
        return True
    return knows(call, person, on=on) and call.published_on is not None and call.published_on <= on


def suggested(today: date, calendar: SchoolCalendar) -> tuple[date, date]:
    """The days that a form begins with: the next two school days, and the first day after them."""
    first = next((today + DAY * ahead for ahead in range(1, 22) if calendar.open_on(today + DAY * ahead)), today + DAY)
    last = next((first + DAY * ahead for ahead in range(1, 22) if calendar.open_on(first + DAY * ahead)), first)
    return first, last + DAY


def check_days(from_on: date, last_on: date, *, today: date) -> date:
    """The first day after the inspection. Raises WrongDay for days past, too far ahead, or too many."""
    if from_on < today:
        raise WrongDay(f"That day has passed. {NOTHING}")
    if from_on - today > AHEAD_AT_MOST:
        raise WrongDay(f"An inspection is announced at most {AHEAD_AT_MOST.days} days ahead. Look at the day again. {NOTHING}")
    if last_on < from_on or (last_on - from_on).days >= DAYS_AT_MOST:
        raise WrongDay(f"An inspection takes one to {DAYS_AT_MOST} days. Look at its last day again. {NOTHING}")
    return last_on + DAY


def weeks_of(from_on: date, until_on: date) -> tuple[date, date]:
    """The Monday of the inspection's first week, and the Monday after its last."""
    last = until_on - DAY
    return from_on - DAY * from_on.weekday(), last + DAY * (7 - last.weekday())


def giving_way(dated: Iterable[Dated], from_on: date, until_on: date) -> tuple[Dated, ...]:
    """What lies in the weeks of the inspection and has not begun, by day."""
    monday, after = weeks_of(from_on, until_on)
    found = [each for each in dated if not each.begun and each.from_on < after and each.until_on > monday]
    return tuple(sorted(found, key=lambda each: (each.from_on, each.kind, each.key)))


def check_told(told: Iterable[int], colleague: int | None, *, by: int, possible: frozenset[int]) -> tuple[int, ...]:
    """Whom the head tells, each once, without themselves. The colleague knows by being named.

    Raises Missing for somebody who is not to be chosen, and for more than twenty.
    """
    found = tuple(sorted({*told} - {by}))
    if len(found) > TOLD_AT_MOST:
        raise Missing(f"A secret that more than {TOLD_AT_MOST} people know is none. Choose fewer. {NOTHING}")
    if not {*found, *([colleague] if colleague is not None else [])} <= possible:
        raise Missing(f"Choose people from the list. {NOTHING}")
    return found


def check_outcome(words: str) -> str:
    """The outcome in the head's words, trimmed; it may be emptied again. Raises NoWords for too many."""
    said = words.strip()
    if len(said) > OUTCOME_AT_MOST:
        raise NoWords(f"Say it in at most {OUTCOME_AT_MOST} characters. {NOTHING}")
    return said


def check_published(call: Call, published_on: date, *, today: date) -> None:
    """Raises WrongDay for a day to come or before the inspection, OutOfTurn where it was published or ended already."""
    if call.published_on is not None or call.ended_on is not None:
        raise OutOfTurn(f"That is written down already. {NOTHING}")
    if published_on > today:
        raise WrongDay(f"That day has not come yet: the outcome stays locked until it has. {NOTHING}")
    if published_on < call.until_on:
        raise WrongDay(f"A report is published after the inspection, not before. {NOTHING}")
