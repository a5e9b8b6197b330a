"""Files that name schools by name alone, or by LAESTAB alone."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from convenor.registers.sources import KnownSchool, Refused
from convenor.registers.sources.headcounts import bearer
from convenor.registers.sources.name_only import fold
from tests.unit.registers.opened import figure, take


def known(
    urn: str,
    name: str = "",
    *,
    area: str = "936",
    phase: str = "Primary",
    opened: date | None = None,
    closed: date | None = None,
    laestab: str = "",
) -> KnownSchool:
    return KnownSchool(urn, name, area, phase, "open", opened, closed, frozenset({laestab} - {""}))


def results(tmp_path: Path, *names: tuple[int, str]) -> Path:
    path = tmp_path / "ks2_2023-2024.json"
    rows = [
        {"name": name, "lea": lea, "rwm": 61.0, "hs": 8.0, "read": 105.0, "maths": 104.0, "gps": 105.0, "pe": 38.9} for lea, name in names
    ]
    path.write_text(json.dumps(rows))
    return path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Mary's C of E (VA) Primary School", "St Mary's Church of England Primary School"),
        ("Saint Joseph\u2019s RC Primary School", "St Joseph's Roman Catholic Primary School"),
        ("The Oaks & Elms School", "Oaks and Elms School"),
        ("Netherseal St Peter's CofE (C) Primary School", "Netherseal St Peter's Church of England Voluntary Controlled Primary School"),
    ],
)
def test_spellings_of_one_name_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_of_different_schools_stay_apart() -> None:
    assert len({fold(name) for name in ("St Mary's Infant School", "St Mary's Junior School", "St Marks Junior School")}) == 3


def test_name_that_fits_one_school_is_taken(tmp_path: Path) -> None:
    path = results(tmp_path, (936, "St. Anne's C of E Primary School"))
    taken = take(
        path,
        known=(known("100001", "St Anne's Church of England Primary School"), known("100002", "St Anne's CofE Primary School", area="850")),
    )
    assert taken.reading("100001", "ks2_rwm_expected") == figure(61)
    assert (taken.reading("100001", "ks2_reading_average"), taken.refusals) == (figure(105), [])


def test_name_of_two_schools_or_none_is_refused_by_name(tmp_path: Path) -> None:
    path = results(tmp_path, (936, "St Anne's School"), (936, "Nowhere School"), (936, "Hill School"))
    register = (known("100001", "St Anne's School"), known("100002", "St Annes School"), known("100003", "Hill School"))
    taken = take(path, known=register)
    assert [(each.row, each.field, each.reason) for each in taken.refusals] == [
        (2, "name", "'St Anne's School' is the name of 2 schools of authority 936: which one is meant cannot be known"),
        (3, "name", "no school of authority 936 in the register is called 'Nowhere School'"),
    ]
    assert {row["urn"] for row in taken.rows("reading")} == {"100003"}


def test_name_that_stands_twice_in_the_file_is_refused(tmp_path: Path) -> None:
    path = results(tmp_path, (936, "Hill School"), (936, "The Hill School"), (936, "Vale School"))
    taken = take(path, known=(known("100003", "Hill School"), known("100004", "Vale School")))
    assert [each.row for each in taken.refusals] == [2, 3]


def test_closed_namesake_and_namesake_of_another_phase_do_not_stand_in_the_way(tmp_path: Path) -> None:
    path = results(tmp_path, (936, "Hill School"))
    register = (
        known("100003", "Hill School", closed=date(2019, 8, 31)),
        known("100004", "Hill School", opened=date(2019, 9, 1)),
        known("100005", "Hill School", phase="Secondary"),
    )
    assert {row["urn"] for row in take(path, known=register).rows("reading")} == {"100004"}


def test_school_that_became_an_academy_during_the_year_is_listed_as_the_old_one(tmp_path: Path) -> None:
    path = results(tmp_path, (936, "Hill School"))
    register = (known("100003", "Hill School", closed=date(2023, 10, 1)), known("150001", "Hill School", opened=date(2023, 10, 1)))
    assert {row["urn"] for row in take(path, known=register).rows("reading")} == {"100003"}


def test_middle_school_is_found_though_the_register_calls_it_secondary(tmp_path: Path) -> None:
    path = results(tmp_path, (936, "Vale Middle School"))
    taken = take(path, known=(known("100006", "Vale Middle School", phase="Secondary"),))
    assert taken.reading("100006", "ks2_rwm_higher") == figure(8)


def test_names_without_a_register_are_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no register of schools is loaded"):
        take(results(tmp_path, (936, "Hill School")))


DAY = date(2012, 1, 19)


def test_number_is_given_to_the_school_that_bore_it_that_day() -> None:
    before, after = known("100001", closed=date(2012, 9, 1)), known("140001", opened=date(2012, 9, 1))
    assert (bearer([before, after], DAY), bearer([before, after], date(2013, 1, 17))) == (("100001", ""), ("140001", ""))


def test_number_whose_predecessor_is_not_in_the_register_goes_to_who_carries_it_on() -> None:
    assert bearer([known("140001", opened=date(2012, 9, 1))], DAY) == ("140001", "")


def test_number_of_closed_schools_or_of_several_is_refused() -> None:
    assert bearer([known("100001", closed=date(2010, 1, 1))], DAY) == ("", "the schools that bore this number had closed by 2012-01-19")
    assert bearer([known("1"), known("2")], DAY) == ("", "2 schools of the register bore this number on 2012-01-19")
    assert bearer([], DAY) == ("", "no school of the register bears or bore this number")


SCHOOLS = "year,level,region_code,old_la_code,laestab,school_type,num_schools,headcount"
AREAS = "year,level,region_code,old_la_code,school_type,characteristic_desc,characteristic,headcount"


def archive(tmp_path: Path) -> Path:
    """An archive in the publisher's form, with one row of each kind."""
    path = tmp_path / "schpupnum.zip"
    schools = [
        "201112,National,,,,Total,2,900", "201112,Region,E12000008,,,special,1,10",
        "201112,Local authority,E12000008,936,,state-funded primary,1,800",
        "201112,School,E12000008,936,9362001,state-funded primary,1,200", "201112,School,E12000008,936,9364050,state-funded primary,1,0",
        "201112,School,E12000008,936,9364050,state-funded secondary,1,507", "201112,School,E12000008,936,9367003,special,1,x",
        "201112,School,E12000008,936,9369999,special,1,40", "200607,School,NULL,0,0,dummy,1,0", "200607,Local authority,NULL,0,,dummy,1,0",
    ]  # fmt: skip
    areas = [
        "201617,LOCAL AUTHORITY,E12000008,936,Total,FSM_Eligible,FSM_Eligible,11000",
        "201617,LOCAL AUTHORITY,E12000008,936,special,Age,Age_5,12",
    ]
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("geoglevels.csv", "\n".join([SCHOOLS, *schools, ""]))
        packed.writestr("la.csv", "\n".join([AREAS, *areas, ""]))
    return path


