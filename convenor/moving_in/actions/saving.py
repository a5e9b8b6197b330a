"""Saving a move-in, all or nothing, and undoing it whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction

from convenor.archive.actions import take_back
from convenor.archive.queries.reading import photograph
from convenor.archive.rules.changes import Changes, changes_between
from convenor.moving_in.actions._doing import carry_out
from convenor.moving_in.actions._rows import held, label_of, plan_anew, record
from convenor.moving_in.models import BroughtSheet, LegacyNote, MoveIn
from convenor.moving_in.queries.planned import planned
from convenor.moving_in.rules.legacy import deleted_on, scrubbed
from convenor.moving_in.rules.planning import shown_from
from convenor.moving_in.rules.planning_work import ApartLine
from convenor.moving_in.rules.refusals import NoLongerFits
from convenor.moving_in.rules.states import State
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import Refused

SINCE = (
    "What stands has changed since this preview was made, so it no longer fits. Nothing was saved. The preview below was made anew: "
    "look at it again, then save."
)


def save(*, slug: str, move_in_id: int, by: Viewer | str, at: datetime, version: int) -> MoveIn:
    """Saves a move-in in one transaction, through the features' own actions, and posts no letter. It begins with practice mode on where
    the partnership has invited nobody yet.

    `version` is that of the preview that was read. Raises Refused in words when questions are open or when it was saved meanwhile, and
    NoLongerFits when what stands has changed so that the preview no longer fits: the plan is then made anew, to be looked at again.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    with _apart_from_others():
        found = _saved(slug, move_in_id, by, at, version)
    if found is None:
        with transaction.atomic():
            plan_anew(held(slug, move_in_id), by=by, at=at)
        raise NoLongerFits(SINCE)
    return found


def _saved(slug: str, move_in_id: int, by: Viewer | str, at: datetime, version: int) -> MoveIn | None:
    """The move-in once it is saved; None, with nothing changed, where its preview no longer fits."""
    MoveIn.objects.select_for_update(of=("self",)).filter(partnership__slug=slug).order_by("pk").in_bulk()  # one save at a time
    row = held(slug, move_in_id)
    shown = shown_from(row.plan)
    if shown.open:
        count = len(shown.open)
        raise Refused(f"{count} question{'' if count == 1 else 's'} {'is' if count == 1 else 'are'} open: answer first. Nothing was saved.")
    now = planned(row, viewer=by, at=at)
    if row.version != version or now.digest != row.plan_digest:
        return None
    if not shown.brings:
        raise Refused("There is nothing new in it: all of it stands already, or is left out. Nothing was saved.")
    before = photograph(slug, viewer=by)
    carry_out(now.work, slug=slug, by=by, at=at)
    changes = changes_between(before, photograph(slug, viewer=by))
    _set_apart(row, now.work.apart, slug=slug, by=by, at=at)
    row.state, row.saved_at, row.saved_by = State.SAVED.value, at, label_of(by)
    row.undone_at, row.undone_by, row.changes = None, "", changes.as_json()
    row.version += 1
    row.save()
    detail = {"brought": shown.counts, "left": len(shown.left), "apart": sum(each.show for each in now.work.apart)}
    detail["deleted"] = sum(not each.show for each in now.work.apart)
    record(row, "move-in.saved", slug=slug, by=by, at=at, detail=detail)
    return row


@contextmanager
def _apart_from_others() -> Iterator[None]:
    """One transaction that sees nobody else's changes: what the photographs tell apart is then the move-in's own work alone.

    SQLite holds all others off; PostgreSQL is asked to repeat its reads, and refuses whoever changed the same row first or last.
    """
    outermost = not connection.in_atomic_block
    try:
        with transaction.atomic():
            if outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    except (IntegrityError, OperationalError) as error:
        if isinstance(error, OperationalError) and "serialize" not in str(error) and "locked" not in str(error):
            raise
        raise Refused(
            "Somebody else was changing the same things at this moment. Nothing was saved. Look at the preview again, then save."
        ) from error


def _set_apart(row: MoveIn, apart: tuple[ApartLine, ...], *, slug: str, by: Viewer | str, at: datetime) -> None:
    """Ratings and notes of concern leave the sheets: for their schools alone where they are shown, for good where not."""
    of_sheet: dict[int, list[ApartLine]] = defaultdict(list)
    for each in apart:
        of_sheet[each.sheet_id].append(each)
    for sheet in BroughtSheet.objects.filter(file__move_in=row, pk__in=of_sheet):
        sheet.rows = scrubbed(sheet.rows, of_sheet[sheet.pk])
        sheet.save(update_fields=["rows"])
    shown = [each for each in apart if each.show]
    day = day_of(at)
    LegacyNote.objects.bulk_create(
        LegacyNote(
            partnership_id=row.partnership_id, move_in=row, school_id=each.urn, field=each.field, words=each.words, file=each.file[:200],
            sheet_key=each.sheet_id, row=each.row, column=each.column, shown_from_on=day, until_on=deleted_on(day),
        )
        for each in shown
    )  # fmt: skip


def undo(*, slug: str, move_in_id: int, by: Viewer | str, at: datetime) -> MoveIn:
    """Undoes a saved move-in whole: every row that it made or changed is as it was. It may then be looked at and saved again.

    What was set apart goes back into its sheet. Raises Refused where it is not saved, or a school has answered about what was set apart;
    ChangedSince, which names what, where something that it brought was changed since.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    with transaction.atomic():
        row = held(slug, move_in_id, saved=True)
        if row.state != State.SAVED.value or row.changes is None:
            raise Refused("It is not saved, so there is nothing to undo. Nothing was changed.")
        _put_back(row)
        take_back(slug=slug, changes=Changes.from_json(row.changes), by=by, at=at)
        row.state, row.undone_at, row.undone_by, row.changes = State.UNDONE.value, at, label_of(by), None
        row.save()
        record(row, "move-in.undone", slug=slug, by=by, at=at)
        plan_anew(row, by=by, at=at)
    return row


def _put_back(row: MoveIn) -> None:
    """What was set apart and still waits for its school goes back into its sheet."""
    notes = list(LegacyNote.objects.select_for_update(of=("self",)).filter(move_in=row).select_related("school"))
    said = sorted({each.school.name for each in notes if each.replied_at is not None or each.kept_at is not None})
    if said:
        raise Refused(
            f"{', '.join(said[:3])} answered about what was set apart, and that would be lost, so it is not undone. Nothing was changed. "
            "Mend by hand what is wrong, or ask the school to have it deleted first."
        )
    sheets = {each.pk: each for each in BroughtSheet.objects.filter(file__move_in=row, pk__in={note.sheet_key for note in notes})}
    for note in notes:
        sheet = sheets.get(note.sheet_key)
        if sheet is not None and note.row < len(sheet.rows) and note.column < len(sheet.rows[note.row]):
            sheet.rows[note.row][note.column] = note.words
    for sheet in sheets.values():
        sheet.save(update_fields=["rows"])
    LegacyNote.objects.filter(move_in=row).delete()
