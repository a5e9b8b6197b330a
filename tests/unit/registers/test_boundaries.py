"""Outlines: from TopoJSON to GeoJSON, and authorities drawn from their districts."""

from typing import Any

import pytest
from shapely.geometry import shape

from convenor.registers.rules.boundaries import BrokenTopologyError, arcs_of, dissolve, made_since, outlines

#: Three unit squares in a row; the shared borders stand once. Written by hand.
TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [-3.0, 54.0]},
    "arcs": [
        [[2, 0], [0, 2]],  # border of the first and the second
        [[2, 2], [-2, 0], [0, -2], [2, 0]],  # round the first
        [[4, 0], [0, 2]],  # border of the second and the third
        [[2, 0], [2, 0]],
        [[4, 2], [-2, 0]],
        [[4, 2], [2, 0], [0, -2], [-2, 0]],
    ],
    "objects": {
        "LTLA": {
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"AREACD": "E07000026", "AREANM": "Allerdale"}},
                {"type": "Polygon", "arcs": [[3, 2, 4, -1]], "properties": {"AREACD": "E07000028", "AREANM": "Carlisle"}},
                {"type": "MultiPolygon", "arcs": [[[2, 5]]], "properties": {"AREACD": "E07000029", "AREANM": "Copeland"}},
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"AREACD": "S12000033", "AREANM": "Aberdeen City"}},
            ]
        }
    },
}


def test_arcs_are_walked_step_by_step_into_degrees() -> None:
    assert arcs_of(TOPOLOGY)[1] == [(-2.0, 55.0), (-3.0, 55.0), (-3.0, 54.0), (-2.0, 54.0)]


def test_arcs_without_steps_are_taken_as_they_stand() -> None:
    assert arcs_of({"arcs": [[[1.5, 2.5], [3.5, 4.5]]]}) == [[(1.5, 2.5), (3.5, 4.5)]]


def test_outlines_are_the_english_ones_in_closed_rings() -> None:
    found = outlines(TOPOLOGY, "LTLA", arcs_of(TOPOLOGY))
    assert [each.name for each in found] == ["Allerdale", "Carlisle", "Copeland"]
    assert [shape(each.geometry).area for each in found] == [1.0, 1.0, 1.0]
    assert found[0].geometry["coordinates"][0][0] == found[0].geometry["coordinates"][0][-1]


def test_dissolving_loses_inner_borders_and_no_land() -> None:
    whole = shape(dissolve(each.geometry for each in outlines(TOPOLOGY, "LTLA", arcs_of(TOPOLOGY))))
    assert (whole.geom_type, whole.area, len(whole.interiors)) == ("Polygon", 3.0, 0)
    assert whole.bounds == (-3.0, 54.0, 0.0, 55.0)


def test_authority_made_since_is_drawn_from_its_districts_and_says_so() -> None:
    districts = {each.code: each for each in outlines(TOPOLOGY, "LTLA", arcs_of(TOPOLOGY))}
    (made,) = made_since(districts, drawn=["E10000006"])
    assert (made.layer, made.code, made.name) == ("dissolved", "E06000063", "Cumberland")
    assert made.note == "drawn by us from the districts it was made of: Allerdale, Carlisle and Copeland"


def test_authority_that_is_drawn_already_is_not_made_again() -> None:
    districts = {each.code: each for each in outlines(TOPOLOGY, "LTLA", arcs_of(TOPOLOGY))}
    assert made_since(districts, drawn=["E06000063"]) == []


def test_authority_of_which_a_district_is_missing_is_left_out() -> None:
    districts = {each.code: each for each in outlines(TOPOLOGY, "LTLA", arcs_of(TOPOLOGY)) if each.name != "Carlisle"}
    assert made_since(districts, drawn=[]) == []


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"arcs": [[1, 2]]},
        {"arcs": 3},
    ],
)
def test_borders_that_cannot_be_read_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(BrokenTopologyError, match="borders"):
        arcs_of(broken)


@pytest.mark.parametrize(
    "shape_",
    [
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "arcs": [[99]]},
        {"type": "Polygon"},
    ],
)
def test_shapes_that_are_no_area_are_refused(shape_: dict[str, Any]) -> None:
    topology = {"objects": {"LTLA": {"geometries": [{**shape_, "properties": {"AREACD": "E1", "AREANM": "X"}}]}}}
    with pytest.raises(BrokenTopologyError):
        outlines(topology, "LTLA", [[(0.0, 0.0)]])


def test_layer_that_is_not_there_is_refused() -> None:
    with pytest.raises(BrokenTopologyError, match="UTLA"):
        outlines(TOPOLOGY, "UTLA", [])
