"""The four classes of record to which a school agrees, apart from each other, and which of our tables belong to which.

Source: requirement H1.2 of the field notes (consent by class: published; self-entered soft signals; review reports; support records).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DataClass(StrEnum):
    """What is held about a school, by what may be done with it."""

    PUBLISHED = "published"
    ENTERED = "entered-signals"
    REVIEWS = "review-reports"
    SUPPORT = "support-records"


NAMES: Final[dict[DataClass, str]] = {
    DataClass.PUBLISHED: "What is published",
    DataClass.ENTERED: "What is entered",
    DataClass.REVIEWS: "Peer reviews",
    DataClass.SUPPORT: "Support",
}
#: What follows at once where a school withdraws from a class, or lets it end: the program does this, so no text may say otherwise.
FOLLOWS: Final[dict[DataClass, str]] = {
    DataClass.PUBLISHED: (
        "Publishers go on publishing these figures, and anyone may read them. The partnership writes down that your school does not "
        "agree to "
        "their being used here; it takes no figure away."
    ),
    DataClass.ENTERED: (
        "Nobody beyond your school sees what was entered about it or noted by others, and it counts in no total and suggests no "
        "conversation. Whoever wrote a line still sees that line."
    ),
    DataClass.REVIEWS: (
        "A report that is final is read by your school alone: whoever was let in no longer is, and it counts in no new summary of themes. "
        "A review under way is finished with its team, up to its workshop. What you offered others to come and see, you take back there."
    ),
    DataClass.SUPPORT: (
        "Of a package that ended, others keep its dates and its money, and nothing else. Of one that runs, your supporter and your broker "
        "still read what they work with. What your school asks for anew still reaches the brokers, or nobody could answer."
    ),
}
#: Features whose tables belong to a class. What belongs to none is how the partnership itself is run, and is told apart.
_OF_FEATURE: Final[dict[str, DataClass]] = {
    "registers": DataClass.PUBLISHED,
    "intelligence": DataClass.ENTERED,
    "peer_review": DataClass.REVIEWS,
    "support": DataClass.SUPPORT,
}
#: Tables of early identification that hold only what was worked out from published figures.
_WORKED_OUT: Final = frozenset({"BacktestResult", "Run", "RunSchool", "SimilarBasis", "SimilarSet", "PhaseBound", "FrozenSet"})


def class_of(feature: str, table: str) -> DataClass | None:
    """The class of record to which a table belongs, by its feature and its own name; None for how the partnership is run."""
    if feature == "intelligence" and table in _WORKED_OUT:
        return DataClass.PUBLISHED
    return _OF_FEATURE.get(feature)
