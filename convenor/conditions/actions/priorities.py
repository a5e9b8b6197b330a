"""What comes of a result: priorities from the bottom three with a task-and-finish group, and words taken out before others read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.conditions.models import DiamondNine, Workshop, WorkshopPriority
from convenor.conditions.queries.results import told
from convenor.conditions.queries.workshops import leads
from convenor.conditions.rules.refusals import ConditionsRefused, NotOpen
from convenor.governance import actions as governance
from convenor.governance.rules import Refused as NotProper
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Permission, Viewer, allow
from convenor.partnership.rules.refusals import NotThere

NOT_THERE = "There is no such workshop in this partnership, or its result has not been shown. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A card of the bottom three as the priority it becomes."""

    card: str
    title: str
    measure: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a task-and-finish group (a body of the constitution, by its key) is to do about them, bring, and by when."""

    body: str
    task: str
    output: str
    due_on: date


def bottom_three_to_priorities(
    *,
    slug: str,
    workshop_id: int,
    chosen: Sequence[Chosen],
    from_on: date,
    until_on: date,
    by: Viewer,
    at: datetime,
    lead_body: str = "",
    group: Charge | None = None,
) -> list[WorkshopPriority]:
    """Takes on cards of the bottom three as priorities, each once, and charges a group with the first of them; all of it or nothing.

    Raises NotAllowed; NotThere where nothing may be told of the workshop; NotOpen before it was shown; ConditionsRefused for a card that is
    not of the bottom three or was taken on before, for no card, and where governance takes it for no proper priority or charge.
    """
    allow(by, Permission.PRIORITY_SET, partnership=slug)
    seen = told(slug, workshop_id, viewer=by, at=at)
    if seen is None or seen.whole is None:
        raise NotThere(NOT_THERE)
    if not seen.shown:
        raise NotOpen("Show the result to the room first: a priority should come from what everybody has seen. Nothing was changed.")
    bottom = {card.key: card.name for card in seen.bottom_three}
    if not chosen:
        raise ConditionsRefused("Choose at least one of the three cards. Nothing was changed.")
    for each in chosen:
        if each.card not in bottom:
            raise ConditionsRefused(f"Choose from the bottom three: {', '.join(bottom.values())}. Nothing was changed.")
    came_from = f"Workshop: {seen.title}"[:200]
    found: list[WorkshopPriority] = []
    with transaction.atomic():
        for each in chosen:
            with _in_our_words(f"{bottom[each.card]}: "):
                row = governance.set_priority(
                    slug=slug, title=each.title, measure=each.measure, from_on=from_on, until_on=until_on, by=by, at=at, why=each.why,
                    lead_body=lead_body, came_from=came_from,
                )  # fmt: skip
            found.append(_tie(workshop_id, each.card, bottom[each.card], row.pk))
        if group is not None:
            with _in_our_words("The group: "):
                governance.charge_group(
                    slug=slug, body=group.body, task=group.task, output=group.output, due_on=group.due_on, by=by, at=at,
                    priority_id=found[0].priority_id,
                )  # fmt: skip
        journal.record(
            by=by, at=at, verb="workshop.led-to-priorities", subject_kind="workshop", subject_key=workshop_id, subject_label=seen.title,
            partnership=slug, detail={"cards": [each.card for each in chosen], "group": group.body if group is not None else ""},
        )  # fmt: skip
    return found


@contextmanager
def _in_our_words(what: str) -> Iterator[None]:
    """A refusal of governance's, saying which of several it is about."""
    try:
        yield
    except NotProper as error:
        words = str(error)
        raise ConditionsRefused(f"{what}{words}" if "Nothing was" in words else f"{what}{words} Nothing was changed.") from error


def _tie(workshop_id: int, card: str, name: str, priority_id: int) -> WorkshopPriority:
    try:
        with transaction.atomic():
            return WorkshopPriority.objects.create(workshop_id=workshop_id, card=card, priority_id=priority_id)
    except IntegrityError as error:
        raise ConditionsRefused(f"{name} is a priority from this workshop already. Nothing was changed.") from error


def hide_comment(*, slug: str, workshop_id: int, diamond_id: int, card: str, by: Viewer, at: datetime, hidden: bool = True) -> DiamondNine:
    """Takes what somebody wrote on a card out of the result, or puts it back; the words are kept with their diamond.

    For whoever leads the workshop. The journal says that it was done, on which card, and nothing of the words. Raises NotAllowed, NotThere.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    with transaction.atomic():
        row = Workshop.objects.filter(partnership__slug=slug, pk=workshop_id).first()
        if row is None:
            raise NotThere("There is no such workshop in this partnership. Nothing was changed.")
        if not leads(row.facilitator_id, viewer=by):
            raise NotAllowed("This workshop is led by somebody else. Ask them, or the partnership’s manager. Nothing was changed.")
        diamond = DiamondNine.objects.select_for_update(of=("self",)).filter(participant__workshop=row, pk=diamond_id).first()
        if diamond is None or not diamond.comments.get(card):
            raise NotThere("There are no such words in this workshop. Nothing was changed.")
        if (card in diamond.hidden) == hidden:
            return diamond
        diamond.hidden = [*diamond.hidden, card] if hidden else [each for each in diamond.hidden if each != card]
        diamond.save(update_fields=["hidden"])
        journal.record(
            by=by, at=at, verb="workshop.words-hidden" if hidden else "workshop.words-back", subject_kind="workshop",
            subject_key=workshop_id, subject_label=row.title, partnership=slug, detail={"card": card},
        )  # fmt: skip
    return diamond
