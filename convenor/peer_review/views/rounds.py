"""Rounds: the list, planning and opening one with a preview of whom it asks, and one round as each may see it."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import NotAllowed, Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.actions import rounds as actions
from convenor.peer_review.forms import rounds as forms
from convenor.peer_review.queries import rounds as queries
from convenor.peer_review.queries.answers import own_asked, rounds_waiting
from convenor.peer_review.queries.rounds import AskedSchool, RoundHere
from convenor.peer_review.queries.scopes import Planning, Preview, newcomers, planning, preview
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.rounds import NEXT, RoundRefused
from convenor.peer_review.rules.states import RoundState
from convenor.peer_review.rules.ways import ways
from convenor.peer_review.views.engine import door

ROOM, TAB = "peer-review", "review-rounds"
#: Schools on one page of a round.
PAGE = 100
COLUMNS = (
    "URN", "School", "Phase", "Cluster", "Answer", "People in the team", "Any school day", "Days named", "Answered on", "Asked on",
    "Reminded on", "Withdrew on",
)  # fmt: skip


class Rounds(PartnershipPage):
    """The rounds of the partnership, with what waits for this viewer first."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list."""
        self.found(self.viewer.partnership)
        found = queries.rounds(viewer=self.viewer, at=self.today)
        waiting = rounds_waiting(viewer=self.viewer, at=self.today)
        return self.page("peer_review/rounds.jinja", rounds=found, waiting=waiting, may_open=self.viewer.may(Permission.ROUND_RUN))


