"""Results of multi-academy trusts: one row a trust, averaged over its schools by the Department.

They are no school's figures, so they are kept as figures of an area of the kind "trust", whose code is the trust's UID in the register of
groups. The number of pupils is a figure of its own (`ks2_cohort`, `ks4_cohort`), and so are the ends of a published interval
(`ks4_progress8.low`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convenor.registers.rules.measures import MEASURES
from convenor.registers.sources import Batch, EditionFacts, Hint, OpenedFile, Parsed, Source
from convenor.registers.sources.ees import period_said
from convenor.registers.sources.figures import AREA_COLUMNS, Faults, Figures, Speech, read_column, year_of
from convenor.registers.sources.performance_tables import DFE

UID, PERIOD = "TRUST_UID", "TIME_PERIOD"
#: Key of the measure (with the end of an interval after a point) and the publisher's column.
KS2_COLUMNS = {
    "schools_counted": "NUMINST_MATPTINC",
    "ks2_cohort": "TELIG_MATPTINC",
    "ks2_disadvantaged_percent": "PFSM6CLA1A_MATPTINC",
    "ks2_rwm_expected": "PRWM_EXP_WGTAVG",
    "ks2_rwm_expected_disadvantaged": "PRWM_EXP_WGTAVG_FSM6CLA1A",
    "ks2_rwm_expected_others": "PRWM_EXP_WGTAVG_NOTFSM6CLA1A",
}
KS4_COLUMNS = {
    "schools_counted": "NUMINST_MATPTINC",
    "ks4_cohort": "TPUP_MATPTINC",
    "ks4_disadvantaged_percent": "PFSM6CLA1A_MATPTINC",
    "ks4_attainment8": "ATT8SCR_WGTAVG",
    "ks4_attainment8_disadvantaged": "ATT8SCR_WGTAVG_FSM6CLA1A",
    "ks4_attainment8_others": "ATT8SCR_WGTAVG_NFSM6CLA1A",
    "ks4_progress8": "P8MEA_WGTAVG",
    "ks4_progress8.low": "P8CILOW",
    "ks4_progress8.high": "P8CIUPP",
    "ks4_progress8_disadvantaged": "P8MEA_WGTAVG_FSM6CLA1A",
    "ks4_progress8_disadvantaged.low": "P8CILOW_FSM6CLA1A",
    "ks4_progress8_disadvantaged.high": "P8CIUPP_FSM6CLA1A",
    "ks4_basics_95": "PTL2BASICS_95_WGTAVG",
    "ks4_basics_95_disadvantaged": "PTL2BASICS_95_WGTAVG_FSM6CLA1A",
    "ks4_ebacc_points": "EBACCAPS_WGTAVG",
    "ks4_ebacc_entered": "PTEBACC_E_PTQ_EE_WGTAVG",
    "ks4_ebacc_95": "PTEBACC_95_WGTAVG",
}
#: The most pupils and schools that a trust may have.
MOST_COUNTED = 100_000


def _edition(file: OpenedFile, hint: Hint, *, number: int) -> EditionFacts:
    year = year_of(hint, period_said(file, PERIOD))
    return EditionFacts(f"Key stage {number} results of multi-academy trusts, {year}", year.ends_on, year.label)


def _check(faults: Faults, key: str, column: str, figures: Figures) -> None:
    measure = MEASURES.get(key.split(".")[0])
    counted = measure is None or key.endswith("_cohort")
    least, most = (0.0, float(MOST_COUNTED)) if counted or measure is None else (measure.least, measure.most)
    faults.add(np.flatnonzero(figures.broken), column, "'{}' is neither a number nor a mark of this publisher")
    with np.errstate(invalid="ignore"):
        outside = (figures.values < least) | (figures.values > most)
    faults.add(np.flatnonzero(outside), column, f"'{{}}' is outside {least:g} to {most:g}, the bounds of this measure")


def _check_uids(faults: Faults, uids: list[str]) -> None:
    seen: dict[str, int] = {}
    for index, uid in enumerate(uids):
        if not uid.isdigit():
            faults.add(np.array([index]), UID, "'{}' is not a trust's UID")
        elif uid in seen:
            faults.add(np.array([index]), UID, f"the trust {{}} stands in row {faults.rows[seen[uid]]} already")
        seen.setdefault(uid, index)


def _parse(file: OpenedFile, facts: EditionFacts, *, columns: dict[str, str]) -> Parsed:
    table = file.frame()
    uids = table[UID].to_pylist()
    faults = Faults(table, [""] * len(uids))
    _check_uids(faults, uids)
    read = {key: read_column(table[name], Speech()) for key, name in columns.items() if name in table.column_names}
    for key, figures in read.items():
        _check(faults, key, columns[key], figures)
    good = [index for index in range(len(uids)) if index not in faults.found]

    def rows() -> Iterator[tuple[str, str, str, str, float | None, str]]:
        for key, figures in read.items():
            values, marks = figures.values.tolist(), figures.marks.to_pylist()
            for index in good:
                yield "trust", uids[index], key, facts.period, None if marks[index] else values[index], marks[index]

    return Parsed([Batch("area_reading", AREA_COLUMNS, list(rows()))], list(faults.found.values()))


def _source(number: int, cohort: str, columns: dict[str, str]) -> Source:
    return Source(
        family=f"trusts-ks{number}",
        publisher=DFE,
        cadence="once a year, with the results of the key stage",
        takes="headline results of each trust with its pupils, schools and published intervals; disadvantaged and other pupils apart",
        leaves="the lists of member schools (the register of groups has them), kinds of academy, bands",
        recognise=lambda header: header.kind == "csv" and header.has(UID, PERIOD, cohort),
        edition=lambda file, hint: _edition(file, hint, number=number),
        parse=lambda file, facts, _known: _parse(file, facts, columns=columns),
    )


SOURCES: tuple[Source, ...] = (_source(2, "TELIG_MATPTINC", KS2_COLUMNS), _source(4, "TPUP_MATPTINC", KS4_COLUMNS))
