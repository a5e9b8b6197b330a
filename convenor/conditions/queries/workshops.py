"""Workshops as members see them, and as whoever leads one sees the room: how many came, how many have sent, what stands on the canvases.

Nothing here says what one entry was. What entries say together is told by `queries.results`, under its own thresholds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q

from convenor.conditions.models import CanvasNote, CardPick, DiamondNine, Likelihood, Participant, Prediction, Workshop
from convenor.conditions.rules.agendas import Agenda, Step, agenda_from
from convenor.conditions.rules.cards import Card, cards_from
from convenor.conditions.rules.planning import picks_in_order, takes_entries, takes_paper
from convenor.conditions.rules.states import Came, StepKind, WorkshopState
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import ROLES, HeldAt, Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Lines of a canvas that are drawn; a room of people writes fewer.
LINES_AT_MOST: Final = 400


def leads(facilitator_id: int, *, viewer: Viewer) -> bool:
    """Whether somebody leads a workshop: its facilitator, and whoever runs workshops for the whole partnership."""
    if not viewer.may(Permission.WORKSHOP_RUN):
        return False
    everywhere = any(each.allows(Permission.WORKSHOP_RUN) and ROLES[each.role].held_at is HeldAt.PARTNERSHIP for each in viewer.holdings)
    return everywhere or viewer.person_id == facilitator_id


def _member(slug: str, viewer: Viewer) -> bool:
    """Whether they may see the workshops of this partnership at all."""
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.CONDITIONS_SEE)


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """A workshop in the list. `entries` are phones and sheets that joined; None before it opened. `shown`: members may read it."""

    pk: int
    title: str
    state: WorkshopState
    held_on: date
    closes_on: date | None
    entries: int | None
    shown: bool
    leads: bool


def workshops(slug: str, *, viewer: Viewer) -> list[WorkshopLine]:
    """The workshops of a partnership, newest first; planned ones only for whoever leads them. Empty for somebody outside. Two queries."""
    if not _member(slug, viewer):
        return []
    found = []
    for row in Workshop.objects.filter(partnership__slug=slug).annotate(came=Count("participants")):
        own = leads(row.facilitator_id, viewer=viewer)
        state = WorkshopState(row.state)
        if state is WorkshopState.PLANNED and not own:
            continue
        entries = None if row.opened_at is None else row.came
        found.append(WorkshopLine(row.pk, row.title, state, row.held_on, row.closes_on, entries, bool(row.shown), own))
    return found


@dataclass(frozen=True, slots=True)
class WorkshopSeen:
    """A workshop as every member sees it. `results` and `canvases` say whether anything of that kind has been shown."""

    pk: int
    title: str
    state: WorkshopState
    agenda: Agenda
    cards: tuple[Card, ...]
    chosen: tuple[Card, ...]
    held_on: date
    closes_on: date | None
    step: Step | None
    entries: int | None
    shown: tuple[str, ...]
    follows: tuple[int, str] | None
    leads: bool

    @property
    def results(self) -> bool:
        """Whether its diamond has been shown."""
        return any(each.kind is StepKind.DIAMOND and each.key in self.shown for each in self.agenda.steps)

    @property
    def canvases(self) -> tuple[Step, ...]:
        """Its canvases that this viewer may read."""
        return tuple(each for each in self.agenda.steps if each.kind is StepKind.CANVAS and (self.leads or each.key in self.shown))


def workshop(slug: str, pk: int, *, viewer: Viewer) -> WorkshopSeen | None:
    """One workshop for a member; None outside the partnership, and for one that is only planned and led by another."""
    row = Workshop.objects.filter(partnership__slug=slug, pk=pk).select_related("follows").first() if _member(slug, viewer) else None
    if row is None:
        return None
    own = leads(row.facilitator_id, viewer=viewer)
    if row.state == WorkshopState.PLANNED.value and not own:
        return None
    entries = None if row.opened_at is None else row.participants.count()
    return _seen(row, entries, own)


def _seen(row: Workshop, entries: int | None, own: bool) -> WorkshopSeen:
    agenda, cards = agenda_from(row.agenda), cards_from(row.cards)
    return WorkshopSeen(
        row.pk, row.title, WorkshopState(row.state), agenda, cards, tuple(card for card in cards if card.key in row.chosen), row.held_on,
        row.closes_on, agenda.step(row.step), entries, tuple(row.shown),
        (row.follows.pk, row.follows.title) if row.follows is not None else None, own,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How a room goes on. `sent` has, by the key of each asking step, how many entries sent something in it."""

    phones: int
    sheets: int
    people: int
    sent: Mapping[str, int]

    @property
    def joined(self) -> int:
        """Phones and sheets together."""
        return self.phones + self.sheets


