"""Evidence from several devices, with and without a network, made into one log of which no word is ever lost.

A note is begun on one device and may be written again on any device of the team. Each writing names the writings it was made
from, its *parents*; none is ever changed. A note says what its *heads* say: the writings from which no other was made. Two heads
stand side by side until somebody joins them by a writing that names both. Whatever order writings arrive in, and however often,
the log is the same. Source: ours; the requirement is H2's "evidence captured on a phone, merged later without loss".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from convenor.peer_review.rules.refusals import NotYours, NoWords
from convenor.peer_review.rules.states import State

#: The longest note, in characters: about two pages, far more than anybody types in a corridor.
WORDS_AT_MOST: Final = 4000
#: The most writings that a device sends at one time.
BATCH_AT_MOST: Final = 50

#: What a note may say of what was seen: key, and the name that pages show.
KINDS: Final[dict[str, str]] = {"strength": "Strength", "even-better": "Even better if"}

#: While the log is open. A note that was written on the visit may arrive days later; once the report is final, it rests on what was there.
TAKING: Final = (State.ON_SITE, State.FED_BACK, State.REPORT_DRAFT)
_BEFORE: Final = (State.DRAFT, State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED)


@dataclass(frozen=True, slots=True)
class Writing:
    """One writing of a note. `sequence` counts on its device; `written_at` is by the device's own clock; `by` is who wrote."""

    uid: str
    note: str
    parents: tuple[str, ...]
    words: str
    written_at: datetime
    activity: int | None = None
    kind: str = ""
    theme: str = ""
    struck: bool = False
    device: str = ""
    sequence: int = 0
    by: int = 0

    @property
    def says(self) -> tuple[object, ...]:
        """What it says, by which two heads that agree are known."""
        return (self.words, self.activity, self.kind, self.theme, self.struck)


@dataclass(frozen=True, slots=True)
class MergedNote:
    """A note as it stands. `heads` are what it says now, oldest first: one, or several that were written apart and differ.

    `tips` are the uids that a next writing is made from, so that it joins all that stands; `begun` is its first writing,
    and `writings` are all of them, each after those it was made from.
    """

    uid: str
    begun: Writing
    heads: tuple[Writing, ...]
    tips: tuple[str, ...]
    writings: tuple[Writing, ...]

    @property
    def apart(self) -> bool:
        """Whether it was written on two devices apart, and nobody has joined the two yet."""
        return len(self.heads) > 1

    @property
    def struck(self) -> bool:
        """Whether its writer took it back, and nothing that stands beside says otherwise."""
        return all(each.struck for each in self.heads)


class Arrival(StrEnum):
    """What a writing that arrives is to what is there."""

    NEW = "new"
    SAME = "here already"
    ANOTHER = "another writing bears its number"


class LogStands(StrEnum):
    """Whether a review takes evidence: now, later, or no more."""

    OPEN = "open"
    LATER = "later"
    CLOSED = "closed"


def arrival(known: Writing | None, arriving: Writing) -> Arrival:
    """What to do with a writing: the same one sent twice is taken once; another with its number is never taken for it."""
    if known is None:
        return Arrival.NEW
    same = known.note == arriving.note and known.by == arriving.by and known.says == arriving.says
    return Arrival.SAME if same else Arrival.ANOTHER


def log_stands(state: State, resumes: State | None) -> LogStands:
    """Whether a review in this state takes evidence. A postponed one stands where it will go on; a withdrawn one takes no more."""
    if state is State.WITHDRAWN:
        return LogStands.CLOSED
    stands = resumes if state is State.POSTPONED and resumes is not None else state
    if stands in TAKING:
        return LogStands.OPEN
    return LogStands.LATER if stands in _BEFORE else LogStands.CLOSED


def why_not_taken(state: State, resumes: State | None) -> str:
    """In words, why a review takes no evidence in this state; empty where it takes some."""
    stands = log_stands(state, resumes)
    if stands is LogStands.OPEN:
        return ""
    if stands is LogStands.LATER:
        return "The visit has not been started yet. Notes are sent as soon as the lead reviewer or the school says that it has begun."
    if state is State.WITHDRAWN:
        return "The school has withdrawn from this review, so no more evidence is taken."
    return "The report is final, so no more evidence is taken. Copy what you need; then discard it here."


def check_words(words: str, *, struck: bool = False) -> str:
    """The words without space around them. Raises NoWords where there are none, or more than `WORDS_AT_MOST` characters."""
    kept = words.replace("\x00", "").strip()
    if not kept and not struck:
        raise NoWords("There are no words in this note.")
    if len(kept) > WORDS_AT_MOST:
        over, many = len(kept) - WORDS_AT_MOST, "" if len(kept) == WORDS_AT_MOST + 1 else "s"
        raise NoWords(f"This note is {over:,} character{many} too long; {WORDS_AT_MOST:,} at most. Write the rest as a second note.")
    return kept


