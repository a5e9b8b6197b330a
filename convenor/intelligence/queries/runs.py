"""The newest run, and schools' parts of it with what was entered beside it. For this feature's own queries: the circle is drawn by those.

Nothing here asks who is looking; `queries.lines` and `queries.suggestions` do, before they give anything to a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from convenor.intelligence.models import Run, RunSchool
from convenor.intelligence.queries.conversation_counts import asked_themselves
from convenor.intelligence.queries.entered import entered_lines
from convenor.intelligence.rules.compact import Kept, Lists, assessment_of
from convenor.intelligence.rules.conversation import own_request
from convenor.intelligence.rules.indicators import CODES
from convenor.intelligence.rules.lines import Assessment, Line, with_entered

_KEPT = (
    "urn", "phase", "lines", "contributions", "score", "score_maximum", "uncertainty", "suggested_by", "rank_raw", "rank_similar",
    "fictitious",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunShort:
    """A run as pages name it. `digest` names it; `key` is its short form; `editions` are keys."""

    id: int
    digest: str
    as_at: date
    weights_year: int
    rules_version: str
    editions: tuple[str, ...]
    schools: int
    suggested: int
    computed_at: datetime

    @property
    def key(self) -> str:
        """How a run is named on a page and in a letter."""
        return self.digest[:12]


@dataclass(frozen=True, slots=True)
class SchoolAssessment:
    """One school's assessment with the run it stands in. Its place in the run is never shown on a screen, and is not here."""

    run: RunShort
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Placed:
    """One school's part of a run as the command prints it."""

    urn: str
    assessment: Assessment
    rank_raw: int | None
    rank_similar: int | None


def newest_run(viewer: Any) -> RunShort | None:
    """The newest run that stands; None where none has been made. Published figures only: open to everyone. One query."""
    found = _newest()
    return found[0] if found else None


def _newest() -> tuple[RunShort, Lists] | None:
    fields = ("id", "digest", "as_at", "weights_year", "rules_version", "editions", "schools", "suggested", "computed_at", "lists")
    row = Run.objects.filter(withdrawn_at=None).order_by("-computed_at", "-id").values_list(*fields).first()
    if row is None:
        return None
    return RunShort(row[0], row[1], row[2], row[3], row[4], tuple(row[5]), row[6], row[7], row[8]), Lists.read(row[9])


def assessed(
    urns: Iterable[str], *, partnership_id: int | None, at: date | datetime, viewer: Any = None, suggested_only: bool = False
) -> dict[str, SchoolAssessment]:
    """The newest run's assessments of these schools, with what was entered in the partnership; schools that are in no run are absent.

    Whoever calls this has asked the circle what `viewer` may read. `suggested_only` leaves out schools for which no conversation is
    suggested: quick for a whole partnership. Two queries, and those of what was entered and of who
    asked themselves where a partnership is named.
    """
    wanted = list(dict.fromkeys(urns))
    newest = _newest() if wanted else None
    if newest is None:
        return {}
    run, lists = newest
    reader = None if suggested_only else viewer
    entered = _entered(wanted, partnership_id, at, viewer, reader) if partnership_id is not None else {}
    rows = RunSchool.objects.filter(run_id=run.id, urn__in=wanted)
    if suggested_only:
        rows = rows.filter(Q(suggested=True) | Q(urn__in=list(entered)))
    found = {}
    for row in rows.values_list(*_KEPT):
        whole = with_entered(assessment_of(_kept(row), lists), entered.get(row[0], ()), CODES)
        if whole.suggested or not suggested_only:
            found[row[0]] = SchoolAssessment(run, whole)
    return found


def _entered(urns: list[str], partnership_id: int, at: date | datetime, viewer: Any, reader: Any) -> dict[str, list[Line]]:
    """What people entered, and, of schools that asked for a conversation themselves, that they did. `reader`: None for what is for many."""
    found = {urn: list(lines) for urn, lines in entered_lines(urns, partnership_id=partnership_id, at=at, viewer=reader).items()}
    for urn, asked_on in asked_themselves(urns, viewer=viewer, at=at, partnership_id=partnership_id).items():
        found.setdefault(urn, []).append(own_request(asked_on))
    return found


def placed(authorities: Sequence[str], *, viewer: Any) -> tuple[RunShort, list[Placed]] | None:
    """The newest run's real schools of these authorities, in the order of their URNs, with their places; None where there is no run.

    For the command line, whose operator sees everything; a fictitious school is never among them.
    """
    newest = _newest()
    if newest is None:
        return None
    run, lists = newest
    rows = RunSchool.objects.filter(run_id=run.id, authority_code__in=list(authorities), fictitious=False).order_by("urn")
    return run, [Placed(row[0], assessment_of(_kept(row), lists), row[8], row[9]) for row in rows.values_list(*_KEPT)]


def _kept(row: tuple[Any, ...]) -> Kept:
    return Kept(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])
