"""Making a shared problem a priority: one form, filled in from the figures."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from convenor.governance import actions as governance
from convenor.governance.rules import Refused as NoPriority
from convenor.intelligence.forms.shared_problems import PriorityForm
from convenor.intelligence.queries.shared_problems import SharedProblems, shared_problems
from convenor.intelligence.rules.shared_problems import Finding, Problem
from convenor.partnership.gate import Permission
from convenor.partnership.queries.structure import structure
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage
from convenor.registers.rules.measures import MEASURES


class PriorityRefused(Refused):
    """What was asked is no proper priority; the message is governance's own."""


class MakePriority(ActionPage):
    """The partnership takes a shared problem on."""

    permission = Permission.PRIORITY_SET
    room = "early-identification"
    tab = "early"
    title, button = "Make this a priority", "Record the priority"
    lede = "A priority names what is worked on, who leads, how anyone will know, and when it ends. It names no school."
    done = "The priority is recorded. Anyone can read it on the partnership’s page."

    @cached_property
    def seen(self) -> SharedProblems:
        """What the page of shared problems shows."""
        return self.found(shared_problems(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @cached_property
    def problem(self) -> Problem:
        """The one of the address."""
        wanted = (self.kwargs["phase"].replace("-", " ").lower(), self.kwargs["measure"])
        for each in self.seen.problems:
            if (each.phase.lower().replace("-", " "), each.measure) == wanted:
                return each
        raise Http404("Nothing is told of that figure.")

    def form(self, data: Any = None) -> PriorityForm:
        """Filled in with the figure's own words."""
        found = structure(self.slug, viewer=self.viewer, at=self.today)
        bodies = [(body.key, body.name) for body in found.bodies] if found else []
        year = self.today.replace(year=self.today.year + 1, day=min(self.today.day, 28))
        words = {"title": title_of(self.problem), "why": why_of(self.problem), "measure": measure_of(self.problem)}
        return PriorityForm(data, bodies=bodies, initial=words | {"from_on": self.today, "until_on": year})

    def perform(self, form: Any) -> None:
        """Records it; a refusal of governance's is shown above the form."""
        try:
            governance.set_priority(slug=self.slug, by=self.viewer, at=self.now, came_from="Shared problems", **form.cleaned_data)
        except NoPriority as error:
            raise PriorityRefused(str(error)) from error

    def back(self) -> str:
        """To the page it came from."""
        return reverse("early-shared", args=[self.slug])

    def about(self) -> dict[str, Any]:
        """Under the figure's name."""
        return {"eyebrow": f"{MEASURES[self.problem.measure].name}, {self.problem.phase.lower()} schools"}


def title_of(problem: Problem) -> str:
    """The figure in a heading's words."""
    return f"{MEASURES[problem.measure].name} in {problem.phase.lower()} schools"


def why_of(problem: Problem) -> str:
    """What the figures say, in a sentence or two that name no school."""
    year = problem.period.replace("-", "/")
    parts = []
    if problem.total.weak is not None:
        parts.append(
            f"In {year} {problem.total.weak} of {problem.total.schools} {problem.phase.lower()} schools lay in the weakest fifth; by "
            f"chance it would be about {problem.total.expected:.0f}."
        )
    places = [cell.group for cell in problem.cells if cell.finding is Finding.MORE]
    if places:
        parts.append(f"It is beyond chance in {', '.join(places)}.")
    return " ".join(parts)


def measure_of(problem: Problem) -> str:
    """How anyone would know."""
    start = f"from {problem.total.weak} schools to " if problem.total.weak is not None else "to "
    return f"{MEASURES[problem.measure].name}: {problem.phase.lower()} schools in the weakest fifth, {start}no more than chance."
