"""Bringing files and cells, saying what a sheet is, answering what was asked, and dropping a move-in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.contacts.actions import begin_practice
from convenor.moving_in.actions._rows import held, label_of, plan_anew, record
from convenor.moving_in.models import BroughtFile, BroughtSheet, MoveIn, RememberedAnswer, RememberedColumns, Said
from convenor.moving_in.queries.invited import anybody_invited
from convenor.moving_in.rules.kinds import FIELDS, Kind
from convenor.moving_in.rules.planning import shown_from
from convenor.moving_in.rules.questions import is_remembered
from convenor.moving_in.rules.states import State
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, Refused

#: Files of one move-in.
FILES_AT_MOST = 30


def begin(*, slug: str, by: Viewer | str, at: datetime) -> MoveIn:
    """Begins a move-in, empty; with practice mode on where the partnership has invited nobody yet, so that no letter leaves.

    Raises NotAllowed.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    with transaction.atomic():
        if not anybody_invited(slug, viewer=by):
            begin_practice(slug=slug, by=by, at=at)
        row = MoveIn.objects.create(partnership_id=partnership_id(slug), begun_at=at, begun_by=label_of(by))
        record(row, "move-in.begun", slug=slug, by=by, at=at)
    return row


def add_file(*, slug: str, move_in_id: int, name: str, content: bytes, by: Viewer | str, at: datetime) -> BroughtFile:
    """Reads a file and takes in the words of its cells; the file itself is not kept. What its sheets are is recognised, and the plan made
    anew.

    Raises FileRefused in words when it cannot be read, AlreadyThere for the same file twice, NotThere, NotAllowed.
    """
    from convenor.moving_in.rules.reading import read_file

    allow(by, Permission.MOVE_IN, partnership=slug)
    return _take_in(slug, move_in_id, read_file(name, content), by, at)


def add_pasted(*, slug: str, move_in_id: int, text: str, by: Viewer | str, at: datetime) -> BroughtFile:
    """Takes in cells as they were pasted. Raises what `add_file` raises."""
    from convenor.moving_in.rules.reading import read_pasted

    allow(by, Permission.MOVE_IN, partnership=slug)
    return _take_in(slug, move_in_id, read_pasted(text), by, at)


def _take_in(slug: str, move_in_id: int, read: Any, by: Viewer | str, at: datetime) -> BroughtFile:
    from convenor.moving_in.rules.recognising import header_digest, recognise

    with transaction.atomic():
        row = held(slug, move_in_id)
        files = BroughtFile.objects.filter(move_in=row)
        if files.filter(digest=read.digest).exists():
            raise AlreadyThere(f"“{read.name}” is here already, cell for cell. Nothing was changed.")
        if files.count() >= FILES_AT_MOST:
            raise Refused(f"A move-in takes {FILES_AT_MOST} files. Save this one and begin another. Nothing was changed.")
        file = BroughtFile.objects.create(
            move_in=row, name=read.name[:200], kind_of_file=read.kind_of_file[:40], digest=read.digest, brought_at=at,
            brought_by=label_of(by),
        )  # fmt: skip
        for order, sheet in enumerate(read.sheets):
            found = recognise(sheet, file_name=read.name)
            made = BroughtSheet(
                file=file, order=order, name=sheet.name[:120], rows=[list(each) for each in sheet.rows], notes=list(sheet.notes),
                uneven=list(sheet.uneven), kind=found.kind.value, header_first=found.header_rows[0] - 1,
                header_last=found.header_rows[1] - 1, columns=dict(found.columns), sure=found.sure, told=found.told,
                header_digest=header_digest(sheet, found.header_rows) if found.header_rows[0] else "",
            )  # fmt: skip
            _as_remembered(made, row.partnership_id)
            made.save()
        record(row, "move-in.file-brought", slug=slug, by=by, at=at, detail={"file": file.name})
        plan_anew(row, by=by, at=at)
    return file


def _as_remembered(sheet: BroughtSheet, partnership: int) -> None:
    """Reads a sheet as one with the same heading was said to be."""
    known = RememberedColumns.objects.filter(partnership_id=partnership, header_digest=sheet.header_digest).first()
    if known is not None and sheet.header_digest:
        sheet.kind, sheet.columns, sheet.sure = known.kind, known.columns, 1.0
        sheet.header_first, sheet.header_last, sheet.said_by = known.header_first, known.header_last, known.by
        sheet.told = f"Read as {known.by} said of the same heading on {known.at:%-d %B %Y}."


def drop_file(*, slug: str, move_in_id: int, file_id: int, by: Viewer | str, at: datetime) -> None:
    """Takes a file out of a move-in that is not saved. Raises NotThere, NotAllowed."""
    allow(by, Permission.MOVE_IN, partnership=slug)
    with transaction.atomic():
        row = held(slug, move_in_id)
        file = BroughtFile.objects.filter(move_in=row, pk=file_id).first()
        if file is None:
            raise NotThere("That file is not in this move-in any more. Nothing was changed.")
        name = file.name
        file.delete()
        record(row, "move-in.file-dropped", slug=slug, by=by, at=at, detail={"file": name})
        plan_anew(row, by=by, at=at)


