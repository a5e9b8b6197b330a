"""How a writing travels between a phone and the server, and which activity a note most likely belongs to.

What a device sends is what a stranger may send: each part is read on its own, and what cannot be read is refused in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from convenor.peer_review.rules.merging import KINDS, Writing, check_words
from convenor.peer_review.rules.refusals import NoWords
from convenor.peer_review.rules.themes import THEMES

#: The most writings that one may name as its parents: two, or as many as stood apart.
PARENTS_AT_MOST: Final = 20
DEVICE_AT_MOST: Final = 40
#: No note was written before this; a device that says so has lost its clock.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MOST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class VisitActivity:
    """An activity of the visit, as far as choosing one asks. `mine`: whoever takes the note takes part in it."""

    pk: int
    title: str
    on: date
    starts: time
    ends: time
    mine: bool = True


def uid_of(given: object) -> str:
    """A writing's or a note's number as it is kept; empty for what is none."""
    try:
        return str(UUID(given)) if isinstance(given, str) else ""
    except ValueError:
        return ""


def read_writing(given: Mapping[str, Any], *, by: int, at: datetime, activities: Iterable[int]) -> Writing:
    """The writing that a device sent. An activity, kind or theme that is not known is left out: the words count.

    A clock that runs ahead is set to `at`, one that has lost the year to `EARLIEST`. Raises
    NoWords for words that are missing or too long, and for what is no writing.
    """
    uid, note = uid_of(given.get("uid")), uid_of(given.get("note"))
    written_at = _instant(given.get("written_at"))
    words = given.get("words", "")
    parents = given.get("parents", [])
    if not uid or not note or written_at is None or not isinstance(words, str) or not isinstance(parents, list):
        raise NoWords("This note cannot be read. Copy its words and write it again.")
    struck = given.get("struck") is True
    kind, theme, activity = given.get("kind"), given.get("theme"), given.get("activity")
    return Writing(
        uid, note,
        parents=tuple(dict.fromkeys(each for each in map(uid_of, parents[:PARENTS_AT_MOST]) if each and each != uid)),
        words=check_words(_whole(words), struck=struck),
        written_at=min(written_at, at),
        activity=activity if isinstance(activity, int) and activity is not True and activity in set(activities) else None,
        kind=kind if isinstance(kind, str) and kind in KINDS else "",
        theme=theme if isinstance(theme, str) and theme in THEMES else "",
        struck=struck,
        device=_whole(str(given.get("device") or "")).replace("\x00", "")[:DEVICE_AT_MOST],
        sequence=_count(given.get("sequence")),
        by=by,
    )  # fmt: skip


def begun_at(given: Mapping[str, Any], writing: Writing) -> datetime:
    """When the note of this writing was begun, as the device says; never after the writing itself."""
    said = _instant(given.get("begun_at"))
    return min(said, writing.written_at) if said is not None else writing.written_at


def wire(writing: Writing) -> dict[str, Any]:
    """A writing as it travels; `read_writing` reads it back as it was."""
    return {
        "uid": writing.uid, "note": writing.note, "parents": list(writing.parents), "words": writing.words,
        "written_at": writing.written_at.isoformat(), "activity": writing.activity, "kind": writing.kind, "theme": writing.theme,
        "struck": writing.struck, "device": writing.device, "sequence": writing.sequence,
    }  # fmt: skip


def nearest(activities: Iterable[VisitActivity], *, on: date, at: time) -> int | None:
    """The activity of the day that goes on, or begins or ended nearest to a time, local; one's own before others'. None on other days."""
    today = [each for each in activities if each.on == on]
    chosen = [each for each in today if each.mine] or today
    if not chosen:
        return None
    return min(chosen, key=lambda each: (_apart(each, on, at), each.starts, each.pk)).pk


def _apart(each: VisitActivity, on: date, at: time) -> timedelta:
    """How long until it begins, or since it ended; nothing while it goes on."""
    now = datetime.combine(on, at)
    return max(datetime.combine(on, each.starts) - now, now - datetime.combine(on, each.ends), timedelta(0))


def _instant(given: object) -> datetime | None:
    """An instant with its zone; a device that names none means universal time. None for what is no instant."""
    try:
        found = datetime.fromisoformat(given) if isinstance(given, str) else None
        if found is None:
            return None
        return max(found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC), EARLIEST)
    except (ValueError, OverflowError):
        return None


def _whole(text: str) -> str:
    """The text with half characters, which no store can keep, made question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _count(given: object) -> int:
    """A device's own count; nought for what is none."""
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= _MOST else 0
