"""An answer in words and rows, for a page: pure text out of `effect_shape`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convenor.registers.rules.measures import MEASURES
from convenor.support.rules.effect_picture import used
from convenor.support.rules.pooled import FEWEST_PACKAGES, Pooled

_MINUS = "\N{MINUS SIGN}"
_ROLES = {"before": "before", "after": "after", "began": "support began"}


@dataclass(frozen=True, slots=True)
class Row:
    """One school year of the table beside the picture. Figures are text, "" where there is none."""

    period: str
    role: str
    value: str
    low: str
    high: str
    cohort: str
    mean: str
    spread: str
    comparators: int
    note: str


def rows(said: Mapping[str, Any], *, begun: bool = True) -> list[Row]:
    """The table beside the picture. `begun`: support has begun by the day of the page."""
    return [_row(year, _decimals(said), used(said), begun=begun) for year in said["series"]]


def _row(year: Mapping[str, Any], decimals: int, counted: frozenset[str], *, begun: bool) -> Row:
    def number(key: str) -> str:
        return figure(year[key], decimals) if year[key] is not None else ""

    note = [year["mark"]] if year["value"] is None else []
    note += [f"not compared with the year before: {year['break_before']}"] if year["break_before"] else []
    cohort = str(year["cohort"]) if year["cohort"] is not None else ""
    role = _ROLES.get(year["role"], "") if year["role"] == "began" or year["period"] in counted else ""
    role = "support begins" if year["role"] == "began" and not begun else role
    return Row(
        year["period"].replace("-", "/"), role, number("value"), number("low"), number("high"), cohort,
        number("comparators_mean"), number("comparators_spread"), year["comparators"], "; ".join(note),
    )  # fmt: skip


def breaks(said: Mapping[str, Any]) -> list[str]:
    """Where the measure breaks, each reason once."""
    found: dict[str, str] = {}
    for year in said["series"]:
        if year["break_before"]:
            found.setdefault(year["break_before"], year["period"].replace("-", "/"))
    return [f"Broken before {period}: {why}." for why, period in found.items()]


def sums(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The sums, one after another, so that each can be checked from those above it; none where nothing was reckoned."""
    if said["expected_without_support"] is None:
        return []
    d = _decimals(said)
    before, after = (_years(said["years"][side]) for side in ("before", "after"))
    low, high = said["interval"]
    gap = said["gap_before"]
    return [
        (f"Before, {before}: the school", figure(said["before"], d)),
        (f"Before: {said['comparators_used']} similar schools", figure(said["comparators_before"], d)),
        ("The gap before", change(gap, d)),
        ("How much of a gap lasts, r", f"{said['r']:.2f}, as among the similar schools themselves"),
        (f"After, {after}: similar schools", figure(said["comparators_after"], d)),
        (
            "Expected without support",
            f"{figure(said['comparators_after'], d)} {_signed(gap * said['r'], d)} = {figure(said['expected_without_support'], d)}",
        ),
        ("After: the school", figure(said["after"], d)),
        (
            "Difference from what was expected",
            f"{change(said['difference_in_differences'], d)} (95 % interval {change(low, d)} to {change(high, d)})",
        ),
        ("Placebo rank", f"{ordinal(said['placebo_rank'])} of {said['placebo_of']}: p = {said['placebo_p']:.3f}"),
    ]  # fmt: skip


def comparators(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The similar schools, their figures as people write them."""
    d = _decimals(said)
    return [
        each | {
            "distance": f"{each['distance']:.2f}" if each["distance"] is not None else "",
            "before": figure(each["before"], d) if each["before"] is not None else "",
            "after": figure(each["after"], d) if each["after"] is not None else "",
        }
        for each in said["comparators"]
    ]  # fmt: skip


def pool_said(seen: Pooled) -> str:
    """Why packages are, or are not, counted together: of fewer than eight not even how many."""
    if seen.rank_p is None:
        return f"Packages are counted together from {FEWEST_PACKAGES} up that can be measured, and there are fewer."
    return seen.why


def naive(said: Mapping[str, Any]) -> str:
    """What a plain look at before and after would say, and how much of it was to be expected; empty where nothing was reckoned."""
    if said["expected_without_support"] is None:
        return ""
    d = _decimals(said)
    expected = said["expected_without_support"] - said["before"]
    return (
        f"Before and after alone say {change(said['before_and_after'], d)}. Without support {change(expected, d)} was to be expected: "
        f"similar schools changed by {change(said['comparators_change'], d)}, and a school that stands apart in one year stands nearer in "
        "the next."
    )


def figure(value: float, decimals: int) -> str:
    """A figure as people write it."""
    return f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def change(value: float, decimals: int) -> str:
    """A change with its sign."""
    return f"{value:+,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def _signed(value: float, decimals: int) -> str:
    """A figure to be added or taken away."""
    return f"{'+' if value >= 0 else _MINUS} {figure(abs(value), decimals)}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _decimals(said: Mapping[str, Any]) -> int:
    measure = MEASURES.get(said["outcome"].get("key", ""))
    return max(measure.decimals, 1) if measure is not None else 1


def _years(labels: list[str]) -> str:
    told = [each.replace("-", "/") for each in labels]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
