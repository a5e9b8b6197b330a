"""The plan of a package: one to five objectives, and the agreement of both heads on the plan as it stands.

Each objective says where things begin (measured on a day, over how many), where they should be and by when, how that is seen, and who of
the school sees to it. The plan counts its changes: whoever agreed, agreed to one version of it, and a changed plan asks both again.
Source: the requirements H4 of the field notes; the lengths and the longest spans are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.partnership.rules.terms import said
from convenor.peer_review.rules.report import words_of
from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.capacity import half_days_said
from convenor.support.rules.refusals import Missing, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import Who

NOTHING: Final = "Nothing was changed."
OBJECTIVES_AT_MOST: Final = 5
NUMBERS: Final = range(1, OBJECTIVES_AT_MOST + 1)
#: An objective is looked for within two years, or it is a vision.
LONGEST: Final = timedelta(days=731)
#: A baseline is measured anew when it is older than three years.
BASELINE_OLDEST: Final = timedelta(days=3 * 366)
#: The most half days that one plan asks for: half a school year of one person.
HALF_DAYS_AT_MOST: Final = 200
TITLE_AT_MOST: Final = 200
OWNER_AT_MOST: Final = 120
MEASURE_AT_MOST: Final = 300
#: The two who agree.
SIDES: Final = (Who.RECEIVING, Who.SUPPLYING)
SIDE_SAYS: Final[dict[Who, str]] = {Who.RECEIVING: "The school that receives", Who.SUPPLYING: "Whoever lends the support"}


@dataclass(frozen=True, slots=True)
class Goal:
    """One objective as it is agreed. `area` is a key of themes; `owner` is a role, never a name; `baseline_n` over how many, if known."""

    title: str = ""
    area: str = ""
    owner: str = ""
    measure: str = ""
    baseline: str = ""
    baseline_on: date | None = None
    baseline_n: int | None = None
    target: str = ""
    target_by_on: date | None = None
    half_days: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing that is typed was filled in."""
        return not any(each.strip() for each in (self.title, self.owner, self.measure, self.baseline, self.target))


def check_goals(given: Mapping[int, Goal], *, stands: Mapping[int, Goal], on: date) -> dict[int, Goal]:
    """The objectives as they are kept, by number; those left quite empty are none, and those that stand unchanged stand.

    Raises Missing without any, for more than five, or for one that is not whole (its baseline first); WrongDay for a baseline in the
    future or older than three years, and for a target that does not lie after both the baseline and today, within two years;
    WrongSum for half days or a number that cannot be; NoWords for one too long.
    """
    chosen = {number: each for number, each in sorted(given.items()) if not each.empty}
    if not 1 <= len(chosen) <= OBJECTIVES_AT_MOST or not set(chosen) <= set(NUMBERS):
        raise Missing(f"A plan has one to five objectives. {NOTHING}")
    found = {number: each if stands.get(number) == each else _checked(each, number, on) for number, each in chosen.items()}
    if sum(each.half_days for each in found.values()) > HALF_DAYS_AT_MOST:
        raise WrongSum(f"A plan asks for at most {HALF_DAYS_AT_MOST} half days in all. {NOTHING}")
    return found


