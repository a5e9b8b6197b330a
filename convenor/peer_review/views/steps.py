"""Steps of a review that hold no words of a report: the visit begins and ends, the review is put off, goes on, is taken back."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.peer_review.actions import steps as actions
from convenor.peer_review.forms import review as boxes
from convenor.peer_review.queries.standing import review_here
from convenor.peer_review.queries.steps import facts, has_closed, successor, whos
from convenor.peer_review.rules.gates import BESIDE, Who, check_step
from convenor.peer_review.rules.states import State, Step
from convenor.peer_review.views.reviews import ReviewAction


class ByButton(ReviewAction):
    """A step that asks for nothing but a button; where its gate is closed the page says why in its place."""

    step: Step
    takes: frozenset[Who]
    stands: State

    def may(self) -> bool:
        return self.here.state is self.stands and bool(whos(self.here, viewer=self.viewer) & self.takes)

    def box(self, data: Any) -> Form:
        return boxes.NothingToFillIn(data)

    def about(self) -> dict[str, Any]:
        return super().about() | {"not_now": self.not_now()}

    def not_now(self) -> str:
        """Why the step cannot be taken today, without the last sentence; "" where it can."""
        try:
            check_step(self.step, facts(self.here, viewer=self.viewer), self.today)
        except Refused as refused:
            return str(refused).removesuffix("Nothing was changed.").strip()
        return ""


class Start(ByButton):
    """The visit begins."""

    step, takes, stands = Step.ON_SITE, frozenset({Who.LEAD, Who.HOST}), State.DATA_SHARED
    title, button, done = "Begin the visit", "Begin", "The visit has begun. Notes can be taken from now on, also without a network."
    lede = "You are in the school, and the first activity is about to begin."

    def perform(self, form: Any) -> None:
        actions.begin_visit(**self.known)


class FedBack(ByButton):
    """The team told the school what it found."""

    permission = Permission.REVIEW_OFFER
    step, takes, stands = Step.FED_BACK, frozenset({Who.LEAD}), State.ON_SITE
    title, button = "You have told the school", "Yes, we told them"
    lede = "Before leaving, by word of mouth: what is strong, and what would help most. Nothing in the report should come as a surprise."
    done = "Noted. The draft report is next."

    def perform(self, form: Any) -> None:
        actions.feed_back(**self.known)


class Postpone(ReviewAction):
    """The review is put off."""

    title, button, done = "Put the review off", "Put it off", "It is put off. Everything written so far is kept."
    lede = "For an illness, a call, a closure: nothing is lost, and nobody is counted late. Agree a new day when you can."

    def may(self) -> bool:
        return self.here.state in BESIDE[Step.POSTPONED] and bool(whos(self.here, viewer=self.viewer) & {Who.HOST, Who.COORDINATOR})

    def box(self, data: Any) -> Form:
        return boxes.PostponeForm(data)

    def perform(self, form: Any) -> None:
        actions.postpone(**self.known, **form.cleaned_data)


class Resume(ReviewAction):
    """A postponed review goes on."""

    title, button, done = "Go on with the review", "Go on", "It goes on from where it stood."
    lede = "From where it stood. If the days of the visit have passed, say the new first day."

    def may(self) -> bool:
        return self.here.state is State.POSTPONED and bool(whos(self.here, viewer=self.viewer) & {Who.HOST, Who.COORDINATOR})

    def box(self, data: Any) -> Form:
        return boxes.ResumeForm(data)

    def perform(self, form: Any) -> None:
        site = self.request.build_absolute_uri("/").rstrip("/")
        actions.resume(**self.known, **form.cleaned_data, site=site)


class Withdraw(ReviewAction):
    """The school takes its review back."""

    permission = Permission.REVIEW_HOST
    title, button = "Take the review back", "Take it back"
    lede = (
        "You may, at any time, and need give no reason. The team reads no more of it; the coordinator sees that it was taken back, and "
        "nothing else. Your own school keeps everything."
    )
    done = "Taken back. From now on nobody but your school reads any of it."

    def may(self) -> bool:
        return self.here.state not in (State.CLOSED, State.WITHDRAWN) and Who.HOST in whos(self.here, viewer=self.viewer)

    def box(self, data: Any) -> Form:
        return boxes.WithdrawForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw(**self.known, **form.cleaned_data)


class Follow(ReviewAction):
    """The review goes on with the school that this one became."""

    title, button, done = "Go on with the new school", "Go on with it", "The review goes on with the school that this one became."
    lede = "The register says that this school became another. The review follows it; everything written stays as it was."

    def may(self) -> bool:
        return self.here.state.open and bool(whos(self.here, viewer=self.viewer) & {Who.HOST, Who.COORDINATOR})

    def box(self, data: Any) -> Form:
        return boxes.NothingToFillIn(data)

    def about(self) -> dict[str, Any]:
        return super().about() | {"not_now": "" if self._became else "The register names no one school that this one became."}

    @property
    def _became(self) -> str | None:
        return successor(self.here.urn, viewer=self.viewer, on=self.today)

    def perform(self, form: Any) -> None:
        actions.follow_school(**self.known)

    def back(self) -> str:
        """The review; the list for a former school's own people, who may hold no post at the new one."""
        here = review_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now)
        return super().back() if here is not None else reverse("reviews", args=[self.slug])


class EndClosed(ReviewAction):
    """The review of a school that closed and became no other ends."""

    permission = Permission.ROUND_RUN
    title, button, done = "End the review of a closed school", "End it", "The review has ended, because the school closed."
    lede = "The register names no school that this one became. The step says that, and nothing else."

    def may(self) -> bool:
        return self.here.state.open and Who.COORDINATOR in whos(self.here, viewer=self.viewer)

    def box(self, data: Any) -> Form:
        return boxes.NothingToFillIn(data)

    def about(self) -> dict[str, Any]:
        gone = has_closed(self.here.urn, viewer=self.viewer, on=self.today)
        stands = not gone or successor(self.here.urn, viewer=self.viewer, on=self.today) is not None
        return super().about() | {"not_now": "The school has not closed, or it became another." if stands else ""}

    def perform(self, form: Any) -> None:
        actions.end_for_closed_school(**self.known)
