"""One review: the page that shows each viewer what they may see of it, and what every page about one review shares."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.intelligence.rules.secrecy import plain_truth
from convenor.partnership.gate import Permission, record_look
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.queries import reviews as queries
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.safeguarding import worried

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
