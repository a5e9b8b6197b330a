"""The weights of the score: four whole numbers that add up to a hundred, each with its reason, and the year in which they were set.

A score is made of published figures of results and attendance and of nothing else. Inspection, headship, and everything that people enter
are shown beside it and add no points. Free meals, first language and special needs are never points: they say only which schools are like
a school. Ethnicity and religion are in nothing.

How the numbers were set: from the reasons below, then tried on the figures of 2022-23 against the quality-of-education grades given in
2024-25, and on nothing else (`bench/backtest.py --tune` repeats it: of 196 sets in steps of ten points, 35 lie within 0.003 of the best
AUC, this one among them, so the reasons decide). What was seen afterwards on other years, and the one change made then, stand in
`bench/README.md`. The weights are changed once a year at most, under a new year, and a run keeps the weights it was made with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: A slot is one reading of a family: the first of its measures that is published for a phase stands for it.
Slot = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """One scored indicator: its code, the most points it can add, the measures it is read from, and why it counts as it does."""

    code: str
    name: str
    maximum: int
    slots: tuple[Slot, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The families, the year in which they were set, and the numbers by which small year groups and stand-ins are damped.

    `middling_pupils`: the size of a year group at which half of what a figure says is chance. A position is drawn towards the middle by
    n / (n + middling_pupils). One year's share of pupils has a reliability of about .4 for 15 pupils, .55 for 30 and .7 for 60 (practice
    notes, B2), which is what 25 gives.

    `stand_in_attainment`, `stand_in_like_intake`: where no progress is published, half of its points follow attainment, a quarter follow
    attainment against schools of like intake, and a quarter stay at the middle, since less is known. That comparison knows free meals,
    language and special needs and not where pupils started; where their start is published, it is used alone and in full.
    """

    year: int
    families: tuple[Family, ...]
    middling_pupils: int = 25
    stand_in_attainment: float = 0.5
    stand_in_like_intake: float = 0.25

    @property
    def maximum(self) -> int:
        """The most points a school can have."""
        return sum(family.maximum for family in self.families)

    def family(self, code: str) -> Family:
        """The family of a code. Raises KeyError for a code that is not scored."""
        return {family.code: family for family in self.families}[code]


ATTAINMENT: Final = Family(
    "ATT",
    "Attainment",
    20,
    (
        ("ks2_rwm_expected",),
        ("ks2_reading_average", "ks2_reading_expected"),
        ("ks2_maths_average", "ks2_maths_expected"),
        ("ks4_attainment8",),
        ("ks4_basics_95", "ks4_basics_94", "ks4_basics_a_to_c"),
    ),
    "What pupils leave with is what parents and inspectors look at first; but it says much about who comes to a school, so it counts much "
    "less than progress.",
)
PROGRESS: Final = Family(
    "PRG",
    "Progress",
    50,
    (("ks2_reading_progress",), ("ks2_writing_progress",), ("ks2_maths_progress",), ("ks4_progress8",)),
    "How far pupils came, against pupils with the same start: of all published figures the nearest to what a school itself adds, so it "
    "counts for half. Where no progress is published, attainment, in part against schools of like intake, stands in for it, damped.",
)
ABSENCE: Final = Family(
    "ABS",
    "Overall absence",
    20,
    (("absence_overall",),),
    "Children who are not there do not learn, and absence moves before results do; it is published for nearly every school and rests on "
    "every pupil, not on one year group.",
)
PERSISTENT_ABSENCE: Final = Family(
    "PAB",
    "Persistent absence",
    10,
    (("absence_persistent",),),
    "Whether the missed days are a few children's or many children's. It runs close to overall absence, so it counts half as much.",
)

#: What a school is compared by where no progress is published: never points. Where the start of the pupils is known it is used alone, as
#: progress measures use it, and then at full strength.
STARTING_POINT: Final[tuple[Slot, ...]] = (("ks4_prior_scaled_score",),)
LIKE_INTAKE: Final[tuple[Slot, ...]] = (("fsm_ever6_percent", "fsm_eligible_percent"), ("eal_percent",), ("sen_support_percent",))

WEIGHTS_2026: Final = Weights(2026, (ATTAINMENT, PROGRESS, ABSENCE, PERSISTENT_ABSENCE))
#: The weights in force.
CURRENT: Final = WEIGHTS_2026
