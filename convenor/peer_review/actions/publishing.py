"""Teams published: a review for every host, everybody told that something waits; and what changes of them afterwards.

Each takes `by` (a viewer who runs the round) and `at`. Publishing twice gives the same reviews; of two coordinators at once one gets it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.actions.calendar import follow_team
from convenor.peer_review.actions.matching import base_of
from convenor.peer_review.actions.review_rows import SOMETHING_WAITS, step
from convenor.peer_review.models import Matching, PeerReview, Reviewer, ReviewRound, RoundSchool, TeamMember
from convenor.peer_review.queries.dates import VisitDiary, visits_in_the_way
from convenor.peer_review.queries.gathering import Gathered, round_for_matching
from convenor.peer_review.queries.going import begun_hosts, coordinators, may_change, reviewed_hosts, whom_to_tell
from convenor.peer_review.queries.rounds import RoundHere
from convenor.peer_review.queries.steps import Somebody
from convenor.peer_review.rules.matching import Round, Team
from convenor.peer_review.rules.states import MatchingKind, Part, RoundState, State, Step
from convenor.peer_review.rules.team_rounds import frozen, going_on, joined, read, reason, undeclared
from convenor.peer_review.rules.team_words import refusal, whys
from convenor.peer_review.rules.teams import (
    TeamsRefused,
    champions,
    check_teams,
    count_changes,
    replan_parts,
    reviewer_key,
    reviewer_pk,
    shape,
    short_of,
    team_from,
)
from convenor.peer_review.rules.themes import THEMES
from convenor.post import actions as post

_THEMES: Final = {key: theme.name for key, theme in THEMES.items()}
_AS_CHAMPION: Final = "You lead the improvement workshop after the review. Somebody else led the review itself."


@dataclass(frozen=True)
class DroppedOut:
    """What came of somebody's leaving a team: the version that says so, how many places changed, the hosts left with too few, and the
    visits whose days a newcomer cannot keep or was not asked for."""

    matching: Matching
    changes: int
    short: tuple[str, ...]
    in_the_way: tuple[VisitDiary, ...] = ()


def publish_teams(*, slug: str, matching_id: int, by: Viewer, at: datetime) -> list[PeerReview]:
    """Publishes the newest version of a round's teams: a review for every host, a part for every member, with why they were matched.

    For a round whose teams stand already, the reviews are changed where this version differs from them. The version is held against the
    rules as everything stands now: whoever withdrew or declared something meanwhile is heard. Called again it changes nothing.

    Raises TeamsRefused with every reason, AlreadyThere where another version was published meanwhile.
    """
    with transaction.atomic():
        base, here, row = _locked(slug, matching_id, by, at)
        if base.published_at is not None:
            return list(PeerReview.objects.filter(round_id=row.pk).order_by("school__name", "id"))
        if here.state is RoundState.OPEN:
            raise TeamsRefused("Schools and reviewers still answer. Close the answers first, then publish. Nothing was changed.")
        if base.status == "infeasible":
            raise TeamsRefused("There are no teams yet for every school. See what would mend it. Nothing was changed.")
        gathered = round_for_matching(row.pk, viewer=by)
        found = read(_asked(gathered, base, here, by), gathered.names)
        teams = [team_from(each) for each in base.answer["teams"]]
        fixed = begun_hosts(row.pk, here.state, viewer=by)
        broken = [each for each in check_teams(found, teams) if each.host not in fixed]
        if broken:
            raise TeamsRefused("Something has changed since these teams were made. Plan again.", *refusal(broken, gathered.names))
        base.published_at = at
        base.save(update_fields=["published_at"])
        parts = _Parts(found, teams, gathered, champion=here.way.champion, on=day_of(at))
        if here.state is RoundState.PUBLISHED:
            changed = _changed(row, parts, {}, slug=slug, by=by, at=at)
            _look_at_days(row.pk, changed, slug=slug, by=by, at=at)
        else:
            _first(row, parts, by, at)
            row.state, row.published_at, row.version = RoundState.PUBLISHED.value, at, row.version + 1
            row.save(update_fields=["state", "published_at", "version"])
        journal.record(
            by=by, at=at, verb="teams.published", subject_kind="review-round", subject_key=row.pk, partnership=slug,
            subject_label=f"{row.name}, teams {base.number}", detail={"reviews": len(teams)},
        )  # fmt: skip
    return list(PeerReview.objects.filter(round_id=row.pk).order_by("school__name", "id"))


def drop_out(
    *, slug: str, review_id: int, reviewer_id: int, why: str, by: Viewer, at: datetime, altogether: bool = False
) -> DroppedOut:  # fmt: skip
    """Somebody leaves a review's team, or all they are on in the round (`altogether`); the others are planned again with fewest changes.

    Where no teams keep the rules without them, they leave all the same, nobody else changes, and the answer names the hosts left short.
    The reason is kept beside the part they had, and no page shows it to others. Raises TeamsRefused, NotThere.
    """
    allow(by, Permission.ROUND_RUN, partnership=slug)
    said = reason(why, "why they leave")
    with transaction.atomic():
        review = PeerReview.objects.filter(pk=review_id, partnership__slug=slug).values_list("round_id", "school_id").first()
        last = Matching.objects.filter(round_id=review[0]).order_by("-number").first() if review else None
        if review is None or last is None:
            raise NotThere("There is no such review in this partnership. Nothing was changed.")
        base, here, row = _locked(slug, last.pk, by, at)
        _may_leave(row.pk, review[1], reviewer_id, here, by)
        gathered, key = round_for_matching(row.pk, viewer=by), reviewer_key(reviewer_id)
        gone = [*base.asked.get("left", []), [key, "" if altogether else review[1]]]
        asked = going_on(gathered.asked, reviewed_hosts(row.pk, viewer=by), gone, base.asked["waive"])
        before = _teams_now(row.pk, frozenset(gathered.names))
        fixed = begun_hosts(row.pk, here.state, viewer=by)
        left = [_without(team, key) if (altogether or team.host == review[1]) and team.host not in fixed else team for team in before]
        answer, whole = _filled(asked, left, fixed, gathered)
        now = [team_from(each) for each in answer["teams"]]
        made = Matching.objects.create(
            round_id=row.pk, number=base.number + 1, kind=MatchingKind.REPLANNED.value, status=answer["status"],
            objective=answer["objective"], bound=None, asked=undeclared(asked), answer=answer, after=base,
            changes=count_changes(before, now), why="Somebody left a team.", made_at=at, made_by=by.label[:200], published_at=at,
        )  # fmt: skip
        parts = _Parts(whole, now, gathered, champion=here.way.champion, on=day_of(at))
        changed = _changed(row, parts, {reviewer_id: said}, slug=slug, by=by, at=at)
        in_the_way = _look_at_days(row.pk, changed, slug=slug, by=by, at=at)
        journal.record(
            by=by, at=at, verb="matching.replanned", subject_kind="review-round", subject_key=row.pk, partnership=slug,
            subject_label=f"{row.name}, teams {made.number}", detail={"changes": made.changes},
        )  # fmt: skip
    return DroppedOut(made, count_changes(left, now), short_of(whole, now), in_the_way)


def name_champion(*, slug: str, review_id: int, reviewer_id: int, by: Viewer, at: datetime) -> TeamMember:
    """The coordinator names who leads a review's improvement workshop: trained for it, whom the rules let go there, never its lead, and
    never themselves, since it would open the school's report to them.

    Raises TeamsRefused with every reason, NotThere.
    """
    allow(by, Permission.ROUND_RUN, partnership=slug)
    with transaction.atomic():
        review = PeerReview.objects.select_for_update(of=("self",)).select_related("round", "school")
        row = review.filter(pk=review_id, partnership__slug=slug).first()
        last = Matching.objects.filter(round_id=row.round_id).order_by("-number").first() if row else None
        if row is None or last is None:
            raise NotThere("There is no such review in this partnership. Nothing was changed.")
        base_of(slug, last.pk, by=by, at=at)
        if not State(row.state).open:
            raise TeamsRefused("That review has ended. Nothing was changed.")
        if by.person_id is not None and Reviewer.objects.filter(pk=reviewer_id, person_id=by.person_id).exists():
            raise TeamsRefused(
                "Nobody names themselves: whoever leads the workshop reads the report. Somebody else who runs rounds may name you. "
                "Nothing was changed."
            )
        gathered = round_for_matching(row.round_id, viewer=by)
        found, team = read(gathered.asked, gathered.names), _team_of(row.pk, row.school_id)
        fit = (
            champions(found, [team], gathered.champions & {reviewer_key(reviewer_id)})
            if team and row.school_id in {each.id for each in found.schools}
            else {}
        )
        if not fit:
            raise TeamsRefused("They cannot lead this workshop: they led the review, are not trained for it, or the rules keep them apart.")
        on_team = TeamMember.objects.filter(review=row, left_on=None)
        before = set(on_team.values_list("reviewer_id", flat=True))
        on_team.filter(part=Part.CHAMPION.value).update(left_on=day_of(at))
        made = TeamMember.objects.create(
            review=row, reviewer_id=reviewer_id, part=Part.CHAMPION.value, from_on=day_of(at), why=[_AS_CHAMPION]
        )
        step(row, Step.TEAM_CHANGED, slug=slug, by=by, at=at)
        after = set(on_team.all().values_list("reviewer_id", flat=True))
        follow_team(row, left=before - after, joined=after - before, slug=slug, by=by, at=at)
        _tell({made.reviewer_id}, {row.school_id}, by, at)
        _look_at_days(row.round_id, {row.school_id}, slug=slug, by=by, at=at)
    return made


class _Parts:
    """Who is on which team in which part, with why, as TeamMember rows will say it."""

    def __init__(self, found: Round, teams: Sequence[Team], gathered: Gathered, *, champion: bool, on: date) -> None:
        self.found, self.teams, self.gathered, self.asks_champion, self.on = found, teams, gathered, champion, on
        self.champions = champions(found, [team for team in teams if team.members], gathered.champions) if champion else {}

    def why(self, teams: Sequence[Team]) -> dict[tuple[int, Part, str], list[str]]:
        """Why, for (reviewer, part, host), of these teams."""
        said = whys(self.found, teams, self.gathered.names, _THEMES)
        return {
            (reviewer_pk(member), part, team.host): said[team.host, member]
            for team in teams
            for member in team.members
            for part in [Part.LEAD if member == team.lead else Part.REVIEWER]
        }

    def of(self, team: Team, champion: str = "") -> set[tuple[int, Part]]:
        """The parts of one team: (reviewer, part). `champion`: who is champion already, and stays where they may."""
        found = {(reviewer_pk(member), Part.LEAD if member == team.lead else Part.REVIEWER) for member in team.members}
        stays = champion if champion and champion != team.lead else ""
        chosen = stays or self.champions.get(team.host, "")
        if self.asks_champion and chosen:
            found.add((reviewer_pk(chosen), Part.CHAMPION))
        return found


def _locked(slug: str, matching_id: int, by: Viewer, at: datetime) -> tuple[Matching, RoundHere, ReviewRound]:
    """The newest version of a round's teams, with its round held until the transaction ends."""
    base, _ = base_of(slug, matching_id, by=by, at=at)
    row = ReviewRound.objects.select_for_update(of=("self",)).get(pk=base.round_id)
    base, here = base_of(slug, matching_id, by=by, at=at)  # as they stand now that nobody else can change them
    newest = Matching.objects.filter(round_id=row.pk).order_by("-number").values_list("number", flat=True)[0]
    if newest != base.number and base.published_at is None:
        raise AlreadyThere(f"There is a newer version of these teams, number {newest}. Look at that one. Nothing was changed.")
    return base, here, row


