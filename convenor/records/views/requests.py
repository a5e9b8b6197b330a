"""The register of requests for information, and one request from its arrival to the archive."""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.intelligence.queries.reach import member_list
from convenor.partnership.gate import Permission, record_look
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.records import actions
from convenor.records.forms import requests as forms
from convenor.records.queries import requests as queries
from convenor.records.queries.finding import people_to_ask_about
from convenor.records.rules.classes import Holder
from convenor.records.rules.clock import KIND_SAYS, RequestKind, StopKind
from convenor.records.rules.decisions import Decision

ROOM, TAB = "keeping", "information-requests"


class Requests(PartnershipPage):
    """Every request that came, those due soonest first."""

    permission = Permission.REQUEST_ANSWER
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The register."""
        seen = self.found(queries.requests(self.slug, viewer=self.viewer, at=self.today))
        return self.page("records/requests.jinja", seen=seen)


class Record(ActionPage):
    """A request came."""

    permission = Permission.REQUEST_ANSWER
    room, tab = ROOM, TAB
    template = "records/request_new.jinja"
    title, button = "Write a request down", "Write it down"
    lede = "Its clock runs from the day it came, whoever read it when."
    done = "Written down. Next: look for what is held."

    def form(self, data: Any = None) -> Form:
        people = people_to_ask_about(self.slug, viewer=self.viewer, at=self.today)
        schools = [(each.urn, each.name) for each in member_list(self.slug, viewer=self.viewer, at=self.today)]
        return forms.RequestForm(data, people=people, schools=schools, initial={"received_on": self.today})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        row = actions.record_request(
            slug=self.slug, kind=RequestKind(given["kind"]), asker=given["asker"], answer_to=given["answer_to"], words=given["words"],
            received_on=given["received_on"], person_id=int(given["person"]) if given["person"] else None, urn=given["urn"],
            own_day=given["own_day"], by=self.viewer, at=self.now,
        )  # fmt: skip
        self.made = row.pk

    def back(self) -> str:
        made = getattr(self, "made", None)
        return reverse("information-request", args=[self.slug, made]) if made else reverse(TAB, args=[self.slug])


class OfRequest(PartnershipPage):
    """What the pages of one request share."""

    permission = Permission.REQUEST_ANSWER
    room, tab = ROOM, TAB

    @cached_property
    def seen(self) -> queries.RequestSeen:
        """The request, for whoever answers."""
        found = queries.request(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    @property
    def known(self) -> dict[str, Any]:
        """What every action about it is given."""
        return {"slug": self.slug, "request_id": self.kwargs["pk"], "by": self.viewer, "at": self.now}

    def of_it(self) -> str:
        """Its own page."""
        return reverse("information-request", args=[self.slug, self.kwargs["pk"]])


class Request(OfRequest):
    """One request: its clock, what was found and decided, and what comes next."""

    confidential = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.page("records/request.jinja", seen=self.seen, sar=RequestKind.SUBJECT_ACCESS, other=RequestKind.OTHER)


class RequestAction(OfRequest, ActionPage):
    """Something is done with an open request."""

    confidential = True
    template = "records/action.jinja"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, while the request is open."""
        return super().get(request, *args, **kwargs) if self.seen.open else HttpResponseRedirect(self.of_it())

    def about(self) -> dict[str, Any]:
        return {"eyebrow": f"Request {self.seen.pk}, {KIND_SAYS[self.seen.kind].lower()}", "seen": self.seen}

    def back(self) -> str:
        return self.of_it()


class Search(RequestAction):
    """Looks for what is held."""

    title, button = "Look for what is held", "Look now"
    lede = "Every table is asked for rows that name the person or the school. More is found than will be disclosed: you decide on each."

    def form(self, data: Any = None) -> Form:
        return forms.SearchForm(data)

    def perform(self, form: Any) -> None:
        new, changed = actions.search(words=form.cleaned_data["words"], **self.known)
        again = f" {changed} had changed and wait for a decision anew." if changed else ""
        self.done = f"{new} found that were not there before.{again}"  # type: ignore[misc]


class Elsewhere(RequestAction):
    """Something held elsewhere, on paper or by another."""

    title, button, done = "Something held elsewhere", "Put it beside the rest", "Put beside the rest. Decide on it like on the others."
    lede = "On paper, in a mailbox, by somebody else. It is named in the answer; its content you send yourself."

    def form(self, data: Any = None) -> Form:
        return forms.ElsewhereForm(data, initial={"holder": Holder.PARTNERSHIP.value})

    def perform(self, form: Any) -> None:
        actions.add_found(**self.known, **form.cleaned_data | {"holder": Holder(form.cleaned_data["holder"])})


class StopClock(RequestAction):
    """The asker has to do something first."""

    title, button, done = "The clock stands still", "Stop the clock", "The clock stands still until the answer comes."
    lede = "While the asker has to say what is meant, show who they are, or pay a fee."

    def form(self, data: Any = None) -> Form:
        return forms.StopForm(data, initial={"from_on": self.today})

    def perform(self, form: Any) -> None:
        actions.stop_clock(**self.known, **form.cleaned_data | {"kind": StopKind(form.cleaned_data["kind"])})


class GoOn(RequestAction):
    """The asker's answer came."""

    title, button, done = "The clock runs again", "Let it run", "The clock runs again."
    lede = "From the day on which the answer came."

    def form(self, data: Any = None) -> Form:
        return forms.GoOnForm(data, initial={"until_on": self.today})

    def perform(self, form: Any) -> None:
        actions.go_on(**self.known, **form.cleaned_data)


