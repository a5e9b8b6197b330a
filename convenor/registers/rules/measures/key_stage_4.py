"""Results at the end of compulsory schooling, and where pupils went next."""

from __future__ import annotations

from convenor.registers.rules.measures.kinds import (
    DESTINATIONS,
    DISADVANTAGED,
    KS4,
    SECONDARY,
    Direction,
    Measure,
    Unit,
    count,
    make_up,
)

_KS4 = ("ks4-final", "ks4-final-extract", "ks4-provisional", "ks4-join")
_KS4_ALL = (*_KS4, "ks4-names")


def _ks4(
    key: str,
    name: str,
    unit: Unit,
    says: str,
    *columns: str,
    cohort: tuple[str, ...] = ("TPUP",),
    families: tuple[str, ...] = _KS4,
    decimals: int = 0,
    least: float = 0,
    most: float = 100,
    low: str = "",
    high: str = "",
    note: str = "",
) -> Measure:
    return Measure(
        key, name, unit, Direction.HIGHER, SECONDARY, KS4, says, columns, families, cohort, low, high, decimals, least, most, note=note
    )


KEY_STAGE_4 = (
    count(
        "ks4_cohort",
        "Pupils at the end of key stage 4",
        "Pupils at the end of key stage 4, as published.",
        "TPUP",
        "t_pupils",
        source=KS4,
        families=(*_KS4, "ks4-schools"),
        phases=SECONDARY,
    ),
    _ks4(
        "ks4_attainment8",
        "Attainment 8",
        Unit.POINTS,
        "The average of pupils' points over eight subjects, English and maths counting twice.",
        "ATT8SCR",
        "a8",
        families=_KS4_ALL,
        decimals=1,
    ),
    _ks4(
        "ks4_progress8",
        "Progress 8",
        Unit.GRADES,
        "How far pupils came from the end of key stage 2, in grades a subject, against pupils with the same start across England, whose "
        "average "
        "is about 0. Not published for 2024-25 and 2025-26.",
        "P8MEA",
        cohort=("P8PUP",),
        decimals=2,
        least=-10,
        most=10,
        low="P8CILOW",
        high="P8CIUPP",
        note="Not published for independent schools.",
    ),
    _ks4(
        "ks4_basics_95",
        "Grade 5 or above in English and maths",
        Unit.PERCENT,
        "The share of pupils with a strong pass, grade 5 or above, in both English and maths.",
        "PTL2BASICS_95",
        "em",
        families=_KS4_ALL,
    ),
    _ks4(
        "ks4_basics_94",
        "Grade 4 or above in English and maths",
        Unit.PERCENT,
        "The share of pupils with a standard pass, grade 4 or above, in both English and maths.",
        "PTL2BASICS_94",
    ),
    _ks4(
        "ks4_basics_a_to_c",
        "Grades A* to C in English and maths",
        Unit.PERCENT,
        "The share of pupils with grades A* to C in both English and maths: the measure of 2015-16, before grades 9 to 1.",
        "PTL2BASICS_LL_PTQ_EE",
    ),
    _ks4(
        "ks4_ebacc_entered",
        "Entered for the English Baccalaureate",
        Unit.PERCENT,
        "The share of pupils entered for every subject area of the English Baccalaureate.",
        "PTEBACC_E_PTQ_EE",
        "ent",
        families=_KS4_ALL,
    ),
    _ks4(
        "ks4_ebacc_95",
        "English Baccalaureate with grade 5 or above",
        Unit.PERCENT,
        "The share of pupils with the English Baccalaureate at grade 5 or above in English and maths.",
        "PTEBACC_95",
    ),
    _ks4(
        "ks4_ebacc_points",
        "English Baccalaureate average points",
        Unit.GRADES,
        "The average points of pupils over the subject areas of the English Baccalaureate.",
        "EBACCAPS",
        "aps",
        families=_KS4_ALL,
        decimals=2,
        most=10,
    ),
    _ks4(
        "ks4_attainment8_disadvantaged",
        "Attainment 8, disadvantaged pupils",
        Unit.POINTS,
        f"Attainment 8 of {DISADVANTAGED}.",
        "ATT8SCR_FSM6CLA1A",
        cohort=("TFSM6CLA1A",),
        decimals=1,
    ),
    _ks4(
        "ks4_attainment8_others",
        "Attainment 8, other pupils",
        Unit.POINTS,
        "Attainment 8 of pupils who are not disadvantaged.",
        "ATT8SCR_NFSM6CLA1A",
        cohort=("TNOTFSM6CLA1A",),
        decimals=1,
    ),
    _ks4(
        "ks4_progress8_disadvantaged",
        "Progress 8, disadvantaged pupils",
        Unit.GRADES,
        f"Progress 8 of {DISADVANTAGED}.",
        "P8MEA_FSM6CLA1A",
        cohort=("P8PUP_FSM6CLA1A",),
        decimals=2,
        least=-10,
        most=10,
        low="P8CILOW_FSM6CLA1A",
        high="P8CIUPP_FSM6CLA1A",
    ),
    _ks4(
        "ks4_progress8_others",
        "Progress 8, other pupils",
        Unit.GRADES,
        "Progress 8 of pupils who are not disadvantaged.",
        "P8MEA_NFSM6CLA1A",
        cohort=("P8PUP_NFSM6CLA1A",),
        decimals=2,
        least=-10,
        most=10,
        low="P8CILOW_NFSM6CLA1A",
        high="P8CIUPP_NFSM6CLA1A",
    ),
    _ks4(
        "ks4_basics_95_disadvantaged",
        "Grade 5 or above in English and maths, disadvantaged pupils",
        Unit.PERCENT,
        f"The share with grade 5 or above in both English and maths, of {DISADVANTAGED}.",
        "PTFSM6CLA1ABASICS_95",
        cohort=("TFSM6CLA1A",),
    ),
    make_up(
        "ks4_disadvantaged_percent",
        "Disadvantaged pupils at the end of key stage 4",
        f"The share of {DISADVANTAGED} in the year group.",
        "PTFSM6CLA1A",
        "pt_disadvantaged",
        source=KS4,
        families=(*_KS4, "ks4-schools"),
        cohort=("TPUP", "t_pupils"),
        phases=SECONDARY,
    ),
    make_up(
        "ks4_non_mobile_percent",
        "Pupils who did not move school in years 10 and 11",
        "The share of the year group counted as non-mobile.",
        "PTNMOB",
        "pt_not_mobile",
        source=KS4,
        families=(*_KS4, "ks4-schools"),
        cohort=("TPUP", "t_pupils"),
        phases=SECONDARY,
    ),
    Measure(
        "ks4_prior_scaled_score",
        "Key stage 2 scaled score of the year group",
        Unit.SCALED_SCORE,
        Direction.CONTEXT,
        SECONDARY,
        KS4,
        "The average key stage 2 scaled score of pupils now at the end of key stage 4: where they started.",
        ("avg_ks2_scaledscore",),
        ("ks4-schools",),
        ("t_pupils",),
        least=50,
        most=120,
        note="Averages below 80 are published where pupils worked below the level of the tests.",
    ),
)


