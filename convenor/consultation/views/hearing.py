"""What was heard: the results of a consultation that has closed."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from convenor.consultation.actions.reporting import work_out_results
from convenor.consultation.forms.consultations import NothingForm
from convenor.consultation.queries.hearing import heard
from convenor.consultation.rules.report import heard as heard_parts
from convenor.consultation.rules.states import ConsultationState
from convenor.consultation.views.consultations import OfConsultation, Running
from convenor.partnership.gate import PUBLIC, Permission


class Results(OfConsultation):
    """What schools said, whether the unheard could change it, and how groups answered; before the report, totals for those who may."""

    permission = PUBLIC

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        found = self.found(heard(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))
        parts = heard_parts(found.found) if found.found else ()
        return self.page("consultation/results.jinja", seen=found.seen, found=found.found, whole=found.whole, parts=parts)


class WorkOut(Running):
    """Whoever runs it has the results worked out at once, rather than at the worker's next look."""

    permission = Permission.CONSULTATION_RUN
    stands_in = (ConsultationState.CLOSED,)
    title, button, done = "Work out the results", "Work them out", "The results are worked out."
    lede = "This is done by itself within a minute of closing. For a large county it takes a minute or two."

    def form(self, data: Any = None) -> Form:
        return NothingForm(data)

    def perform(self, form: Any) -> None:
        work_out_results(**self.known)

    def back(self) -> str:
        return self.of_it("consultation-results")
