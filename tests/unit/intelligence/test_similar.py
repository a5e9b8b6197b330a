"""Which schools are alike: scales, distances, ties, missing figures, and who is never a neighbour."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.intelligence.rules import similar
from convenor.intelligence.rules.similar import Variable, nearest, parts, scale_of, similar_schools
from convenor.intelligence.rules.similar_dfe import SET, similar_dfe

NAN = math.nan
SIZE = Variable("size", "Pupils on roll", ("pupils_on_roll",), "pupils", 1, "")
EAL = Variable("eal", "Language", ("eal_percent",), "%", 1, "")


def brute(features: Any, n: int, weights: Any, among: Any) -> list[list[int]]:
    """The same by plain loops: every pair, in the order of distance and then of place."""
    scales = [scale_of(features[among, column]) for column in range(features.shape[1])]
    used = [column for column, (_, spread) in enumerate(scales) if spread > 0]
    whole = sum(weights[column] for column in used)

    def at(row: int, column: int) -> float:
        value = features[row, column]
        centre, spread = scales[column]
        return 0.0 if math.isnan(value) else min(max((value - centre) / spread, -4.0), 4.0)

    def told(row: int) -> bool:
        return bool(used) and sum(weights[c] for c in used if not math.isnan(features[row, c])) >= whole / 2

    found = []
    for one in range(len(features)):
        others = [other for other in range(len(features)) if other != one and among[other] and told(other)] if told(one) else []
        apart = {other: round(math.sqrt(sum(weights[c] / whole * (at(one, c) - at(other, c)) ** 2 for c in used)), 8) for other in others}
        found.append(sorted(apart, key=lambda other: (apart[other], other))[:n])
    return found


values = st.one_of(st.just(NAN), st.integers(0, 6).map(float))


@settings(deadline=None, max_examples=60)
@given(data=st.data(), width=st.integers(1, 4), n=st.integers(1, 9))
def test_nearest_equals_comparing_every_pair(data: st.DataObject, width: int, n: int) -> None:
    rows = data.draw(st.lists(st.lists(values, min_size=width, max_size=width), min_size=2, max_size=24))
    among = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    weights = data.draw(st.lists(st.integers(1, 3), min_size=width, max_size=width))
    places, distances = nearest(np.array(rows), n, weights=weights, candidates=among)
    assert [[int(each) for each in row if each >= 0] for row in places] == brute(np.array(rows), n, weights, among)
    assert (np.isnan(distances) == (places < 0)).all()


def test_nobody_is_their_own_neighbour_nor_comes_twice_among_equals() -> None:
    rows = np.array([[1.0], [1.0], [1.0], [1.0], [2.0], [5.0]])
    places, distances = nearest(rows, 3)
    assert places.tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2], [4, 0, 1]]
    assert distances[0].tolist() == [0.0, 0.0, 0.0]


def test_one_far_school_leaves_the_scale_of_the_others_alone() -> None:
    near = np.array([[float(n)] for n in range(20)])
    plain = nearest(near, 1)[1][:18]
    far = near.copy()
    far[19] = 1_000_000
    assert np.allclose(nearest(far, 1)[1][:18], plain)


def test_scale_of_a_half_equal_variable_uses_the_mean_distance() -> None:
    middle, spread = scale_of(np.array([0.0, 0.0, 0.0, 0.0, 0.0, 10.0]))
    assert (middle, round(spread, 3)) == (0.0, round(10 / 6 / math.sqrt(2 / math.pi), 3))
    assert scale_of(np.array([3.0, 3.0]))[1] == 0.0
    assert math.isnan(scale_of(np.array([NAN]))[0])


def test_nothing_that_tells_schools_apart_gives_no_neighbours() -> None:
    places, distances = nearest(np.array([[3.0], [3.0]]), 2)
    assert places.tolist() == [[-1, -1], [-1, -1]]
    assert np.isnan(distances).all()


def test_school_with_less_than_half_published_is_compared_with_nobody() -> None:
    rows = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 3.0], [NAN, NAN, 2.0], [3.0, 4.0, NAN]])
    places, _ = nearest(rows, 3)
    assert [sorted(int(each) for each in row if each >= 0) for row in places] == [[1, 3], [0, 3], [], [0, 1]]


def population(**columns: list[float]) -> dict[str, Any]:
    return {key: np.array(column) for key, column in columns.items()}


def test_invented_school_is_compared_and_is_nobodys_neighbour() -> None:
    found = similar_schools(
        ["100003", "900001", "100001", "100002"], np.array(["Primary"] * 4), population(pupils_on_roll=[100.0, 200.0, 200.0, 400.0]),
        np.array([True, False, True, True]), n=2, variables=[SIZE],
    )  # fmt: skip
    assert found.indices.tolist() == [[2, 3], [2, 0], [0, 3], [2, 0]]
    assert found.bases["Primary"].schools == 3


def test_invented_school_moves_no_scale() -> None:
    counts = np.array([True, True, True, False])
    before = similar_schools(["1", "2", "3"], np.array(["Primary"] * 3), population(pupils_on_roll=[1.0, 2.0, 4.0]), counts[:3], n=1,
                             variables=[SIZE])  # fmt: skip
    after = similar_schools(["1", "2", "3", "9"], np.array(["Primary"] * 4), population(pupils_on_roll=[1.0, 2.0, 4.0, 9e5]), counts, n=1,
                            variables=[SIZE])  # fmt: skip
    assert after.bases == before.bases
    assert after.distances[:3].tolist() == before.distances.tolist()


def test_schools_of_another_phase_are_never_compared() -> None:
    found = similar_schools(
        ["1", "2", "3", "4", "5"], np.array(["Primary", "Secondary", "Primary", "Secondary", ""]),
        population(pupils_on_roll=[1.0, 1.0, 5.0, 9.0, 1.0]), np.ones(5, dtype=bool), n=3, variables=[SIZE],
    )  # fmt: skip
    assert found.indices.tolist() == [[2, -1, -1], [3, -1, -1], [0, -1, -1], [1, -1, -1], [-1, -1, -1]]
    assert sorted(found.bases) == ["Primary", "Secondary"]


def test_order_of_the_population_changes_nothing() -> None:
    urns = [f"10{n:02}" for n in range(40)]
    sizes = [float((n * 37) % 11) for n in range(40)]
    whole = similar_schools(urns, np.array(["Primary"] * 40), population(pupils_on_roll=sizes), np.ones(40, dtype=bool), n=6,
                            variables=[SIZE])  # fmt: skip
    turned = similar_schools(urns[::-1], np.array(["Primary"] * 40), population(pupils_on_roll=sizes[::-1]), np.ones(40, dtype=bool), n=6,
                             variables=[SIZE])  # fmt: skip
    named = {urns[row]: [urns[each] for each in whole.indices[row]] for row in range(40)}
    assert {urns[::-1][row]: [urns[::-1][each] for each in turned.indices[row]] for row in range(40)} == named


def test_variable_published_for_few_is_left_out_and_said() -> None:
    found = similar_schools(
        ["1", "2", "3"], np.array(["Primary"] * 3), population(pupils_on_roll=[1.0, 2.0, 4.0], eal_percent=[5.0, NAN, NAN]),
        np.ones(3, dtype=bool), n=1, variables=[SIZE, EAL, similar.VARIABLES[0]],
    )  # fmt: skip
    basis = found.bases["Primary"]
    assert [axis.key for axis in basis.axes] == ["size"]
    assert basis.left_out == (
        ("eal", "published for 1 of 3 schools of this phase only"),
        ("prior_attainment", "not published of late for schools of this phase, or not loaded"),
    )


def test_missing_figures_are_counted_for_the_page() -> None:
    found = similar_schools(
        ["1", "2", "3"], np.array(["Primary"] * 3), population(pupils_on_roll=[1.0, 2.0, NAN], eal_percent=[5.0, 6.0, 8.0]),
        np.ones(3, dtype=bool), n=2, variables=[SIZE, EAL],
    )  # fmt: skip
    assert [(axis.key, axis.missing) for axis in found.bases["Primary"].axes] == [("size", 1), ("eal", 0)]


def test_sizes_are_compared_by_ratio() -> None:
    sizes = np.array([30.0, 60.0, 300.0, 600.0, 0.0])
    lain = similar.as_axis(sizes, ratio=True)
    assert lain[1] - lain[0] == pytest.approx(lain[3] - lain[2])
    assert math.isnan(lain[4])


def test_parts_say_how_far_apart_two_schools_lie_on_each_axis() -> None:
    axes = [similar.Axis("size", "pupils_on_roll", 2, 100.0, 50.0, 0), similar.Axis("eal", "eal_percent", 1, 10.0, 5.0, 0)]
    assert parts([100, 10], [150, None], axes) == [1.0, None]
    assert parts([100, 10], [1_000, 5], axes) == [4.0, 1.0]


def test_no_variable_is_about_results_ethnicity_or_religion() -> None:
    keys = {key for variable in similar.VARIABLES for key in variable.measures}
    assert keys == {
        "ks4_prior_scaled_score", "pupils_on_roll", "fsm_ever6_percent", "fsm_eligible_percent", "eal_percent", "sen_support_percent",
        "ehcp_percent", "ks4_non_mobile_percent", "ks2_non_mobile_percent", "imd_rank",
    }  # fmt: skip


def england(schools: int) -> tuple[list[str], Any, Any, dict[str, Any]]:
    sizes = [float(100 + 7 * n) for n in range(schools)]
    regions = ["North" if n % 3 else "South" for n in range(schools)]
    return [f"1{n:04}" for n in range(schools)], np.array(["Primary"] * schools), np.array(regions), population(pupils_on_roll=sizes)


def test_dfe_set_takes_its_own_region_first_from_the_sixty_nearest() -> None:
    urns, phases, regions, figures = england(200)
    found = similar_dfe(urns, phases, regions, figures, np.ones(200, dtype=bool))
    own = found.indices[99].tolist()
    nearby = sorted((other for other in range(200) if other != 99), key=lambda other: (abs(other - 99), other))[: 2 * SET - 1]
    south = [other for other in nearby if regions[other] == "South"]
    assert own == (south + [other for other in nearby if regions[other] == "North"])[: SET - 1]


def test_dfe_set_holds_no_school_twice_nor_the_school_itself() -> None:
    urns, phases, regions, figures = england(90)
    found = similar_dfe(urns, phases, regions, figures, np.ones(90, dtype=bool))
    assert all(len(set(row.tolist()) - {place}) == SET - 1 for place, row in enumerate(found.indices))


def test_dfe_distance_is_over_the_range_of_the_phase() -> None:
    figures = population(
        pupils_on_roll=[100.0, 200.0, 300.0], fsm_eligible_percent=[0.0, 50.0, NAN], sen_support_percent=[10.0, 10.0, 14.0],
        ehcp_percent=[0.0, 2.0, 2.0],
    )  # fmt: skip
    found = similar_dfe(["1", "2", "3"], np.array(["Primary"] * 3), np.array(["", "", ""]), figures, np.ones(3, dtype=bool))
    first = math.sqrt(0.5 * (100 / 200) ** 2 + 0.4 * (50 / 50) ** 2 + 0.1 * (2 / 6) ** 2)
    second = math.sqrt(0.5 * (200 / 200) ** 2 + 0.4 * (25 / 50) ** 2 + 0.1 * (6 / 6) ** 2)
    assert found.indices[0][:3].tolist() == [2, 1, -1] if second < first else [1, 2, -1]
    assert sorted(found.distances[0][:2].tolist()) == pytest.approx(sorted([first, second]))


def test_dfe_special_schools_go_by_pupils_and_free_meals_alone() -> None:
    figures = population(pupils_on_roll=[10.0, 20.0, 40.0], sen_support_percent=[1.0, 2.0, 3.0], ehcp_percent=[1.0, 1.0, 1.0])
    found = similar_dfe(["1", "2", "3"], np.array(["Special"] * 3), np.array(["", "", ""]), figures, np.ones(3, dtype=bool))
    assert [(axis.key, axis.weight) for axis in found.bases["Special"].axes] == [("pupils", 0.6)]
    assert found.bases["Special"].left_out == (("fsm", "not published for schools of this phase, or the same for all"),)
    assert found.indices[0][:3].tolist() == [1, 2, -1]


def test_dfe_with_nothing_published_has_no_sets() -> None:
    found = similar_dfe(["1", "2"], np.array(["Primary"] * 2), np.array(["", ""]), {}, np.ones(2, dtype=bool))
    assert (found.indices == -1).all()


def test_nobody_is_compared_where_too_little_is_published_of_everybody() -> None:
    rows = np.array([[1.0, NAN, NAN], [2.0, NAN, NAN], [NAN, 1.0, NAN], [NAN, 2.0, NAN], [NAN, NAN, 1.0], [NAN, NAN, 2.0]])
    places, _ = nearest(rows, 2)
    assert (places == -1).all()


def test_variable_that_is_the_same_for_all_is_left_out_and_said() -> None:
    found = similar_schools(
        ["1", "2", "3"], np.array(["Primary"] * 3), population(pupils_on_roll=[1.0, 2.0, 4.0], eal_percent=[5.0, 5.0, 5.0]),
        np.ones(3, dtype=bool), n=1, variables=[SIZE, EAL],
    )  # fmt: skip
    assert found.bases["Primary"].left_out == (("eal", "the same for all schools of this phase"),)
