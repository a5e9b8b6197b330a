"""Working out everybody's similar schools when data change, and freezing a set that somebody relies on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection, transaction

from convenor.england.school_years import SchoolYear
from convenor.intelligence.models import FrozenSet, PhaseBound, SimilarBasis, SimilarSet
from convenor.intelligence.queries import similar as queries
from convenor.intelligence.queries.similar import CONVENOR, DFE, Population
from convenor.intelligence.rules import shared_problems
from convenor.intelligence.rules import similar as rules
from convenor.intelligence.rules import similar_dfe as dfe
from convenor.journal import actions as journal
from convenor.journal.actions import Actor
from convenor.partnership.gate import Permission, Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.registers.queries import columns
from convenor.registers.rules.measures import MEASURES, Direction

if TYPE_CHECKING:
    from convenor.registers.queries.columns import EditionShort

#: Changes whenever the same editions could give other sets: part of each run's name.
VERSION = "2"
#: School years before the newest edition's that are looked at: older figures tell of no school today.
YEARS_BACK = 8


def compute_similar(*, by: Actor | str, at: datetime) -> int:
    """Work out the similar schools of every school of England by both methods, and where the weakest fifth begins on each figure.

    To be called after a load or a withdrawal. The run is named by the digest of the editions it rests on: when they are the same nothing
    is done and 0 comes back, else the number of schools with a set. The former run's sets go; frozen sets are never touched.
    """
    editions = columns.editions(viewer=by, at=None)
    run = run_of(editions)
    if SimilarBasis.objects.filter(run=run).exists():
        return 0
    listed = columns.schools(viewer=by, on=day_of(at))
    outcomes = {key for keys in shared_problems.MEASURES.values() for key in keys}
    newest = max((each.as_at for each in editions if not each.fictitious), default=day_of(at))
    since = SchoolYear(newest.year - YEARS_BACK).label
    whole = queries.population(listed, editions, {*queries.MEASURES, *outcomes}, viewer=by, since=since)
    ours = rules.similar_schools(listed.urns, listed.phases, whole.values, listed.counts)
    theirs = dfe.similar_dfe(listed.urns, listed.phases, whole.regions, whole.values, listed.counts)
    with transaction.atomic():
        for model in (SimilarBasis, SimilarSet, PhaseBound):
            model._default_manager.all().delete()
        for method, found in ((CONVENOR, ours), (DFE, theirs)):
            SimilarBasis.objects.bulk_create(_bases(whole, found, run=run, method=method, at=at))
            _insert(_sets(whole, found, run=run, method=method))
        PhaseBound.objects.bulk_create(_bounds(whole, run=run, on=day_of(at).year))
        schools = int((ours.indices[:, :1] >= 0).sum())
        journal.record(
            by=by, at=at, verb="similar.computed", subject_kind="similar schools", subject_key=run,
            subject_label="Similar schools of England", detail={"schools": schools},
        )  # fmt: skip
    return schools


def run_of(editions: Sequence[EditionShort]) -> str:
    """The run's name: the digest of everything that stands, and of how it is worked out."""
    said = "\n".join([VERSION, *sorted(each.digest or each.key for each in editions)])
    return hashlib.sha256(said.encode()).hexdigest()


def _bases(whole: Population, found: rules.Similar, *, run: str, method: str, at: datetime) -> Iterator[SimilarBasis]:
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


def _editions_of(whole: Population, phase: str, measure: str) -> list[str]:
    if measure == rules.DEPRIVATION:
        return list(whole.deprivation)
    return list(dict.fromkeys(key for one in measure.split("+") for key in whole.editions.get((phase, one), ())))


#: The columns of a set, in the order in which `_sets` gives them.
_SET = ("run", "method", "urn", "phase", "members", "distances", "values")


def _insert(rows: Iterable[tuple[str, ...]]) -> None:
    """Tens of thousands of rows by one prepared statement: making an object of each would take longer than finding the neighbours."""
    names = ", ".join(connection.ops.quote_name(name) for name in _SET)
    places = ", ".join(["%s"] * len(_SET))
    with connection.cursor() as cursor:
        statement = f"INSERT INTO {SimilarSet._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608 - our own names only
        cursor.executemany(statement, list(rows))


def _sets(whole: Population, found: rules.Similar, *, run: str, method: str) -> Iterator[tuple[str, ...]]:
    """One row for each school of a phase: its neighbours, and the figures by which others see how it lies."""
    urns = np.array(whole.listed.urns, dtype=np.str_)
    figures = whole.values | {key: values for key, values in _characteristics(whole).items() if method == DFE}
    thousandths = np.rint(np.nan_to_num(found.distances) * 1000).astype(np.int64)
    for phase, basis in found.bases.items():
        rows = np.flatnonzero(whole.listed.phases == phase)
        columns_of = [figures.get(axis.key if method == DFE else axis.measure) for axis in basis.axes]
        values = np.column_stack([each[rows] for each in columns_of if each is not None]) if columns_of else np.empty((len(rows), 0))
        for place, row in enumerate(rows.tolist()):
            near = found.indices[row]
            near = near[near >= 0]
            figures_of = [None if np.isnan(each) else round(float(each), 2) for each in values[place]]
            apart = " ".join(map(str, thousandths[row, : len(near)].tolist()))
            yield run, method, whole.listed.urns[row], phase, " ".join(urns[near].tolist()), apart, json.dumps(figures_of)


def _characteristics(whole: Population) -> dict[str, Any]:
    return dfe.characteristics(whole.values, len(whole.listed))


def _bounds(whole: Population, *, run: str, on: int) -> Iterator[PhaseBound]:
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


def freeze_set(*, slug: str, urn: str, purpose: str, by: Viewer | str, at: datetime, method: str = CONVENOR, n: int = 30) -> FrozenSet:
    """Keep a school's similar schools as they stand, for a stated purpose. Later runs never change it.

    For the school's own people and for brokers. Raises rules.SetRefused where there is no purpose or the school has no similar schools.
    """
    if isinstance(by, str) or not by.may(Permission.SCHOOL_RECORD_SEE, urn=urn):
        allow(by, Permission.CONVERSATION_HOLD, partnership=slug)
    else:
        allow(by, Permission.SCHOOL_RECORD_SEE, partnership=slug, urn=urn)
    if not purpose.strip():
        raise rules.SetRefused("Say what the set is for. Nothing was kept.")
    found = queries.similar_to(urn, n=n, method=method, viewer=by)
    if found is None or not found.schools:
        raise rules.SetRefused("This school has no similar schools yet: load its census figures first. Nothing was kept.")
    with transaction.atomic():
        kept = FrozenSet.objects.create(
            partnership_id=partnership_id(slug), urn=urn, purpose=purpose.strip(), method=method, run=found.run,
            members=[[each.urn, each.distance] for each in found.schools],
            axes=[{"key": each.key, "measure": each.axis.measure, "weight": each.weight, "value": each.value, "period": each.period,
                   "editions": list(each.editions)} for each in found.axes],
            frozen_at=at, frozen_by=by if isinstance(by, str) else by.label,
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="similar.frozen", subject_kind="school", subject_key=urn, subject_label=found.name, partnership=slug,
            urn=urn, why=purpose.strip(),
        )  # fmt: skip
    return kept
