"""What a room said: for whoever leads the workshop at any time, for members and the room once it has been shown.

Whoever reads it, nothing is told of fewer people than `rules.telling` allows: leading a room is no reason to know what one person placed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from convenor.conditions.models import DiamondNine, Workshop, WorkshopPriority
from convenor.conditions.queries.workshops import leads
from convenor.conditions.rules.agendas import Step, agenda_from
from convenor.conditions.rules.cards import Card, cards_from
from convenor.conditions.rules.results_told import (
    GROUPINGS,
    Before,
    CardTold,
    Groups,
    Key,
    Made,
    Since,
    Whole,
    counted,
    groups_told,
    since,
    whole_told,
)
from convenor.conditions.rules.results_words import agreement, fitting, left_out
from convenor.conditions.rules.states import StepKind, Way, WorkshopState
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote on a card, without who. `diamond` is the number by which it is hidden; `hidden` ones are for whoever leads."""

    diamond: int
    words: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class TableAgrees:
    """A table by what it calls itself, and how far its diamond agrees with those that lie nearest to all: 1 the same, -1 upside down."""

    label: str
    people: int
    agreement: float


@dataclass(frozen=True, slots=True)
class LedTo:
    """A priority that came of a card."""

    card: str
    title: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Told:
    """What a room said. `whole` is None while too few entries count; `sent` counts every diamond that came. The comparisons are worked out
    when they are first asked for."""

    pk: int
    title: str
    state: WorkshopState
    held_on: date
    shown: bool
    leads: bool
    sent: int
    whole: Whole | None
    cards: tuple[Card, ...]
    step: str
    made: tuple[Made, ...]
    before: Before | None

    @property
    def _key(self) -> Key:
        return _key_of(self.cards)

    @cached_property
    def groups(self) -> Groups | None:
        """Known groups compared, and opinions."""
        return groups_told(self.made)

    @cached_property
    def since(self) -> Since | None:
        """What is otherwise since the workshop before."""
        return since(self._key, self.whole, self.made, self.before) if self.whole is not None and self.before is not None else None

    @property
    def sentences(self) -> list[str]:
        """How far the room agrees, how many diamonds fit, and what does not count yet; none while nothing may be told."""
        found = [agreement(self.whole), fitting(self.whole), left_out(self.whole)] if self.whole is not None else []
        return [each for each in found if each]

    @property
    def bottom_three(self) -> list[CardTold]:
        """Where most improvement is needed."""
        return self.whole.bottom_three if self.whole is not None else []


def _key_of(cards: Sequence[Card]) -> Key:
    """The nine cards as rules remember results by them."""
    return tuple((each.key, each.name, each.wording) for each in cards)


