"""Before the visit: the host's questions, its self-review as it writes it, and sharing it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.peer_review.actions import preparing as actions
from convenor.peer_review.forms import review as boxes
from convenor.peer_review.queries import self_review as queries
from convenor.peer_review.queries.reviews import plan
from convenor.peer_review.queries.self_review import PublishedFigure, SelfReviewPage
from convenor.peer_review.rules.figures import as_rows, first_and_rest
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.preparing import EXAMPLES, WHILE_MENDING
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import State
from convenor.peer_review.views.reviews import OfReview, ReviewAction


class Focus(ReviewAction):
    """What the host would like the team to look into."""

    permission = Permission.REVIEW_HOST
    sight = Sight.PLAN
    template = "peer_review/review_focus.jinja"
    title, button = "What should the team look into?", "Ask the team"
    lede = "You ask, the team looks. One question is enough; the answer is for you."
    done = "The team has your questions."

    def may(self) -> bool:
        return self.here.host and (self.here.state is State.SCHEDULED or self.here.state in WHILE_MENDING)

    def box(self, data: Any) -> Form:
        now = plan(self.here, viewer=self.viewer)
        questions = (*(now.questions if now else ()), "", "")
        stands = {
            "question_1": questions[0], "question_2": questions[1], "kind": now.kind.value if now and now.kind else "",
            "themes": list(now.themes) if now else [], "scale": "\n".join(now.scale) if now else "",
        }  # fmt: skip
        return boxes.FocusForm(data, initial=stands)

    def about(self) -> dict[str, Any]:
        return super().about() | {"examples": EXAMPLES}

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.agree_focus(**self.known, questions=form.questions, kind=given["kind"], themes=given["themes"], scale=form.steps)


class OfSelfReview(OfReview):
    """What the pages of the self-review share."""

    sight = Sight.SELF_REVIEW
    #: Whether somebody else wrote under the same heading meanwhile.
    met = False

    @cached_property
    def seen(self) -> SelfReviewPage:
        """The self-review, for whoever may read it."""
        return self.found(queries.self_review(self.slug, self.here.pk, viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    @property
    def may_write(self) -> bool:
        """Whether this viewer writes it."""
        return self.seen.may_write and self.viewer.may(Permission.REVIEW_HOST, urn=self.here.urn)

    def save(self, request: HttpRequest) -> boxes.SelfReviewForm:
        """Saves what was typed. A refusal is in the form."""
        if not self.may_write:
            raise Http404("That is not for you to write, or not now.")
        form = boxes.SelfReviewForm(request.POST, headings=self.seen.headings)
        if form.is_valid():
            try:
                actions.save_self_review(
                    slug=self.slug, review_id=self.here.pk, words=form.words, was=form.was, by=self.viewer, at=self.now
                )
            except Refused as error:
                form.add_error(None, str(error))
                self.met = isinstance(error, ChangedMeanwhile)
            self.__dict__.pop("seen", None)
        return form


class SelfReview(OfSelfReview):
    """The self-review: the host writes it, the team reads it once it is shared."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page. A look from outside the school is written down."""
        self.looked()
        return self._shown(boxes.SelfReviewForm(headings=self.seen.headings) if self.may_write else None)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Saves, by hand; what another wrote meanwhile is shown beside."""
        form = self.save(request)
        if form.is_valid():
            messages.success(request, "Saved.")
            then = "review-share" if request.POST.get("then") == "share" else "review-self"
            return HttpResponseRedirect(reverse(then, args=[slug, pk]))
        return self._shown(form, status=422)

    def _shown(self, form: boxes.SelfReviewForm | None, *, status: int = 200) -> HttpResponse:
        seen, theirs = self.seen, []
        if form is not None and self.met:
            theirs = [(each.title, each.words, seen.saved_by) for each in seen.headings if form.met_another(each.key, each.was)]
            form = form.beside({each.key: each.was for each in seen.headings}, seen.headings)
        first, rest = first_and_rest(seen.figures, key=_key)
        lede = (
            "Your own words, for the team. Come back to it as often as you like; a deputy may write it with you."
            if form is not None
            else "In the school’s own words, beside what is published."
        )
        return self.page(
            "peer_review/self_review.jinja",
            status=status,
            **self.frame(),
            form=form,
            seen=seen,
            theirs=theirs,
            lede=lede,
            first=as_rows(first),
            rest=as_rows(rest),
            shared_on=seen.frozen_on,
            may_share=form is not None and self.here.state is State.FOCUS_AGREED,
            editions=sorted({each.edition_title for each in seen.figures}),
            back=reverse("review", args=[self.slug, self.here.pk]),
        )


def _key(figure: PublishedFigure) -> str:
    return figure.key


class SaveSelfReview(OfSelfReview):
    """Saving as one goes, asked for by the page itself: answers in JSON, never with anybody's words."""

    permission = Permission.REVIEW_HOST

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The prints of what stands now, for a page that asks whether it is still the newest."""
        if not self.may_write:
            raise Http404("That is not for you to write, or not now.")
        return JsonResponse({"was": self._prints()})

    def _prints(self) -> dict[str, str]:
        return {f"was-{each.key}": each.was for each in self.seen.headings}

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Saved (with the new prints), or why not."""
        form = self.save(request)
        if not form.is_valid():
            said = " ".join(str(each) for errors in form.errors.values() for each in errors)
            return JsonResponse({"says": said}, status=409 if self.met else 422)
        return JsonResponse({"says": f"Saved {timezone.localtime(self.now):%H:%M}.", "was": self._prints()})


class Share(ReviewAction):
    """The host shares its self-review with the team."""

    permission = Permission.REVIEW_HOST
    sight = Sight.SELF_REVIEW
    title, button = "Share your self-review", "Share it with the team"
    lede = (
        "The team reads your words and the published figures beside them, kept as they stand today. You may still mend your words until "
        "the visit begins. Nobody else of the partnership reads any of it."
    )
    done = "Shared. The team can prepare."

    def may(self) -> bool:
        return self.here.host and self.here.state is State.FOCUS_AGREED

    def box(self, data: Any) -> Form:
        return boxes.NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        actions.share_data(**self.known)
