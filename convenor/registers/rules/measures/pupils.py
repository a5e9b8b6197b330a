"""Who is on roll, and how often they are there."""

from __future__ import annotations

from convenor.registers.rules.measures.kinds import ABSENCE, ALL, CENSUS, SCHOOL_AGE, Direction, Measure, Unit, count, make_up

_FSM_NOTE = (
    "Where the year's file gives only the two counts, the share is worked out from them: for 2022-23 this gives the published share of "
    "every school."
)
ON_ROLL = (
    count(
        "pupils_on_roll",
        "Pupils on roll",
        "All pupils on roll, part-time pupils included, at the January census.",
        "NOR",
        "headcount",
        "t_allks_pupils",
        source=CENSUS,
        families=("census", "headcounts", "ks4-schools"),
        phases=ALL,
    ),
    count(
        "fsm_eligible_pupils",
        "Pupils eligible for free school meals",
        "Pupils known to be eligible for free school meals on census day.",
        "NUMFSM",
        source=CENSUS,
        families=("census",),
        phases=ALL,
    ),
    make_up(
        "fsm_eligible_percent",
        "Eligible for free school meals",
        "The share of pupils known to be eligible for free school meals on census day.",
        "PNUMFSM",
        "fsm_prop",
        families=("census", "school-fsm"),
        note=_FSM_NOTE,
    ),
    make_up(
        "fsm_ever6_percent",
        "Eligible for free school meals in the last six years",
        "The share of pupils eligible for free school meals at any time in the last six years.",
        "PNUMFSMEVER",
        families=("census", "ks4-join"),
        cohort=("NORFSMEVER",),
    ),
    make_up(
        "eal_percent",
        "English as an additional language",
        "The share of pupils whose first language is other than English.",
        "PNUMEAL",
        families=("census", "ks4-join"),
    ),
    make_up(
        "sen_support_percent",
        "Special educational needs support",
        "The share of pupils with special educational needs support and no plan.",
        "PSENELK",
    ),
    make_up(
        "ehcp_percent",
        "Education, health and care plan",
        "The share of pupils with an education, health and care plan (or, before, a statement).",
        "PSENELSE",
    ),
)

ABSENCES = (
    Measure(
        "absence_overall",
        "Overall absence",
        Unit.PERCENT,
        Direction.LOWER,
        SCHOOL_AGE,
        ABSENCE,
        "The share of possible sessions missed, authorised or not, over the school year.",
        ("PERCTOT",),
        ("absence", "ks4-join"),
        decimals=1,
    ),
    Measure(
        "absence_persistent",
        "Persistent absence",
        Unit.PERCENT,
        Direction.LOWER,
        SCHOOL_AGE,
        ABSENCE,
        "The share of pupils who missed a tenth or more of their possible sessions. The tenth holds from 2015-16; before, it was 15 %.",
        ("PPERSABS10",),
        ("absence", "ks4-join"),
        decimals=1,
    ),
)
