"""What schools can offer and what they want to learn: one page for a phone, filled with what they said last time."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage
from convenor.registers.queries.known import school_in_short
from convenor.support.actions import answers as actions
from convenor.support.forms import directory as forms
from convenor.support.queries import answers as queries
from convenor.support.queries.answers import AreaAnswers, OwnAnswer
from convenor.support.rules.needs import themes_for
from convenor.support.views.directory import TAB, Changing, words
from convenor.support.views.front import ROOM


class AreaAnswersPage(PartnershipPage):
    """What the area's schools offer one another, and what many would like to learn."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen: AreaAnswers = self.found(queries.area_answers(slug, viewer=self.viewer, at=self.today))
        return self.page("support/answers.jinja", seen=seen)


class AnswerYear(Changing):
    """A school's own answer of this year."""

    permission = Permission.SUPPORT_ASK
    template = "support/answer.jinja"
    button = "Send our answer"

    def subject(self) -> dict[str, Any]:
        """The school of the address, where it names one."""
        said = self.request.GET.get("school", "")
        return {"urn": said} if said else {}

    @cached_property
    def seen(self) -> OwnAnswer:
        """The answer as it stands, or as the page begins."""
        return self.found(  # type: ignore[no-any-return]
            queries.own_answer(self.slug, self.request.GET.get("school", ""), viewer=self.viewer, at=self.today)
        )

    @property
    def phase(self) -> str:
        """The phase of the school."""
        found = school_in_short(self.seen.urn, viewer=self.viewer)
        return found.phase if found is not None else ""

    @property
    def done(self) -> str:  # type: ignore[override]
        """What it means."""
        return f"Thank you: kept for {self.seen.school}. You can change it any time."

    def form(self, data: Any = None) -> forms.AnswerForm:
        now = self.seen.answer
        given = {
            "version": self.seen.version, "offers": list(now.offers), "wants": list(now.wants), "half_days": now.half_days,
            "ring": now.ring, "words": now.words,
        }  # fmt: skip
        return forms.AnswerForm(data, initial=given, themes=themes_for(self.phase, (*now.offers, *now.wants)))

    def perform(self, form: Any) -> None:
        actions.answer_year(
            slug=self.slug, urn=self.seen.urn, answer=form.answer, version=form.cleaned_data["version"] or 0, by=self.viewer, at=self.now
        )

    def back(self) -> str:
        """The next school of theirs that has not answered; else what everybody says."""
        if self.request.method == "POST" and self.seen.others:
            return reverse("support-answer", args=[self.slug], query={"school": self.seen.others[0][0]})
        return reverse("support-answers", args=[self.slug])

    def about(self) -> dict[str, Any]:
        return words() | {"seen": self.seen}
