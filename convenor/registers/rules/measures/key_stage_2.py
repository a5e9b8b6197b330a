"""Results at the end of primary school."""

from __future__ import annotations

from convenor.registers.rules.measures.kinds import DISADVANTAGED, KS2, PRIMARY, Direction, Measure, Unit, count, make_up

_KS2 = ("ks2-final", "ks2-final-extract")
_KS2_ALL = (*_KS2, "ks2-names")


def _ks2_share(
    key: str, name: str, says: str, *columns: str, families: tuple[str, ...] = _KS2, cohort: tuple[str, ...] = ("TELIG",)
) -> Measure:
    return Measure(key, name, Unit.PERCENT, Direction.HIGHER, PRIMARY, KS2, says, columns, families, cohort)


def _ks2_average(subject: str, name: str, *columns: str) -> Measure:
    return Measure(
        f"ks2_{subject}_average",
        f"Average scaled score in {name}",
        Unit.SCALED_SCORE,
        Direction.HIGHER,
        PRIMARY,
        KS2,
        f"The average scaled score of pupils in the {name} test at the end of key stage 2; 100 is the expected standard, 80 and 120 are "
        f"the ends of the scale.",
        columns,
        _KS2_ALL,
        ("TELIG",),
        least=80,
        most=120,
    )


def _ks2_progress(subject: str, name: str, column: str) -> Measure:
    return Measure(
        f"ks2_{subject}_progress",
        f"Progress in {name}, key stage 1 to 2",
        Unit.PROGRESS,
        Direction.HIGHER,
        PRIMARY,
        KS2,
        f"How far pupils came in {name} from the end of key stage 1, against pupils with the same start across England, whose average is "
        f"0. "
        "Not published for 2023-24 and 2024-25.",
        (column,),
        _KS2,
        ("TELIG",),
        f"{column}_LOWER",
        f"{column}_UPPER",
        decimals=1,
        least=-40,
        most=40,
    )


KEY_STAGE_2 = (
    count(
        "ks2_cohort",
        "Pupils at the end of key stage 2",
        "Eligible pupils at the end of key stage 2, as published.",
        "TELIG",
        source=KS2,
        families=_KS2,
        phases=PRIMARY,
    ),
    _ks2_share(
        "ks2_rwm_expected",
        "Expected standard in reading, writing and maths",
        "The share of pupils who met the expected standard in all three of reading, writing and maths at the end of key stage 2.",
        "PTRWM_EXP",
        "rwm",
        families=_KS2_ALL,
    ),
    _ks2_share(
        "ks2_rwm_higher",
        "Higher standard in reading, writing and maths",
        "The share of pupils who reached the higher standard in reading and maths and greater depth in writing.",
        "PTRWM_HIGH",
        "hs",
        families=_KS2_ALL,
    ),
    _ks2_share(
        "ks2_reading_expected",
        "Expected standard in reading",
        "The share of pupils with a scaled score of 100 or more in reading.",
        "PTREAD_EXP",
    ),
    _ks2_share(
        "ks2_maths_expected", "Expected standard in maths", "The share of pupils with a scaled score of 100 or more in maths.", "PTMAT_EXP"
    ),
    _ks2_share(
        "ks2_gps_expected",
        "Expected standard in grammar, punctuation and spelling",
        "The share of pupils with a scaled score of 100 or more in grammar, punctuation and spelling.",
        "PTGPS_EXP",
    ),
    _ks2_share(
        "ks2_writing_expected",
        "Expected standard in writing",
        "The share of pupils whose teachers judged them at the expected standard in writing.",
        "PTWRITTA_EXP",
    ),
    _ks2_average("reading", "reading", "READ_AVERAGE", "read"),
    _ks2_average("maths", "maths", "MAT_AVERAGE", "maths"),
    _ks2_average("gps", "grammar, punctuation and spelling", "GPS_AVERAGE", "gps"),
    _ks2_progress("reading", "reading", "READPROG"),
    _ks2_progress("writing", "writing", "WRITPROG"),
    _ks2_progress("maths", "maths", "MATPROG"),
    _ks2_share(
        "ks2_rwm_expected_disadvantaged",
        "Expected standard in all three, disadvantaged pupils",
        f"As the expected standard in reading, writing and maths, of {DISADVANTAGED}.",
        "PTRWM_EXP_FSM6CLA1A",
        cohort=("TFSM6CLA1A",),
    ),
    _ks2_share(
        "ks2_rwm_expected_others",
        "Expected standard in all three, other pupils",
        "As the expected standard in reading, writing and maths, of pupils who are not disadvantaged.",
        "PTRWM_EXP_NotFSM6CLA1A",
        cohort=("TNotFSM6CLA1A",),
    ),
    make_up(
        "ks2_disadvantaged_percent",
        "Disadvantaged pupils at the end of key stage 2",
        f"The share of {DISADVANTAGED} in the year group.",
        "PTFSM6CLA1A",
        source=KS2,
        families=_KS2,
        cohort=("TELIG",),
        phases=PRIMARY,
        decimals=0,
    ),
    make_up(
        "ks2_non_mobile_percent",
        "Pupils who did not move school in years 5 and 6",
        "The share of the year group counted as non-mobile.",
        "PTMOBN",
        source=KS2,
        families=_KS2,
        cohort=("TELIG",),
        phases=PRIMARY,
        decimals=0,
    ),
)
