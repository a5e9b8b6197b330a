"""Sheets of paper: a board that a table filled in by hand, typed in by whoever leads, while the workshop is open or two weeks after.

A sheet counts as a phone's entry does. It can be typed in again where it was misread, and taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from convenor.conditions.actions.workshops import NOT_THERE
from convenor.conditions.models import CanvasNote, DiamondNine, Participant, Workshop
from convenor.conditions.queries.workshops import leads
from convenor.conditions.rules.agendas import Agenda, agenda_from
from convenor.conditions.rules.entries import what_is_wrong
from convenor.conditions.rules.groups import ANSWERS, QUESTIONS, known
from convenor.conditions.rules.joining import PARTICIPANTS_AT_MOST, PEOPLE_AT_A_TABLE
from convenor.conditions.rules.planning import PAPER_DAYS, shape_in_words, takes_paper, way_of
from convenor.conditions.rules.refusals import ConditionsRefused, NoDiamond, NotOpen, NoWords, TooMany
from convenor.conditions.rules.states import Came
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere

LABEL_AT_MOST = 60
COMMENT_AT_MOST = 300
LINE_AT_MOST = 400
#: Lines on one sheet.
LINES_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one sheet. `rows` is the diamond, empty where the sheet has none; `lines` are (step, question, words)."""

    group_size: int
    rows: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[tuple[str, str, str], ...] = ()


def enter_paper(*, slug: str, pk: int, sheet: Sheet, by: Viewer, at: datetime, participant_id: int | None = None) -> Participant:
    """Types a sheet in, or, with `participant_id`, types one again that was misread: its words and rows are then those of now.

    Raises NotAllowed, NotThere, NotOpen where the time for paper has gone by, NoDiamond for rows that are none, NoWords, TooMany, and
    ConditionsRefused for a label that another sheet has, which is how one typed twice is noticed. Then nothing is kept.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, pk, by, at)
        _check(row, agenda_from(row.agenda), sheet)
        who = _sheet(row, participant_id) if participant_id is not None else Participant(workshop=row, joined_at=at)
        if who.pk is None and row.participants.count() >= PARTICIPANTS_AT_MOST:
            raise TooMany(f"There are {PARTICIPANTS_AT_MOST} entries in this workshop, and it takes no more. Nothing was saved.")
        same = row.participants.filter(came=Came.PAPER.value, label=sheet.label.strip()).exclude(pk=who.pk or 0)
        if sheet.label.strip() and same.exists():
            raise ConditionsRefused(
                f"A sheet labelled “{sheet.label.strip()}” is in already. If this is another, give it another label. Nothing was saved."
            )
        new = who.pk is None
        _write(who, row, sheet, by, at)
        journal.record(
            by=by, at=at, verb="workshop.paper-entered" if new else "workshop.paper-changed", subject_kind="workshop", subject_key=row.pk,
            subject_label=row.title, partnership=slug, detail={"state": row.state, "people": sheet.group_size},
        )  # fmt: skip
    return who


def remove_paper(*, slug: str, pk: int, participant_id: int, by: Viewer, at: datetime) -> None:
    """Takes out a sheet that should not have been typed in. What phones sent is never taken out. Raises NotAllowed, NotThere, NotOpen."""
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, pk, by, at)
        _sheet(row, participant_id).delete()
        journal.record(
            by=by, at=at, verb="workshop.paper-removed", subject_kind="workshop", subject_key=row.pk, subject_label=row.title,
            partnership=slug,
        )  # fmt: skip


def _held(slug: str, pk: int, by: Viewer, at: datetime) -> Workshop:
    row = Workshop.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=pk).first()
    if row is None:
        raise NotThere(NOT_THERE)
    if not leads(row.facilitator_id, viewer=by):
        raise NotAllowed("This workshop is led by somebody else. Ask them, or the partnership’s manager. Nothing was changed.")
    if not takes_paper(row.state, day_of(row.closed_at) if row.closed_at is not None else None, on=day_of(at)):
        raise NotOpen(f"Sheets are typed in while a workshop is open, and for {PAPER_DAYS} days after its close. Nothing was saved.")
    return row


def _sheet(row: Workshop, participant_id: int) -> Participant:
    who = Participant.objects.filter(workshop=row, pk=participant_id, came=Came.PAPER.value).first()
    if who is None:
        raise NotThere("There is no such sheet in this workshop. Nothing was changed.")
    return who


def _check(row: Workshop, agenda: Agenda, sheet: Sheet) -> None:
    """That the sheet is one of this workshop."""
    if not 1 <= sheet.group_size <= PEOPLE_AT_A_TABLE:
        raise NoWords(f"Say how many people made the sheet: 1 to {PEOPLE_AT_A_TABLE}. Nothing was saved.")
    if len(sheet.label.strip()) > LABEL_AT_MOST or any(not known(each, sheet.groups.get(each, "")) for each in QUESTIONS):
        raise NoWords(f"A label has at most {LABEL_AT_MOST} letters, and a group is one of the list. Nothing was saved.")
    if not sheet.rows and not sheet.lines:
        raise NoWords("The sheet is empty: type its rows, or a line of a canvas. Nothing was saved.")
    if sheet.rows:
        _check_rows(row, sheet)
    if any(len(words) > COMMENT_AT_MOST for words in sheet.comments.values()) or not set(sheet.comments) <= set(sheet.rows):
        raise NoWords(f"A comment stands on a card that is placed, and has at most {COMMENT_AT_MOST} letters. Nothing was saved.")
    if len(sheet.lines) > LINES_AT_MOST or any(len(words) > LINE_AT_MOST for _, _, words in sheet.lines):
        raise NoWords(f"A sheet has at most {LINES_AT_MOST} lines, each of at most {LINE_AT_MOST} letters. Nothing was saved.")
    for step, prompt, _ in sheet.lines:
        here = agenda.step(step)
        if here is None or here.prompt(prompt) is None:
            raise NotThere("The agenda has no such question. Nothing was saved.")


def _check_rows(row: Workshop, sheet: Sheet) -> None:
    if not row.chosen:
        raise NoDiamond("Choose the nine cards of this workshop first. Nothing was saved.")
    if set(sheet.rows) != set(row.chosen):
        raise NoDiamond("These are not the nine cards of this workshop. Nothing was saved.")
    if what_is_wrong(sheet.rows):
        raise NoDiamond(f"The rows make no diamond: {shape_in_words(sheet.rows)}. Mend the digits. Nothing was saved.")


def _write(who: Participant, row: Workshop, sheet: Sheet, by: Viewer, at: datetime) -> None:
    who.came, who.way, who.group_size, who.label = Came.PAPER.value, way_of(sheet.group_size).value, sheet.group_size, sheet.label.strip()
    for question in ANSWERS:
        setattr(who, question, sheet.groups.get(question, ""))
    who.entered_by = by.label[:200]
    who.save()
    if sheet.rows:
        said = {key: words.strip() for key, words in sheet.comments.items() if words.strip()}
        diamond = DiamondNine.objects.filter(participant=who).first() or DiamondNine(participant=who, version=0)
        diamond.rows = {key: sheet.rows[key] for key in row.chosen}
        diamond.comments, diamond.sent_at, diamond.version = said, at, diamond.version + 1
        diamond.save()
    else:
        DiamondNine.objects.filter(participant=who).delete()
    CanvasNote.objects.filter(participant=who).delete()
    CanvasNote.objects.bulk_create(
        CanvasNote(participant=who, step=step, prompt=prompt, words=words.strip(), client_key=f"paper-{number}", sent_at=at)
        for number, (step, prompt, words) in enumerate(sheet.lines)
        if words.strip()
    )