class Longer(RequestAction):
    """Two months more."""

    title, button, done = "Two months more", "Take two months more", "Lengthened. Tell the asker within the first month."
    lede = "For a subject access request that is complex, or one of several by the same person."

    def form(self, data: Any = None) -> Form:
        return forms.LongerForm(data)

    def perform(self, form: Any) -> None:
        actions.lengthen(**self.known, **form.cleaned_data)


class DecideMany(RequestAction):
    """The same decision on several things of one kind."""

    template = "records/decide.jinja"
    button, done = "Decide", "Decided."
    lede = "The machine advises nothing and decides nothing. Open what you have not read."

    @cached_property
    def group(self) -> queries.Group:
        """What was found in the table of the address."""
        found = next((each for each in self.seen.groups if each.key == self.kwargs["of"]), None)
        return self.found(found)  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        waiting = [(str(each.pk), each.title) for each in self.group.items if not each.decided]
        return forms.DecideManyForm(data, waiting=waiting, initial={"which": forms.TICKED})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        many = actions.decide_on(
            items=form.chosen, decision=Decision(given["decision"]), why=given["why"], note=given["note"],
            holder=Holder(given["holder"]) if given["holder"] else None, left_out=(), version=None, **self.known,
        )  # fmt: skip
        self.done = f"Decided on {many}."  # type: ignore[misc]

    def about(self) -> dict[str, Any]:
        return super().about() | {"title": self.group.name, "group": self.group}


class Decide(RequestAction):
    """One thing that was found, with what it says, and a decision on it."""

    template = "records/item.jinja"
    button, done = "Decide, and go on to the next", "Decided."

    @cached_property
    def item(self) -> queries.ItemSeen:
        """It, for whoever answers."""
        found = queries.item(self.slug, self.kwargs["pk"], self.kwargs["item"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was found, whether or not the request is open."""
        return self._show(self.form())

    def form(self, data: Any = None) -> Form:
        lines = [(line["name"], line["label"]) for line in self.item.lines]
        first = {
            "decision": self.item.decision, "why": self.item.why, "note": self.item.note, "holder": self.item.holder,
            "left_out": list(self.item.left_out),
        }  # fmt: skip
        return forms.DecideForm(data, lines=lines, initial=first)

    def perform(self, form: Any) -> None:
        given, version = form.cleaned_data, self.request.POST.get("version", "")
        actions.decide_on(
            items=[self.item.pk], decision=Decision(given["decision"]), why=given["why"], note=given["note"],
            holder=Holder(given["holder"]), left_out=given.get("left_out", ()), version=int(version) if version.isdigit() else None,
            **self.known,
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return super().about() | {"title": self.item.title, "item": self.item}

    def back(self) -> str:
        """The next of its kind that waits, or the request's page."""
        own = next((each for each in self.seen.groups if any(one.pk == self.item.pk for one in each.items)), None)
        waiting = [one.pk for one in own.items if not one.decided and one.pk != self.item.pk] if own else []
        later = [pk for pk in waiting if pk > self.item.pk] or waiting
        if self.request.method == "POST" and later:
            return reverse("information-request-item", args=[self.slug, self.seen.pk, later[0]])
        return self.of_it()

    def _show(self, form: Form, status: int = 200) -> HttpResponse:
        """What it says: where it is a school's own record, a look at it."""
        if self.item.school_record and not self.viewer.sees_record(self.item.urn):
            record_look(
                self.viewer, urn=self.item.urn, record=queries.LOOKED_AT, at=self.now, by_right=Permission.REQUEST_ANSWER
            )  # fmt: skip
        return super()._show(form, status)


class Letter(RequestAction):
    """The letter to the asker."""

    title, button, done = "The letter", "Keep this letter", "Kept. It goes into the archive."
    lede = "A first draft stands here, from what was decided. Write on: it goes out in your words."

    def form(self, data: Any = None) -> Form:
        words = self.seen.letter or queries.draft_of(self.seen, viewer=self.viewer)
        return forms.LetterForm(data, initial={"words": words, "version": self.seen.version})

    def perform(self, form: Any) -> None:
        actions.write_letter(**self.known, **form.cleaned_data)


class Archive(RequestAction):
    """One archive to answer with."""

    template = "records/archive.jinja"
    title, button = "The archive to answer with", "Take the archive"
    lede = "One file: the letter, the list of decisions, and what is disclosed. What is withheld is named in the list, and nowhere else."

    def form(self, data: Any = None) -> Form:
        return forms.NothingForm(data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, or what is missing yet."""
        form = self.form(request.POST)
        form.is_valid()
        try:
            made = actions.make_archive(as_docx=docx, **self.known)
        except Refused as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        response = HttpResponse(made.content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="request-{self.kwargs["pk"]}.zip"'
        return response


class End(RequestAction):
    """It was answered, or taken back."""

    title, button = "The request is over", "Say so"
    lede = "What was found and decided is kept for the current year and three more."
    done = "The request is over."

    def form(self, data: Any = None) -> Form:
        return forms.EndForm(data, initial={"ended_on": self.today})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        act = actions.answer_request if given["how"] == "answered" else actions.take_back_request
        act(ended_on=given["ended_on"], note=given["note"], **self.known)


def docx(title: str, words: str) -> bytes:
    """Words as a document that anybody can go on writing in."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    document.core_properties.title, document.core_properties.language = title, "en-GB"
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Verdana", Pt(10)
    for part in words.split("\n\n"):
        document.add_paragraph(part)
    made = BytesIO()
    document.save(made)
    return made.getvalue()
