"""What a move-in would change, line by line; saving it, undoing it whole; and the constitution as a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.moving_in import actions
from convenor.moving_in.forms import bringing as forms
from convenor.moving_in.queries.legacy import legacy_waiting
from convenor.moving_in.rules.kinds import KIND_NAMES, Kind
from convenor.moving_in.rules.states import Legacy, Verb
from convenor.moving_in.views.bringing import OfMoveIn
from convenor.papers.rules import never_run
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage

#: Changes on one page.
PAGE = 50
VERBS = {Verb.NEW.value: "New", Verb.CHANGED.value: "Changed", Verb.SAME.value: "The same already", Verb.LEFT.value: "Left out"}
COLUMNS = ("What it is", "What happens", "What", "Before", "After", "File", "Line")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the preview: a change, or a line that is left out and why."""

    kind: str
    verb: str
    words: str
    before: str
    after: str
    file: str
    line: int

    @property
    def kind_name(self) -> str:
        """What pages call its kind; "" for a line that is left out."""
        return KIND_NAMES[Kind(self.kind)] if self.kind else ""

    @property
    def verb_name(self) -> str:
        """What happens, in words."""
        return VERBS[self.verb]


class OfChanges(OfMoveIn):
    """What the preview and its file share: every change and everything left out, narrowed by the address."""

    @cached_property
    def rows(self) -> list[Row]:
        """All of it: kinds in their order, new before changed before the same, then what is left out."""
        order = list(VERBS)
        found = [
            Row(each.kind, each.verb.value, each.words, each.before, each.after, each.file, each.line)
            for kind in KIND_NAMES for each in self.seen.changes.get(kind.value, ())
        ]  # fmt: skip
        found.sort(key=lambda row: (list(KIND_NAMES).index(Kind(row.kind)), order.index(row.verb)))
        return found + [Row("", Verb.LEFT.value, why, "", "", file, line) for file, line, why in self.seen.left]

    @cached_property
    def asked(self) -> dict[str, str]:
        """How the address narrows it; what it does not know it leaves out. Without a word, what stands already is not shown."""
        given = self.request.GET
        kind, verb = given.get("kind", ""), given.get("what", "")
        return {
            "kind": kind if kind in {row.kind for row in self.rows if row.kind} else "",
            "what": verb if verb in (*VERBS, "all") else "",
            "text": given.get("text", "").strip()[:100],
        }

    @property
    def narrowed(self) -> list[Row]:
        """The lines asked for."""
        kind, what, text = self.asked["kind"], self.asked["what"], self.asked["text"].casefold()
        return [
            row for row in self.rows
            if (not kind or row.kind == kind)
            and (what == "all" or row.verb == what or (not what and row.verb != Verb.SAME.value))
            and (not text or any(text in words.casefold() for words in (row.words, row.before, row.after, row.file)))
        ]  # fmt: skip

    @property
    def kept(self) -> dict[str, str]:
        """The same narrowing, for another address."""
        return {name: value for name, value in self.asked.items() if value}


class Changes(OfChanges):
    """The preview: counts first, then every change; from here all of it is saved."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        return self.show()

    def show(self, *, error: str = "", status: int = 200) -> HttpResponse:
        """The preview, with why saving was refused where it was."""
        pages = Paginator(self.narrowed, PAGE).get_page(self.request.GET.get("page"))
        here = self.address("move-in-changes")
        total = [sum(of_kind.get(verb, 0) for of_kind in self.seen.counts.values()) for verb in ("new", "changed", "same")]
        grouped = [(name, list(rows)) for name, rows in groupby(pages.object_list, key=lambda row: row.kind_name)]
        return self.page(
            "moving_in/changes.jinja", pages=pages, grouped=grouped, asked=self.asked, kept=self.kept, error=error, total=total,
            here=here, kinds=[(kind, KIND_NAMES[kind]) for kind in KIND_NAMES if kind.value in self.seen.counts],
            csv_href=reverse("move-in-changes-csv", args=[self.slug, self.kwargs["pk"]], query=self.kept),
            address_of=lambda number: f"{here}?{self._query(number)}", status=status,
        )  # fmt: skip

    def _query(self, number: int) -> str:
        asked = self.request.GET.copy()
        asked.clear()
        for name, value in (self.kept | {"page": str(number)}).items():
            asked[name] = value
        return str(asked.urlencode())


class ChangesCsv(OfChanges):
    """The same list as a file, safe to open in a spreadsheet."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The file."""
        answer = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="move-in-{pk}.csv"'
        writer = csv.writer(answer, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in self.narrowed:
            cells = (row.kind_name, row.verb_name, row.words, row.before, row.after, row.file)
            writer.writerow([*(never_run(each) for each in cells), row.line])
        return answer


class Save(Changes):
    """Saves all of it, or nothing; pressed on the preview, which stands at this address too."""

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Saves what the preview of this version showed."""
        said = request.POST.get("version", "")
        version = int(said) if said.isdecimal() and len(said) < 10 else 0
        self.found(self.seen)
        try:
            actions.save(slug=slug, move_in_id=pk, by=self.viewer, at=self.now, version=version)
        except Refused as error:
            self.__dict__.pop("seen", None)  # the preview may have been made anew
            return self.show(error=str(error), status=422)
        return HttpResponseRedirect(self.address())


class Undo(OfMoveIn, ActionPage):
    """Undoes a saved move-in whole."""

    template = "moving_in/undo.jinja"
    title, button, done = "Undo all of it", "Undo all of it", "Undone."
    lede = "What this move-in made is taken away, what it changed is put back as it was. What you brought stays here, to be saved again."

    def form(self, data: Any = None) -> Form:
        self.found(self.seen if self.seen.can_undo else None)
        return forms.NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        actions.undo(slug=self.slug, move_in_id=self.kwargs["pk"], by=self.viewer, at=self.now)

    def back(self) -> str:
        return self.address()


class Apart(OfMoveIn):
    """What was set apart for schools to read first: of which school and until when, never its words."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        return self._show()

    def _show(self, *, error: str = "", status: int = 200) -> HttpResponse:
        found = legacy_waiting(self.slug, self.kwargs["pk"], viewer=self.viewer)
        return self.page("moving_in/apart.jinja", found=found, error=error, status=status)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Has what was ticked deleted now, before its school reads it."""
        waiting = {str(each.id): each for each in legacy_waiting(slug, pk, viewer=self.viewer)}
        chosen = [waiting[key] for key in dict.fromkeys(request.POST.getlist("note")) if key in waiting]
        if not chosen:
            return self._show(error="Tick what is to be deleted.", status=422)
        gone = 0
        for each in chosen:
            try:
                actions.decide_legacy(slug=slug, legacy_id=each.id, decision=Legacy.DELETE, by=self.viewer, at=self.now)
                gone += 1
            except Refused as error:
                messages.error(request, f"{each.school}: {error}")
        if gone:
            messages.success(request, f"{gone} deleted. Nothing of it is kept.")
        return HttpResponseRedirect(self.address("move-in-apart"))
