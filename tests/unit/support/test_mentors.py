"""Mentors for new and acting heads: as many as can be, the best of those, never from one's own house."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.support.rules.mentors import HEADS_AT_MOST, NEW_FOR, Mentor, NewHead, NoMentor, Pair, Why, match, want, why, why_not

TODAY = date(2026, 11, 17)


def head(key: int = 1, urn: str = "990001", **more: Any) -> NewHead:
    return NewHead(key, urn, Why.NEW, **{"phase": "Primary"} | more)


def mentor(key: int = 10, **more: Any) -> Mentor:
    return Mentor(key, **{"person": 500 + key, "urn": "990009", "phases": ("Primary",)} | more)


def test_heads_are_new_for_two_years_and_acting_ones_always_count() -> None:
    edge = TODAY - NEW_FOR
    assert [want(day, acting=False, on=TODAY) for day in (TODAY, edge + timedelta(days=1), edge)] == [Why.NEW, Why.NEW, None]
    assert want(edge - timedelta(days=900), acting=True, on=TODAY) is Why.ACTING


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({}, {}, None),
        ({}, {"assured": False}, NoMentor.NOT_ASSURED),
        ({}, {"heads": HEADS_AT_MOST}, NoMentor.NO_ROOM),
        ({}, {"urn": "990001"}, NoMentor.SAME),
        ({"trust": "T1"}, {"trust": "T1"}, NoMentor.SAME),
        ({"federation": "F1"}, {"federation": "F1"}, NoMentor.SAME),
        ({"key": 510}, {}, NoMentor.SAME),
        ({}, {"apart": frozenset({"990001"})}, NoMentor.NOT_HERE),
        ({"easting": 0, "northing": 0}, {"easting": 11_000, "northing": 0, "reach_km": 10}, NoMentor.TOO_FAR),
        ({"easting": 0, "northing": 0}, {"easting": 10_000, "northing": 0, "reach_km": 10}, None),
        ({}, {"reach_km": 10}, None),
    ],
)
def test_what_stands_between_a_head_and_a_mentor_is_named(one: dict[str, Any], other: dict[str, Any], reason: NoMentor | None) -> None:
    assert why_not(head(**one), mentor(**other)) is reason


def test_why_two_are_matched_is_said_to_both() -> None:
    here = {"easting": 0, "northing": 0}
    near, far = mentor(**here), mentor(easting=12_400, northing=0, phases=("Secondary",))
    trusted = "Is of another school and trust, so that you can speak freely."
    assert why(head(**here), near) == ("Knows primary schools.", "Less than a kilometre away.", trusted)
    assert why(head(**here), far) == ("12 km away in a straight line.", trusted)
    assert why(head(), mentor(phases=())) == (trusted,)


def test_the_same_phase_comes_before_a_shorter_way_and_a_free_mentor_before_a_busy_one() -> None:
    one = head(easting=0, northing=0)
    near = mentor(10, phases=("Secondary",), easting=1_000, northing=0)
    far = mentor(11, easting=30_000, northing=0)
    busy = mentor(12, easting=29_000, northing=0, heads=1)
    pairs, alone = match([one], [near, far, busy])
    assert ([(each.head, each.mentor) for each in pairs], alone) == ([(1, 11)], {})


def test_nobody_is_matched_where_nobody_fits_and_each_reason_is_told_once() -> None:
    pairs, alone = match([head()], [mentor(10, assured=False), mentor(11, assured=False), mentor(12, urn="990001")])
    assert (pairs, alone) == ((), {1: (NoMentor.NOT_ASSURED, NoMentor.SAME)})
    assert match([], [mentor()]) == ((), {})
    assert match([head()], []) == ((), {1: ()})


@st.composite
def several(draw: st.DrawFn) -> tuple[list[NewHead], list[Mentor]]:
    place = st.integers(0, 40).map(lambda km: km * 1000)
    trust = st.sampled_from(("", "T1", "T2"))
    heads = [head(key, f"99000{key}", trust=draw(trust), easting=draw(place), northing=0) for key in range(draw(st.integers(0, 4)))]
    mentors = [
        mentor(
            10 + key, urn=f"9901{key}", trust=draw(trust), easting=draw(place), northing=0, heads=draw(st.integers(0, 2)),
            reach_km=draw(st.sampled_from((None, 15))), assured=draw(st.booleans()),
        )
        for key in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return heads, mentors


@settings(deadline=None)
@given(several())
def test_as_many_heads_have_a_mentor_as_can_and_no_rule_is_broken(given_: tuple[list[NewHead], list[Mentor]]) -> None:
    heads, mentors = given_
    pairs, alone = match(heads, mentors)
    by_key, of_head = {each.key: each for each in mentors}, {each.key: each for each in heads}
    assert all(why_not(of_head[each.head], by_key[each.mentor]) is None for each in pairs)
    assert all(sum(each.mentor == one.key for each in pairs) <= one.room for one in mentors)
    assert sorted([*(each.head for each in pairs), *alone]) == sorted(of_head)
    assert len(pairs) == tried(heads, mentors)


def tried(heads: list[NewHead], mentors: list[Mentor]) -> int:
    """The most pairs, by trying everything."""
    best = 0
    for choice in product([None, *mentors], repeat=len(heads)):
        chosen = [(one, other) for one, other in zip(heads, choice, strict=True) if other is not None]
        fits = all(why_not(one, other) is None for one, other in chosen)
        if fits and all(sum(other is each for _, other in chosen) <= each.room for each in mentors):
            best = max(best, len(chosen))
    return best


def test_the_same_input_in_another_order_gives_the_same_pairs() -> None:
    heads, mentors = [head(key, f"99000{key}") for key in range(3)], [mentor(10), mentor(11, urn="990010")]
    found, _ = match(heads, mentors)
    assert match([*reversed(heads), heads[0]], list(reversed(mentors)))[0] == found
    assert [type(each) for each in found] == [Pair] * 3
