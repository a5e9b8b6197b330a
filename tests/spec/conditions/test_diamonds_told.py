"""What several diamonds say together.

Nine cards stand in five rows of 1, 2, 3, 2 and 1: at the top what is a strength, at the bottom what needs most improvement. The middle is
coarse on purpose. In these examples the cards are A to I, and a diamond is written from its top row to its bottom row.
"""

from __future__ import annotations

import numpy as np
import pytest

from convenor.conditions.rules.comparing import holm
from convenor.conditions.rules.concordance import kendall_w, point_95_percent
from convenor.conditions.rules.consensus import consensus_of
from convenor.conditions.rules.diamonds import MID_RANKS, SHAPE, boards, distance
from convenor.conditions.rules.entries import EntriesError, read_entries, what_is_wrong
from convenor.conditions.rules.opinion_groups import groups_in_diamonds
from convenor.conditions.rules.results import board_of, results
from tests.spec.telling import table

CARDS = "ABCDEFGHI"


def placed(written: str) -> dict[str, int]:
    """The row of each card, as a diamond is written here."""
    return {card: row for row, cards in enumerate(written.split(), 1) for card in cards}


def rows(written: str) -> tuple[int, ...]:
    return tuple(placed(written)[card] for card in CARDS)


def as_written(diamond: tuple[int, ...]) -> str:
    return " ".join("".join(row) for row in board_of(CARDS, diamond))


def entered(entries: dict[str, str], *, people: dict[str, int] | None = None) -> str:
    lines = [
        f"{name},{(people or {}).get(name, 1)},Head,{card},{row}"
        for name, written in entries.items()
        for card, row in placed(written).items()
    ]
    return "\n".join(["entry,group_size,role,item,row", *lines])


def test_cards_of_one_row_share_its_rank() -> None:
    """Cards of one row share its rank.

    Nobody said which of two cards in a row is the higher, so both get the mean of the ranks they fill. The ranks of a diamond add up to 45,
    as those of any order of nine do.
    """
    told = table("""
        | Row | Cards in it | Rank of each |
        | 1   | 1           | 1            |
        | 2   | 2           | 2.5          |
        | 3   | 3           | 5            |
        | 4   | 2           | 7.5          |
        | 5   | 1           | 9            |
    """)
    assert [(int(row["Cards in it"]), float(row["Rank of each"])) for row in told] == list(zip(SHAPE, MID_RANKS, strict=True))
    assert sum(int(row["Cards in it"]) * float(row["Rank of each"]) for row in told) == 45


def test_another_shape_is_refused_with_the_reason() -> None:
    """Another shape is refused with the reason.

    Nothing is put right by guessing, and nothing is left out: where one entry of a room is broken, nothing is worked out until it is
    mended.
    """
    for row in table("""
        | Diamond         | What it is told                                                                            |
        | A BC DEF GH I   |                                                                                            |
        | AB C DEF GH I   | its shape is not 1-2-3-2-1: row 1 holds 2 where it should hold 1, row 2 holds 1 where it should hold 2 |
        | A BC DEF GH     | 8 cards are placed, and a diamond has 9                                                    |
    """):
        assert what_is_wrong(placed(row["Diamond"])) == row["What it is told"]
    with pytest.raises(EntriesError, match=r"^Entry 'Table 2': its shape is not 1-2-3-2-1"):
        read_entries(entered({"Table 1": "A BC DEF GH I", "Table 2": "AB C DEF GH I"}))


def test_how_far_two_diamonds_are_apart() -> None:
    """How far two diamonds are apart.

    Every pair of cards counts: 1 where just one of the diamonds has the two level, 2 where they are turned round. The farthest from any
    diamond is the same upside down.
    """
    for row in table("""
        | One           | The other     | Apart |
        | A BC DEF GH I | A BC DEF GH I | 0     |
        | A BC DEF GH I | B AC DEF GH I | 4     |
        | A BC DEF GH I | A BD CEF GH I | 8     |
        | A BC DEF GH I | I GH DEF BC A | 62    |
    """):
        assert distance(rows(row["One"]), rows(row["The other"])) == int(row["Apart"])


