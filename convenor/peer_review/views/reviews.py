"""One review: the page that shows each viewer what they may see of it, and what every page about one review shares."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from convenor.intelligence.rules.secrecy import plain_truth
from convenor.partnership.gate import Permission, record_look
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.queries import reviews as queries
from convenor.peer_review.queries.matchings import team_today
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.rules.gates import BESIDE, Who, opens_on
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.preparing import KIND_SAYS, WHILE_MENDING
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.safeguarding import worried
from convenor.peer_review.rules.states import WAY, State, Step
from convenor.peer_review.rules.telling import PART_SAYS, STEP_STATES, count_said, days_said, due_said, stands_says
from convenor.peer_review.rules.themes import name_of

ROOM = "peer-review"
#: What is written down of a look by somebody who is not of the host school.
LOOKED_AT: dict[Sight, str] = {
    Sight.PLAN: "peer review: plan",
    Sight.SELF_REVIEW: "peer review: self-review",
    Sight.EVIDENCE: "peer review: evidence",
    Sight.DRAFT: "peer review: draft report",
    Sight.REPORT: "peer review: report",
    Sight.PRIORITIES: "peer review: priorities",
}


def truth(record_class: str) -> str:
    """The sentence on secrecy, with the host that this installation names: "peer-review", "evidence" or "expectation"."""
    return plain_truth(record_class, hosted_by=settings.HOSTED_BY)


class OfReview(PartnershipPage):
    """What every page of one review shares. Somebody who sees nothing of it is told the same as if there were none.

    `sight` is what the page shows; who does not see that is told the same again, and a look from outside the school is written
    down before the page is made.
    """

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "reviews"
    confidential = True
    sight: ClassVar[Sight] = Sight.STATES
    record_class: ClassVar[str] = "peer-review"

    @cached_property
    def here(self) -> ReviewHere:
        """The review of the address, as this viewer may see it today."""
        found: ReviewHere = self.found(review_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now))
        if not found.sees(self.sight):
            raise Http404("There is no such page in this partnership, or it is not for you to see.")
        return found

    def looked(self, *sights: Sight) -> None:
        """Writes down that somebody who is not of the host school looks at these parts of the review, before they see them."""
        if self.here.host:
            return
        for sight in sights or (self.sight,):
            if sight in LOOKED_AT:
                record_look(self.viewer, urn=self.here.urn, record=LOOKED_AT[sight], at=self.now, by_right=Permission.REVIEW_OFFER)

    def frame(self) -> dict[str, Any]:
        """What the frame of a review's page shows: the review, its school, the panel on safeguarding for the team, the truth on secrecy."""
        return {
            "r": self.here,
            "eyebrow": self.here.school,
            "worried": worried(queries.authority_of(self.here, viewer=self.viewer)) if self.here.onlooker.team else None,
            "truth": truth(self.record_class),
        }


class ReviewAction(OfReview, ActionPage):
    """One step or change of a review: a form that carries the version it was read at; a conflict is told, and nothing typed is lost."""

    template = "peer_review/review_action.jinja"

    def may(self) -> bool:
        """Whether this viewer does this, now."""
        raise NotImplementedError

    def box(self, data: Any) -> Form:
        """The form itself."""
        raise NotImplementedError

    def form(self, data: Any = None) -> Form:
        """The form, for those who may; not found for everybody else."""
        if not self.may():
            raise Http404("That is not for you to do, or not now.")
        self.looked()
        return self.box(data)

    def back(self) -> str:
        """The review."""
        return reverse("review", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return super().about() | self.frame() | {"version": self.version}

    @property
    def version(self) -> int:
        """The version that the form was read at, or stands at now."""
        return getattr(self, "_version", self.here.version)

    @property
    def known(self) -> dict[str, Any]:
        """What every action is told. The version is the one that the form was filled in beside."""
        posted = self.request.POST.get("version", "")
        version = int(posted) if posted.isdecimal() else None
        return {"slug": self.slug, "review_id": self.kwargs["pk"], "by": self.viewer, "at": self.now, "version": version}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it, or shows what is wrong; after a conflict the form stands as typed, beside the version that is there now."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.perform(form)
            except ChangedMeanwhile as error:
                self._version = error.now
                form.add_error(None, str(error))
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)


