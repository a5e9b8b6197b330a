"""What was answered, counted: each closed question and each principle by itself, orders by their mean place. Nothing is told yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from convenor.consultation.rules.questions import STANCES, Option, QuestionAsked
from convenor.consultation.rules.states import QuestionKind

#: Under so many answers nothing is told at all: a total of few would tell of each.
LEAST: Final = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is counted: a closed question, one principle, or one question of order. `heading` is the question of a principle."""

    key: str
    question: str
    kind: QuestionKind
    words: str
    options: tuple[Option, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How one item was answered: how many answered it, by option; of an order, how many put each first, and the mean place of each."""

    item: Item
    answered: int
    counts: tuple[int, ...]
    mean_places: tuple[float, ...] = ()

    @property
    def told(self) -> bool:
        """Whether anything may be told."""
        return self.answered >= LEAST

    def percent(self, place: int) -> float:
        """The share of those who answered with the option at a place, 0 to 100; 0 where nobody answered."""
        return 100 * self.counts[place] / self.answered if self.answered else 0.0


def items(questions: Sequence[QuestionAsked]) -> tuple[Item, ...]:
    """What is counted, in the order of the questions; open questions are not: people read them."""
    found: list[Item] = []
    stances = tuple(Option(stance.value, words) for stance, words in STANCES.items())
    for each in questions:
        if each.kind is QuestionKind.PRINCIPLES:
            found += [Item(f"{each.key}.{one.key}", each.key, each.kind, one.words, stances, each.words) for one in each.options]
        elif each.kind is not QuestionKind.OPEN:
            found.append(Item(each.key, each.key, each.kind, each.words, each.options))
    return tuple(found)


def answer_to(item: Item, answers: Mapping[str, Any]) -> str:
    """The option with which an item was answered, of an order the first; "" where it was not answered with anything on offer."""
    given = answers.get(item.question)
    if item.kind is QuestionKind.PRINCIPLES:
        given = given.get(item.key.partition(".")[2]) if isinstance(given, Mapping) else None
    elif item.kind is QuestionKind.RANKED:
        given = given[0] if isinstance(given, list | tuple) and given else None
    return given if isinstance(given, str) and any(each.key == given for each in item.options) else ""


def tally(item: Item, responses: Iterable[Mapping[str, Any]]) -> Tally:
    """One item counted over the answers of many."""
    all_of_them = list(responses)
    counts = Counter(filter(None, (answer_to(item, answers) for answers in all_of_them)))
    answered = sum(counts.values())
    places = _mean_places(item, all_of_them, answered) if item.kind is QuestionKind.RANKED else ()
    return Tally(item, answered, tuple(counts[each.key] for each in item.options), places)


def _mean_places(item: Item, responses: Sequence[Mapping[str, Any]], answered: int) -> tuple[float, ...]:
    if not answered:
        return ()
    sums = dict.fromkeys((each.key for each in item.options), 0.0)
    for answers in responses:
        if answer_to(item, answers):
            for key, place in places(item, answers[item.question]).items():
                sums[key] += place
    return tuple(sums[each.key] / answered for each in item.options)


def places(item: Item, order: Sequence[str]) -> dict[str, float]:
    """The place of each option in an order, from 1; those that were left out share the mean of the places that are left."""
    keys = [each.key for each in item.options]
    given = [key for key in order if key in keys]
    rest = (len(given) + 1 + len(keys)) / 2
    return dict.fromkeys(keys, rest) | {key: float(place) for place, key in enumerate(given, 1)}
