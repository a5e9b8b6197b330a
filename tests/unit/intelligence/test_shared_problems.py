"""What is weak across a cluster more often than by chance, told so that no school can be worked out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.intelligence.rules.shared_problems import (
    FEWEST,
    OTHERS,
    Bound,
    Cell,
    Finding,
    SchoolHere,
    at_least,
    benjamini_hochberg,
    is_weak,
    level_of,
    possible,
    shared_problems,
    suppress,
    weakest_fifth,
)

HIGHER = {"ks2_rwm_expected": True, "absence_overall": False}
BOUNDS = {("Primary", "ks2_rwm_expected"): Bound("2023-24", 14_688, 50.0, 0.2)}


def school(value: float | None, cluster: str = "North", phase: str = "Primary") -> SchoolHere:
    return SchoolHere(phase, cluster, {} if value is None else {"ks2_rwm_expected": value})


def some(weak: int, schools: int, cluster: str = "North") -> list[SchoolHere]:
    return [school(40.0 if place < weak else 70.0, cluster) for place in range(schools)]


def cell(weak: int, schools: int, name: str = "") -> Cell:
    return Cell(name, schools, weak, schools / 5, Finding.CHANCE)


def test_weakest_fifth_holds_never_more_than_a_fifth() -> None:
    assert weakest_fifth(np.arange(100.0), higher_is_better=True) == (19.0, 0.19)
    assert weakest_fifth(np.array([50.0] * 60 + [70.0] * 60), higher_is_better=True) == (50.0, 0.0)
    assert weakest_fifth(np.arange(100.0), higher_is_better=False) == (80.0, 0.19)
    assert weakest_fifth(np.arange(99.0), higher_is_better=True) is None


def test_is_weak_only_beyond_the_bound_on_the_weaker_side() -> None:
    assert [is_weak(value, 20, higher_is_better=True) for value in (19, 20, 21)] == [True, False, False]
    assert [is_weak(value, 20, higher_is_better=False) for value in (19, 20, 21)] == [False, False, True]


def test_cluster_far_beyond_chance_is_found_and_another_is_not() -> None:
    found = shared_problems([*some(12, 20), *some(5, 22, "South")], BOUNDS, higher_is_better=HIGHER)
    assert [(each.group, each.schools, each.weak, each.finding) for each in (found[0].total, *found[0].cells)] == [
        ("", 42, 17, Finding.MORE), ("North", 20, 12, Finding.MORE), ("South", 22, 5, Finding.CHANCE),
    ]  # fmt: skip
    assert found[0].shared
    assert (found[0].cells[0].percent, found[0].cells[0].expected) == (60.0, 4.0)


def test_schools_without_the_figure_are_counted_apart_and_never_as_fine() -> None:
    found = shared_problems([*some(6, 20), school(None), school(None)], BOUNDS, higher_is_better=HIGHER)
    assert (found[0].total.schools, found[0].without) == (20, 2)


def test_nothing_is_said_of_fewer_than_five_schools_nor_without_a_bound() -> None:
    assert shared_problems(some(4, 4), BOUNDS, higher_is_better=HIGHER) == []
    assert shared_problems(some(20, 20), {}, higher_is_better=HIGHER) == []
    assert shared_problems(some(20, 20), {("Primary", "ks2_rwm_expected"): Bound("2023-24", 900, 0, 0.0)}, higher_is_better=HIGHER) == []


def test_small_clusters_and_schools_in_none_stand_together() -> None:
    found = shared_problems(
        [*some(6, 20), *some(1, 3, "Tiny"), *some(1, 4, "")], BOUNDS, higher_is_better=HIGHER
    )  # fmt: skip
    assert [(each.group, each.schools) for each in found[0].cells] == [("North", 20), (OTHERS, 7)]


def test_places_are_alliances_where_clusters_are_too_small() -> None:
    small = [(f"C{place % 6}", "East" if place % 2 else "West") for place in range(36)]
    assert level_of(small) == 1
    assert level_of([("North", "All")] * 12 + [("South", "All")] * 12) == 0
    assert level_of([("", "")] * 40) == 0


def test_area_without_clusters_has_its_total_alone() -> None:
    found = shared_problems(some(10, 30, ""), BOUNDS, higher_is_better=HIGHER)
    assert (found[0].total.weak, found[0].cells) == (10, ())


def test_one_held_back_number_is_never_left_alone() -> None:
    assert [each.weak for each in suppress([cell(12, 40), cell(9, 20, "A"), cell(3, 20, "B")])] == [12, None, None]


def test_second_number_held_back_is_one_that_is_no_finding() -> None:
    finding = Cell("A", 20, 9, 4.0, Finding.MORE)
    told = suppress([cell(21, 60), finding, cell(10, 20, "B"), cell(2, 20, "C")])
    assert [(each.weak, each.finding) for each in told] == [
        (21, Finding.CHANCE), (9, Finding.MORE), (None, Finding.HELD_BACK), (None, Finding.HELD_BACK),
    ]  # fmt: skip


def test_whole_is_held_back_where_it_would_tell_of_a_part() -> None:
    assert [each.weak for each in suppress([cell(10, 17), cell(5, 6, "A"), cell(5, 6, "B"), cell(0, 5, "C")])] == [None] * 4


def test_most_is_said_where_few_are_left_and_never_where_it_means_all() -> None:
    told = suppress([cell(30, 60), cell(18, 20, "A"), cell(5, 5, "B"), cell(7, 35, "C")])
    assert [(each.weak, each.most) for each in told[1:3]] == [(None, True), (None, False)]


def test_word_most_is_a_finding_only_where_the_least_it_means_is_one() -> None:
    every = shared_problems(some(6, 6), BOUNDS, higher_is_better=HIGHER)[0].total
    five = shared_problems(some(5, 6), BOUNDS, higher_is_better=HIGHER)[0].total
    assert every == five


@settings(deadline=None)
@given(st.integers(1, 400), st.floats(0.01, 0.99), st.data())
def test_chance_of_so_many_equals_the_binomial_tail(schools: int, share: float, data: st.DataObject) -> None:
    from scipy.stats import binom

    weak = data.draw(st.integers(0, schools))
    assert at_least(weak, schools, share) == pytest.approx(float(binom.sf(weak - 1, schools, share)), rel=1e-6, abs=1e-12)


parts = st.lists(st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(parts)
def test_no_number_under_five_nor_one_that_leaves_under_five_can_be_worked_out(given: list[tuple[int, int]]) -> None:
    whole = cell(sum(weak for weak, _ in given), sum(schools for _, schools in given))
    told = suppress([whole, *(cell(weak, schools, str(place)) for place, (weak, schools) in enumerate(given))])
    for shown in told:
        assert shown.weak is None or FEWEST <= shown.weak <= shown.schools - FEWEST
    ranges = [range(low, high + 1) for low, high in map(possible, told[1:])]
    low, high = possible(told[0])
    fits = [guess for guess in product(*ranges) if low <= sum(guess) <= high]
    assert tuple(weak for weak, _ in given) in fits
    for place, shown in enumerate(told[1:]):
        if shown.weak is None:
            assert len({guess[place] for guess in fits}) > 1
    if told[0].weak is not None:
        left = told[0].weak - sum(shown.weak or 0 for shown in told[1:])
        held = sum(shown.schools for shown in told[1:] if shown.weak is None)
        assert held == 0 or FEWEST <= left <= held - FEWEST


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_chances_are_never_smaller_and_keep_their_order(chances: list[float]) -> None:
    adjusted = benjamini_hochberg(chances)
    assert all(after >= before - 1e-12 for before, after in zip(chances, adjusted, strict=True))
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    assert [adjusted[place] for place in order] == sorted(adjusted)


def test_areas_without_real_differences_seldom_show_a_shared_problem() -> None:
    draw = np.random.default_rng(11)
    shared = 0
    for _ in range(200):
        schools = [
            SchoolHere("Primary", f"C{place % 5}", {"ks2_rwm_expected": float(value)}) for place, value in enumerate(draw.uniform(size=100))
        ]
        bounds = {("Primary", "ks2_rwm_expected"): Bound("2023-24", 15_000, 0.2, 0.2)}
        shared += shared_problems(schools, bounds, higher_is_better=HIGHER)[0].shared
    assert shared <= 200 * 0.05


@pytest.mark.parametrize("phase", ["Secondary", "Nursery"])
def test_phase_without_the_measure_is_not_spoken_of(phase: str) -> None:
    assert shared_problems([school(10, phase=phase)] * 20, BOUNDS, higher_is_better=HIGHER) == []
