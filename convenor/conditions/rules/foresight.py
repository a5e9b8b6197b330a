"""The ledger of what was foreseen: how likely a group thought it, what became of it, and how well the group foresees. Pure.

Activity 2 of the workshop asks how partnerships will change over the next 12 to 18 months (Isos Partnership, 7 June 2019). Each answer is
kept as a prediction with a day. Members say how likely they think it; nobody's figure is ever told. To that end:

* nothing is told of fewer than five people;
* while likelihoods are still taken, and may still be changed, nothing is told but how many there are. Once they are told no more is taken
  and none is changed: there is one telling alone, so nothing comes of subtracting an earlier one.

How well a group foresees is its Brier score (Brier 1950, "Verification of forecasts expressed in terms of probability"): the mean of the
squared distances between the group's mean likelihood and what came (1: it came true; 0: it did not). 0 is perfect; always saying 50 %
scores 0.25.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.conditions.rules.refusals import NotOpen, NoWords, WrongDay
from convenor.conditions.rules.states import Outcome

#: Of fewer people nothing is told.
FEWEST: Final = 5
#: So long likelihoods are taken of a new prediction, unless whoever settles it has them told sooner.
ASKED_FOR: Final = timedelta(days=28)
#: The horizon of the source, in months; a prediction may be due sooner or later, within LATEST.
FIRST_MONTHS: Final = 12
LAST_MONTHS: Final = 18
LATEST: Final = timedelta(days=5 * 366)
#: How long nothing more is said of one that is due and not settled.
REST: Final = timedelta(days=14)
WORDS_AT_MOST: Final = 300
ABOUT_AT_MOST: Final = 40
#: What always saying 50 % scores.
ALWAYS_HALF: Final = 0.25
#: With fewer settled predictions a score says little.
FEW_SETTLED: Final = 10

#: Likelihoods in words, each up to this percentage; the words are ours.
IN_WORDS: Final[tuple[tuple[int, str], ...]] = (
    (5, "almost certainly not"),
    (20, "very unlikely"),
    (40, "unlikely"),
    (60, "about as likely as not"),
    (80, "likely"),
    (94, "very likely"),
    (100, "almost certain"),
)
#: What a phone offers to tap: a percentage and its words.
TAPS: Final[tuple[tuple[int, str], ...]] = (
    (3, "Almost certainly not"), (15, "Very unlikely"), (30, "Unlikely"), (50, "As likely as not"), (70, "Likely"), (85, "Very likely"),
    (97, "Almost certain"),
)  # fmt: skip
OUTCOME_SAYS: Final[dict[Outcome, str]] = {
    Outcome.CAME_TRUE: "It came true",
    Outcome.DID_NOT: "It did not",
    Outcome.CANNOT_TELL: "Nobody can tell",
}
#: Bands of likelihood in which it is shown how often the group was right.
BANDS: Final[tuple[tuple[int, int], ...]] = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 100))


def in_words(percent: float) -> str:
    """A likelihood of 0 to 100 in words: 70 is "likely"."""
    return next(words for most, words in IN_WORDS if percent <= most)


def check_percent(percent: int) -> int:
    """A likelihood as it is kept. Raises NoWords for anything but a whole number from 0 to 100."""
    if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= 100:
        raise NoWords("A likelihood is a whole number from 0 (certainly not) to 100 (certainly). Nothing was changed.")
    return percent


def check_words(words: str, *, what: str, needed: bool = True) -> str:
    """Words as they are kept, white space at their ends taken off. Raises NoWords for none where they are needed, or too many."""
    said = " ".join(words.split())
    if needed and not said:
        raise NoWords(f"Write {what}. Nothing was changed.")
    if len(said) > WORDS_AT_MOST:
        raise NoWords(f"Keep {what} within {WORDS_AT_MOST} characters; it has {len(said)}. Nothing was changed.")
    return said


def check_about(about: str) -> str:
    """The key of a card or of a tier, or nothing. Raises NoWords for what cannot be a key."""
    if len(about) > ABOUT_AT_MOST or not all(letter.isalnum() or letter in "-_" for letter in about):
        raise NoWords("That is no card and no tier of this workshop. Nothing was changed.")
    return about


def check_due(due_on: date, *, today: date) -> date:
    """The day on which anybody can tell. Raises WrongDay unless it is still to come, within five years."""
    if due_on <= today:
        raise WrongDay("A prediction falls due on a day to come. Choose a later one. Nothing was changed.")
    if due_on > today + LATEST:
        raise WrongDay("Choose a day within five years: what lies further off is settled by nobody. Nothing was changed.")
    return due_on


def months_after(on: date, months: int) -> date:
    """The day so many months later; the last of its month where it has no such day."""
    year, month = divmod(on.month - 1 + months, 12)
    first_after = date(on.year + year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(on.year + year, month + 1, 1) + timedelta(days=on.day - 1), first_after - timedelta(days=1))


def horizon(on: date) -> tuple[date, date]:
    """Twelve and eighteen months after a day: what Activity 2 asks about."""
    return months_after(on, FIRST_MONTHS), months_after(on, LAST_MONTHS)


def asks_until(made_on: date, due_on: date) -> date:
    """The last day on which likelihoods are taken of a prediction made that day: four weeks, and never on the day it falls due."""
    return min(made_on + ASKED_FOR, due_on - timedelta(days=1))


def takes_likelihoods(*, asks_until: date, due_on: date, said: int, settled: bool, on: date) -> bool:
    """Whether likelihoods are still taken, and may be changed: until its last day, or until the fifth came if that is later.

    Never from the day on which it falls due: by then one can know.
    """
    if settled or on >= due_on:
        return False
    return on <= asks_until or said < FEWEST


def refuse_late(*, asks_until: date, due_on: date, said: int, settled: bool, on: date) -> None:
    """Raises NotOpen where no likelihood is taken any more."""
    if not takes_likelihoods(asks_until=asks_until, due_on=due_on, said=said, settled=settled, on=on):
        raise NotOpen("Likelihoods of this are no longer taken: what the group thought stands, so that it can be held against what came.")


def mean_percent(percents: Sequence[int], *, taken: bool) -> float | None:
    """What the group thought, 0 to 100; None while likelihoods are still taken, and of fewer than five."""
    if taken or len(percents) < FEWEST:
        return None
    return sum(percents) / len(percents)


def refuse_settling(outcome: str, *, due_on: date, today: date, settled: bool) -> Outcome:
    """The outcome. Raises NoWords for no outcome, NotOpen where it is settled, WrongDay before its day unless it came true already."""
    try:
        found = Outcome(outcome)
    except ValueError as error:
        raise NoWords("Say what became of it: it came true, it did not, or nobody can tell. Nothing was changed.") from error
    if settled:
        raise NotOpen("It is settled already. Nothing was changed.")
    if today < due_on and found is not Outcome.CAME_TRUE:
        raise WrongDay("Before its day it can only have come true already. Nothing was changed.")
    return found


def to_remind(due_on: date, reminded_on: date | None, on: date) -> bool:
    """Whether whoever settles is told that one is due: on its day, and every two weeks until it is settled."""
    if on < due_on:
        return False
    return reminded_on is None or reminded_on <= on - REST


@dataclass(frozen=True, slots=True)
class Settled:
    """One prediction that is settled: what the group thought, 0 to 100, and whether it came true."""

    percent: float
    came_true: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Predictions that the group thought `low` to `high` per cent likely: how many, how many came true, what it thought on average."""

    low: int
    high: int
    count: int
    came_true: int
    mean_percent: float


