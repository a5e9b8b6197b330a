"""The report: a page, a page to print, PDF, and a document for a word processor, all from one structure."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from convenor.consultation.actions.reporting import publish_report
from convenor.consultation.forms.consultations import NothingForm
from convenor.consultation.queries.report import ReportSeen, report
from convenor.consultation.rules.states import ConsultationState
from convenor.consultation.views.consultations import OfConsultation, Running
from convenor.consultation.views.report_docx import docx
from convenor.partnership.gate import PUBLIC, Permission
from convenor.partnership.views.printing import pdf

FORMATS: Final = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class OfReport(OfConsultation):
    """What the pages of a report share."""

    permission = PUBLIC

    @property
    def report(self) -> ReportSeen:
        """The report, where this viewer may read it."""
        return self.found(report(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]


class Report(OfReport):
    """The report, for anyone once it is published; its draft before, for whoever runs the consultation."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        found = self.report
        return self.page("consultation/report.jinja", found=found, seen=found.seen, partnership_name=found.seen.partnership)


class ReportFile(OfReport):
    """The report as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, or the page to print."""
        fmt = kwargs["fmt"]
        if fmt not in FORMATS:
            raise Http404("There is no such document.")
        found = self.report
        if fmt == "docx":
            response = HttpResponse(docx(found.report, draft=found.published_at is None), content_type=FORMATS[fmt])
        else:
            style = str(render_to_string("consultation/report.css"))
            page = render_to_string("consultation/report_document.jinja", {"found": found, "style": mark_safe(style)})  # noqa: S308 - ours
            response = HttpResponse(page if fmt == "html" else pdf(page), content_type=FORMATS[fmt])
            if fmt == "html":
                seal = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
                response._csp_update = {"style-src": [f"'sha256-{seal}'"]}  # type: ignore[attr-defined]
        how = "inline" if fmt == "html" else "attachment"
        response["Content-Disposition"] = f'{how}; filename="consultation-{found.seen.pk}-report.{fmt}"'
        return response


class Publish(Running):
    """The report is published, and every school that was asked is told."""

    permission = Permission.CONSULTATION_RUN
    stands_in = (ConsultationState.CLOSED,)
    title, button = "Publish the report", "Publish it, and tell every school"
    done = "Published. Every school that was asked is told where it is."
    lede = "Anyone can read it from then on, and it changes no more: neither results nor themes."

    def form(self, data: Any = None) -> Form:
        return NothingForm(data)

    def perform(self, form: Any) -> None:
        publish_report(**self.known)

    def back(self) -> str:
        return self.of_it("consultation-report")