REGISTER = (known("100001", laestab="9362001"), known("100002", laestab="9364050"), known("100003", laestab="9367003"))


def test_headcounts_find_their_schools_by_number(tmp_path: Path) -> None:
    taken = take(archive(tmp_path), known=REGISTER)
    assert (taken.family, taken.facts.title, taken.rows_read, taken.parsed.aggregate) == (
        "headcounts",
        "Pupil numbers, 2006-07 to 2011-12",
        12,
        5,
    )
    assert taken.reading("100001", "pupils_on_roll", "2011-12") == figure(200)
    assert taken.reading("100003", "pupils_on_roll", "2011-12") == figure(mark="suppressed")


def test_middle_school_that_stands_twice_is_taken_with_its_pupils(tmp_path: Path) -> None:
    taken = take(archive(tmp_path), known=REGISTER)
    assert taken.reading("100002", "pupils_on_roll", "2011-12") == figure(507)


def test_every_headcount_that_fits_nobody_is_refused_by_row(tmp_path: Path) -> None:
    taken = take(archive(tmp_path), known=REGISTER)
    assert [(each.row, each.reason) for each in taken.refusals] == [
        (6, "9364050 stands more than once in this year, and its other row counts its pupils"),
        (9, "9369999: no school of the register bears or bore this number"),
        (10, "'0' is not a LAESTAB"),
        (11, "'Local authority' row that names no area, no school year or no kind of school"),
    ]


def test_headcounts_of_areas_are_kept_by_kind_of_school(tmp_path: Path) -> None:
    taken = take(archive(tmp_path), known=REGISTER)
    assert taken.area("936", "pupils_on_roll.primary") == (800, "")
    assert (taken.area("E92000001", "pupils_on_roll"), taken.area("E12000008", "pupils_on_roll.special")) == ((900, ""), (10, ""))
    assert taken.area("936", "fsm_eligible_pupils") == (11000, "")


def test_headcounts_without_a_register_are_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no school of the register has one yet"):
        take(archive(tmp_path))
