"""Evidence taken from the team's phones: each writing once, however often it is sent, and each refusal in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer
from convenor.partnership.rules.refusals import NotThere, Refused, TooMany
from convenor.peer_review.actions.review_rows import NOT_THERE, locked
from convenor.peer_review.models import Activity, EvidenceNote, EvidenceText, PeerReview
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.evidence_wire import begun_at, read_writing, uid_of
from convenor.peer_review.rules.merging import BATCH_AT_MOST, Arrival, LogStands, Writing, arrival, check_strike, log_stands, why_not_taken
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.refusals import NoWords, OutOfTurn


@dataclass(frozen=True, slots=True)
class RefusedWriting:
    """A writing that was not taken, and why. `later`: it will be, without anybody doing anything to it."""

    uid: str
    why: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch: the numbers of those that are in the log now, and those that are not."""

    taken: tuple[str, ...]
    refused: tuple[RefusedWriting, ...]


@dataclass(slots=True)
class _Log:
    """The log as far as a batch touches it, while the batch is taken."""

    review: PeerReview
    stands: LogStands
    why: str
    texts: dict[str, Writing]
    notes: dict[str, EvidenceNote]
    elsewhere: frozenset[str]
    activities: frozenset[int]
    new_notes: list[EvidenceNote]
    new_texts: list[EvidenceText]


def take_evidence(*, slug: str, review_id: int, items: Sequence[Mapping[str, Any]], by: Viewer, at: datetime) -> Taken:
    """Takes up to fifty writings of the team's evidence, in the order given; one that is there already counts as taken.

    Each is taken or refused for itself, so that one that is too long holds up no other. Raises NotThere for anybody who is not
    of the team or whom the review is closed to, and TooMany; then nothing is taken.
    """
    if len(items) > BATCH_AT_MOST:
        raise TooMany(f"At most {BATCH_AT_MOST} notes are sent at one time. Nothing was changed.")
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at)
        if not here.parts or not here.sees(Sight.EVIDENCE):
            raise NotThere(NOT_THERE)
        log = _opened(row, here, items)
        taken, refused = [], []
        for item in items:
            try:
                _take(item, log, by=by, at=at)
            except Refused as error:
                later = log.stands is LogStands.LATER and isinstance(error, OutOfTurn)
                refused.append(RefusedWriting(str(item.get("uid", "")), str(error), later))
            else:
                taken.append(uid_of(item.get("uid")))
        _keep(log, slug=slug, by=by, at=at)
    return Taken(tuple(taken), tuple(refused))


def _opened(row: PeerReview, here: ReviewHere, items: Sequence[Mapping[str, Any]]) -> _Log:
    """What the batch needs to know of the log: three queries, whatever its length."""
    uids = {each for each in (uid_of(item.get("uid")) for item in items) if each}
    named = {each for each in (uid_of(item.get("note")) for item in items) if each}
    found = EvidenceText.objects.filter(Q(uid__in=uids) | Q(note__uid__in=named)).select_related("note")
    notes = {str(each.uid): each for each in EvidenceNote.objects.filter(uid__in=named)}
    return _Log(
        review=row,
        stands=log_stands(here.state, here.resumes),
        why=why_not_taken(here.state, here.resumes),
        texts={str(each.uid): each.writing for each in found},
        notes=notes,
        elsewhere=frozenset(uid for uid, each in notes.items() if each.review_id != row.pk),
        activities=frozenset(Activity.objects.filter(review=row).values_list("pk", flat=True)),
        new_notes=[],
        new_texts=[],
    )


def _take(item: Mapping[str, Any], log: _Log, *, by: Viewer, at: datetime) -> None:
    """One writing into the log. Raises a refusal in words."""
    assert by.person_id is not None, "whoever is of the team is known"
    writing = read_writing(item, by=by.person_id, at=at, activities=log.activities)
    came = arrival(log.texts.get(writing.uid), writing)
    if came is Arrival.ANOTHER or writing.note in log.elsewhere:
        raise NoWords("Another note bears this one’s number. Copy its words and write it again.")
    if came is Arrival.SAME:
        return
    if log.stands is not LogStands.OPEN:
        raise OutOfTurn(log.why)
    note = log.notes.get(writing.note)
    struck_before = any(log.texts[uid].struck for uid in writing.parents if uid in log.texts)
    check_strike(writing, begun_by=note.by_id if note is not None else None, struck_before=struck_before)
    if note is None:
        note = EvidenceNote(uid=writing.note, review=log.review, begun_at=begun_at(item, writing), received_at=at, by_id=by.person_id)
        log.notes[writing.note] = note
        log.new_notes.append(note)
    log.texts[writing.uid] = writing
    log.new_texts.append(
        EvidenceText(
            uid=writing.uid, note=note, parents=list(writing.parents), activity_id=writing.activity, kind=writing.kind, theme=writing.theme,
            words=writing.words, struck=writing.struck, device=writing.device, sequence=writing.sequence, written_at=writing.written_at,
            received_at=at, by_id=by.person_id,
        )
    )  # fmt: skip


def _keep(log: _Log, *, slug: str, by: Viewer, at: datetime) -> None:
    """Writes what is new, in order, and records that evidence came: how many, never what."""
    if not log.new_texts:
        return
    EvidenceNote.objects.bulk_create(log.new_notes)
    EvidenceText.objects.bulk_create(log.new_texts)
    journal.record(
        by=by, at=at, verb="review.evidence", subject_kind="peer-review", subject_key=log.review.pk, partnership=slug,
        subject_label=log.review.school.name, urn=log.review.school_id, detail={"writings": len(log.new_texts)},
    )  # fmt: skip
