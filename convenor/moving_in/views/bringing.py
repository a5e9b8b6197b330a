"""Bringing what one has: the list of move-ins, files and pasted cells, and what was recognised in each sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.moving_in import actions
from convenor.moving_in.forms import bringing as forms
from convenor.moving_in.queries import move_ins as queries
from convenor.moving_in.queries.move_ins import FileSeen, MoveInSeen
from convenor.moving_in.queries.sheets import SheetTop, sheet_of_move_in
from convenor.moving_in.rules.kinds import FIELDS, KIND_NAMES, Kind
from convenor.moving_in.rules.states import State
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM, TAB = "keeping", "move-ins"
#: What is brought in today; dates of meetings are read and shown, and said not to be brought in yet.
BROUGHT = tuple(each for each in Kind if each is not Kind.UNKNOWN)
#: What pages call a file of each kind; others by the name that reading gave.
FILE_NAMES = {
    "xlsx": "Workbook", "xls": "Older workbook", "ods": "OpenDocument", "csv": "CSV", "pasted": "Pasted cells", "vcard": "vCard",
    "ics": "Calendar",
}  # fmt: skip
#: Below this much certainty a sheet is marked to be looked at.
SURE = 0.6


@dataclass
class TakenIn:
    """What became of the files of one press: how many were read, and why others were not."""

    read: int = 0
    refused: list[str] = field(default_factory=list)


class Bringing(PartnershipPage):
    """A page of moving in: for whoever runs the partnership, and nobody else."""

    permission = Permission.MOVE_IN
    room, tab = ROOM, TAB

    def take_in(self, pk: int, form: forms.BringForm) -> TakenIn:
        """Reads each file and what was pasted into the move-in; one that is refused leaves the others."""
        done = TakenIn()
        chosen: Sequence[Any] = form.cleaned_data["files"]
        for each in chosen:
            why = forms.too_long(each)
            try:
                if not why:
                    actions.add_file(slug=self.slug, move_in_id=pk, name=str(each.name), content=each.read(), by=self.viewer, at=self.now)
                    done.read += 1
            except Refused as error:
                why = f"“{each.name}”: {error}"
            done.refused += [why] if why else []
        text = str(form.cleaned_data["text"])
        if text.strip():
            try:
                actions.add_pasted(slug=self.slug, move_in_id=pk, text=text, by=self.viewer, at=self.now)
                done.read += 1
            except Refused as error:
                form.add_error("text", str(error))
        return done


class MoveIns(Bringing):
    """The list of move-ins, and where the next one begins."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        return self._show(forms.BringForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Begins one with what was chosen; nothing is begun where none of it can be read."""
        form = forms.BringForm(request.POST, request.FILES)
        if form.is_valid():
            begun = actions.begin(slug=slug, by=self.viewer, at=self.now)
            done = self.take_in(begun.pk, form)
            if done.read:
                for each in (*done.refused, *form.errors.get("text", ())):
                    messages.error(request, str(each))
                return HttpResponseRedirect(reverse("move-in", args=[slug, begun.pk]))
            actions.drop(slug=slug, move_in_id=begun.pk, by=self.viewer, at=self.now)
            for each in done.refused:
                form.add_error("files", each)
        return self._show(form, status=422)

    def _show(self, form: Form, status: int = 200) -> HttpResponse:
        found = queries.move_ins(self.slug, viewer=self.viewer, at=self.now)
        kinds = [(KIND_NAMES[kind], [each.name for each in FIELDS[kind] if "." not in each.key]) for kind in BROUGHT]
        return self.page("moving_in/move_ins.jinja", found=found, form=form, kinds=kinds, State=State, status=status)


