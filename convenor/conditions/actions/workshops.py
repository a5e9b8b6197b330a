"""What a facilitator does with a workshop: plan it, open it, lead the room from step to step, show what it said, close it.

A workshop is led by its facilitator and by whoever runs workshops for the whole partnership, on a phone and a laptop at once: each change
names the version that was read where it could overwrite another's. Nothing here touches what the room sent, but for a line taken off
the wall, which is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.conditions.models import CanvasNote, CardPick, DiamondNine, Participant, Workshop
from convenor.conditions.queries.workshops import leads
from convenor.conditions.rules.agendas import agenda_from, for_cards
from convenor.conditions.rules.cards import as_dicts, cards_from
from convenor.conditions.rules.joining import code_by
from convenor.conditions.rules.planning import Plan, check_chosen, check_plan, next_state_refusal
from convenor.conditions.rules.refusals import BadCards, ChangedMeanwhile, NotOpen, WrongDay
from convenor.conditions.rules.states import StepKind, WorkshopState
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere

NOT_THERE = "There is no such workshop in this partnership. Nothing was changed."


def plan_workshop(*, slug: str, plan: Plan, by: Viewer, at: datetime, pk: int | None = None, version: int | None = None) -> Workshop:
    """Keeps a workshop as it is planned: a new one, led by whoever plans it, or, with `pk`, a change of one that is not open yet.

    The agenda is kept as it stands today; with more than nine cards it gains a step in which the room picks nine. Raises NotAllowed,
    NotThere, NoWords, BadCards, BadAgenda, WrongDay, ChangedMeanwhile, NotOpen once it has been opened; then nothing is changed.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    check_plan(plan, on=day_of(at))
    kept = for_cards(plan.agenda, len(plan.cards))
    with transaction.atomic():
        row = _held(slug, pk, by, version) if pk is not None else _new(slug, by, at)
        if row.state != WorkshopState.PLANNED.value:
            raise NotOpen("The workshop has been opened: its agenda and its cards stay as the room met them. Nothing was changed.")
        before = _followed(slug, plan.follows, plan)
        row.title, row.held_on, row.closes_on, row.follows = plan.title.strip(), plan.held_on, plan.closes_on, before
        row.agenda, row.cards = kept.as_dict(), as_dicts(plan.cards)
        row.chosen = [card.key for card in plan.cards] if len(plan.cards) == 9 else []
        new = row.pk is None
        row.version += 0 if new else 1
        row.save()
        _record(row, "workshop.planned" if new else "workshop.changed", slug, by, at)
    return row


def open_workshop(*, slug: str, pk: int, by: Viewer, at: datetime, version: int | None = None) -> Workshop:
    """Opens the room: from now on its code lets phones in, and it stands at the first step.

    One by post is opened on its first day or later, and before its last has gone by. One that was closed by mistake is opened again on the
    day of its close, where it stood at the last step. Raises NotAllowed, NotThere, ChangedMeanwhile, WrongDay, ConditionsRefused.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, pk, by, version)
        again = row.state == WorkshopState.CLOSED.value and row.closed_at is not None and day_of(row.closed_at) == day_of(at)
        refusal = None if again else next_state_refusal(row.state, WorkshopState.OPEN)
        if refusal is not None:
            raise refusal
        if row.closes_on is not None and not row.held_on <= day_of(at) <= row.closes_on:
            raise WrongDay(
                "A workshop by post opens between its first day and its last. Change its days, then open it. Nothing was changed."
            )
        agenda = agenda_from(row.agenda)
        row.state, row.closed_at = WorkshopState.OPEN.value, None
        row.opened_at = row.opened_at or at
        row.step, row.step_since = (agenda.steps[-1] if again else agenda.steps[0]).key, at
        _changed(row, "workshop.opened", slug, by, at)
    return row


def go_to_step(*, slug: str, pk: int, step: str, by: Viewer, at: datetime, version: int | None = None) -> Workshop:
    """Takes the room to a step, forwards or back. A second tap on the same step changes nothing.

    Raises NotAllowed, NotThere, NotOpen, ChangedMeanwhile where the other device was quicker, and BadCards where the room would place cards
    before its nine are chosen.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _open(slug, pk, by)
        found = agenda_from(row.agenda).step(step)
        if found is None:
            raise NotThere("The agenda has no such step. Nothing was changed.")
        if row.step == step:
            return row
        _check_version(row, version)
        if found.kind is StepKind.DIAMOND and not row.chosen:
            raise BadCards("Choose the nine cards first: the room placed nothing yet. Nothing was changed.")
        row.step, row.step_since = step, at
        _changed(row, "workshop.step", slug, by, at, {"step": step})
    return row


