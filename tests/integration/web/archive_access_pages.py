"""Taking everything, for the table of access: the manager alone, with one archive that can be fetched."""

from __future__ import annotations

from typing import Any

from convenor.archive.models import Taking
from tests.factories.partnership import AT, SLUG, World

MANAGER = frozenset({"manager"})
PAGES: dict[str, frozenset[str]] = dict.fromkeys(("archives", "archive-fetch", "archive-remove"), MANAGER)


def begin(everyone: World) -> None:
    """An archive that is ready."""
    Taking.objects.create(
        partnership=everyone.partnership, state="ready", asked_at=AT, asked_by="the test", made_at=AT, file_name="none.zip"
    )


def addresses() -> dict[str, Any]:
    """The parts of the address of each page."""
    pk = Taking.objects.get().pk
    return {"archives": [SLUG], "archive-fetch": [SLUG, pk], "archive-remove": [SLUG, pk]}
