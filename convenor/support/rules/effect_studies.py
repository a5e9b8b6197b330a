"""What is fixed at the start of a package so that its effect can be judged later, and how it is read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from convenor.support.rules.effect import Figure, Line
from convenor.support.rules.effect_years import Years
from convenor.support.rules.outcomes import OUTCOMES, Outcome
from convenor.support.rules.refusals import Missing, NoWords, OutOfTurn

#: Chosen where nothing published measures what a package is for.
NOTHING: Final = "none"
NOTHING_SAYS: Final = (
    "It was said at the start that nothing published measures what this package is for. Its objectives and their reviews tell how it went."
)
#: With more outcomes one of them would stand out by chance alone.
MOST_OUTCOMES: Final = 3


def check_choice(outcomes: Sequence[str]) -> None:
    """Refuses a choice of outcomes that cannot be fixed. Raises NoWords."""
    if not outcomes:
        raise NoWords("Choose at least one outcome, or say that nothing published measures what the package is for.")
    if len(set(outcomes)) != len(outcomes):
        raise NoWords("An outcome is chosen more than once. Choose each once.")
    if NOTHING in outcomes and len(outcomes) > 1:
        raise NoWords("Either something published measures it, or nothing does. Choose one of the two.")
    if len(outcomes) > MOST_OUTCOMES:
        raise NoWords(f"Choose at most {MOST_OUTCOMES} outcomes: with more, one of them would stand out by chance alone.")
    unknown = [each for each in outcomes if each != NOTHING and each not in OUTCOMES]
    if unknown:
        raise NoWords(f"There is no outcome called {unknown[0]}.")


def check_fixable(outcome: Outcome, school: Line, years: Years) -> None:
    """Refuses to fix what could not be compared, or what is known already. Raises Missing and OutOfTurn."""
    if years.why:
        raise Missing(f"{outcome.name} cannot be compared: {years.why} Choose another outcome, or none.")
    known = [year.label for year in years.after if (figure := school.of(year)) is not None and figure.value is not None]
    if known:
        raise OutOfTurn(
            f"The figures of {', '.join(known)} are known already. What will be compared is fixed before anything after the beginning is "
            "known, so that it cannot be chosen for its result. Nothing was changed."
        )
    if not any((figure := school.of(year)) is not None and figure.counts for year in years.before):
        raise Missing(
            f"There is no figure of the school in {outcome.name} to begin from: a baseline comes before a review. Choose another outcome, "
            "or none. Nothing was changed."
        )


def as_kept(line: Line, periods: Sequence[str]) -> list[dict[str, Any]]:
    """A school's figures of some school years, as plain data."""
    return [_kept(period, line.figures[period]) for period in periods if period in line.figures]


def kept_line(line: Line, rank: int, periods: Sequence[str]) -> dict[str, Any]:
    """A comparator with its distance and its figures of the years before."""
    return {"urn": line.urn, "name": line.name, "distance": line.distance, "rank": rank, "figures": as_kept(line, periods)}


def _kept(period: str, figure: Figure) -> dict[str, Any]:
    return {
        "period": period, "value": figure.value, "low": figure.low, "high": figure.high, "cohort": figure.cohort, "mark": figure.mark,
        "edition": figure.edition,
    }  # fmt: skip


def fixed_over(line: Line, kept: Sequence[Mapping[str, Any]]) -> Line:
    """A school with the figures that were fixed in place of any that were published since for the same years."""
    figures = dict(line.figures)
    for each in kept:
        figures[each["period"]] = Figure(each["value"], each["low"], each["high"], each["cohort"], each["mark"], each["edition"])
    return Line(line.urn, line.name, figures, line.distance, line.note, line.unbroken)
