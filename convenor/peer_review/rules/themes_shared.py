"""What a partnership learns of its reviews' reports: themes, so told that no school's findings can be worked out. Pure.

Whoever sees only themes must not learn what was found at a school, by whatever they subtract. So:

* they are told once for each round, when it has ended, in one table that never changes: two looks differ in nothing;
* of each review there is one report in one round's table, so no two tables hold the same report and no sum stands beside its parts;
* there is no table by phase or by cluster, and no filter;
* a theme is told only where five or more reports hold it, and in ranges; what is not told may be nought to four;
* the highest range begins where five schools or more could still be without it, so "all of them" is never told;
* in which ranges anything may be told follows from the number of reports alone, never from what they say.

Three schools that lay side by side what they know of themselves still learn of no other school for certain that it holds a theme or
does not. The tests hold it to that, over all worlds that lead to the same table. That makes nine reports the fewest of a round of
which themes are told. Source: the requirements H2 of the field notes (five schools, proposed there); the ranges are ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from convenor.intelligence.rules.totals import FEWEST, ranges
from convenor.peer_review.rules.mirror import NAMED
from convenor.peer_review.rules.themes import THEMES

#: How many schools may compare what they know of themselves and still learn nothing of another.
COMPARING: Final = FEWEST - 2
#: The fewest reports of a round of which themes are told: five with a theme, and four that could be without it.
REPORTS_AT_LEAST: Final = 2 * FEWEST - 1
#: The fewest hosts of whose expectations one share is told.
HOSTS_AT_LEAST: Final = FEWEST
#: How finely a share is told, in percent.
_STEP: Final = 10

#: A finding by what may be told of it: theme and side (true for a strength).
What = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class ThemeTold:
    """A theme and side, and between how many and how many reports hold it."""

    theme: str
    strength: bool
    least: int
    most: int

    def says(self, reports: int) -> str:
        """The number in words: "5 to 7 reports", "8 reports or more"."""
        return f"{self.least} reports or more" if self.most == reports else f"{self.least} to {self.most} reports"


@dataclass(frozen=True, slots=True)
class ShareTold:
    """How many in a hundred of the findings that hosts expected were found, at least and at most, over so many hosts."""

    hosts: int
    least: int
    most: int

    @property
    def says(self) -> str:
        """The share in words: "at most 33%", "47% to 53%", "67% or more"."""
        if self.least == 0:
            return f"at most {self.most}%"
        if self.most == 100:
            return f"{self.least}% or more"
        return f"{self.least}%" if self.least == self.most else f"{self.least}% to {self.most}%"


@dataclass(frozen=True, slots=True)
class Table:
    """What is told of one round: how many reports there were, the themes in the order of the list, and the one share, if any."""

    reports: int
    themes: tuple[ThemeTold, ...]
    share: ShareTold | None

    def as_dict(self) -> dict[str, Any]:
        """As it is frozen; `table_from` reads it back."""
        return {
            "reports": self.reports,
            "themes": [{"theme": each.theme, "strength": each.strength, "least": each.least, "most": each.most} for each in self.themes],
            "share": {"hosts": self.share.hosts, "least": self.share.least, "most": self.share.most} if self.share else {},
        }


def table_from(raw: Mapping[str, Any]) -> Table:
    """What was frozen, read back."""
    share = raw.get("share") or {}
    return Table(int(raw["reports"]), tuple(ThemeTold(**each) for each in raw["themes"]), ShareTold(**share) if share else None)


def table(reports: Sequence[Collection[What]], matched: Sequence[int]) -> Table:
    """What may be told of a round. `reports` are the findings of each final report by theme and side; `matched` says, for each host that
    named its three, how many of them were found. The order of either tells nothing, nor how often one report holds a theme."""
    counted = Counter(what for each in reports for what in set(each))
    told = [
        ThemeTold(theme, strength, *band)
        for theme in THEMES
        for strength in (True, False)
        if (band := _band(counted[theme, strength], theme_ranges(len(reports)))) is not None
    ]
    return Table(len(reports), tuple(told), share(matched))


def theme_ranges(reports: int) -> tuple[tuple[int, int], ...]:
    """The ranges in which a theme may be told among so many reports; the first, which begins at nought, is never told.

    >>> theme_ranges(12), theme_ranges(8)
    (((0, 4), (5, 7), (8, 12)), ((0, 8),))
    """
    return ranges(reports, reports - (FEWEST - 1))


def _band(count: int, bands: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """The range in which a count is told; None where it is in the first, which is not told."""
    return next(((low, high) for low, high in bands if 0 < low <= count <= high), None)


def share(matched: Sequence[int]) -> ShareTold | None:
    """The share of expected findings that were found, over all hosts together; None for fewer than five hosts.

    `matched` are whole numbers from 0 to 3, one for each host.
    """
    hosts = len(matched)
    if hosts < HOSTS_AT_LEAST:
        return None
    whole, total = NAMED * hosts, sum(matched)
    low, high = next((low, high) for low, high in share_ranges(hosts) if low <= total <= high)
    return ShareTold(hosts, 100 * low // whole, -(-100 * high // whole))


def share_ranges(hosts: int) -> tuple[tuple[int, int], ...]:
    """The ranges in which a sum of matches may be told among so many hosts: tens of percent, and wide enough at either end that no
    host learns another's number from its own.

    >>> share_ranges(5)
    ((0, 5), (6, 6), (7, 8), (9, 9), (10, 15))
    """
    whole = NAMED * hosts
    lowest, highest = NAMED + 2, whole - NAMED - 1
    starts = sorted({start for tenth in range(1, 11) if lowest <= (start := -(-(_STEP * tenth - 5) * whole // 100)) <= highest})
    firsts = [0, *(start for start in starts if start > lowest)] if starts else [0]
    return tuple(zip(firsts, [*(one - 1 for one in firsts[1:]), whole], strict=True))


def contributes(findings: Iterable[What]) -> tuple[What, ...]:
    """By what a report counts in its round's table: themes and sides, each once, in the order of the list. The words never count."""
    held = set(findings)
    return tuple((theme, strength) for theme in THEMES for strength in (True, False) if (theme, strength) in held)
