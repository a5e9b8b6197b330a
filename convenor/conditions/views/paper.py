"""A room on paper: the board and cards to print, and sheets that come in, typed in under a minute each."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.conditions.actions import paper as actions
from convenor.conditions.forms import workshops as forms
from convenor.conditions.queries import paper as queries
from convenor.conditions.queries import workshops as rooms
from convenor.conditions.queries.paper import SheetSeen
from convenor.conditions.rules.cards import BOTTOM_MEANS, TOP_MEANS
from convenor.conditions.views.joining_picture import join_picture
from convenor.conditions.views.workshops import ROOM, TAB, Doing, OfLeader
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ENDS: dict[str, Any] = {"top": TOP_MEANS, "bottom": BOTTOM_MEANS}


class Board(PartnershipPage):
    """The board, its cards and the questions of the canvases, to print."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The sheets; with the code on them for whoever leads, while the code is of use."""
        seen = self.found(rooms.workshop(slug, pk, viewer=self.viewer))
        here = rooms.console(slug, pk, viewer=self.viewer, at=self.now) if seen.leads else None
        join = join_picture(request, here.join_code) if here is not None and here.closed_at is None else None
        return self.page("conditions/paper_board.jinja", seen=seen, join=join, cards=seen.chosen or seen.cards, **ENDS)


class EnterPaper(OfLeader, ActionPage):
    """A sheet is typed in: who made it, nine digits, words where there are any; then the next."""

    template = "conditions/paper.jinja"
    title, button = "Type in a sheet of paper", "Keep this sheet"
    lede = "It counts as an entry from a phone does."

    def form(self, data: Any = None) -> Form:
        if not self.console.paper:
            self.found(None)
        return forms.PaperForm(data, cards=self.seen.chosen, agenda=self.seen.agenda, initial=self.stands())

    def stands(self) -> dict[str, Any]:
        """What the form begins with."""
        return {}

    @property
    def participant_id(self) -> int | None:
        """The sheet that is typed again; None for a new one."""
        return None

    def perform(self, form: Any) -> None:
        sheet = actions.Sheet(
            group_size=form.cleaned_data["group_size"], rows=form.rows(), comments=form.comments(), label=form.cleaned_data["label"],
            groups=form.groups(), lines=form.written(),
        )  # fmt: skip
        actions.enter_paper(
            slug=self.slug, pk=self.seen.pk, sheet=sheet, by=self.viewer, at=self.now, participant_id=self.participant_id
        )  # fmt: skip
        self.done = f"Kept{': ' + sheet.label.strip() if sheet.label.strip() else ''}. The next sheet?"  # type: ignore[misc]

    def about(self) -> dict[str, Any]:
        here = {"seen": self.seen, "rows": {}, "comments": {}, "sheets": queries.sheets(self.slug, self.seen.pk, viewer=self.viewer)}
        if self.request.method == "POST":
            posted = {name.removeprefix("comment-"): words for name, words in self.request.POST.items() if name.startswith("comment-")}
            here |= {"rows": forms.rows_posted(self.request.POST, self.seen.chosen), "comments": posted}
        return here

    def back(self) -> str:
        return reverse("workshop-paper", args=[self.slug, self.kwargs["pk"]])


class ChangePaper(EnterPaper):
    """A sheet that was misread is typed again."""

    title, button = "Type this sheet again", "Keep it as it is now"
    lede = "What you keep stands instead of what was typed before."

    @cached_property
    def sheet(self) -> SheetSeen:
        """The sheet of the address."""
        found = queries.sheet(self.slug, self.seen.pk, self.kwargs["sheet"], viewer=self.viewer)
        return self.found(found)  # type: ignore[no-any-return]

    @property
    def participant_id(self) -> int | None:
        return self.sheet.pk

    def stands(self) -> dict[str, Any]:
        lines = {f"lines-{step}-{prompt}": "\n".join(words) for (step, prompt), words in self.sheet.lines.items()}
        groups = {f"group-{key}": value for key, value in self.sheet.groups.items()}
        # The rows stand on the board, so that what is moved there counts; digits typed now are taken instead.
        return {"label": self.sheet.label, "group_size": self.sheet.group_size} | lines | groups

    def about(self) -> dict[str, Any]:
        here = super().about() | {"sheet": self.sheet}
        if self.request.method != "POST":
            here |= {"rows": self.sheet.rows, "comments": self.sheet.comments}
        return here


class RemovePaper(Doing):
    """A sheet that should not have been typed in is taken out."""

    title, button, done = "Take a sheet out", "Take it out", "Taken out."
    lede = "It then counts no more. What phones sent is never taken out."

    def perform(self, given: dict[str, Any]) -> None:
        actions.remove_paper(**given, participant_id=self.kwargs["sheet"])

    def after(self) -> str:
        return reverse("workshop-paper", args=[self.slug, self.kwargs["pk"]])
