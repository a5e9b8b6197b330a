"""Keeping the register of requests for information, and deciding on what was found. A person decides; nothing here advises.

The journal names a request by its number and kind alone: who asked, and about whom, is for those who answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of, record_looks
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.records.models import InformationRequest, RequestItem, RequestStop
from convenor.records.queries.finding import find, people_to_ask_about
from convenor.records.queries.requests import LOOKED_AT, answering, draft_of, in_words, stops_of
from convenor.records.rules import requests as rules
from convenor.records.rules.answering import DISCLOSES, Answer, Item, archive
from convenor.records.rules.classes import CLASSES, Holder
from convenor.records.rules.clock import KIND_SAYS, RequestKind, StopKind
from convenor.records.rules.decisions import DECIDED_SAYS, Decision, decide
from convenor.records.rules.refusals import ChangedMeanwhile, NoWords
from convenor.records.rules.states import RequestState
from convenor.registers.queries.schools import school

NO_REQUEST = "There is no such request in this partnership. Nothing was changed."


def record_request(
    *, slug: str, kind: RequestKind, asker: str, answer_to: str, words: str, received_on: date, person_id: int | None, urn: str,
    own_day: date | None, by: Viewer, at: datetime,
) -> InformationRequest:  # fmt: skip
    """Write down a request that came, about a person, a school, both or neither. Raises NotAllowed, NotThere for a person or school that is
    not known, and what `check_request` raises."""
    allow(by, Permission.REQUEST_ANSWER, partnership=slug)
    if person_id is not None and person_id not in {key for key, _ in people_to_ask_about(slug, viewer=by, at=at)}:
        raise NotThere("Nobody here is that person. Nothing was changed.")
    if urn and school(urn, viewer=by) is None:
        raise NotThere("No school has that URN. Nothing was changed.")
    asked = rules.check_request(
        kind, asker=asker, answer_to=answer_to, words=words, received_on=received_on, own_day=own_day,
        about_somebody=person_id is not None, today=day_of(at),
    )  # fmt: skip
    assert by.partnership is not None
    with transaction.atomic():
        row = InformationRequest.objects.create(
            partnership_id=by.partnership.id, kind=kind.value, asker=asked.asker, answer_to=asked.answer_to, words=asked.words,
            received_on=received_on, person_id=person_id, school_id=urn or None, own_day=asked.own_day, recorded_at=at,
            recorded_by=by.label[:200],
        )  # fmt: skip
        _journal(row, "request.recorded", slug, by, at)
    return row


def stop_clock(*, slug: str, request_id: int, kind: StopKind, from_on: date, note: str, by: Viewer, at: datetime) -> RequestStop:
    """The clock stands still: the asker was asked for something. Raises NotAllowed, NotThere, and what `check_stop` raises."""
    with transaction.atomic():
        row = _open(slug, request_id, by)
        known = stops_of(row.stops.all())
        rules.check_stop(RequestKind(row.kind), kind, from_on=from_on, received_on=row.received_on, stops=known, today=day_of(at))
        stop = RequestStop.objects.create(request=row, kind=kind.value, from_on=from_on, note=note.strip())
        _moved(row)
        _journal(row, "request.stopped", slug, by, at, why=kind.value)
    return stop


def go_on(*, slug: str, request_id: int, until_on: date, by: Viewer, at: datetime) -> RequestStop:
    """The asker's answer came, and the clock runs again. Raises NotAllowed, NotThere, and what `check_going_on` raises."""
    with transaction.atomic():
        row = _open(slug, request_id, by)
        stop = row.stops.filter(until_on=None).first()
        rules.check_going_on(stops_of([stop])[0] if stop else None, until_on=until_on, today=day_of(at))
        assert stop is not None
        stop.until_on = until_on
        stop.save(update_fields=["until_on"])
        _moved(row)
        _journal(row, "request.went-on", slug, by, at)
    return stop


def lengthen(*, slug: str, request_id: int, why: str, by: Viewer, at: datetime) -> InformationRequest:
    """Two months more for a subject access request, with the reason that the asker is told. Raises NotAllowed, NotThere, and what
    `check_longer` raises."""
    with transaction.atomic():
        row = _open(slug, request_id, by)
        row.longer_why = rules.check_longer(RequestKind(row.kind), why, already=bool(row.longer_why))
        _moved(row)
        _journal(row, "request.lengthened", slug, by, at)
    return row


