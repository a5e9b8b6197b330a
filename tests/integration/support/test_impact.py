"""`convenor impact`: a case in, what can be said out; refusals with words."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from convenor.registers.models import Edition, School
from convenor.support.queries.series import lives, outcomes_loaded
from tests.factories.intelligence_similar import small_england
from tests.factories.registers import edition, link, reading, school
from tests.factories.support_effect import FOUR, RWM, results

pytestmark = pytest.mark.django_db
BEFORE, AFTER = "2016-17", "2017-18"
TODAY = "2019-01-08"


def england(own: float | None = 52.0, schools: int = 24) -> list[School]:
    """The first school and its similar ones: means 50 and 60, r one half."""
    found = small_england(schools + 1)
    results(found[0], {BEFORE: 30.0, AFTER: own})
    for place, each in enumerate(found[1:]):
        results(each, {BEFORE: FOUR[place % 4][0], AFTER: FOUR[place % 4][1]})
    return found


def ask(tmp_path: Path, *options: str, **case: Any) -> dict[str, Any]:
    """What the command says of a case as JSON."""
    found: dict[str, Any] = json.loads(said(tmp_path, "--json", *options, **case))
    return found


def said(tmp_path: Path, *options: str, **case: Any) -> str:
    given = {"urn": "100001", "started_on": "2017-09-01", "ended_on": None, "outcome": RWM, "comparators": None} | case
    file = tmp_path / "CASE.json"
    file.write_text(json.dumps(given))
    out = StringIO()
    call_command("impact", str(file), "--today", TODAY, *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_similar_schools_stand_beside_the_school_where_none_are_named(tmp_path: Path) -> None:
    england()
    found = ask(tmp_path)
    assert (found["verdict"], len(found["comparators"]), found["comparators_used"]) == ("within chance", 24, 24)
    assert (found["expected_without_support"], found["difference_in_differences"]) == pytest.approx((50.0, 2.0))
    assert found["plain_difference_in_differences"] == pytest.approx(12.0)
    assert found["placebo_p"] == found["placebo_rank"] / 25
    assert [(each["period"], each["role"], each["value"], each["comparators_mean"]) for each in found["series"]][1:3] == [
        (BEFORE, "before", 30.0, 50.0), (AFTER, "after", 52.0, 60.0),
    ]  # fmt: skip
    assert found["series"][1]["low"] < 30 < found["series"][1]["high"]
    assert found["comparators"][0]["distance"] <= found["comparators"][-1]["distance"]


@pytest.mark.parametrize(("own", "verdict"), [(75.0, "better than expected"), (25.0, "worse than expected"), (None, "not measurable")])
def test_named_comparators_are_used_as_named(tmp_path: Path, own: float | None, verdict: str) -> None:
    schools = england(own)
    named = [each.urn for each in schools[1:21]]
    found = ask(tmp_path, comparators=named, outcome="PTRWM_EXP")
    assert (found["verdict"], [each["urn"] for each in found["comparators"]]) == (verdict, named)


def test_today_is_as_things_were_known_then(tmp_path: Path) -> None:
    england()
    found = ask(tmp_path, "--today", "2018-06-01")
    assert found["verdict"] == "too early"
    assert found["series"][2]["value"] is None, "the figures of 2017-18 were not known in June 2018"


def test_inspections_are_never_measured(tmp_path: Path) -> None:
    found = ask(tmp_path, outcome="overall_effectiveness")
    assert (found["verdict"], found["series"], found["interval"]) == ("not measurable", [], None)


def test_a_table_for_a_reader_at_a_terminal(tmp_path: Path) -> None:
    england()
    lines = said(tmp_path).splitlines()
    assert lines[0].startswith("Example")
    assert "within chance. 52.0 against an expected 50.0" in lines[0]
    assert [line for line in lines if line.startswith("  2016-17  before  30")]
    assert "placebo rank" in lines[-1]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"comparators": ["100002", "100003", "100002"]}, "100002 stands among the comparators more than once"),
        ({"comparators": ["100002", "100001"]}, "The school cannot be compared with itself"),
        ({"comparators": ["100002", "199999"]}, "No loaded edition knows 199999"),
        ({"urn": "199998"}, "No loaded edition knows a school with the URN 199998"),
        ({"started_on": "2019-02-01"}, "there is nothing to review before its beginning"),
        ({"ended_on": "2017-08-01"}, "before it began"),
        ({"outcome": "happiness"}, "The case was refused; nothing was worked out."),
    ],
)
def test_a_case_that_cannot_be_asked_is_refused_with_words(tmp_path: Path, case: dict[str, Any], words: str) -> None:
    england(schools=3)
    with pytest.raises(CommandError) as refused:
        said(tmp_path, **case)
    assert str(refused.value).count(words) == 1


def test_the_school_under_its_earlier_number_is_itself(tmp_path: Path) -> None:
    schools = england(schools=3)
    old = school("Old School", urn="180001", status="closed")
    link("100001", "Predecessor", old.urn, Edition.objects.all()[0])
    with pytest.raises(CommandError, match=r"itself \(180001 is an earlier or later number of 100001\)"):
        said(tmp_path, comparators=[schools[1].urn, "180001"])
    with pytest.raises(CommandError, match="itself"):
        said(tmp_path, urn="180001", comparators=["100001"])


def test_two_numbers_of_one_school_are_one_school_twice(tmp_path: Path) -> None:
    england(schools=3)
    school("Old School", urn="180002", status="closed")
    link("100002", "Predecessor", "180002", Edition.objects.all()[0])
    with pytest.raises(CommandError, match="180002 stands among the comparators more than once"):
        said(tmp_path, comparators=["180002", "100002"])


def test_a_school_without_similar_schools_is_said_to_have_none(tmp_path: Path) -> None:
    alone = school("Alone", urn="180003")
    results(alone, {BEFORE: 30.0, AFTER: 52.0})
    found = ask(tmp_path, urn="180003")
    assert found["verdict"] == "not measurable"
    assert found["why"].endswith("Too little is published of the school to find similar ones: load a school census that holds it.")


def test_a_private_school_is_in_no_run(tmp_path: Path) -> None:
    england(schools=3)
    school("Private", urn="180004", type_group="independent")
    results("180004", {BEFORE: 30.0, AFTER: 52.0})
    assert ask(tmp_path, urn="180004")["why"].endswith("that are open, from the school census.")


def test_conversions_are_followed_and_splits_are_not() -> None:
    told_by = edition("links", family="gias-links")
    for urn in ("180010", "180011", "180012", "180013", "180014", "180015"):
        school(f"School {urn}", urn=urn)
    link("180011", "Predecessor", "180010", told_by, on=date(2016, 9, 1))
    link("180012", "Predecessor", "180011", told_by, on=date(2018, 9, 1))
    link("180013", "Successor - Split School", "180014", told_by, on=date(2018, 9, 1))
    link("180013", "Successor - Split School", "180015", told_by, on=date(2018, 9, 1))
    found = lives(["180010", "180013", "199990"], viewer=None, on=date(2019, 1, 1))
    assert set(found) == {"180010", "180013"}
    assert (found["180010"].urn, found["180010"].former, found["180010"].note) == ("180012", ("180011", "180010"), "")
    assert (found["180013"].unbroken, found["180013"].note) == (False, "The school was split on 1 September 2018.")
    before = lives(["180010", "180013"], viewer=None, on=date(2017, 1, 1))
    assert (before["180010"].urn, before["180013"].unbroken) == ("180011", True)


def test_a_school_that_only_figures_tell_of_is_known() -> None:
    gone = School(urn="180030")
    results(gone, {BEFORE: 30.0})
    school("Now", urn="180031")
    link("180031", "Predecessor", "180032", edition("links", family="gias-links"))
    found = lives(["180030", "180032", "180033"], viewer=None, on=date(2019, 1, 1))
    assert {urn: (each.urn, each.name) for urn, each in found.items()} == {
        "180030": ("180030", "School 180030"),
        "180032": ("180031", "Now"),
    }


def test_a_successor_that_no_edition_knows_ends_the_line() -> None:
    school("Gone", urn="180020", status="closed")
    link("180020", "Successor", "180021", edition("links", family="gias-links"))
    found = lives(["180020"], viewer=None, on=date(2019, 1, 1))["180020"]
    assert (found.urn, found.unbroken, found.note) == ("180020", False, "The school was merged.")


def test_means_have_intervals_from_the_spread_of_pupils(tmp_path: Path) -> None:
    schools = england(schools=3)
    told_by = edition("scaled", family="ks2-final", period=BEFORE, as_at=date(2017, 8, 31))
    reading(schools[0], told_by, "ks2_reading_average", BEFORE, 103.0, cohort=25)
    found = ask(tmp_path, outcome="ks2_reading_average", comparators=[])["series"][1]
    assert (found["low"], found["high"]) == pytest.approx((103 - 1.959964 * 8.8 / 5, 103 + 1.959964 * 8.8 / 5))


def test_outcomes_are_those_that_loaded_data_allow(tmp_path: Path) -> None:
    schools = england(schools=3)
    told_by = edition("other", family="ks4-final", period=BEFORE)
    reading(schools[1], told_by, "ks4_progress8", BEFORE, 0.1)
    every = json.loads(said(tmp_path, "--outcomes", "--json"))
    assert [(each["key"], [year["period"] for year in each["periods"]]) for each in every] == [(RWM, [BEFORE, AFTER])]
    out = StringIO()
    call_command("impact", "--outcomes", "--json", stdout=out)
    assert [(each["key"], each["column"]) for each in json.loads(out.getvalue())] == [(RWM, "PTRWM_EXP"), ("ks4_progress8", "P8MEA")]
    out = StringIO()
    call_command("impact", "--outcomes", stdout=out)
    assert out.getvalue().splitlines()[0].startswith("ks2_rwm_expected")
    assert [each.outcome.key for each in outcomes_loaded(viewer=None, urns=["199990"])] == []


def test_nothing_loaded_is_said(tmp_path: Path) -> None:
    assert said(tmp_path, "--outcomes") == "No outcome is loaded: load the performance tables with `convenor load`.\n"


def test_wrong_usage_ends_with_two() -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("impact", stderr=StringIO())
    assert ended.value.code == 2


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("impact", "/nowhere/CASE.json", stderr=StringIO())


def test_keys_that_nothing_reads_are_named(tmp_path: Path) -> None:
    file, told = tmp_path / "CASE.json", StringIO()
    file.write_text('{"urn": "100001", "started_on": "2017-09-01", "outcome": "Ofsted", "budget": 5}')
    call_command("impact", str(file), "--json", stdout=StringIO(), stderr=told)
    assert told.getvalue() == "Not used: budget\n"
