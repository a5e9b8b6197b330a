"""Dates of a round's visits: proposed, seen by week and cluster, taken; and one visit set or moved by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import PartnershipPage
from convenor.peer_review import actions
from convenor.peer_review.forms.dates import VisitForm
from convenor.peer_review.queries import dates as queries
from convenor.peer_review.queries.dates import MOVABLE, RoundDates, VisitDiary
from convenor.peer_review.queries.steps import whos
from convenor.peer_review.rules.dates import open_starts, window_days
from convenor.peer_review.rules.gates import Who
from convenor.peer_review.rules.placing import DAY, days_of, week_of
from convenor.peer_review.rules.states import State
from convenor.peer_review.rules.weeks import NO_BODY, Dated, Picture, picture
from convenor.peer_review.views.reviews import ROOM, ReviewAction


@dataclass(frozen=True, slots=True)
class Row:
    """One visit in the list of a week."""

    visit: VisitDiary
    from_on: date
    last_on: date
    proposed: bool

    @property
    def body(self) -> str:
        """The cluster in which the host takes part."""
        return self.visit.body or NO_BODY


class RoundDatesPage(PartnershipPage):
    """The dates of a round: for whoever runs it, to propose, take and move; for those who follow it, to see."""

    permission = Permission.REVIEW_FOLLOW
    room, tab = ROOM, "reviews"

    @cached_property
    def seen(self) -> RoundDates:
        """The round's visits, as far as this viewer follows them."""
        return self.found(queries.round_dates(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    @cached_property
    def rows(self) -> list[Row]:
        """Visits with a day, set or proposed, by day."""
        proposal, found = self.seen.proposal, []
        days = proposal.days if proposal is not None and proposal.open else {}
        for each in self.seen.visits:
            if each.visit_from_on is not None and each.last_on is not None and each.state is not State.WITHDRAWN:
                found.append(Row(each, each.visit_from_on, each.last_on, False))
            elif each.waits and each.pk in days:
                found.append(Row(each, days[each.pk], days_of(days[each.pk], each.length_days)[-1], True))
        return sorted(found, key=lambda row: (row.from_on, row.visit.school))

    @cached_property
    def picture(self) -> Picture:
        """Weeks by cluster."""
        here = self.seen.round
        calendar = self.seen.area
        edges = window_days(calendar, here.visits_from_on, here.visits_until_on).edges
        dated = [Dated(row.body, row.from_on, row.proposed) for row in self.rows]
        first = min(max(here.visits_from_on, self.today), here.visits_until_on - DAY)
        return picture(dated, calendar, first, here.visits_until_on, edges)

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The picture, what waits, and the visits week by week; narrowed by the address."""
        proposal, asked_week, asked_body = self.seen.proposal, request.GET.get("week", ""), request.GET.get("cluster", "")
        shown = [
            row
            for row in self.rows
            if (not asked_body or row.body == asked_body) and (not asked_week or week_of(row.from_on).isoformat() == asked_week)
        ]
        weeks: dict[date, list[Row]] = {}
        for row in shown:
            weeks.setdefault(week_of(row.from_on), []).append(row)
        dated = {row.visit.pk for row in self.rows}
        reasons = proposal.unplaced if proposal else {}
        waiting = [(each, reasons.get(each.pk, "")) for each in self.seen.visits if each.waits and each.pk not in dated]
        return self.page(
            "peer_review/dates.jinja",
            seen=self.seen,
            r=self.seen.round,
            proposal=proposal if proposal and proposal.open and any(row.proposed for row in self.rows) else None,
            picture=self.picture,
            weeks=weeks,
            shown_count=len(shown),
            waiting=waiting,
            set_count=sum(not row.proposed for row in self.rows),
            proposed_count=sum(row.proposed for row in self.rows),
            wait_count=sum(each.waits for each in self.seen.visits),
            narrowed=bool(asked_week or asked_body),
            chosen=(asked_week, asked_body),
            going_on=request.GET.get("set") == "more",
            href=self.href,
            DAY=DAY,
        )

    def href(self, **asked: Any) -> str:
        """This page, narrowed."""
        query = {key: str(value) for key, value in asked.items() if value}
        return reverse("review-dates", args=[self.slug, self.kwargs["pk"]], query=query or None)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """Proposes dates, or sets some of those proposed and comes back for the rest."""
        self.seen  # noqa: B018 - not found for whoever may not see the round
        more = {}
        try:
            if request.POST.get("do") == "propose":
                found = actions.propose_dates(slug=slug, round_id=pk, by=self.viewer, at=self.now)
                if not found.days:
                    messages.warning(request, "No visit could be placed. Below stands why, and what would place each.")
            elif request.POST.get("do") == "take":
                site = request.build_absolute_uri("/").rstrip("/")
                taken = actions.take_dates(slug=slug, round_id=pk, by=self.viewer, at=self.now, site=site)
                if taken.left:
                    more = {"set": "more"}
                else:
                    messages.success(request, "The dates are set. Hosts and teams have received an invitation each.")
                    if taken.left_out:
                        messages.warning(request, f"{taken.left_out} could not be set any more: they stand below, each with why.")
        except Refused as error:
            messages.warning(request, str(error))
        if request.headers.get("HX-Request") and not more:  # the whole page, with what it has to say
            return HttpResponse(headers={"HX-Redirect": self.href()})
        return HttpResponseRedirect(self.href(**more))


class VisitDate(ReviewAction):
    """The days of one visit: set by the coordinator, moved by the coordinator or the host."""

    template = "peer_review/visit_date.jinja"

    @cached_property
    def who(self) -> frozenset[Who]:
        """In which parts this viewer stands in the review."""
        return whos(self.here, viewer=self.viewer)

    @property
    def moves(self) -> bool:
        """Whether the visit has days already."""
        return self.here.state is not State.DRAFT

    @cached_property
    def diary(self) -> VisitDiary:
        """Everybody's days."""
        return queries.visit_diary(self.here, viewer=self.viewer, at=self.now)

    def may(self) -> bool:
        return self.here.state in MOVABLE and (Who.COORDINATOR in self.who or (self.moves and Who.HOST in self.who))

    @property
    def title(self) -> str:  # type: ignore[override]
        """What is done."""
        return "Move the visit" if self.moves else "Set the days of the visit"

    @property
    def button(self) -> str:  # type: ignore[override]
        """The verb."""
        return "Move the visit" if self.moves else "Set the days"

    @property
    def done(self) -> str:  # type: ignore[override]
        """What happened."""
        if self.here.state is State.POSTPONED:
            return "The new days stand. Calendars are told when the review goes on."
        return "The visit is dated. Host and team have received an invitation each."

    def box(self, data: Any) -> Form:
        asked = self.request.GET.get("day", "")
        return VisitForm(data, moves=self.moves, initial={"from_on": asked or self.here.visit_from_on})

    def back(self) -> str:
        """The round's dates for whoever runs it, else the review."""
        if Who.COORDINATOR in self.who:
            return reverse("review-dates", args=[self.slug, self.here.round_id])
        return super().back()

    def about(self) -> dict[str, Any]:
        here, diary = self.here, self.diary
        found = super().about()
        first = max(self.today + DAY, here.visit_from_on or self.earliest)
        window = window_days(diary.host.calendar, self.today + DAY, first + timedelta(days=120)).days
        return found | {
            "diary": diary,
            "length_days": diary.length_days,
            "now": (here.visit_from_on, diary.last_on) if here.visit_from_on else None,
            "free": [each for each in self.free(window, first) if each != here.visit_from_on],
            "unknown": diary.host.calendar.unknown_years(first, first + timedelta(days=120)),
        }

    @property
    def earliest(self) -> date:
        """The first day before which data could still be shared in time."""
        return self.today + timedelta(days=self.diary.notice_days)

    def free(self, window: tuple[date, ...], near: date) -> list[date]:
        """Days on which nobody need be asked."""
        return open_starts(self.diary.length_days, window, host=self.diary.host, team=self.diary.team, near=near)

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        site = self.request.build_absolute_uri("/").rstrip("/")
        if self.moves:
            actions.move_visit(**self.known, from_on=given["from_on"], why=given["why"], asked=given["asked"], site=site)
        elif Who.COORDINATOR in self.who:
            actions.set_visit(**self.known, from_on=given["from_on"], asked=given["asked"], site=site)
        else:  # pragma: no cover - `may` has said so already
            raise Http404("That is not for you to do.")
