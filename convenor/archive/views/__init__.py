"""Take everything: ask for it, see how far it is, fetch it, remove it."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from convenor.archive import actions
from convenor.archive.forms import NothingForm, TakeForm
from convenor.archive.queries.takings import taking_ready, takings
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.partnership.views.pages import ActionPage

ROOM, TAB = "keeping", "archives"
#: While one is made the page looks again, so many seconds later.
AGAIN_SECONDS = "5"


class Archives(ActionPage):
    """Everything in one file: the button, what was taken before, what stays behind."""

    permission = Permission.ARCHIVE_TAKE
    room, tab, confidential = ROOM, TAB, True
    template = "archive/archives.jinja"
    title, button = "Take everything", "Make the archive"
    lede = "All that the partnership holds, in one file that opens without us and loads unchanged into another installation of Convenor."
    done = "The archive is being made. It stands below as soon as it is ready; you may leave this page."

    def form(self, data: Any = None) -> TakeForm:
        return TakeForm(data)

    def about(self) -> dict[str, Any]:
        return {"seen": self.found(takings(self.slug, viewer=self.viewer))}

    def perform(self, form: Any) -> None:
        actions.ask_archive(slug=self.slug, with_published=form.cleaned_data["with_published"], by=self.viewer, at=self.now)

    def _show(self, form: Form, status: int = 200) -> HttpResponse:
        answer = super()._show(form, status)
        seen = takings(self.slug, viewer=self.viewer)
        if status == 200 and seen is not None and seen.waits and not form.is_bound:
            answer["Refresh"] = AGAIN_SECONDS
        return answer


class Fetch(ActionPage):
    """The file itself, for whoever may take everything. Fetching is a press of a button: it is written in the journal."""

    permission = Permission.ARCHIVE_TAKE
    room, tab, confidential = ROOM, TAB, True
    title, button = "Fetch the archive", "Fetch the file"
    lede = "The file holds personal data and what schools said in confidence. The journal says that you fetched it."

    def form(self, data: Any = None) -> NothingForm:
        return NothingForm(data)

    def about(self) -> dict[str, Any]:
        self.found(taking_ready(self.slug, self.kwargs["pk"], viewer=self.viewer))
        return {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The file."""
        try:
            path = actions.fetch_archive(slug=self.slug, taking_id=self.kwargs["pk"], by=self.viewer, at=self.now)
        except NotThere as error:
            raise Http404(str(error)) from error
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="application/zip")


class RemoveFile(ActionPage):
    """The file is removed before its week is over."""

    permission = Permission.ARCHIVE_TAKE
    room, tab, confidential = ROOM, TAB, True
    title, button, done = "Remove this archive", "Remove the file", "The file is gone. You can make another at any time."
    lede = "The file is removed from the server. Whatever you fetched stays with you."

    def form(self, data: Any = None) -> NothingForm:
        return NothingForm(data)

    def about(self) -> dict[str, Any]:
        self.found(taking_ready(self.slug, self.kwargs["pk"], viewer=self.viewer))
        return {}

    def perform(self, form: Any) -> None:
        actions.remove_archive(slug=self.slug, taking_id=self.kwargs["pk"], by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse(TAB, args=[self.slug])


__all__ = ["Archives", "Fetch", "RemoveFile"]