def check_strike(writing: Writing, *, begun_by: int | None, struck_before: bool = False) -> None:
    """A note is taken back by whoever began it. Raises NotYours for anybody else; a writing on a note struck already may leave it so."""
    if writing.struck and not struck_before and begun_by is not None and begun_by != writing.by:
        raise NotYours("Only whoever wrote a note takes it back. You can write on it, and both stay in the log.")


def order_of(writing: Writing) -> tuple[datetime, str, int, str]:
    """By the device's clock, then its own count; the uid settles what is left, so that every reader sees one order."""
    return (writing.written_at, writing.device, writing.sequence, writing.uid)


def together(*several: Iterable[Writing]) -> dict[str, Writing]:
    """Writings from several places by their uid, each once; the first to name a uid keeps it."""
    found: dict[str, Writing] = {}
    for each in several:
        for writing in each:
            found.setdefault(writing.uid, writing)
    return found


def merged(writings: Iterable[Writing]) -> tuple[MergedNote, ...]:
    """The log of these writings: each note once, with what it says now, in order.

    The same whatever order they come in and however often. Notes of one device stand in the order in which they were begun there,
    by its count, even where its clock was set back in between; between devices the clock decides.
    """
    by_note: dict[str, list[Writing]] = {}
    for writing in together(sorted(writings, key=order_of)).values():
        by_note.setdefault(writing.note, []).append(writing)
    notes = [_note(uid, rows) for uid, rows in by_note.items()]
    return tuple(_in_order(notes))


def tips_of(writings: Mapping[str, Writing]) -> tuple[str, ...]:
    """The uids from which no other writing of the note was made, oldest first.

    Every writing is one of them or lies behind one, whatever parents were claimed: in a circle of writings that name each
    other the newest stands for the circle.
    """
    named = {parent for each in writings.values() for parent in each.parents if parent != each.uid}
    tips = {uid for uid in writings if uid not in named}
    behind = _behind(tips, writings)
    for each in sorted(writings.values(), key=order_of, reverse=True):
        if each.uid not in behind:
            tips.add(each.uid)
            behind |= _behind({each.uid}, writings)
    return tuple(sorted(tips, key=lambda uid: order_of(writings[uid])))


def _behind(tips: set[str], writings: Mapping[str, Writing]) -> set[str]:
    """These writings and all that they were made from."""
    found: set[str] = set()
    ahead = list(tips)
    while ahead:
        uid = ahead.pop()
        if uid in writings and uid not in found:
            found.add(uid)
            ahead.extend(writings[uid].parents)
    return found


def _note(uid: str, rows: list[Writing]) -> MergedNote:
    """One note from its writings, which come in order."""
    known = {each.uid: each for each in rows}
    tips = tips_of(known)
    heads: dict[tuple[object, ...], Writing] = {}
    for tip in tips:  # two people who wrote the very same words agree
        heads.setdefault(known[tip].says, known[tip])
    begun = next((each for each in rows if not each.parents), rows[0])
    return MergedNote(uid, begun, tuple(heads.values()), tips, _after_parents(rows))


def _after_parents(rows: list[Writing]) -> tuple[Writing, ...]:
    """The writings of a note, which come in order, each after those it was made from, whatever their devices' clocks say."""
    waiting, known, placed = list(rows), {each.uid for each in rows}, set[str]()
    found: list[Writing] = []
    while waiting:
        ready = (each for each in waiting if all(uid in placed or uid not in known or uid == each.uid for uid in each.parents))
        following = next(ready, waiting[0])  # writings that name each other: the earliest
        waiting.remove(following)
        placed.add(following.uid)
        found.append(following)
    return tuple(found)


def _in_order(notes: list[MergedNote]) -> list[MergedNote]:
    """The notes as they were begun: a device's own count before its clock, the clock between devices."""
    reached: dict[str, datetime] = {}
    began: dict[str, datetime] = {}
    for each in sorted(notes, key=lambda note: (note.begun.device, note.begun.sequence, note.begun.written_at, note.uid)):
        device = each.begun.device
        reached[device] = max(reached.get(device, datetime.min.replace(tzinfo=UTC)), each.begun.written_at)
        began[each.uid] = reached[device]
    return sorted(notes, key=lambda note: (began[note.uid], note.begun.device, note.begun.sequence, note.uid))
