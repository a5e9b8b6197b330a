"""A back-test in words and rows, for the page: what a head can check without knowing what an AUC is.

An AUC is told as pairs: take one school later found weak and one that was not; in how many of 100 such pairs had the weak one the higher
score? A coin gets 50.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from convenor.registers.rules.measures import MEASURES, Direction

#: The scale of the pictures, in pairs of 100: a coin stands in the first quarter, so that worse than a coin would show.
SCALE: Final = (40, 100)
_PHASES: Final = {
    "Primary": "Primary schools",
    "Secondary": "Secondary and all-through schools",
    "Special": "Special schools",
    "Nursery": "Nursery schools",
    "PRU": "Pupil referral units",
    "unknown": "Schools of unknown phase",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a picture: pairs of 100 in the right order, with the 95 % interval."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "other"
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """What the schools with the highest scores held, in whole schools."""

    share: str
    schools: int
    found: int
    not_found: int
    of_all: str
    lift: str

    @property
    def shown(self) -> dict[str, str]:
        """The row of a table."""
        counts = {"schools": f"{self.schools:,}", "found": f"{self.found:,}", "not_found": f"{self.not_found:,}"}
        return {"share": self.share, "of_all": self.of_all, "lift": self.lift} | counts


@dataclass(frozen=True, slots=True)
class Group:
    """One phase, or all schools: its size, its picture and its cuts; `why` where too few."""

    name: str
    n: int
    positives: int
    rate: float
    why: str
    bars: tuple[Bar, ...]
    cuts: tuple[Cut, ...]


def _pairs(auc: float | None) -> float | None:
    """An AUC as pairs of 100, to a tenth."""
    return None if auc is None else round(auc * 100, 1)


def _bar(label: str, each: Mapping[str, Any], kind: str = "other") -> Bar:
    """A line of a picture from a part of the result."""
    low, high = each.get("auc_interval") or (None, None)
    return Bar(label, _pairs(each.get("auc")), _pairs(low), _pairs(high), kind, each.get("why", ""))


def _alone(each: Mapping[str, Any], schools: int) -> Bar:
    """A single figure's line."""
    name = MEASURES[each["measure"]].name
    words = (
        f"{name} alone"
        if each["n"] == schools
        else f"{name} alone, on the {each['n']:,} with it (the score there: {_pairs(each['score_auc'])})"
    )
    return Bar(words, _pairs(each["auc"]))


def group(name: str, said: Mapping[str, Any]) -> Group:
    """A part of the result as a page shows it: the score, the yardstick, and up to three single figures known of half of the schools."""
    n, positives = said["n"], said["positives"]
    bars = [_bar("The score", said, "own")]
    if said["auc"] is not None:
        bars.append(Bar("The opaque model, a yardstick", _pairs(said["reference_auc"]), kind="reference"))
        widely = [each for each in said["singles"] if 2 * each["n"] >= n]
        taught = [each for each in widely if MEASURES[each["measure"]].direction is not Direction.CONTEXT]
        bars.extend(_alone(each, n) for each in taught[:3])
    return Group(
        _PHASES.get(name, name),
        n,
        positives,
        100 * positives / n if n else 0.0,
        said.get("why", ""),
        tuple(bars),
        tuple(_cut(at, positives) for at in said["at"]),
    )


def _cut(at: Mapping[str, Any], positives: int) -> Cut:
    """A cut in whole schools."""
    found = round(at["precision"] * at["schools"])
    low, high = at["lift_interval"]
    return Cut(
        f"The highest {at['cut'] * 100:g}%",
        at["schools"],
        found,
        at["schools"] - found,
        f"{found} of {positives}",
        f"{at['lift']:.1f} times chance ({low:.1f} to {high:.1f})",
    )


def controls(said: Mapping[str, Any]) -> tuple[Bar, ...]:
    """The picture of the leak controls."""
    told = said["controls"]
    older = told["older_figures"]
    chance = told["grades_by_chance"]
    low, high = chance.get("interval", (None, None))
    return (
        _bar("As told above", said, "own"),
        _bar("With older figures", older),
        *(_bar(f"Inspected {words[0].upper()}{words[1:]}", each) for words, each in told["by_time_of_inspection"].items()),
        Bar("Grades dealt out by chance", _pairs(chance.get("auc")), _pairs(low), _pairs(high), mark=chance.get("why", "")),
    )


def older_of(said: Mapping[str, Any]) -> str:
    """Of which school years the older figures are, as "2018-19 and 2020-21"; empty where there are none."""
    years = sorted({year for found in said["controls"]["older_figures"].get("figures_of", {}).values() for year in found})
    return " and ".join([", ".join(years[:-1]), years[-1]] if len(years) > 1 else years)


def left_out(said: Mapping[str, Any]) -> list[dict[str, str]]:
    """Who was left out and why, most first."""
    return [{"why": reason[0].upper() + reason[1:], "n": f"{number:,}"} for reason, number in said["excluded"].items()]