class PlanRound(ActionPage):
    """A round is planned on one page, with good defaults and whom it would ask; then it is opened, or kept as a draft."""

    permission = Permission.ROUND_RUN
    room, tab = ROOM, TAB
    template = "peer_review/round_plan.jinja"
    title, button = "Open a round", "Open the round"
    lede = "Everything is filled in as usual: change what is different. Below stands whom it would ask."

    @cached_property
    def planning(self) -> Planning:
        """What this viewer may choose from."""
        return self.found(planning(viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @cached_property
    def round(self) -> RoundHere | None:
        """The round that is changed; None for a new one."""
        return None

    def form(self, data: Any = None) -> forms.RoundForm:
        given = forms.filled(self.round.plan, self.round.version) if self.round else forms.filled(self.planning.usual)
        return forms.RoundForm(data, planning=self.planning, initial=given)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; with values in the address, what they would come to: nothing is kept by looking."""
        return self._show(self.form(request.GET if "name" in request.GET else None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Opens or keeps it, or shows what is wrong at its box; nothing typed is lost."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self._done(form, opens=request.POST.get("do") == "open")
            except RoundRefused as refused:
                form.say(refused.problems)
            except Refused as refused:
                form.add_error(None, str(refused))
                if isinstance(refused, ChangedMeanwhile):  # both are shown, and saving again is meant
                    form.data = request.POST.copy()
                    form.data["version"] = str(refused.now)
        return self._show(form, status=422)

    def _done(self, form: forms.RoundForm, *, opens: bool) -> HttpResponse:
        pk = self.round.pk if self.round else None
        row = actions.keep_round(
            slug=self.slug, plan=form.plan, by=self.viewer, at=self.now, pk=pk, version=form.cleaned_data["version"] if pk else None,
            opens=opens, site=site(self.request),
        )  # fmt: skip
        asked = "The round is open. Schools and reviewers have been asked, each by one letter."
        messages.success(self.request, asked if opens else "Kept. Nobody has been asked yet." if row.opened_at is None else "Changed.")
        return HttpResponseRedirect(reverse("review-round", args=[self.slug, row.pk]))

    def back(self) -> str:
        return reverse("review-rounds", args=[self.slug])

    def _show(self, form: Form, status: int = 200) -> HttpResponse:
        assert isinstance(form, forms.RoundForm)
        seen = self._preview(form)
        if seen is not None:
            form.asked_places(seen.two)
        words = {"title": self.title, "lede": self.lede, "submit": self.button} | self.about()
        return self.page(
            self.template, status=status, form=form, seen=seen, ways=ways(), back=self.back(), round=self.round, **words
        )  # fmt: skip

    def _preview(self, form: forms.RoundForm) -> Preview | None:
        """Whom the plan on the page would ask; None while a box is not understood."""
        if form.is_bound:
            again = forms.RoundForm(form.data, planning=self.planning)  # what an action said of the plan does not make it unreadable
            plan = again.plan if again.is_valid() else None
        else:
            plan = self.round.plan if self.round else self.planning.usual
        if plan is None:
            return None
        pk = self.round.pk if self.round else None
        before = self.round.answers_by_on if self.round and self.round.state is not RoundState.DRAFT else None
        return preview(plan, viewer=self.viewer, at=self.today, round_id=pk, before=before)


class OfRound:
    """The round of the address, as this viewer sees it."""

    kwargs: dict[str, Any]

    @cached_property
    def round(self) -> RoundHere:
        """The round; not found where there is none for them."""
        page: Any = self
        return page.found(queries.round_here(page.slug, self.kwargs["pk"], viewer=page.viewer, at=page.today))  # type: ignore[no-any-return]

    def running(self) -> RoundHere:
        """The round, for whoever runs it. Raises NotAllowed."""
        if not self.round.runs:
            raise NotAllowed("You cannot run this round: it is not of a body that you lead. Nothing was changed.")
        return self.round


class ChangeRound(OfRound, PlanRound):
    """A round is changed; a draft can be opened."""

    title = "Change the round"
    lede = "A draft can be changed in everything; once schools are asked, whom it asks stays as it is."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, for whoever runs the round."""
        self.running()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Changes it."""
        self.running()
        return super().post(request, *args, **kwargs)

    def back(self) -> str:
        return reverse("review-round", args=[self.slug, self.round.pk])


class Round(OfRound, PartnershipPage):
    """One round: for any member what it is; for whoever runs it who answered, what is offered and what comes next."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; its list is narrowed by the address."""
        here = self.round
        everyone = queries.asked_schools(here, viewer=self.viewer, at=self.today)
        offered = queries.offers(here, viewer=self.viewer, at=self.today)
        asked = {name: request.GET.get(name, "") for name in ("answer", "cluster", "text")}
        form = forms.AskedFilter(
            asked, answers=Counter(each.state for each in everyone), clusters=Counter(each.body for each in everyone)
        )  # fmt: skip
        shown = narrowed(everyone, **asked)
        page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
        kept = {key: value for key, value in asked.items() if value}

        def address(number: int) -> str:
            return reverse("review-round", args=[slug, pk], query={**kept, "page": number})

        return self.page(
            "peer_review/round.jinja",
            round=here,
            numbers=queries.numbers(here, everyone, offered, viewer=self.viewer) if here.runs else None,
            schools=everyone,
            form=form,
            page=page,
            address=address,
            narrowed=bool(kept),
            csv_href=reverse("review-round-csv", args=[slug, pk], query=kept),
            offered=offered,
            can={each.value for each in NEXT[here.state]} if here.runs else set(),
            newcomers=newcomers(here.pk, here.plan, viewer=self.viewer, at=self.today) if here.runs and here.open else None,
            remindable=sum(each.may_be_reminded(self.today) for each in everyone) if here.runs and here.open else 0,
            waiting=[each for each in rounds_waiting(viewer=self.viewer, at=self.today) if each.pk == pk],
            own_asked=own_asked(slug, pk, viewer=self.viewer),
            door=door,
        )  # fmt: skip


def narrowed(schools: tuple[AskedSchool, ...], *, answer: str, cluster: str, text: str) -> list[AskedSchool]:
    """The schools of a round as the address asks for them."""
    return [
        each
        for each in schools
        if (not answer or each.state == answer) and (not cluster or each.body == cluster) and text.strip().lower() in each.name.lower()
    ]


class RoundCsv(OfRound, PartnershipPage):
    """The schools of a round as a file, narrowed as the page was."""

    permission = Permission.ROUND_RUN
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The file."""
        here = self.running()
        everyone = queries.asked_schools(here, viewer=self.viewer, at=self.today)
        asked = {name: request.GET.get(name, "") for name in ("answer", "cluster", "text")}
        answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="round-{here.pk}.csv"'
        writer = csv.writer(answer, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for each in narrowed(everyone, **asked):
            days = [each.answered_at, each.invited_at, each.reminded_at]
            writer.writerow(
                [
                    each.urn, safe(each.name), each.phase, safe(each.body), each.state, each.team_size or here.team_size,
                    "yes" if each.any_day else "no", "" if each.any_day else each.days,
                    *(f"{day:%Y-%m-%d}" if day else "" for day in days), each.withdrawn_on or "",
                ]
            )  # fmt: skip
        return answer


def safe(text: str) -> str:
    """Words that a spreadsheet would run as a formula get an apostrophe first."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def site(request: HttpRequest) -> str:
    """Where the site stands, for the links of letters."""
    return request.build_absolute_uri("/").rstrip("/")


class RoundAction(OfRound, ActionPage):
    """One action on a round, with the version that was read."""

    permission = Permission.ROUND_RUN
    room, tab = ROOM, TAB
    template = "peer_review/action.jinja"
    kind: ClassVar[type[Form]] = forms.VersionForm

    def form(self, data: Any = None) -> Form:
        return self.kind(data, initial={"version": self.running().version})

    def given(self, form: Any) -> dict[str, Any]:
        """What every action on a round takes."""
        return {
            "slug": self.slug, "pk": self.running().pk, "version": form.cleaned_data["version"], "by": self.viewer, "at": self.now,
        }  # fmt: skip

    def back(self) -> str:
        return reverse("review-round", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return {"eyebrow": self.round.name}


class Remind(RoundAction):
    """A reminder to those not yet heard from."""

    title, button, done = "Send a reminder", "Send the reminder", "Reminded: one letter each, to those not yet heard from."
    lede = "One letter to each school and reviewer not yet heard from, and to none more often than once a week."
    kind = forms.NothingForm

    def form(self, data: Any = None) -> Form:
        self.running()
        return self.kind(data)

    def perform(self, form: Any) -> None:
        actions.remind(slug=self.slug, pk=self.round.pk, by=self.viewer, at=self.now, site=site(self.request))


class AskNewcomers(RoundAction):
    """Schools that joined after the round was opened are asked too."""

    title, button = "Ask the schools that have joined since", "Ask them"
    lede = "Each gets the letter that the others had, and so do its reviewers. Nobody is asked twice."
    kind = forms.NothingForm

    def form(self, data: Any = None) -> Form:
        self.running()
        return self.kind(data)

    def perform(self, form: Any) -> None:
        asked = actions.ask_newcomers(slug=self.slug, pk=self.round.pk, by=self.viewer, at=self.now, site=site(self.request))
        self.done = "One school is asked." if len(asked) == 1 else f"{len(asked)} schools are asked."  # type: ignore[misc]


class CloseAnswers(RoundAction):
    """Answers are closed."""

    title, button, done = "Close answers", "Close answers", "Answers are closed. Teams can be matched now."
    lede = "Schools and reviewers can then no longer change what they said. You may take answers again until teams are published."

    def perform(self, form: Any) -> None:
        actions.close_answers(**self.given(form))


class ReopenAnswers(RoundAction):
    """Answers are taken again."""

    title, button, done = "Take answers again", "Take answers again", "Schools and reviewers can answer again."
    lede = "Until you close answers again, teams wait."

    def perform(self, form: Any) -> None:
        actions.reopen_answers(**self.given(form))


class WithdrawRound(RoundAction):
    """A round is withdrawn, with a reason."""

    title, button, done = "Withdraw the round", "Withdraw the round", "The round is withdrawn. Its schools have been told."
    lede = "Nobody is asked any more. Reviews whose teams are published stand as they are: each is its host school’s."
    kind = forms.WithdrawRoundForm

    def form(self, data: Any = None) -> Form:
        form = super().form(data)
        form.fields["why"].required = self.round.state is not RoundState.DRAFT  # nobody was asked, so nobody needs a reason
        return form

    def perform(self, form: Any) -> None:
        actions.withdraw_round(**self.given(form), why=form.cleaned_data["why"], site=site(self.request))


class EndRound(RoundAction):
    """A round is over."""

    title, button, done = "End the round", "End the round", "The round stands among the former ones. Its reviews go on."
    lede = "It then stands among the former rounds. Its reviews go on to their impact visits."

    def perform(self, form: Any) -> None:
        actions.end_round(**self.given(form))
