"""Everything taken out from a page: asked for, made beside the page, fetched, and removed again."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from convenor.archive.actions.saving import save_archive
from convenor.archive.models import Taking
from convenor.archive.queries.takings import SEEN, folder, progress_file
from convenor.archive.rules.refusals import ArchiveRefused
from convenor.archive.rules.taking import KEPT, TakingState, file_name, may_begin
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere, Refused

WAITING = (TakingState.ASKED.value, TakingState.MAKING.value)


def ask_archive(*, slug: str, by: Viewer, at: datetime, with_published: bool = True) -> Taking:
    """Ask for everything in one file. It is made beside the page, or by the worker. One at a time: ArchiveRefused while another is made.

    By whoever may take everything; raises NotAllowed for anybody else.
    """
    allow(by, Permission.ARCHIVE_TAKE, partnership=slug)
    try:
        with transaction.atomic():
            row = Taking.objects.create(
                partnership_id=partnership_id(slug), state=TakingState.ASKED.value, with_published=with_published, asked_at=at,
                asked_by=by.label[:200],
            )  # fmt: skip
            journal.record(
                by=by, at=at, verb="archive.asked", subject_kind="archive", subject_key=row.pk, subject_label="Everything",
                partnership=slug, detail={"published": with_published},
            )  # fmt: skip
    except IntegrityError as error:
        raise ArchiveRefused("An archive is being made already. Nothing was changed: wait until it is ready.") from error
    transaction.on_commit(partial(_leave, at))
    return row


def make_waiting(*, by: str, at: datetime) -> int:
    """Make every archive that was asked for and is not being made; how many. By the worker, and beside the page."""
    count = 0
    for row in Taking.objects.filter(state__in=WAITING).select_related("partnership").order_by("pk"):
        if not may_begin(TakingState(row.state), row.begun_at, at=at):
            continue
        mine = Taking.objects.filter(pk=row.pk, state=row.state, begun_at=row.begun_at)
        if mine.update(state=TakingState.MAKING.value, begun_at=at):
            _make(row, at)
            count += 1
    return count


def fetch_archive(*, slug: str, taking_id: int, by: Viewer, at: datetime) -> Path:
    """The file, to be handed to whoever asks; the journal says so. Raises NotThere when there is none, or none any more."""
    allow(by, Permission.ARCHIVE_TAKE, partnership=slug)
    row = Taking.objects.filter(partnership__slug=slug, pk=taking_id, state=TakingState.READY.value).first()
    path = folder() / row.file_name if row is not None else None
    if row is None or path is None or not path.is_file():
        raise NotThere("There is no such archive, or its file has been removed. Ask for another.")
    journal.record(
        by=by, at=at, verb="archive.fetched", subject_kind="archive", subject_key=row.pk, subject_label="Everything", partnership=slug,
        detail={"sha256": row.digest},
    )  # fmt: skip
    return path


def remove_archive(*, slug: str, taking_id: int, by: Viewer, at: datetime) -> None:
    """Remove the file before its week is over. Raises NotThere when there is none."""
    allow(by, Permission.ARCHIVE_TAKE, partnership=slug)
    with transaction.atomic():
        row = Taking.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=taking_id).first()
        if row is None or row.state != TakingState.READY.value:
            raise NotThere("There is no such archive, or its file has been removed already. Nothing was changed.")
        _remove(row, at)
        journal.record(
            by=by, at=at, verb="archive.removed", subject_kind="archive", subject_key=row.pk, subject_label="Everything", partnership=slug
        )


def forget_archives(*, by: str, at: datetime) -> int:
    """Remove the files whose week is over; how many. By the worker."""
    old = list(Taking.objects.filter(state=TakingState.READY.value, made_at__lte=at - KEPT))
    for row in old:
        _remove(row, at)
    return len(old)


def note_worker(*, by: str, at: datetime) -> None:
    """The worker was here: `convenor check` reads it."""
    with suppress(OSError):
        (Path(settings.DATA_DIR) / SEEN).write_text(at.isoformat() + "\n")


def _make(row: Taking, at: datetime) -> None:
    """Make one; whatever happens, its row says so."""
    slug = row.partnership.slug
    name, progress = file_name(slug, at, row.pk), progress_file(row.pk)
    row.begun_at = at
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder() / name).unlink(missing_ok=True)  # half a file of a process that is gone
        saved = save_archive(
            slug=slug,
            to=folder() / name,
            by=row.asked_by,
            at=at,
            with_published=row.with_published,
            say=lambda words: _say(progress, words),
        )
    except (Refused, OSError) as error:
        row.state, row.problem = TakingState.FAILED.value, str(error)[:500]
    else:
        row.state, row.made_at, row.file_name = TakingState.READY.value, at, name
        row.size_bytes, row.rows, row.digest = saved.size, saved.contents.rows, saved.digest
    row.save()
    with suppress(OSError):
        progress.unlink(missing_ok=True)


def _say(progress: Path, words: str) -> None:
    with suppress(OSError):
        progress.write_text(words)


def _remove(row: Taking, at: datetime) -> None:
    (folder() / row.file_name).unlink(missing_ok=True)
    row.state, row.gone_at, row.file_name = TakingState.GONE.value, at, ""
    row.save()


def _leave(at: datetime) -> None:
    """Make it now, beside us, or leave it to the worker: as letters leave."""
    if settings.POST_LEAVES == "now":
        make_waiting(by="the system", at=at)
    elif settings.POST_LEAVES == "beside":
        threading.Thread(target=_beside, args=(at,), name="archive", daemon=True).start()


def _beside(at: datetime) -> None:
    """The thread's work; it gives its database connection back."""
    try:
        make_waiting(by="the system", at=at)
    finally:
        connection.close()