def say_sheet(
    *, slug: str, move_in_id: int, sheet_id: int, kind: str, header_rows: tuple[int, int], columns: Mapping[str, int], by: Viewer | str,
    at: datetime,
) -> BroughtSheet:  # fmt: skip
    """Says what a sheet is, which of its rows are its heading (first and last, counted from 0) and which column (from 0) holds each field.

    Remembered for sheets of the same heading. Raises Refused where a column is named that is not there or a needed one is missing.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    with transaction.atomic():
        row = held(slug, move_in_id)
        sheet = BroughtSheet.objects.filter(file__move_in=row, pk=sheet_id).first()
        if sheet is None:
            raise NotThere("That sheet is not in this move-in any more. Nothing was changed.")
        wanted = _checked(sheet, kind, header_rows, columns)
        sheet.kind, sheet.columns = wanted.value, dict(columns)
        sheet.header_first, sheet.header_last = header_rows
        sheet.sure, sheet.said_by = 1.0, label_of(by)
        sheet.told = f"Read as {sheet.said_by} said."
        sheet.save()
        if sheet.header_digest:
            RememberedColumns.objects.update_or_create(
                partnership_id=row.partnership_id, header_digest=sheet.header_digest,
                defaults={
                    "kind": sheet.kind, "header_first": sheet.header_first, "header_last": sheet.header_last, "columns": sheet.columns,
                    "at": at, "by": sheet.said_by,
                },
            )  # fmt: skip
        plan_anew(row, by=by, at=at)
    return sheet


def _checked(sheet: BroughtSheet, kind: str, header_rows: tuple[int, int], columns: Mapping[str, int]) -> Kind:
    """The kind that is meant. Raises Refused."""
    if kind not in {each.value for each in Kind}:
        raise Refused("Choose what the sheet holds from the list. Nothing was changed.")
    found = Kind(kind)
    width = max((len(each) for each in sheet.rows), default=0)
    first, last = header_rows
    if not -1 <= first <= last < max(len(sheet.rows), 1):
        raise Refused("The heading lies outside the sheet. Say again which rows it is. Nothing was changed.")
    known = {each.key for each in FIELDS[found]}
    if set(columns) - known or any(not 0 <= each < width for each in columns.values()):
        raise Refused("One of the columns is not there. Choose again from the list. Nothing was changed.")
    if len(set(columns.values())) != len(columns):
        raise Refused("One column cannot hold two things. Choose again. Nothing was changed.")
    missing = [each.name for each in FIELDS[found] if each.required and each.key not in columns]
    if missing:
        raise Refused(f"Say also which column holds: {', '.join(missing)}. Nothing was changed.")
    return found


def answer(*, slug: str, move_in_id: int, key: str, said: str, by: Viewer | str, at: datetime) -> MoveIn:
    """Answers one question, or, with the key of one that was answered, says it anew; "" takes an answer back.

    What does not hang on one file is remembered. Raises NotThere for a question that is asked no longer, Refused for an answer that it
    does not take.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    said = " ".join(said.split())[:300]
    with transaction.atomic():
        row = held(slug, move_in_id)
        plan = shown_from(row.plan)
        question = next((each for each in (*plan.open, *plan.answered) if each.key == key), None)
        if question is None:
            raise NotThere("That is asked no longer: look at the questions again. Nothing was changed.")
        if said and not question.takes(said):
            raise Refused("Choose one of the answers. Nothing was changed.")
        Said.objects.filter(move_in=row, key=key).delete()
        remembered = RememberedAnswer.objects.filter(partnership_id=row.partnership_id, key=key)
        remembered.delete()
        if said:
            Said.objects.create(move_in=row, key=key, said=said, at=at, by=label_of(by))
            if is_remembered(key):
                RememberedAnswer.objects.create(partnership_id=row.partnership_id, key=key, said=said, at=at, by=label_of(by))
        plan_anew(row, by=by, at=at)
    return row


def drop(*, slug: str, move_in_id: int, by: Viewer | str, at: datetime) -> None:
    """Drops a move-in that is not saved: all that was brought is deleted. Raises NotThere, NotAllowed."""
    allow(by, Permission.MOVE_IN, partnership=slug)
    with transaction.atomic():
        row = held(slug, move_in_id)
        BroughtFile.objects.filter(move_in=row).delete()
        Said.objects.filter(move_in=row).delete()
        row.state, row.plan, row.plan_digest, row.changes = State.DROPPED.value, {}, "", None
        row.version += 1
        row.save()
        record(row, "move-in.dropped", slug=slug, by=by, at=at)
