"""Could those who have not been heard change it? Of each result, what it would take. Pure.

Every school is asked, so the answers are no sample and have no sampling interval: what is not known is what the schools said that have not
been heard from. Their answers could move a share from its count over all that were asked, none of them choosing it, to that count and all
of them, each choosing it. That is the range told beside each result (the bounds of what is not observed: Manski 1989,
"Anatomy of the selection problem", Journal of Human Resources 24), and for the result itself two plain numbers:

* how many of the unheard are enough to reverse it, the rest of them staying silent;
* how many it would take if every one of them answered, one way or the other.

A school that answered but left a question out counts as unheard on that question. A result is reversed when the other side has more, not
when they are level. For principles the sides are agree and disagree, and unsure is on neither. For an order the mean places are held
against each other, and an unheard school counts for the most that one can: the other option first, the leading one last.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

from convenor.consultation.rules.states import QuestionKind, Stance
from convenor.consultation.rules.tally import Tally

#: Mean places are sums of halves over whole numbers; told apart from rounding by this.
_HALVES: Final = 2


@dataclass(frozen=True, slots=True)
class Reach:
    """Between which shares of all that were asked the unheard could put an option, in percent."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Reversal:
    """One result and what would reverse it.

    `leader` and `other` are places among the options; None where two are level, or nobody answered. `enough`: so many of the unheard, the
    rest silent. `of_all`: so many if all of them answered for one side or the other. None where not even all of them could. `level`: all
    of them together would just draw level.
    """

    asked: int
    answered: int
    leader: int | None
    other: int | None
    enough: int | None
    of_all: int | None
    level: bool
    reaches: tuple[Reach, ...]

    @property
    def unheard(self) -> int:
        """Of how many that were asked there is no answer to this."""
        return self.asked - self.answered

    @property
    def stands(self) -> bool:
        """Whether the unheard could not reverse it."""
        return self.leader is not None and self.enough is None

    @property
    def enough_percent(self) -> float | None:
        """`enough` as a share of the unheard."""
        return None if self.enough is None else 100 * self.enough / self.unheard

    @property
    def of_all_percent(self) -> float | None:
        """`of_all` as a share of the unheard."""
        return None if self.of_all is None else 100 * self.of_all / self.unheard


def reversal(counted: Tally, *, asked: int) -> Reversal:
    """What would reverse a result, `asked` having been asked. More answers than were asked count as all heard."""
    asked = max(asked, counted.answered)
    unheard = asked - counted.answered
    reaches = tuple(Reach(100 * count / asked, 100 * (count + unheard) / asked) for count in counted.counts) if asked else ()
    leader, other, lead = _lead(counted)
    if leader is None or lead is None:
        return Reversal(asked, counted.answered, None, None, None, None, False, reaches)
    enough = floor(lead) + 1
    if enough > unheard:
        return Reversal(asked, counted.answered, leader, other, None, None, lead == unheard > 0, reaches)
    return Reversal(asked, counted.answered, leader, other, enough, floor((unheard + lead) / 2) + 1, False, reaches)


def _lead(counted: Tally) -> tuple[int | None, int | None, Fraction | None]:
    """The leading option, the one that is nearest to it, and the lead in answers of which each counts for the most it can."""
    if not counted.answered or len(counted.counts) < 2:
        return None, None, None
    options = range(len(counted.counts))
    if counted.item.kind is QuestionKind.RANKED:
        # An answer moves the two places together by at most the number of options less one, either way.
        sums = [Fraction(round(_HALVES * mean * counted.answered), _HALVES) for mean in counted.mean_places]
        points = [-each / (len(sums) - 1) for each in sums]
    else:
        points = [Fraction(each) for each in counted.counts]
    if counted.item.kind is QuestionKind.PRINCIPLES:
        sides = {Stance.AGREE.value, Stance.DISAGREE.value}
        options_here = [place for place in options if counted.item.options[place].key in sides]
    else:
        options_here = list(options)
    first, second = sorted(options_here, key=lambda place: (-points[place], place))[:2]
    if points[first] == points[second]:
        return None, None, None
    return first, second, points[first] - points[second]


def result_says(counted: Tally, found: Reversal) -> str:
    """The result in a sentence."""
    if not counted.answered:
        return "Nobody has answered this."
    options = counted.item.options
    if found.leader is None or found.other is None:
        return "No answer leads: the first are level."
    if counted.item.kind is QuestionKind.PRINCIPLES:
        more = "agree than disagree" if options[found.leader].key == Stance.AGREE else "disagree than agree"
        return f"More {more}: {counted.counts[found.leader]} to {counted.counts[found.other]} of {counted.answered} who answered."
    if counted.item.kind is QuestionKind.RANKED:
        return f"“{options[found.leader].words}” stands highest: mean place {counted.mean_places[found.leader]:.1f} of {len(options)}."
    return f"“{options[found.leader].words}” leads: {counted.counts[found.leader]} of {counted.answered} who answered."


def unheard_says(counted: Tally, found: Reversal) -> str:
    """Whether the unheard could change it, in words."""
    silent = found.unheard
    if not silent:
        return "Everybody who was asked has answered this: nothing is left that could change it."
    alone = silent == 1
    if not counted.answered:
        return f"It is open: nobody has been heard on it, and {'one school was' if alone else f'{silent} schools were'} asked."
    if found.leader is None:
        return f"It is level: {'the one school' if alone else f'any one of the {silent} schools'} not heard on it could decide it."
    if found.level:
        return f"It could not be reversed by the unheard: {'the one left' if alone else f'all {silent} together'} could just draw level."
    if found.enough is None or found.of_all is None:
        return f"It could not be reversed by the unheard, even if {'the one left' if alone else f'all {silent}'} took the other side."
    other = counted.item.options[found.other or 0].words
    how = f"put “{other}” first and the leading one last" if counted.item.kind is QuestionKind.RANKED else f"answered “{other}”"
    return (
        f"It could be reversed: {found.enough} of the {silent} not heard on it ({found.enough_percent:.0f}%) would be enough if they {how} "
        f"and the rest stayed silent. If all {silent} took one side or the other, it would take {found.of_all} "
        f"({found.of_all_percent:.0f}%)."
    )
