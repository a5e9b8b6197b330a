"""What a back-test says, in the fixed shape of `convenor backtest --json`: the score beside single figures, beside the reference, by phase,
and under the controls that would show a leak."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from convenor.intelligence.rules.backtesting import Judged
from convenor.intelligence.rules.discrimination import Discrimination, auc, difference, discrimination, permuted, too_few
from convenor.intelligence.rules.reference import FOLDS, reference_scores
from convenor.intelligence.rules.weights import CURRENT, Weights
from convenor.registers.rules.measures import MEASURES, Direction

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Say = Callable[[str], None]

REFERENCE_SAYS: Final = (
    f"gradient boosting on the same figures and the phase, each school by a model that was not shown it ({FOLDS} folds); a yardstick, used "
    "for no school"
)
UNKNOWN_PHASE: Final = "unknown"
#: A single figure stands as "best" only where it is known of at least this share of the schools.
SINGLE_KNOWN_SHARE: Final = 0.5
DECIMALS: Final = 4


def _rounded(value: Any) -> Any:
    """Figures to four places, inside whatever holds them."""
    if isinstance(value, float | np.floating):
        return round(float(value), DECIMALS)
    if isinstance(value, tuple | list):
        return [_rounded(each) for each in value]
    return {key: _rounded(each) for key, each in value.items()} if isinstance(value, dict) else value


def _shape(found: Discrimination) -> dict[str, Any]:
    """A discrimination in the fixed shape."""
    said: dict[str, Any] = {
        "n": found.n,
        "positives": found.positives,
        "base_rate": found.base_rate,
        "auc": found.auc,
        "auc_interval": found.auc_interval,
        "at": [
            {
                "cut": at.cut,
                "schools": at.schools,
                "precision": at.precision,
                "recall": at.recall,
                "lift": at.lift,
                "lift_interval": at.lift_interval,
            }
            for at in found.at
        ],
    }
    return said | {"why": found.why} if found.why else said


def singles(rows: Judged, chosen: Bools) -> list[dict[str, Any]]:
    """Each published figure alone as a score, best first: its AUC and ours on the schools of which it is known.

    The worse end of results and absence counts as a high score. Who is on roll has no worse end: whichever end tells more is taken.
    """
    found = []
    for measure, values in rows.values.items():
        known = chosen & ~np.isnan(values)
        if too_few(rows.weak[known]):
            continue
        direction = MEASURES[measure].direction
        alone = auc(rows.weak[known], values[known])
        alone = 1 - alone if direction is Direction.HIGHER else max(alone, 1 - alone) if direction is Direction.CONTEXT else alone
        ours = auc(rows.weak[known], rows.scores[known])
        found.append({"indicator": MEASURES[measure].column, "measure": measure, "n": int(known.sum()), "auc": alone, "score_auc": ours})
    return sorted(found, key=lambda each: (-each["auc"], each["indicator"]))


def _best(alone: list[dict[str, Any]], schools: int) -> dict[str, Any] | None:
    """The single figure that tells most, of those known of at least half of the schools; None where there is none."""
    widely = [each for each in alone if each["n"] >= SINGLE_KNOWN_SHARE * schools]
    return {"indicator": widely[0]["indicator"], "auc": widely[0]["auc"], "n": widely[0]["n"]} if widely else None


def _beside(rows: Judged, chosen: Bools, alone: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The singles of results and attendance, the three that tell most with the paired difference from our score."""
    told = [each for each in alone if MEASURES[each["measure"]].direction is not Direction.CONTEXT][:3]
    for each in told:
        measure = each["measure"]
        known = chosen & ~np.isnan(rows.values[measure])
        sign = -1.0 if MEASURES[measure].direction is Direction.HIGHER else 1.0
        apart, interval = difference(rows.weak[known], rows.scores[known], sign * rows.values[measure][known])
        each |= {"difference": apart, "difference_interval": interval}
    return alone


