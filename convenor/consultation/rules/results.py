"""The results of a consultation as they may be told: counted, compared by group, with small numbers held back. Pure.

Schools' formal responses and open views are told apart and never added up. Schools were all asked; views came from whoever chose to write,
so they say nothing of anybody else, and no share of them is a share of anything more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from convenor.consultation.rules.answers import SentResponse
from convenor.consultation.rules.comparing import Comparison, compare
from convenor.consultation.rules.disclosure import Row, Table, tables
from convenor.consultation.rules.questions import Option, QuestionAsked
from convenor.consultation.rules.rates import GROUPINGS
from convenor.consultation.rules.states import QuestionKind, ResponseKind
from convenor.consultation.rules.tally import LEAST, Item, Tally, answer_to, items, tally

#: The version of these rules, kept with what they worked out.
METHOD: Final = "1"
#: The ways of grouping open views: key, and how it is said.
VIEW_GROUPINGS: Final[dict[str, str]] = {"role": "Who they are", "phase": "Phase"}


@dataclass(frozen=True, slots=True)
class ItemFound:
    """One thing that was counted, as it may be told: without counts where too few answered it."""

    tally: Tally
    tables: tuple[Table, ...] = ()
    comparisons: tuple[Comparison | None, ...] = ()


@dataclass(frozen=True, slots=True)
class WordsFound:
    """One open question: how many schools, and how many views, wrote to it; None where it is one to four."""

    key: str
    words: str
    schools: int | None
    views: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `versions` tells how many schools answered which version of the proposition, None where it is one to four."""

    asked: int
    heard: int
    views: int
    versions: tuple[tuple[int, int | None], ...]
    schools: tuple[ItemFound, ...]
    said_by_views: tuple[ItemFound, ...]
    words: tuple[WordsFound, ...]


def work_out(questions: Sequence[QuestionAsked], sent: Sequence[SentResponse], *, asked: int) -> Found:
    """The results of all that was sent; `asked` schools were asked. The same answers give the same results."""
    schools, views = ([each for each in sent if each.kind is kind] for kind in (ResponseKind.SCHOOL, ResponseKind.VIEW))
    versions = Counter(each.proposition_number for each in schools)
    return Found(
        asked, len(schools), len(views), tuple((number, _few(versions[number])) for number in sorted(versions)),
        _items(questions, schools, GROUPINGS), _items(questions, views, VIEW_GROUPINGS),
        tuple(
            WordsFound(each.key, each.words, _few(_wrote(schools, each)), _few(_wrote(views, each)))
            for each in questions if each.kind is QuestionKind.OPEN
        ),
    )  # fmt: skip


def _few(count: int) -> int | None:
    return count if not 0 < count < LEAST else None


def _wrote(sent: Sequence[SentResponse], question: QuestionAsked) -> int:
    return sum(bool(each.answers.get(question.key)) for each in sent)


def _items(questions: Sequence[QuestionAsked], sent: Sequence[SentResponse], groupings: Mapping[str, str]) -> tuple[ItemFound, ...]:
    found = [_item(each, sent, groupings) for each in items(questions)]
    compared = iter(compare([table for each in found for table in each.tables]))
    return tuple(replace(each, comparisons=tuple(next(compared) for _ in each.tables)) for each in found)


def _item(item: Item, sent: Sequence[SentResponse], groupings: Mapping[str, str]) -> ItemFound:
    counted = tally(item, [each.answers for each in sent])
    if not counted.told:
        return ItemFound(Tally(item, counted.answered, ()))
    places = {option.key: place for place, option in enumerate(item.options)}
    answered = [(each, chosen) for each in sent if (chosen := answer_to(item, each.answers))]
    by = {key: [each.strata.get(key, "Not said") for each, _ in answered] for key in groupings}
    found = tables([places[chosen] for _, chosen in answered], by, options=len(places))
    return ItemFound(counted, found if groupings is GROUPINGS else tuple(_unnamed(each) for each in found))


def _unnamed(table: Table) -> Table:
    """A table without the names of groups that were put together: what one person says of themselves is not published."""
    return replace(table, rows=tuple(replace(row, names=("",) * len(row.names)) for row in table.rows))


def as_data(found: Found) -> dict[str, Any]:
    """The results as they are stored."""
    return asdict(found)


def from_data(data: Mapping[str, Any]) -> Found:
    """The results as they were stored."""
    return Found(
        data["asked"], data["heard"], data["views"], tuple((number, count) for number, count in data["versions"]),
        tuple(_item_from(each) for each in data["schools"]), tuple(_item_from(each) for each in data["said_by_views"]),
        tuple(WordsFound(**each) for each in data["words"]),
    )  # fmt: skip


def _item_from(data: Mapping[str, Any]) -> ItemFound:
    one = data["tally"]
    item = Item(
        one["item"]["key"], one["item"]["question"], QuestionKind(one["item"]["kind"]), one["item"]["words"],
        tuple(Option(**each) for each in one["item"]["options"]), one["item"]["heading"],
    )  # fmt: skip
    found = tuple(
        Table(
            each["grouping"],
            tuple(Row(row["group"], row["answered"], tuple(row["counts"]), tuple(row["names"])) for row in each["rows"]),
            each["same"],
        )
        for each in data["tables"]
    )
    comparisons = tuple(
        Comparison(tuple(each["groups"]), tuple(each["options"]), each["p"], each["p_adjusted"]) if each else None
        for each in data["comparisons"]
    )
    return ItemFound(Tally(item, one["answered"], tuple(one["counts"]), tuple(one["mean_places"])), found, comparisons)