def told(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> Told | None:
    """What a room said of its diamond: to whoever leads the workshop, and to members once it has been shown.

    None for anybody else, before it opened, and for a workshop without a diamond. Four queries, and the rest is remembered.
    """
    row = _row(slug, pk, viewer)
    if row is None:
        return None
    own = leads(row.facilitator_id, viewer=viewer)
    return _told(row, own) if own or _diamond_shown(row) else None


def told_in_room(workshop_id: int, *, viewer: int | None) -> Told | None:
    """The same for a phone in the room, or for the wall: once it has been shown, and never more than members are told.

    `viewer` is the number of the participant whose phone asks; None for the wall, whose page has asked who leads. Three queries.
    """
    row = Workshop.objects.filter(pk=workshop_id).exclude(state=WorkshopState.PLANNED.value).select_related("follows").first()
    return _told(row, own=False) if row is not None and _diamond_shown(row) else None


def own_agreement(workshop_id: int, *, viewer: int) -> float | None:
    """How far a participant's own diamond agrees with those nearest to all, 1 to -1: told to its makers, once the result is shown.

    None before, and where their entry does not count yet. `viewer` is the number of the participant.
    """
    row = Workshop.objects.filter(pk=workshop_id).first()
    if row is None or not _diamond_shown(row):
        return None
    found = _entries(row)
    whole = whole_told(_key_of(_nine(row)), tuple(found.values()))
    mine = found.get(viewer)
    if whole is None or mine is None:
        return None
    count = counted(tuple(found.values()))
    places = [place for place, each in enumerate(count) if each is mine]
    return whole.together.agreement[places[0]] if places else None


def _row(slug: str, pk: int, viewer: Viewer) -> Workshop | None:
    """A workshop that has opened, of the viewer's own partnership."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.CONDITIONS_SEE):
        return None
    opened = Workshop.objects.exclude(state=WorkshopState.PLANNED.value).select_related("follows")
    return opened.filter(partnership__slug=slug, pk=pk).first()


def _diamond(row: Workshop) -> Step | None:
    return agenda_from(row.agenda).first_of(StepKind.DIAMOND)


def _diamond_shown(row: Workshop) -> bool:
    step = _diamond(row)
    return step is not None and step.key in row.shown


def _nine(row: Workshop) -> tuple[Card, ...]:
    """The nine cards that the room placed, in the order of the workshop; none while they are still picked."""
    return tuple(card for card in cards_from(row.cards) if card.key in row.chosen)


def _entries(row: Workshop, keys: Sequence[str] = ()) -> dict[int, Made]:
    """Every diamond of a workshop over exactly its nine cards, by participant, in the order in which they joined. One query."""
    wanted = keys or [card.key for card in _nine(row)]
    found = {}
    fields = ("participant_id", "rows", "participant__way", "participant__group_size", "participant__label")
    groups = tuple(f"participant__{name}" for name in GROUPINGS)
    placed = DiamondNine.objects.filter(participant__workshop=row).order_by("participant_id")
    for who, rows, way, people, label, *told_groups in placed.values_list(*fields, *groups):
        if set(rows) == set(wanted):
            personal = way == Way.ALONE.value or people < 2
            found[who] = Made(tuple(rows[key] for key in wanted), people, personal, label, tuple(told_groups))
    return found


def _told(row: Workshop, own: bool) -> Told | None:
    step, cards = _diamond(row), _nine(row)
    if step is None or len(cards) != 9:
        return None
    made = tuple(_entries(row).values())
    return Told(
        row.pk, row.title, WorkshopState(row.state), row.held_on, step.key in row.shown, own, len(made), whole_told(_key_of(cards), made),
        cards, step.key, made, _before(row, cards),
    )  # fmt: skip


def _before(row: Workshop, cards: Sequence[Card]) -> Before | None:
    """The workshop that this one follows, where it placed the same cards and its result was shown."""
    was = row.follows
    if was is None or was.partnership_id != row.partnership_id or not _diamond_shown(was) or set(was.chosen) != set(row.chosen):
        return None
    return Before(was.title, was.held_on, tuple(_entries(was, [card.key for card in cards]).values()))


def comments(told: Told, *, viewer: Viewer) -> Mapping[str, tuple[Comment, ...]]:
    """What was written on each card, in no order that tells who: of the entries that count; hidden words only for whoever leads. One query.

    Empty where nothing may be told yet.
    """
    if told.whole is None:
        return {}
    alone = told.whole.personal > 0
    found: dict[str, list[Comment]] = {card.key: [] for card in told.cards}
    rows = DiamondNine.objects.filter(participant__workshop_id=told.pk).exclude(comments={})
    for pk, words, hidden, way, people in rows.values_list("pk", "comments", "hidden", "participant__way", "participant__group_size"):
        if not alone and (way == Way.ALONE.value or people < 2):
            continue
        for card, text in words.items():
            if card in found and text.strip() and (told.leads or card not in hidden):
                found[card].append(Comment(pk, text, card in hidden))
    return {card: tuple(sorted(each, key=lambda one: _shuffled(card, one))) for card, each in found.items() if each}


def _shuffled(card: str, comment: Comment) -> str:
    """An order that is always the same and says nothing of who wrote first."""
    return hashlib.sha256(f"{card} {comment.words}".encode()).hexdigest()


def tables_agree(told: Told, *, viewer: Viewer) -> list[TableAgrees]:
    """How far each table agrees with the room, by its name: for whoever leads alone; nothing of single people, ever."""
    if not told.leads or told.whole is None:
        return []
    agreement = told.whole.together.agreement
    found = [
        TableAgrees(each.label or "A table without a name", each.people, agreement[place])
        for place, each in enumerate(counted(told.made))
        if not each.personal
    ]
    return sorted(found, key=lambda each: each.label.casefold())


def led_to(pk: int, *, viewer: Viewer) -> list[LedTo]:
    """The priorities that a workshop led to, by card: they are open to anyone who may see the workshop. One query."""
    here = viewer.partnership
    rows = WorkshopPriority.objects.filter(workshop_id=pk, workshop__partnership__slug=here.slug if here else "").order_by("pk")
    return [LedTo(*each) for each in rows.values_list("card", "priority__title", "priority__from_on", "priority__until_on")]
