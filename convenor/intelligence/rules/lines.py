"""Lines: what one indicator says of one school, and what all of them together say.

A line never is a judgement. It holds a figure with its cohort, interval, year, comparator and edition, whether it is flagged, and in one
sentence why or why not. Every indicator has a line for every school, also the ones of which nothing can be said: those stand in
`Assessment.not_assessable` with the reason, and their line has no value.

What suggests an early conversation (H3 of our field notes; the levels are in `rules.indicators`):

1. one line at level high, or
2. three or more at level medium, each indicator counted once; overall, persistent and severe absence tell of one thing and count once
   together; so do attainment and progress; so do soft signals, however many, or
3. the school's own request or self-assessment. It counts in the school's favour and adds nothing to any score.

A note never counts. A second-hand soft signal is a note, so it can never suggest anything alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

#: Mediums that suggest a conversation together.
MEDIUMS: Final = 3
#: Indicators that tell of one thing and so count once.
TOGETHER: Final[dict[str, str]] = {"ABS": "absence", "PAB": "absence", "SEV": "absence", "ATT": "results", "PRG": "results"}
#: The code of a soft signal's line: it stands beside the indicators and is none of them.
SOFT_SIGNAL: Final = "SIG"
#: The school's own request or self-assessment.
SELF: Final = "SELF"


class Level(StrEnum):
    """How much a flagged line weighs."""

    HIGH = "high"
    MEDIUM = "medium"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Line:
    """What one indicator says of one school.

    `value`, `low`, `high` (the 95 % interval) and `comparator` are in `unit`; `cohort` is the number of pupils that the figure is about,
    over all its `periods` when it is `pooled`; `care` marks a cohort of 11 to 29. `contribution` of at most `maximum` points goes into the
    score, and `points_says` tells where the points come from where they are not simply those of its own figure. `edition` is the key of
    the edition and `measure` a key of the registers' catalogue; both are "" for what was entered. `period` is a school year, or for an
    inspection its day; "" where nothing can be told.
    """

    code: str
    level: Level | None
    value: float | None
    unit: str
    period: str
    cohort: int | None
    low: float | None
    high: float | None
    comparator: float | None
    comparator_says: str
    contribution: float
    maximum: int
    edition: str
    measure: str
    periods: tuple[str, ...] = ()
    pooled: bool = False
    care: bool = False
    says: str = ""
    points_says: str = ""

    @property
    def flagged(self) -> bool:
        """Whether it stands out at all, a note among it."""
        return self.level is not None

    @property
    def told(self) -> bool:
        """Whether there is anything to tell: a figure, a finding, or something entered."""
        return self.value is not None or self.level is not None or bool(self.period)


def silent(code: str, *, unit: str, reason: str, maximum: int = 0, contribution: float = 0.0, points_says: str = "") -> Line:
    """The line of an indicator of which nothing can be said, with the reason."""
    return Line(code, None, None, unit, "", None, None, None, None, "", contribution, maximum, "", "", says=reason, points_says=points_says)


@dataclass(frozen=True, slots=True)
class NotAssessable:
    """Why nothing can be said by an indicator: "suppressed by the publisher", "4 pupils: too few", "not loaded", "not entered"."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """All lines of one school, in the catalogue's order, and whether together they suggest an early conversation.

    `uncertainty` is how many points of the score the missing figures could make. `suggested_by` names the indicators that made the
    suggestion, and is empty where there is none.
    """

    urn: str
    phase: str
    lines: tuple[Line, ...]
    not_assessable: tuple[NotAssessable, ...]
    score: float
    score_maximum: int
    uncertainty: float
    suggested: bool
    suggested_by: tuple[str, ...]

    @property
    def flagged(self) -> tuple[Line, ...]:
        """The lines that stand out, notes among them."""
        return tuple(line for line in self.lines if line.flagged)

    def line(self, code: str) -> Line | None:
        """The first line of an indicator; None when there is none."""
        return next((line for line in self.lines if line.code == code), None)


def suggested_by(levels: Iterable[tuple[str, Level | None]]) -> tuple[str, ...]:
    """The codes that suggest a conversation, in the order given and each once; empty where nothing is suggested.

    `levels` are pairs of an indicator's code and the level of its line. The rule stands at the head of this module.
    """
    pairs = [(code, level) for code, level in levels if level is not None]
    own = [code for code, _ in pairs if code == SELF]
    high = [code for code, level in pairs if level is Level.HIGH and code != SELF]
    medium = [code for code, level in pairs if level is Level.MEDIUM and code != SELF]
    kinds = {TOGETHER.get(code, code) for code in (*high, *medium)}
    enough = bool(high) or len(kinds) >= MEDIUMS
    return tuple(dict.fromkeys([*own, *(high + medium if enough else ())]))


def assess(
    *,
    urn: str,
    phase: str,
    lines: Sequence[Line],
    not_assessable: Sequence[NotAssessable],
    score: float,
    score_maximum: int,
    uncertainty: float,
) -> Assessment:
    """All lines of a school with the suggestion they make."""
    by = suggested_by((line.code, line.level) for line in lines)
    return Assessment(urn, phase, tuple(lines), tuple(not_assessable), score, score_maximum, uncertainty, bool(by), by)


def with_entered(assessment: Assessment, entered: Sequence[Line], order: Sequence[str]) -> Assessment:
    """The assessment with lines that people entered.

    An entered line takes the place of one of which nothing could be said; beside a computed one it stands as a second line. `order` is
    that of the catalogue; soft signals come last. Entered lines change no score.
    """
    if not entered:
        return assessment
    codes = {line.code for line in entered}
    silenced = {each.code for each in assessment.not_assessable} & codes
    kept = [line for line in assessment.lines if line.code not in silenced]
    place = {code: number for number, code in enumerate(order)}
    lines = sorted([*kept, *entered], key=lambda line: place.get(line.code, len(place)))
    left = [each for each in assessment.not_assessable if each.code not in codes]
    return assess(
        urn=assessment.urn, phase=assessment.phase, lines=lines, not_assessable=left, score=assessment.score,
        score_maximum=assessment.score_maximum, uncertainty=assessment.uncertainty,
    )  # fmt: skip


def without_entered(assessment: Assessment) -> Assessment:
    """The assessment without lines that people entered, and without what they added to the suggestion: published figures stay."""
    lines = tuple(line for line in assessment.lines if line.edition or not line.told)
    levelled = {line.code for line in lines if line.level is not None}
    return replace(assessment, lines=lines, suggested_by=tuple(code for code in assessment.suggested_by if code in levelled))


def as_dict(assessment: Assessment) -> dict[str, Any]:
    """An assessment as JSON can hold it, for keeping it as it stood on a day."""
    kept = {each.name: getattr(assessment, each.name) for each in fields(assessment)}
    kept["lines"] = [line_as_dict(line) for line in assessment.lines]
    kept["not_assessable"] = [{"code": each.code, "reason": each.reason} for each in assessment.not_assessable]
    kept["suggested_by"] = list(assessment.suggested_by)
    return kept


def line_as_dict(line: Line) -> dict[str, Any]:
    """One line as JSON can hold it."""
    kept = {each.name: getattr(line, each.name) for each in fields(line)}
    return kept | {"level": line.level.value if line.level else None, "periods": list(line.periods)}


def line_from_dict(kept: dict[str, Any]) -> Line:
    """One line as it was kept."""
    return Line(**kept | {"level": Level(kept["level"]) if kept["level"] else None, "periods": tuple(kept["periods"])})


def from_dict(kept: dict[str, Any]) -> Assessment:
    """An assessment as it was kept: what it suggested then, it still does, whatever today's rule would say."""
    lines = tuple(line_from_dict(line) for line in kept["lines"])
    missing = tuple(NotAssessable(**each) for each in kept["not_assessable"])
    return Assessment(**kept | {"lines": lines, "not_assessable": missing, "suggested_by": tuple(kept["suggested_by"])})