class OfMoveIn(Bringing):
    """What every page of one move-in shares."""

    @cached_property
    def seen(self) -> MoveInSeen:
        """The move-in of the address."""
        return self.found(queries.move_in(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    def address(self, name: str = "move-in", *more: Any) -> str:
        """The address of a page of this move-in."""
        return reverse(name, args=[self.slug, self.kwargs["pk"], *more])

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Draws it with the steps of the move-in above."""
        return super().page(template, status=status, seen=self.seen, kind_names=KIND_NAMES, State=State, **context)


class OneMoveIn(OfMoveIn):
    """What was brought, sheet by sheet; more can be added until it is saved."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        return self._show(forms.BringForm())

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Adds files or cells."""
        self.found(self.seen)
        form = forms.BringForm(request.POST, request.FILES)
        if form.is_valid():
            done = self.take_in(pk, form)
            if done.read and not form.errors:
                for each in done.refused:
                    messages.error(request, each)
                return HttpResponseRedirect(self.address())
            for each in done.refused:
                form.add_error("files", each)
        self.__dict__.pop("seen", None)  # what was taken in is there
        return self._show(form, status=422)

    def _show(self, form: Form, status: int = 200) -> HttpResponse:
        more = self.seen.state is not State.SAVED
        return self.page("moving_in/move_in.jinja", form=form, sure=SURE, may_add=more, file_names=FILE_NAMES, status=status)


class DropFile(OfMoveIn, ActionPage):
    """Takes a file out again; the button stands on the page of the move-in."""

    title, button, done = "Take a file out", "Take it out", "Taken out. Nothing of it is kept."

    def form(self, data: Any = None) -> Form:
        assert self.file
        return forms.NothingToFillIn(data)

    @cached_property
    def file(self) -> FileSeen:
        """The file of the address."""
        return self.found(next((each for each in self.seen.files if each.id == self.kwargs["file"]), None))  # type: ignore[no-any-return]

    def perform(self, form: Any) -> None:
        actions.drop_file(slug=self.slug, move_in_id=self.kwargs["pk"], file_id=self.kwargs["file"], by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {"lede": f"{self.file.name}: what was read of it is deleted here. Your own file stays where it is."}

    def back(self) -> str:
        return self.address()


class Sheet(OfMoveIn):
    """One sheet: its first lines, and above each column what it holds. What is corrected is remembered for the next one like it."""

    @cached_property
    def top(self) -> SheetTop:
        """The sheet of the address."""
        found = sheet_of_move_in(self.slug, self.kwargs["pk"], self.kwargs["sheet"], viewer=self.viewer)
        return self.found(found)  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, slug: str, pk: int, sheet: int) -> HttpResponse:
        """The sheet as it is read now."""
        first, last = self.top.header_rows
        form = self._form(None, kind=self.top.kind, heading=(first, last), columns=self.top.columns)
        return self._show(form, self.top.kind, (first, last))

    def post(self, request: HttpRequest, slug: str, pk: int, sheet: int) -> HttpResponse:
        """Keeps what was said; or shows the columns that another kind or heading would have, before anything is kept."""
        kind, heading = self._said()
        if request.POST.get("go") == "show":
            columns = self.top.columns_as(Kind(kind), *self._inside(heading))
            return self._show(self._form(None, kind=kind, heading=heading, columns=columns), kind, heading, fresh=True)
        form = self._form(request.POST, kind=kind, heading=heading, columns={})
        if form.is_valid():
            try:
                actions.say_sheet(
                    slug=slug, move_in_id=pk, sheet_id=sheet, kind=kind, header_rows=heading, columns=form.cleaned_data["columns"],
                    by=self.viewer, at=self.now,
                )  # fmt: skip
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Read so, and remembered for the next sheet with this heading.")
                return HttpResponseRedirect(self.address())
        return self._show(form, kind, heading, status=422)

    def _said(self) -> tuple[str, tuple[int, int]]:
        """The kind and heading that were chosen; those that stand where something else was sent."""
        kind = self.request.POST.get("kind", "")
        first, last = self.top.header_rows
        chosen = [self.request.POST.get(name, "") for name in ("first", "last")]
        if all(each.removeprefix("-").isdecimal() and len(each) < 4 for each in chosen):
            first, last = (int(each) for each in chosen)
        return kind if kind in {each.value for each in Kind} else self.top.kind, (first, last)

    def _form(self, data: Any, *, kind: str, heading: tuple[int, int], columns: dict[str, int]) -> forms.SheetForm:
        first, last = self._inside(heading)
        initial = {"kind": kind, "first": first, "last": last} | {f"column-{at}": key for key, at in columns.items()}
        return forms.SheetForm(data, lines=len(self.top.rows), headings=self.top.headings(first, last), kind=kind, initial=initial)

    def _inside(self, heading: tuple[int, int]) -> tuple[int, int]:
        """The heading that is shown: one outside the sheet, or that ends before it begins, is shown as it stands."""
        first, last = heading
        return heading if first == last == -1 or 0 <= first <= last < len(self.top.rows) else self.top.header_rows

    def _show(self, form: Form, kind: str, heading: tuple[int, int], *, fresh: bool = False, status: int = 200) -> HttpResponse:
        last = self._inside(heading)[1]
        needed = [each.name for each in FIELDS[Kind(kind)] if each.required]
        return self.page(
            "moving_in/sheet.jinja", form=form, top=self.top, needed=needed, fresh=fresh, below=self.top.rows[last + 1 :][:8],
            first_line=last + 2, columns=[form[f"column-{at}"] for at in range(form.width)],  # type: ignore[attr-defined]
            status=status,
        )  # fmt: skip


class DropMoveIn(OfMoveIn, ActionPage):
    """Throws away what was brought and is not saved."""

    title, button, done = "Throw this away", "Throw it away", "Thrown away. Nothing of it is kept, and nothing was changed."
    lede = "What you brought and what you answered here is deleted. What it taught about your headings and schools is remembered."

    def form(self, data: Any = None) -> Form:
        assert self.seen
        return forms.NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        actions.drop(slug=self.slug, move_in_id=self.kwargs["pk"], by=self.viewer, at=self.now)

    def back(self) -> str:
        left = queries.move_in(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now) is None
        return reverse(TAB, args=[self.slug]) if left else self.address()
