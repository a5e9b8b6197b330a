"""*What is held*, legal holds, and the impact assessment."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse

from convenor.consultation.views.report_docx import docx
from convenor.intelligence.queries.reach import member_list
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.records import actions
from convenor.records.forms.holds import EndHoldForm, HoldForm
from convenor.records.queries import holds as queries
from convenor.records.queries.dpia import dpia
from convenor.records.queries.held import held
from convenor.records.rules.holds import HoldKind

ROOM, TAB = "keeping", "holdings"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Holdings(PartnershipPage):
    """What is held, class by class, and what went when its time came."""

    permission = Permission.RETENTION_RUN
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        seen = self.found(held(self.slug, viewer=self.viewer, at=self.now))
        holds = queries.holds(self.slug, viewer=self.viewer, at=self.today)
        return self.page("records/holdings.jinja", seen=seen, holds=holds)


class PlaceHold(ActionPage):
    """Records are held back from deletion."""

    permission = Permission.RETENTION_RUN
    room, tab = ROOM, TAB
    title, button, done = "Hold records back", "Place the hold", "Held back. Nothing of it is deleted until the hold ends."
    lede = "While a legal hold stands nothing that it covers is deleted, in any partnership of this server. It opens nothing to anybody."

    def form(self, data: Any = None) -> Form:
        people = queries.people_to_hold(self.slug, viewer=self.viewer, at=self.today)
        schools = [(each.urn, each.name) for each in member_list(self.slug, viewer=self.viewer, at=self.today)]
        return HoldForm(data, people=people, schools=schools, initial={"from_on": self.today})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.place_hold(
            slug=self.slug, kind=HoldKind(given["kind"]), urn=given["urn"], person_id=int(given["person"]) if given["person"] else None,
            record_class=given["record_class"], reason=given["reason"], from_on=given["from_on"], by=self.viewer, at=self.now,
        )  # fmt: skip


class EndHold(ActionPage):
    """A hold ends."""

    permission = Permission.RETENTION_RUN
    room, tab = ROOM, TAB
    title, button, done = "End a hold", "End the hold", "The hold is over."

    @cached_property
    def hold(self) -> queries.HoldSeen:
        """The hold, while it stands."""
        found = queries.hold(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        return self.found(found if found is not None and found.stands else None)  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        return EndHoldForm(data)

    def perform(self, form: Any) -> None:
        actions.end_hold(slug=self.slug, hold_id=self.hold.pk, why=form.cleaned_data["why"], by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.hold.on, "lede": self.hold.reason}


class Dpia(PartnershipPage):
    """The impact assessment, filled from the register of fields."""

    permission = Permission.RETENTION_RUN
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.page("records/dpia.jinja", report=self.found(dpia(self.slug, viewer=self.viewer, at=self.today)))


class DpiaFile(PartnershipPage):
    """The impact assessment as a document to go on writing in."""

    permission = Permission.RETENTION_RUN
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        if kwargs["fmt"] != "docx":
            raise Http404("There is no such document.")
        found = self.found(dpia(self.slug, viewer=self.viewer, at=self.today))
        response = HttpResponse(docx(found, draft=False), content_type=DOCX)
        response["Content-Disposition"] = 'attachment; filename="impact-assessment.docx"'
        return response
