"""After the report: the workshop, the school's priorities, the impact visit, and how the review ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form

from convenor.partnership.gate import Permission
from convenor.peer_review.actions.impact import close_review, hold_impact_visit
from convenor.peer_review.actions.priorities import agree_priorities
from convenor.peer_review.actions.workshop import hold_workshop
from convenor.peer_review.forms import report as boxes
from convenor.peer_review.queries.reports import after, report
from convenor.peer_review.queries.steps import facts, whos
from convenor.peer_review.rules.gates import Who, due_on, impact_window
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.priorities import Priority
from convenor.peer_review.rules.states import State
from convenor.peer_review.rules.themes import name_of
from convenor.peer_review.views.reviews import ReviewAction


class Workshop(ReviewAction):
    """The champion writes down that the workshop was held."""

    permission = Permission.REVIEW_OFFER
    title, button = "The improvement workshop", "It was held"
    lede = (
        "You were not the lead: you help the school to turn what was found into a few things to do. What was worked out is for the school "
        "alone."
    )
    done = "Noted. The school agrees its priorities next."

    def may(self) -> bool:
        return self.here.state is State.REPORT_FINAL and Who.CHAMPION in whos(self.here, viewer=self.viewer)

    def box(self, data: Any) -> Form:
        form = boxes.WorkshopForm(data, initial={"held_on": self.today})
        due = due_on(facts(self.here, viewer=self.viewer))
        if due is not None:
            form.fields["held_on"].help_text = f"It is planned for {due.day} {due:%B} at the latest"
        return form

    def perform(self, form: Any) -> None:
        hold_workshop(**self.known, **form.cleaned_data)


class Priorities(ReviewAction):
    """The host agrees its priorities, or mends them before the impact visit."""

    permission = Permission.REVIEW_HOST
    sight = Sight.PRIORITIES
    template = "peer_review/priorities.jinja"
    title, button, done = "Your priorities", "Agree these", "Agreed. In six months you look at them together."
    lede = "One to three things to do, each small enough to be done. They are yours: nobody else reads them unless you let them."

    def may(self) -> bool:
        return self.here.host and self.here.state in (State.WORKSHOP_DONE, State.ACTIONS_AGREED)

    def box(self, data: Any) -> Form:
        seen = after(self.here, viewer=self.viewer)
        stands = [
            Priority(each.title, each.theme, each.owner, each.by_on, each.measure, each.baseline)
            for each in (seen.priorities if seen else ())
        ]
        return boxes.PrioritiesForm(data, stands=stands or self._suggested())

    def _suggested(self) -> list[Priority]:
        """The themes of the report's even-better-ifs, so that only what is new is typed."""
        seen = report(self.here, viewer=self.viewer, at=self.now)
        return [Priority(theme=each.theme) for each in (seen.report.writing.even_better[:3] if seen else ())]

    def about(self) -> dict[str, Any]:
        seen = report(self.here, viewer=self.viewer, at=self.now)
        return super().about() | {"report": seen.report if seen else None, "after": seen.after if seen else None, "name_of": name_of}

    def perform(self, form: Any) -> None:
        agree_priorities(**self.known, priorities=form.priorities)


class Impact(ReviewAction):
    """What came of each priority, by the host, or by whoever of the team the host let back in."""

    sight = Sight.PRIORITIES
    template = "peer_review/impact.jinja"
    title, button = "The impact visit", "Write it down"
    done = "Noted. The school says how the review ends."

    @property
    def lede(self) -> str:  # type: ignore[override]
        """When it is on time."""
        window = impact_window(facts(self.here, viewer=self.viewer))
        says = f" It is on time from {_said(window[0])} to {_said(window[1])}." if window else ""
        return f"Six months on: what came of each thing that was agreed, by its own measure.{says}"

    def may(self) -> bool:
        return self.here.state is State.ACTIONS_AGREED and bool(whos(self.here, viewer=self.viewer) & {Who.HOST, Who.LEAD, Who.CHAMPION})

    def box(self, data: Any) -> Form:
        seen = after(self.here, viewer=self.viewer)
        return boxes.ImpactForm(data, numbers=[each.number for each in (seen.priorities if seen else ())], held_on=self.today)

    def about(self) -> dict[str, Any]:
        return super().about() | {"after": after(self.here, viewer=self.viewer)}

    def perform(self, form: Any) -> None:
        hold_impact_visit(
            **self.known, held_on=form.cleaned_data["held_on"], words=form.cleaned_data["words"], results=form.results
        )  # fmt: skip


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


class Close(ReviewAction):
    """The host says how the review ends."""

    permission = Permission.REVIEW_HOST
    title, button, done = "How does the review end?", "End the review", "The review has ended. Everything stays with your school."
    lede = "You say so, and nobody else. If you would like help from other schools, you ask for it yourself; this says nothing to anybody."

    def may(self) -> bool:
        return self.here.host and self.here.state is State.IMPACT_REVIEWED

    def box(self, data: Any) -> Form:
        return boxes.CloseForm(data)

    def perform(self, form: Any) -> None:
        close_review(**self.known, outcome=form.cleaned_data["outcome"])
