"""Reading the registers column by column: who is open, which edition is believed, what a predecessor brings, each inspection once."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from convenor.registers.models import SmallArea
from convenor.registers.queries import columns
from convenor.registers.queries.loaded import standing_keys
from convenor.registers.rules.columns import ABSENT, MARKS, TOLD, mark_number
from tests.factories.registers import LOADED_AT, edition, inspection, link, reading, school

pytestmark = pytest.mark.django_db
ON = date(2024, 1, 1)


def listed() -> columns.Schools:
    return columns.schools(viewer=None, on=ON)


def figures(measure: str = "ks2_rwm_expected", since: str = "") -> dict[tuple[str, str], columns.Column]:
    return columns.figures(listed(), [measure], columns.editions(viewer=None), viewer=None, since=since)


def test_editions_that_stand_come_in_the_order_of_loading() -> None:
    early, late = edition("late-day", as_at=date(2024, 8, 31)), edition("early-day", as_at=date(2019, 8, 31), family="fictitious")
    edition("gone", withdrawn_at=LOADED_AT)
    assert [(each.key, each.fictitious) for each in columns.editions(viewer=None)] == [("late-day", False), ("early-day", True)]
    assert [each.number for each in columns.editions(viewer=None, at=ON)] == [late.pk]
    assert standing_keys(viewer=None) == {early.key, late.key}


@pytest.mark.parametrize(
    ("facts", "there"),
    [
        ({"status": "open"}, True),
        ({"status": "open", "opened_on": date(2024, 9, 1)}, False),
        ({"status": "closed", "closed_on": date(2025, 1, 1)}, True),
        ({"status": "closed", "closed_on": date(2023, 1, 1)}, False),
        ({"status": "closed"}, False),
        ({"status": "proposed to close"}, True),
        ({"status": "open", "type_group": "independent"}, False),
    ],
)
def test_schools_are_those_open_on_the_day(facts: dict[str, object], there: bool) -> None:
    school(urn="100001", **facts)
    assert listed().urns == (["100001"] if there else [])


def test_schools_stand_side_by_side() -> None:
    SmallArea.objects.create(edition=edition(), lsoa_code="E01000001", imd_rank=12, imd_decile=1)
    school("Beech", urn="100002", lsoa_code="E01000001", low_age=7, high_age=11)
    school("Ash", urn="100001", fictitious=True, low_age=3, high_age=19)
    school("Elm", urn="100003", low_age=None, high_age=None)
    found = listed()
    assert (found.urns, found.names, found.counts.tolist(), len(found)) == (
        ["100001", "100002", "100003"], ["Ash", "Beech", "Elm"], [False, True, True], 3,
    )  # fmt: skip
    assert (found.year_groups[:2].tolist(), math.isnan(found.year_groups[2]), found.imd_rank[1]) == ([12.0, 4.0], True, 12.0)


def test_better_edition_wins_and_silence_never_hides_a_figure() -> None:
    one = school(urn="100001")
    final, copy, blank = edition(family="ks2-final"), edition(family="ks2-names", as_at=date(2026, 1, 1)), edition(family="ks2-final")
    reading(one, copy, "ks2_rwm_expected", "2022-23", 70.0, cohort=20)
    reading(one, final, "ks2_rwm_expected", "2022-23", 60.0, cohort=30, low=50.0, high=70.0)
    reading(one, blank, "ks2_rwm_expected", "2022-23", None, mark="blank")
    column = figures()["ks2_rwm_expected", "2022-23"]
    assert (column.value[0], column.cohort[0], column.low[0], column.high[0], column.edition[0]) == (60.0, 30.0, 50.0, 70.0, final.pk)


def test_mark_hides_an_older_figure_and_its_interval() -> None:
    one = school(urn="100001")
    reading(one, edition(family="ks2-names"), "ks2_rwm_expected", "2022-23", 70.0)
    told_by = edition(family="ks2-final")
    reading(one, told_by, "ks2_rwm_expected", "2022-23", None, mark="suppressed", low=1.0, high=2.0)
    column = figures()["ks2_rwm_expected", "2022-23"]
    assert (MARKS[column.mark[0]], math.isnan(column.value[0]), math.isnan(column.low[0]), column.edition[0]) == (
        "suppressed", True, True, told_by.pk,
    )  # fmt: skip


def test_figures_before_a_year_and_of_unknown_schools_are_left_out() -> None:
    one, told_by = school(urn="100001"), edition()
    reading(one, told_by, "ks2_rwm_expected", "2018-19", 50.0)
    reading(one, told_by, "ks2_rwm_expected", "2022-23", 60.0)
    reading(school(urn="100009", status="closed"), told_by, "ks2_rwm_expected", "2022-23", 1.0)
    assert list(figures(since="2019-20")) == [("ks2_rwm_expected", "2022-23")]
    assert (figures("absence_overall"), columns.figures(listed(), [], [], viewer=None)) == ({}, {})


def test_school_of_which_no_edition_tells_is_absent() -> None:
    one = school(urn="100001")
    school(urn="100002")
    reading(one, edition(), "ks2_rwm_expected", "2022-23", 60.0)
    column = figures()["ks2_rwm_expected", "2022-23"]
    assert (column.mark.tolist(), column.edition[1]) == ([TOLD, ABSENT], -1)


def test_predecessors_stand_for_years_without_a_figure_of_ones_own() -> None:
    told_by, new = edition(), school(urn="100003")
    middle, oldest = school(urn="100002", status="closed"), school(urn="100001", status="closed")
    link(new.urn, "Predecessor", middle.urn, told_by)
    link(oldest.urn, "Successor", middle.urn, told_by)
    for each, period, value in ((oldest, "2015-16", 40.0), (middle, "2015-16", 41.0), (oldest, "2014-15", 39.0), (new, "2022-23", 60.0)):
        reading(each, told_by, "ks2_rwm_expected", period, value)
    reading(middle, told_by, "ks2_rwm_expected", "2022-23", 99.0)
    assert listed().predecessors == {"100002": (0, 1), "100001": (0, 2)}
    assert {period: float(column.value[0]) for (_, period), column in figures().items()} == {
        "2014-15": 39.0,
        "2015-16": 41.0,
        "2022-23": 60.0,
    }


@pytest.mark.parametrize(
    "links",
    [
        [("100003", "Predecessor", "100001"), ("100003", "Predecessor", "100002")],  # merged
        [("100001", "Successor", "100003"), ("100001", "Successor", "100004")],  # split
        [("100003", "Sixth form centre", "100001")],
        [("100003", "Predecessor", "100003")],
    ],
)
def test_only_plain_conversions_carry_figures(links: list[tuple[str, str, str]]) -> None:
    told_by = edition()
    for urn in ("100001", "100002"):
        school(urn=urn, status="closed")
    for urn in ("100003", "100004"):
        school(urn=urn)
    for urn, kind, linked in links:
        link(urn, kind, linked, told_by)
    assert listed().predecessors == {}


def test_schools_in_a_circle_are_told_apart() -> None:
    told_by = edition()
    for urn in ("100001", "100002"):
        school(urn=urn)
    link("100001", "Predecessor", "100002", told_by)
    link("100002", "Predecessor", "100001", told_by)
    assert listed().predecessors == {}


def test_inspections_are_told_once_newest_first() -> None:
    one = school(urn="100001")
    old, new = edition(as_at=date(2024, 8, 31)), edition(as_at=date(2025, 8, 31))
    inspection(one, old, overall="3", started_on=date(2019, 3, 5))
    inspection(one, new, overall="2", started_on=date(2019, 3, 5), judgements={"quality_of_education": "2"})
    inspection(one, new, overall="1", started_on=date(2023, 3, 5))
    inspection(one, new, overall="4", started_on=None)
    inspection(school(urn="100002"), new)
    found = columns.inspections(["100001"], columns.editions(viewer=None), viewer=None)
    assert [(each.overall, each.started_on, dict(each.judgements)) for each in found["100001"]] == [
        ("1", date(2023, 3, 5), {}), ("2", date(2019, 3, 5), {"quality_of_education": "2"}),
    ]  # fmt: skip
    assert list(found) == ["100001"]
    earlier = columns.inspections(["100001"], columns.editions(viewer=None), viewer=None, on=date(2020, 1, 1))
    assert [each.overall for each in earlier["100001"]] == ["2"]


def test_mark_that_nobody_knows_is_unknown() -> None:
    assert [MARKS[mark_number(*each)] for each in (("suppressed", None), ("", None), ("odd", None), ("suppressed", 3.0))] == [
        "suppressed", "unknown", "unknown", "",
    ]  # fmt: skip
    assert np.isnan(figures().get(("x", "y"), columns.empty(1)).value).all()
