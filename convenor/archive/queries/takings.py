"""Archives that were asked for on the page, for whoever takes everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from convenor.archive.models import Taking
from convenor.archive.queries.tables import tables
from convenor.archive.rules.belonging import Belongs
from convenor.archive.rules.taking import SAYS, TakingState, kept_until
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Where the worker says that it was here.
SEEN = "worker-seen"
#: How many of those that were taken are shown.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class TakingSeen:
    """One archive that was asked for: where it stands, `progress` how far it is while it is made, `kept_until` when its file goes."""

    pk: int
    state: TakingState
    with_published: bool
    asked_at: datetime
    asked_by: str
    size_bytes: int
    rows: int
    digest: str
    problem: str
    progress: str = ""
    kept_until: datetime | None = None

    @property
    def says(self) -> str:
        """Where it stands, in words."""
        return SAYS[self.state]

    @property
    def waits(self) -> bool:
        """Whether it is still to come."""
        return self.state in {TakingState.ASKED, TakingState.MAKING}

    @property
    def ready(self) -> bool:
        """Whether it can be fetched."""
        return self.state is TakingState.READY


@dataclass(frozen=True, slots=True)
class TakingsPage:
    """The page: what was asked for, newest first, and what stays behind, with the reason."""

    takings: tuple[TakingSeen, ...]
    left: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether one is still to come."""
        return any(each.waits for each in self.takings)


def takings(slug: str, *, viewer: Viewer) -> TakingsPage | None:
    """The archives that were asked for; None for anybody who may not take everything. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.ARCHIVE_TAKE):
        return None
    rows = Taking.objects.filter(partnership_id=here.id).order_by("-asked_at", "-pk")[:SHOWN]
    left = dict.fromkeys(
        each.why for each in tables() if each.belongs is Belongs.LEFT and each.app not in {"auth", "contenttypes", "archive"}
    )
    return TakingsPage(tuple(_seen(each) for each in rows), tuple(left))


def taking_ready(slug: str, pk: int, *, viewer: Viewer) -> TakingSeen | None:
    """One that can be fetched; None where there is none such, or for anybody who may not take everything. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.ARCHIVE_TAKE):
        return None
    row = Taking.objects.filter(partnership_id=here.id, pk=pk, state=TakingState.READY.value).first()
    return _seen(row) if row is not None else None


def folder() -> Path:
    """Where archives stand until they are fetched."""
    return Path(settings.DATA_DIR) / "archives"


def progress_file(pk: int) -> Path:
    """Where the making of one says how far it is."""
    return folder() / f".{pk}.progress"


def _seen(row: Taking) -> TakingSeen:
    state = TakingState(row.state)
    return TakingSeen(
        row.pk, state, row.with_published, row.asked_at, row.asked_by, row.size_bytes, row.rows, row.digest, row.problem,
        _progress(row.pk) if state is TakingState.MAKING else "", kept_until(row.made_at) if row.made_at else None,
    )  # fmt: skip


def _progress(pk: int) -> str:
    try:
        return progress_file(pk).read_text()[:100]
    except OSError:
        return ""
