"""Teams: matched, shown, changed by hand, planned again and published; and for each person why they were matched."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from convenor.partnership.gate import Permission, Viewer
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.peer_review.actions import matching as actions
from convenor.peer_review.actions import publishing
from convenor.peer_review.forms import matching as boxes
from convenor.peer_review.queries import matchings as queries
from convenor.peer_review.queries.dates import visits_in_the_way
from convenor.peer_review.queries.matchings import HandPage, MatchingPage, TeamSeen, TeamToday
from convenor.peer_review.queries.rounds import asked_schools, numbers, offers
from convenor.peer_review.rules import pictures
from convenor.peer_review.rules.matching import Team
from convenor.peer_review.rules.states import MatchingKind, Part, RoundState
from convenor.peer_review.rules.teams import TeamsRefused, reviewer_pk

log = structlog.get_logger(__name__)

#: So long a page waits for a matching that goes on beside it; then it says how far it is, and asks again.
WAITS_SECONDS = 1.5
#: Teams on one page of the list.
TEAMS = 40
UNEXPECTED = "Something went wrong while matching, and it was written down for the operator. Nothing was changed. Try again."
#: Where each offer that would mend a clash is taken up: the page of the round, its plan, or the register.
DOORS = {
    "person": "round", "person-lead": "round", "independent": "reviewers", "independent-lead": "reviewers", "reach": "change",
    "waive": "change", "school_serves_at_most": "change", "lead_rest_cycles": "change", "team_size": "round", "postpone": "round",
    "training": "reviewers", "reviews_left": "round", "declarations": "round",
}  # fmt: skip
DOOR_WORDS = {"round": "Ask them, on the round’s page", "change": "Change the round", "reviewers": "Open the register"}
KINDS = {MatchingKind.SOLVED: "matched", MatchingKind.REPLANNED: "planned again", MatchingKind.BY_HAND: "changed by hand"}


def door(name: str, *args: object) -> str:
    """The address of a page; empty where there is none such."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class OfTeams(PartnershipPage):
    """What every page about a round's teams shares: only whoever runs the round comes here; for others there is no such page."""

    permission = Permission.ROUND_RUN
    room, tab = "peer-review", "review-rounds"

    @property
    def pk(self) -> int:
        """The round of the address."""
        return int(self.kwargs["pk"])

    def back(self) -> str:
        """The teams."""
        return reverse("review-matching", args=[self.slug, self.pk])

    @cached_property
    def seen(self) -> MatchingPage:
        """The newest teams; not found for whoever does not run the round."""
        return self.found(queries.matching_page(self.slug, self.pk, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]


class Matching(OfTeams):
    """The teams of a round: what is proved, what they cost, who reviews whom, and what can be done."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; narrowed, and for an older version, by its address."""
        asked = {name: request.GET.get(name, "") for name in ("version", "cluster", "find", "lacking")}
        number = int(asked["version"]) if asked["version"].isdecimal() and len(asked["version"]) < 6 else None
        seen: MatchingPage = self.found(
            queries.matching_page(
                slug, pk, viewer=self.viewer, at=self.today, number=number, cluster=asked["cluster"], find=asked["find"],
                lacking=bool(asked["lacking"]),
            )
        )  # fmt: skip
        running = seen.work is not None and seen.work.running
        early = seen.chosen is None or bool(seen.clashes)
        kept = {name: value for name, value in asked.items() if value}
        schools = asked_schools(seen.round, viewer=self.viewer, at=self.today) if early else ()
        offered = offers(seen.round, viewer=self.viewer, at=self.today) if early else ()
        return self.page(
            "peer_review/matching.jinja",
            seen=seen,
            running=running,
            form=boxes.TeamsFilter(asked, clusters=seen.clusters),
            narrowed=any(asked[name] for name in ("cluster", "find", "lacking")),
            numbers=numbers(seen.round, schools, offered, viewer=self.viewer) if early else None,
            unheard=[each.name for each in schools if each.hosts is None and each.withdrawn_on is None],
            map=drawn_map(seen),
            grids=drawn_grids(seen),
            kinds=KINDS,
            can=self._can(seen),
            doors=self._doors(),
            door_of=DOORS,
            door_words=DOOR_WORDS,
            address=self.back(),
            team_rows=team_rows,
            teams=Paginator(seen.teams, TEAMS).get_page(request.GET.get("page")),
            page_address=lambda number: reverse("review-matching", args=[slug, pk], query=kept | {"page": number}),
        )

    @staticmethod
    def _can(seen: MatchingPage) -> set[str]:
        """What may be done with what is shown."""
        state, chosen = seen.round.state, seen.chosen
        if seen.work is not None and seen.work.running:
            return set()
        can = {"run"} if state in (RoundState.OPEN, RoundState.MATCHING) else set()
        if chosen is None or not seen.newest or state not in (RoundState.OPEN, RoundState.MATCHING, RoundState.PUBLISHED):
            return can
        whole = chosen.status != "infeasible"
        can |= {"change"} if whole else set()
        can |= {"replan"} if seen.everything else set()
        if whole and chosen.published_at is None and state is not RoundState.OPEN:
            can |= {"publish"}
        return can

    def _doors(self) -> dict[str, str]:
        return {
            "round": door("review-round", self.slug, self.pk),
            "change": door("review-round-change", self.slug, self.pk),
            "reviewers": door("reviewers", self.slug) if self.viewer.may(Permission.REVIEWER_REGISTER) else "",
        }


def _ways(teams: tuple[TeamSeen, ...]) -> list[pictures.Visit]:
    return [
        pictures.Visit(each.urn or each.key, team.urn, team.lead is not None and each.key == team.lead.key)
        for team in teams
        for each in team.everybody
    ]


def _names(teams: tuple[TeamSeen, ...]) -> dict[str, str]:
    names = {team.urn: team.host for team in teams}
    return names | {each.urn or each.key: each.school or f"{each.name} (independent)" for team in teams for each in team.everybody}


def team_rows(teams: tuple[TeamSeen, ...]) -> list[tuple[str, str, str]]:
    """Who reviews whom as a table."""
    return [
        (team.host, (team.lead.school or team.lead.name) if team.lead else "", ", ".join(each.school or each.name for each in team.others))
        for team in teams
    ]


def drawn_map(seen: MatchingPage) -> pictures.MapPicture | None:
    """Who reviews whom, on the map, for the teams shown."""
    return pictures.map_of(_ways(seen.teams), seen.places or {}, _names(seen.teams))


def drawn_grids(seen: MatchingPage) -> tuple[pictures.Grid, ...]:
    """Who reviews whom, in grids: one for each cluster where teams stay within it, one for all otherwise."""
    cluster_of = {team.urn: team.cluster for team in seen.everything}
    groups: dict[str, list[pictures.Visit]] = {}
    for each in _ways(seen.teams):
        inside = seen.round.reach.value == "cluster"
        groups.setdefault((cluster_of.get(each.host) if inside else "") or "All teams", []).append(each)
    return pictures.grids(dict(sorted(groups.items())), _names(seen.teams), cluster_of)


class Run(OfTeams, ActionPage):
    """The teams are matched. What takes longer than a moment goes on beside the page, which then says how far it is."""

    template = "peer_review/teams_action.jinja"
    title, button = "Match the teams", "Match the teams"
    lede = "Convenor looks for the teams of least cost that keep every rule, and says what it proves. Nothing is sent to anybody."

    def form(self, data: Any = None) -> Form:
        assert self.seen
        return boxes.SureForm(data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it; the page of teams then says what came of it, or how far it is."""
        assert self.seen
        try:
            actions.begin_run(slug=self.slug, round_id=self.pk, by=self.viewer, at=self.now)
        except Refused as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(self.back())
        if settings.POST_LEAVES == "beside":  # as `serve` does: pages need not wait
            work = threading.Thread(target=_match, args=(self.slug, self.pk, self.viewer, self.now), name="matching", daemon=True)
            work.start()
            work.join(WAITS_SECONDS)
        else:
            _match(self.slug, self.pk, self.viewer, self.now)
        return HttpResponseRedirect(self.back())


def _match(slug: str, round_id: int, by: Viewer, at: Any) -> None:
    """The work itself, here or in a thread of its own, which gives its database connection back."""
    problems: tuple[str, ...] = ()
    beside = settings.POST_LEAVES == "beside"
    try:
        watch = actions.progress(round_id, by=by, at=at) if beside else lambda _: None
        actions.run_matching(slug=slug, round_id=round_id, by=by, at=at, watch=watch, timer=time.perf_counter)
    except TeamsRefused as error:
        problems = error.problems
    except Refused as error:
        problems = (str(error),)
    except Exception:
        log.exception("matching failed", round=round_id)
        problems = (UNEXPECTED,)
        if not beside:
            raise
    finally:
        try:
            actions.end_run(slug=slug, round_id=round_id, by=by, at=at, problems=problems)
        finally:
            if beside:
                connection.close()


class TeamsAction(OfTeams, ActionPage):
    """One action on the newest teams."""

    template = "peer_review/teams_action.jinja"

    def about(self) -> dict[str, Any]:
        return super().about() | {"eyebrow": self.seen.round.name}

    @property
    def base(self) -> int:
        """The version that the form was filled in beside, or the newest."""
        posted = self.request.POST.get("version", "")
        chosen = self.seen.chosen
        assert chosen is not None
        return int(posted) if posted.isdecimal() and len(posted) < 18 else chosen.pk

    @property
    def known(self) -> dict[str, Any]:
        """What every action is told."""
        return {"slug": self.slug, "by": self.viewer, "at": self.now}

    def form(self, data: Any = None) -> Form:
        """The form; not found where there are no teams yet."""
        self.found(self.seen.chosen)
        return self.box(data)

    def box(self, data: Any) -> Form:
        """The form itself."""
        raise NotImplementedError


class Change(TeamsAction):
    """One team is changed by hand."""

    template = "peer_review/team_by_hand.jinja"
    title, button = "Change a team by hand", "Keep this team"
    done = "Kept as a new version: every rule holds. What it costs more stands beside it."
    lede = "The same rules hold as for the matching. Where one speaks against it, you are told which, and nothing is changed."

    @cached_property
    def hand(self) -> HandPage:
        """The team of the address."""
        found = queries.team_by_hand(self.slug, self.pk, self.kwargs["urn"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def box(self, data: Any) -> Form:
        hand = self.hand
        start = tuple(each.key for each in hand.team.everybody) if hand.team.lead else ("", *(each.key for each in hand.team.others))
        return boxes.HandForm(data, choices=hand.choices, others=hand.size - 1, start=start, version=hand.version.pk)

    def about(self) -> dict[str, Any]:
        return super().about() | {"hand": self.hand}

    def perform(self, form: Any) -> None:
        team = Team(self.hand.team.urn, form.members[0], form.members)
        given = form.cleaned_data
        actions.change_by_hand(matching_id=self.base, teams=[team], why=given["why"], waive_same_trust=given["waive"], **self.known)


class Replan(TeamsAction):
    """The teams are planned again with the fewest changes."""

    title, button = "Plan again with the fewest changes", "Plan again"
    done = "Planned again. What differs stands below; nothing is published yet."
    lede = "Whoever keeps their place is told nothing new. Schools and reviewers who withdrew since are left out by themselves."

    def box(self, data: Any) -> Form:
        teams = self.seen.everything
        people = sorted({(each.name, each.key, each.school) for team in teams for each in team.everybody})
        assert self.seen.chosen is not None
        return boxes.ReplanForm(
            data, people=[(key, f"{name}, {school or 'independent'}") for name, key, school in people],
            hosts=sorted(((team.urn, team.host) for team in teams), key=lambda each: each[1]), version=self.seen.chosen.pk,
        )  # fmt: skip

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        people = [reviewer_pk(given["person"])] if given["person"] else []
        hosts = [given["host"]] if given["host"] else []
        actions.replan_after(
            matching_id=self.base, why=given["why"], people=people, hosts=hosts, timer=time.perf_counter, **self.known
        )  # fmt: skip


class Publish(TeamsAction):
    """The teams are published."""

    title, button = "Publish the teams", "Publish the teams"
    done = "Published. Everybody on a team, and every host, is told that something waits for them."

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What happens."""
        if self.seen.round.state is RoundState.PUBLISHED:
            return "The reviews whose team differs get the new one. Those concerned get a letter that something waits, and nothing more."
        count = len(self.seen.everything)
        said = "1 review begins" if count == 1 else f"{count} reviews begin"
        return f"{said}. Each host and each reviewer gets a letter that something waits, and reads here whom they meet and why."

    def box(self, data: Any) -> Form:
        return boxes.SureForm(data)

    def perform(self, form: Any) -> None:
        before = dates_in_the_way(self.slug, self.pk, self.viewer, self.now)
        publishing.publish_teams(matching_id=self.base, **self.known)
        say_days(self.request, [each for each in dates_in_the_way(self.slug, self.pk, self.viewer, self.now) if each not in before])


def dates_in_the_way(slug: str, round_id: int, viewer: Viewer, at: datetime) -> list[tuple[str, str]]:
    """Schools whose visit somebody who joined the team since its days were set cannot keep, with why."""
    return [(each.school, " ".join(each.in_the_way)) for each in visits_in_the_way(slug, round_id, viewer=viewer, at=at)]


def say_days(request: HttpRequest, found: Iterable[tuple[str, str]]) -> None:
    """Says for each such visit what stands in the way of its days, which stand all the same."""
    for school, why in found:
        messages.warning(request, f"The visit to {school} has its days already. {why} Ask them, or move the visit.")


class Why(PartnershipPage):
    """Why somebody is on a review's team: for them alone."""

    permission = Permission.REVIEW_OFFER
    room, tab = "peer-review", "reviews"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; not found for anybody who is not on the team."""
        seen = self.found(queries.why_matched(slug, pk, viewer=self.viewer, at=self.today))
        return self.page("peer_review/why.jinja", seen=seen, pk=pk, parts=PARTS, review=door("review", slug, pk))


#: The part that somebody has, as they read it.
PARTS = {Part.LEAD: "You lead the review", Part.REVIEWER: "You are one of the reviewers", Part.CHAMPION: "You are the improvement champion"}


class OfTeamToday(ActionPage):
    """What changes on the team of a published review, for whoever runs its round."""

    permission = Permission.ROUND_RUN
    room, tab = "peer-review", "review-rounds"
    template = "peer_review/team_today.jinja"

    @cached_property
    def team(self) -> TeamToday:
        """The team of the review of the address."""
        found = queries.team_today(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def back(self) -> str:
        return door("review", self.slug, self.kwargs["pk"]) or reverse("review-matching", args=[self.slug, self.team.round.pk])

    def about(self) -> dict[str, Any]:
        return super().about() | {"eyebrow": self.team.school, "team": self.team, "parts": Part}

    @property
    def known(self) -> dict[str, Any]:
        """What every action is told."""
        return {"slug": self.slug, "review_id": self.kwargs["pk"], "by": self.viewer, "at": self.now}


class Leave(OfTeamToday):
    """Somebody leaves, and the others are planned again with the fewest changes."""

    title, button = "Somebody leaves the team", "Take them off the team"
    lede = "The others are planned again with the fewest changes. Those concerned get a letter that something waits, and nothing more."

    def form(self, data: Any = None) -> Form:
        members = {pk: name for pk, name, _, part in self.team.members if part is not Part.CHAMPION}
        return boxes.LeaveForm(data, people=list(members.items()))

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        out = publishing.drop_out(reviewer_id=given["person"], why=given["why"], altogether=given["altogether"], **self.known)
        say_days(self.request, [(each.school, " ".join(each.in_the_way)) for each in out.in_the_way])
        changed = "1 place has changed" if out.changes == 1 else f"{out.changes} places have changed"
        self.done = (  # type: ignore[misc]
            "They are off the team. Nobody else can take the place and keep every rule, so the team is short: the round’s teams say so."
            if out.short
            else f"They are off the team, and every rule holds: {changed}."
        )


class Champion(OfTeamToday):
    """The improvement champion of a review is named."""

    title, button, done = "Name the improvement champion", "Name them", "Named. They get a letter that something waits."
    lede = "The champion leads the workshop after the review, is trained for it, and did not lead the review itself."

    def form(self, data: Any = None) -> Form:
        leads = {pk for pk, _, _, part in self.team.members if part is Part.LEAD}
        return boxes.ChampionForm(data, people=[each for each in self.team.champions if each[0] not in leads])

    def perform(self, form: Any) -> None:
        publishing.name_champion(reviewer_id=form.cleaned_data["person"], **self.known)
        found = visits_in_the_way(self.slug, self.team.round.pk, viewer=self.viewer, at=self.now, only=(self.team.urn,))
        say_days(self.request, [(each.school, " ".join(each.in_the_way)) for each in found])
