"""Reads of stored documents."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from convenor.papers import rules
from convenor.papers.models import Paper


def papers(partnership: str, *, viewer: Any) -> list[Paper]:
    """The newest version of each document of the partnership that this viewer may read, by title.

    A viewer of another partnership, or of none, sees what is public and nothing else.
    """
    newest: dict[str, Paper] = {}
    for paper in Paper.objects.filter(partnership=partnership).order_by("title", "-version"):
        newest.setdefault(paper.title, paper)
    return [paper for paper in newest.values() if _reads(paper, viewer)]


def content(paper_id: int, *, viewer: Any) -> tuple[Paper, bytes] | None:
    """One document with its bytes; None when there is none such or it is not for this viewer."""
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is None or not _reads(paper, viewer):
        return None
    return paper, (settings.PAPERS_DIR / paper.digest).read_bytes()


def _reads(paper: Paper, viewer: Any) -> bool:
    """Ask the rule, with the places this viewer holds in the document's own partnership."""
    held = [one for one in getattr(viewer, "holdings", ()) if one.partnership_slug == paper.partnership]
    places = {str(place) for one in held for place in (one.urn, one.body_id) if place}
    return rules.may_read(paper.audience, member=bool(held), places=frozenset(places))
