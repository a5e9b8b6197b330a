"""An area's outline, its schools on the map, and its published figures."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from shapely.geometry import shape

from convenor.registers.actions import load
from convenor.registers.models import AreaMeasure, AreaReading, LocalAuthority, SmallArea, StatisticalNeighbour
from convenor.registers.queries import areas
from tests.factories.registers import authority, edition, school

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def boundaries(data: Path) -> str:
    """Squares for Cumbria and Barnsley, with the districts of Cumbria."""
    (report,) = load(files=[data / "geography" / "boundaries_2022_made_by_hand.json"], by="the operator", at=AT)
    assert (report.status, report.rows_read, report.rows_loaded) == ("loaded", 10, 10)
    return report.edition


def test_outline_of_a_live_authority_is_dissolved_from_its_districts_and_says_so(boundaries: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        outline = areas.boundary(areas.area("Cumberland", viewer=None), viewer=None)
    assert outline is not None
    assert (outline.layer, outline.name, outline.edition) == ("dissolved", "Cumberland", boundaries)
    assert outline.note == "drawn by us from the districts it was made of: Allerdale, Carlisle and Copeland"
    assert round(shape(outline.geometry).area, 6) == 0.03


def test_outline_of_an_abolished_authority_is_its_own(boundaries: str) -> None:
    outline = areas.boundary(areas.area("Cumbria", viewer=None), viewer=None)
    assert outline is not None
    assert (outline.layer, outline.code, outline.note) == ("UTLA", "E10000006", "")


def test_outline_under_an_earlier_code_says_so(boundaries: str) -> None:
    outline = areas.boundary(areas.area("Barnsley", viewer=None), viewer=None)
    assert outline is not None
    assert outline.note == "drawn as it was under its earlier code E08000016; its border has changed a little since"


@pytest.mark.parametrize(("area", "layer"), [("North West", "RGN"), ("England", "CTRY")])
def test_outline_of_region_and_england(boundaries: str, area: str, layer: str) -> None:
    outline = areas.boundary(areas.area(area, viewer=None), viewer=None)
    assert outline is not None
    assert (outline.layer, outline.name) == (layer, area)


def test_area_that_no_edition_draws_has_no_outline(boundaries: str) -> None:
    assert areas.boundary(areas.area("Wigan", viewer=None), viewer=None) is None


def test_map_holds_open_schools_once_and_never_a_fictitious_one(django_assert_num_queries) -> None:
    inside = SimpleNamespace(partnership=SimpleNamespace(demonstration=True))
    placed = school("Abbey School", easting=358_000, northing=405_600, described_by={"identity": "a", "place": "b"})
    unplaced = school("Bridge School")
    school("Closed School", status="closed", easting=358_000, northing=405_600)
    school("Elsewhere School", area=authority("916", "Gloucestershire", "South West"), easting=383_000, northing=218_000)
    school("Fernhollow Primary School", fictitious=True, easting=358_100, northing=405_700)
    with django_assert_num_queries(1):
        found = areas.schools_on_map(areas.area("Wigan", viewer=inside), viewer=inside)
    assert [each.urn for each in found.placed] == [placed.urn]
    assert [each.urn for each in found.unplaced] == [unplaced.urn]
    assert (found.total, found.editions) == (2, ("b",))
    assert (found.unplaced[0].longitude, found.unplaced[0].latitude) == (None, None)


def test_map_of_an_abolished_authority_holds_its_successors_schools() -> None:
    school("North School", area=authority("942", "Cumberland"))
    school("South School", area=authority("943", "Westmorland and Furness"))
    assert areas.schools_on_map(areas.area("Cumbria", viewer=None), viewer=None).total == 2


def test_published_figures_come_with_their_words_marks_and_edition(data: Path, django_assert_num_queries) -> None:
    files = [data / "area_tool" / "bds_long_0.parquet", data / "area_tool" / "lait_data_dictionary.csv"]
    tool, _ = load(files=files, by="the operator", at=AT)
    with django_assert_num_queries(2):
        found = areas.published(areas.area("359", viewer=None), ["PriFSM"], viewer=None)
    assert [(each.period, each.value, each.mark, each.edition) for each in found] == [
        ("2018", 14.7, "", tool.edition), ("2023", 27.7, "", tool.edition),
    ]  # fmt: skip
    assert found[0].name == "Primary Free School Meals"
    assert areas.published(areas.area("359", viewer=None), ["Unknown"], viewer=None) == []


def test_newest_edition_of_a_published_figure_speaks() -> None:
    for key, day, value in (("new", date(2025, 1, 1), 2.0), ("old", date(2024, 1, 1), 1.0)):
        told = edition(key, as_at=day)
        AreaReading.objects.create(edition=told, area_kind="authority", area_code="359", measure="m", period="2023", value=value)
    (figure,) = areas.published(areas.area("359", viewer=None), ["m"], viewer=None)
    assert (figure.value, figure.name, figure.edition) == (2.0, "m", "new")


def test_every_list_of_areas_loads_and_loads_once(data: Path) -> None:
    names = [
        "geography/las.csv", "geography/region_la_hierarchy.csv", "geography/la_and_region_codes_meta_2018-19.csv",
        "geography/2022-2023_la_and_region_codes_meta.csv", "geography/ward_lad_la_pcon_hierarchy.csv",
        "geography/File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx", "area_tool/la_code_list.xlsx", "area_tool/sn_may_2025.xlsx",
        "area_tool/bds_long_0.parquet", "area_tool/lait_data_dictionary.csv", "area_tool/exclusions_by_reason_2016-17.csv",
    ]  # fmt: skip
    reports = load(files=[data / name for name in names], by="the operator", at=AT)
    assert [report.status for report in reports] == ["loaded"] * len(names)
    assert [r.rows_read - r.rows_loaded - r.rows_refused - r.rows_aggregate for r in reports] == [0] * len(names)
    counts = [model.objects.count() for model in (LocalAuthority, StatisticalNeighbour, SmallArea, AreaMeasure, AreaReading)]
    again = load(files=[data / name for name in names], by="the operator", at=AT)
    assert [report.already_loaded for report in again] == [True] * len(names)
    assert [model.objects.count() for model in (LocalAuthority, StatisticalNeighbour, SmallArea, AreaMeasure, AreaReading)] == counts
