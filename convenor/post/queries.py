"""Reads of the outbox: who may see what was sent is decided by the caller's page.

The words themselves are returned for letters held in practice alone, and there only of the kinds that the caller names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from convenor.post.models import Bounce, Letter, Practice
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
    if not _stands_in(viewer, partnership):
        return []
    rows = Letter.objects.filter(partnership=partnership, sent_at=None).exclude(problem="").order_by("-queued_at", "-id")[:limit]
    return [
        LetterWithProblem(
            id=row.pk, kind=row.kind, to_name=row.to_name, to_address=row.to_address, queued_at=row.queued_at,
            attempts=row.attempts, problem=row.problem, resting=row.attempts >= ATTEMPTS,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PracticeSeen:
    """A partnership that practises: since when, who began it, and how many letters are held."""

    since: datetime
    by: str
    held: int


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A letter that would have been sent. `body` is "" but for kinds whose words the caller may show."""

    id: int
    kind: str
    to_name: str
    to_address: str
    subject: str
    body: str
    queued_at: datetime


def in_practice(slug: str, *, viewer: Any = None) -> bool:
    """Whether this partnership practises: its letters are held. The same for everybody. One query."""
    return bool(slug) and Practice.objects.filter(partnership=slug).exists()


def practising(slugs: Iterable[str], *, viewer: Any = None) -> frozenset[str]:
    """Those of these partnerships that practise. One query."""
    return frozenset(Practice.objects.filter(partnership__in=list(slugs)).values_list("partnership", flat=True))


def practice(slug: str, *, viewer: Any) -> PracticeSeen | None:
    """The practice of the viewer's own partnership; None when it does not practise, or for anyone else. Two queries."""
    row = Practice.objects.filter(partnership=slug).first() if _stands_in(viewer, slug) else None
    if row is None:
        return None
    return PracticeSeen(row.since, row.by, Letter.objects.filter(partnership=slug, practice=True).count())


def held_letters(slug: str, *, viewer: Any, with_words: Collection[str] = (), limit: int = 500) -> list[HeldLetter]:
    """What would have been sent, newest first, to somebody of that partnership: the caller decides that they may see it. One query.

    Subject and words are given for the kinds in `with_words` alone: other letters may be between a school and its broker.
    """
    if not _stands_in(viewer, slug):
        return []
    rows = Letter.objects.filter(partnership=slug, practice=True).order_by("-queued_at", "-id")[:limit]
    return [
        HeldLetter(
            row.pk, row.kind, row.to_name, row.to_address, row.subject if row.kind in with_words else "",
            row.body if row.kind in with_words else "", row.queued_at,
        )
        for row in rows
    ]  # fmt: skip


def bounces(slug: str, *, viewer: Any) -> dict[str, tuple[str, datetime]]:
    """Addresses, in small letters, from which letters of this partnership came back: why, and when. One query.

    `viewer` must stand in that partnership, or be "the system"; anyone else gets none.
    """
    if not (viewer == "the system" or _stands_in(viewer, slug)):
        return {}
    rows = Bounce.objects.filter(partnership=slug).values_list("address", "why", "noted_at")
    return {address: (why, at) for address, why, at in rows}


def _stands_in(viewer: Any, slug: str) -> bool:
    """Whether the viewer stands in the partnership of this name."""
    return bool(slug) and getattr(getattr(viewer, "partnership", None), "slug", None) == slug
