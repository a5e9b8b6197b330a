"""Agenda, evidence log and report to take away: an accessible page to print, a tagged PDF, and JSON that is brought back unchanged."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime

from convenor.partnership.gate import Permission
from convenor.partnership.views.printing import pdf
from convenor.peer_review.queries.documents import document
from convenor.peer_review.queries.reviews import authority_of
from convenor.peer_review.rules.documents import KINDS, Document, filename, sealed
from convenor.peer_review.rules.merging import KINDS as NOTE_KINDS
from convenor.peer_review.rules.merging import Writing, merged
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.priorities import OUTCOME_SAYS, RESULT_SAYS
from convenor.peer_review.rules.safeguarding import worried
from convenor.peer_review.rules.states import ActionResult, Outcome
from convenor.peer_review.rules.telling import days_said
from convenor.peer_review.rules.themes import name_of
from convenor.peer_review.views.reviews import OfReview, truth

TITLES: Final = {
    "agenda": "Agenda of the peer review",
    "evidence": "Evidence log of the peer review",
    "report": "Report of the peer review",
}
FORMATS: Final = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}


class ReviewDocument(OfReview):
    """One document of a review in one format, with what its reader may read; the look is written down first."""

    permission = Permission.PARTNERSHIP_SEE

    def get(self, request: HttpRequest, slug: str, pk: int, which: str, fmt: str) -> HttpResponse:
        """The document; not found for whoever may not read it."""
        if which not in KINDS or fmt not in FORMATS:
            raise Http404("There is no such document.")
        doc: Document = self.found(document(self.here, which, viewer=self.viewer))
        self.looked(*self._sights(doc))
        if fmt == "json":
            response = HttpResponse(sealed(doc), content_type=FORMATS[fmt])
        else:
            style = str(render_to_string("peer_review/document.css"))
            page = render_to_string("peer_review/document.jinja", self._shown(doc) | {"style": mark_safe(style)})  # noqa: S308 - ours
            response = HttpResponse(page if fmt == "html" else pdf(page), content_type=FORMATS[fmt])
            if fmt == "html":
                seal = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
                response._csp_update = {"style-src": [f"'sha256-{seal}'"]}  # type: ignore[attr-defined]
        how = "inline" if fmt == "html" else "attachment"
        response["Content-Disposition"] = f'{how}; filename="{filename(which, pk, fmt)}"'
        response["Cache-Control"] = "no-store"
        return response

    def _sights(self, doc: Document) -> list[Sight]:
        """At what this reader looks."""
        if doc.kind != "report":
            return [Sight.PLAN if doc.kind == "agenda" else Sight.EVIDENCE]
        final = any(each["stage"] == "final" for each in doc.content["reports"])
        return [Sight.REPORT if final else Sight.DRAFT, *([Sight.PRIORITIES] if "after" in doc.content else [])]

    def _shown(self, doc: Document) -> dict[str, Any]:
        """What the page shows of a document."""
        shown = {
            "doc": doc, "about": doc.about, "title": TITLES[doc.kind], "made": self.today, "reader": self.viewer.name,
            "visit": days_said(self.here.visit_from_on, self.here.visit_until_on), "name_of": name_of,
            "truth": truth("evidence" if doc.kind == "evidence" else "peer-review"), "final_on": self.here.final_on,
        }  # fmt: skip
        if doc.kind == "agenda":
            return shown | {"days": _by_day(doc.content["activities"]), "worried": worried(authority_of(self.here, viewer=self.viewer))}
        return shown | ({"notes": _notes(doc.content["notes"])} if doc.kind == "evidence" else _report(doc.content))


def _by_day(activities: list[dict[str, Any]]) -> list[tuple[date, list[dict[str, Any]]]]:
    days: dict[str, list[dict[str, Any]]] = {}
    for each in activities:
        days.setdefault(each["on"], []).append(each)
    return [(date.fromisoformat(on), some) for on, some in days.items()]


def _notes(notes: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Each note as it stands, with all that it says, in the order of the visit; its number, 0 for one taken back."""
    by_name: dict[str, tuple[str, str]] = {}
    writings = []
    for note in notes:
        for text in note["texts"]:
            by_name[text["uid"]] = (text["by"], text["activity"][0] if text["activity"] else "")
            writings.append(
                Writing(
                    text["uid"], note["uid"], tuple(text["parents"]), text["words"], datetime.fromisoformat(text["written_at"]),
                    kind=text["kind"], theme=text["theme"], struck=text["struck"], device=text["device"], sequence=text["sequence"],
                )
            )  # fmt: skip
    found = []
    for each in merged(writings):
        now = each.heads[-1]
        by, activity = by_name[now.uid]
        filed = [NOTE_KINDS.get(now.kind, ""), name_of(now.theme) if now.theme else "", activity]
        said = ". ".join(part for part in filed if part)
        found.append(
            {
                "words": "\n\n".join(head.words for head in each.heads if head.words), "struck": each.struck, "by": by,
                "at": f"{localtime(each.begun.written_at):%-d %B %Y, %H:%M}", "filed": f"{said}. " if said else "",
            }
        )  # fmt: skip
    numbers = count(1)
    return [(0 if each["struck"] else next(numbers), each) for each in found]


def _report(content: dict[str, Any]) -> dict[str, Any]:
    newest = content["reports"][-1]
    after = content.get("after")
    shown: dict[str, Any] = {
        "newest": newest,
        "draft": newest["stage"] != "final",
        "replies": [reply for each in content["reports"] for reply in each["replies"]],
        "after": None,
    }
    if not after:
        return shown
    priorities = [
        each | {"by": date.fromisoformat(each["by_on"]), "result_says": RESULT_SAYS[ActionResult(each["result"])] if each["result"] else ""}
        for each in after["priorities"]
    ]
    days = {name: date.fromisoformat(after[f"{name}_on"]) if after[f"{name}_on"] else None for name in ("workshop", "impact")}
    outcome = OUTCOME_SAYS[Outcome(after["outcome"])] if after["outcome"] else ""
    return shown | {"after": {"workshop_words": ""} | after | {"priorities": priorities}, "after_days": days, "outcome": outcome}