@dataclass(frozen=True, slots=True)
class Console:
    """A workshop as whoever leads it sees it."""

    seen: WorkshopSeen
    version: int
    join_code: str
    step_since: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    facilitator: str
    progress: Progress
    picks: tuple[tuple[Card, int], ...]
    paper: bool
    entries_open: bool
    again: bool

    @property
    def after(self) -> Step | None:
        """The next step; None at the last, and while the room is not open."""
        return self.seen.agenda.after(self.seen.step.key) if self.seen.step is not None else None

    @property
    def before(self) -> Step | None:
        """The step before."""
        return self.seen.agenda.before(self.seen.step.key) if self.seen.step is not None else None

    def minutes_in(self, now: datetime) -> int:
        """Whole minutes that the room has been at its step."""
        return int((now - self.step_since).total_seconds() // 60) if self.step_since is not None else 0


def console(slug: str, pk: int, *, viewer: Viewer, at: datetime) -> Console | None:
    """A workshop for whoever leads it; None for everybody else. The code is in it. At most nine queries."""
    row = _led(slug, pk, viewer)
    if row is None:
        return None
    moving = _progress(row)
    on = day_of(at)
    picks: list[list[str]] = []
    cards = cards_from(row.cards)
    if len(cards) > 9:
        picks = list(CardPick.objects.filter(participant__workshop=row).values_list("cards", flat=True))
    return Console(
        _seen(row, None if row.opened_at is None else moving.joined, True), row.version, row.join_code, row.step_since, row.opened_at,
        row.closed_at, row.facilitator.name, moving, tuple(picks_in_order(cards, picks)),
        takes_paper(row.state, day_of(row.closed_at) if row.closed_at else None, on=on), takes_entries(row.state, row.closes_on, on=on),
        row.state == WorkshopState.CLOSED.value and row.closed_at is not None and day_of(row.closed_at) == on,
    )  # fmt: skip


def _led(slug: str, pk: int, viewer: Viewer) -> Workshop | None:
    """The row, for whoever leads it."""
    if not _member(slug, viewer):
        return None
    row = Workshop.objects.filter(partnership__slug=slug, pk=pk).select_related("facilitator", "follows").first()
    return row if row is not None and leads(row.facilitator_id, viewer=viewer) else None


def _progress(row: Workshop) -> Progress:
    """How many came to a workshop, and how many sent something in each step. At most six queries, whatever the size of the room."""
    came = Counter[str]()
    people = 0
    for how, size in Participant.objects.filter(workshop=row).values_list("came", "group_size"):
        came[how] += 1
        people += size
    agenda = agenda_from(row.agenda)
    kinds = {each.kind for each in agenda.steps}
    sent: dict[str, int] = {}
    if StepKind.CANVAS in kinds:
        lines = CanvasNote.objects.filter(participant__workshop=row).order_by()
        sent |= dict(lines.values_list("step").annotate(Count("participant", distinct=True)))
    for each in agenda.steps:
        if each.kind is StepKind.DIAMOND:
            sent[each.key] = DiamondNine.objects.filter(participant__workshop=row).count()
        elif each.kind is StepKind.PICK:
            sent[each.key] = CardPick.objects.filter(participant__workshop=row).count()
        elif each.kind is StepKind.FORESIGHT:
            said = Likelihood.objects.filter(Q(prediction__workshop=row) & Q(participant__workshop=row))
            sent[each.key] = said.values("participant").distinct().count()
    return Progress(
        came[Came.PHONE.value], came[Came.PAPER.value], people, {each.key: sent.get(each.key, 0) for each in agenda.steps if each.asks}
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a canvas. `hidden`: taken off the wall; such a line is given to whoever leads alone."""

    pk: int
    words: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Canvas:
    """What stands on the canvas of a step: its questions in order, each with its lines in the order in which they came."""

    step: Step
    lines: Mapping[str, tuple[Line, ...]]
    left: int = 0

    @property
    def count(self) -> int:
        """How many lines stand there, without those taken off."""
        return sum(not each.hidden for lines in self.lines.values() for each in lines)


def canvases(slug: str, pk: int, *, viewer: Viewer) -> list[Canvas] | None:
    """The canvases of a workshop: all of them for whoever leads it, for members those that were shown, without the lines taken off.

    None outside the partnership, and where a member has nothing to read. No line says who wrote it.
    """
    seen = workshop(slug, pk, viewer=viewer)
    if seen is None or not seen.canvases:
        return None
    return [canvas_of(pk, step, viewer=viewer, hidden=seen.leads) for step in seen.canvases]


def canvas_of(pk: int, step: Step, *, viewer: Viewer, hidden: bool = False) -> Canvas:
    """The canvas of a step for somebody who was let into its workshop; with `hidden`, the lines taken off as well.

    Of another partnership than the viewer's it is empty.
    """
    rows = CanvasNote.objects.filter(participant__workshop_id=pk, participant__workshop__partnership__slug=_slug(viewer), step=step.key)
    if not hidden:
        rows = rows.filter(hidden_on=None)
    found: dict[str, list[Line]] = {each.key: [] for each in step.prompts}
    total = 0
    for note in rows.order_by("sent_at", "pk").values_list("pk", "words", "hidden_on", "prompt"):
        total += 1
        if note[3] in found and total <= LINES_AT_MOST:
            found[note[3]].append(Line(note[0], note[1], note[2] is not None))
    return Canvas(step, {key: tuple(lines) for key, lines in found.items()}, max(0, total - LINES_AT_MOST))


def foreseen(pk: int, *, viewer: Viewer) -> list[str]:
    """What a room of the viewer's partnership expects in the time to come, in its words; likelihoods are told by the ledger, of the group
    alone."""
    rows = Prediction.objects.filter(workshop_id=pk, partnership__slug=_slug(viewer))
    return list(rows.order_by("pk").values_list("words", flat=True)[:LINES_AT_MOST])


def _slug(viewer: Viewer) -> str:
    return viewer.partnership.slug if viewer.partnership is not None else ""


def before(slug: str, *, viewer: Viewer, apart_from: int | None = None) -> list[tuple[int, str, date]]:
    """The workshops with which a new one can be compared: key, title, day. Those that were opened, newest first."""
    if not _member(slug, viewer):
        return []
    rows = Workshop.objects.filter(partnership__slug=slug, opened_at__isnull=False).exclude(pk=apart_from or 0)
    return list(rows.values_list("pk", "title", "held_on"))
