"""The report of a consultation: as it was published, for anyone; before that, as it would be, for whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from convenor.consultation.models import ConsultationReport, ResultsRun
from convenor.consultation.queries.consultations import ConsultationSeen, consultation, versions_of
from convenor.consultation.queries.themes import themes_of, themes_told
from convenor.consultation.rules import report as reports
from convenor.consultation.rules.report import About, Report
from convenor.consultation.rules.results import from_data
from convenor.consultation.rules.states import ConsultationState
from convenor.consultation.rules.themes import unfinished

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """The report. `published_at` is None for what whoever runs it would publish; `left` names themes that are not finished."""

    seen: ConsultationSeen
    report: Report
    published_at: datetime | None
    left: tuple[str, ...]


def report(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> ReportSeen | None:
    """The published report, for anyone; the draft of it, for whoever runs the consultation; None for everybody else. At most ten."""
    seen = consultation(slug, pk, viewer=viewer, at=at)
    if seen is None:
        return None
    if seen.state is ConsultationState.REPORTED:
        made = ConsultationReport.objects.filter(consultation_id=pk).first()
        return ReportSeen(seen, reports.from_data(made.content), made.published_at, ()) if made else None
    run = ResultsRun.objects.filter(consultation_id=pk).select_related("consultation__partnership").first() if seen.runs else None
    if run is None or seen.state is not ConsultationState.CLOSED:
        return None
    left = unfinished((each.name, each.said, each.heard) for each in themes_of(pk, viewer=viewer))
    return ReportSeen(seen, draft_of(run.consultation, viewer=viewer), None, left)


def draft_of(row: Any, *, viewer: Viewer) -> Report:
    """The report of a consultation as it would be now, from its results and themes; for whoever runs it."""
    run = ResultsRun.objects.get(consultation=row)
    versions = versions_of(row, viewer=viewer)
    about = About(
        row.title, row.partnership.name, row.says, row.opens_on, row.closes_on, tuple(each.heading for each in versions[-1].sections),
        len(versions),
    )  # fmt: skip
    return reports.report(about, from_data(run.content), themes_told(row, viewer=viewer))
