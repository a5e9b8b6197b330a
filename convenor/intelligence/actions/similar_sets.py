"""Keeping everybody's similar schools as a run found them, by both methods, and where England's weakest fifths begin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from convenor.intelligence.actions.inserting import insert_rows
from convenor.intelligence.models import PhaseBound, SimilarBasis, SimilarSet
from convenor.intelligence.queries.similar import CONVENOR, DFE
from convenor.intelligence.rules import shared_problems
from convenor.intelligence.rules import similar as rules
from convenor.intelligence.rules import similar_dfe as dfe
from convenor.journal import actions as journal
from convenor.journal.actions import Actor
from convenor.registers.rules.measures import MEASURES, Direction

if TYPE_CHECKING:
    from convenor.intelligence.queries.gathering import Gathered
    from convenor.intelligence.queries.newest import Newest

#: The columns of a set, in the order in which `_sets` gives them.
_SET = ("run", "method", "urn", "phase", "members", "distances", "values")


@dataclass(frozen=True, slots=True)
class Sets:
    """All that is written of similar schools for one run: made before the writing begins, so that the writing is short.

    `schools` is how many have any similar school by our method.
    """

    run: str
    bases: Sequence[SimilarBasis]
    rows: Sequence[tuple[str, ...]]
    bounds: Sequence[PhaseBound]
    schools: int


def sets_of(gathered: Gathered, *, on: date, at: datetime) -> Sets:
    """The sets of both methods. Ours are the very neighbours against which the run held its schools; the Department's rest on the same
    figures. `on` is the day of the run: figures long before it make no weakest fifth."""
    whole, run = gathered.newest, gathered.basis.digest
    listed = whole.listed
    theirs = dfe.similar_dfe(listed.urns, listed.phases, whole.regions, whole.values, listed.counts)
    methods = ((CONVENOR, gathered.similar), (DFE, theirs))
    bases = [basis for method, found in methods for basis in _bases(whole, found, run=run, method=method, at=at)]
    rows = [row for method, found in methods for row in _sets(whole, found, run=run, method=method)]
    schools = int((gathered.similar.indices[:, :1] >= 0).sum())
    return Sets(run, bases, rows, list(_bounds(whole, run=run, on=on.year)), schools)


def sets_stand(run: str) -> bool:
    """Whether the sets that are kept are those of the run of this digest."""
    return SimilarBasis.objects.filter(run=run).exists()


def keep_sets(sets: Sets, *, by: Actor | str, at: datetime) -> None:
    """Put these in the place of all that were kept; frozen sets are never touched. To be called inside a transaction."""
    clear_sets()
    SimilarBasis.objects.bulk_create(sets.bases)
    insert_rows(SimilarSet, _SET, sets.rows)
    PhaseBound.objects.bulk_create(sets.bounds)
    journal.record(
        by=by, at=at, verb="similar.computed", subject_kind="similar schools", subject_key=sets.run,
        subject_label="Similar schools of England", detail={"schools": sets.schools},
    )  # fmt: skip


def clear_sets() -> None:
    """Take away all that are kept: nothing stands any more that they could rest on. Frozen sets stay."""
    for model in (SimilarBasis, SimilarSet, PhaseBound):
        model._default_manager.all().delete()


def _bases(whole: Newest, found: rules.Similar, *, run: str, method: str, at: datetime) -> Iterator[SimilarBasis]:
    """One row for each phase."""
    for phase, basis in found.bases.items():
        axes = [
            {
                "key": axis.key, "measure": axis.measure, "weight": axis.weight, "centre": axis.centre, "spread": axis.spread,
                "missing": axis.missing, "ratio": axis.ratio,
                "period": max((whole.periods.get((phase, one), "") for one in axis.measure.split("+")), default=""),
                "editions": _editions_of(whole, phase, axis.measure),
            }
            for axis in basis.axes
        ]  # fmt: skip
        yield SimilarBasis(
            run=run, method=method, phase=phase, schools=basis.schools, axes=axes, left_out=[list(each) for each in basis.left_out],
            computed_at=at,
        )  # fmt: skip


def _editions_of(whole: Newest, phase: str, measure: str) -> list[str]:
    if measure == rules.DEPRIVATION:
        return list(whole.deprivation)
    return list(dict.fromkeys(key for one in measure.split("+") for key in whole.editions.get((phase, one), ())))


def _sets(whole: Newest, found: rules.Similar, *, run: str, method: str) -> Iterator[tuple[str, ...]]:
    """One row for each school of a phase: its neighbours, and the figures by which others see how it lies."""
    urns = whole.listed.urns
    figures = dfe.characteristics(whole.values, len(urns)) if method == DFE else whole.values
    thousandths = np.rint(np.nan_to_num(found.distances) * 1000).astype(np.int64)
    for phase, basis in found.bases.items():
        rows = np.flatnonzero(whole.listed.phases == phase)
        columns = [figures[axis.key if method == DFE else axis.measure][rows] for axis in basis.axes]
        values = np.round(np.column_stack(columns), 2).astype(object) if columns else np.empty((len(rows), 0), dtype=object)
        values[values != values] = None
        places, apart = found.indices[rows].tolist(), thousandths[rows].tolist()
        held = (found.indices[rows] >= 0).sum(axis=1).tolist()
        for row, near, far, known, own in zip(rows.tolist(), places, apart, held, values.tolist(), strict=True):
            members = " ".join([urns[place] for place in near[:known]])
            # A list of whole numbers as Python writes it, without its brackets and commas: many times as quick as number by number.
            yield run, method, urns[row], phase, members, str(far[:known])[1:-1].replace(",", ""), json.dumps(own)


def _bounds(whole: Newest, *, run: str, on: int) -> Iterator[PhaseBound]:
    """Where England's weakest fifth begins on each figure that shared problems look at; figures of long ago are left out."""
    for phase, measures in shared_problems.MEASURES.items():
        real = (whole.listed.phases == phase) & whole.listed.counts
        for measure in measures:
            period = whole.periods.get((phase, measure), "")
            if not period or on - int(period[:4]) > shared_problems.MOST_YEARS_OLD:
                continue
            values = whole.values[measure][real]
            fifth = shared_problems.weakest_fifth(values, higher_is_better=MEASURES[measure].direction is Direction.HIGHER)
            if fifth is not None:
                yield PhaseBound(
                    run=run, phase=phase, measure=measure, period=period, schools=int((~np.isnan(values)).sum()),
                    of_schools=int(real.sum()), bound=fifth[0], share=fifth[1],
                )  # fmt: skip
