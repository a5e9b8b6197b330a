"""Notes of contact, and who else works with a school."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from convenor.intelligence.queries.reach import member, standpoint
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.rules.themes import in_order
from convenor.support.actions.beside_letters import tell_school
from convenor.support.actions.deployment_rows import writer
from convenor.support.models import ContactMark, ContactNote, OtherSupport
from convenor.support.queries.others import may_enter
from convenor.support.rules.contact import check_mark, check_note
from convenor.support.rules.others import check_other
from convenor.support.rules.refusals import ChangedMeanwhile, OutOfTurn
from convenor.support.rules.states import Accuracy, ContactKind, OtherKind

NO_SCHOOL = "That school is no member of this partnership. Nothing was changed."


def write_contact(
    *, slug: str, urn: str, kind: ContactKind, on: date, words: str, next_step: str, by: Viewer, at: datetime
) -> ContactNote:  # fmt: skip
    """A note of contact with a member school, in a minute. Its head and chair are told that something waits, and read it first.

    By whoever may write one about this school: the lead of a body it sits in, its authority's officer, brokers, the manager. Raises
    NotThere, NotAllowed, and what `check_note` raises.
    """
    allow(by, Permission.CONTACT_NOTE, partnership=slug)
    school = member(urn, slug=slug, viewer=by, at=at)
    if school is None:
        raise NotThere(NO_SCHOOL)
    own = by.sees_record(urn)
    if not own and standpoint(school, viewer=by, permission=Permission.CONTACT_NOTE, at=at) is None:
        raise NotAllowed(f"You cannot {Permission.CONTACT_NOTE.value}: no post you hold today reaches this school. Nothing was changed.")
    said, after = check_note(words, next_step, on=on, today=day_of(at), own_school=own)
    assert by.partnership is not None
    with transaction.atomic():
        row = ContactNote.objects.create(
            partnership_id=by.partnership.id, school_id=urn, kind=kind.value, on=on, words=said, next_step=after, at=at, by_id=writer(by),
            by_label=by.label[:200],
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="contact.noted", subject_kind="contact-note", subject_key=row.pk, subject_label=school.name,
            partnership=slug, urn=urn,
        )  # fmt: skip
        tell_school(slug, urn, by=by, at=at)
    return row


def mark_contact(*, slug: str, note_id: int, accuracy: Accuracy, words: str, by: Viewer, at: datetime) -> ContactMark:
    """The school says whether a note is accurate, and where not, why: it stands beside the note for ever; it may say so again.

    Raises NotThere for anybody else, and what `check_mark` raises.
    """
    allow(by, Permission.SUPPORT_ASK, partnership=slug)
    note = ContactNote.objects.filter(partnership__slug=slug, pk=note_id).select_related("school").first()
    if note is None or not by.may(Permission.SUPPORT_ASK, urn=note.school_id):
        raise NotThere("There is no such note about your school. Nothing was changed.")
    said = check_mark(accuracy, words)
    with transaction.atomic():
        row = ContactMark.objects.create(note=note, accuracy=accuracy.value, words=said, at=at, by_id=writer(by))
        journal.record(
            by=by, at=at, verb="contact.marked", subject_kind="contact-note", subject_key=note.pk, subject_label=note.school.name,
            partnership=slug, urn=note.school_id,
        )  # fmt: skip
    return row


def enter_other(
    *, slug: str, urn: str, kind: OtherKind, name: str, about: Iterable[str], words: str, source: str, from_on: date,
    until_on: date | None, by: Viewer, at: datetime,
) -> OtherSupport:  # fmt: skip
    """Somebody else works with a school: who, on what, since when, and how we know. By the school, a broker, or whoever coordinates.

    Raises NotThere, NotAllowed, and what `check_other` raises.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    school = member(urn, slug=slug, viewer=by, at=at)
    if school is None:
        raise NotThere(NO_SCHOOL)
    if not may_enter(urn, viewer=by):
        raise NotAllowed("You cannot enter who works with this school: no post you hold today allows it. Nothing was changed.")
    said, does, known = check_other(kind, name, words, source, from_on=from_on, until_on=until_on, today=day_of(at))
    assert by.partnership is not None
    with transaction.atomic():
        row = OtherSupport.objects.create(
            partnership_id=by.partnership.id, school_id=urn, kind=kind.value, name=said, about=list(in_order(about)), words=does,
            from_on=from_on, until_on=until_on, source=known, recorded_at=at, recorded_by=by.label[:200],
        )  # fmt: skip
        _journal_other(row, school.name, "others.entered", slug, by, at)
        if not by.sees_record(urn):
            tell_school(slug, urn, by=by, at=at)
    return row


def end_other(*, slug: str, other_id: int, until_on: date, by: Viewer, at: datetime, version: int | None = None) -> OtherSupport:
    """They no longer work with the school from a day on. Raises NotThere, OutOfTurn where it ended already or would end before it began."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        rows = OtherSupport.objects.select_for_update(of=("self",)).select_related("school")
        row = rows.filter(partnership__slug=slug, pk=other_id).first()
        if row is None or not may_enter(row.school_id, viewer=by):
            raise NotThere("There is no such line, or it is not yours to end. Nothing was changed.")
        if version is not None and version != row.version:
            raise ChangedMeanwhile("Somebody changed this line while you were reading it. Nothing was changed.", now=row.version)
        if row.until_on is not None and row.until_on <= day_of(at):
            raise OutOfTurn("It has ended already. Nothing was changed.")
        if until_on <= row.from_on:
            raise OutOfTurn("It would end before it began. Nothing was changed.")
        row.until_on, row.version = until_on, row.version + 1
        row.save()
        _journal_other(row, row.school.name, "others.ended", slug, by, at)
    return row


def _journal_other(row: OtherSupport, school: str, verb: str, slug: str, by: Viewer, at: datetime) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="other-support", subject_key=row.pk, subject_label=school, partnership=slug,
        urn=row.school_id,
    )  # fmt: skip
