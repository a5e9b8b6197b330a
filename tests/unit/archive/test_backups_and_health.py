"""What a backup says of itself, which old ones go, and how an installation stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.archive.rules import health
from convenor.archive.rules.backups import Backup, NoBackup, backups_among, name_of, read_backup, to_forget
from convenor.archive.rules.form import FileMade
from convenor.archive.rules.health import Finding, State, is_well
from convenor.archive.rules.taking import GIVEN_UP, TakingState, file_name, kept_until, may_begin

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HELD = Backup("2026-11-02T09:00:00+00:00", "Convenor 0", "database.sqlite3", False, "/k", {"database.sqlite3": FileMade(3, "d")})


def test_a_list_is_read_as_it_was_written() -> None:
    assert read_backup(HELD.as_json()) == HELD
    assert HELD.size == 3


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"format": 2}, "of form 2; this version of Convenor knows forms up to 1"),
        ({"files": {}}, "names files that no backup holds"),
        ({"files": {"database.sqlite3": {"bytes": 1, "sha256": "d"}, "../x": {"bytes": 1, "sha256": "d"}}}, "names files that no backup"),
        ({"files": 3}, "cannot be read"),
        ({"key": None}, "cannot be read"),
    ],
)
def test_a_list_that_is_none_is_refused(change: dict[str, object], match: str) -> None:
    with pytest.raises(NoBackup, match=match) as error:
        read_backup(json.dumps(json.loads(HELD.as_json()) | change))
    assert str(error.value).count("Nothing was changed.") == 1


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(NoBackup):
        read_backup(text)


def test_names_stand_in_the_order_of_time() -> None:
    names = [name_of(AT + timedelta(hours=hours)) for hours in (0, 30, 5)]
    assert names[0] == "convenor-20261102T090000Z"
    assert backups_among([*names, "convenor-x", ".part"]) == [names[1], names[2], names[0]]


@given(st.sets(st.integers(0, 50)), st.none() | st.integers(1, 9))
def test_so_many_stay_and_the_oldest_go(hours: set[int], keep: int | None) -> None:
    names = [name_of(AT + timedelta(hours=each)) for each in hours]
    gone = to_forget([*names, "letters"], keep=keep)
    stay = sorted(set(names) - set(gone))
    assert len(stay) == (len(names) if keep is None else min(keep, len(names)))
    assert all(old < new for old in gone for new in stay)


LETTERS = {"waiting": 1, "oldest": AT - timedelta(minutes=59), "resting": 0, "held": 0, "at": AT}
FILES = {"rows": 2, "missing": (), "altered": (), "remedy": "Mend it."}


@pytest.mark.parametrize(
    ("found", "state", "says"),
    [
        (health.database(()), State.WELL, "The database is sound."),
        (health.database(("a", "b")), State.FAULT, "The database is damaged: a; b."),
        (health.tables(0), State.WELL, "The tables are those of this version."),
        (health.tables(2), State.FAULT, "2 changes of the tables have not been made."),
        (health.keys({}), State.WELL, "Every key points to a row."),
        (health.keys({"b": 1, "a": 2}), State.FAULT, "3 keys point nowhere: a 2, b 1."),
        (health.files("papers", "documents", **FILES), State.WELL, "2 documents, each in its folder."),  # type: ignore[arg-type]
        (
            health.files("papers", "documents", **FILES | {"missing": ("A",), "altered": ("B",)}),  # type: ignore[arg-type]
            State.FAULT, "Of 2 documents, 2 are not well: A is missing; B was altered.",
        ),
        (health.letters(**LETTERS), State.WELL, "1 letters wait, 0 rest after five attempts."),  # type: ignore[arg-type]
        (
            health.letters(**LETTERS | {"oldest": AT - timedelta(minutes=61), "held": 4}),  # type: ignore[arg-type]
            State.FAULT, "1 letters wait, 0 rest after five attempts, 4 are held in practice.",
        ),
        (
            health.letters(**LETTERS | {"oldest": None, "waiting": 0, "resting": 2}),  # type: ignore[arg-type]
            State.FAULT, "0 letters wait, 2 rest after five attempts.",
        ),
        (health.worker(AT - timedelta(minutes=15), at=AT, demonstration=False), State.WELL, "The worker runs."),
        (
            health.worker(AT - timedelta(minutes=16), at=AT, demonstration=False),
            State.FAULT, "The worker was last seen less than an hour ago.",
        ),
        (health.worker(None, at=AT, demonstration=True), State.NOTE, "The worker has never run here."),
        (health.disk(free=1_000_000_000, needed=500_000_000), State.WELL, "1.0 GB are free."),
        (health.disk(free=999_999_999, needed=0), State.FAULT, "1.0 GB are free."),
        (health.disk(free=5_000_000_000, needed=3_000_000_000), State.FAULT, "5.0 GB are free."),
        (
            health.backup(AT - timedelta(days=2), where="/b", at=AT, demonstration=False),
            State.WELL, "The last backup was made 48 hours ago, in /b.",
        ),
        (
            health.backup(AT - timedelta(days=9), where="/b", at=AT, demonstration=False),
            State.FAULT, "The last backup was made 9 days ago, in /b.",
        ),
        (health.backup(None, where="", at=AT, demonstration=True), State.NOTE, "No backup was ever made here."),
    ],
)  # fmt: skip
def test_how_each_thing_stands(found: Finding, state: State, says: str) -> None:
    assert (found.state, found.says, bool(found.remedy)) == (state, says, state is not State.WELL)


def test_an_installation_is_well_where_nothing_is_a_fault() -> None:
    assert is_well((health.database(()), health.worker(None, at=AT, demonstration=True)))
    assert not is_well((health.database(()), health.tables(1)))


@pytest.mark.parametrize(
    ("state", "begun", "told"),
    [
        (TakingState.ASKED, None, True), (TakingState.MAKING, AT - GIVEN_UP, False), (TakingState.MAKING, None, True),
        (TakingState.MAKING, AT - GIVEN_UP - timedelta(seconds=1), True), (TakingState.READY, None, False),
        (TakingState.FAILED, None, False),
    ],
)  # fmt: skip
def test_an_archive_is_made_once(state: TakingState, begun: datetime | None, told: bool) -> None:
    assert may_begin(state, begun, at=AT) is told


def test_a_file_says_whose_it_is_and_goes_after_a_week() -> None:
    assert file_name("fernshire", AT, 7) == "convenor-fernshire-2026-11-02-7.zip"
    assert kept_until(AT) == datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
