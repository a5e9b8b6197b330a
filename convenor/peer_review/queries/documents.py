"""Documents of a review, each holding what its reader may read of it and nothing more."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from convenor.peer_review.models import Activity, EvidenceNote, EvidenceText, PeerReview, TeamMember
from convenor.peer_review.queries.reports import ReportSeen, after, reports_seen
from convenor.peer_review.queries.reviews import plan
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.documents import Document
from convenor.peer_review.rules.ownership import Sight

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def document(here: ReviewHere, kind: str, *, viewer: Viewer) -> Document | None:
    """The agenda, the evidence log or the report of a review, as far as this viewer may read it; None where they may not.

    The report holds the writings that they may read, with the school's answers for host and team, and what came of it for whoever
    sees the priorities.
    """
    contents = {"agenda": _agenda, "evidence": _evidence, "report": _report}
    content = contents[kind](here, viewer) if kind in contents else None
    if content is None or viewer.partnership is None:
        return None
    return Document(kind, here.slug, here.round_name, here.urn, _about(here, viewer), content)


def _about(here: ReviewHere, viewer: Viewer) -> dict[str, Any]:
    """What a reader is told beside the content: school, days, team and questions, each where they may see it."""
    planned = plan(here, viewer=viewer)
    row = PeerReview.objects.only("questions").get(pk=here.pk)
    team = TeamMember.objects.filter(review_id=here.pk, left_on=None).order_by("reviewer__person__name", "part")
    names = dict.fromkeys(team.values_list("reviewer__person__name", flat=True)) if here.sees(Sight.TEAM) else {}
    return {
        "school": here.school,
        "partnership": viewer.partnership.name if viewer.partnership else "",
        "visit_from_on": _day(here.visit_from_on),
        "visit_until_on": _day(here.visit_until_on),
        "final_on": _day(here.final_on),
        "questions": list(row.questions) if planned is not None or here.sees(Sight.REPORT) else [],
        "team": list(names),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _at(moment: datetime) -> str:
    return moment.isoformat()


def _agenda(here: ReviewHere, viewer: Viewer) -> dict[str, Any] | None:
    planned = plan(here, viewer=viewer)
    if planned is None:
        return None
    return {
        "activities": [
            {
                "title": each.title, "kind": each.kind, "on": each.on.isoformat(), "starts": each.starts.strftime("%H:%M"),
                "ends": each.ends.strftime("%H:%M"), "place": each.place, "host_partner": each.host_partner,
                "reviewers": list(each.reviewers),
            }
            for each in planned.activities
        ]
    }  # fmt: skip


def _evidence(here: ReviewHere, viewer: Viewer) -> dict[str, Any] | None:
    if not here.sees(Sight.EVIDENCE):
        return None
    activities = {each.pk: each for each in Activity.objects.filter(review_id=here.pk)}
    texts: dict[int, list[dict[str, Any]]] = {}
    rows = EvidenceText.objects.filter(note__review_id=here.pk).select_related("by").order_by("written_at", "sequence", "uid")
    for row in rows:
        during = activities.get(row.activity_id) if row.activity_id else None
        texts.setdefault(row.note_id, []).append(
            {
                "uid": str(row.uid), "parents": list(row.parents), "kind": row.kind, "theme": row.theme, "words": row.words,
                "struck": row.struck, "device": row.device, "sequence": row.sequence, "written_at": _at(row.written_at), "by": row.by.name,
                "activity": [during.title, during.on.isoformat(), during.starts.strftime("%H:%M")] if during else [],
            }
        )  # fmt: skip
    notes = EvidenceNote.objects.filter(review_id=here.pk).select_related("by").order_by("begun_at", "uid")
    return {
        "notes": [
            {"uid": str(each.uid), "begun_at": _at(each.begun_at), "by": each.by.name, "texts": texts.get(each.pk, [])} for each in notes
        ]
    }


def _report(here: ReviewHere, viewer: Viewer) -> dict[str, Any] | None:
    writings = reports_seen(here, viewer=viewer)
    if not writings:
        return None
    content: dict[str, Any] = {"reports": [_writing(each) for each in writings]}
    seen = after(here, viewer=viewer)
    if seen is not None:
        row = PeerReview.objects.get(pk=here.pk)
        content["after"] = {
            "workshop_on": _day(row.workshop_on), "impact_on": _day(row.impact_on),
            "impact_words": row.impact_words, "outcome": row.outcome,
            "priorities": [
                {
                    "number": each.number, "title": each.title, "theme": each.theme, "owner": each.owner, "by_on": _day(each.by_on),
                    "measure": each.measure, "baseline": each.baseline, "result": each.result, "result_words": each.result_words,
                }
                for each in seen.priorities
            ],
        }  # fmt: skip
        if here.host:  # what was worked out is for the school alone
            content["after"]["workshop_words"] = row.workshop_words
    return content


def _writing(each: ReportSeen) -> dict[str, Any]:
    replies = [{"accurate": one.accurate, "words": one.words, "at": _at(one.at), "by": one.by} for one in each.replies]
    return each.writing.as_dict() | {
        "number": each.number, "stage": "final" if each.final else "draft", "at": _at(each.at), "by": each.by, "replies": replies,
    }  # fmt: skip
