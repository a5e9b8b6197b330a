"""Whether a room holds several opinions, or one with its ordinary differences: groups are told only where chance does not make them.

Any way of gathering people into groups finds some, in pure noise too. So three things are asked before one is shown:

1. *Does one half of the answers foretell the other?* People are parted in two by some of the questions, and the parts are held against
   each other on the remaining ones (cross-fitting: no answer is used both to make a group and to judge it). The same is done, many times,
   with rooms of one opinion made up from this one: answers dealt out anew, question by question, so that each keeps its popularity but
   nobody's hang together; diamonds drawn from one common order with the same means and spreads. Only where at most one in a hundred of
   those rooms comes as far is this one parted. Each part is then asked the same again, more strictly (one in 500), since it is asked of
   several parts and a part of a room is easily parted once too often.
2. *Is each group large enough?* Fewer than LEAST people are no group: it would tell of persons.
3. *What tells the groups apart?* For each question the groups are made anew without it; chances are adjusted for being many (Benjamini
   and Hochberg 1995, <https://www.jstor.org/stable/2346101>).

What it cannot tell: a slow passage from one opinion to another is parted like two camps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from convenor.conditions.rules.concordance import SEED
from convenor.conditions.rules.diamonds import DOUBLED, SHAPE, Rows

#: A group has at least so many people, and a room at least twice as many.
LEAST: Final = 5
#: How many groups are told at the most.
MOST_GROUPS: Final = 5
#: A room is parted where at most this share of rooms of one opinion comes as far.
LEVEL: Final = 0.01
#: A part of it is parted again where at most this share does.
LEVEL_AGAIN: Final = 0.002
#: How many rooms of one opinion are made up.
DEALS: Final = 499
#: The share of wrong ones that is borne among the questions said to tell groups apart.
WRONG_AMONG_TOLD: Final = 0.05
_HALVINGS: Final = 8
_AT_ONCE: Final = 25
_EXCHANGES: Final = 1_999
_ROUNDS: Final = 30
_FEELINGS: Final = 2_000

Answers = NDArray[np.float64]
Labels = NDArray[np.int64]
#: The doubled mid-ranks of the nine places, the top first.
_PLACES: Final = np.repeat(DOUBLED[1:], SHAPE).astype(np.float64)


@dataclass(frozen=True, slots=True)
class OpinionGroups:
    """The groups of a room.

    `labels` has each person's group (0, 1 ...; the largest is 0), all 0 where none are told. `p` is how often rooms of one opinion come as
    far as this one; None where too few took part to look. `telling` are the questions (their places) that tell the groups apart, the
    clearest first; none where there are no groups.
    """

    labels: tuple[int, ...]
    groups: int
    p: float | None
    telling: tuple[int, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there are several groups."""
        return self.groups > 1

    @property
    def says(self) -> str:
        """The finding in a sentence."""
        if self.p is None:
            return f"No groups were looked for: that needs at least {2 * LEAST} people."
        if self.p > LEVEL:
            return "No groups found: the differences between people are such as chance makes."
        if not self.found:
            return "No groups found: what parts people leaves too few on one side to be called a group."
        return f"{self.groups} groups found; chance alone seldom parts people so."


def groups_in_diamonds(rows: Rows) -> OpinionGroups:
    """The opinion groups among diamonds (one line for each, the row of each card)."""
    return _groups(DOUBLED[rows].astype(np.float64), ranked=True)


def groups_in_answers(answers: Answers) -> OpinionGroups:
    """The opinion groups among answers: a line for each person, a column for each question, such as -1, 0 and 1. Raises ValueError where an
    answer is missing or there are fewer than two questions: what stands for no answer is for the asker to say."""
    if answers.ndim != 2 or answers.shape[1] < 2 or not np.isfinite(answers).all():
        raise ValueError("answers are a table of numbers without gaps, with at least two questions")
    return _groups(answers.astype(np.float64), ranked=False)


def _groups(answers: Answers, *, ranked: bool) -> OpinionGroups:
    """The groups of a room, largest first."""
    people = len(answers)
    if people < 2 * LEAST:
        return OpinionGroups((0,) * people, 1, None)
    chance = np.random.default_rng([SEED, *answers.shape])
    labels = np.zeros(people, dtype=np.int64)
    first: float | None = None
    waiting = [0]
    while waiting and labels.max() + 1 < MOST_GROUPS:
        group, new = waiting.pop(0), int(labels.max()) + 1
        people_of_it = np.flatnonzero(labels == group)
        p, halves = _parted(answers[people_of_it], chance, LEVEL if first is None else LEVEL_AGAIN, ranked=ranked)
        first = p if first is None else first
        if halves is not None:
            labels[people_of_it[halves == 1]] = new
            waiting += [group, new]
    labels = _settled(answers, labels)
    count = int(labels.max()) + 1
    telling = _telling(answers, labels, chance) if count > 1 else ()
    return OpinionGroups(tuple(labels.tolist()), count, first, telling)


def _parted(answers: Answers, chance: np.random.Generator, level: float, *, ranked: bool) -> tuple[float, Labels | None]:
    """How often rooms of one opinion come as far, and the two parts (0 and 1); None where they are not parted. It stops making up rooms as
    soon as too many have come as far."""
    if len(answers) < 2 * LEAST:
        return 1.0, None
    opinion = _one_opinion(answers, chance) if ranked else None
    halvings = [chance.permutation(answers.shape[1]) for _ in range(_HALVINGS)]
    seen = float(_foretold(answers[None], halvings)[0])
    reach, dealt, bearable = 0, 0, round(level * (DEALS + 1)) - 1
    while dealt < DEALS and reach <= bearable:
        some = min(_AT_ONCE, DEALS - dealt)
        drawn = _drawn(opinion, (some, *answers.shape), chance) if opinion else _deal(answers, some, chance)
        reach += int((_foretold(drawn, halvings) >= seen - 1e-9).sum())
        dealt += some
    p = (1 + reach) / (1 + dealt)
    if reach > bearable:
        return p, None
    halves = _means(answers, (_axis(answers[None])[0] > 0).astype(np.int64))
    return p, halves if np.bincount(halves, minlength=2).min() >= LEAST else None


