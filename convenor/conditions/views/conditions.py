"""The nine conditions over time: what members say beside what the data say; asking, answering and closing."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.conditions.actions import assessments as actions
from convenor.conditions.forms import over_time as forms
from convenor.conditions.queries import assessments as queries
from convenor.conditions.queries.assessments import OpenSeen, OverTime, OwnAnswer
from convenor.conditions.rules.self_assessment import GROUPED_BY, LEVELS, USUAL, Level
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM: Final = "conditions"
TAB: Final = "conditions"
#: What the groups of each question are called above them.
GROUPS: Final = {"role": "By what people do", "phase": "By phase of school", "type": "By type of school"}


def named(levels: Sequence[Level]) -> list[tuple[str, str]]:
    """The levels with what they mean."""
    return [(each.name, each.means) for each in levels]


class Conditions(PartnershipPage):
    """The nine conditions: what members said last beside what the data say today."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen: OverTime = self.found(queries.over_time(slug, viewer=self.viewer, at=self.today))
        levels = seen.newest.levels if seen.newest else LEVELS
        return self.page("conditions/conditions.jinja", seen=seen, levels=levels, named=named(levels))


class ConditionsTable(PartnershipPage):
    """What members said of each condition, year by year, as a table to take away."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The file."""
        seen: OverTime = self.found(queries.over_time(slug, viewer=self.viewer, at=self.today))
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="nine-conditions.csv"'
        write = csv.writer(answer)
        write.writerow(["self-assessment", "closed on", "answered", "condition", "judged", *(each.name for each in LEVELS)])
        for each in seen.conditions:
            for year, told in each.years:
                counts = [told.whole.judged, *told.whole.counts] if told.whole else ["too few to say"]
                write.writerow([year.title, year.closed_on.isoformat(), year.told.answered, each.card.name, *counts])
        return answer


class Condition(PartnershipPage):
    """One condition over the years, by groups, with the lines that were kept each year."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, key: str) -> HttpResponse:
        """The page."""
        page = self.found(queries.condition_page(slug, key, viewer=self.viewer, at=self.today))
        years = page.seen.years
        newest = years[0] if years else None
        groups = [(GROUPS[of], newest[1].groups[of]) for of in GROUPED_BY if newest and of in newest[1].groups]
        levels = newest[0].levels if newest else LEVELS
        kept = [(year, [line for line in year.evidence if line.condition == key]) for year, _ in years]
        return self.page(
            "conditions/condition.jinja", page=page, card=page.seen.card, years=years, newest=newest, groups=groups, levels=levels,
            named=named(levels), kept=kept,
        )  # fmt: skip


class Say(ActionPage):
    """One's own answer: nine taps, filled in as one said last year."""

    permission = Permission.CONDITIONS_SAY
    room, tab = ROOM, TAB
    template = "conditions/say.jinja"
    title = "How do the nine conditions stand?"
    button = "Send"

    @cached_property
    def seen(self) -> OwnAnswer:
        """The answer as it stands, or as the page begins; not found while none is asked."""
        return self.found(queries.own_answer(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @property
    def done(self) -> str:  # type: ignore[override]
        """What it means."""
        return f"Thank you: kept. You may change it until {self.seen.closes_on:%-d %B}; then it is told together with what others said."

    def form(self, data: Any = None) -> Form:
        seen = self.seen
        given: dict[str, Any] = {"version": seen.version, "in_groups": seen.in_groups}
        given |= {f"level-{key}": str(level) for key, level in seen.given.items()}
        given |= {f"words-{key}": words for key, words in seen.words.items()}
        return forms.SayForm(data, cards=seen.cards, levels=seen.levels, initial=given)

    def perform(self, form: Any) -> None:
        actions.answer(
            slug=self.slug, assessment_id=self.seen.id, levels=form.levels, words=form.words, in_groups=form.cleaned_data["in_groups"],
            version=form.cleaned_data["version"] or 0, by=self.viewer, at=self.now,
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen}


class Ask(ActionPage):
    """Asking every member."""

    permission = Permission.CONDITIONS_ASK
    room, tab = ROOM, TAB
    title = "Ask members how the nine conditions stand"
    lede = "Everybody with a post here gets a letter. It takes each about three minutes, and begins with what they said last time."
    button = "Open it"
    done = "It is open, and every member has been written to."

    def form(self, data: Any = None) -> Form:
        season = "Spring" if self.today.month < 5 else "Summer" if self.today.month < 9 else "Autumn"
        return forms.AskForm(data, initial={"title": f"{season} {self.today.year}", "closes_on": self.today + USUAL})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.open_assessment(slug=self.slug, title=given["title"], closes_on=given["closes_on"], by=self.viewer, at=self.now)


class Close(ActionPage):
    """Ending the asking."""

    permission = Permission.CONDITIONS_ASK
    room, tab = ROOM, TAB
    title = "Close the self-assessment"
    button = "Close it and tell what members said"
    done = "It is closed. What members said together stands beside what the data say."

    @cached_property
    def seen(self) -> OpenSeen:
        """That which is open."""
        found: OverTime = self.found(queries.over_time(self.slug, viewer=self.viewer, at=self.today))
        return self.found(found.open if found.open and found.open.id == self.kwargs["pk"] else None)  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        return forms.Versioned(data, initial={"version": self.seen.version})

    def perform(self, form: Any) -> None:
        version = form.cleaned_data["version"] or 0
        actions.close_assessment(slug=self.slug, assessment_id=self.seen.id, version=version, by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        answered = self.seen.answered
        few = " That is fewer than five, and nothing would be told." if answered < 5 else ""
        said = "Nobody has" if not answered else "One person has" if answered == 1 else f"{answered} people have"
        return {"lede": f"{said} answered.{few} Nobody can answer afterwards, and what is told does not change any more."}

    def back(self) -> str:
        return reverse("conditions", args=[self.slug])
