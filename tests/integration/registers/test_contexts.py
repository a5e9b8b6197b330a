"""The area's context from loading to reading: worked out when data arrive, read by key, the same at the shell."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.journal.models import Entry
from convenor.registers.actions import load, withdraw
from convenor.registers.actions.context import compute_contexts
from convenor.registers.models import AreaContext, AreaReading, SchoolRecord, StatisticalNeighbour
from convenor.registers.queries import areas
from tests.factories.areas import census_file, judged, listing, record
from tests.factories.registers import authority, edition, link, school

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 9, 2, 12, tzinfo=UTC)
DAY = date(2025, 8, 31)
WIGAN = areas.area("Wigan", viewer=None)


def said(**words: Any) -> dict[str, Any]:
    """What `convenor context` prints as JSON."""
    out = StringIO()
    call_command("context", words.pop("area", "Wigan"), "--json", stdout=out, **words)
    return json.loads(out.getvalue())


def test_context_counts_schools_academies_and_grades() -> None:
    mi = listing("mi", DAY, {"359": (8, 4)}, academies=3)
    judged(mi, "1122399", phase="Primary")
    judged(mi, "24", phase="Secondary")
    assert compute_contexts(by="the system", at=AT) == 1
    found = areas.context(WIGAN, viewer=None)
    assert found is not None
    figures = {key: (line["value"], line["numerator"], line["denominator"], line["not_judged"]) for key, line in found.indicators.items()}
    assert figures == {
        "nursery_schools": (1, 1, None, None),
        "primary_schools": (8, 8, None, None),
        "secondary_schools": (4, 4, None, None),
        "fsm_percent": (None, None, None, None),
        "primary_academies_percent": (37.5, 3, 8, None),
        "secondary_academies_percent": (75.0, 3, 4, None),
        "primary_good_or_outstanding_percent": (80.0, 4, 5, 3),
        "secondary_good_or_outstanding_percent": (50.0, 1, 2, 2),
        "teaching_schools_per_school": (None, None, None, None),
    }
    assert (found.as_at, found.kind, found.code, found.name) == (DAY, "authority", "359", "Wigan")


def test_closed_proposed_independent_and_fictitious_schools_never_count() -> None:
    mi = listing("mi", DAY, {"359": (5, 2)})
    invented = school(fictitious=True)
    SchoolRecord.objects.bulk_create(
        [
            record(mi, "359", "Primary", "Community School", status="closed"),
            record(mi, "359", "Primary", "Community School", status="proposed"),
            record(mi, "359", "Primary", "Community School", opened_on=date(2025, 9, 1)),
            record(mi, "359", "Primary", "Community School", closed_on=date(2025, 8, 31)),
            record(mi, "359", "Primary", "Other independent school"),
            record(mi, "359", "Primary", "Community School", urn=invented.urn),
            record(mi, "359", "Primary", "Community School", status="proposed to close"),
        ]
    )
    compute_contexts(by="the system", at=AT)
    assert said()["indicators"]["primary_schools"]["value"] == 6


def test_all_through_school_is_counted_as_a_secondary() -> None:
    mi = listing("mi", DAY, {"359": (5, 2)})
    record(mi, "359", "All-through", "Free School").save()
    compute_contexts(by="the system", at=AT)
    assert said()["indicators"]["secondary_schools"]["value"] == 3


def test_a_cut_of_a_list_without_nurseries_does_not_say_that_there_are_none() -> None:
    gias = edition(family="gias", as_at=DAY)
    SchoolRecord.objects.bulk_create([record(gias, "359", phase, "Community School") for phase in ("Primary",) * 6 + ("Secondary",) * 3])
    compute_contexts(by="the system", at=AT)
    nurseries = said()["indicators"]["nursery_schools"]
    assert (nurseries["value"], nurseries["mark"] != "") == (None, True)


def test_latest_graded_inspection_counts_and_an_earlier_or_ungraded_one_does_not() -> None:
    mi = listing("mi", DAY, {"359": (2, 1)})
    judged(mi, "34")
    first, second = SchoolRecord.objects.filter(edition=mi, phase="Primary").order_by("id")
    from convenor.registers.models import Inspection

    common = {"edition": mi, "vocabulary": "overall_effectiveness", "urn_at_inspection": "699999"}
    Inspection.objects.create(urn=first.urn, kind="graded", started_on=date(2024, 5, 1), overall="2", **common)
    Inspection.objects.create(urn=first.urn, kind="graded", started_on=None, overall="4", **common)
    Inspection.objects.create(urn=second.urn, kind="ungraded", started_on=date(2025, 5, 1), overall="", **common)
    Inspection.objects.create(urn=second.urn, kind="graded", started_on=date(2020, 5, 1), overall="1", **common)
    compute_contexts(by="the system", at=AT)
    line = said()["indicators"]["primary_good_or_outstanding_percent"]
    assert (line["numerator"], line["denominator"], line["not_judged"]) == (1, 2, 0)


def test_edition_that_names_no_authority_borrows_it_by_urn_from_the_nearest() -> None:
    spine = listing("spine", date(2018, 9, 30), {"359": (5, 2)})
    outcomes = edition("outcomes", family="ofsted-outcomes", as_at=date(2018, 7, 31))
    SchoolRecord.objects.bulk_create(
        record(outcomes, "", each.phase, "", urn=each.urn) for each in SchoolRecord.objects.filter(edition=spine)
    )
    record(outcomes, "", "Primary", "").save()
    judged(outcomes, "12349")
    compute_contexts(by="the system", at=AT)
    lines = said(as_at=date(2018, 8, 1))["indicators"]
    assert (lines["primary_schools"]["value"], lines["primary_schools"]["edition"]) == (5, "outcomes")
    assert (
        lines["primary_schools"]["note"] == "1 schools of the edition are counted nowhere: no loaded edition tells their authority or type."
    )
    assert (lines["primary_good_or_outstanding_percent"]["value"], lines["primary_academies_percent"]["value"]) == (50.0, 20.0)


def census_rows() -> list[tuple[str, str, str, str, str]]:
    return [
        ("110001", "359", "State-funded primary", "200", "50"),
        ("110002", "359", "State-funded secondary", "800", "150"),
        ("110003", "359", "Non-maintained special school", "50", "25"),
        ("110004", "359", "State-funded secondary", "100", "NA"),
        ("110005", "359", "Independent school", "500", "NA"),
        ("NAT", "", "State-funded primary", "4647851", "1115284"),
    ]


def test_free_meals_are_pupils_over_pupils_of_state_funded_schools(tmp_path: Path) -> None:
    (report,) = load(files=[census_file(tmp_path, census_rows())], by="the operator", at=AT)
    assert report.status == "loaded"
    line = said()["indicators"]["fsm_percent"]
    assert (line["value"], line["numerator"], line["denominator"], line["as_at"]) == (21.4, 225, 1050, "2023-01-19")
    assert (line["edition"], line["note"]) == (report.edition, "1 school is left out: the census gives no number of eligible pupils.")


def test_census_that_names_an_abolished_authority_is_counted_by_todays(tmp_path: Path) -> None:
    north, south = authority("942", "Cumberland"), authority("943", "Westmorland and Furness")
    for urn, area in (("110001", north), ("110002", north), ("110003", south)):
        school(urn=urn, area=area)
    school(urn="110009", area=south)
    link("110004", "Successor", "110009", edition("links"))
    rows = [(f"11000{n}", "909", "State-funded primary", "100", str(10 * n)) for n in (1, 2, 3, 4)]
    load(files=[census_file(tmp_path, rows)], by="the operator", at=AT)
    listing("mi", DAY, {"942": (2, 1), "943": (2, 1)})
    compute_contexts(by="the system", at=LATER)
    lines = {name: said(area=name)["indicators"]["fsm_percent"] for name in ("Cumberland", "Westmorland and Furness", "Cumbria")}
    assert {name: (line["numerator"], line["denominator"]) for name, line in lines.items()} == {
        "Cumberland": (30, 200), "Westmorland and Furness": (70, 200), "Cumbria": (100, 400),
    }  # fmt: skip
    assert lines["Cumberland"]["note"] == "The census names Cumbria: its schools are counted by the authority they are in now."
    assert lines["Cumbria"]["note"] == ""
    assert AreaContext.objects.filter(area_code="942", as_at__lt=date(2023, 4, 1)).count() == 0


def test_census_of_which_too_many_schools_cannot_be_told_stays_with_the_old_authority(tmp_path: Path) -> None:
    school(urn="110001", area=authority("942", "Cumberland"))
    rows = [(f"11000{n}", "909", "State-funded primary", "100", "10") for n in (1, 2)]
    load(files=[census_file(tmp_path, rows)], by="the operator", at=AT)
    assert said(area="Cumbria")["indicators"]["fsm_percent"]["denominator"] == 200
    with pytest.raises(CommandError):
        said(area="Cumberland")


def test_day_that_nothing_describes_any_more_goes() -> None:
    listing("cut", date(2024, 8, 31), {"359": (3, 1)})
    compute_contexts(by="the system", at=AT)
    assert areas.days(WIGAN, viewer=None) == [date(2024, 8, 31)]
    listing("whole", DAY, {"359": (20, 8)})
    compute_contexts(by="the system", at=LATER)
    assert areas.days(WIGAN, viewer=None) == [DAY]


def test_editions_that_come_and_go_leave_the_run_that_stands() -> None:
    from convenor.registers.models import Inspection

    mi = listing("mi", DAY, {"359": (5, 2)})
    judged(mi, "11111")
    compute_contexts(by="the system", at=AT)
    first = said()
    Inspection.objects.filter(edition=mi).update(overall="4")
    compute_contexts(by="the system", at=LATER)
    assert said()["indicators"]["primary_good_or_outstanding_percent"]["value"] == 0
    Inspection.objects.filter(edition=mi).update(overall="1")
    compute_contexts(by="the system", at=datetime(2026, 9, 3, 12, tzinfo=UTC))
    assert said() == first


def test_census_whose_table_was_lost_says_nothing(tmp_path: Path) -> None:
    from convenor.registers import parquet
    from convenor.registers.models import Edition

    load(files=[census_file(tmp_path, [*census_rows(), ("110006", "916", "State-funded primary", "100", "10")])], by="the operator", at=AT)
    assert said()["indicators"]["fsm_percent"]["value"] == 21.4
    path = parquet.path_of(Edition.objects.get())
    assert path is not None
    path.unlink()
    AreaContext.objects.all().delete()
    assert compute_contexts(by="the system", at=LATER) == 0


def test_free_meals_published_by_authority_stand_for_years_without_a_census() -> None:
    told = edition("headcounts", family="headcounts", as_at=date(2017, 1, 19))
    for period, eligible in (("2015-16", 130), ("2016-17", 140)):
        AreaReading.objects.create(
            edition=told, area_kind="authority", area_code="359", measure="fsm_eligible_pupils", period=period, value=eligible
        )
        AreaReading.objects.create(
            edition=told, area_kind="authority", area_code="359", measure="pupils_on_roll", period=period, value=1000
        )
    AreaReading.objects.create(edition=told, area_kind="authority", area_code="359", measure="pupils_on_roll", period="2014-15", value=900)
    compute_contexts(by="the system", at=AT)
    (points,) = [each.points for each in areas.series(WIGAN, viewer=None) if each.key == "fsm_percent"]
    assert [(point.as_at, point.value) for point in points] == [(date(2016, 1, 21), 13.0), (date(2017, 1, 19), 14.0)]


def test_working_out_again_changes_nothing_and_says_nothing() -> None:
    listing("mi", DAY, {"359": (5, 2)})
    assert compute_contexts(by="the system", at=AT) == 1
    before = list(AreaContext.objects.values())
    assert compute_contexts(by="the system", at=LATER) == 0
    assert list(AreaContext.objects.values()) == before
    assert Entry.objects.filter(verb="context.computed").count() == 1


def test_row_of_a_run_is_never_changed_and_the_newest_run_is_read() -> None:
    listing("small", DAY, {"359": (5, 2)}, family="gias")
    compute_contexts(by="the system", at=AT)
    (first,) = AreaContext.objects.values("run", "indicators")
    listing("large", DAY, {"359": (12, 4)})
    compute_contexts(by="the system", at=LATER)
    assert AreaContext.objects.filter(run=first["run"], indicators=first["indicators"]).count() == 1
    assert said()["indicators"]["primary_schools"]["value"] == 12
    assert areas.days(WIGAN, viewer=None) == [DAY]


def test_withdrawing_an_edition_takes_its_contexts_and_brings_back_the_older(tmp_path: Path) -> None:
    listing("older", date(2023, 8, 31), {"359": (9, 2)})
    listing("newer", DAY, {"359": (7, 2)})
    compute_contexts(by="the system", at=AT)
    assert said()["as_at"] == "2025-08-31"
    withdraw(edition_key="newer", by="the operator", at=LATER, why="the publisher replaced it")
    assert (said()["as_at"], said()["indicators"]["primary_schools"]["value"]) == ("2023-08-31", 9)


def test_context_stands_beside_neighbours_region_and_england_in_three_queries() -> None:
    from convenor.england.authorities import live_codes

    listing("england", DAY, dict.fromkeys(live_codes(), (4, 2)))
    near = ["355", "342", "372", "384", "357", "371", "343", "350", "370", "909"]
    told = edition("neighbours", family="statistical-neighbours", as_at=date(2025, 5, 31))
    StatisticalNeighbour.objects.bulk_create(
        StatisticalNeighbour(edition=told, authority_code="359", neighbour_code=code, rank=rank, closeness="Very close")
        for rank, code in enumerate(near, start=1)
    )
    compute_contexts(by="the system", at=AT)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = areas.contexts(WIGAN, viewer=None)
    assert len(asked) == 3
    assert [each.code for each in found.neighbours] == near
    assert [each.context.indicators["primary_schools"]["value"] for each in found.neighbours if each.context] == [4] * 9 + [8]
    assert found.neighbour_mean["primary_schools"] == {"value": 4.4, "areas": 10, "unit": "schools"}
    assert (found.region and found.region.name, found.england and found.england.name) == ("North West", "England")
    assert found.england is not None
    assert found.england.indicators["primary_schools"]["value"] == 612
    assert found.editions == ("england", "neighbours")


def test_what_stands_beside_is_never_newer_than_the_area_itself() -> None:
    listing("old", date(2020, 8, 31), {"359": (5, 2), "355": (6, 2)})
    listing("new", DAY, {"355": (7, 2)})
    told = edition("neighbours", family="statistical-neighbours")
    StatisticalNeighbour.objects.create(edition=told, authority_code="359", neighbour_code="355", rank=1)
    compute_contexts(by="the system", at=AT)
    (near,) = areas.contexts(WIGAN, viewer=None).neighbours
    assert near.context is not None
    assert (near.context.as_at, near.context.indicators["primary_schools"]["value"]) == (date(2020, 8, 31), 6)


def test_area_without_any_context_still_has_its_neighbours_named() -> None:
    told = edition("neighbours", family="statistical-neighbours")
    StatisticalNeighbour.objects.create(edition=told, authority_code="359", neighbour_code="355", rank=1, closeness="Close")
    found = areas.contexts(WIGAN, viewer=None)
    assert (found.area, found.region, found.england, found.neighbour_mean) == (None, None, None, {})
    assert [(each.name, each.context) for each in found.neighbours] == [("Salford", None)]


def test_series_keeps_each_loaded_day_and_marks_where_the_definition_had_run_out() -> None:
    for key, day, primary in (("a", date(2018, 7, 31), 9), ("b", date(2023, 8, 31), 8), ("c", DAY, 7)):
        judged(listing(key, day, {"359": (primary, 2)}), "1" * primary)
    compute_contexts(by="the system", at=AT)
    series = {each.key: each for each in areas.series(WIGAN, viewer=None)}
    assert [(point.as_at, point.value) for point in series["primary_schools"].points] == [
        (date(2018, 7, 31), 9), (date(2023, 8, 31), 8), (DAY, 7),
    ]  # fmt: skip
    assert [point.aged for point in series["primary_good_or_outstanding_percent"].points] == [False, False, True]
    assert series["primary_good_or_outstanding_percent"].aged.startswith("Overall grades ended in August 2024.")
    assert series["teaching_schools_per_school"].points == ()
    assert series["teaching_schools_per_school"].aged.startswith("The designation of teaching schools ended in August 2021")


def test_command_prints_the_fixed_shape() -> None:
    listing("mi", DAY, {"359": (5, 2)})
    compute_contexts(by="the system", at=AT)
    found = said(area="wigan council")
    assert (found["area"]["code"], found["area"]["name"], found["as_at"]) == ("359", "Wigan", "2025-08-31")
    wanted = {"value", "numerator", "denominator", "not_judged", "unit", "definition", "as_at", "edition", "mark"}
    assert {key: wanted - line.keys() for key, line in found["indicators"].items()} == {key: set() for key in areas.KEYS}
    assert found["indicators"]["teaching_schools_per_school"]["mark"] == "no published list exists any more"


def test_command_gives_old_authorities_as_their_successors_together() -> None:
    listing("mi", DAY, {"942": (5, 2), "943": (6, 3)})
    compute_contexts(by="the system", at=AT)
    found = said(area="Cumbria")
    assert (found["area"]["code"], found["indicators"]["primary_schools"]["value"]) == ("909", 11)
    assert found["note"] == "Cumbria became Cumberland and Westmorland and Furness on 1 April 2023."
    out = StringIO()
    call_command("context", "Cumbria", stdout=out)
    assert out.getvalue().splitlines()[1] == found["note"]


def test_command_prints_words_for_a_reader_at_a_terminal() -> None:
    judged(listing("mi", DAY, {"359": (5, 2)}), "11239")
    compute_contexts(by="the system", at=AT)
    out = StringIO()
    call_command("context", "Wigan", stdout=out)
    lines = [line.strip() for line in out.getvalue().splitlines()]
    assert lines[0] == "Wigan (359), as at 2025-08-31"
    assert "Primary schools judged good or outstanding    75%" in lines
    assert "3 of 4; 1 not judged [mi, 2025-08-31]" in lines
    assert "Teaching schools for each school              no published list exists any more" in lines


def test_command_puts_neighbours_region_and_england_beside() -> None:
    from convenor.england.authorities import live_codes

    listing("england", DAY, dict.fromkeys(live_codes(), (4, 2)))
    told = edition("neighbours", family="statistical-neighbours")
    StatisticalNeighbour.objects.create(edition=told, authority_code="359", neighbour_code="355", rank=1)
    compute_contexts(by="the system", at=AT)
    out = StringIO()
    call_command("context", "Wigan", stdout=out)
    assert "beside: mean of 1 statistical neighbours 4, North West 96, England 612" in [
        line.strip() for line in out.getvalue().splitlines()
    ]
    found = said(beside=True)
    assert [each["area"]["name"] for each in found["neighbours"]] == ["Salford"]
    assert (found["region"]["area"]["name"], found["england"]["area"]["name"]) == ("North West", "England")
    alone = said(area="England", beside=True)
    assert (alone["neighbours"], alone["region"], alone["england"]) == ([], None, None)


@pytest.mark.parametrize(
    ("area", "as_at", "reason"),
    [
        ("Wiggan", None, "No area is called 'Wiggan'. The nearest are: Wigan (359)"),
        ("Bexley", None, "No loaded edition covers the whole of Bexley. Load a register of its schools: convenor load FILE."),
        ("England", None, "No loaded edition covers the whole of England."),
        ("Wigan", date(2020, 1, 1), "No loaded edition describes Wigan on or before 2020-01-01; the earliest that does is of 2025-08-31."),
        ("Cumberland", date(2020, 1, 1), "Cumberland was made on 1 April 2023; before, ask for Cumbria."),
    ],
)
def test_command_refuses_with_the_reason_and_the_remedy(area: str, as_at: date | None, reason: str) -> None:
    listing("mi", DAY, {"359": (5, 2)})
    compute_contexts(by="the system", at=AT)
    with pytest.raises(CommandError) as error:
        call_command("context", area, as_at=as_at)
    assert reason in str(error.value)
    assert error.value.returncode == 1


@pytest.mark.parametrize("words", [["Wigan", "--as-at=soon"], ["Wigan", "--as-at="], []])
def test_command_is_wrongly_used_without_an_area_or_with_no_date(words: list[str]) -> None:
    with pytest.raises((CommandError, SystemExit)):
        call_command("context", *words)
