"""Who reviews whom, drawn: every way once, nothing outside the frame, and the same said in words."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules.pictures import CELL, GRID_MOST, HEADS_MOST, MARGIN, NAMES, WIDTH, Visit, grids, map_of

PLACES = {"1": (400_000.0, 200_000.0), "2": (410_000.0, 200_000.0), "3": (400_000.0, 206_000.0), "r9": (404_000.0, 203_000.0)}
SAID = {"1": "Ash", "2": "Beech", "3": "A school with a name that is longer than fits", "r9": "Una Fell (independent)"}


def test_the_map_draws_each_way_and_place_once() -> None:
    drawn = map_of([Visit("1", "2", True), Visit("3", "2", False), Visit("r9", "2", False), Visit("2", "1", True)], PLACES, SAID)
    assert drawn is not None
    assert [(line.says, line.leads) for line in drawn.lines] == [
        ("A school with a name that is longer than fits to Beech", False), ("Una Fell (independent) to Beech", False),
        ("Ash to Beech", True), ("Beech to Ash", True),
    ]  # fmt: skip
    assert sorted((dot.kind, dot.label, dot.left) for dot in drawn.dots) == [
        ("host", "Ash", False), ("host", "Beech", True), ("person", "Una Fell (independent)", False),
        ("sender", "A school with a name th…", False),
    ]  # fmt: skip
    assert (drawn.bar_km, drawn.heads) == (2.0, True)
    assert drawn.says == "4 people go to 2 hosts: half of them 10 km or less in a straight line, the farthest 12 km."


def test_ways_there_and_back_do_not_lie_on_one_another() -> None:
    drawn = map_of([Visit("1", "2", True), Visit("2", "1", True)], PLACES, SAID)
    assert drawn is not None
    bends = [float(re.findall(r"Q[\d.-]+ ([\d.-]+)", line.path)[0]) for line in drawn.lines]
    middle = drawn.height / 2
    assert (min(bends) < middle, max(bends) > middle) == (True, True)


def test_north_is_up() -> None:
    drawn = map_of([Visit("1", "3", True)], PLACES, SAID)
    assert drawn is not None
    at = {dot.name: dot.y for dot in drawn.dots}
    assert at[SAID["3"]] < at["Ash"]


def test_ways_without_a_place_are_counted() -> None:
    drawn = map_of([Visit("1", "2", True), Visit("4", "2", False)], PLACES, SAID)
    assert drawn is not None
    assert drawn.says == (
        "1 person goes to 1 host: half of them 10 km or less in a straight line, the farthest 10 km. "
        "1 more could not be drawn: no place is known."
    )
    assert map_of([Visit("4", "5", True)], PLACES, SAID) is None
    assert map_of([], PLACES, SAID) is None


def test_two_places_on_one_spot_are_drawn() -> None:
    drawn = map_of([Visit("1", "2", True)], {"1": (400_000.0, 200_000.0), "2": (400_000.0, 200_000.0)}, SAID)
    assert drawn is not None
    assert (len(drawn.dots), drawn.lines[0].path[0]) == (2, "M")


def test_many_ways_have_no_heads_and_many_places_no_names() -> None:
    places = {str(n): (400_000.0 + 1_000 * n, 200_000.0 + 700 * (n % 7)) for n in range(HEADS_MOST + 2)}
    drawn = map_of([Visit(str(n), str(n + 1), False) for n in range(HEADS_MOST + 1)], places, {})
    assert drawn is not None
    assert (drawn.heads, {dot.label for dot in drawn.dots}) == (False, {""})


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.tuples(st.integers(0, 700_000), st.integers(0, 1_300_000)), min_size=2), st.data())
def test_nothing_is_drawn_outside_the_frame(places: dict[str, tuple[int, int]], data: st.DataObject) -> None:
    keys = st.sampled_from(sorted(places))
    ways = data.draw(st.lists(st.tuples(keys, keys).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=9))
    drawn = map_of([Visit(a, b, False) for a, b in ways], {key: (float(x), float(y)) for key, (x, y) in places.items()}, {})
    assert drawn is not None
    assert [
        dot for dot in drawn.dots if not (MARGIN - 1 <= dot.x <= WIDTH - MARGIN + 1 and MARGIN - 1 <= dot.y <= drawn.height - MARGIN + 1)
    ] == []
    assert len(drawn.lines) == len(ways)
    assert drawn.bar < WIDTH / 2


def test_a_grid_has_hosts_down_and_senders_across() -> None:
    (grid,) = grids({"North": [Visit("1", "2", True), Visit("3", "2", False), Visit("r9", "1", True)]}, SAID, {})
    assert [head.text for head in grid.rows] == ["1  A school with a name that is lo…", "2  Ash", "3  Beech", "4  Una Fell (independent)"]
    assert [head.text for head in grid.columns] == ["1", "2", "3", "4"]
    column = {round((cell.x - NAMES) / CELL - 0.5) + 1: cell.says for cell in grid.cells}
    assert column == {
        2: "Ash leads at Beech",
        1: "A school with a name that is longer than fits goes to Beech",
        4: "Una Fell (independent) leads at Ash",
    }
    assert (len(grid.own), grid.counts) == (4, False)
    assert grid.says == "North: 2 hosts, 3 places on teams, filled from 3 schools."


def test_a_large_group_is_drawn_by_cluster_with_counts() -> None:
    ways = [Visit(str(n), str(n + 1), False) for n in range(GRID_MOST)] + [Visit("r1", "0", True)]
    cluster_of = {str(n): "North" if n < 9 else "South" for n in range(GRID_MOST + 1)}
    (grid,) = grids({"All teams": ways, "None": []}, {}, cluster_of)
    assert [head.text for head in grid.rows] == ["1  North", "2  South", "3  independent"]
    assert [(cell.count, cell.says) for cell in grid.cells] == [
        (8, "8 from North to North"), (1, "1 from North to South"), (7, "7 from South to South"), (1, "1 from independent to North"),
    ]  # fmt: skip
    assert grid.says == "All teams: of 17 places on teams 15 are filled from the host's own cluster."
