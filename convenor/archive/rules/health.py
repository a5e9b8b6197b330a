"""How an installation stands: each thing that is looked at, whether it is well, and what to do where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

GIGABYTE: Final = 1_000_000_000
#: So long a letter may wait before somebody should know.
LETTERS_WAIT: Final = timedelta(hours=1)
#: The worker looks every few seconds; not seen for so long, it does not run.
WORKER_QUIET: Final = timedelta(minutes=15)
#: A backup older than this is too old.
BACKUP_OLD: Final = timedelta(days=2)


class State(StrEnum):
    """How it stands."""

    WELL = "well"
    NOTE = "to know"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do, "" where there is nothing to do."""

    key: str
    state: State
    says: str
    remedy: str = ""


def is_well(findings: tuple[Finding, ...]) -> bool:
    """Whether nothing is a fault."""
    return all(each.state is not State.FAULT for each in findings)


def database(problems: tuple[str, ...]) -> Finding:
    """Whether the database is sound, from what it says itself."""
    if not problems:
        return Finding("database", State.WELL, "The database is sound.")
    return Finding(
        "database", State.FAULT, f"The database is damaged: {'; '.join(problems[:3])}.",
        "Stop the site and run: convenor restore DIR --over, with the folder of your last backup.",
    )  # fmt: skip


def tables(waiting: int) -> Finding:
    """Whether the tables are those of this version; `waiting` changes are not made yet."""
    if not waiting:
        return Finding("tables", State.WELL, "The tables are those of this version.")
    return Finding(
        "tables", State.FAULT, f"{waiting} changes of the tables have not been made.", "Run: convenor migrate (serve does it too)."
    )


def keys(loose: dict[str, int]) -> Finding:
    """Whether every key points to a row; `loose` counts those that do not, by table."""
    if not loose:
        return Finding("keys", State.WELL, "Every key points to a row.")
    told = ", ".join(f"{name} {count}" for name, count in sorted(loose.items())[:5])
    return Finding(
        "keys", State.FAULT, f"{sum(loose.values())} keys point nowhere: {told}.",
        "Restore your last backup that was whole, or ask whoever looks after the installation.",
    )  # fmt: skip


def files(key: str, name: str, *, rows: int, missing: tuple[str, ...], altered: tuple[str, ...], remedy: str) -> Finding:
    """Whether the files that rows name are in their folder and are what they were."""
    wrong = [*(f"{each} is missing" for each in missing), *(f"{each} was altered" for each in altered)]
    if not wrong:
        return Finding(key, State.WELL, f"{rows} {name}, each in its folder.")
    return Finding(key, State.FAULT, f"Of {rows} {name}, {len(wrong)} are not well: {'; '.join(wrong[:3])}.", remedy)


def letters(*, waiting: int, oldest: datetime | None, resting: int, held: int, at: datetime) -> Finding:
    """Letters that have not left: `waiting`, the oldest since `oldest`; `resting` after too many attempts; `held` in practice."""
    told = f"{waiting} letters wait, {resting} rest after five attempts" + (f", {held} are held in practice" if held else "")
    if resting or (oldest is not None and at - oldest > LETTERS_WAIT):
        return Finding(
            "letters", State.FAULT, f"{told}.",
            "See the page of letters that could not be sent; check CONVENOR_EMAIL_URL and that the worker runs (convenor worker).",
        )  # fmt: skip
    return Finding("letters", State.WELL, f"{told}.")


def worker(seen: datetime | None, *, at: datetime, demonstration: bool) -> Finding:
    """When the background jobs last ran."""
    if seen is not None and at - seen <= WORKER_QUIET:
        return Finding("worker", State.WELL, "The worker runs.")
    says = "The worker has never run here." if seen is None else f"The worker was last seen {_ago(at - seen)} ago."
    return Finding("worker", State.NOTE if demonstration else State.FAULT, says, "Start it beside the site: convenor worker.")


def disk(*, free: int, needed: int) -> Finding:
    """Room on the disk, in bytes: `needed` is what one more backup would take."""
    says = f"{free / GIGABYTE:.1f} GB are free."
    if free < max(GIGABYTE, 2 * needed):
        return Finding("disk", State.FAULT, says, "Make room: move old backups and archives elsewhere.")
    return Finding("disk", State.WELL, says)


def backup(made: datetime | None, *, where: str, at: datetime, demonstration: bool) -> Finding:
    """When the last backup was made."""
    if made is not None and at - made <= BACKUP_OLD:
        return Finding("backup", State.WELL, f"The last backup was made {_ago(at - made)} ago, in {where}.")
    says = "No backup was ever made here." if made is None else f"The last backup was made {_ago(at - made)} ago, in {where}."
    return Finding(
        "backup", State.NOTE if demonstration else State.FAULT, says, "Run every night: convenor backup DIR --keep 14, on another disk."
    )


def _ago(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    return f"{hours} hours" if hours < 72 else f"{span.days} days"
