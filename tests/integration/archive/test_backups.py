"""A backup is made, is sound, and comes back; nothing that lives is lost."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from convenor.archive.actions import back_up, backing_up, databases, restore
from convenor.archive.rules.backups import LIST, NoBackup
from convenor.archive.rules.refusals import ArchiveRefused
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from tests.factories.partnership import AT, world

pytestmark = pytest.mark.django_db


class Place:
    """An installation of the test's own: a small database, a document, an edition and a key, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "convenor.sqlite3"
        self.living = ""
        self.closed = 0
        (folder / "papers").mkdir(parents=True)
        (folder / "editions").mkdir()
        (folder / "papers" / "ab").write_bytes(b"minutes")
        (folder / "editions" / "e.parquet").write_bytes(b"PAR1PAR1")
        (folder / "editions" / ".e.77").write_bytes(b"half")
        (folder / "secret-key").write_text("k" * 60)
        self.write("first")

    def write(self, words: str) -> None:
        with closing(sqlite3.connect(self.database)) as base:
            base.executescript("PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS said (words TEXT);")
            base.execute("INSERT INTO said VALUES (?)", [words])
            base.commit()

    def said(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as base:
            return [row[0] for row in base.execute("SELECT words FROM said ORDER BY rowid")]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    kept = {name: getattr(django_settings, name) for name in ("DATA_DIR", "PAPERS_DIR", "EDITIONS_DIR")}
    here = Place(tmp_path / "here")
    for name, folder in (("DATA_DIR", here.folder), ("PAPERS_DIR", here.folder / "papers"), ("EDITIONS_DIR", here.folder / "editions")):
        setattr(django_settings, name, folder)
    stand_in = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": str(here.database)}, close=lambda: None)
    monkeypatch.setattr(databases, "connection", stand_in)
    monkeypatch.setattr(backing_up, "living", lambda viewer: here.living)
    yield here
    for name, value in kept.items():
        setattr(django_settings, name, value)


def made(into: Path, hours: int = 0, **more: Any) -> Any:
    return back_up(into=into, by="the operator", at=AT + timedelta(hours=hours), **more)


def test_a_backup_holds_the_database_the_documents_and_the_editions_and_not_the_key(place: Place, tmp_path: Path) -> None:
    done = made(tmp_path / "b")
    assert sorted(str(each.relative_to(done.folder)) for each in done.folder.rglob("*") if each.is_file()) == [
        "backup.json", "database.sqlite3", "editions/e.parquet", "papers/ab",
    ]  # fmt: skip
    assert (done.folder.name, done.forgotten) == ("convenor-20261102T090000Z", ())
    said = json.loads((done.folder / LIST).read_text())
    assert said["key"] == {"included": False, "kept": str(place.folder / "secret-key")}
    last = json.loads((place.folder / "last-backup.json").read_text())
    assert (last["at"], last["where"]) == ("2026-11-02T09:00:00+00:00", str(done.folder))
    assert list(Entry.objects.values_list("verb", "subject_label", "partnership")) == [("backup.made", done.folder.name, "")]
    assert {oct(each.stat().st_mode & 0o777) for each in done.folder.rglob("*") if each.is_file() and each.name != LIST} == {"0o600"}


def test_a_copy_is_of_one_moment_while_somebody_writes(place: Place, tmp_path: Path) -> None:
    with closing(sqlite3.connect(place.database)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        busy.execute("INSERT INTO said VALUES ('half said')")
        done = made(tmp_path / "b")
        busy.rollback()
    with closing(sqlite3.connect(done.folder / "database.sqlite3")) as copy:
        assert [row[0] for row in copy.execute("SELECT words FROM said")] == ["first"]


def test_what_did_not_change_stands_once_on_the_disk(place: Place, tmp_path: Path) -> None:
    first, second = made(tmp_path / "b"), made(tmp_path / "b", 1)
    assert (first.folder / "papers" / "ab").samefile(second.folder / "papers" / "ab")
    assert not (first.folder / "database.sqlite3").samefile(second.folder / "database.sqlite3")


def test_so_many_backups_stay(place: Place, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "letters").mkdir()
    made(tmp_path / "b")
    made(tmp_path / "b", 1)
    done = made(tmp_path / "b", 2, keep=2)
    assert done.forgotten == ("convenor-20261102T090000Z",)
    assert sorted(each.name for each in (tmp_path / "b").iterdir()) == ["convenor-20261102T100000Z", "convenor-20261102T110000Z", "letters"]


def test_it_comes_back_as_it_was_and_what_stood_there_is_kept_beside(place: Place, tmp_path: Path) -> None:
    made(tmp_path / "b", with_key=True)
    place.write("later")
    (place.folder / "papers" / "ab").write_bytes(b"altered")
    (place.folder / "papers" / "cd").write_bytes(b"newer")
    (place.folder / "secret-key").write_text("other")
    place.living = "1 partnerships, 3 people"
    with pytest.raises(ArchiveRefused, match=r"There is a living database here: 1 partnerships, 3 people\. Nothing was changed\..*--over"):
        restore(source=tmp_path / "b", by="the operator", at=AT)
    assert place.said() == ["first", "later"]
    done = restore(source=tmp_path / "b", over=True, by="the operator", at=AT)
    assert (place.said(), (place.folder / "papers" / "ab").read_bytes()) == (["first"], b"minutes")
    assert ((place.folder / "papers" / "cd").read_bytes(), (place.folder / "secret-key").read_text()) == (b"newer", "k" * 60)
    kept = Path(done.kept)
    assert (kept.name, (kept / "papers" / "ab").read_bytes(), (kept / "secret-key").read_text()) == (
        "before-restore-20261102T090000Z", b"altered", "other",
    )  # fmt: skip
    with closing(sqlite3.connect(kept / "convenor.sqlite3")) as old:
        assert [row[0] for row in old.execute("SELECT words FROM said ORDER BY rowid")] == ["first", "later"]
    assert Entry.objects.order_by("-pk")[0].verb == "backup.restored"


def test_into_an_empty_place_it_comes_without_asking(place: Place, tmp_path: Path) -> None:
    folder = made(tmp_path / "b").folder
    for each in ("convenor.sqlite3", "papers/ab", "editions/e.parquet"):
        (place.folder / each).unlink()
    done = restore(source=folder, by="the operator", at=AT)
    assert (done.kept, place.said(), (place.folder / "editions" / "e.parquet").read_bytes()) == ("", ["first"], b"PAR1PAR1")


def test_a_database_in_use_is_never_replaced(place: Place, tmp_path: Path) -> None:
    made(tmp_path / "b")
    with closing(sqlite3.connect(place.database)) as site:
        site.execute("SELECT * FROM said").fetchall()
        with pytest.raises(ArchiveRefused, match=r"The database is in use\. Nothing was changed\. Stop the site and the worker"):
            restore(source=tmp_path / "b", by="the operator", at=AT, over=True)
    assert place.said() == ["first"]


def test_a_damaged_database_is_found_at_once_and_can_be_replaced(place: Place, tmp_path: Path) -> None:
    good = made(tmp_path / "b")
    place.database.write_bytes(b"SQLite format 3\x00" + b"\x01" * 8000)
    with pytest.raises(ArchiveRefused, match=r"The database could not be copied: file is not a database\. Nothing was kept"):
        made(tmp_path / "b", 1)
    assert [each.name for each in (tmp_path / "b").iterdir()] == [good.folder.name]
    restore(source=tmp_path / "b", by="the operator", at=AT)
    assert place.said() == ["first"]


def test_a_backup_that_was_altered_or_is_none_is_refused(place: Place, tmp_path: Path) -> None:
    folder = made(tmp_path / "b").folder
    (folder / "papers" / "ab").write_bytes(b"minutez")
    with pytest.raises(NoBackup, match="damaged: papers/ab is not as its list says"):
        restore(source=folder, by="the operator", at=AT)
    (folder / "papers" / "ab").unlink()
    with pytest.raises(NoBackup, match="damaged: papers/ab"):
        restore(source=folder, by="the operator", at=AT)
    with pytest.raises(NoBackup, match="There is no backup in"):
        restore(source=tmp_path / "nowhere", by="the operator", at=AT)
    (folder / LIST).write_bytes(b"\xff\xfe")
    with pytest.raises(NoBackup, match="cannot be read"):
        restore(source=folder, by="the operator", at=AT)
    other = json.loads((made(tmp_path / "c").folder / LIST).read_text())
    other["database"] = "database.dump"
    other["files"]["database.dump"] = other["files"].pop("database.sqlite3")
    moved = tmp_path / "c" / "convenor-20261102T090000Z"
    (moved / "database.sqlite3").rename(moved / "database.dump")
    (moved / LIST).write_text(json.dumps(other))
    with pytest.raises(NoBackup, match="another kind of database"):
        restore(source=moved, by="the operator", at=AT)
    assert place.said() == ["first"]


def test_a_backup_that_cannot_be_written_leaves_nothing(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveRefused, match=r"could not be written: .* Nothing was kept of it"):
        made(tmp_path / "file" / "b")
    made(tmp_path / "b")
    with pytest.raises(ArchiveRefused, match="There is a backup convenor-20261102T090000Z already"):
        made(tmp_path / "b")


def test_only_the_operator_backs_up_and_restores(place: Place, tmp_path: Path) -> None:
    here = world()
    with pytest.raises(NotAllowed):
        back_up(into=tmp_path / "b", by=here["manager"], at=AT)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        restore(source=tmp_path / "b", by=here["manager"], at=AT)  # type: ignore[arg-type]
    assert not (tmp_path / "b").exists()


def test_the_commands_say_what_they_did(place: Place, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("backup", str(tmp_path / "b"), "--keep", "3", stdout=out)
    assert out.getvalue().split(": ")[1].startswith("3 files, 0.0 MB, read again and sound; without the key, which is kept in ")
    out = io.StringIO()
    call_command("restore", str(tmp_path / "b"), "--json", stdout=out)
    assert sorted(json.loads(out.getvalue())) == ["kept", "made", "made_with"]
    for words, match in ((("backup", str(tmp_path / "b"), "--keep", "0"), "At least one"), (("restore", str(tmp_path / "x")), "no backup")):
        with pytest.raises(CommandError, match=match):
            call_command(*words)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own programs")
def test_postgresql_is_copied_by_its_own_programs(tmp_path: Path) -> None:
    databases.copy_to(tmp_path / "database.dump")
    assert (tmp_path / "database.dump").read_bytes()[:5] == b"PGDMP"


def test_a_program_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in = SimpleNamespace(
        vendor="postgresql", settings_dict={"NAME": "n", "HOST": "127.0.0.1", "PORT": 1, "USER": "u"}, close=lambda: None
    )
    monkeypatch.setattr(databases, "connection", stand_in)
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/false")
    with pytest.raises(ArchiveRefused, match="pg_dump could not do it"):
        databases.copy_to(tmp_path / "x")
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/true")
    databases.put_back(tmp_path / "database.dump", keep_old=tmp_path / "old")
    assert (tmp_path / "old").is_dir()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(databases, "Path", lambda *_: tmp_path / "nowhere")
    with pytest.raises(ArchiveRefused, match="The program pg_dump is not installed"):
        databases.copy_to(tmp_path / "x")