#: The page on which each step is taken, and what its button says.
STEP_PAGES: dict[Step, tuple[str, str]] = {
    Step.SCHEDULED: ("review-dates", "Set the days"),
    Step.FOCUS_AGREED: ("review-focus", "Say what to look into"),
    Step.DATA_SHARED: ("review-self", "Write your self-review"),
    Step.ON_SITE: ("review-start", "Begin the visit"),
    Step.FED_BACK: ("review-fed-back", "We have told the school"),
    Step.REPORT_DRAFT: ("review-draft", "Write the draft"),
    Step.MENDED: ("review-draft", "Answer the corrections"),
    Step.REPORT_FINAL: ("review-check", "Check the draft"),
    Step.WORKSHOP_DONE: ("review-workshop", "Note the workshop"),
    Step.ACTIONS_AGREED: ("review-priorities", "Agree priorities"),
    Step.IMPACT_REVIEWED: ("review-impact", "Note the impact visit"),
    Step.CLOSED: ("review-close", "Say how it ends"),
    Step.RESUMED: ("review-resume", "Go on"),
}
#: Pages of the whole round, whose address bears the round's number.
OF_THE_ROUND = ("review-dates",)
#: A part of the review: label, page, what one must see of it, from which state on.
PARTS: tuple[tuple[str, str, Sight, State], ...] = (
    ("Self-review", "review-self", Sight.SELF_REVIEW, State.DRAFT),
    ("Agenda", "review-activities", Sight.PLAN, State.SCHEDULED),
    ("What you expect", "review-expect", Sight.OWN_EXPECTATION, State.SCHEDULED),
    ("Evidence", "review-evidence", Sight.EVIDENCE, State.DATA_SHARED),
    ("Report, and what came of it", "review-report", Sight.PRIORITIES, State.REPORT_FINAL),
    ("Report", "review-report", Sight.REPORT, State.REPORT_FINAL),
    ("Draft report", "review-report", Sight.DRAFT, State.REPORT_DRAFT),
    ("Who may read it, and who looked", "review-access", Sight.ACCESS, State.DRAFT),
)
OUTCOME_SAYS = {
    State.CLOSED: ("The review has ended.", "What was found and agreed stays with the school."),
    State.WITHDRAWN: ("The school took this review back.", "Nobody but the school reads what was written."),
}
#: The same where the school has closed, whoever ended its review.
CLOSED_SAYS = ("The review has ended.", "The school has closed. What was written stays with its own people.")