def choose_cards(*, slug: str, pk: int, keys: Sequence[str], by: Viewer, at: datetime) -> Workshop:
    """Settles which nine of up to twelve cards the room places, the same for all; it stays so once a diamond has come in.

    Raises NotAllowed, NotThere, NotOpen, BadCards.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _open(slug, pk, by)
        if len(row.cards) == 9:
            raise BadCards("This workshop has nine cards, so there is nothing to choose. Nothing was changed.")
        chosen = list(check_chosen(keys, cards_from(row.cards)))
        if chosen == row.chosen:
            return row
        if DiamondNine.objects.filter(participant__workshop=row).exists():
            raise BadCards("A diamond of the cards chosen before has come in, so they stay. Nothing was changed.")
        row.chosen = chosen
        _changed(
            row,
            "workshop.cards-chosen",
            slug,
            by,
            at,
            {"cards": chosen, "picks": CardPick.objects.filter(participant__workshop=row).count()},
        )
    return row


def show(*, slug: str, pk: int, step: str, by: Viewer, at: datetime) -> Workshop:
    """Shows what the room said in a step: on the wall, on its phones, and to members. Still only what so many entries allow.

    Raises NotAllowed, NotThere, NotOpen before the workshop has been opened.
    """
    return _showing(slug, pk, step, True, by, at)


def hide(*, slug: str, pk: int, step: str, by: Viewer, at: datetime) -> Workshop:
    """Takes the results of a step off the wall, the phones and the pages of members. Raises as `show` does."""
    return _showing(slug, pk, step, False, by, at)


def close_workshop(*, slug: str, pk: int, by: Viewer, at: datetime, version: int | None = None) -> Workshop:
    """Closes the room: its code opens nothing any more. What was shown stays shown; sheets of paper still join in for two weeks.

    Raises NotAllowed, NotThere, ChangedMeanwhile, ConditionsRefused where it is not open.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, pk, by, version)
        refusal = next_state_refusal(row.state, WorkshopState.CLOSED)
        if refusal is not None:
            raise refusal
        row.state, row.closed_at, row.step, row.step_since = WorkshopState.CLOSED.value, at, "", None
        _changed(row, "workshop.closed", slug, by, at, {"entries": Participant.objects.filter(workshop=row).count()})
    return row


def withdraw_workshop(*, slug: str, pk: int, by: Viewer, at: datetime) -> None:
    """Takes back a workshop that was planned and never opened. Raises NotAllowed, NotThere, NotOpen once it has been opened."""
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, pk, by)
        if row.state != WorkshopState.PLANNED.value or row.opened_at is not None:
            raise NotOpen("It has been opened, and what a room said is kept. Close it instead. Nothing was changed.")
        _record(row, "workshop.withdrawn", slug, by, at)
        row.delete()


def hide_note(*, slug: str, pk: int, note_id: int, by: Viewer, at: datetime, hidden: bool = True) -> CanvasNote:
    """Takes a line off the wall, or puts it back. The line itself is kept. Raises NotAllowed, NotThere."""
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, pk, by)
        note = CanvasNote.objects.select_for_update(of=("self",)).filter(participant__workshop=row, pk=note_id).first()
        if note is None:
            raise NotThere("There is no such line on the canvases of this workshop. Nothing was changed.")
        if (note.hidden_on is not None) == hidden:
            return note
        note.hidden_on = day_of(at) if hidden else None
        note.save(update_fields=["hidden_on"])
        _changed(row, "workshop.line-hidden" if hidden else "workshop.line-back", slug, by, at, {"step": note.step})
    return note


