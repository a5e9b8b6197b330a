"""How a school's figures are read.

A figure is shown with its year, the number of pupils it is about, how far chance may have moved it, and where it was published.
"""

from datetime import date

from convenor.england.marks import Vocabulary, mark_of
from convenor.england.marks import says as meaning
from convenor.england.numbers import read_number
from convenor.registers.rules.intervals import one_pupil_points, overlap, wilson
from convenor.registers.rules.lineage import Link, lineage
from convenor.registers.rules.precedence import rank
from tests.spec.telling import Row, day, table


def test_a_mark_is_never_nought() -> None:
    """A mark is never nought.

    Publishers write letters where there is no number. Each is kept as what it means, is never shown or counted as 0, and is never taken for
    good news. A real 0 is a number.
    """
    for row in table("""
        | In the performance tables | Number | What the page says                                   |
        | 63%                       | 63     |                                                      |
        | 0                         | 0      |                                                      |
        | SUPP                      | none   | withheld because few pupils are covered              |
        | NE                        | none   | no pupil was entered                                 |
        | NP                        | none   | not published for this kind of school                |
        | LOWCOV                    | none   | withheld because fewer than half of the pupils are covered |
        | SP                        | none   | above 0% and below 0.5%                              |
        |                           | none   | left blank by the publisher                          |
    """):
        found = read_number(row["In the performance tables"])
        number = "none" if found.value is None else f"{found.value:g}"
        assert (number, meaning(found.mark)) == (row["Number"], row["What the page says"])


def test_the_same_letter_is_read_as_its_publisher_meant_it() -> None:
    """The same letter is read as its publisher meant it."""
    for row in table("""
        | Letter | In                               | Means                                    |
        | x      | statistics since 2018            | not available                            |
        | x      | first releases before 2018       | withheld because few pupils are covered  |
        | 9      | Ofsted's management information  | does not apply here, or was not collected that year |
        | 9      | the performance tables           | a number                                 |
    """):
        spoken = {
            "statistics since 2018": Vocabulary.STATISTICS,
            "first releases before 2018": Vocabulary.FIRST_RELEASE,
            "Ofsted's management information": Vocabulary.OFSTED,
            "the performance tables": Vocabulary.PERFORMANCE_TABLES,
        }
        mark = mark_of(row["Letter"], spoken[row["In"]])
        assert (mark.says if mark else "a number") == row["Means"]


def test_small_cohorts_have_wide_intervals() -> None:
    """A small cohort has a wide interval.

    In a class of 10 one pupil is 10 points. The interval says between which shares the school's usual result may well lie (in 95 of 100
    such cases), so that nobody reads a story into one child. With more pupils it narrows. A small cohort where nobody, or everybody,
    reached the standard is far from certain too.
    """
    for row in table("""
        | Share | Pupils | One pupil weighs | Interval     |
        | 60%   | 10     | 10.0 points      | 31% to 83%   |
        | 60%   | 30     | 3.3 points       | 42% to 75%   |
        | 60%   | 180    | 0.6 points       | 53% to 67%   |
        | 0%    | 10     | 10.0 points      | 0% to 28%    |
        | 100%  | 10     | 10.0 points      | 72% to 100%  |
    """):
        cohort = int(row["Pupils"])
        low, high = wilson(float(row["Share"][:-1]), cohort)
        assert (f"{one_pupil_points(cohort):.1f} points", f"{low:.0f}% to {high:.0f}%") == (row["One pupil weighs"], row["Interval"])


def test_two_figures_whose_intervals_meet_may_differ_by_chance() -> None:
    """Two figures whose intervals meet may differ by chance alone."""
    for row in table("""
        | Last year | This year | Pupils each year | May be chance alone |
        | 60%       | 50%       | 30               | yes                 |
        | 60%       | 50%       | 180              | yes                 |
        | 60%       | 30%       | 30               | yes                 |
        | 60%       | 30%       | 180              | no                  |
    """):
        first, second = (wilson(float(row[year][:-1]), int(row["Pupils each year"])) for year in ("Last year", "This year"))
        assert overlap(first, second) == (row["May be chance alone"] == "yes")


def belief(row: Row) -> tuple[object, ...]:
    """How much a told edition is believed."""
    families = {"final": "ks4-final", "final, a copy": "ks4-final-extract", "provisional": "ks4-provisional"}
    marks = {"left blank": "blank", "withheld": "suppressed"}
    return rank(
        mark=marks.get(row["It gives"], ""),
        place=1 if row["It is of"] == "its predecessor" else 0,
        family=families[row["Edition"]],
        as_at=day(row["Of"]),
        edition_id=1,
    )


def test_which_edition_is_believed() -> None:
    """Which edition is believed when several give the same figure of the same year.

    An edition that says something goes before one that says nothing; the school's own figure before its predecessor's; final figures before
    a copy of them, and a copy before provisional ones; the later before the earlier. "Withheld" says something. The winner is taken
    whole: its number of pupils and its interval are never mixed with another's.
    """
    editions = table("""
        From the most believed to the least:

        | Believed | Edition       | Of             | It is of        | It gives   |
        | 1        | final         | 1 January 2020 | the school      | 63%        |
        | 2        | final         | 1 January 2019 | the school      | withheld   |
        | 3        | final, a copy | 1 January 2020 | the school      | 62%        |
        | 4        | provisional   | 1 January 2020 | the school      | 61%        |
        | 5        | final         | 1 January 2020 | its predecessor | 60%        |
        | 6        | final         | 1 January 2020 | the school      | left blank |
    """)
    backwards = list(reversed(editions))
    assert [row["Believed"] for row in sorted(backwards, key=belief, reverse=True)] == ["1", "2", "3", "4", "5", "6"]


def test_a_schools_history_follows_it_through_conversion_and_merger() -> None:
    """A school's history follows it through conversion and merger.

    A school that becomes an academy gets a new number (URN), and the register links the two. Figures of before stand under the old name and
    number. A sixth-form centre or a school side by side is no part of its history.
    """
    links = table("""
        The register's links, here of invented numbers:

        | School | Is linked to | As                      |
        | 900001 | 900010       | Successor               |
        | 900020 | 900010       | Predecessor - merged    |
        | 900020 | 900002       | Predecessor - merged    |
        | 900020 | 900003       | Sixth Form Centre Link  |
    """)
    follows = table("""
        So the history of each is:

        | School | Before it              | After it       |
        | 900001 |                        | 900010, 900020 |
        | 900010 | 900001                 | 900020         |
        | 900020 | 900002, 900010, 900001 |                |
        | 900003 |                        |                |
    """)
    told = [Link(row["School"], row["Is linked to"], row["As"], date(2020, 9, 1)) for row in links]
    for row in follows:
        found = lineage(row["School"], told)
        before, after = (", ".join(step.urn for step in steps) for steps in (found.predecessors, found.successors))
        assert (before, after) == (row["Before it"], row["After it"])
