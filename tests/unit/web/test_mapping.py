"""The drawn map: everything stands inside, and shapes tell phases apart."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from convenor.web import mapping

SQUARE = {"type": "Polygon", "coordinates": [[[-2.7, 53.4], [-2.4, 53.4], [-2.4, 53.6], [-2.7, 53.6], [-2.7, 53.4]]]}


@dataclass
class Stands:
    longitude: float | None
    latitude: float | None
    phase: str = "Primary"
    urn: str = "900001"
    name: str = "Fernhollow"


def test_draw_of_nothing_is_nothing() -> None:
    assert mapping.draw([], []) is None
    assert mapping.draw([], [Stands(None, None)]) is None


def test_draw_keeps_north_up_and_west_left() -> None:
    drawing = mapping.draw([SQUARE], [Stands(-2.65, 53.58), Stands(-2.45, 53.42, urn="900002")])
    assert drawing is not None
    north_west, south_east = drawing.marks
    assert north_west.x < south_east.x
    assert north_west.y < south_east.y


def test_draw_leaves_out_schools_without_coordinates() -> None:
    drawing = mapping.draw([SQUARE], [Stands(-2.5, 53.5), Stands(None, None, urn="900002")])
    assert drawing is not None
    assert [mark.urn for mark in drawing.marks] == ["900001"]


def test_draw_follows_every_ring_of_a_multipolygon() -> None:
    island = [[[-2.9, 53.4], [-2.8, 53.4], [-2.8, 53.5], [-2.9, 53.4]]]
    drawing = mapping.draw([{"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], island]}], [])
    assert drawing is not None
    assert drawing.outlines[0].count("M") == 2


@given(st.lists(st.tuples(st.floats(-6, 2), st.floats(50, 56)), min_size=1, max_size=30))
def test_draw_keeps_every_school_inside_its_frame(places: list[tuple[float, float]]) -> None:
    drawing = mapping.draw([], [Stands(x, y) for x, y in places])
    assert drawing is not None
    assert [mark for mark in drawing.marks if not (0 <= mark.x <= drawing.width and 0 <= mark.y <= drawing.height)] == []
    assert (drawing.width <= mapping.WIDTH + 0.1, drawing.height <= mapping.HEIGHT_MAXIMUM + 0.1) == (True, True)


def test_shapes_differ_between_phases() -> None:
    shapes = [mapping.shape_of(phase) for phase in [*mapping.SHAPES, "a phase to come"]]
    assert len(set(shapes)) == len(shapes)
    assert [shape for shape in shapes if shape not in mapping.PATHS] == []
