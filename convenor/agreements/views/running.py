"""What whoever runs agreements does: the register, the text from its draft to its adoption, and the register as a file."""

from __future__ import annotations

import csv
from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.agreements import actions
from convenor.agreements.forms import texts as forms
from convenor.agreements.queries import register as queries
from convenor.agreements.queries.texts import TextSeen, texts
from convenor.agreements.rules.classes import NAMES, DataClass
from convenor.agreements.rules.register import COLUMNS, row_of
from convenor.agreements.rules.standing import ASKS_PROPOSED, State
from convenor.agreements.rules.texts import templates
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM, TAB = "keeping", "agreements"


class Agreements(PartnershipPage):
    """The register: which school agreed to what, and what to do next."""

    permission = Permission.AGREEMENT_RUN
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        form = forms.RegisterFilter(request.GET or None)
        asked = form.cleaned_data if form.is_valid() else {"state": "", "text": ""}
        seen = self.found(queries.register(slug, viewer=self.viewer, at=self.today, **asked))
        return self.page(
            "agreements/register.jinja", seen=seen, form=form, narrowed=any(asked.values()), names=NAMES, classes=tuple(DataClass),
            State=State, partnership_name=seen.here.name,
        )  # fmt: skip


class RegisterFile(PartnershipPage):
    """The register as it stands, as a file that a spreadsheet opens: no cell of it is run as a formula."""

    permission = Permission.AGREEMENT_RUN
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The file."""
        seen = self.found(queries.register(slug, viewer=self.viewer, at=self.today))
        answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="agreements-{slug}-{self.today.isoformat()}.csv"'
        writer = csv.writer(answer, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for line in seen.lines:
            for standing, used in zip(line.standings, line.used, strict=True):
                writer.writerow(row_of(line.school.urn, line.school.name, standing, used))
        return answer


class BeginText(ActionPage):
    """A draft begins: from a template, or from the version that stands."""

    permission = Permission.AGREEMENT_RUN
    room, tab = ROOM, TAB
    template = "agreements/begin.jinja"
    button = "Begin"
    done = "It is a draft, which nobody else sees. Read it through, change what you like, have it read, then put it to schools."

    @cached_property
    def stands(self) -> bool:
        """Whether a text was adopted before."""
        return texts(self.slug, viewer=self.viewer).now is not None

    def form(self, data: Any = None) -> Form:
        return forms.NothingForm(data) if self.stands else forms.BeginForm(data)

    def perform(self, form: Any) -> None:
        actions.begin_text(slug=self.slug, template_key=form.cleaned_data.get("template", ""), by=self.viewer, at=self.now)

    def back(self) -> str:
        return reverse(TAB, args=[self.slug])

    def about(self) -> dict[str, Any]:
        title = "Begin a new version" if self.stands else "Begin the agreement"
        lede = "It begins as a copy of the version that stands, which stays until the new one is adopted." if self.stands else ""
        return {"title": title, "lede": lede, "templates": () if self.stands else templates()}


class OfDraft(ActionPage):
    """What every page about the draft shares."""

    permission = Permission.AGREEMENT_RUN
    room, tab = ROOM, TAB

    @cached_property
    def draft(self) -> TextSeen:
        """The draft; not found where there is none."""
        found = texts(self.slug, viewer=self.viewer).draft
        if found is None:
            raise Http404("There is no draft of an agreement.")
        return found

    def about(self) -> dict[str, Any]:
        return {"seen": self.draft}


class WriteText(OfDraft):
    """Every word of the draft can be changed."""

    template = "agreements/write.jinja"
    title, button, done = "Change the text", "Keep it so", "Kept. It is still a draft."
    lede = "In words that a head and a lawyer accept. Where it tells who sees what, it tells what the program does: change that with care."

    def form(self, data: Any = None) -> Form:
        return forms.WriteForm(data, seen=self.draft)

    def perform(self, form: Any) -> None:
        actions.write_text(
            slug=self.slug, sections=form.sections, classes=form.classes, answers_to=form.cleaned_data["answers_to"],
            version=form.cleaned_data["version"], by=self.viewer, at=self.now,
        )  # fmt: skip


class AdoptText(OfDraft):
    """The draft is put to every school."""

    title, button = "Put it to schools", "Put it to every school"
    letters = 0

    def form(self, data: Any = None) -> Form:
        first = {"version": self.draft.version, "agree_by_on": self.today + ASKS_PROPOSED}
        return forms.AdoptForm(data, initial=first, first=self.draft.number == 1)

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        _, self.letters = actions.adopt_text(
            slug=self.slug, agree_by_on=said["agree_by_on"], decided=said["decided"], changes=said.get("changes", ""),
            version=said["version"], by=self.viewer, at=self.now,
        )  # fmt: skip

    @property
    def done(self) -> str:  # type: ignore[override]
        """How many letters."""
        return f"It is put to schools. {self.letters} letter{'s are' if self.letters != 1 else ' is'} on the way."

    def about(self) -> dict[str, Any]:
        lede = (
            f"Version {self.draft.number} then stands, and cannot be changed; a new version can follow. Whoever speaks for a member "
            f"school gets one "
            "letter that says where to read and agree. No record is deleted by it."
        )
        return super().about() | {"lede": lede}


class DropText(OfDraft):
    """The draft is put away."""

    title, button, done = "Put the draft away", "Put it away", "The draft is gone. What was adopted stands."
    lede = "What was put to schools before stands as it is."

    def form(self, data: Any = None) -> Form:
        return forms.NothingForm(data, initial={"version": self.draft.version})

    def perform(self, form: Any) -> None:
        actions.drop_text(slug=self.slug, version=form.cleaned_data["version"] or 0, by=self.viewer, at=self.now)