def _asked(gathered: Gathered, base: Matching, here: RoundHere, by: Viewer) -> dict[str, Any]:
    """The round as everything stands now, with what this version waived."""
    if here.state is not RoundState.PUBLISHED:
        return gathered.asked | {"waive": base.asked["waive"]}
    return going_on(gathered.asked, reviewed_hosts(here.pk, viewer=by), base.asked.get("left", []), base.asked["waive"])


def _first(row: ReviewRound, parts: _Parts, by: Viewer, at: datetime) -> None:
    """A review for every host, its team, and a letter to everybody that something waits."""
    reviews = PeerReview.objects.bulk_create(
        PeerReview(partnership_id=row.partnership_id, round=row, school_id=team.host, state=State.DRAFT.value) for team in parts.teams
    )
    why = parts.why(parts.teams)
    members = [
        TeamMember(
            review=review, reviewer_id=pk, part=part.value, why=why.get((pk, part, team.host), [_AS_CHAMPION]), from_on=parts.on
        )
        for review, team in zip(reviews, parts.teams, strict=True)
        for pk, part in sorted(parts.of(team))
    ]  # fmt: skip
    TeamMember.objects.bulk_create(members)
    _tell({each.reviewer_id for each in members}, {each.school_id for each in reviews}, by, at)