def _checked(each: Goal, number: int, on: date) -> Goal:
    title = words_of(each.title, f"what objective {number} is", TITLE_AT_MOST, needed=True)
    if each.area not in THEMES:
        raise Missing(f"Say which area objective {number} belongs to. {NOTHING}")
    measure = words_of(each.measure, f"how you will see that objective {number} comes about", MEASURE_AT_MOST, needed=True)
    baseline = words_of(each.baseline, f"where objective {number} stands now, before its target", MEASURE_AT_MOST, needed=True)
    target = words_of(each.target, f"where objective {number} should be", MEASURE_AT_MOST, needed=True)
    owner = words_of(each.owner, f"who of the school sees to objective {number}, by role", OWNER_AT_MOST, needed=True)
    if each.baseline_on is None:
        raise Missing(f"Say on which day the baseline of objective {number} was measured. {NOTHING}")
    if not on - BASELINE_OLDEST <= each.baseline_on <= on:
        raise WrongDay(f"The baseline of objective {number} was measured by today, and not more than three years ago. {NOTHING}")
    if each.target_by_on is None:
        raise Missing(f"Say by when objective {number} should be there. {NOTHING}")
    if not max(on, each.baseline_on) < each.target_by_on <= on + LONGEST:
        raise WrongDay(f"The target of objective {number} lies after today and within two years. {NOTHING}")
    if each.baseline_n is not None and each.baseline_n < 1:
        raise WrongSum(f"The baseline of objective {number} is about at least one. {NOTHING}")
    if each.half_days < 0:
        raise WrongSum(f"Objective {number} takes no half days or more. {NOTHING}")
    return Goal(
        title, each.area, owner, measure, baseline, each.baseline_on, each.baseline_n, target, each.target_by_on, each.half_days
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who agrees to the plan as it stands. `on` holds the version a side agreed to, for each that agreed and did not take it back."""

    version: int
    on: Mapping[Who, int]

    @property
    def both(self) -> bool:
        """Whether both heads agree to the plan as it stands now."""
        return all(self.on.get(side) == self.version for side in SIDES)

    @property
    def waits_for(self) -> tuple[Who, ...]:
        """Whose agreement to this version is still to come, the receiving school first."""
        return tuple(side for side in SIDES if self.on.get(side) != self.version)

    def earlier(self, side: Who) -> bool:
        """Whether a side agreed to an earlier version, so that the change is what it is asked about."""
        return side in self.on and self.on[side] != self.version


def check_agree(side: Who, agreed: Agreed, *, read_version: int, objectives: int, costs: int) -> None:
    """Whether a side may agree now. `read_version` is the version of the plan they had before them.

    The receiving head agrees first, since that opens the plan to the other side. Raises OutOfTurn where the plan has changed since it
    was read, where the side agreed to it already, or where the receiving head has not; Missing without objectives, or without a word on
    what it costs and who pays.
    """
    if read_version != agreed.version:
        raise OutOfTurn(f"The plan was changed after you read it. Look at it as it stands now, then agree. {NOTHING}")
    if not objectives:
        raise Missing(f"The plan has no objectives yet. Agree once it says what it is for. {NOTHING}")
    if not costs:
        raise Missing(f"Nothing is settled yet about what it costs and who pays, even if nobody does. {NOTHING}")
    if agreed.on.get(side) == agreed.version:
        raise OutOfTurn(f"Your side has agreed to this plan already. {NOTHING}")
    if side is Who.SUPPLYING and agreed.on.get(Who.RECEIVING) != agreed.version:
        raise OutOfTurn(f"The head of the receiving school agrees first; then the plan comes to you. {NOTHING}")


def standing_says(agreed: Agreed) -> str:
    """How the agreement stands, in one sentence."""
    if agreed.both:
        return "Both heads agree to the plan as it stands."
    names = " and ".join(SIDE_SAYS[side][:1].lower() + SIDE_SAYS[side][1:] for side in agreed.waits_for)
    if any(agreed.earlier(side) for side in agreed.waits_for):
        return f"The plan has changed, so {names} {'are' if len(agreed.waits_for) > 1 else 'is'} asked again."
    return f"It waits for {names} to agree."


def planned_says(goals: Sequence[Goal]) -> str:
    """What a plan comes to, for a heading: "3 objectives, 12 half days"."""
    total = sum(each.half_days for each in goals)
    return f"{len(goals)} {'objective' if len(goals) == 1 else 'objectives'}, {half_days_said(total)}"


def due_said(goal: Goal) -> str:
    """By when, for a page."""
    return said(goal.target_by_on) if goal.target_by_on else "no day yet"
