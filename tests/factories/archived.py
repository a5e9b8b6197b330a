"""A small partnership with something of everything that an archive must carry, and an empty place to put it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from convenor.archive.actions.rows import remove
from convenor.archive.queries.tables import model_of, tables
from convenor.archive.rules.belonging import Belongs
from convenor.conditions.models import Participant, Workshop
from convenor.journal import actions as journal
from convenor.papers.actions import store
from convenor.post.models import Letter
from convenor.registers.models import Edition
from tests.factories.partnership import AT, SLUG, World
from tests.factories.support_beside import beside, mentoring, note, other

__all__ = ["AT", "CODE", "FORMULA", "LATER", "PHONE", "SLUG", "emptied", "full"]

LATER = AT + timedelta(days=2)
FORMULA = '=HYPERLINK("http://evil.example","look")'
PHONE, CODE = "a" * 64, "CDFGHJKM"


def full(folder: Path) -> World:
    """Fernshire with support, a paper, letters, a room with a phone in it, an edition, and words that would run as a formula."""
    settings.PAPERS_DIR, settings.EDITIONS_DIR = folder / "papers", folder / "editions"
    here = beside()
    mentoring(here)
    note(here, words=FORMULA)
    other(here, name="-2+3", about=["reading", "mathématiques"])
    store(
        by=here["manager"], at=AT, partnership=SLUG, title="Minutes", audience="public", media_type="text/plain", content=b"What was said",
    )  # fmt: skip
    sent = {"partnership": SLUG, "to_address": "ada@example.org", "kind": "x", "subject": "A thing waits", "queued_at": AT}
    Letter.objects.create(body="See http://here.example/door/secret-token.", sent_at=AT, **sent)
    Letter.objects.create(body="Not yet sent", **sent)
    room = Workshop.objects.create(
        partnership=here.partnership, title="A room", state="planned", agenda=[], cards=[], held_on=AT.date(), planned_at=AT,
        join_code=CODE, facilitator=here.people["manager"],
    )  # fmt: skip
    for secret in (PHONE, ""):
        Participant.objects.create(workshop=room, secret=secret, came="phone", way="one", joined_at=AT)
    settings.EDITIONS_DIR.mkdir(parents=True, exist_ok=True)
    (settings.EDITIONS_DIR / "deadbeef.parquet").write_bytes(b"PAR1 invented PAR1")
    edition()
    journal.record(
        by=here["manager"], at=AT, verb="a.b", subject_kind="k", subject_key=1, subject_label="s", partnership=SLUG,
        detail={"zebra": 1, "aardvark": [1.5, None, "é"]},
    )  # fmt: skip
    return here


def edition(**more: Any) -> Edition:
    """A published file, with its columns kept."""
    given: dict[str, Any] = {
        "key": "invented-2026", "family": "invented", "publisher": "Nobody", "title": "Invented figures", "as_at": AT.date(),
        "licence": "none", "digest": "d" * 64, "file_name": "invented.csv", "rows_read": 1, "rows_loaded": 1, "rows_refused": 0,
        "rows_aggregate": 0, "loaded_at": AT, "loaded_by": "the test", "parquet": "deadbeef.parquet",
    }  # fmt: skip
    return Edition.objects.create(**given | more)


def emptied(folder: Path, *, published: bool = True) -> None:
    """Everything that an archive carries is gone, and documents and editions have an empty folder: another installation."""
    settings.PAPERS_DIR, settings.EDITIONS_DIR = folder / "papers", folder / "editions"
    for table in tables():
        if table.leaves and (published or table.belongs is not Belongs.PUBLISHED):
            remove(table, list(model_of(table.label)._base_manager.order_by().values_list("pk", flat=True)))