class Review(OfReview):
    """The page of one review: what comes next and whose turn it is, the way so far, and doors to its parts."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page, for each viewer what they may see."""
        if self.here.sees(Sight.PLAN):
            self.looked(Sight.PLAN)
        seen = self.found(queries.review(slug, pk, viewer=self.viewer, at=self.now))
        ended = CLOSED_SAYS if seen.closed_school and not self.here.state.open else OUTCOME_SAYS.get(self.here.state, ("", ""))
        return self.page(
            "peer_review/review.jinja",
            **self.frame(),
            seen=seen,
            lede=self._lede(),
            says=stands_says(seen.facts, self.here.host),
            days_says=days_said(self.here.visit_from_on, self.here.visit_until_on),
            kind_says=KIND_SAYS[seen.plan.kind][0] if seen.plan is not None and seen.plan.kind else "",
            themes=[name_of(each) for each in seen.plan.themes] if seen.plan is not None else [],
            ended=ended[0],
            ended_words=ended[1],
            coming=seen.coming,
            coming_who=self._who(seen),
            due_says=due_said(seen.due, self.today, opens=opens_on(seen.facts)),
            main_href=self._step_href(seen.coming.step)[1] if seen.coming is not None else "",
            main_label=self._step_href(seen.coming.step)[0] if seen.coming is not None else "",
            open_doors=self._doors(seen),
            quiet_doors=self._quiet(seen),
            beside=[each for each in seen.steps if each.step not in STEP_STATES],
            part_names=lambda parts: " and ".join(PART_SAYS[each] for each in parts),
            worried_open=self.here.onlooker.team,
            follow=self._follows(seen),
        )

    def _lede(self) -> str:
        return f"{self.here.round_name}. {'You own it: what is found is yours to share.' if self.here.host else 'The school owns it.'}"

    def _who(self, seen: queries.ReviewPage) -> str:
        if seen.coming is None:
            return ""
        if seen.coming.who in seen.whos:
            return "your school" if seen.coming.who is Who.HOST else "you"
        return "your school" if seen.coming.who is Who.HOST and self.here.host else seen.coming.who.value

    def _step_href(self, step: Step) -> tuple[str, str]:
        name, label = STEP_PAGES.get(step, ("", ""))
        return label, self._href(name)

    def _href(self, name: str) -> str:
        """The address of a page of this review, or of its round; "" where there is none."""
        try:
            return reverse(name, args=[self.slug, self.here.round_id if name in OF_THE_ROUND else self.here.pk])
        except NoReverseMatch:
            return ""

    def _doors(self, seen: queries.ReviewPage) -> list[tuple[str, str, str]]:
        """Parts of the review that this viewer may open now, with a note."""
        stands = seen.stands if seen.stands in WAY else State.DRAFT
        notes = {
            "review-expect": "" if seen.named is None else "named" if seen.named else "three, in private",
            "review-activities": count_said(len(seen.plan.activities)) if seen.plan is not None else "",
        }
        found: list[tuple[str, str, str]] = []
        for label, name, sight, since in PARTS:
            if self.here.sees(sight) and WAY.index(stands) >= WAY.index(since):
                href = self._href(name)
                if href and href not in {known for _, known, _ in found}:
                    found.append((label, href, notes.get(name, "")))
        return found

    def _quiet(self, seen: queries.ReviewPage) -> list[tuple[str, str, str]]:
        """What may be done beside the way: mend the questions, put off, take back."""
        state = self.here.state
        found: list[tuple[str, str, str]] = []
        if Who.HOST in seen.whos and state in WHILE_MENDING:
            found.append(("Change the questions", self._href("review-focus"), ""))
            found.append(("A scale in your own words", self._href("review-scale"), ""))
        if seen.whos & {Who.HOST, Who.COORDINATOR} and state in BESIDE[Step.MOVED]:
            found.append(("Move the visit", self._href("review-date"), ""))
        if seen.whos & {Who.HOST, Who.COORDINATOR} and state in BESIDE[Step.POSTPONED]:
            found.append(("Put the review off", self._href("review-postpone"), ""))
        if Who.COORDINATOR in seen.whos:
            found += self._of_the_team()
        if seen.whos & {Who.COORDINATOR} and state is State.POSTPONED:
            found.append(("Go on with it", self._href("review-resume"), ""))
        if Who.HOST in seen.whos and state not in (State.CLOSED, State.WITHDRAWN):
            found.append(("Take the review back", self._href("review-withdraw"), ""))
        if self.here.host:
            found.append(("Everything held about your school", reverse("school-held", args=[self.here.urn]), ""))
        return found

    def _of_the_team(self) -> list[tuple[str, str, str]]:
        """What whoever runs the round may change of the team."""
        team = team_today(self.slug, self.here.pk, viewer=self.viewer, at=self.now) if self.here.state.open else None
        if team is None:
            return []
        found = [("Somebody leaves the team", self._href("review-team-leave"), "")] if team.changeable else []
        return [*found, ("Name the improvement champion", self._href("review-champion"), "")]

    def _follows(self, seen: queries.ReviewPage) -> tuple[str, str]:
        """The door for a review whose school closed or became another: label and address; both "" for none."""
        if not seen.closed_school or not self.here.state.open:
            return "", ""
        if seen.became and seen.whos & {Who.HOST, Who.COORDINATOR}:
            return "Go on with the new school", self._href("review-follow")
        if not seen.became and Who.COORDINATOR in seen.whos:
            return "End the review", self._href("review-end-closed")
        return "", ""
