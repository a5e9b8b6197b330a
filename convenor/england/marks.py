"""Marks: what a publisher writes where a number would stand, and what it means.

A mark is never zero and never a good sign: it says that the figure is not known to us, and why. Each publisher has its own
letters, and the same letter can mean different things (`x` is *not available* in today's statistics and *a small number withheld*
in those before 2018), so a mark is always read in the vocabulary of its file.

Sources: abbreviations.xlsx of the school performance tables 2018/19 and 2022/23; the Department's guidance for statistics producers
(https://github.com/dfe-analytical-services/analysts-guide, statistics-production/ud.qmd) for c, x, z, u, k and low; Ofsted's
management information for 9 and "Not judged".
"""

from enum import StrEnum


class Mark(StrEnum):
    """Why there is no number. The value is what the tables keep; `says` is what a page prints."""

    SUPPRESSED = "suppressed"
    SUPPRESSED_TRUST = "suppressed_trust"
    NO_ENTRIES = "no_entries"
    NOT_APPLICABLE = "not_applicable"
    NOT_PUBLISHED = "not_published"
    LOW_COVERAGE = "low_coverage"
    SMALL_PERCENTAGE = "small_percentage"
    ROUNDS_TO_ZERO = "rounds_to_zero"
    UNRELIABLE = "unreliable"
    UNAVAILABLE = "unavailable"
    NEW = "new"
    NOT_JUDGED = "not_judged"
    BLANK = "blank"
    UNKNOWN = "unknown"
    NO_PUPILS = "no_pupils"

    @property
    def says(self) -> str:
        """What it means, in words."""
        return _SAYS[self]


_SAYS: dict[Mark, str] = {
    Mark.SUPPRESSED: "withheld because few pupils are covered",
    Mark.SUPPRESSED_TRUST: "withheld because the trust has too few schools or pupils for it",
    Mark.NO_ENTRIES: "no pupil was entered",
    Mark.NOT_APPLICABLE: "does not apply here, or was not collected that year",
    Mark.NOT_PUBLISHED: "not published for this kind of school",
    Mark.LOW_COVERAGE: "withheld because fewer than half of the pupils are covered",
    Mark.SMALL_PERCENTAGE: "above 0% and below 0.5%",
    Mark.ROUNDS_TO_ZERO: "above zero, too low to show after rounding",
    Mark.UNRELIABLE: "withheld because it would not be reliable",
    Mark.UNAVAILABLE: "not available",
    Mark.NEW: "a new school, without results yet",
    Mark.NOT_JUDGED: "inspected without this grade being given",
    Mark.BLANK: "left blank by the publisher",
    Mark.UNKNOWN: "not known: this copy of the file dropped the publisher's marks, so it may have been withheld or not published",
    Mark.NO_PUPILS: "there are no pupils to count",
}


class Vocabulary(StrEnum):
    """Whose letters a file speaks."""

    PERFORMANCE_TABLES = "performance_tables"
    STATISTICS = "statistics"  # Explore Education Statistics, from 2018
    FIRST_RELEASE = "first_release"  # the Department's statistical first releases, to 2017
    OFSTED = "ofsted"
    AREA_TOOL = "area_tool"  # the Local Authority Interactive Tool


_EMPTY: dict[str, Mark] = {"": Mark.BLANK, "null": Mark.BLANK}

MARKS: dict[Vocabulary, dict[str, Mark]] = {
    Vocabulary.PERFORMANCE_TABLES: _EMPTY
    | {
        "supp": Mark.SUPPRESSED,
        "suppmat": Mark.SUPPRESSED_TRUST,
        "ne": Mark.NO_ENTRIES,
        "na": Mark.NOT_APPLICABLE,
        "n/a": Mark.NOT_APPLICABLE,
        "np": Mark.NOT_PUBLISHED,
        "lowcov": Mark.LOW_COVERAGE,
        "sp": Mark.SMALL_PERCENTAGE,
        "sn": Mark.SUPPRESSED,  # a small number: in no list of abbreviations, but in the authorities' rows of key stage 4 destinations
        "re": Mark.UNRELIABLE,
        "new": Mark.NEW,
        "nelig": Mark.NO_PUPILS,
        # Later years' tables borrow the statistics' letters.
        "c": Mark.SUPPRESSED,
        "z": Mark.NOT_APPLICABLE,
        "x": Mark.UNAVAILABLE,
        "u": Mark.UNRELIABLE,
    },
    Vocabulary.STATISTICS: _EMPTY
    | {
        "c": Mark.SUPPRESSED,
        "z": Mark.NOT_APPLICABLE,
        "x": Mark.UNAVAILABLE,
        ":": Mark.UNAVAILABLE,
        "..": Mark.UNAVAILABLE,
        "u": Mark.UNRELIABLE,
        "k": Mark.ROUNDS_TO_ZERO,
        "low": Mark.ROUNDS_TO_ZERO,
        "~": Mark.ROUNDS_TO_ZERO,
        "na": Mark.NOT_APPLICABLE,
        "supp": Mark.SUPPRESSED,
    },
    Vocabulary.FIRST_RELEASE: _EMPTY
    | {
        "x": Mark.SUPPRESSED,
        ".": Mark.NOT_APPLICABLE,
        "..": Mark.UNAVAILABLE,
        ":": Mark.UNAVAILABLE,
        "-": Mark.ROUNDS_TO_ZERO,
        "z": Mark.NOT_APPLICABLE,
        "c": Mark.SUPPRESSED,
    },
    Vocabulary.OFSTED: _EMPTY
    | {
        "9": Mark.NOT_APPLICABLE,
        "8": Mark.NOT_JUDGED,
        "0": Mark.NOT_JUDGED,
        "not judged": Mark.NOT_JUDGED,
        "not applicable": Mark.NOT_APPLICABLE,
        "not recorded": Mark.UNAVAILABLE,
        "unknown": Mark.UNAVAILABLE,
    },
    # The tool prints one dash for every kind of gap, so nothing finer than "not available" may be said of it.
    Vocabulary.AREA_TOOL: _EMPTY | {"-": Mark.UNAVAILABLE, "na": Mark.NOT_APPLICABLE, "c": Mark.SUPPRESSED, "x": Mark.UNAVAILABLE},
}


def mark_of(text: str | None, vocabulary: Vocabulary = Vocabulary.PERFORMANCE_TABLES) -> Mark | None:
    """The mark that `text` is in its file's vocabulary, whatever its case and spaces; None when it is no mark."""
    return MARKS[vocabulary].get("" if text is None else text.strip().lower())


def says(key: str) -> str:
    """What a kept mark means, as a page prints it; the empty string for the empty mark. Raises ValueError for an unknown one."""
    return Mark(key).says if key else ""