def _changed(row: ReviewRound, parts: _Parts, whys_left: Mapping[int, str], *, slug: str, by: Viewer, at: datetime) -> set[str]:
    """Those reviews whose team differs get the new one; who leaves keeps a row that says so. The hosts whose team changed."""
    reviews = {each.school_id: each for each in may_change(row.pk, viewer=by).select_for_update(of=("self",)).select_related("school")}
    stand: dict[int, dict[tuple[int, Part], int]] = {each.pk: {} for each in reviews.values()}
    for pk, review, reviewer, part in TeamMember.objects.filter(review__in=stand, left_on=None).values_list(
        "pk", "review_id", "reviewer_id", "part"
    ):
        stand[review][reviewer, Part(part)] = pk
    people: set[int] = set()
    told: set[str] = set()
    for team in parts.teams:
        review_row = reviews.get(team.host)
        if review_row is None:
            continue
        was = stand[review_row.pk]
        champion = next((reviewer for reviewer, part in was if part is Part.CHAMPION), None)
        gone = champion is not None and (champion, Part.REVIEWER) in was and reviewer_key(champion) not in team.members
        now = parts.of(team, reviewer_key(champion) if champion is not None and not gone else "")
        leave, join = set(was) - now, now - set(was)
        if not leave and not join:
            continue
        why = parts.why([team]) if join else {}
        for each in leave:
            TeamMember.objects.filter(pk=was[each]).update(left_on=parts.on, left_why=whys_left.get(each[0], ""))
        TeamMember.objects.bulk_create(
            TeamMember(
                review=review_row, reviewer_id=pk, part=part.value, why=why.get((pk, part, team.host), [_AS_CHAMPION]), from_on=parts.on
            )
            for pk, part in sorted(join)
        )  # fmt: skip
        step(review_row, Step.TEAM_CHANGED, slug=slug, by=by, at=at)
        before, after = {pk for pk, _ in was}, {pk for pk, _ in now}
        follow_team(review_row, left=before - after, joined=after - before, slug=slug, by=by, at=at)
        people |= {pk for pk, _ in leave | join}
        told.add(team.host)
    _tell(people, told, by, at)
    return told


