"""Which of several editions is believed."""

from datetime import date
from itertools import permutations

from convenor.registers.rules.precedence import Rank, Standing, rank, standing_of


def a_rank(mark: str = "", place: int = 0, family: str = "ks2-final", as_at: date = date(2019, 8, 31), edition_id: int = 1) -> Rank:
    return rank(mark=mark, place=place, family=family, as_at=as_at, edition_id=edition_id)


def test_order_of_belief_from_most_to_least() -> None:
    ranks = [
        a_rank(edition_id=9),
        a_rank(edition_id=2),
        a_rank(as_at=date(2018, 8, 31), edition_id=7),
        a_rank(family="ks2-final-extract"),
        a_rank(family="ks4-provisional"),
        a_rank(place=1),
        a_rank(mark="unknown"),
        a_rank(mark="blank", family="ks4-provisional"),
    ]
    assert all(sorted(some, reverse=True) == ranks for some in list(permutations(ranks))[::977])


def test_withheld_by_the_publisher_says_more_than_a_lost_mark() -> None:
    assert a_rank(mark="suppressed", family="ks4-provisional") > a_rank(mark="unknown", family="ks4-final-extract")


def test_final_copy_is_believed_before_provisional_original() -> None:
    assert (standing_of("ks4-final-extract"), standing_of("ks4-provisional"), standing_of("ks4-final")) == (
        Standing.COPY,
        Standing.PROVISIONAL,
        Standing.ORIGINAL,
    )
