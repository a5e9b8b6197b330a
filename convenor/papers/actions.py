"""Writes of stored documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from convenor.papers import rules
from convenor.papers.models import Paper


def store(*, by: Any, at: datetime, partnership: str, title: str, audience: str, media_type: str, content: bytes) -> Paper:
    """Keep a document; the same title again makes the next version, and the old one stays.

    The content is written under its digest before the row is, so that a row never points at nothing. Raises
    rules.PaperRefused. The caller's feature has asked whether this person may, and writes the journal.
    """
    digest = rules.check(title=title, media_type=media_type, content=content)
    folder = settings.PAPERS_DIR
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / digest
    if not kept.exists():
        part = folder / f"{digest}.part"
        part.write_bytes(content)
        part.replace(kept)
    with transaction.atomic():
        last = Paper.objects.filter(partnership=partnership, title=title).aggregate(last=Max("version"))["last"] or 0
        return Paper.objects.create(
            partnership=partnership, title=title.strip(), version=last + 1, audience=audience, media_type=media_type, digest=digest,
            size_bytes=len(content), stored_at=at, stored_by=getattr(by, "label", str(by)),
        )  # fmt: skip


def forget_files(*, digests: Iterable[str], by: Any, at: datetime) -> int:
    """Remove from the disk the documents of these digests that no row names any more; how many there were."""
    wanted = set(digests)
    left = wanted - set(Paper.objects.filter(digest__in=wanted).values_list("digest", flat=True)) if wanted else set()
    files = [settings.PAPERS_DIR / digest for digest in sorted(left)]
    there = [each for each in files if each.exists()]
    for each in there:
        each.unlink()
    return len(there)