def _look_at_days(round_id: int, changed: Collection[str], *, slug: str, by: Viewer, at: datetime) -> tuple[VisitDiary, ...]:
    """The visits of these hosts whose days a newcomer cannot keep, or was not asked for; whoever runs rounds is told that something waits.

    No date is moved by it: the days may suit all the same, once somebody has asked.
    """
    found = visits_in_the_way(slug, round_id, viewer=by, at=at, only=changed) if changed else ()
    if found:
        _write(coordinators(viewer=by, at=at), by=by, at=at)
    return found


def _tell(reviewers: Collection[int], urns: Collection[str], by: Viewer, at: datetime) -> None:
    """One letter to each person concerned: that something waits."""
    people = whom_to_tell(reviewers, urns, viewer=by, at=at)
    _write([each for each in people if each.person_id != by.person_id], by=by, at=at)


def _write(people: Iterable[Somebody], *, by: Viewer, at: datetime) -> None:
    """One letter to each: that something waits, not what, and not about which school."""
    letters = [
        post.Addressed(
            each.email, each.name, "There is something for you in Convenor",
            f"Dear {each.name},\n\nThere is something for you in Convenor. Please sign in to read it.\n\n"
            "This letter says nothing more on purpose.\n",
        )
        for each in people
        if each.email
    ]  # fmt: skip
    post.enqueue_all(by=by, at=at, letters=letters, kind=SOMETHING_WAITS)


