"""Letters to many: the list, one written and looked through, sent; and a reader's own page by which they get no more."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.contacts import actions
from convenor.contacts.forms.contacts import CircularForm, NothingForm
from convenor.contacts.queries import circulars as queries
from convenor.contacts.queries.circulars import CircularPage, Filters
from convenor.partnership.gate import PUBLIC, Permission
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM, TAB = "keeping", "circulars"


class Circulars(PartnershipPage):
    """Every letter to many."""

    permission = Permission.CIRCULAR_SEND
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list."""
        return self.page("contacts/circulars.jinja", seen=self.found(queries.circulars(slug, viewer=self.viewer, at=self.today)))


class Write(ActionPage):
    """A letter is written, or one that has not left is changed."""

    permission = Permission.CIRCULAR_SEND
    room, tab = ROOM, TAB
    title, button, done = "Write to schools", "See who gets it", "Kept. Nothing has left yet: look through who gets it."
    lede = "Each reader gets a letter of their own; nobody sees an address. Nothing leaves from this page."
    template = "contacts/write.jinja"

    @cached_property
    def filters(self) -> Filters:
        """By what it may be narrowed."""
        return self.found(queries.filters(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @cached_property
    def seen(self) -> CircularPage | None:
        """The letter to be changed; None for a new one."""
        pk = self.kwargs.get("pk")
        return self.found(queries.circular(self.slug, pk, viewer=self.viewer, at=self.today)) if pk is not None else None

    def form(self, data: Any = None) -> CircularForm:
        first: dict[str, Any] = {"roles": ["head"]}
        if self.seen:
            row = self.seen.circular
            first = {
                "version": row.version, "roles": row.roles, "phases": row.phases, "clusters": row.clusters, "subject": row.subject,
                "words": row.words,
            }  # fmt: skip
        return CircularForm(data, filters=self.filters, initial=first)

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        row = actions.write_circular(
            slug=self.slug, subject=said["subject"], words=said["words"], roles=said["roles"], phases=said.get("phases", ()),
            clusters=said.get("clusters", ()), circular_id=self.kwargs.get("pk"), version=said["version"], by=self.viewer, at=self.now,
        )  # fmt: skip
        self.made = row.pk

    made: int | None = None

    def back(self) -> str:
        pk = self.made or self.kwargs.get("pk")
        return reverse("circular", args=[self.slug, pk]) if pk else reverse("circulars", args=[self.slug])


class Circular(PartnershipPage):
    """One letter: its words, who gets it, who does not and why; and the button that sends it."""

    permission = Permission.CIRCULAR_SEND
    room, tab = ROOM, TAB

    @cached_property
    def seen(self) -> CircularPage:
        """The letter."""
        return self.found(queries.circular(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It is sent."""
        version = request.POST.get("version", "")
        try:
            sent = actions.send_circular(
                slug=self.slug, circular_id=self.kwargs["pk"], version=int(version) if version.isdigit() else -1,
                site=request.build_absolute_uri("/").rstrip("/"), by=self.viewer, at=self.now,
            )  # fmt: skip
        except Refused as error:
            return self._show(str(error), status=422)
        letters = f"{sent.letters} {'letter' if sent.letters == 1 else 'letters'}"
        messages.success(request, f"{letters} written and held: you are practising, and nothing left." if sent.held else f"{letters} sent.")
        return HttpResponseRedirect(reverse("circular", args=[self.slug, self.kwargs["pk"]]))

    def _show(self, error: str = "", status: int = 200) -> HttpResponse:
        return self.page("contacts/circular.jinja", seen=self.seen, error=error, status=status)


class Drop(ActionPage):
    """A letter that has not left is thrown away."""

    permission = Permission.CIRCULAR_SEND
    room, tab = ROOM, TAB
    title, button, done = "Throw this letter away", "Throw it away", "Thrown away. Nothing had left."
    template = "contacts/action.jinja"

    def form(self, data: Any = None) -> NothingForm:
        return NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.drop_circular(slug=self.slug, circular_id=self.kwargs["pk"], by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        seen = self.found(queries.circular(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))
        return {"lede": f"“{seen.circular.subject}” has not left, and nobody has had it.", "plain": True}


class Stop(PartnershipPage):
    """A reader's own page: no more letters to many, without an account. Opening it changes nothing: a mail scanner may visit."""

    permission = PUBLIC

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One button."""
        return self._show(request.GET.get("key", ""))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """No more letters."""
        key = request.POST.get("key", "")
        try:
            actions.stop_circulars(key=key, by="a reader, by the link in their letter", at=self.now)
        except NotThere:
            return self._show("")
        return self._show(key, done=True)

    def _show(self, key: str, *, done: bool = False) -> HttpResponse:
        stop = queries.stop_of(key)
        here = stop.here if stop and stop.here.slug == self.slug else None
        answer = self.page("contacts/stop.jinja", here=here, key=key, done=done, tabs=[], status=200 if here else 410)
        answer.headers["Cache-Control"], answer.headers["Referrer-Policy"] = "no-store, private", "strict-origin"
        return answer
