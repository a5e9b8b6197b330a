"""Taking part.

Membership is open to every school and equal. Taking part is never a duty: a school that has not been heard from is one to invite. What is
noted is that a school attended, reviewed, answered or offered. Who signed in, and who read what, is not noted at all.
"""

from convenor.partnership.rules.engagement import guarded, rounded
from tests.spec.telling import Row, table


def counts(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """For each told group its schools and how many took part."""
    return {row["Group"]: (int(row["Schools"]), int(row["Took part"])) for row in rows}


def test_counts_are_shown_to_the_nearest_five() -> None:
    """Counts are shown to the nearest five.

    So that one school more or less does not show. Only the manager, and those who lead a school's own cluster or alliance, see which
    schools are meant. That all took part is not shown either where it would tell of each.
    """
    for row in table("""
        | Schools | Took part | Shown |
        | 20      | 2         | 0     |
        | 20      | 3         | 5     |
        | 20      | 7         | 5     |
        | 20      | 8         | 10    |
        | 8       | 7         | 5     |
        | 8       | 8         | 5     |
    """):
        assert rounded(int(row["Took part"]), int(row["Schools"])) == int(row["Shown"])


def test_small_groups_are_put_together() -> None:
    """Groups of fewer than five schools are put together.

    Nobody can be picked out of a group of one.
    """
    given = table("""
        | Group             | Schools | Took part |
        | Primary           | 40      | 23        |
        | Secondary         | 9       | 6         |
        | Special           | 3       | 1         |
        | Pupil referral    | 2       | 2         |
    """)
    follows = table("""
        Anyone in the partnership is shown:

        | Group                              | Schools | About |
        | Primary                            | 40      | 25    |
        | Secondary                          | 9       | 5     |
        | 2 groups too small to tell apart   | 5       | 5     |
    """)
    shown = guarded(counts(given))
    assert [(each.name, each.schools, each.took_part) for each in shown.groups] == [
        (row["Group"], int(row["Schools"]), int(row["About"])) for row in follows
    ]


def test_of_a_handful_of_schools_nothing_is_told() -> None:
    """Of fewer than five schools in all nothing is told."""
    shown = guarded(
        counts(
            table("""
        | Group   | Schools | Took part |
        | Primary | 3       | 2         |
        | Special | 1       | 0         |
    """)
        )
    )
    assert (shown.groups, shown.took_part) == ((), None)