def search(*, slug: str, request_id: int, words: str, by: Viewer, at: datetime) -> tuple[int, int]:
    """Looks for what is held about whom and what the request is about, and with these words: how much is new, and how much had changed.

    Found before and unchanged stays as it was decided; what has changed since it was decided on waits for a decision anew. Nothing that
    was found is ever dropped by looking again. Raises NotAllowed, NotThere, OutOfTurn, and NoWords when there is nothing to look by.
    """
    with transaction.atomic():
        row = _open(slug, request_id, by)
        if row.person_id is None and not row.school_id and len(words.strip()) < rules.LEAST_WORDS:
            raise NoWords("This request names nobody and no school: give a few words to look for. Nothing was changed.")
        known = {(each.table, each.key): each for each in row.items.exclude(table="")}
        new, changed = [], 0
        for each in find(slug, person_id=row.person_id, urn=row.school_id or "", words=words, viewer=by):
            before = known.get((each.table, each.key))
            if before is None:
                new.append(
                    RequestItem(
                        request=row, table=each.table, key=each.key, title=each.title, record_class=each.record_class, holder=each.holder,
                        urn=each.urn, content=list(each.lines), marks=each.marks, found_at=at,
                    )
                )  # fmt: skip
            elif before.content != list(each.lines):
                before.content, before.marks, before.title, before.found_at = list(each.lines), each.marks, each.title, at
                before.changed, before.version = bool(before.decision), before.version + 1
                before.save()
                changed += 1
        RequestItem.objects.bulk_create(new, batch_size=200)
        row.searched_at = at
        _moved(row)
        _journal(row, "request.searched", slug, by, at, detail={"new": len(new), "changed": changed})
    return len(new), changed


def add_found(
    *, slug: str, request_id: int, title: str, record_class: str, holder: Holder, note: str, by: Viewer, at: datetime
) -> RequestItem:  # fmt: skip
    """Something that is held elsewhere, such as on paper or by another, put beside what was found. Raises NotAllowed, NotThere,
    OutOfTurn, NoWords."""
    with transaction.atomic():
        row = _open(slug, request_id, by)
        name, said = rules.check_found_elsewhere(title, note)
        if record_class not in CLASSES:
            raise NoWords("Choose a class of record from the list. Nothing was changed.")
        found = RequestItem.objects.create(
            request=row, title=name, record_class=record_class, holder=holder.value, note=said, found_at=at
        )  # fmt: skip
        _moved(row)
        _journal(row, "request.found-elsewhere", slug, by, at)
    return found


def decide_on(
    *, slug: str, request_id: int, items: Iterable[int], decision: Decision, why: str, note: str, holder: Holder | None,
    left_out: Sequence[str], version: int | None, by: Viewer, at: datetime,
) -> int:  # fmt: skip
    """A person decides on one thing that was found, or the same on several; how many. `holder` None leaves each holder as it is.

    Raises NotAllowed, NotThere for anything that was not found for this request, OutOfTurn for a request that is over, ChangedMeanwhile
    for one thing that somebody else decided on since it was read, and what `decide` raises.
    """
    wanted = list(dict.fromkeys(items))
    with transaction.atomic():
        row = _open(slug, request_id, by)
        found = list(RequestItem.objects.select_for_update(of=("self",)).filter(request=row, pk__in=wanted))
        if not wanted or len(found) != len(wanted):
            raise NotThere("Tick what you decide on, of what was found for this request. Nothing was changed.")
        if version is not None and found[0].version != version:
            raise ChangedMeanwhile("Somebody decided on this while you were reading it. Nothing was changed.", now=found[0].version)
        fields = [line["name"] for line in found[0].content] if len(found) == 1 else []
        taken = decide(decision, why=why, note=note, left_out=left_out, fields=fields, many=len(found) > 1)
        for each in found:
            each.decision, each.why, each.left_out = taken.decision.value, taken.why, list(taken.left_out)
            each.note = taken.note or each.note
            each.holder = holder.value if holder else each.holder
            each.decided_at, each.decided_by, each.changed, each.version = at, by.label[:200], False, each.version + 1
            each.save()
        _moved(row)
        _journal(row, "request.decided", slug, by, at, detail={DECIDED_SAYS[decision]: len(found)})
    return len(found)


def write_letter(*, slug: str, request_id: int, words: str, version: int, by: Viewer, at: datetime) -> InformationRequest:
    """The letter to the asker. Raises NotAllowed, NotThere, OutOfTurn, NoWords, ChangedMeanwhile."""
    with transaction.atomic():
        row = _open(slug, request_id, by)
        if row.version != version:
            raise ChangedMeanwhile(
                "Somebody changed this request while you were writing. Copy your words, and look again.", now=row.version
            )
        row.letter = rules.check_letter(words)
        _moved(row)
        _journal(row, "request.letter-written", slug, by, at)
    return row