@dataclass(frozen=True, slots=True)
class Foresight:
    """How well a group foresees. `base_rate_score` is what saying each time the share that came true would have scored: known only
    afterwards, and so the hardest to beat."""

    settled: int
    came_true: int
    score: float
    base_rate_percent: float
    base_rate_score: float
    bands: tuple[Band, ...]
    always_half: float = ALWAYS_HALF

    @property
    def says_little(self) -> bool:
        """Whether there are too few to learn much from."""
        return self.settled < FEW_SETTLED

    @property
    def beats_half(self) -> bool:
        """Whether the group foresaw better than by always saying 50 %."""
        return self.score < self.always_half


def brier(settled: Iterable[Settled]) -> float | None:
    """The Brier score: 0 is perfect, 1 is certain of the contrary each time; None of none."""
    squares = [(each.percent / 100 - each.came_true) ** 2 for each in settled]
    return sum(squares) / len(squares) if squares else None


def foresight(settled: Sequence[Settled]) -> Foresight | None:
    """How well the group foresaw what is settled; None while nothing is. What nobody could tell is not among it."""
    score = brier(settled)
    if score is None:
        return None
    true = sum(each.came_true for each in settled)
    share = true / len(settled)
    return Foresight(len(settled), true, score, 100 * share, share * (1 - share), tuple(_bands(settled)))


def _bands(settled: Sequence[Settled]) -> Iterable[Band]:
    for low, high in BANDS:
        inside = [each for each in settled if low <= each.percent < high or (high == 100 and each.percent == 100)]
        if inside:
            yield Band(low, high, len(inside), sum(each.came_true for each in inside), sum(each.percent for each in inside) / len(inside))