def test_the_room_says_the_diamond_nearest_to_all() -> None:
    """The room says the diamond nearest to all.

    All 15,120 diamonds are looked at, and the answer is the one whose distances to the entries add up to the least. Often several do
    equally well: then all of them are the answer, and none is the truer for standing first.
    """
    for row in table("""
        | Entries                                     | The room says                                            | Total distance |
        | A BC DEF GH I; A BC DEF GH I; B AC DEF GH I | A BC DEF GH I                                            | 4              |
        | A BC DEF GH I; B AC DEF GH I                | A BC DEF GH I or B AC DEF GH I                           | 4              |
        | A BC DEF GH I; I GH DEF BC A                | A BC DEF GH I or A GH DEF BC I or I BC DEF GH A or I GH DEF BC A | 62     |
    """):
        found = consensus_of(boards([rows(each) for each in row["Entries"].split("; ")]))
        assert " or ".join(as_written(tuple(each)) for each in found.optimal.tolist()) == row["The room says"]
        assert found.total_distance == int(row["Total distance"])


def test_one_entry_is_one_vote() -> None:
    """One entry is one vote.

    How many people made an entry is shown and never weighs: a table of eight says one thing, as a head alone does.
    """
    for row in table("""
        | First entry   | Its people | Second entry  | Its people too | Mean rank of A |
        | A BC DEF GH I | 1          | I GH DEF BC A | 1              | 5              |
        | A BC DEF GH I | 8          | I GH DEF BC A | 1              | 5              |
    """):
        people = {"one": int(row["Its people"]), "two": int(row["Its people too"])}
        found = results(read_entries(entered({"one": row["First entry"], "two": row["Second entry"]}, people=people)))
        assert found.whole.mean_ranks[0] == float(row["Mean rank of A"])


def test_agreement_is_held_against_chance() -> None:
    """Agreement is held against chance.

    Kendall's W is 1 where all diamonds are the same and 0 where their ranks cancel out. Two people agree a good deal by chance, thirty
    hardly at all: so W stands beside the figure that so many random diamonds reach in one case of twenty.
    """
    for row in table("""
        | Entries | Random diamonds reach, in one case of twenty |
        | 2       | 0.80                                        |
        | 3       | 0.58                                        |
        | 5       | 0.36                                        |
        | 10      | 0.19                                        |
        | 30      | 0.06                                        |
    """):
        assert f"{point_95_percent(int(row['Entries'])):.2f}" == row["Random diamonds reach, in one case of twenty"]
    same, reverse = rows("A BC DEF GH I"), rows("I GH DEF BC A")
    assert (kendall_w(boards([same] * 4)), kendall_w(boards([same, reverse]))) == (1.0, 0.0)


def test_many_questions_need_a_stricter_answer() -> None:
    """Many questions need a stricter answer.

    Asked of nine cards whether heads and officers differ, chance alone says yes to at least one of them more than one time in three. So the
    chances are made greater for being several (Holm): a difference is called one only where it stays at 5 in 100 or less.
    """
    told = table("""
        | Card | Chance of such a difference | Adjusted | Called a difference |
        | A    | 0.001                       | 0.009    | yes                 |
        | B    | 0.006                       | 0.048    | yes                 |
        | C    | 0.02                        | 0.14     | no                  |
        | D    | 0.04                        | 0.24     | no                  |
        | E    | 0.3                         | 1        | no                  |
        | F    | 0.4                         | 1        | no                  |
        | G    | 0.5                         | 1        | no                  |
        | H    | 0.7                         | 1        | no                  |
        | I    | 0.9                         | 1        | no                  |
    """)
    adjusted = holm([float(row["Chance of such a difference"]) for row in told])
    assert [f"{each:.3g}" for each in adjusted] == [row["Adjusted"] for row in told]
    assert [each <= 0.05 for each in adjusted] == [row["Called a difference"] == "yes" for row in told]


def test_groups_are_told_only_where_chance_makes_none() -> None:
    """Groups are told only where chance makes none.

    Any way of gathering people finds groups, in pure noise too. Ours are told only where the answers on some cards foretell those on the
    others better than in 99 of 100 rooms of one opinion, and where each group has at least five people.
    """
    for row in table("""
        | Twelve people think | and as many others | Groups |
        | A BC DEF GH I       | I GH DEF BC A      | 2      |
        | A BC DEF GH I       | A BC DEF GH I      | none   |

        Everybody moves a few cards as they please.
    """):
        chance = np.random.default_rng(7)
        opinions = np.array([rows(row["Twelve people think"]), rows(row["and as many others"])], dtype=float)
        feelings = np.repeat(opinions, 12, axis=0) + 0.8 * chance.normal(size=(24, 9))
        order = feelings.argsort(axis=1).argsort(axis=1)
        found = groups_in_diamonds(boards(np.repeat([1, 2, 3, 4, 5], SHAPE)[order].tolist()))
        assert (str(found.groups) if found.found else "none") == row["Groups"]
