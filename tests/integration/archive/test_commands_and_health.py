"""`convenor archive` and `convenor check`: what they say, and with which exit status."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from convenor.archive.queries import health as queries
from convenor.archive.queries.health import health, living
from convenor.archive.rules.health import State
from convenor.papers.models import Paper
from convenor.post.models import Letter, Practice
from convenor.registers.models import Edition
from tests.factories.archived import AT, SLUG, emptied, full
from tests.factories.partnership import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[Path]:
    """A data directory of this test's own."""
    kept = {name: getattr(django_settings, name) for name in ("DATA_DIR", "PAPERS_DIR", "EDITIONS_DIR")}
    django_settings.DATA_DIR = tmp_path
    django_settings.PAPERS_DIR, django_settings.EDITIONS_DIR = tmp_path / "papers", tmp_path / "editions"
    yield tmp_path
    for name, value in kept.items():
        setattr(django_settings, name, value)


def said(*words: str) -> Any:
    out = io.StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_everything_leaves_and_arrives_at_the_command_line(place: Path) -> None:
    full(place / "here")
    saved = said("archive", "save", SLUG, str(place / "all.zip"))
    assert (saved["partnership"], saved["published"], saved["bytes"]) == (SLUG, True, (place / "all.zip").stat().st_size)
    own = said("archive", "save", SLUG, str(place / "own.zip"), "--without-published")
    assert (own["published"], "registers.school" in own["tables"], saved["tables"]["registers.school"]) == (False, False, 6)
    with pytest.raises(CommandError, match=r"There is a file all\.zip already"):
        call_command("archive", "save", SLUG, str(place / "all.zip"))
    with pytest.raises(CommandError, match="There is no partnership “nowhere” here"):
        call_command("archive", "save", "nowhere", str(place / "x.zip"))
    emptied(place / "there")
    loaded = said("archive", "load", str(place / "all.zip"))
    assert (loaded["partnership"], loaded["rows"], loaded["already"], loaded["files"]) == (SLUG, saved["rows"], 0, 2)
    with pytest.raises(CommandError, match="There is a partnership “fernshire” here already"):
        call_command("archive", "load", str(place / "all.zip"))
    out = io.StringIO()
    call_command("archive", "save", SLUG, str(place / "again.zip"), stdout=out)
    assert out.getvalue().startswith(f"{place / 'again.zip'}: {saved['rows']:,} rows, ")


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of a test may be made from the models alone."""
    monkeypatch.setattr(queries, "_waiting_tables", lambda: 0)


def stands() -> dict[str, tuple[State, str]]:
    return {each.key: (each.state, each.says) for each in health(viewer="the operator", at=AT)}


@pytest.mark.usefixtures("sound")
def test_a_new_installation_says_what_it_lacks(place: Path) -> None:
    found = stands()
    assert {key: state for key, (state, _) in found.items() if key != "disk"} == {
        "database": State.WELL, "tables": State.WELL, "keys": State.WELL, "editions": State.WELL, "papers": State.WELL,
        "letters": State.WELL, "worker": State.FAULT, "backup": State.FAULT,
    }  # fmt: skip
    (place / "worker-seen").write_text(AT.isoformat())
    (place / "last-backup.json").write_text(json.dumps({"at": AT.isoformat(), "where": "/elsewhere"}))
    found = stands()
    assert [found[key][0] for key in ("worker", "backup")] == [State.WELL, State.WELL]
    for broken in ("", "{}", "[1]"):
        (place / "last-backup.json").write_text(broken)
        assert stands()["backup"][1] == "No backup was ever made here."
    (place / "worker-seen").write_text("yesterday")
    assert stands()["worker"][1] == "The worker has never run here."


@pytest.mark.usefixtures("sound")
def test_files_that_are_gone_or_altered_are_named(place: Path) -> None:
    full(place / "here")
    assert [stands()[key] for key in ("editions", "papers")] == [
        (State.WELL, "1 editions kept as Parquet, each in its folder."), (State.WELL, "1 documents, each in its folder."),
    ]  # fmt: skip
    (django_settings.EDITIONS_DIR / "deadbeef.parquet").write_bytes(b"PAR1 half")
    (django_settings.PAPERS_DIR / Paper.objects.get().digest).write_bytes(b"What was never said")
    assert [stands()[key] for key in ("editions", "papers")] == [
        (State.FAULT, "Of 1 editions kept as Parquet, 1 are not well: deadbeef.parquet was altered."),
        (State.FAULT, "Of 1 documents, 1 are not well: Minutes was altered."),
    ]  # fmt: skip
    (django_settings.PAPERS_DIR / Paper.objects.get().digest).unlink()
    Edition.objects.update(withdrawn_at=AT)
    assert [stands()[key][1] for key in ("editions", "papers")] == [
        "0 editions kept as Parquet, each in its folder.", "Of 1 documents, 1 are not well: Minutes is missing.",
    ]  # fmt: skip


@pytest.mark.usefixtures("sound")
def test_letters_that_wait_rest_or_are_held_are_counted() -> None:
    world()
    Letter.objects.all().delete()
    given = {"to_address": "a@example.org", "kind": "x", "subject": "s", "body": "b"}
    Letter.objects.create(partnership="", queued_at=AT - timedelta(hours=2), **given)
    assert stands()["letters"] == (State.FAULT, "1 letters wait, 0 rest after five attempts.")
    Letter.objects.update(partnership=SLUG)
    Practice.objects.create(partnership=SLUG, since=AT, by="the test")
    assert stands()["letters"] == (State.WELL, "0 letters wait, 0 rest after five attempts, 1 are held in practice.")
    Letter.objects.create(partnership="", queued_at=AT, attempts=5, **given)
    assert stands()["letters"][1] == "0 letters wait, 1 rest after five attempts, 1 are held in practice."


@pytest.mark.usefixtures("sound")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets no key point nowhere")
def test_keys_that_point_nowhere_are_counted() -> None:
    here = world()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partnership_membership SET school_id = '100001' WHERE school_id = '990001'")
    assert stands()["keys"] == (State.FAULT, "1 keys point nowhere: partnership_membership 1.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partnership_membership SET school_id = '990001' WHERE school_id = '100001'")
    assert living(viewer=here["manager"]).startswith("1 partnerships, ")


def test_tables_that_are_behind_are_told_and_no_more_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_waiting_tables", lambda: 2)
    assert [key for key, (state, _) in stands().items() if state is State.FAULT] == ["tables", "worker", "backup"]
    monkeypatch.setattr(queries, "_problems", lambda: ("row 3 is missing",))
    assert list(stands()) == ["database", "worker", "disk", "backup"]


@pytest.mark.usefixtures("sound")
def test_the_report_ends_with_one_where_something_is_a_fault(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("check")
    assert ended.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "well     The database is sound."
    assert [line for line in lines if line.startswith("FAULT")] == [
        "FAULT    The worker has never run here.", "FAULT    No backup was ever made here.",
    ]  # fmt: skip
    django_settings.DEMONSTRATION = True
    try:
        found = said("check")
    finally:
        django_settings.DEMONSTRATION = False
    assert (found["ok"], [each["state"] for each in found["checks"] if each["key"] == "backup"]) == (True, ["to know"])