def _may_leave(round_id: int, urn: str, reviewer_id: int, here: RoundHere, by: Viewer) -> None:
    """Whether somebody may leave the team of this host: the round is published, the visit has not begun, and they are on it."""
    if here.state is not RoundState.PUBLISHED:
        raise TeamsRefused("The teams of this round are not published. Nothing was changed.")
    if not may_change(round_id, viewer=by).filter(school_id=urn).exists():
        raise TeamsRefused("That visit has begun or that review has ended, and its team stays as it is. Nothing was changed.")
    if not RoundSchool.objects.filter(round_id=round_id, school_id=urn, withdrawn_on=None).exists():
        raise TeamsRefused("That school is no longer the one that answered this round, so its team cannot be planned again here.")
    if not TeamMember.objects.filter(review__round_id=round_id, review__school_id=urn, reviewer_id=reviewer_id, left_on=None).exists():
        raise TeamsRefused("They are not on that team. Nothing was changed.")


def _teams_now(round_id: int, known: frozenset[str]) -> list[Team]:
    """The teams of the round's reviews as they are today, in the order of their hosts' names; of the schools known to the round."""
    rows = TeamMember.objects.filter(review__round_id=round_id, left_on=None).exclude(part=Part.CHAMPION.value)
    rows = rows.exclude(review__state=State.WITHDRAWN.value).order_by("review__school__name", "review_id", "id")
    found: dict[str, list[tuple[str, str]]] = {}
    going = PeerReview.objects.filter(round_id=round_id, school_id__in=known).exclude(state=State.WITHDRAWN.value)
    for urn in going.order_by("school__name", "id").values_list("school_id", flat=True):
        found[urn] = []
    for urn, pk, part in rows.filter(review__school_id__in=known).values_list("review__school_id", "reviewer_id", "part"):
        found[urn].append((reviewer_key(pk), part))
    return [_team(urn, members) for urn, members in found.items()]


def _filled(asked: dict[str, Any], left: list[Team], fixed: frozenset[str], gathered: Gathered) -> tuple[dict[str, Any], Round]:
    """The teams with their empty places filled by the fewest changes, or as they are left where nobody can; and the whole round."""
    found, moving, standing = frozen(asked, left, fixed, gathered.names)
    answers, whole = replan_parts(found, moving), read(asked, gathered.names)
    if all(each.possible for each in answers):
        return joined(shape(found, answers, []), standing, whole), whole
    return _short(whole, left), whole


def _team(urn: str, members: Iterable[tuple[str, str]]) -> Team:
    listed = sorted(members, key=lambda each: each[1] != Part.LEAD.value)
    lead = next((key for key, part in listed if part == Part.LEAD.value), "")
    return Team(urn, lead, tuple(key for key, _ in listed))


def _team_of(review_id: int, urn: str) -> Team | None:
    rows = TeamMember.objects.filter(review_id=review_id, left_on=None).exclude(part=Part.CHAMPION.value).order_by("id")
    listed = [(reviewer_key(pk), part) for pk, part in rows.values_list("reviewer_id", "part")]
    return _team(urn, listed) if listed else None


def _without(team: Team, key: str) -> Team:
    return Team(team.host, "" if team.lead == key else team.lead, tuple(each for each in team.members if each != key))


def _short(found: Round, teams: Sequence[Team]) -> dict[str, Any]:
    """The answer where nobody can take the place: the teams as they are left."""
    listed = [{"host": t.host, "lead": t.lead, "members": list(t.members)} for t in teams]
    return {
        "status": "infeasible", "objective": None, "bound": None, "teams": listed, "second_reviews": 0,
        "waived": sorted(rule.value for rule in found.waive), "parts": [], "infeasible": [], "lead_rest_cycles": found.rest_cycles,
        "short": list(short_of(found, teams)),
    }  # fmt: skip
