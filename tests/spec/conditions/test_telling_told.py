"""What is told of a room, and what is not.

Nobody in a room gives a name, and nothing is told from which one person's diamond could be worked out: not to the wall, not to members, and
not to whoever leads. An entry of a single person is counted from five such entries up; an entry that a pair or a table made in the open,
from two.
"""

from __future__ import annotations

from convenor.conditions.rules.telling import counting, may_tell, told_groups
from tests.spec.telling import table


def test_five_people_or_two_tables() -> None:
    """Five people, or two tables.

    Where single people are among them there must be five of those: what tables placed lies on the tables, for anybody to take away again.
    """
    for row in table("""
        | Single people | Tables | Told |
        | 4             | 0      | no   |
        | 5             | 0      | yes  |
        | 0             | 1      | no   |
        | 0             | 2      | yes  |
        | 3             | 9      | no   |
        | 5             | 1      | yes  |
    """):
        assert may_tell(personal=int(row["Single people"]), tables=int(row["Tables"])) is (row["Told"] == "yes")


def test_few_single_people_wait_while_the_tables_are_told() -> None:
    """Few single people wait while the tables are told.

    Their entries are kept, and counted with all others once there are five.
    """
    for row in table("""
        | Single people | Tables | Entries that count |
        | 3             | 9      | 9                  |
        | 5             | 9      | 14                 |
        | 3             | 1      | 0                  |
    """):
        personal = [True] * int(row["Single people"]) + [False] * int(row["Tables"])
        assert len(counting(personal)) == int(row["Entries that count"])


def test_small_group_does_not_come_back_by_subtraction() -> None:
    """A small group does not come back by subtraction.

    The whole is told. If every group but one were told too, that one would be the whole less the others. So the smallest of the others goes
    with it, until what is left out is five or nobody. Whoever did not say their group counts as left out.
    """
    for row in table("""
        | Heads | Governors | Officers | Did not say | Groups told              |
        | 9     | 8         | 7        | 0           | head, governor, officer  |
        | 9     | 8         | 3        | 0           | none                     |
        | 9     | 8         | 3        | 2           | head, governor           |
        | 9     | 8         | 7        | 1           | head, governor           |
        | 9     | 8         | 0        | 1           | none                     |
    """):
        sizes = {"head": "Heads", "governor": "Governors", "officer": "Officers", "": "Did not say"}
        labels = [label for label, column in sizes.items() for _ in range(int(row[column]))]
        told = told_groups([True] * len(labels), {"role": labels}).get("role", ())
        assert (", ".join(label for label in sizes if label and label in told) or "none") == row["Groups told"]


def test_two_groupings_together_give_nobody_away() -> None:
    """Two groupings together give nobody away.

    Each alone may be harmless. But where all heads but one are primary heads, heads less primaries is that one person. A second grouping is
    told only where no such sum can be made, of any number of groups; here the grouping by role was asked for first.
    """
    for row in table("""
        | Heads of primaries | Heads of secondaries | Officers | Told        |
        | 5                  | 5                    | 6        | role, phase |
        | 5                  | 1                    | 6        | role        |
        | 9                  | 4                    | 6        | role        |
    """):
        primaries, secondaries, officers = (int(row[each]) for each in ("Heads of primaries", "Heads of secondaries", "Officers"))
        role = ["head"] * (primaries + secondaries) + ["officer"] * officers
        phase = ["primary"] * primaries + ["secondary"] * (secondaries + officers)
        told = told_groups([True] * len(role), {"role": role, "phase": phase})
        assert ", ".join(told) == row["Told"]
