"""What a room is told of its diamonds: the whole, its known groups, opinions, and what changed, each only as `rules.telling` allows.

Everything here is worked out once for the same entries and remembered: a wall that asks every few seconds costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from convenor.conditions.rules.comparing import Comparison, change_since, compare_groups
from convenor.conditions.rules.diamond_picture import NARROW, WIDE, DiamondPicture, Marked, diamond_picture
from convenor.conditions.rules.diamonds import DOUBLED, Rows, boards
from convenor.conditions.rules.opinion_groups import OpinionGroups, groups_in_diamonds
from convenor.conditions.rules.results import Together, board_of, together
from convenor.conditions.rules.telling import LEAST_TABLES, counting, may_tell, told_groups

#: The groupings of a room, those asked about first with the first claim to be told; opinions come after them.
GROUPINGS: Final = ("role", "tier", "phase", "type")
OPINION: Final = "opinion"
#: How many cards stand at either end.
ENDS: Final = 3


@dataclass(frozen=True, slots=True)
class Made:
    """One diamond as it counts: the row of each card (in the order of the cards' keys), how many made it, what they call themselves, and
    the answer to each of GROUPINGS ("" where not told)."""

    rows: tuple[int, ...]
    people: int
    personal: bool
    label: str = ""
    groups: tuple[str, ...] = ("",) * len(GROUPINGS)


@dataclass(frozen=True, slots=True)
class CardTold:
    """One card over all that count: mean rank (1 to 9) with its place among the nine, spread (a standard deviation, in ranks), between
    which ranks the middle half of the entries lies, and in what per cent of them it is among the top and the bottom three."""

    key: str
    name: str
    wording: str
    place: int
    joint: bool
    mean: float
    spread: float
    low: float
    high: float
    top_three_percent: float
    bottom_three_percent: float


@dataclass(frozen=True, slots=True)
class Whole:
    """What all that count say together. `left_out`: entries of single people, too few yet to be counted. `cards` are in the order of the
    workshop, `diamonds` the optimal ones (up to 2,000) as the keys in each row."""

    tables: int
    personal: int
    people: int
    left_out: int
    cards: tuple[CardTold, ...]
    together: Together
    diamonds: tuple[tuple[tuple[str, ...], ...], ...]

    @property
    def entries(self) -> int:
        """How many diamonds count."""
        return self.tables + self.personal

    @property
    def ranked(self) -> list[CardTold]:
        """The cards from the strength to where most improvement is needed, by mean rank."""
        return sorted(self.cards, key=lambda each: (each.place, each.key))

    @property
    def bottom_three(self) -> list[CardTold]:
        """The three cards with the highest mean ranks, the highest first, and any that are level with the third."""
        highest = sorted(self.cards, key=lambda each: (-each.place, each.key))
        return [each for each in highest if each.place >= highest[ENDS - 1].place]

    @property
    def more_diamonds(self) -> int:
        """How many optimal diamonds there are beside the one shown."""
        return self.together.consensus_count - 1

    def card(self, key: str) -> CardTold:
        """The card of that key. Raises StopIteration for a key that is not there."""
        return next(each for each in self.cards if each.key == key)

    def picture(self, number: int = 1, *, narrow: bool = False) -> DiamondPicture:
        """One optimal diamond, drawn for a desk and a wall or for a phone; the first for a number that is not there. Within a row the lower
        mean rank stands left."""
        rows = self.diamonds[number - 1 if 0 < number <= len(self.diamonds) else 0]
        marked = [[_marked(self.card(key)) for key in sorted(row, key=self._order)] for row in rows]
        return diamond_picture(marked, size=NARROW if narrow else WIDE)

    def _order(self, key: str) -> tuple[int, str]:
        return (self.card(key).place, key)


def _marked(card: CardTold) -> Marked:
    says = f"{card.name}, mean rank {card.mean:.1f}, middle half from {card.low:g} to {card.high:g}"
    return Marked(card.name, card.mean, card.low, card.high, says)


@dataclass(frozen=True, slots=True)
class Opinions:
    """Whether the room holds several opinions. `sizes` and `means` (by group, then card) only where groups were found and may be told;
    `telling` are the places of the cards that tell them apart."""

    found: OpinionGroups | None
    sizes: tuple[int, ...] = ()
    means: tuple[tuple[float, ...], ...] = ()
    telling: tuple[int, ...] = ()

    @property
    def says(self) -> str:
        """The finding in a sentence."""
        if self.found is None:
            return "No groups were looked for: too few entries count."
        if self.found.found and not self.sizes:
            return "No groups are told: what parts the entries leaves too few on one side for nobody to be told from it."
        return self.found.says


@dataclass(frozen=True, slots=True)
class Groups:
    """Known groups compared, as far as they may be told, and opinions. `asked`: the groupings in which anybody said anything."""

    comparisons: tuple[Comparison, ...]
    asked: tuple[str, ...]
    opinions: Opinions


@dataclass(frozen=True, slots=True)
class Moved:
    """One card then and now: its mean rank over all that counted, and its place among the nine."""

    key: str
    name: str
    before: float
    now: float
    place_before: int
    place_now: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Those who were in both rooms, by what they call themselves, each held against themselves.

    `entries` of them; None where they are too few to be told together. `p`: the chance of so great a change over all cards. `rose` and
    `fell` are the keys of the cards that changed beyond chance. Their means are not told: with those of the whole they would be sums over
    one more set, in two rooms at once.
    """

    entries: int | None
    p: float | None = None
    rose: tuple[str, ...] = ()
    fell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """What is otherwise since the workshop before: every card, in the order of the cards now, and the test among those who were in both."""

    title: str
    held_on: date
    moved: tuple[Moved, ...]
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class Before:
    """A workshop that this one follows: its diamonds over the same cards, in the same order."""

    title: str
    held_on: date
    made: tuple[Made, ...]


Key = tuple[tuple[str, str, str], ...]


def counted(made: Sequence[Made]) -> tuple[Made, ...]:
    """The entries that count, in their order; none where too few have come."""
    return tuple(made[place] for place in counting([each.personal for each in made]))


@lru_cache(maxsize=256)
def whole_told(cards: Key, made: tuple[Made, ...]) -> Whole | None:
    """What all that count say together; None where too few have come to tell anything. `cards`: key, name and wording of each of nine."""
    count = counted(made)
    if not count:
        return None
    rows = boards([each.rows for each in count])
    found = together(rows)
    keys = [key for key, _, _ in cards]
    personal = sum(each.personal for each in count)
    return Whole(
        len(count) - personal,
        personal,
        sum(each.people for each in count),
        len(made) - len(count),
        _cards(cards, rows, found),
        found,
        tuple(tuple(tuple(row) for row in board_of(keys, each)) for each in found.consensus),
    )


def _cards(cards: Key, rows: Rows, found: Together) -> tuple[CardTold, ...]:
    ranks = DOUBLED[rows] / 2
    low, high = np.percentile(ranks, (25, 75), axis=0)
    places = [1 + sum(other < mean - 1e-9 for other in found.mean_ranks) for mean in found.mean_ranks]
    shared = Counter(places)
    return tuple(
        CardTold(
            key,
            name,
            wording,
            places[at],
            shared[places[at]] > 1,
            found.mean_ranks[at],
            found.spreads[at],
            float(low[at]),
            float(high[at]),
            found.top_three_percents[at],
            found.bottom_three_percents[at],
        )
        for at, (key, name, wording) in enumerate(cards)
    )


@lru_cache(maxsize=64)
def groups_told(made: tuple[Made, ...]) -> Groups | None:
    """The known groups and the opinions of a room; None where nothing may be told.

    What may be told of groupings and opinions is decided together: no sum over too few can be put together from all of them.
    """
    count = counted(made)
    if not count:
        return None
    rows = boards([each.rows for each in count])
    personal = [each.personal for each in count]
    asked = {name: [each.groups[at] for each in count] for at, name in enumerate(GROUPINGS)}
    opinions = groups_in_diamonds(rows) if len(count) >= LEAST_TABLES else None
    wanted: dict[str, Sequence[str]] = dict(asked)
    if opinions is not None and opinions.found:
        wanted[OPINION] = [str(label) for label in opinions.labels]
    may = told_groups(personal, wanted)
    return Groups(
        compare_groups(rows, {name: may[name] for name in GROUPINGS if name in may}, least=LEAST_TABLES),
        tuple(name for name, labels in asked.items() if any(labels)),
        _opinions(rows, opinions, may.get(OPINION)),
    )


def _opinions(rows: Rows, found: OpinionGroups | None, labels: Sequence[str] | None) -> Opinions:
    """The opinions as they may be told. All groups or none: with one left out nobody could say what the others part."""
    if found is None or labels is None or "" in labels:
        return Opinions(found)
    ranks = DOUBLED[rows] / 2
    names = sorted(set(labels), key=int)
    mine = [np.array([label == each for label in labels]) for each in names]
    means = tuple(tuple(float(mean) for mean in ranks[each].mean(axis=0)) for each in mine)
    return Opinions(found, tuple(int(each.sum()) for each in mine), means, found.telling)


def _by_label(made: Sequence[Made]) -> dict[str, Made]:
    """The entries that count by what their makers call themselves, those alone who are called so."""
    count = counted(made)
    names = [" ".join(each.label.casefold().split()) for each in count]
    held = Counter(names)
    return {name: each for name, each in zip(names, count, strict=True) if name and held[name] == 1}


@lru_cache(maxsize=64)
def pairs_told(keys: tuple[str, ...], before: tuple[Made, ...], now: tuple[Made, ...]) -> Pairs:
    """What changed among those who were in both rooms, single people both times or tables both times."""
    was, here = _by_label(before), _by_label(now)
    both = sorted(label for label in was.keys() & here.keys() if was[label].personal == here[label].personal)
    personal = sum(here[label].personal for label in both)
    if not may_tell(personal=personal, tables=len(both) - personal):
        return Pairs(None)
    found = change_since({each: was[each].rows for each in both}, {each: here[each].rows for each in both}, least=LEAST_TABLES)
    moved = [(key, each.means[1] - each.means[0]) for key, each in zip(keys, found.cards, strict=True) if each.differs]
    return Pairs(found.people, found.p, tuple(key for key, by in moved if by < 0), tuple(key for key, by in moved if by > 0))


def since(cards: Key, now: Whole, made: tuple[Made, ...], before: Before) -> Since | None:
    """What is otherwise since the workshop before; None where that one may tell nothing."""
    was = whole_told(cards, before.made)
    if was is None:
        return None
    moved = tuple(
        Moved(here.key, here.name, then.mean, here.mean, then.place, here.place) for then, here in zip(was.cards, now.cards, strict=True)
    )
    return Since(before.title, before.held_on, moved, pairs_told(tuple(key for key, _, _ in cards), before.made, made))
