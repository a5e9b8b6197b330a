"""Notes of visits: kept while they are written, sent to the school once, and marked by its head."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions.deployment_rows import held, package_id_of, writer
from convenor.support.actions.package_rows import NOT_THERE, log, tell
from convenor.support.actions.visits import keep_held
from convenor.support.models import NoteMark, NoteOfVisit, Package, Visit
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.notes import Words, check_mark, check_note, draft_of, is_late
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import OutOfTurn
from convenor.support.rules.states import Accuracy, PackageStep, Who

WRITERS = (Who.SUPPORTER, Who.SUPPLYING)


def keep_draft(*, slug: str, visit_id: int, words: Words, by: Viewer, at: datetime) -> Visit:
    """Keeps a note that is not sent yet, for whoever writes it alone. Raises OutOfTurn where somebody else has begun one; NotThere."""
    allow(by, Permission.SUPPORT_GIVE, partnership=slug)
    with transaction.atomic():
        visit, _, _ = _visit(slug, visit_id, by, at)
        if visit.draft_by_id not in (None, by.person_id) and any(visit.draft.values()):
            raise OutOfTurn("Somebody else of your side is writing this note. Nothing was changed.")
        visit.draft, visit.draft_at, visit.draft_by_id = draft_of(words), at, by.person_id
        visit.save(update_fields=["draft", "draft_at", "draft_by"])
    return visit


def write_note(*, slug: str, visit_id: int, words: Words, by: Viewer, at: datetime, held_on: date | None = None) -> NoteOfVisit:
    """The supporter sends a note of visit to the school, once; a visit that was only planned is thereby held.

    It says so where it comes after five working days. A second note stands beside the first. Raises NoWords, WrongDay for a visit that is
    still to come, OutOfTurn for one that was called off, NotThere, NotYours.
    """
    allow(by, Permission.SUPPORT_GIVE, partnership=slug)
    with transaction.atomic():
        visit, row, _ = _visit(slug, visit_id, by, at)
        kept = check_note(words)
        last = NoteOfVisit.objects.filter(visit=visit).order_by("-number").values_list("by_id", "seen", "agreed", "next_time").first()
        if last == (by.person_id, kept.seen, kept.agreed, kept.next_time):
            raise OutOfTurn("You have sent this very note already: the school has it. Nothing was changed.")
        if visit.delivered_on is None:
            keep_held(visit, row, held_on or visit.on, by=by, at=at)
        late = is_late(visit.delivered_on or visit.on, day_of(at))
        number = NoteOfVisit.objects.filter(visit=visit).count() + 1
        note = NoteOfVisit.objects.create(
            visit=visit, number=number, seen=kept.seen, agreed=kept.agreed, next_time=kept.next_time, late=late and number == 1, at=at,
            by_id=writer(by),
        )  # fmt: skip
        visit.draft, visit.draft_at, visit.draft_by = {}, None, None
        visit.save(update_fields=["draft", "draft_at", "draft_by"])
        log(row, PackageStep.NOTED, by=by, at=at, late=note.late, after={"visit": visit.pk, "note": number})
        tell(row, Who.RECEIVING, Who.BROKER, by=by, at=at)
    return note


def mark_note(*, slug: str, note_id: int, accuracy: Accuracy, by: Viewer, at: datetime, words: str = "") -> NoteMark:
    """The head says whether a note about their school is accurate; what is not right stands beside it for ever.

    Raises NoWords for a dispute without words, NotThere, NotYours, NotAllowed.
    """
    allow(by, Permission.SUPPORT_ASK, partnership=slug)
    with transaction.atomic():
        visit_id = NoteOfVisit.objects.filter(pk=note_id).values_list("visit_id", flat=True).first()
        if visit_id is None:
            raise NotThere(NOT_THERE)
        row, _ = held(slug, package_id_of(Visit, slug, visit_id, "package"), Who.RECEIVING, sight=Sight.NOTES, by=by, at=at)
        said = check_mark(accuracy, words)
        mark = NoteMark.objects.create(note_id=note_id, accuracy=accuracy.value, words=said, at=at, by_id=writer(by))
        log(row, PackageStep.MARKED, by=by, at=at, after={"note": note_id, "accuracy": accuracy.value})
        tell(row, Who.SUPPORTER, *((Who.BROKER,) if accuracy is Accuracy.NOT_ACCURATE else ()), by=by, at=at)
    return mark


def _visit(slug: str, visit_id: int, by: Viewer, at: datetime) -> tuple[Visit, Package, PackageHere]:
    """A visit that stands, for those who write of it. Raises OutOfTurn for one that was called off."""
    row, here = held(slug, package_id_of(Visit, slug, visit_id, "package"), *WRITERS, sight=Sight.NOTES, by=by, at=at)
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    if visit.cancelled_at is not None:
        raise OutOfTurn("That visit was called off. Nothing was changed.")
    return visit, row, here
