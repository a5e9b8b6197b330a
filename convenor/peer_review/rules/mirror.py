"""The land-of-nice mirror: what each side expected to find, held against what was found. A test of rigour that shames nobody.

Before the visit the host and the team each name three findings in private. After the report is final the host alone sees how many
of them were found, and what was found that nobody expected. A review that finds only what its host expected may have been kind
rather than curious; one that finds none of it may have looked elsewhere. Neither is good or bad, and no word here says so.
Source: the worry of reviews that are only kind, "the land of nice", in the field notes, part A; the count is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from convenor.peer_review.rules.refusals import Missing, NoWords
from convenor.peer_review.rules.themes import THEMES

#: How many findings each side names.
NAMED: Final = 3
#: The longest words of one expected finding, in characters.
WORDS_AT_MOST: Final = 160


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """One finding as somebody expects it: its theme, whether a strength or even better if, and a few words."""

    theme: str
    strength: bool
    words: str = ""

    @property
    def what(self) -> tuple[str, bool]:
        """What is held against the report: theme and side, never the words."""
        return self.theme, self.strength

    def as_dict(self) -> dict[str, Any]:
        """As it is kept."""
        return {"theme": self.theme, "strength": self.strength, "words": self.words}


def expected_from(raw: Iterable[Mapping[str, Any]]) -> tuple[Expected, ...]:
    """What was kept, read back."""
    return tuple(Expected(str(each["theme"]), bool(each["strength"]), str(each.get("words", ""))) for each in raw)


def check_expected(findings: Iterable[Expected]) -> tuple[Expected, ...]:
    """The three findings that one side names, words trimmed. Missing unless there are three different ones of known themes; NoWords
    for words that are too long. Words may be empty: a theme and a side are enough."""
    found = tuple(Expected(each.theme, each.strength, each.words.strip()) for each in findings)
    if len(found) != NAMED:
        raise Missing(f"Three findings are named, neither more nor fewer. You named {len(found)}. Nothing was changed.")
    if any(each.theme not in THEMES for each in found):
        raise Missing("Choose a theme for each of the three. Nothing was changed.")
    if len({each.what for each in found}) != NAMED:
        raise Missing(
            "Two of the three are the same: one theme may be named as a strength and as even better if, once each. Nothing was changed."
        )
    if any(len(each.words) > WORDS_AT_MOST for each in found):
        raise NoWords(f"Use at most {WORDS_AT_MOST} characters for each. Nothing was changed.")
    return found


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far what was expected and what was found agree, by theme and side. Each tuple is in the order in which it was named.

    `host_met`, `team_met`: what a side expected and was found. `host_unmet`, `team_unmet`: what it expected and was not.
    `new`: what was found and neither side expected, each once.
    """

    host_met: tuple[Expected, ...]
    host_unmet: tuple[Expected, ...]
    team_met: tuple[Expected, ...]
    team_unmet: tuple[Expected, ...]
    new: tuple[tuple[str, bool], ...]
    found: int

    @property
    def share_new_percent(self) -> float | None:
        """How many in a hundred of the findings the host had not expected; None where nothing was found."""
        if not self.found:
            return None
        return 100 * (self.found - len({each.what for each in self.host_met})) / self.found


def overlap(host: Iterable[Expected], team: Iterable[Expected], found: Iterable[tuple[str, bool]]) -> Overlap:
    """What each side expected held against the findings, given as (theme, strength); findings count once by theme and side.

    A side that named nothing has nothing met and nothing unmet.
    """
    seen = tuple(dict.fromkeys(found))
    there, hosts, teams = set(seen), tuple(host), tuple(team)
    expected = {each.what for each in (*hosts, *teams)}
    return Overlap(
        tuple(each for each in hosts if each.what in there),
        tuple(each for each in hosts if each.what not in there),
        tuple(each for each in teams if each.what in there),
        tuple(each for each in teams if each.what not in there),
        tuple(each for each in seen if each not in expected),
        len(seen),
    )
