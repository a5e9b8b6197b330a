"""Could the unheard change it? Held against trying out every way in which they might answer."""

from __future__ import annotations

from itertools import combinations_with_replacement, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.consultation.rules.states import QuestionKind
from convenor.consultation.rules.tally import Tally, places, tally
from convenor.consultation.rules.unheard import Reach, result_says, reversal, unheard_says
from tests.unit.consultation.hearing import closed, item, principle


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4), st.integers(0, 9))
def test_closed_result_is_reversed_by_just_so_many(counts: list[int], unheard: int) -> None:
    found = reversal(closed(*counts), asked=sum(counts) + unheard)
    best = max(counts)
    if counts.count(best) > 1 or not any(counts):
        assert (found.leader, found.enough, found.of_all) == (None, None, None)
        return
    leader = counts.index(best)
    assert found.leader == leader
    reversing = [
        added
        for many in range(unheard + 1)
        for added in combinations_with_replacement(range(len(counts)), many)
        if max(count + added.count(place) for place, count in enumerate(counts) if place != leader) > best + added.count(leader)
    ]
    assert found.enough == min((len(added) for added in reversing), default=None)
    two_sides = [added for added in reversing if len(added) == unheard and set(added) <= {leader, found.other}]
    assert found.of_all == min((unheard - added.count(leader) for added in two_sides), default=None)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.permutations("abc"), min_size=1, max_size=5), st.integers(0, 3))
def test_order_is_reversed_by_just_so_many(orders: list[list[str]], unheard: int) -> None:
    ranked = item(QuestionKind.RANKED, "a", "b", "c")
    found = reversal(tally(ranked, [{"q": order} for order in orders]), asked=len(orders) + unheard)
    sums = [sum(order.index(key) for order in orders) for key in "abc"]
    if sums.count(min(sums)) > 1:
        assert found.leader is None
        return
    leader = sums.index(min(sums))
    ways = [
        many
        for many in range(unheard + 1)
        for added in combinations_with_replacement(list(permutations("abc")), many)
        if min(sums[place] + sum(order.index("abc"[place]) for order in added) for place in range(3) if place != leader)
        < sums[leader] + sum(order.index("abc"[leader]) for order in added)
    ]
    assert (found.leader, found.enough) == (leader, min(ways, default=None))


def test_unsure_is_on_neither_side() -> None:
    found = reversal(principle(20, 60, 10), asked=120)
    assert (found.leader, found.other, found.enough, found.of_all) == (0, 2, 11, 21)
    assert result_says(principle(20, 60, 10), found) == "More agree than disagree: 20 to 10 of 90 who answered."


def test_range_is_from_none_of_the_unheard_to_all() -> None:
    assert reversal(principle(60, 10, 10), asked=100).reaches == (Reach(60, 80), Reach(10, 30), Reach(10, 30))


def test_more_answers_than_asked_count_as_all_heard() -> None:
    found = reversal(principle(8, 0, 2), asked=9)
    assert (found.asked, found.unheard, found.stands) == (10, 0, True)


@pytest.mark.parametrize(
    ("counts", "asked", "says"),
    [
        ((70, 10, 20), 100, "Everybody who was asked has answered this: nothing is left that could change it."),
        ((70, 10, 20), 120, "It could not be reversed by the unheard, even if all 20 took the other side."),
        ((70, 10, 20), 101, "It could not be reversed by the unheard, even if the one left took the other side."),
        ((40, 0, 20), 80, "It could not be reversed by the unheard: all 20 together could just draw level."),
        ((21, 0, 20), 42, "It could not be reversed by the unheard: the one left could just draw level."),
        ((30, 0, 30), 80, "It is level: any one of the 20 schools not heard on it could decide it."),
        ((30, 0, 30), 61, "It is level: the one school not heard on it could decide it."),
        ((0, 0, 0), 12, "It is open: nobody has been heard on it, and 12 schools were asked."),
        ((0, 0, 0), 1, "It is open: nobody has been heard on it, and one school was asked."),
        (
            (60, 10, 40), 150,
            "It could be reversed: 21 of the 40 not heard on it (52%) would be enough if they answered “Disagree” and the rest stayed "
            "silent. "
            "If all 40 took one side or the other, it would take 31 (78%).",
        ),
    ],
)  # fmt: skip
def test_it_is_said_in_words(counts: tuple[int, ...], asked: int, says: str) -> None:
    assert unheard_says(principle(*counts), reversal(principle(*counts), asked=asked)) == says


def test_results_are_said_in_words() -> None:
    def said(counted: Tally) -> str:
        return result_says(counted, reversal(counted, asked=20))

    assert said(principle(2, 0, 8)) == "More disagree than agree: 8 to 2 of 10 who answered."
    assert said(principle(5, 0, 5)) == "No answer leads: the first are level."
    assert said(principle(0, 0, 0)) == "Nobody has answered this."
    assert said(closed(3, 7)) == "“Option-1” leads: 7 of 10 who answered."
    ranked = tally(item(QuestionKind.RANKED, "a", "b"), [{"q": ["b", "a"]}] * 4 + [{"q": ["a", "b"]}])
    assert said(ranked) == "“B” stands highest: mean place 1.2 of 2."
    assert unheard_says(ranked, reversal(ranked, asked=20)) == (
        "It could be reversed: 4 of the 15 not heard on it (27%) would be enough if they put “A” first and the leading one last and the "
        "rest stayed silent. If all 15 took one side or the other, it would take 10 (67%)."
    )


def test_options_left_out_of_an_order_share_the_places_left() -> None:
    assert places(item(QuestionKind.RANKED, "a", "b", "c", "d"), ["c"]) == {"a": 3.0, "b": 3.0, "c": 1.0, "d": 3.0}


def test_one_option_alone_has_nothing_to_reverse() -> None:
    assert reversal(closed(5), asked=9).leader is None


def test_nobody_asked_has_no_range() -> None:
    assert reversal(principle(0, 0, 0), asked=0).reaches == ()
