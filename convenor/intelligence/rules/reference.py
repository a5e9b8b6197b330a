"""The reference beside the back-test: gradient boosting on the same figures. A yardstick of what transparency costs, used for no school.

Every school's figure comes from a model that has not seen that school (ten folds, seeded). The settings are fixed and damped (small steps,
few leaves), since four thousand schools are few: with the library's own defaults the model learns the year by heart and tells the outcomes
of others less well.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from convenor.intelligence.rules.discrimination import LEAST_EITHER, SEED, too_few

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FOLDS: Final = 10
SETTINGS: Final[dict[str, float]] = {"learning_rate": 0.05, "max_iter": 100, "max_leaf_nodes": 8, "l2_regularization": 1.0}
#: A column that fewer schools have cannot be split by in every fold.
LEAST_KNOWN: Final = 2 * LEAST_EITHER


def reference_scores(columns: Floats, weak: Bools, *, seed: int = SEED) -> Floats | None:
    """For each school the chance of being found weak, by a model that was not shown it; nan figures are missing ones.

    None where there are too few schools, or no column tells any two of them apart.
    """
    if too_few(weak):
        return None
    known = ~np.isnan(columns)
    useful = [
        number
        for number in range(columns.shape[1])
        if known[:, number].sum() >= LEAST_KNOWN and len(np.unique(columns[known[:, number], number])) > 1
    ]
    if not useful:
        return None
    # Heavy, and of no use to anything else.
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold
    from threadpoolctl import threadpool_limits

    table = columns[:, useful]
    found = np.zeros(len(weak))
    # On a busy machine many threads wait for each other: one is fifty times as quick on so few rows.
    with threadpool_limits(1):
        for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(table, weak):
            model = HistGradientBoostingClassifier(random_state=seed, early_stopping=False, **SETTINGS)
            shown = _splittable(table[train])
            model.fit(table[train][:, shown], weak[train])
            found[test] = model.predict_proba(table[test][:, shown])[:, 1]
    return found


def _splittable(table: Floats) -> list[int]:
    """The columns with two different values: the library does not take others."""
    return [number for number in range(table.shape[1]) if len(np.unique(table[~np.isnan(table[:, number]), number])) > 1]
