"""Forum votes: the list, one vote with its rules above the ballot, and what whoever runs it does."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.consultation.actions import votes as actions
from convenor.consultation.forms import votes as forms
from convenor.consultation.queries import votes as queries
from convenor.consultation.queries.votes import VoteSeen
from convenor.consultation.rules.states import Constituency, Silence, VoteState
from convenor.consultation.rules.votes import CHOICES, SILENCE_SAYS
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM, TAB = "consultation", "forum-votes"
STATE_SAYS = {VoteState.DRAFT: "Being declared", VoteState.OPEN: "Open", VoteState.CLOSED: "Closed"}


class Votes(PartnershipPage):
    """Every vote."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen = self.found(queries.forum_votes(slug, viewer=self.viewer, at=self.today))
        return self.page("consultation/votes.jinja", seen=seen, runs=self.viewer.may(Permission.CONSULTATION_RUN), states=STATE_SAYS)


class OfVote(PartnershipPage):
    """What every page of one vote shares."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    @cached_property
    def seen(self) -> VoteSeen:
        """The vote."""
        return self.found(queries.forum_vote(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @property
    def known(self) -> dict[str, Any]:
        """What every action is told."""
        return {"slug": self.slug, "vote_id": self.seen.pk, "by": self.viewer, "at": self.now}


class Vote(OfVote):
    """One vote: its rules, one's own ballots, the result once it has closed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A vote is cast."""
        form = forms.CastForm(request.POST)
        if not form.is_valid():
            return self._show("Choose for, against or abstain. Nothing was counted.", status=422)
        try:
            actions.cast(**self.known, **form.cleaned_data)
        except Refused as error:
            return self._show(str(error), status=422)
        messages.success(request, "Counted. It stands as it was cast.")
        return HttpResponseRedirect(reverse("forum-vote", args=[self.slug, self.seen.pk]))

    def _show(self, error: str = "", status: int = 200) -> HttpResponse:
        return self.page(
            "consultation/vote.jinja", seen=self.seen, error=error, choices=CHOICES, silence=SILENCE_SAYS[self.seen.silence],
            states=STATE_SAYS, Constituency=Constituency, status=status,
        )  # fmt: skip


class Plan(ActionPage):
    """A vote is declared."""

    permission = Permission.CONSULTATION_RUN
    room, tab = ROOM, TAB
    title, button, done = "Declare a vote", "Declare it", "Declared. Read it through, then open it."
    lede = "Who votes, how many must, and what silence means stand above the ballot from the first day, and cannot be changed then."
    made: int | None = None

    def form(self, data: Any = None) -> Form:
        first = {
            "opens_on": self.today, "closes_on": self.today + timedelta(days=14), "constituency": Constituency.SCHOOLS.value,
            "silence": Silence.NOT_COUNTED.value, "quorum_percent": 50, "majority_percent": 50,
            "consultation": self.request.GET.get("consultation", ""),
        }  # fmt: skip
        return forms.PlanForm(
            data, bodies=queries.bodies_that_vote(self.slug, viewer=self.viewer, at=self.today),
            consultations=queries.consultations_to_vote_on(self.slug, viewer=self.viewer), initial=first,
        )  # fmt: skip

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        self.made = actions.plan_vote(
            slug=self.slug, words=said["words"], constituency=Constituency(said["constituency"]), quorum_percent=said["quorum_percent"],
            majority_percent=said["majority_percent"], silence=Silence(said["silence"]), opens_on=said["opens_on"],
            closes_on=said["closes_on"], body=said["body"], phases=tuple(said["phases"]),
            consultation_id=int(said["consultation"]) if said["consultation"] else None, by=self.viewer, at=self.now,
        ).pk  # fmt: skip

    def back(self) -> str:
        return reverse("forum-vote", args=[self.slug, self.made]) if self.made else reverse(TAB, args=[self.slug])


class RunningVote(OfVote, ActionPage):
    """One step of whoever runs it."""

    permission = Permission.CONSULTATION_RUN
    stands_in: ClassVar[VoteState] = VoteState.DRAFT

    @cached_property
    def seen(self) -> VoteSeen:
        """The vote, where it is at this point."""
        found = queries.forum_vote(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        if found is None or found.state is not self.stands_in:
            raise Http404("There is nothing of that kind to do here now.")
        return found

    def form(self, data: Any = None) -> Form:
        assert self.seen
        return forms.NothingForm(data)

    def back(self) -> str:
        return reverse("forum-vote", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.seen.words}


class OpenVote(RunningVote):
    """It opens: its voters are fixed."""

    title, button, done = "Open the vote", "Open it", "Open. Who may vote is fixed."
    lede = "Who may vote is fixed from now on, and so is every rule."

    def perform(self, form: Any) -> None:
        actions.open_vote(**self.known)


class CloseVote(RunningVote):
    """It closes."""

    stands_in = VoteState.OPEN
    title, button, done = "Close the vote", "Close it", "Closed, and counted."
    lede = "After its last day, or as soon as everybody has voted. After its last day it closes by itself, too."

    def perform(self, form: Any) -> None:
        actions.close_vote(**self.known)


class WriteDown(RunningVote):
    """What came of it is written down as a decision."""

    permission = Permission.PRIORITY_SET
    stands_in = VoteState.CLOSED
    title, button, done = "Write it down as a decision", "Write it down", "Written down, with its count and its rule."

    def form(self, data: Any = None) -> Form:
        if self.seen.written_down or not self.seen.quorate:
            raise Http404("There is nothing to write down.")
        bodies = queries.bodies_that_vote(self.slug, viewer=self.viewer, at=self.today)
        return forms.DecideForm(data, bodies=bodies, initial={"body": self.seen.body_key or (bodies[0][0] if bodies else "")})

    def perform(self, form: Any) -> None:
        actions.record_outcome(**self.known, body=form.cleaned_data["body"])

    def about(self) -> dict[str, Any]:
        assert self.seen.outcome is not None
        return super().about() | {"lede": self.seen.outcome.words}
