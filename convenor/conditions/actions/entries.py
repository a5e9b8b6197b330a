"""What a phone in the room sends, taken once however often it comes.

All that a phone sends comes by one action, in one transaction, in the order in which it was made. Each item is taken or refused for
itself. What overwrites is taken only with a number higher than any taken before, so that an old answer which arrives late changes
nothing; what adds a line is known by its key. The rows themselves say what came and when: in the journal, two hundred phones would bury
what people did, so that it has a line for each phone that joined and none for what it sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.conditions.actions.foresight import add_prediction, give_likelihood
from convenor.conditions.actions.join import A_PHONE, NO_ROOM, ROOM, NotJoined, join_room
from convenor.conditions.models import CanvasNote, CardPick, DiamondNine, Participant
from convenor.conditions.rules.agendas import agenda_from
from convenor.conditions.rules.canvas import check_expected, check_line
from convenor.conditions.rules.diamonds import CARDS
from convenor.conditions.rules.foresight import check_percent
from convenor.conditions.rules.joining import digest_of
from convenor.conditions.rules.phone import (
    ITEMS_AT_MOST,
    About,
    Item,
    Sent,
    Unreadable,
    check_about,
    check_comments,
    check_pick,
    check_rows,
    is_secret,
)
from convenor.conditions.rules.planning import takes_entries
from convenor.conditions.rules.refusals import BadCards, NoDiamond, NotOpen, NoWords
from convenor.partnership.gate import day_of
from convenor.partnership.rules.refusals import NotThere, Refused

CLOSED = "The workshop has closed. What was sent before stands; what you wrote since is kept on this phone."
Taker = Callable[[Participant, Item, datetime], None]


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """One item that was not taken, and why."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: the keys that stand now (whether they came before or not), those refused, and the highest number taken."""

    kept: tuple[str, ...]
    refused: tuple[RefusedItem, ...]
    heard: int


def take_from_phone(*, code: str, secret: str, items: Sequence[Item], by: str = A_PHONE, at: datetime, may_join: bool = False) -> Taken:
    """Takes up to fifty items of one phone, in the order of their numbers. A phone that is not in the room yet joins it if it may.

    Raises NotThere where no workshop is open under the code for this phone, NotJoined where it would have to join and may not, NotOpen for
    a phone of a workshop that has closed, Unreadable for too many at once, TooMany where the room is full. Then nothing is taken.
    """
    if len(items) > ITEMS_AT_MOST:
        raise Unreadable(f"A phone sends up to {ITEMS_AT_MOST} items at one time. They are kept on this phone.")
    with transaction.atomic():
        who = _held(code, secret)
        if who is None:
            if not may_join:
                raise NotJoined("This phone has not joined yet. Nothing was changed.")
            first = next((item for item in items if item.kind is Sent.ABOUT), None)
            try:
                about = check_about(first.holds) if first else About()
            except Refused as error:
                assert first is not None
                return Taken((), (RefusedItem(first.key, str(error)),), 0)
            join_room(code=code, secret=secret, about=about, by=by, at=at)
            who = _held(code, secret)
        if who is None or ROOM in who.workshop.partnership.rooms_off:
            raise NotThere(NO_ROOM)
        if not takes_entries(who.workshop.state, who.workshop.closes_on, on=day_of(at)):
            raise NotOpen(CLOSED)
        kept, refused, heard = [], [], who.heard
        for item in sorted(items, key=lambda each: each.number):
            try:
                _take(who, item, at)
            except Refused as error:
                refused.append(RefusedItem(item.key, str(error)))
            else:
                kept.append(item.key)
                who.heard = max(who.heard, item.number)
        if who.heard > heard:
            who.save(update_fields=["heard"])
    return Taken(tuple(kept), tuple(refused), who.heard)


def _held(code: str, secret: str) -> Participant | None:
    """The phone, held until the transaction ends, so that two of its sendings do not cross."""
    if not code or not is_secret(secret):
        return None
    rows = Participant.objects.select_for_update(of=("self",)).select_related("workshop__partnership")
    return rows.filter(workshop__join_code=code, secret=digest_of(secret)).first()


def _take(who: Participant, item: Item, at: datetime) -> None:
    """One item. What was taken before is left as it stands, but for lines, which their own keys tell apart."""
    if item.kind is Sent.NOTE or item.number > who.heard:
        TAKERS[item.kind](who, item, at)


def _about(who: Participant, item: Item, at: datetime) -> None:
    about = check_about(item.holds)
    who.way, who.group_size, who.label = about.way.value, about.group_size, about.label
    who.role, who.phase, who.tier, who.type = about.role, about.phase, about.tier, about.type
    who.save(update_fields=["way", "group_size", "label", "role", "phase", "tier", "type"])


def _pick(who: Participant, item: Item, at: datetime) -> None:
    cards = [card["key"] for card in who.workshop.cards]
    if len(cards) == CARDS:
        raise BadCards("This workshop has nine cards, so there is nothing to pick. Nothing was changed.")
    CardPick.objects.update_or_create(
        participant=who, defaults={"cards": check_pick(item.holds.get("cards"), cards), "sent_at": at}
    )  # fmt: skip


def _diamond(who: Participant, item: Item, at: datetime) -> None:
    cards: Sequence[str] = who.workshop.chosen
    if not cards:
        raise NoDiamond("The room has not chosen its nine cards yet. Nothing was changed.")
    rows, comments = check_rows(item.holds.get("rows"), cards), check_comments(item.holds.get("comments"), cards)
    row = DiamondNine.objects.filter(participant=who).first() or DiamondNine(participant=who, version=0)
    before: Mapping[str, Any] = row.comments or {}
    row.rows, row.comments, row.sent_at, row.version = rows, comments, at, row.version + 1
    # Words that the facilitator took out stay out; others in their place are read afresh.
    row.hidden = [key for key in row.hidden if comments.get(key) == before.get(key)]
    row.save()


def _note(who: Participant, item: Item, at: datetime) -> None:
    if CanvasNote.objects.filter(participant=who, client_key=item.key).exists():
        return
    line = check_line(item.holds, agenda_from(who.workshop.agenda), lines=CanvasNote.objects.filter(participant=who).count())
    CanvasNote.objects.create(participant=who, step=line.step, prompt=line.prompt, words=line.words, client_key=item.key, sent_at=at)


def _prediction(who: Participant, item: Item, at: datetime) -> None:
    room = who.workshop
    said = check_expected(item.holds, on=day_of(at))
    add_prediction(
        slug=room.partnership.slug, words=said.words, about=said.about, due_on=said.due_on, told_by=said.told_by, by="the room", at=at,
        workshop=room,
    )  # fmt: skip


def _likelihood(who: Participant, item: Item, at: datetime) -> None:
    about, percent = item.holds.get("prediction"), check_percent(item.holds.get("percent", -1))
    if isinstance(about, bool) or not isinstance(about, int) or not 0 < about < 2**53:
        raise NoWords("Say which prediction it is about. Nothing was changed.")
    give_likelihood(prediction_id=about, percent=percent, participant_id=who.pk, at=at)


TAKERS: dict[Sent, Taker] = {
    Sent.ABOUT: _about,
    Sent.PICK: _pick,
    Sent.DIAMOND: _diamond,
    Sent.NOTE: _note,
    Sent.LIKELIHOOD: _likelihood,
    Sent.PREDICTION: _prediction,
}