@dataclass(frozen=True, slots=True)
class Made:
    """An archive to answer with: its bytes, its digest, and how many records it discloses."""

    content: bytes
    digest: str
    disclosed: int


def make_archive(*, slug: str, request_id: int, as_docx: Callable[[str, str], bytes], by: Viewer, at: datetime) -> Made:
    """The archive to answer with: the letter, the list of decisions, and what is disclosed. `as_docx` makes a document of title and words.

    What is disclosed of schools' own records is a look at them, and is written down as one. Raises NotAllowed, NotThere, OutOfTurn while
    the clock stands still, and Undecided while somebody has yet to decide on something.
    """
    with transaction.atomic():
        row = _open(slug, request_id, by)
        rules.check_complete(_undecided(row), row.stops.filter(until_on=None).exists())
        whole = answering(slug, request_id, viewer=by, at=at)
        assert whole is not None
        words = whole.seen.letter or draft_of(whole.seen, viewer=by)
        said = Answer(
            row.pk, whole.seen.says, by.partnership.name if by.partnership else "", row.asker, in_words(row.received_on), row.words, words
        )
        items = [
            Item(number, each.title, each.record_class, each.holder, Decision(each.decision), each.why, each.left_out, each.lines)
            for number, each in enumerate(whole.items, start=1)
        ]
        content = archive(said, items, letter_docx=as_docx(f"Request {row.pk}", words))
        record_looks(by, urns=whole.urns, record=LOOKED_AT, at=at, by_right=Permission.REQUEST_ANSWER)
        made = Made(content, sha256(content).hexdigest(), sum(each.decision in DISCLOSES for each in items))
        _moved(row)
        _journal(row, "request.archive-taken", slug, by, at, detail={"sha256": made.digest, "records disclosed": made.disclosed})
    return made


def answer_request(*, slug: str, request_id: int, ended_on: date, note: str, by: Viewer, at: datetime) -> InformationRequest:
    """It was answered. Raises NotAllowed, NotThere, OutOfTurn, Undecided, WrongDay."""
    with transaction.atomic():
        row = _open(slug, request_id, by)
        rules.check_answered(ended_on=ended_on, received_on=row.received_on, undecided=_undecided(row), today=day_of(at))
        _end(row, RequestState.ANSWERED, ended_on, note)
        _journal(row, "request.answered", slug, by, at)
    return row


def take_back_request(*, slug: str, request_id: int, ended_on: date, note: str, by: Viewer, at: datetime) -> InformationRequest:
    """The asker took it back. What was found and decided stays as long as the request. Raises NotAllowed, NotThere, OutOfTurn, WrongDay."""
    with transaction.atomic():
        row = _open(slug, request_id, by)
        rules.check_answered(ended_on=ended_on, received_on=row.received_on, undecided=0, today=day_of(at))
        _end(row, RequestState.TAKEN_BACK, ended_on, note)
        _journal(row, "request.taken-back", slug, by, at)
    return row


def _open(slug: str, request_id: int, by: Viewer) -> InformationRequest:
    """The request, held until the transaction ends. Raises NotAllowed, NotThere, OutOfTurn for one that is over."""
    allow(by, Permission.REQUEST_ANSWER, partnership=slug)
    row = InformationRequest.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=request_id).first()
    if row is None:
        raise NotThere(NO_REQUEST)
    rules.check_open(RequestState(row.state))
    return row


def _undecided(row: InformationRequest) -> int:
    return row.items.filter(decision="").count() + row.items.filter(changed=True).exclude(decision="").count()


def _end(row: InformationRequest, state: RequestState, ended_on: date, note: str) -> None:
    row.state, row.ended_on, row.ended_note = state.value, ended_on, note.strip()
    row.stops.filter(until_on=None).update(until_on=ended_on)
    _moved(row)


def _moved(row: InformationRequest) -> None:
    row.version += 1
    row.save()


def _journal(
    row: InformationRequest, verb: str, slug: str, by: Viewer, at: datetime, *, why: str = "", detail: dict[str, Any] | None = None
) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="information-request", subject_key=row.pk,
        subject_label=f"Request {row.pk}: {KIND_SAYS[RequestKind(row.kind)].lower()}", partnership=slug, why=why, detail=detail,
    )  # fmt: skip
