"""Loading whole or not at all, once, in any order, and taking back."""

import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from convenor.journal.models import Entry
from convenor.registers import parquet
from convenor.registers.actions import LoadReport, NoSuchEditionError, load, projecting, withdraw
from convenor.registers.models import AreaReading, Edition, Group, HeadOfSchool, Inspection, RefusedRow, School, SchoolLink, SchoolRecord
from convenor.registers.queries.lineage import lineage

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
MI = "ofsted/management_information_2025-08-31.parquet"
SPINE = "performance_tables/2017-2018/2017-2018_england_spine.xlsx"
OUTCOMES = "ofsted/2017-2018_england_ofsted-schools_2018-07-31.xlsx"
SECONDARIES = "gias/england_secondary_schools_2026-03.csv"
GROUP_LINKS = "gias/grouplinks_all_2022-07.csv"
LINKS = "gias/links_edubasealldata20250422.csv"
TABLES = (Edition, SchoolRecord, School, Inspection, SchoolLink, Group, RefusedRow, Entry)

pytestmark = pytest.mark.django_db


def loaded(*paths: Path, **options: object) -> list[LoadReport]:
    return load(files=paths, by="the tests", at=AT, **options)  # type: ignore[arg-type]


def counts() -> list[int]:
    return [model.objects.count() for model in TABLES]


def described() -> list[dict[str, object]]:
    """Every school as it stands."""
    return list(School.objects.order_by("urn").values())


def test_report_has_the_shape_that_other_programs_read(data: Path) -> None:
    (report,) = loaded(data / MI)
    said = report.as_dict()
    assert list(said) == [
        "file", "source", "edition", "as_at", "rows_read", "rows_loaded", "rows_refused", "rows_aggregate", "refusals",
        "warnings", "already_loaded", "status", "reason",
    ]  # fmt: skip
    assert said | {"file": "", "warnings": []} == {
        "file": "", "source": "ofsted-mi", "edition": "ofsted-mi-2025-08-31", "as_at": "2025-08-31", "rows_read": 16,
        "rows_loaded": 15, "rows_refused": 1, "rows_aggregate": 0, "warnings": [],
        "refusals": [{"row": 17, "urn": None, "field": None, "reason": "blank row"}],
        "already_loaded": False, "status": "loaded", "reason": None,
    }  # fmt: skip
    assert list(RefusedRow.objects.values_list("row", "reason")) == [(17, "blank row")]
    assert Entry.objects.filter(verb="edition.loaded", subject_key="ofsted-mi-2025-08-31").count() == 1


def test_same_file_twice_changes_nothing(data: Path) -> None:
    first = loaded(data / MI)[0]
    before, schools = counts(), described()
    again = loaded(data / MI)[0]
    assert (counts(), described()) == (before, schools)
    assert again.already_loaded is True
    assert (again.status, again.edition, again.rows_loaded, again.as_dict()["refusals"]) == (
        "loaded", first.edition, 15, first.as_dict()["refusals"],
    )  # fmt: skip
    assert [report.already_loaded for report in loaded(data / OUTCOMES, data / OUTCOMES)] == [False, True]


def test_simulation_reports_and_writes_nothing(data: Path) -> None:
    before, kept = counts(), sorted(parquet.folder().glob("*"))
    reports = loaded(data / MI, data / LINKS, simulate=True)
    assert [(report.status, report.rows_loaded) for report in reports] == [("loaded", 15), ("loaded", 9)]
    assert counts() == before
    assert sorted(parquet.folder().glob("*")) == kept