def part(rows: Judged, chosen: Bools, reference: Floats | None) -> dict[str, Any]:
    """The whole shape for some of the schools."""
    weak = rows.weak[chosen]
    said = _shape(discrimination(weak, rows.scores[chosen]))
    alone = _beside(rows, chosen, singles(rows, chosen))
    told = reference is not None and said["auc"] is not None
    said["reference_auc"] = auc(weak, reference[chosen]) if told and reference is not None else None
    said["ratio"] = said["auc"] / said["reference_auc"] if said["reference_auc"] else None
    said["best_single"] = _best(alone, int(chosen.sum()))
    said["singles"] = alone
    return said


def _columns(rows: Judged) -> Floats:
    """What the reference is shown: every figure behind the rows, and the phase by number."""
    _names, numbers = np.unique(rows.phases, return_inverse=True)
    return np.column_stack([*(rows.values[measure] for measure in sorted(rows.values)), numbers.astype(float)])


def result(rows: Judged, *, features: str, outcomes: str, weights: Weights = CURRENT, say: Say = lambda _words: None) -> dict[str, Any]:
    """The back-test in its fixed shape. `say` is told what is being done, for a reader who waits."""
    say("the reference model")
    reference = reference_scores(_columns(rows), rows.weak)
    say("the score, with draws for its intervals")
    everyone = np.ones(len(rows.urns), dtype=bool)
    said: dict[str, Any] = {"features": features, "outcomes": outcomes} | part(rows, everyone, reference)
    said["reference"] = REFERENCE_SAYS
    said["excluded"] = dict(sorted(rows.excluded.items(), key=lambda each: (-each[1], each[0])))
    said["joined_through_links"] = rows.joined
    said["figures_of"] = {MEASURES[measure].column: years for measure, years in rows.years.items()}
    said["weights"] = {"year": weights.year} | {family.code: family.maximum for family in weights.families}
    said["phases"] = {}
    for phase in sorted(set(rows.phases.tolist()), key=lambda word: (not word, word)):
        say(f"the {phase or UNKNOWN_PHASE} schools")
        said["phases"][phase or UNKNOWN_PHASE] = part(rows, rows.phases == phase, reference)
    return dict(_rounded(said))


def _short(rows: Judged, chosen: Bools) -> dict[str, Any]:
    """The AUC of some schools, with how many they are."""
    found = discrimination(rows.weak[chosen], rows.scores[chosen])
    said = {"n": found.n, "positives": found.positives, "auc": found.auc, "auc_interval": found.auc_interval}
    return said | {"why": found.why} if found.why else said


def _part_of_year(day: date) -> str:
    """When in the school year a day lies, by what of last year's results was out."""
    if day.month >= 9:
        return "September to December: few of last year's results were out"
    return "January to March: most were out" if day.month <= 3 else "April to August: all were out"


def controls(rows: Judged, older: Judged | None, *, say: Say = lambda _words: None) -> dict[str, Any]:
    """What would show that the score knows what it should not: older figures, when the inspection came, grades dealt out by chance."""
    say("the controls")
    when = np.array([_part_of_year(day) for day in rows.inspected])
    everyone = np.ones(len(rows.urns), dtype=bool)
    said: dict[str, Any] = {
        "older_figures": _short(older, np.ones(len(older.urns), dtype=bool)) if older else {"why": "no older figures are at hand"},
        "by_time_of_inspection": {each: _short(rows, when == each) for each in sorted(set(when.tolist()), key=_order)},
    }
    if older:
        said["older_figures"]["figures_of"] = {MEASURES[measure].column: years for measure, years in older.years.items()}
    if too_few(rows.weak[everyone]):
        said["grades_by_chance"] = {"why": too_few(rows.weak)}
    else:
        mean, interval = permuted(rows.weak, rows.scores)
        said["grades_by_chance"] = {"auc": mean, "interval": interval}
    return dict(_rounded(said))


def _order(words: str) -> int:
    """The school year's order of its parts."""
    return ("Sep", "Jan", "Apr").index(words[:3])
