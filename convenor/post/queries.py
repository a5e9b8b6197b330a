"""Reads of the outbox: who may see what was sent is decided by the caller's page; the words themselves are never returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from convenor.post.models import Letter
from convenor.post.rules import ATTEMPTS


@dataclass(frozen=True)
class LetterWithProblem:
    """A letter that could not be sent: what kind, to whom, since when, why. Never its words."""

    id: int
    kind: str
    to_name: str
    to_address: str
    queued_at: datetime
    attempts: int
    problem: str
    resting: bool


def letters_with_problems(partnership: str, *, viewer: Any, limit: int = 20) -> list[LetterWithProblem]:
    """The partnership's unsent letters that met a problem, newest first.

    `viewer` must stand in that partnership (`viewer.partnership.slug`); anyone else gets an empty list. Sign-in letters belong
    to no partnership and are in nobody's list.
    """
    here = getattr(getattr(viewer, "partnership", None), "slug", None)
    if not partnership or here != partnership:
        return []
    rows = Letter.objects.filter(partnership=partnership, sent_at=None).exclude(problem="").order_by("-queued_at", "-id")[:limit]
    return [
        LetterWithProblem(
            id=row.pk, kind=row.kind, to_name=row.to_name, to_address=row.to_address, queued_at=row.queued_at,
            attempts=row.attempts, problem=row.problem, resting=row.attempts >= ATTEMPTS,
        )
        for row in rows
    ]  # fmt: skip
