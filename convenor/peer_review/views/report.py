"""The report: read by those who may, written by the lead, checked by the host, made final; and the host's own scale."""

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
from convenor.peer_review.actions import reports as actions
from convenor.peer_review.forms import report as boxes
from convenor.peer_review.forms.review import NothingToFillIn
from convenor.peer_review.queries import reports as queries
from convenor.peer_review.queries.overlap import overlap
from convenor.peer_review.queries.reports import ReportPage, WorkingSeen
from convenor.peer_review.queries.reviews import plan
from convenor.peer_review.queries.steps import facts, whos
from convenor.peer_review.rules.gates import Who, check_step, due_on
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.report import Writing, findings, with_notes
from convenor.peer_review.rules.states import State, Step
from convenor.peer_review.rules.themes import name_of
from convenor.peer_review.rules.themes_shared import contributes
from convenor.peer_review.views.reviews import OfReview, ReviewAction


class Report(OfReview):
    """The newest report that this viewer may read; for the host with the mirror, what came after, and who may read it."""

    @cached_property
    def seen(self) -> ReportPage:
        """The report; not found where there is none for this viewer."""
        return self.found(queries.report(self.here, viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page. A look from outside the school is written down first."""
        seen = self.seen
        self.looked(Sight.REPORT if seen.report.final else Sight.DRAFT, *([Sight.PRIORITIES] if seen.after else []))
        counts = [f"{name_of(theme)} ({'strength' if strong else 'even better if'})" for theme, strong in self.counted()]
        return self.page(
            "peer_review/report.jinja",
            **self.frame(),
            seen=seen,
            after=seen.after,
            mirror=overlap(self.here, viewer=self.viewer),
            counts=counts,
            doing=self.doing(),
            own=self.here.host,
            speaks=self.viewer.may(Permission.SCHOOL_SPEAK, urn=self.here.urn),
            name_of=name_of,
            back=reverse("review", args=[slug, pk]),
        )

    def counted(self) -> tuple[tuple[str, bool], ...]:
        """By what the final report counts in the partnership's themes; for the host alone."""
        counts = self.here.host and self.seen.report.final and self.here.state is not State.WITHDRAWN
        return contributes(findings(self.seen.report.writing)) if counts else ()

    def doing(self) -> list[tuple[str, str]]:
        """What this viewer may do next with the report: label and address."""
        parts = whos(self.here, viewer=self.viewer)
        known = facts(self.here, viewer=self.viewer)
        state = self.here.state
        doors = {
            "review-check": ("Check the draft", Who.HOST in parts and state is State.REPORT_DRAFT and known.accurate is None),
            "review-draft": ("Answer with a new draft", Who.LEAD in parts and state is State.REPORT_DRAFT and known.accurate is False),
            "review-final": ("Make it final", Who.LEAD in parts and state is State.REPORT_DRAFT and known.accurate is None),
            "review-priorities": ("Agree your priorities", Who.HOST in parts and state is State.WORKSHOP_DONE),
            "review-close": ("Say how the review ends", Who.HOST in parts and state is State.IMPACT_REVIEWED),
        }
        return [(label, reverse(name, args=[self.slug, self.here.pk])) for name, (label, now) in doors.items() if now]


class OfDraft(OfReview):
    """What the pages of the lead's working copy share. Nobody but the lead is told that there is such a page."""

    permission = Permission.REVIEW_OFFER
    sight = Sight.DRAFT
    record_class = "evidence"
    version_now: int | None = None

    @cached_property
    def seen(self) -> WorkingSeen:
        """The working copy."""
        return self.found(queries.working(self.here, viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    def box(self, data: Any = None, *, writing: Writing | None = None) -> boxes.DraftForm:
        """The boxes, filled with what is saved."""
        notes = [(number, note.uid) for number, note in self.seen.notes]
        return boxes.DraftForm(data, writing=writing or self.seen.writing, version=self.seen.version, notes=notes, scale=self.seen.scale)

    def save(self, form: boxes.DraftForm, writing: Writing) -> int | None:
        """Saves what was typed; None where it was refused, with the reason in the form."""
        try:
            version = actions.save_working(
                slug=self.slug, review_id=self.here.pk, writing=writing, working_version=form.cleaned_data["working_version"],
                by=self.viewer, at=self.now,
            )  # fmt: skip
        except ChangedMeanwhile as error:
            self.version_now = error.now
            form.add_error(None, str(error))
            return None
        except Refused as error:
            form.add_error(None, str(error))
            return None
        self.__dict__.pop("seen", None)
        return version


class Draft(OfDraft):
    """The lead writes the report beside the log, saved as they go, and shares it when it is whole."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The working copy beside the evidence; the look is written down first."""
        assert self.seen is not None
        self.looked(Sight.EVIDENCE)
        return self._shown(self.box())

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Saves; then adds a finding of the ticked notes, or shares the draft, where that button was pressed."""
        assert self.seen is not None
        form, do = self.box(request.POST), request.POST.get("do", "")
        if not form.is_valid():
            return self._shown(form, status=422)
        writing = form.writing
        if do in ("strength", "even"):
            chosen = set(boxes.ticked(request.POST, [note.uid for _, note in self.seen.notes]))
            notes = [(note.uid, note.now.theme, note.words) for _, note in self.seen.notes if note.uid in chosen]
            writing = with_notes(writing, notes, strength=do == "strength")
        if self.save(form, writing) is None:
            return self._shown(form, status=422)
        if do == "share":
            return self._share(form)
        messages.success(request, "Saved. Nobody but you reads it yet.")
        return HttpResponseRedirect(reverse("review-draft", args=[slug, pk]) + (f"#{do}s" if do in ("strength", "even") else ""))

    def _share(self, form: boxes.DraftForm) -> HttpResponse:
        try:
            actions.share_draft(slug=self.slug, review_id=self.here.pk, by=self.viewer, at=self.now)
        except Refused as error:
            again = self.box()
            messages.warning(self.request, f"Saved, and not shared yet. {error}")
            return self._shown(again, status=422)
        messages.success(self.request, "Shared. The school checks that it is accurate.")
        return HttpResponseRedirect(reverse("review", args=[self.slug, self.here.pk]))

    def _shown(self, form: boxes.DraftForm, *, status: int = 200) -> HttpResponse:
        version = self.seen.version if self.version_now is None else self.version_now
        return self.page(
            "peer_review/draft.jinja",
            status=status,
            **self.frame(),
            form=form,
            seen=self.seen,
            version=version,
            due=due_on(facts(self.here, viewer=self.viewer)),
            saved_elsewhere=self.version_now is not None,
            back=reverse("review", args=[self.slug, self.here.pk]),
        )


class SaveDraft(OfDraft):
    """Saving as one goes, asked for by the page itself: answers in JSON, never with anybody's words."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """What is saved, by its version alone."""
        return JsonResponse({"says": "", "was": {"working_version": str(self.seen.version)}})

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Saved (with the new version), or why not."""
        form = self.box(request.POST)
        version = self.save(form, form.writing) if form.is_valid() else None
        if version is None:
            said = " ".join(str(each) for some in form.errors.values() for each in some)
            return JsonResponse({"says": said}, status=409 if self.version_now is not None else 422)
        return JsonResponse({"says": f"Saved {timezone.localtime(self.now):%H:%M}.", "was": {"working_version": str(version)}})


class Check(ReviewAction):
    """The host says whether the draft is accurate."""

    permission = Permission.REVIEW_HOST
    sight = Sight.DRAFT
    template = "peer_review/check.jinja"
    title, button = "Is the draft accurate?", "Send your answer"
    lede = "You check facts: dates, numbers, names of things. If it is accurate, it becomes your final report at once."

    def may(self) -> bool:
        known = facts(self.here, viewer=self.viewer)
        return self.here.host and self.here.state is State.REPORT_DRAFT and known.accurate is None

    def box(self, data: Any) -> Form:
        return boxes.CheckForm(data)

    def about(self) -> dict[str, Any]:
        seen = queries.report(self.here, viewer=self.viewer, at=self.now)
        due = due_on(facts(self.here, viewer=self.viewer))
        return super().about() | {"seen": seen, "due": due, "name_of": name_of}

    def perform(self, form: Any) -> None:
        accurate = form.cleaned_data["accurate"] == "yes"
        actions.check_draft(**self.known, accurate=accurate, words=form.cleaned_data["words"])
        self.accurate = accurate

    @property
    def done(self) -> str:  # type: ignore[override]
        """What became of it."""
        return "The report is final, and yours." if self.accurate else "The lead reviewer has your answer, and writes a new draft."

    def back(self) -> str:
        name = "review-report" if getattr(self, "accurate", False) else "review"
        return reverse(name, args=[self.slug, self.kwargs["pk"]])


class Final(ReviewAction):
    """The lead makes the draft final after the school let its days pass in silence."""

    permission = Permission.REVIEW_OFFER
    title, button = "Make the report final", "Make it final"
    lede = "For a draft that the school did not answer within its days. It stands as you wrote it, and is the school’s from now on."
    done = "The report is final, and the school’s. You read it for thirty days more."

    def may(self) -> bool:
        known = facts(self.here, viewer=self.viewer)
        return self.here.leads and self.here.state is State.REPORT_DRAFT and known.accurate is None

    def box(self, data: Any) -> Form:
        return NothingToFillIn(data)

    def about(self) -> dict[str, Any]:
        return super().about() | {"not_now": self.not_now()}

    def not_now(self) -> str:
        """Why it cannot be made final today, "" where it can."""
        try:
            check_step(Step.REPORT_FINAL, facts(self.here, viewer=self.viewer), self.today)
        except Refused as refused:
            return str(refused).removesuffix("Nothing was changed.").strip()
        return ""

    def perform(self, form: Any) -> None:
        actions.make_final(**self.known)


class Scale(ReviewAction):
    """The host's own scale, if it wants one."""

    permission = Permission.REVIEW_HOST
    sight = Sight.PLAN
    title, button, done = "A scale in your own words", "Keep this", "Kept."
    lede = (
        "A peer review gives no grade, and most schools want none. If you do, say two to five words of your own, from least to most, such "
        "as just begun, under way, part of how we work. Words of an inspection are not taken. Leave all empty for no grade."
    )

    def may(self) -> bool:
        return Who.HOST in whos(self.here, viewer=self.viewer) and self.here.state in actions.BEFORE_DRAFT

    def box(self, data: Any) -> Form:
        now = plan(self.here, viewer=self.viewer)
        if now is None:
            raise Http404("That is not for you to see.")
        return boxes.ScaleForm(data, stands=now.scale)

    def perform(self, form: Any) -> None:
        actions.choose_scale(**self.known, words=form.words)
