"""The back-test from the registers and from plain tables: what is read, refused, kept and shown."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from convenor.england.school_years import SchoolYear
from convenor.intelligence.actions.backtesting import NotABacktestError, record_backtest
from convenor.intelligence.models import BacktestResult, BacktestStands
from convenor.intelligence.queries.backtests import figures_of, known_schools, newest_kept, outcomes_of
from convenor.intelligence.rules import plain_tables
from convenor.journal.models import Entry
from convenor.partnership.gate import ANYONE
from convenor.registers.models import Edition, Inspection, Reading, School
from convenor.web.demonstration.backtest import keep_backtest
from tests.factories.intelligence_conversations import circle
from tests.factories.partnership import AT, SLUG
from tests.factories.registers import edition, inspection, reading, school
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

YEAR, NEXT = SchoolYear(2022), SchoolYear(2023)
PAGE = reverse("early-backtest", args=[SLUG])


def small_england(schools: int = 120) -> tuple[Edition, Edition]:
    """Primaries whose absence tells something of how inspectors find them a year later, with older figures beside."""
    census = edition("absence-2022-23", family="absence", as_at=date(2023, 8, 31))
    ofsted = edition("ofsted-2025", family="ofsted-mi", as_at=date(2025, 8, 31))
    generator = np.random.default_rng(7)
    urns = [str(100_000 + number) for number in range(schools)]
    School.objects.bulk_create(
        School(urn=urn, name=f"Example {urn}", phase="Primary", type_group="maintained", status="open") for urn in urns
    )
    readings, inspections = [], []
    for number, urn in enumerate(urns):
        weak = number % 4 == 0
        for period, strength in (("2022-23", 1.2), ("2020-21", 0.6)):
            value = 5 + generator.normal() + strength * weak
            readings.append(Reading(edition=census, urn=urn, measure="absence_overall", period=period, value=value))
        day = (date(2023, 10, 3), date(2024, 2, 6), date(2024, 5, 7))[number % 3]
        inspections.append(
            Inspection(edition=ofsted, urn=urn, urn_at_inspection=urn, kind="graded", started_on=day, overall="3" if weak else "2")
        )
    Reading.objects.bulk_create(readings)
    Inspection.objects.bulk_create(inspections)
    return census, ofsted


def run(*options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("backtest", *options, "--json", stdout=out, stderr=StringIO())
    return dict(json.loads(out.getvalue()))


# Reading the registers


def test_figures_of_a_year_are_the_believed_ones_and_of_no_other_year():
    provisional = edition(family="ks4-provisional", as_at=date(2023, 10, 1))
    final = edition("final", family="ks4-final", as_at=date(2023, 9, 1))
    taken_back = edition(withdrawn_at=datetime(2024, 1, 1, tzinfo=UTC), as_at=date(2024, 1, 1))
    one = school(urn="100001")
    reading(one, provisional, "ks4_progress8", "2022-23", 0.5, cohort=180)
    reading(one, final, "ks4_progress8", "2022-23", 0.4, cohort=181)
    reading(one, taken_back, "ks4_progress8", "2022-23", 9.0)
    reading(one, final, "ks4_progress8", "2021-22", 0.1)
    reading(one, final, "ks4_ebacc_95", "2022-23", 12)
    found = figures_of(YEAR, viewer=None)
    assert found is not None
    table, keys = found
    assert table.readings == {2022: {"ks4_progress8": {"100001": plain_tables.Reading(0.4, 181.0)}}}
    assert (table.name, keys) == ("2022-23", ["final"])


def test_less_believed_figure_does_not_displace_the_believed_one():
    final, provisional = edition("final", family="ks4-final"), edition(family="ks4-provisional", as_at=date(2026, 10, 1))
    one = school(urn="100001")
    reading(one, final, "ks4_progress8", "2022-23", 0.4)
    reading(one, provisional, "ks4_progress8", "2022-23", 0.5)
    newer, older = edition(as_at=date(2025, 8, 31)), edition(as_at=date(2024, 8, 31))
    inspection(one, newer, overall="3", started_on=date(2023, 10, 3))
    inspection(one, older, overall="2", started_on=date(2023, 10, 3))
    figures, outcomes = figures_of(YEAR, viewer=None), outcomes_of(NEXT, viewer=None)
    assert figures is not None
    assert outcomes is not None
    assert figures[0].readings[2022]["ks4_progress8"]["100001"].value == 0.4
    assert [each.grade for each in outcomes[0].outcomes] == [3]


def test_invented_schools_are_in_no_back_test():
    invented = edition(family="fictitious")
    one = school(urn="100001", fictitious=True)
    reading(one, invented, "absence_overall", "2022-23", 5)
    inspection(one, invented, started_on=date(2023, 10, 3))
    assert figures_of(YEAR, viewer=None) is None
    assert outcomes_of(NEXT, viewer=None) is None
    assert known_schools(viewer=None).phases == {}


def test_withheld_figure_is_read_as_missing():
    reading(school(urn="100001"), edition(), "absence_overall", "2022-23", None, mark="suppressed")
    found = figures_of(YEAR, viewer=None)
    assert found is not None
    assert np.isnan(found[0].readings[2022]["absence_overall"]["100001"].value)


def test_earlier_figures_are_of_the_newest_year_before_measure_by_measure():
    told_by, one = edition(), school(urn="100001")
    for measure, period in (
        ("absence_overall", "2018-19"),
        ("absence_overall", "2016-17"),
        ("eal_percent", "2020-21"),
        ("eal_percent", "2022-23"),
    ):
        reading(one, told_by, measure, period, 5)
    found = figures_of(YEAR, viewer=None, earlier=True)
    assert found is not None
    assert {year: sorted(measures) for year, measures in found[0].readings.items()} == {2018: ["absence_overall"], 2020: ["eal_percent"]}
    assert figures_of(SchoolYear(2016), viewer=None, earlier=True) is None


def test_outcomes_are_each_event_once_under_the_urn_of_the_day():
    older, newer = edition(as_at=date(2024, 8, 31)), edition("newer", as_at=date(2025, 8, 31))
    one = school(urn="140001")
    inspection(one, older, overall="2", started_on=date(2023, 10, 3), urn_at_inspection="100001")
    inspection(one, newer, overall="3", started_on=date(2023, 10, 3), urn_at_inspection="100001")
    inspection(one, newer, overall="", started_on=date(2024, 1, 9), kind="ungraded", outcome="School remains Good (Concerns)")
    inspection(one, newer, overall="", started_on=date(2024, 3, 5))
    inspection(one, newer, overall="4", started_on=date(2024, 9, 1))
    found = outcomes_of(NEXT, viewer=None)
    assert found is not None
    table, keys = found
    assert table.outcomes == (plain_tables.Outcome("100001", date(2023, 10, 3), "overall", 3),)
    assert table.set_aside == {plain_tables.NOT_GRADED: 1, plain_tables.NO_GRADE: 1}
    assert keys == ["newer"]


def test_from_september_2024_the_quality_of_education_counts_and_report_cards_do_not():
    told_by, one = edition(), school(urn="100001")
    facts = {"overall": "", "vocabulary": "key_judgements"}
    inspection(one, told_by, started_on=date(2024, 10, 1), judgements={"quality_of_education": "3"}, **facts)
    card = {"overall": "", "vocabulary": "report_card", "judgements": {"achievement": "Needs attention"}}
    inspection(one, told_by, started_on=date(2025, 11, 18), **card)
    found = outcomes_of(SchoolYear(2024), viewer=None)
    assert found is not None
    assert found[0].outcomes == (plain_tables.Outcome("100001", date(2024, 10, 1), "quality_of_education", 3),)
    assert outcomes_of(SchoolYear(2025), viewer=None) is None


def test_register_gives_phases_conversions_and_who_is_not_state_funded():
    from convenor.registers.models import SchoolLink

    told_by = edition()
    school(urn="100001", phase="Secondary")
    school(urn="100002", phase="", type_group="independent")
    SchoolLink.objects.create(edition=told_by, urn="140001", linked_urn="100001", kind="Predecessor")
    SchoolLink.objects.create(edition=told_by, urn="100001", linked_urn="140001", kind="Successor")
    inspection(school(urn="100003", phase="Special"), told_by, urn_at_inspection="100004")
    known = known_schools(viewer=ANYONE)
    assert known.phases == {"100001": "Secondary", "100003": "Special", "100004": "Special"}
    assert (known.not_counted, known.before) == (frozenset({"100002"}), {"140001": ("100001",)})


# The command


def test_command_answers_for_two_loaded_years():
    small_england()
    said = run("--features", "2022-23", "--outcomes", "2023/24", "--controls")
    assert (said["features"], said["outcomes"], said["n"], said["positives"], said["base_rate"]) == ("2022-23", "2023-24", 120, 30, 0.25)
    assert said["auc"] > 0.7
    assert said["editions"] == ["absence-2022-23", "ofsted-2025"]
    assert list(said["phases"]) == ["Primary"]
    assert said["controls"]["older_figures"]["figures_of"] == {"PERCTOT": ["2020-21"]}
    assert said["rows"]["features"] == 120


def plain_files(folder: Path, *more: str) -> list[str]:
    """Plain tables of some schools, on an empty database."""
    figures, graded = folder / "figures.csv", folder / "outcomes.csv"
    rows = [f"{100000 + n},2016-17,PTRWM_EXP,{(n * 37) % 60 + 20}%,30," for n in range(60)]
    figures.write_text("\n".join(["urn,period,indicator,value,cohort,mark", *rows, *more]) + "\n", encoding="utf-8")
    weak = [f"{100000 + n},2017-11-{n % 28 + 1:02d},overall,{3 if (n * 37) % 60 < 20 else 2}" for n in range(60)]
    graded.write_text("\n".join(["urn,inspected_on,kind,grade", *weak]) + "\n", encoding="utf-8")
    return ["--features", str(figures), "--outcomes", str(graded)]


def test_command_answers_for_plain_tables_on_an_empty_database(tmp_path):
    said = run(*plain_files(tmp_path, "100001,2016-17,MADE_UP,1,,", "9,2016-17,PERCTOT,5,,"))
    assert (said["features"], said["outcomes"], said["n"], said["positives"], said["auc"]) == ("figures.csv", "outcomes.csv", 60, 20, 1.0)
    assert list(said["phases"]) == ["Primary"]
    assert said["rows"]["features_of_no_use"] == 1
    assert said["rows"]["features_set_aside"] == {plain_tables.BAD_URN: 1}
    assert "controls" not in said


def test_controls_of_a_plain_table_of_one_year_say_that_nothing_older_is_at_hand(tmp_path):
    said = run(*plain_files(tmp_path), "--controls")
    assert said["controls"]["older_figures"] == {"why": "no older figures are at hand"}


def test_command_tells_a_reader_in_words(tmp_path):
    out = StringIO()
    call_command("backtest", *plain_files(tmp_path), "--controls", stdout=out, stderr=StringIO())
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("Figures of figures.csv, inspections of outcomes.csv. No score predicts an inspection:")
    assert lines[1].startswith("  all: 60 schools, 20 found weak (33.3%); AUC 1.000 (1.000 to 1.000); reference ")
    assert lines[2] == "    top 5% (3 schools): precision 100%, recall 15%, lift 3.00 (3.00 to 3.00)"


REFUSALS = {
    ("2022-23", "2023-24"): "No figures of 2022-23 are loaded. Load that year's performance tables and census with `convenor load`.",
    ("gone.csv", "2023-24"): (
        "gone.csv is no school year such as 2022-23, and no file that can be read (No such file or directory). Check the spelling."
    ),
    ("gone.csv", "2023-24", "--keep"): ("Only a back-test of two loaded school years is kept: others cannot be traced to their editions."),
}


@pytest.mark.parametrize("given", list(REFUSALS))
def test_command_refuses_with_the_reason_and_the_remedy(given):
    features, outcomes, *rest = given
    with pytest.raises(CommandError) as refused:
        run("--features", features, "--outcomes", outcomes, *rest)
    assert str(refused.value) == REFUSALS[given]


def test_command_refuses_a_year_without_inspections():
    reading(school(urn="100001"), edition(), "absence_overall", "2022-23", 5)
    with pytest.raises(CommandError, match="No graded inspections of 2023-24 are loaded"):
        run("--features", "2022-23", "--outcomes", "2023-24")


def test_command_refuses_figures_of_the_year_of_the_inspection(tmp_path):
    small_england(40)
    graded = tmp_path / "outcomes.csv"
    graded.write_text("urn,inspected_on,kind,grade\n100001,2022-11-01,overall,3\n", encoding="utf-8")
    with pytest.raises(CommandError, match="No school has both a figure from before"):
        run("--features", "2022-23", "--outcomes", str(graded))


def test_command_refuses_a_table_without_its_columns(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"odd.csv has no column urn, period, indicator, value"):
        run("--features", str(path), "--outcomes", "2023-24")


# Keeping


def test_kept_back_test_stands_in_the_journal_and_is_never_changed():
    small_england()
    said = run("--features", "2022-23", "--outcomes", "2023-24", "--keep")
    (kept,) = BacktestResult.objects.all()
    assert (kept.features, kept.outcomes, kept.weights_year, kept.computed_by) == ("2022-23", "2023-24", 2026, "the command line")
    assert kept.result == said
    assert list(Entry.objects.values_list("verb", "subject_label")) == [("backtest.kept", "back-test of 2022-23 on 2023-24")]
    kept.rests_on = "something else"
    with pytest.raises(BacktestStands):
        kept.save()


def test_newest_kept_back_test_is_shown():
    small_england()
    said = run("--features", "2022-23", "--outcomes", "2023-24", "--controls")
    for day, words in ((2, "later"), (1, "earlier")):
        at = datetime(2026, 11, day, tzinfo=UTC)
        record_backtest(features="2022-23", outcomes="2023-24", result=said, editions=[], rests_on=words, by="the operator", at=at)
    found = newest_kept(viewer=ANYONE)
    assert found is not None
    assert (found.rests_on, found.computed_at.day) == ("later", 2)


def test_back_test_without_its_controls_is_not_kept():
    with pytest.raises(NotABacktestError) as refused:
        record_backtest(features="a", outcomes="b", result={"n": 1, "auc": 0.9}, editions=[], by="the operator", at=AT)
    assert str(refused.value) == "This is no whole back-test: it lacks positives, at, excluded, phases, weights, controls."
    assert BacktestResult.objects.count() == 0


# The page


def kept_back_test() -> None:
    small_england()
    run("--features", "2022-23", "--outcomes", "2023-24", "--keep")


def page(who: str) -> Any:
    return signed_in(circle().people[who], code=True).get(PAGE)


def test_page_is_for_members_only(client):
    assert client.get(PAGE).status_code == 302
    people = circle().people
    answers = [signed_in(people[who], code=True).get(PAGE).status_code for who in ("somebody with no post", "head", "board member")]
    assert answers == [403, 200, 200]


def test_page_says_first_that_no_score_predicts_and_names_no_school():
    kept_back_test()
    text = page("board member").content.decode()
    body = re.sub(r"<[^>]+>", " ", text[text.index("<main") :])
    assert body.index("No score predicts an inspection.") < body.index("In a sentence")
    assert body.count("framework of November 2025 are too few to judge") == 1
    assert re.findall(r"\b100\d{3}\b", body) == []
    assert "Example 100" not in body


def test_page_leads_to_the_editions_it_rests_on():
    kept_back_test()
    text = page("head").content.decode()
    found = re.findall(r'href="(/editions/[^"]+)"', text)
    assert sorted(found) == [reverse("edition", args=[key]) for key in ("absence-2022-23", "ofsted-2025")]


def test_page_without_a_kept_back_test_says_how_to_make_one():
    answer = page("board member")
    assert answer.status_code == 200
    assert answer.content.decode().count("convenor backtest --features 2022-23 --outcomes 2023-24 --keep") == 1


def test_page_asks_few_questions_of_the_database(django_assert_max_num_queries):
    kept_back_test()
    client = signed_in(circle().people["board member"], code=True)
    client.get(PAGE)
    with django_assert_max_num_queries(14):
        answer = client.get(PAGE)
    assert (answer.status_code, answer.content.decode().count("<h1")) == (200, 1)


# What the demonstration ships


def test_demonstration_keeps_what_the_sample_ships_once():
    folder = Path(__file__).resolve().parents[3] / "sample"
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert keep_backtest(folder, by="the demonstration", at=at) == 1
    assert keep_backtest(folder, by="the demonstration", at=at) == 0
    found = newest_kept(viewer=ANYONE)
    assert found is not None
    assert (found.features, found.outcomes) == ("2022-23", "2023-24")
    assert found.result["n"] > 3900
    assert found.rests_on.startswith("It was not worked out from what is loaded in this demonstration, which is a sample,")
    text = page("board member").content.decode()
    assert text.count("which is a sample, but from the publishers") == 1
