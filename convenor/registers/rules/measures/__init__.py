"""The measures we keep as readings: a catalogue, and what each figure says in words.

A publisher's file has hundreds of columns. These are the ones that heads and boards talk about; every other column stays in the edition's
Parquet. A measure keeps the publisher's own column names (the first is its best-known one), so that a figure can be looked up where it came
from.

Shares are in percentage points. A share carries the number of pupils it is about wherever the publisher gives that number; its 95 %
interval is worked out at reading (`rules.intervals`). Progress measures carry the interval that the publisher printed, and no other.

Sources of the definitions: the metadata files of the school performance tables 2016/17 to 2022/23 (ks2_meta, ks4_meta, census_meta,
abs_meta, ks4-pupdest_meta) and the data guidance of "Key stage 4 performance" 2023/24.
"""

from __future__ import annotations

from typing import Final

from convenor.registers.rules.measures.key_stage_2 import KEY_STAGE_2
from convenor.registers.rules.measures.key_stage_4 import AFTER_KEY_STAGE_4, KEY_STAGE_4
from convenor.registers.rules.measures.kinds import ALL, Direction, Interval, Measure, Unit
from convenor.registers.rules.measures.pupils import ABSENCES, ON_ROLL

__all__ = [
    "AREA_ONLY",
    "AREA_SUFFIXES",
    "MEASURES",
    "Direction",
    "Interval",
    "Measure",
    "Unit",
    "measure_of_column",
    "measures_for",
    "measures_of_phase",
]

#: Every measure by its key, in the order in which a page shows them.
MEASURES: Final[dict[str, Measure]] = {
    measure.key: measure for group in (KEY_STAGE_2, KEY_STAGE_4, AFTER_KEY_STAGE_4, ABSENCES, ON_ROLL) for measure in group
}

#: Figures kept of authorities, regions, England and trusts only.
AREA_ONLY: Final[dict[str, str]] = {
    "ehcp_pupils": "Pupils with an education, health and care plan, or before 2014 a statement",
    "sen_support_pupils": "Pupils with special educational needs and no plan or statement",
    "schools_counted": "Schools of the trust behind its figures",
}

#: Areas have no columns for an interval, so its ends are kept as figures beside their measure, as in `ks4_progress8.low`.
AREA_SUFFIXES: Final[dict[str, str]] = {
    "low": "lower end of the published 95 % interval",
    "high": "upper end of the published 95 % interval",
}


def measure_of_column(column: str) -> Measure | None:
    """The measure that a publisher's column holds, as PTRWM_EXP, whatever its case; None for a column we do not keep."""
    wanted = column.strip().lower()
    return next((m for m in MEASURES.values() if wanted in (name.lower() for name in m.columns)), None)


def measures_for(family: str) -> tuple[Measure, ...]:
    """The measures that files of a family may hold."""
    return tuple(measure for measure in MEASURES.values() if family in measure.families)


def measures_of_phase(phase: str) -> tuple[Measure, ...]:
    """The measures that a school of this phase (Ofsted's word) may have; an unknown phase gets them all."""
    return tuple(measure for measure in MEASURES.values() if phase in measure.phases or phase not in ALL)
