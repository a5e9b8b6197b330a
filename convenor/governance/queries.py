"""What a partnership works on and what its bodies decided. Priorities are public; decisions are for those who read papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from convenor.governance.models import Decision, Priority, TaskGroup
from convenor.partnership.gate import Permission, Viewer, day_of
from convenor.partnership.queries.holdings import in_force


@dataclass(frozen=True, slots=True)
class PrioritySeen:
    """A priority in force. `lead_body` is the name of the body that leads it, "" for none; `closed_why` is for members."""

    id: int
    title: str
    why: str
    lead_body: str
    lead_key: str
    measure: str
    came_from: str
    from_on: date
    until_on: date


def priorities(slug: str, *, viewer: Viewer, at: date | datetime) -> list[PrioritySeen]:
    """The priorities in force on the day, in the order in which they began; open to anyone. One query."""
    rows = Priority.objects.filter(in_force(day_of(at)), partnership__slug=slug).order_by("from_on", "id")
    fields = ("id", "title", "why", "lead_body__name", "lead_body__key", "measure", "came_from", "from_on", "until_on")
    return [PrioritySeen(*(*row[:3], row[3] or "", row[4] or "", *row[5:])) for row in rows.values_list(*fields)]


@dataclass(frozen=True, slots=True)
class TaskGroupSeen:
    """A task-and-finish group's charge. `lessons` are for those who read papers."""

    id: int
    body: str
    body_key: str
    priority: str
    task: str
    output: str
    due_on: date
    finished_on: date | None
    lessons: str


def task_groups(slug: str, *, viewer: Viewer, at: date | datetime) -> list[TaskGroupSeen]:
    """Every task-and-finish group, those at work first, by the day their work is due; open to anyone, lessons apart. One query."""
    reads = _reads(viewer, slug)
    rows = TaskGroup.objects.filter(partnership__slug=slug).order_by("due_on", "id")
    fields = ("id", "body__name", "body__key", "priority__title", "task", "output", "due_on", "finished_on", "lessons")
    found = [
        TaskGroupSeen(row[0], row[1], row[2], row[3] or "", row[4], row[5], row[6], row[7], row[8] if reads else "")
        for row in rows.values_list(*fields)
    ]
    return sorted(found, key=lambda each: each.finished_on is not None and each.finished_on <= day_of(at))


@dataclass(frozen=True, slots=True)
class DecisionSeen:
    """What a body decided. `replaced` says that a later decision took its place."""

    id: int
    body: str
    body_key: str
    decided_on: date
    words: str
    why: str
    votes: tuple[int, int, int] | None
    replaced: bool


def _reads(viewer: Viewer, slug: str) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.PAPERS_READ)


def decisions(slug: str, *, viewer: Viewer, body: str = "", limit: int = 50) -> list[DecisionSeen]:
    """What the partnership's bodies, or one of them by its key, decided, newest first. One query.

    For those who read papers; of a body at which they do, or all for those who read them in the whole partnership. Empty for
    anyone else.
    """
    if not _reads(viewer, slug):
        return []
    rows = Decision.objects.filter(partnership__slug=slug)
    if not any(each.allows(Permission.PAPERS_READ) and each.body_id is None for each in viewer.holdings):
        rows = rows.filter(body__in=viewer.bodies(Permission.PAPERS_READ))
    if body:
        rows = rows.filter(body__key=body)
    fields = ("id", "body__name", "body__key", "decided_on", "words", "why", "votes_for", "votes_against", "abstained", "replaced_by")
    found = []
    for row in rows.order_by("-decided_on", "-id").values_list(*fields)[:limit]:
        votes = (row[6], row[7] or 0, row[8] or 0) if row[6] is not None else None
        found.append(DecisionSeen(row[0], row[1], row[2], row[3], row[4], row[5], votes, row[9] is not None))
    return found


def priority_exists(slug: str, priority_id: int) -> bool:
    """Whether a priority belongs to a partnership: what a feature that points at one asks."""
    return Priority.objects.filter(partnership__slug=slug, pk=priority_id).exists()


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """A recorded decision as features above lean on it: which body's, whether that is the board, when, and whether it still stands."""

    id: int
    body: str
    of_the_board: bool
    decided_on: date
    replaced: bool


def decision_standing(slug: str, decision_id: int) -> StandingDecision | None:
    """One decision of a partnership without its words, or None: what a feature that needs a decision of the board asks. One query."""
    row = (
        Decision.objects.filter(partnership__slug=slug, pk=decision_id)
        .values_list("id", "body__name", "body__tier__hue", "body__kind", "decided_on", "replaced_by")
        .first()
    )
    return StandingDecision(row[0], row[1], _is_the_board(row[2], row[3]), row[4], row[5] is not None) if row else None


def _is_the_board(hue: str, kind: str) -> bool:
    """Whether a body is the board itself and no group or committee of it: it stands in the board's tier."""
    return hue == "board" and not any(word in kind.lower() for word in ("group", "committee"))


def board_decisions(slug: str, *, viewer: Viewer, limit: int = 30) -> list[DecisionSeen]:
    """The decisions of the board that still stand, newest first, for those who read its papers; empty for anyone else. Two queries."""
    rows = Decision.objects.filter(partnership__slug=slug).values_list("id", "body__tier__hue", "body__kind")
    keys = {key for key, hue, kind in rows if _is_the_board(hue, kind)}
    return [each for each in decisions(slug, viewer=viewer, limit=200) if each.id in keys and not each.replaced][:limit]
