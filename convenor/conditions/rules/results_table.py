"""A result as a table of lines, for a spreadsheet: what the page tells, and nothing that it does not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from convenor.conditions.rules.results_told import CardTold, Groups, Since, Whole
from convenor.conditions.rules.results_words import GROUPING_NAMES, short
from convenor.papers.rules import never_run

COLUMNS: Final = (
    "part", "group", "entries", "card", "wording", "mean_rank", "spread_ranks", "middle_half_from", "middle_half_to", "top_three_percent",
    "bottom_three_percent", "differs_beyond_chance",
)  # fmt: skip
Line = tuple[object, ...]


def lines(whole: Whole, groups: Groups | None, before: Since | None) -> Iterator[Line]:
    """The whole, each group that may be told, the opinions found, and the workshop before; a line for each card in each."""
    for card in whole.cards:
        yield (
            "all entries", "", whole.entries, card.name, card.wording, _rank(card.mean), _rank(card.spread), card.low, card.high,
            round(card.top_three_percent, 1), round(card.bottom_three_percent, 1), "",
        )  # fmt: skip
    if groups is not None:
        yield from _of_groups(whole.cards, groups)
    if before is not None:
        yield from ((f"before: {before.title}", "", "", each.name, "", _rank(each.before), "", "", "", "", "", "") for each in before.moved)


def _of_groups(cards: Sequence[CardTold], groups: Groups) -> Iterator[Line]:
    for found in groups.comparisons:
        for at, (key, size) in enumerate(zip(found.groups, found.sizes, strict=True)):
            for card, each in zip(cards, found.cards, strict=True):
                name = GROUPING_NAMES[found.grouping]
                differs = "yes" if each.differs else "no"
                yield (name, short(found.grouping, key), size, card.name, card.wording, _rank(each.means[at]), "", "", "", "", "", differs)
    for number, (size, means) in enumerate(zip(groups.opinions.sizes, groups.opinions.means, strict=True), 1):
        for card, mean in zip(cards, means, strict=True):
            yield ("opinion groups", f"group {number}", size, card.name, card.wording, _rank(mean), "", "", "", "", "", "")


def _rank(value: float) -> float:
    return round(value, 2)


def as_csv(whole: Whole, groups: Groups | None, before: Since | None) -> str:
    """The lines as CSV with a header and UTF-8's mark. Words that a spreadsheet would run as a formula get an apostrophe first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_safe(cell) for cell in line] for line in lines(whole, groups, before))
    return "\ufeff" + out.getvalue()


def _safe(cell: object) -> object:
    return never_run(cell) if isinstance(cell, str) else cell