def _destination(key: str, name: str, direction: Direction, says: str, column: str, cohort: str) -> Measure:
    return Measure(key, name, Unit.PERCENT, direction, SECONDARY, DESTINATIONS, says, (column,), ("ks4-destinations",), (cohort,))


AFTER_KEY_STAGE_4 = (
    _destination(
        "destinations_sustained",
        "Stayed in education, apprenticeship or work",
        Direction.HIGHER,
        "The share of pupils who stayed in education, an apprenticeship or work for at least two terms after key stage 4. The "
        "year is "
        "that in which they left key stage 4.",
        "OVERALL_DESTPER",
        "COHORT",
    ),
    _destination(
        "destinations_sustained_disadvantaged",
        "Stayed in education, apprenticeship or work, disadvantaged pupils",
        Direction.HIGHER,
        f"As destinations sustained, of {DISADVANTAGED}.",
        "OVERALL_DESTPER_DIS",
        "COHORT_DIS",
    ),
    _destination(
        "destinations_not_sustained",
        "Did not stay in education, apprenticeship or work",
        Direction.LOWER,
        "The share of pupils whose education, apprenticeship or work after key stage 4 did not last two terms, or who were "
        "known to have "
        "none. Pupils of whom nothing is known are in neither share.",
        "NOT_SUSTAINEDPER",
        "COHORT",
    ),
)
