"""The whole set of published files, loaded in one command, against what its publishers and the files themselves say."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from convenor.registers.actions import load
from convenor.registers.models import Inspection, School
from convenor.registers.sources.__main__ import BEGIN, END, PAGE, families

pytestmark = [pytest.mark.slow, pytest.mark.shared, pytest.mark.django_db]
AT = datetime(2026, 11, 21, tzinfo=UTC)


def test_register_files_load_and_describe_the_open_schools_of_the_newest_list(shared: Path) -> None:
    """Every school that Ofsted lists as open is open with us; of others only those that newer lists name, or that are not state-funded."""
    parquet = shared / "ofsted" / "ofsted_mi_latest_inspections_2025-08-31.parquet"
    spine = shared / "performance_tables" / "2017-2018" / "2017-2018_england_spine.xlsx"
    files = [parquet, spine, shared / "gias" / "links_edubasealldata20250422.csv"]
    reports = load(files=files, by="the tests", at=AT)
    assert [(each.status, each.rows_read, each.rows_loaded, each.rows_refused) for each in reports] == [
        ("loaded", 22_005, 21_990, 15),
        ("loaded", 26_078, 26_078, 0),
        ("loaded", 33_801, 33_801, 0),
    ]
    listed = {str(int(urn)) for urn in pq.read_table(parquet, columns=["URN"])["URN"].to_pylist() if urn}
    funded = School.objects.filter(status="open", type_group__in=["maintained", "academy", "free school", "special"])
    assert set(funded.values_list("urn", flat=True)) == listed
    table = pq.read_table(parquet, columns=["Overall effectiveness", "Inspection start date"])
    not_judged = pc.sum(pc.equal(table["Overall effectiveness"], "Not judged")).as_py()
    new = Inspection.objects.filter(kind="graded", vocabulary="key_judgements")
    assert (new.count(), new.exclude(overall="").count()) == (not_judged, 0)


def test_table_of_counts_adds_up_and_names_every_file(shared: Path) -> None:
    table = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip().splitlines()[2:-1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert sorted(row[0].strip("`") for row in rows) == sorted(
        str(each.relative_to(shared)) for each in shared.rglob("*") if each.is_file()
    )
    wrong = [row[0] for row in rows if int(row[3].replace(",", "")) != sum(int(cell.replace(",", "")) for cell in row[4:7])]
    assert wrong == []
    assert [row[0] for row in rows if row[3] == "0" and not row[7].startswith("refused: ")] == []
    assert families() in PAGE.read_text(encoding="utf-8")
    assert json.dumps(rows) != "[]"
