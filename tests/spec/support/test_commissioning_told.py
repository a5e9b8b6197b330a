"""Support in totals.

A board sees how support goes and learns of no school. Shares of schools are told as ranges, as for peer reviews. Days and money are sums;
a sum is told only where it gives nobody away.
"""

from __future__ import annotations

from convenor.support.rules.commissioning import Piece, kind_of, matched_within, rounded, safe, two_sums
from tests.spec.telling import table


def pieces(text: str, first: int = 1) -> list[Piece]:
    """One package for each number of half days, each at a school of its own."""
    return [Piece(first + number, f"school {first + number}", int(amount)) for number, amount in enumerate(text.split())]


def test_a_sum_is_told_of_five_schools_of_which_none_stands_out() -> None:
    """A sum is told of five schools or more, none of which stands out.

    Whoever knows the second largest part could subtract it and come near to the largest. So the others together must hold at least a fifth
    of the largest.
    """
    rows = table("""
        | half days at each school | told |
        | 4 4 4 4                  | no   |
        | 4 4 4 4 4                | yes  |
        | 60 4 4 4 4               | yes  |
        | 100 4 4 4 4              | no   |
    """)
    for row in rows:
        assert ("yes" if safe(pieces(row["half days at each school"])) else "no") == row["told"]


def test_two_tellings_are_never_held_against_each_other() -> None:
    """Two tellings of the same days are never held against each other.

    Twelve schools with three days each. By tier, the first six and the others. By priority the same schools may be parted elsewhere: where
    the one telling less the other would be a single school, the second is told as one sum.
    """
    rows = table("""
        | schools of the first priority | days by tier | days by priority |
        | 6                             | 20 and 20    | 20 and 20        |
        | 7                             | 20 and 20    | told as one: 35  |
    """)
    every = pieces("6 " * 12)
    for row in rows:
        parted = int(row["schools of the first priority"])
        one, two = two_sums({"A": every[:6], "B": every[6:]}, {"P": every[:parted], "Q": every[parted:]}, rounded_to=10)
        told = [
            " and ".join(str(part.amount // 2) for part in each.parts) or f"told as one: {(each.whole or 0) // 2}" for each in (one, two)
        ]
        assert told == [row["days by tier"], row["days by priority"]]


def test_days_are_told_to_the_nearest_five() -> None:
    """Days are told to the nearest five, money to the nearest hundred pounds."""
    rows = table("""
        | half days | told as days | pence   | told as pounds |
        | 4         | 0            | 4999    | 0              |
        | 5         | 5            | 5000    | 100            |
        | 36        | 20           | 1234567 | 12300          |
    """)
    for row in rows:
        assert (rounded(int(row["half days"]), 10) // 2, rounded(int(row["pence"]), 100_00) // 100) == (
            int(row["told as days"]),
            int(row["told as pounds"]),
        )


def test_each_school_is_counted_in_one_kind() -> None:
    """Each school is counted in one kind: its phase, and who answers for it."""
    rows = table("""
        | phase     | type        | counted as                        |
        | Primary   | maintained  | Primary, maintained               |
        | Secondary | free school | Secondary, academy                |
        | Special   | academy     | Special and alternative provision |
        | Nursery   | maintained  | Other                             |
    """)
    for row in rows:
        assert kind_of(row["phase"], row["type"]) == row["counted as"]


def test_time_to_match_is_counted_from_the_asking() -> None:
    """Time to match is counted from the day a school asked to the day somebody was chosen.

    Twenty schools asked: four were matched on the third day, eight on the tenth, five on the twentieth, and three wait still. How many
    asked is not told, since it could be worked back to schools; the part of them is.
    """
    rows = table("""
        | within     | told                     |
        | a week     | fewer than a quarter     |
        | two weeks  | a half to three quarters |
        | four weeks | three quarters or more   |
    """)
    days: dict[str, int | None] = {f"school {n}": 3 if n < 4 else 10 if n < 12 else 20 if n < 17 else None for n in range(20)}
    assert [each.says for each in matched_within(days)] == [row["told"] for row in rows]
