"""What was heard: the results of a consultation that has closed, for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.consultation.models import ResultsRun
from convenor.consultation.queries.consultations import ConsultationSeen, consultation
from convenor.consultation.rules.results import Found, from_data
from convenor.consultation.rules.states import ConsultationState
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class HeardSeen:
    """The results. `found` is None until they are worked out. `whole`: this viewer sees them by group and with open views, else totals."""

    seen: ConsultationSeen
    found: Found | None
    whole: bool


def heard(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> HeardSeen | None:
    """The results, once the last day is over: whole for whoever runs the consultation, and for anyone once the report is published; totals
    of schools' answers before that for those who may see how schools take part. None for everybody else. Four queries."""
    seen = consultation(slug, pk, viewer=viewer, at=at)
    if seen is None or seen.state not in (ConsultationState.CLOSED, ConsultationState.REPORTED):
        return None
    whole = seen.runs or seen.state is ConsultationState.REPORTED
    here = viewer.partnership is not None and viewer.partnership.slug == slug
    if not whole and not (here and viewer.may(Permission.ENGAGEMENT_SEE)):
        return None
    run = ResultsRun.objects.filter(consultation_id=pk).values_list("content", flat=True).first()
    if run is None:
        return HeardSeen(seen, None, whole)
    found = from_data(run)
    return HeardSeen(seen, found if whole else _totals(found), whole)


def _totals(found: Found) -> Found:
    """Totals of schools' answers alone."""
    bare = tuple(replace(each, tables=(), comparisons=()) for each in found.schools)
    return replace(found, views=0, schools=bare, said_by_views=(), words=(), versions=())
