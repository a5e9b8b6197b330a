"""Two readings of the system, heads' and officers', side by side; and one's own."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from convenor.conditions.actions import diagnosis as actions
from convenor.conditions.forms import over_time as forms
from convenor.conditions.queries import diagnosis as queries
from convenor.conditions.queries.diagnosis import OwnReading
from convenor.conditions.rules.diagnosis import SIDE_SAYS, Question
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM: Final = "conditions"
TAB: Final = "diagnosis"


def named(question: Question) -> list[tuple[str, str]]:
    """The options of a question with what they mean."""
    return [(each.name, each.means) for each in question.options]


def meanings(question: Question) -> str:
    """What the options mean, in one line; "" where their names say it."""
    return "; ".join(f"{each.name}: {each.means}" for each in question.options if each.means)


class Diagnosis(PartnershipPage):
    """Both readings, of this school year or of an earlier one."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else None
        seen = self.found(queries.diagnosis(slug, viewer=self.viewer, at=self.today, year=year))
        return self.page("conditions/diagnosis.jinja", seen=seen, sides=tuple(SIDE_SAYS.items()), named=named)


class Read(ActionPage):
    """One's own reading, filled in as one read last year."""

    permission = Permission.CONDITIONS_SAY
    room, tab = ROOM, TAB
    template = "conditions/reading.jinja"
    title = "How do you read our system?"
    button = "Send my reading"
    done = "Thank you: kept. It is told only together with others of your side."

    @cached_property
    def seen(self) -> OwnReading:
        """The reading as it stands, or as the page begins; not found for whoever reads on neither side."""
        return self.found(queries.own_reading(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        given: dict[str, Any] = {"version": self.seen.version} | dict(self.seen.given)
        return forms.ReadingForm(data, framework=self.seen.framework, initial=given)

    def perform(self, form: Any) -> None:
        actions.send_reading(
            slug=self.slug, answers=form.answers, version=form.cleaned_data["version"] or 0, by=self.viewer, at=self.now
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen, "side": SIDE_SAYS[self.seen.side], "meanings": meanings}