def broken(data: Path, tmp_path: Path) -> dict[str, tuple[Path, str]]:
    """Every kind of bad file, with the beginning of what must be said of it."""
    text = (data / "ofsted/management_information_2025-08-31.csv").read_bytes()
    links = (data / LINKS).read_bytes().rstrip()
    made = {
        "cut_2025-08-31.csv": (text[: len(text) // 2], "The last row"),
        "joined_2025-08-31.csv": (links + b"\r\n" + links, "Line 11 is itself a header"),
        "mixed_2025-08-31.csv": (links + b"\r\n" + text.split(b"\r\n")[0] + b"\r\n", "Line 11 is itself a header"),
        "bytes_2025-08-31.csv": (text[:3000] + b"\x00\x00" + text[3000:], "The file holds bytes"),
        "encoding_2025-08-31.csv": (text[:3000] + b"\x81\x8d" + text[3000:], "Line"),
        "unknown_2025-08-31.csv": (b"colour,taste\nred,sweet\n", "This kind of file is not known"),
        "empty.csv": (b"", "The file is empty"),
        "guidance.txt": (b"Key stage 4 performance\nAcademic year 2023/24\n", "This is a text to read"),
        "schema.json": (b'{"name": "x", "properties": {}}', "This describes a format"),
        "year_2019-08-31.csv": (text, "The list holds an inspection of"),
        "no-day.csv": (text, "Nothing in the file says which day it describes"),
        "future_2027-08-31.csv": (text, "The file says it describes 2027-08-31, a day that has not come"),
        "nothing_2025-08-31.csv": (text.split(b"\r\n")[0] + b"\r\n" + b"x" + b"," * 75 + b"\r\n", "No row of the file could be taken"),
    }
    found = {}
    for name, (content, reason) in made.items():
        (tmp_path / name).write_bytes(content)
        found[name] = (tmp_path / name, reason)
    return found


def test_every_bad_file_is_refused_with_its_reason_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    before = counts()
    bad = broken(data, tmp_path)
    reports = loaded(*(path for path, _ in bad.values()))
    for report, (path, reason) in zip(reports, bad.values(), strict=True):
        assert (path.name, report.status, report.reason[: len(reason)]) == (path.name, "refused", reason)
        assert (report.edition, report.rows_read, report.refusals) == ("", 0, [])
    assert counts() == before


ABSENCE = "LA,ESTAB,URN,PERCTOT,PPERSABS10\n201,3614,100000,5.2,9.8\n202,3614,100001,5.3,9.9\nNAT,PRI,,5.9,16.2\nNAT,SPE,,13,38.3"


def absence(folder: Path, text: str) -> LoadReport:
    path = folder / "2022-2023_absence.csv"
    path.write_text(text, encoding="utf-8")
    return loaded(path)[0]


def test_file_cut_inside_its_last_value_never_loads_a_wrong_figure(tmp_path: Path) -> None:
    """9.9 cut to 9 looks like a figure; only whole files end with the rows of England, or with a line end."""
    cut = absence(tmp_path, ABSENCE[: ABSENCE.index(".9\n")])
    assert (cut.status, cut.reason.partition(":")[0]) == ("refused", "The last row is a school's and its line is not ended")
    assert Edition.objects.count() == 0
    assert absence(tmp_path, ABSENCE).status == "loaded"


def test_files_joined_without_a_line_end_are_refused_whole(tmp_path: Path) -> None:
    report = absence(tmp_path, ABSENCE + ABSENCE)
    assert (report.status, report.reason[:26]) == ("refused", "Line 5 is itself a header:")


def test_rows_of_an_area_that_come_twice_count_once(tmp_path: Path) -> None:
    report = absence(tmp_path, f"{ABSENCE}\nNAT,PRI,,5.9,16.2\n")
    assert (report.rows_aggregate, report.rows_refused, report.refusals[0].reason) == (2, 1, "the same row as row 4")
    assert AreaReading.objects.filter(measure="absence_overall.primary").count() == 1


def test_one_strange_file_never_stops_the_others(data: Path, tmp_path: Path) -> None:
    """A quotation never ended once stopped the whole command."""
    path = tmp_path / "2022-2023_absence.csv"
    path.write_text('LA,ESTAB,URN,PERCTOT,PPERSABS10\n201,3614,"' + "1" * 200_000, encoding="utf-8")
    reports = loaded(path, data / LINKS)
    assert [report.status for report in reports] == ["refused", "loaded"]
    assert reports[0].reason.partition(":")[0] == "The file has no rows of a table"


def test_parquet_of_a_killed_load_is_named_only_if_its_edition_stands(data: Path) -> None:
    edition = Edition.objects.get(key=loaded(data / MI)[0].edition)
    kept = parquet.path_of(edition)
    assert kept is not None
    gone = parquet.folder() / f".{edition.digest}.{2**30}"  # no process has such a number
    kept.rename(gone)
    stray = parquet.folder() / f".{'0' * 64}.{2**30}"
    stray.write_bytes(b"half a file")
    running = parquet.folder() / f".{'1' * 64}.1"
    running.write_bytes(b"another load is at work")
    loaded(data / LINKS)
    assert (kept.exists(), gone.exists(), stray.exists(), running.exists()) == (True, False, False, True)
    running.unlink()


def test_parquet_is_named_only_after_its_edition_is_there_for_good(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(editions: object) -> None:
        assert list(parquet.folder().glob(f"{digest}.parquet")) == []
        raise RuntimeError("the machine stops")

    digest = hashlib.sha256((data / MI).read_bytes()).hexdigest()
    (parquet.folder() / f"{digest}.parquet").unlink(missing_ok=True)
    monkeypatch.setattr(projecting, "project", fail)
    with pytest.raises(RuntimeError, match="the machine stops"):
        loaded(data / MI)
    assert [path.name for path in parquet.folder().glob(f"*{digest}*")] == []
    assert Edition.objects.count() == 0


def test_bad_file_among_good_ones_spoils_none_of_them(data: Path, tmp_path: Path) -> None:
    path, _ = broken(data, tmp_path)["cut_2025-08-31.csv"]
    assert [report.status for report in loaded(data / MI, path, data / LINKS)] == ["loaded", "refused", "loaded"]
    assert Edition.objects.count() == 2


def test_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert loaded(tmp_path / "gone.csv")[0].reason == "The file cannot be read: No such file or directory."


def test_order_of_loading_never_matters(data: Path) -> None:
    files = [data / each for each in (MI, SPINE, SECONDARIES, GROUP_LINKS, LINKS)]
    seen = []
    for order in itertools.islice(itertools.permutations(files), 0, 120, 17):
        for path in order:  # one command each, so that the engine cannot put them in order
            assert loaded(path)[0].status == "loaded"
        seen.append((described(), list(Group.objects.order_by("uid").values("uid", "name", "kind", "status"))))
        for key in list(Edition.objects.filter(withdrawn_at=None).values_list("key", flat=True)):
            withdraw(edition_key=key, by="the tests", at=AT)
        assert (School.objects.count(), SchoolRecord.objects.count(), Group.objects.count()) == (0, 0, 0)
        Edition.objects.all().delete()
    assert all(each == seen[0] for each in seen)
    assert len(seen[0][0]) >= 20


def test_together_or_one_by_one_is_the_same(data: Path) -> None:
    files = [data / each for each in (MI, SPINE, SECONDARIES, GROUP_LINKS, LINKS)]
    loaded(*files)
    together = described()
    for key in list(Edition.objects.values_list("key", flat=True)):
        withdraw(edition_key=key, by="the tests", at=AT)
    Edition.objects.all().delete()
    for path in files:
        loaded(path)
    assert described() == together


def test_withdrawal_takes_rows_back_and_keeps_the_record(data: Path) -> None:
    loaded(data / SPINE)
    before = described()
    edition = loaded(data / MI)[0].edition
    kept = parquet.path_of(Edition.objects.get(key=edition))
    assert described() != before
    withdraw(edition_key=edition, by="the tests", at=AT, why="the publisher took it back")
    assert described() == before
    row = Edition.objects.get(key=edition)
    assert (row.withdrawn_at, row.withdrawn_why, row.parquet, row.refused_rows.count()) == (AT, "the publisher took it back", "", 1)
    assert Inspection.objects.count() == 0
    assert kept is not None
    with pytest.raises(NoSuchEditionError, match=f"No edition '{edition}' is loaded"):
        withdraw(edition_key=edition, by="the tests", at=AT)
    again = loaded(data / MI)[0]
    assert (again.already_loaded, again.edition) == (False, f"{edition}-2")


def test_edition_is_kept_once_as_parquet_without_names_of_people(data: Path, tmp_path: Path) -> None:
    text = (data / "gias/2021_936_gias_all_columns.csv").read_text(encoding="utf-8")
    header = text.splitlines()[0].replace('"', "").split(",")
    path = tmp_path / "register_2021-05-31.csv"
    lines = text.splitlines()
    cells = ['""'] * len(header)
    said = {
        "URN": "199999",
        "EstablishmentName": "Made-up School",
        "HeadLastName": "Example",
        "HeadFirstName": "Ada",
        "LA (code)": "936",
        "TypeOfEstablishment (name)": "Community school",
        "EstablishmentStatus (name)": "Open",
    }
    for column, value in said.items():
        cells[header.index(column)] = f'"{value}"'
    path.write_text("\n".join([*lines, ",".join(cells)]) + "\n", encoding="utf-8")
    edition = Edition.objects.get(key=loaded(path, heads_for=frozenset({"199999"}))[0].edition)
    table = parquet.read(edition)
    assert table is not None
    assert edition.parquet == f"{edition.digest}.parquet"
    assert [name for name in table.column_names if name.startswith("Head") or name == "PropsName"] == []
    assert b"Example" not in (parquet.folder() / edition.parquet).read_bytes()
    assert list(HeadOfSchool.objects.values_list("urn", "last_name")) == [("199999", "Example")]


def test_school_left_out_of_a_complete_list_is_closed_only_where_it_covers_the_area(data: Path) -> None:
    """The cut of the list names a handful of Wigan's schools, so it says nothing of those it leaves out."""
    loaded(data / SPINE)
    open_before = set(School.objects.filter(status="open").values_list("urn", flat=True))
    loaded(data / MI)
    assert set(School.objects.filter(status="open").values_list("urn", flat=True)) >= open_before


def test_lineage_is_followed_in_the_register(data: Path) -> None:
    loaded(data / LINKS)
    link = SchoolLink.objects.filter(kind="Predecessor").first() or SchoolLink.objects.filter(kind="Successor").first()
    assert link is not None
    found = lineage(link.urn, viewer=None)
    other = found.predecessors if link.kind == "Predecessor" else found.successors
    assert link.linked_urn in [step.urn for step in other]


def test_command_prints_the_report_and_tells_of_refusals_by_its_exit(data: Path, tmp_path: Path) -> None:
    path, reason = broken(data, tmp_path)["unknown_2025-08-31.csv"]
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("load", str(data / MI), str(path), "--json", stdout=out, stderr=err)
    assert ended.value.code == 1
    said = json.loads(out.getvalue())
    assert [(each["status"], each["rows_loaded"]) for each in said] == [("loaded", 15), ("refused", 0)]
    assert err.getvalue().startswith(f"{path}: refused. {reason}")
    call_command("withdraw", "ofsted-mi-2025-08-31", stdout=out)
    with pytest.raises(SystemExit) as ended:
        call_command("withdraw", "ofsted-mi-2025-08-31", stdout=out, stderr=err)
    assert ended.value.code == 1


def test_command_takes_the_day_it_is_given(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((data / "ofsted/management_information_2025-08-31.csv").read_bytes())
    call_command("load", str(tmp_path), "--as-at", "2025-08-31", stdout=StringIO())
    assert Edition.objects.get().as_at == date(2025, 8, 31)


@pytest.mark.slow
@pytest.mark.skipif(not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="the database file of its own is SQLite's")
def test_killed_load_leaves_the_database_as_it_was(data: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "CONVENOR_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "convenor.settings",
        "CONVENOR_SECRET_KEY": "x" * 60,
    }
    environment.pop("CONVENOR_DATABASE_URL", None)
    python = [sys.executable, "-m", "convenor"]
    subprocess.run([*python, "migrate", "--skip-checks", "-v0"], env=environment, check=True)
    subprocess.run([*python, "load", str(data / SPINE)], env=environment, check=True, capture_output=True)
    before = dump(tmp_path)
    # Stops just before its transaction ends, says so, and waits to be killed.
    code = (
        "import time, django; django.setup(); from datetime import UTC, datetime; from convenor.registers.actions import load, projecting\n"
        "first = projecting.project\n"
        "def stop(editions):\n    first(editions); print('written', flush=True); time.sleep(60)\n"
        f"projecting.project = stop; load(files=[{str(data / MI)!r}], by='x', at=datetime(2026, 11, 21, tzinfo=UTC))"
    )
    child = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=10)
    child.stdout.close()
    time.sleep(0.1)
    assert dump(tmp_path) == before
    said = subprocess.run([*python, "load", str(data / MI), "--json"], env=environment, check=True, capture_output=True, text=True)
    assert json.loads(said.stdout)[0]["rows_loaded"] == 15


def dump(folder: Path) -> list[str]:
    """Everything in a database file."""
    import sqlite3

    connection = sqlite3.connect(folder / "convenor.sqlite3")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()