def _deal(answers: Answers, times: int, chance: np.random.Generator) -> Answers:
    """Answers dealt out anew, question by question."""
    dealt: Answers = chance.permuted(np.broadcast_to(answers, (times, *answers.shape)), axis=1)
    return dealt


def _drawn(opinion: tuple[Answers, Answers], shape: tuple[int, ...], chance: np.random.Generator) -> Answers:
    """Diamonds drawn from one opinion."""
    places, widths = opinion
    return _in_order(places + widths * chance.normal(size=shape))


def _in_order(strengths: Answers) -> Answers:
    """Diamonds (doubled mid-ranks) with the least number at the top."""
    ranks = np.empty_like(strengths)
    np.put_along_axis(ranks, np.argsort(strengths, axis=-1), np.broadcast_to(_PLACES, strengths.shape), axis=-1)
    return ranks


def _one_opinion(ranks: Answers, chance: np.random.Generator) -> tuple[Answers, Answers]:
    """The single opinion that gives such diamonds: each card's place and how widely people differ on it, on a line of no unit.

    Thurstone's law of comparative judgement (1927): everybody puts in order what they feel, and that is the common place of a card and
    chance. Places and widths are moved until drawn diamonds have the ranks' means and spreads.
    """
    places, widths = ranks.mean(axis=0), ranks.std(axis=0) + 0.1
    means, spreads = places.copy(), widths.copy()
    feelings = chance.normal(size=(_FEELINGS, ranks.shape[1]))
    for _ in range(_ROUNDS):
        drawn = _in_order(places + widths * feelings)
        places = places + 0.7 * (means - drawn.mean(axis=0))
        widths = widths * np.clip(spreads / (drawn.std(axis=0) + 0.1), 0.5, 2) ** 0.7
    return places, widths


def _axis(answers: Answers) -> Answers:
    """Where each person stands along the line on which people differ most; for many sets of answers at once."""
    centred = answers - answers.mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(centred.transpose(0, 2, 1) @ centred)
    along: Answers = (centred @ vectors[:, :, -1:])[:, :, 0]
    return along


def _foretold(answers: Answers, halvings: Sequence[Labels]) -> Answers:
    """For each set of answers: the share of the differences on one half of the questions that parts made by the other half account for."""
    people, questions = answers.shape[1:]
    total = np.zeros(len(answers))
    for order in halvings:
        for making, judging in ((order[: questions // 2], order[questions // 2 :]), (order[questions // 2 :], order[: questions // 2])):
            upper = (_axis(answers[:, :, making]) > 0).astype(np.float64)
            judged = answers[:, :, judging] - answers[:, :, judging].mean(axis=1, keepdims=True)
            sizes = upper.sum(axis=1)
            between = np.square((upper[:, None, :] @ judged)[:, 0, :]).sum(axis=1)
            # The two parts' sums are opposite, since all together is nought.
            weight = np.divide(people, sizes * (people - sizes), out=np.zeros_like(sizes), where=(sizes > 0) & (sizes < people))
            whole = np.square(judged).sum(axis=(1, 2))
            total += np.divide(between * weight, whole, out=np.zeros_like(whole), where=whole > 0)
    return total / (2 * len(halvings))


def _means(answers: Answers, labels: Labels) -> Labels:
    """Each person with the group whose mean is nearest, over and over until nobody moves; no group is left empty."""
    count = int(labels.max()) + 1
    for _ in range(_ROUNDS):
        centres = np.stack([answers[labels == group].mean(axis=0) for group in range(count)])
        moved = np.square(answers[:, None, :] - centres).sum(axis=2).argmin(axis=1)
        if (moved == labels).all() or len(np.unique(moved)) < count:
            break
        labels = moved
    return labels


def _settled(answers: Answers, labels: Labels) -> Labels:
    """Everybody with the group nearest to them, unless that would leave a group too small; the largest group first."""
    moved = _means(answers, labels)
    kept = moved if np.bincount(moved).min() >= LEAST else labels
    order = np.argsort(-np.bincount(kept), kind="stable")
    settled: Labels = np.argsort(order)[kept]
    return settled


def _telling(answers: Answers, labels: Labels, chance: np.random.Generator) -> tuple[int, ...]:
    """The questions that tell the groups apart, the clearest first, each judged by groups made without it."""
    chances = []
    for question in range(answers.shape[1]):
        without = _means(np.delete(answers, question, axis=1), labels)
        chances.append(_differs(answers[:, question], without, chance))
    order = sorted(range(len(chances)), key=lambda each: (chances[each], each))
    passed = [place for place, each in enumerate(order, 1) if chances[each] <= WRONG_AMONG_TOLD * place / len(order)]
    return tuple(order[: max(passed, default=0)])


def _differs(values: Answers, labels: Labels, chance: np.random.Generator) -> float:
    """How often groups drawn by chance differ at least so much on one question."""
    member = np.eye(int(labels.max()) + 1)[labels]
    sizes = member.sum(axis=0)
    centred = values - values.mean()
    drawn = chance.permuted(np.tile(centred, (_EXCHANGES, 1)), axis=1)
    seen = float((np.square(centred @ member) / sizes).sum())
    reach = int(((np.square(drawn @ member) / sizes).sum(axis=1) >= seen - 1e-9).sum())
    return (1 + reach) / (1 + _EXCHANGES)
