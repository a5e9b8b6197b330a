"""Sheets of paper as whoever typed them in looks them over: which are in, and what was read from each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convenor.conditions.models import CanvasNote, Participant, Workshop
from convenor.conditions.queries.workshops import leads
from convenor.conditions.rules.groups import QUESTIONS
from convenor.conditions.rules.states import Came

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet in the list of those typed in. `diamond`: its rows are in."""

    pk: int
    label: str
    group_size: int
    diamond: bool


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet as it was typed. `rows` is empty where it has no diamond; `lines` by step and question."""

    pk: int
    label: str
    group_size: int
    rows: Mapping[str, int]
    comments: Mapping[str, str]
    groups: Mapping[str, str]
    lines: Mapping[tuple[str, str], tuple[str, ...]]


def _led(slug: str, pk: int, viewer: Viewer) -> Workshop | None:
    row = Workshop.objects.filter(partnership__slug=slug, pk=pk).first()
    inside = viewer.partnership is not None and viewer.partnership.slug == slug
    return row if row is not None and inside and leads(row.facilitator_id, viewer=viewer) else None


def sheets(slug: str, pk: int, *, viewer: Viewer) -> list[SheetLine]:
    """The sheets of a workshop, the newest first, for whoever leads it; none for anybody else."""
    row = _led(slug, pk, viewer)
    if row is None:
        return []
    found = Participant.objects.filter(workshop=row, came=Came.PAPER.value).order_by("-pk")
    return [SheetLine(*each[:3], each[3] is not None) for each in found.values_list("pk", "label", "group_size", "diamond__pk")]


def sheet(slug: str, pk: int, participant_id: int, *, viewer: Viewer) -> SheetSeen | None:
    """One sheet, for whoever leads the workshop; None for anybody else, and for what a phone sent."""
    row = _led(slug, pk, viewer)
    who = None
    if row is not None:
        who = Participant.objects.filter(workshop=row, came=Came.PAPER.value, pk=participant_id).select_related("diamond").first()
    if who is None:
        return None
    diamond = getattr(who, "diamond", None)
    lines: dict[tuple[str, str], tuple[str, ...]] = {}
    for step, prompt, words in CanvasNote.objects.filter(participant=who).values_list("step", "prompt", "words"):
        lines[(step, prompt)] = (*lines.get((step, prompt), ()), words)
    return SheetSeen(
        who.pk, who.label, who.group_size, diamond.rows if diamond else {}, diamond.comments if diamond else {},
        {key: getattr(who, key) for key in QUESTIONS}, lines,
    )  # fmt: skip