def _showing(slug: str, pk: int, step: str, shown: bool, by: Viewer, at: datetime) -> Workshop:
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = _held(slug, pk, by)
        if row.opened_at is None:
            raise NotOpen("The workshop has not been opened, so there is nothing to show. Nothing was changed.")
        found = agenda_from(row.agenda).step(step)
        if found is None or not found.asks:
            raise NotThere("Nothing is asked in that step, so there is nothing to show. Nothing was changed.")
        if (step in row.shown) == shown:
            return row
        row.shown = [*row.shown, step] if shown else [each for each in row.shown if each != step]
        _changed(row, "workshop.shown" if shown else "workshop.hidden", slug, by, at, {"step": step})
    return row


def _held(slug: str, pk: int | None, by: Viewer, version: int | None = None) -> Workshop:
    """The workshop, held until the transaction ends. Raises NotThere, NotAllowed for one that another leads, ChangedMeanwhile."""
    row = Workshop.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=pk or 0).first()
    if row is None:
        raise NotThere(NOT_THERE)
    if not leads(row.facilitator_id, viewer=by):
        raise NotAllowed("This workshop is led by somebody else. Ask them, or the partnership’s manager. Nothing was changed.")
    _check_version(row, version)
    return row


def _open(slug: str, pk: int, by: Viewer) -> Workshop:
    row = _held(slug, pk, by)
    if row.state != WorkshopState.OPEN.value:
        raise NotOpen("The workshop is not open. Nothing was changed.")
    return row


def _check_version(row: Workshop, version: int | None) -> None:
    """Raises ChangedMeanwhile where another version was read than the one that stands, and says where the room stands."""
    if version is None or version == row.version:
        return
    here = agenda_from(row.agenda).step(row.step)
    where = f" The room is at “{here.name}”." if here is not None else ""
    raise ChangedMeanwhile(
        f"It was changed on another device since this page was read.{where} Nothing was changed: look, then tap again.", now=row.version
    )


def _new(slug: str, by: Viewer, at: datetime) -> Workshop:
    """A row that is not saved yet, with a code that no other workshop has."""
    assert by.person_id is not None
    return Workshop(
        partnership_id=partnership_id(slug), state=WorkshopState.PLANNED.value, facilitator_id=by.person_id, planned_at=at,
        join_code=_free_code(),
    )  # fmt: skip


def _free_code() -> str:
    code = code_by(secrets.choice)
    while Workshop.objects.filter(join_code=code).exists():
        code = code_by(secrets.choice)
    return code


def _followed(slug: str, pk: int | None, plan: Plan) -> Workshop | None:
    """The workshop that this one repeats: of this partnership, held before, with the same cards, so that the two can be compared."""
    if pk is None:
        return None
    row = Workshop.objects.filter(partnership__slug=slug, pk=pk).first()
    if row is None:
        raise NotThere("There is no such workshop to compare with. Nothing was changed.")
    if row.held_on >= plan.held_on:
        raise WrongDay("The workshop to compare with was not held before this one. Nothing was changed.")
    if {card["key"] for card in row.cards} != {card.key for card in plan.cards}:
        raise BadCards("The workshop to compare with had other cards, so the two cannot be compared. Nothing was changed.")
    return row


def _changed(row: Workshop, verb: str, slug: str, by: Viewer, at: datetime, detail: dict[str, Any] | None = None) -> None:
    """Counts the change, saves and writes it down."""
    row.version += 1
    row.save()
    _record(row, verb, slug, by, at, detail)


def _record(row: Workshop, verb: str, slug: str, by: Viewer, at: datetime, detail: dict[str, Any] | None = None) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="workshop", subject_key=row.pk, subject_label=row.title, partnership=slug, detail=detail
    )  # fmt: skip
