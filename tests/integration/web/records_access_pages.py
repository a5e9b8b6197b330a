"""Requests for information and what is held, for the table of access: whoever answers and keeps the holds, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from convenor.records import actions
from convenor.records.models import Hold, InformationRequest, RequestItem
from convenor.records.rules.clock import RequestKind, StopKind
from convenor.records.rules.holds import HoldKind
from tests.factories.partnership import AT, ON, SLUG, World

MANAGER = frozenset({"manager"})
OF_REQUEST = ("search", "elsewhere", "stop", "go-on", "longer", "letter", "archive", "end")
PAGES: dict[str, frozenset[str]] = dict.fromkeys(
    (
        "information-requests", "information-request-new", "information-request", "information-request-decide", "information-request-item",
        *(f"information-request-{each}" for each in OF_REQUEST), "holdings", "hold-place", "hold-end", "impact-assessment",
        "impact-assessment-file",
    ),
    MANAGER,
)  # fmt: skip
#: Pages that are only read.
READ = ("information-requests", "information-request", "holdings", "impact-assessment", "impact-assessment-file")


def begin(everyone: World) -> None:
    """A request about a head, with what was found, and a hold."""
    known: dict[str, Any] = {"slug": SLUG, "by": everyone["manager"], "at": AT}
    row = actions.record_request(
        kind=RequestKind.SUBJECT_ACCESS, asker="Ada Example", answer_to="", words="All about me.", received_on=ON - timedelta(days=3),
        person_id=everyone.people["head"].pk, urn="", own_day=None, **known,
    )  # fmt: skip
    actions.search(request_id=row.pk, words="", **known)
    actions.stop_clock(request_id=row.pk, kind=StopKind.CLARITY, from_on=ON, note="", **known)
    actions.place_hold(kind=HoldKind.CLASS, urn="", person_id=None, record_class="support", reason="A claim", from_on=ON, **known)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row, hold = InformationRequest.objects.get(), Hold.objects.get()
    item = RequestItem.objects.filter(request=row).order_by("pk")[0]
    plain = ("information-requests", "information-request-new", "holdings", "hold-place", "impact-assessment")
    given: dict[str, list[Any]] = {name: [SLUG] for name in plain}
    given |= {f"information-request-{each}": [SLUG, row.pk] for each in OF_REQUEST} | {"information-request": [SLUG, row.pk]}
    return given | {
        "information-request-decide": [SLUG, row.pk, item.table], "information-request-item": [SLUG, row.pk, item.pk],
        "hold-end": [SLUG, hold.pk], "impact-assessment-file": [SLUG, "docx"],
    }  # fmt: skip
