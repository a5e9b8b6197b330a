"""A school's lines for whoever the circle lets read them. Everybody else gets nothing: not the lines, not that there are any.

The school's own people read at once and first; the one named broker, and its cluster lead while the school agrees, read while the
conversation is open (`rules.circle`). A page that shows lines to anybody not of the school records the look before it is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.intelligence.queries.circle import sights
from convenor.intelligence.queries.runs import RunShort, SchoolAssessment, assessed, newest_run

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

__all__ = ["RunShort", "SchoolAssessment", "assessment_of", "assessments", "newest_run"]


def assessments(urns: Iterable[str], *, partnership_id: int | None, viewer: Viewer, at: date | datetime) -> dict[str, SchoolAssessment]:
    """The assessments of those of these schools whose lines this viewer may read today; the others are absent.

    The newest run's lines with what was entered in the partnership. At most eight queries, however many schools.
    """
    here = viewer.partnership
    if here is None or (partnership_id is not None and here.id != partnership_id):
        return {}
    seen = sights(urns, viewer=viewer, at=at)
    return assessed([urn for urn, sight in seen.items() if sight.reads], partnership_id=partnership_id, at=at, viewer=viewer)


def assessment_of(urn: str, *, partnership_id: int | None, viewer: Viewer, at: date | datetime) -> SchoolAssessment | None:
    """One school's assessment; None for whoever is outside the circle, and where no run has been made or the school is in none."""
    return assessments([urn], partnership_id=partnership_id, viewer=viewer, at=at).get(urn)
